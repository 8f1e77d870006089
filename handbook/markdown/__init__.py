"""Read Markdown, in two dialects, to a document.

In: assembled chapters.  Out: a `Document` and diagnostics.
May import: core, document, fonts, theme, pack, select.

handbook/               the project's own dialect, over Python-Markdown
gfm/                    GitHub's dialect, over markdown-it
convert/                elements of either to nodes
book_reader.py          all chapters together: read, give ids, convert
conditional_blocks.py   `::: only` taken in or left out, before reading
link_targets.py         where links lead
incremental.py, isolated.py  chapters read before; one chapter by itself
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
