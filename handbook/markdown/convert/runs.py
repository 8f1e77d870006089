"""Tidy runs of inlines: no white space at their ends, large pictures apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ...core.images import size_of
from ...core.values import changed
from ...document.nodes import (
    Block,
    Code,
    Figure,
    Image,
    Inline,
    Inlines,
    LineBreak,
    Link,
    NoteReference,
    Paragraph,
    Span,
    Text,
    plain_text,
    walk_inlines,
)


def trimmed(parts: Sequence[Inline]) -> Inlines:
    """Return inlines without white space at either end, or next to a line break."""
    out = list(parts)
    for number, part in enumerate(out):
        first = number == 0 or isinstance(out[number - 1], LineBreak)
        last = number == len(out) - 1 or isinstance(out[number + 1], LineBreak)
        if first or last:
            out[number] = _stripped(part, first, last)
    return tuple(part for part in out if not (isinstance(part, Text) and not part.text))


def _stripped(inline: Inline, first: bool, last: bool) -> Inline:
    if isinstance(inline, Text):
        text = inline.text.lstrip(" ") if first else inline.text
        text = text.rstrip(" ") if last else text
        return inline if text == inline.text else Text(text)
    if isinstance(inline, (Span, Link)) and inline.children:
        inner = list(inline.children)
        if first:
            inner[0] = _stripped(inner[0], True, len(inner) == 1 and last)
        if last:
            inner[-1] = _stripped(inner[-1], False, True)
        return changed(inline, children=tuple(inner))
    return inline


# A picture up to this height or width (points) stays in its line.
SMALL_PICTURE = 20.0


def row_of_images(content: Inlines) -> list[Image]:
    """Return the pictures of a paragraph that has nothing else: one, or several side by side.

    A row has large pictures alone; badges stay in their line.
    """
    images = [part for part in content if isinstance(part, Image)]
    if len(images) == 1 == len(content):
        return images
    spaces = [part for part in content if isinstance(part, LineBreak) or _is_space(part)]
    if len(images) < 2 or len(images) + len(spaces) < len(content):
        return []
    return images if all(map(_is_large, images)) else []


def _is_space(part: Inline) -> bool:
    return isinstance(part, Text) and not part.text.strip()


def split_images(content: Inlines, common: Mapping[str, Any]) -> list[Block]:
    """Split words and large pictures into paragraphs and figures; small ones stay in their line."""
    blocks: list[Block] = []
    run: list[Inline] = []
    for part in (*content, None):
        alone = part.children if isinstance(part, Link) and len(part.children) == 1 else (part,)
        image = alone[0]
        large = isinstance(image, Image) and _is_large(image)
        if part is not None and not large:
            run.append(part)
            continue
        if words := trimmed(run):
            blocks.append(Paragraph(content=words, **common))
            common = {key: common[key] for key in ("source", "lang") if key in common}
        run = []
        if isinstance(image, Image):
            blocks.append(Figure(image=image, **common))
    return blocks


def _is_large(image: Image) -> bool:
    """Return whether a picture is too large to stay in its line."""
    if image.missing:
        return False
    natural = size_of(image.path)
    return (image.height or natural.height) > SMALL_PICTURE and not 0 < image.width <= SMALL_PICTURE


# What shows no words but those that `plain_text` returns.
_WORDLESS = (Text, Code, Image, LineBreak, Span, Link, NoteReference)


def is_wordless(inlines: Inlines) -> bool:
    """Return whether inlines show spaces, notes and pictures without words, and nothing else."""
    if plain_text(inlines).strip():
        return False
    return all(isinstance(inline, _WORDLESS) for inline in walk_inlines(inlines))
