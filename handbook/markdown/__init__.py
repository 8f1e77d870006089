"""Markdown -> Document.

vocabulary.py     the words that mean something; attribute lists
elements.py       elements, and attribute lists written onto them
lines.py          how far a construct reaches: list items, fences, containers
structure.py      lines -> element tree, each element with the lines it came from
table_rows.py     pipe tables
inline_syntax.py  what is written inside lines beyond Markdown
reader.py         a chapter's text -> element tree, through Python-Markdown
gfm.py            the same for GitHub's dialect, through markdown-it
gfm_rules.py      what documentation writes beyond GitHub's dialect
html_nodes.py     what there is in HTML, and where it stood
html_tree.py      HTML -> element tree, and what of it cannot be printed
targets.py        where links lead: ids, given or made, and addresses
typography.py     quotes and dashes
pictures.py       images and their files
parts.py          paragraphs, and figures for the pictures among their words
inlines.py        elements -> inlines
tables.py         elements -> tables
blocks.py         elements -> blocks
memory.py         chapters read before, for a book that is read again and again
book.py           all chapters together: read, give ids, convert
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from ..core.diagnostics import HandbookError, Source
from ..document.fields import FieldSpec, FieldSpecs
from ..document.nodes import Document, Inlines, Meta
from .book_reader import BookReader, Rules
from .convert.inlines import InlineContext, InlineReader
from .handbook.reader import HandbookReader
from .link_targets import slug
from .problems import MarkdownDiagnostics

if TYPE_CHECKING:
    from ..select.assemble import AssembledChapter
    from .incremental import ReadingCache

__all__ = ["Rules", "parse", "parse_inline", "slug"]


def parse(
    chapters: Sequence[AssembledChapter],
    meta: Meta,
    fields: Mapping[str, FieldSpec],
    rules: Rules | None = None,
    memory: ReadingCache | None = None,
) -> Document:
    """The document that `chapters` make, read by `rules`; with a `memory`, as little as it takes.

    Raises HandbookError with one diagnostic for everything that is wrong: unknown
    tags and directives, links to nowhere, ids given twice, missing pictures.
    """
    rules = rules or Rules()
    if memory is None:
        return _document(chapters, BookReader(meta, fields, rules), meta, fields)
    from .incremental import CacheInvalid

    try:
        return _document(chapters, memory.book(meta, fields, rules), meta, fields)
    except CacheInvalid:
        memory.forget()
        return _document(chapters, memory.book(meta, fields, rules), meta, fields)


def _document(
    chapters: Sequence[AssembledChapter],
    book: BookReader,
    meta: Meta,
    fields: Mapping[str, FieldSpec],
) -> Document:
    read = [(chapter, book.read(chapter)) for chapter in chapters]
    for chapter, reading in read:
        book.give_ids(chapter, reading)
    for chapter, reading in read:
        book.make_ids(chapter, reading)
    made = tuple(book.convert(chapter, reading) for chapter, reading in read)
    if errors := book.problems.errors:
        raise HandbookError(*errors)
    return Document(meta, made, book.notes, FieldSpecs(fields), warnings=book.problems.warnings)


def parse_inline(text: str, source: Source, language: str = "en") -> Inlines:
    """One line of Markdown, such as a title, as inlines; its links are not followed."""
    problems = MarkdownDiagnostics()
    around = InlineContext(problems, lambda number: source, language)
    inlines = InlineReader(around).read(_reader().line(text))
    if problems.found:
        raise HandbookError(*sorted(problems.found))
    return inlines


@lru_cache(maxsize=1)
def _reader() -> HandbookReader:
    return HandbookReader()
