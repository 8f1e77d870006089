"""Markdown -> Document.

places.py     marks that carry each line's number through Python-Markdown
syntax.py     what handbooks write beyond Markdown: containers, directives, references
reader.py     text -> element tree, through Python-Markdown
blocks.py     element tree -> blocks
inlines.py    element tree -> inlines, with typographic quotes
check.py      what must hold of the whole document: ids, links, notes, fields
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ..document import Block, Chapter, Document, FieldSpec, Inlines, Meta, Source
from .blocks import Converter
from .check import check
from .reader import Reader

if TYPE_CHECKING:
    from ..assemble import AssembledChapter

__all__ = ["parse", "parse_inline"]


def parse(
    chapters: Sequence[AssembledChapter], meta: Meta, fields: Mapping[str, FieldSpec]
) -> Document:
    """The document that `chapters` make.

    Raises HandbookError with one diagnostic for everything that is wrong: unknown
    tags, links to nowhere, ids given twice, missing pictures.
    """
    reader = Reader(meta.language)
    made: list[Chapter] = []
    notes: dict[str, tuple[Block, ...]] = {}
    for chapter in chapters:
        root, own_notes = reader.read(chapter.text)
        converter = Converter(reader, chapter.lines, chapter.folder, chapter.id, meta.language)
        blocks = converter.blocks(root)
        for note, text in own_notes.items():
            notes[f"{chapter.id}-{note}"] = converter.blocks(reader.fragment(text))
        title = parse_inline(chapter.title, chapter.source, reader)
        made.append(
            Chapter(
                id=chapter.id,
                title=title,
                blocks=blocks,
                matter=chapter.matter,
                layout=chapter.layout,
                listed=chapter.listed,
                depth=chapter.depth,
                short_title=chapter.short_title,
                source=chapter.source,
            )
        )
    return check(Document(meta, tuple(made), notes, dict(fields)))


def parse_inline(text: str, source: Source, reader: Reader | None = None) -> Inlines:
    """One line of Markdown, such as a title, as inlines."""
    reader = reader or Reader("en")
    converter = Converter(reader, (source,), None, "", reader.language)
    return converter.inline_text(text)
