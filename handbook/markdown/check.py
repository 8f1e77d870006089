"""What must hold of the whole document: every id once, every link somewhere, every note written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from ..diagnostics import Diagnostic, HandbookError, suggest
from ..document import (
    Block,
    Chapter,
    DefinitionList,
    Document,
    Field,
    Heading,
    Inline,
    Link,
    NoteReference,
    Reference,
    Source,
    inlines_of,
    walk,
    walk_inlines,
)

SCHEMES = ("https", "http", "mailto")


def check(document: Document) -> Document:
    """`document` with its headings' ids made unique; HandbookError with all that is wrong."""
    problems: list[Diagnostic] = []
    document = _unique(document, problems)
    targets = {target for target, _ in _ids(document)}
    for inline in _inlines(document):
        problem = _problem(inline, document, targets)
        if problem:
            problems.append(problem)
    if problems:
        raise HandbookError(*sorted(set(problems)))
    return document


def _problem(inline: Inline, document: Document, targets: set[str]) -> Diagnostic | None:
    if isinstance(inline, Link):
        if inline.target.startswith("#"):
            return _missing(inline.target[1:], inline.source, targets)
        return _address(inline)
    if isinstance(inline, Reference):
        return _missing(inline.target, inline.source, targets)
    if isinstance(inline, NoteReference) and inline.id not in document.notes:
        name = inline.id.split("-", 1)[-1]
        return _found(inline.source, f"the footnote [^{name}] is not written", "add [^x]: its text")
    if isinstance(inline, Field) and inline.name not in document.fields:
        return _found(
            inline.source, f"unknown field {inline.name!r}", suggest(inline.name, document.fields)
        )
    return None


def _missing(target: str, source: Source, targets: set[str]) -> Diagnostic | None:
    if target in targets:
        return None
    near = suggest(target, targets).split(";")[0]
    hint = near if near.startswith("did you") else "give a heading, table or term that id: {#id}"
    return _found(source, f"a link to nowhere: #{target}", hint)


def _address(link: Link) -> Diagnostic | None:
    target = link.target
    parts = urlsplit(target)
    if parts.scheme not in SCHEMES:
        hint = "write https://…, mailto:…, or #id for a place in this book"
        return _found(link.source, f"not a web address: {target!r}", hint)
    if any(c.isspace() for c in target) or (parts.scheme != "mailto" and "." not in parts.netloc):
        return _found(
            link.source, f"malformed web address: {target!r}", "check it for typing errors"
        )
    return None


def _found(source: Source, message: str, hint: str) -> Diagnostic:
    return Diagnostic(source.file, source.line, 0, message, hint)


# ----------------------------------------------------------------------------- ids


def _ids(document: Document) -> Iterator[tuple[str, Source]]:
    for chapter in document.chapters:
        yield chapter.id, chapter.source
        for block in walk(chapter.blocks):
            yield from _block_ids(block)


def _block_ids(block: Block) -> Iterator[tuple[str, Source]]:
    if block.id:
        yield block.id, block.source
    if isinstance(block, DefinitionList):
        for definition in block.items:
            yield definition.id, definition.source


def _unique(document: Document, problems: list[Diagnostic]) -> Document:
    """Headings that would share an id take their chapter's before it; other ids must differ."""
    fixed: dict[str, Source] = {}
    for target, source in _ids(document):
        fixed.setdefault(target, source)
    seen: set[str] = set()
    chapters: list[Chapter] = []
    for chapter in document.chapters:
        seen.add(chapter.id)
    for chapter in document.chapters:
        blocks = tuple(_renamed(block, chapter.id, seen, problems) for block in chapter.blocks)
        chapters.append(replace(chapter, blocks=blocks))
    return replace(document, chapters=tuple(chapters))


def _renamed(block: Block, chapter: str, seen: set[str], problems: list[Diagnostic]) -> Block:
    if isinstance(block, Heading) and block.id in seen:
        target = f"{chapter}-{block.id}"
        count = 2
        while target in seen:
            target = f"{chapter}-{block.id}-{count}"
            count += 1
        block = replace(block, id=target)
    for inner in walk((block,)):
        for target, source in _block_ids(inner):
            if target in seen and not isinstance(inner, Heading):
                hint = "ids are unique in the whole book"
                problems.append(_found(source, f"the id {target!r} is given twice", hint))
            seen.add(target)
    return block


def _inlines(document: Document) -> Iterator[Inline]:
    for chapter in document.chapters:
        yield from walk_inlines(chapter.title)
        for block in walk(chapter.blocks):
            for inlines in inlines_of(block):
                yield from walk_inlines(inlines)
    for blocks in document.notes.values():
        for block in walk(blocks):
            for inlines in inlines_of(block):
                yield from walk_inlines(inlines)
