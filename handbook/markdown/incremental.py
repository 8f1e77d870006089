"""Chapters read before, for a book that is read again and again while it is written.

A chapter comes out as it did if its text is the same, and if the book gives the same answers: the
ids of its headings, where its links lead.  `Memory` notes these while a chapter is read, and puts
the same questions again instead of reading; if an answer is another, the whole book is read anew.
"""

from __future__ import annotations

import xml.etree.ElementTree as etree
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..core.diagnostics import Source
from ..document.fields import FieldSpec
from ..document.nodes import Block, Chapter, Figure, Image, Meta, inlines_of, walk, walk_inlines
from .book_reader import BookReader, Rules
from .elements import ParsedChapter
from .gfm.reader import GfmReader
from .handbook.reader import HandbookReader
from .link_targets import Targets
from .problems import MarkdownDiagnostics

if TYPE_CHECKING:
    from ..select.assemble import AssembledChapter


class CacheInvalid(Exception):
    """The book answers otherwise than it did: what is remembered does not hold."""


# Stands for the reading of a chapter that is not read.
NOTHING = ParsedChapter(etree.Element("div"), {}, {}, [])
# A method of Targets, what it was called with, what it returned.
Call = tuple[str, tuple[Any, ...], Any]


class NotingTargets(Targets):
    """Targets that note what they are told and asked."""

    def __init__(self, problems: MarkdownDiagnostics, root: Path | None) -> None:
        super().__init__(problems, root)
        self.calls: list[Call] = []

    def give(self, target: str, source: Source) -> None:
        """Note and do."""
        super().give(target, source)
        self.calls.append(("give", (target, source), None))

    def mean(self, name: str, target: str) -> None:
        """Note and do."""
        super().mean(name, target)
        self.calls.append(("mean", (name, target), None))

    def make(self, chapter: str, text: str) -> str:
        """Note and do; the aliases that it makes are made again with it."""
        before = len(self.calls)
        made = super().make(chapter, text)
        del self.calls[before:]
        self.calls.append(("make", (chapter, text), made))
        return made

    def alias(self, chapter: str, words: str, target: str) -> None:
        """Note and do."""
        super().alias(chapter, words, target)
        self.calls.append(("alias", (chapter, words, target), None))

    def find(self, chapter: str, target: str, source: Source) -> str:
        """Note and do."""
        found = super().find(chapter, target, source)
        self.calls.append(("find", (chapter, target, source), found))
        return found

    def follow(self, chapter: str, folder: Path | None, target: str, source: Source) -> str:
        """Note and do; what it finds on its way is found again with it."""
        before = len(self.calls)
        found = super().follow(chapter, folder, target, source)
        del self.calls[before:]
        self.calls.append(("follow", (chapter, folder, target, source), found))
        return found

    def repeat(self, calls: list[Call]) -> None:
        """Tell and ask the same again.  Raises Differs if an answer is another."""
        for method, arguments, answer in calls:
            if getattr(super(), method)(*arguments) != answer:
                raise CacheInvalid
        self.calls = []


@dataclass(slots=True)
class CachedReading:
    """A chapter as it was read, with what it told and asked the book, step by step."""

    text: AssembledChapter
    steps: list[list[Call]] = field(default_factory=list)
    chapter: Chapter | None = None
    notes: Mapping[str, tuple[Block, ...]] = field(default_factory=dict)


class ReadingCache:
    """The chapters of one book, as they were when it was last read without a complaint."""

    def __init__(self) -> None:
        self.key: Hashable = None
        self.chapters: dict[str, CachedReading] = {}
        self.readers: dict[str, HandbookReader | GfmReader] = {}

    def book(self, meta: Meta, fields: Mapping[str, FieldSpec], rules: Rules) -> BookReader:
        """A book that reads only what is not known."""
        key = (meta.language, tuple(sorted(fields.items())), rules)
        if key != self.key:
            self.key, self.readers = key, {}
            self.forget()
        return _RememberingBook(meta, fields, rules, self)

    def forget(self) -> None:
        """Nothing is known any more."""
        self.chapters = {}


class _RememberingBook(BookReader):
    def __init__(
        self, meta: Meta, fields: Mapping[str, FieldSpec], rules: Rules, memory: ReadingCache
    ) -> None:
        super().__init__(meta, fields, rules, memory.readers)
        self.targets: NotingTargets = NotingTargets(self.problems, rules.folder)
        self.memory = memory
        self.fresh: dict[str, CachedReading] = {}
        self.again: dict[str, CachedReading] = {}

    def read(self, chapter: AssembledChapter) -> ParsedChapter:
        known = self.memory.chapters.get(chapter.id)
        if known is not None and known.text == chapter:
            self.again[chapter.id] = known
            return NOTHING
        self.fresh[chapter.id] = CachedReading(chapter)
        return super().read(chapter)

    def give_ids(self, chapter: AssembledChapter, reading: ParsedChapter) -> None:
        if known := self.again.get(chapter.id):
            self.register(chapter)
            # The first of these calls is that of `register`.
            self.targets.repeat(known.steps[0][1:])
        else:
            super().give_ids(chapter, reading)
            self._note(chapter)

    def make_ids(self, chapter: AssembledChapter, reading: ParsedChapter) -> None:
        if known := self.again.get(chapter.id):
            self.targets.repeat(known.steps[1])
        else:
            super().make_ids(chapter, reading)
            self._note(chapter)

    def convert(self, chapter: AssembledChapter, reading: ParsedChapter) -> Chapter:
        if (known := self.again.get(chapter.id)) and known.chapter:
            self.targets.repeat(known.steps[2])
            self.notes |= known.notes
            return known.chapter
        before = set(self.notes)
        made = super().convert(chapter, reading)
        self._note(chapter)
        notes = {name: blocks for name, blocks in self.notes.items() if name not in before}
        own = self.fresh[chapter.id]
        own.chapter, own.notes = made, notes
        # A picture's file may come, go and change without a word changing; so may what a
        # complaint is about.
        if self.problems.found or _has_pictures(made, notes):
            self.memory.chapters.pop(chapter.id, None)
        else:
            self.memory.chapters[chapter.id] = own
        return made

    def _note(self, chapter: AssembledChapter) -> None:
        self.fresh[chapter.id].steps.append(self.targets.calls)
        self.targets.calls = []


def _has_pictures(chapter: Chapter, notes: Mapping[str, tuple[Block, ...]]) -> bool:
    for blocks in (chapter.blocks, *notes.values()):
        for block in walk(blocks):
            if isinstance(block, Figure):
                return True
            for run in inlines_of(block):
                if any(isinstance(inline, Image) for inline in walk_inlines(run)):
                    return True
    return False
