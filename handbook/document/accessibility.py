"""Warn of what excludes readers: pictures without words, tables without headers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from ..core.diagnostics import Diagnostic, HandbookError, Source
from ..core.images import is_drawing
from ..core.svg import SvgError, load_svg
from .nodes import (
    Block,
    Chapter,
    Diagram,
    Document,
    Heading,
    Image,
    Link,
    Table,
    inlines_of,
    plain_text,
    walk,
    walk_inlines,
)
from .nodes import Figure as FigureBlock

EMPTY_WORDS = re.compile(
    r"(?:click )?(?:here|this|link|more|read more|this page|this link)\W*\Z", re.I
)


def undescribed_pictures(document: Document) -> list[Diagnostic]:
    """Return an error for each picture that has no alternative text and is not decorative."""
    return [
        replace(warning, severity="error")
        for warning in accessibility_warnings(document)
        if warning.code == "alt-text"
    ]


def accessibility_warnings(document: Document) -> list[Diagnostic]:
    """Warn of missing alternative texts and header rows, skipped levels, vague links."""
    warnings: list[Diagnostic] = []
    for chapter in document.chapters:
        warnings += _levels(chapter)
    texts = [chapter.blocks for chapter in document.chapters] + [*document.notes.values()]
    for blocks in texts:
        for block in walk(blocks):
            warnings += _of_block(block)
            for inlines in inlines_of(block):
                for inline in walk_inlines(inlines):
                    if isinstance(inline, Link):
                        warnings += _link(inline)
                    elif isinstance(inline, Image):
                        warnings += [*_picture(inline), *_not_printed(inline)]
    return warnings


def _of_block(block: Block) -> Iterator[Diagnostic]:
    if isinstance(block, FigureBlock):
        for image in block.images:
            yield from _picture(image)
            yield from _not_printed(image)
    elif isinstance(block, Diagram) and not block.alt:
        yield _warning(
            block.source,
            "diagram-words",
            "a diagram has no description of its own",
            'say what it shows: a line `accDescr: …` in it, or alt="…" after the fence',
        )
    elif isinstance(block, Table) and not block.header:
        yield _warning(
            block.source,
            "table-header",
            "a table has no header row",
            "name its columns in the first row, above the line of dashes",
        )


def _warning(source: Source, code: str, message: str, hint: str) -> Diagnostic:
    return Diagnostic.at(source, message, hint, code, "warning")


def _picture(image: Image) -> Iterator[Diagnostic]:
    if not image.alt.strip() and not image.decorative:
        yield _warning(
            image.source,
            "alt-text",
            "a picture has no alternative text",
            "say between the brackets what it shows, or mark it {.decorative} if it shows nothing",
        )


def _not_printed(image: Image) -> Iterator[Diagnostic]:
    """Yield a warning for a drawing of which something is not printed."""
    if image.missing or not is_drawing(image.path):
        return
    try:
        left_out = load_svg(image.path).left_out
    except (OSError, SvgError, HandbookError):
        # The layout says so, with the place.
        return
    if left_out:
        yield _warning(
            image.source,
            "picture-content",
            f"of {Path(image.path).name} is not printed: {'; '.join(left_out)}",
            "put it into the drawing as shapes or words",
        )


def _link(link: Link) -> Iterator[Diagnostic]:
    words = plain_text(link.children)
    if EMPTY_WORDS.match(words.strip()):
        yield _warning(
            link.source,
            "link-text",
            f"the words of a link say nothing: {words!r}",
            "name what the reader will find there",
        )


def _levels(chapter: Chapter) -> Iterator[Diagnostic]:
    level = 1
    for block in chapter.blocks:
        if isinstance(block, Heading):
            if block.level > level + 1:
                yield _warning(
                    block.source,
                    "heading-level",
                    f"the heading {plain_text(block.content)!r} skips from level {level} "
                    f"to {block.level}",
                    f"make it level {level + 1}",
                )
            level = block.level
