"""A chapter read by itself, for checks: what it offers to links, and where its own lead.

A book of one chapter needs no other, so a chapter that is the same in a hundred selections is
read once; whether its links lead somewhere is then a question of sets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.diagnostics import Diagnostic, Source
from ..document.fields import FieldSpec, FieldSpecs
from ..document.nodes import Document, Meta
from .book_reader import BookReader, Rules
from .handbook.reader import HandbookReader
from .link_targets import Targets, slug
from .problems import MarkdownDiagnostics

if TYPE_CHECKING:
    from ..select.assemble import AssembledChapter
    from .gfm.reader import GfmReader


@dataclass(frozen=True, slots=True)
class IsolatedChapter:
    """A chapter read by itself.

    `given` are the ids its author gave, `offers` everything that links may call its places,
    `links` what it refers to in this book, `files` the chapters it refers to by file, with the
    place in them.
    """

    document: Document
    problems: tuple[Diagnostic, ...]
    given: Mapping[str, Source]
    offers: frozenset[str]
    links: tuple[tuple[str, Source], ...]
    files: tuple[tuple[Path, str, str, Source], ...]


class LinkRecorder(Targets):
    """Takes note of links instead of following them."""

    def __init__(self, problems: MarkdownDiagnostics, root: Path | None) -> None:
        super().__init__(problems, root)
        self.links: dict[tuple[str, Source], None] = {}
        self.wanted: dict[tuple[Path, str, str, Source], None] = {}
        self.names: set[str] = set()

    def make(self, chapter: str, text: str) -> str:
        """The id of a heading; in a whole book it may get its chapter's id before it."""
        found = super().make(chapter, text)
        self.names |= {f"{chapter}-{slug(text)}", found}
        return found

    def find(self, chapter: str, target: str, source: Source) -> str:
        """Note a link; what this chapter has itself needs no other."""
        found = self.resolve(chapter, target)
        if not found:
            self.links[target, source] = None
        return found or target

    def _page(
        self, chapter: str, folder: Path | None, path: str, place: str, source: Source
    ) -> str:
        # Pages of another tool are found when the whole book is read.
        return f"#{chapter}"

    def _file(
        self, chapter: str, folder: Path | None, path: str, place: str, source: Source
    ) -> str:
        file = ((folder or Path()) / path).resolve()
        self.wanted[file, path, place, source] = None
        return f"#{chapter}"


# Readers are the same for every book in one language.
_READERS: dict[str, dict[str, HandbookReader | GfmReader]] = {}


def alone(
    chapter: AssembledChapter, meta: Meta, fields: Mapping[str, FieldSpec],
    rules: Rules | None = None,
) -> IsolatedChapter:  # fmt: skip
    """The chapter, read as a book of its own."""
    rules = rules or Rules()
    book = BookReader(meta, fields, rules, _READERS.setdefault(meta.language, {}))
    targets = book.targets = LinkRecorder(book.problems, rules.folder)
    reading = book.read(chapter)
    book.give_ids(chapter, reading)
    book.make_ids(chapter, reading)
    made = book.convert(chapter, reading)
    offers = {*targets.given, *targets.made, *targets.names, *targets.same, *targets.words()}
    return IsolatedChapter(
        Document(meta, (made,), book.notes, FieldSpecs(fields)), tuple(book.problems.found),
        targets.given, frozenset(offers), tuple(targets.links), tuple(targets.wanted),
    )  # fmt: skip
