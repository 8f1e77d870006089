"""Read Markdown, in two dialects, to a document.

In: assembled chapters.  Out: a `Document` and diagnostics.
May import: core, document, fonts, theme, pack, select.

dialects.py             the registry of dialects: a `MarkdownReader` for each
handbook/               the project's own dialect, built on Python-Markdown
gfm/                    GitHub's dialect, built on markdown-it
elements.py             the tree of elements that a reader yields
convert/                elements of any dialect to nodes
book_reader.py          all chapters together: parse, collect ids, convert
conditional_blocks.py   `::: only` blocks included or left out, before reading
link_targets.py         the ids of a book, and where links lead
characters.py           characters that cannot be printed
line_patterns.py        lines, and where a construct ends
inline_pieces.py        the pieces of a very long paragraph
coverage.py             words of the source that the nodes lack or have twice
foreign_syntax.py       mark-up of other tools that is printed as text
syntax.py               the words with a meaning, and attribute lists
rules.py                which problems are only warnings
incremental.py          reuse of chapters that did not change
isolated.py             one chapter alone, for checks
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ..document.fields import FieldSpec, FieldSpecs
from ..document.nodes import Document, Meta
from .book_reader import BookReader
from .rules import Rules

if TYPE_CHECKING:
    from ..select.assemble import AssembledChapter
    from .incremental import ReadingCache

__all__ = ["Rules", "parse"]


def parse(
    chapters: Sequence[AssembledChapter],
    meta: Meta,
    fields: Mapping[str, FieldSpec],
    rules: Rules | None = None,
    cache: ReadingCache | None = None,
    share: bool = False,
) -> Document:
    """Read `chapters` to a document; with a `cache`, only those that changed are parsed.

    A second process may `share` the work.

    Raises:
        HandbookError: with a diagnostic for each problem: unknown tags and directives, broken
            links, duplicate ids, missing pictures.
    """
    rules = rules or Rules()
    if cache is None:
        return _document(chapters, BookReader(meta, fields, rules), meta, fields, share)
    from .incremental import CacheInvalid

    try:
        return _document(chapters, cache.reader(meta, fields, rules), meta, fields, share)
    except CacheInvalid:
        cache.forget()
        return _document(chapters, cache.reader(meta, fields, rules), meta, fields, share)


def _document(
    chapters: Sequence[AssembledChapter],
    reader: BookReader,
    meta: Meta,
    fields: Mapping[str, FieldSpec],
    share: bool,
) -> Document:
    parsed = [*zip(chapters, reader.read_all(chapters, share), strict=True)]
    for chapter, reading in parsed:
        reader.register_ids(chapter, reading)
    for chapter, reading in parsed:
        reader.generate_ids(chapter, reading)
    converted = tuple(reader.convert(chapter, reading) for chapter, reading in parsed)
    reader.problems.check()
    return Document(
        meta, converted, reader.notes, FieldSpecs(fields), warnings=reader.problems.warnings
    )
