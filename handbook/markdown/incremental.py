"""Reuse chapters that did not change, for a book that is read repeatedly while it is written.

A chapter gives the same nodes if its text is the same and the book gives the same answers: the
ids of its headings, the targets of its links.  `RecordingTargets` records these questions and
answers while a chapter is read, and replays them instead of reading it again.  If an answer
differs, the whole book is read again.
"""

from __future__ import annotations

import xml.etree.ElementTree as etree
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..core.diagnostics import DiagnosticCollector, Source
from ..core.values import record
from ..document.fields import FieldSpec
from ..document.nodes import Block, Chapter, ChartBlock, Figure, Image, Meta, every_inline, walk
from .book_reader import BookReader
from .dialects import MarkdownReader
from .elements import ParsedChapter
from .link_targets import LinkTargets
from .rules import Rules

if TYPE_CHECKING:
    from ..select.assemble import AssembledChapter


class CacheInvalid(Exception):
    """The book gave another answer than before: the cached chapters are not valid."""


# In place of the parsed text of a chapter that is not parsed.
NOT_READ = ParsedChapter(etree.Element("div"), {}, {}, [])
# A method of LinkTargets, its arguments, its return value.
Call = tuple[str, tuple[Any, ...], Any]


class RecordingTargets(LinkTargets):
    """Link targets that record every call."""

    def __init__(self, problems: DiagnosticCollector, rules: Rules) -> None:
        super().__init__(problems, rules)
        self.calls: list[Call] = []

    def register(self, target: str, source: Source) -> None:
        """Do and record it."""
        super().register(target, source)
        self.calls.append(("register", (target, source), None))

    def add_synonym(self, name: str, target: str) -> None:
        """Do and record it."""
        super().add_synonym(name, target)
        self.calls.append(("add_synonym", (name, target), None))

    def generate_id(self, chapter: str, text: str) -> str:
        """Do and record it; a replay adds the aliases again."""
        before = len(self.calls)
        converted = super().generate_id(chapter, text)
        del self.calls[before:]
        self.calls.append(("generate_id", (chapter, text), converted))
        return converted

    def alias(self, chapter: str, words: str, target: str) -> None:
        """Do and record it."""
        super().alias(chapter, words, target)
        self.calls.append(("alias", (chapter, words, target), None))

    def require(self, chapter: str, target: str, source: Source) -> str:
        """Do and record it."""
        resolved = super().require(chapter, target, source)
        self.calls.append(("require", (chapter, target, source), resolved))
        return resolved

    def resolve_link(self, chapter: str, folder: Path | None, target: str, source: Source) -> str:
        """Do and record it; a replay looks up the inner targets again."""
        before = len(self.calls)
        resolved = super().resolve_link(chapter, folder, target, source)
        del self.calls[before:]
        self.calls.append(("resolve_link", (chapter, folder, target, source), resolved))
        return resolved

    def replay(self, calls: list[Call]) -> None:
        """Repeat recorded calls.

        Raises:
            CacheInvalid: if one returns another value.
        """
        for method, arguments, answer in calls:
            if getattr(super(), method)(*arguments) != answer:
                raise CacheInvalid
        self.calls = []


@record
class CachedReading:
    """A chapter as it was read, with its calls to the link targets, step by step."""

    assembled: AssembledChapter
    steps: list[list[Call]] = field(default_factory=list)
    chapter: Chapter | None = None
    notes: Mapping[str, tuple[Block, ...]] = field(default_factory=dict)


class ReadingCache:
    """The chapters of one book, as they were when it was last read without a problem."""

    def __init__(self) -> None:
        self.key: Hashable = None
        self.chapters: dict[str, CachedReading] = {}
        self.readers: dict[str, MarkdownReader] = {}

    def reader(self, meta: Meta, fields: Mapping[str, FieldSpec], rules: Rules) -> BookReader:
        """Return a reader that parses only chapters that changed."""
        key = (meta.language, tuple(sorted(fields.items())), rules)
        if key != self.key:
            self.key, self.readers = key, {}
            self.forget()
        return _CachingReader(meta, fields, rules, self)

    def forget(self) -> None:
        """Remove every chapter."""
        self.chapters = {}


class _CachingReader(BookReader):
    def __init__(
        self, meta: Meta, fields: Mapping[str, FieldSpec], rules: Rules, cache: ReadingCache
    ) -> None:
        super().__init__(meta, fields, rules, cache.readers)
        self.targets: RecordingTargets = RecordingTargets(self.problems, rules)
        self.cache = cache
        self.changed: dict[str, CachedReading] = {}
        self.unchanged: dict[str, CachedReading] = {}

    def read_all(
        self, chapters: Sequence[AssembledChapter], share: bool = False
    ) -> list[ParsedChapter]:
        for chapter in chapters:
            known = self.cache.chapters.get(chapter.id)
            if known is not None and known.assembled == chapter:
                self.unchanged[chapter.id] = known
            else:
                self.changed[chapter.id] = CachedReading(chapter)
        new = [chapter for chapter in chapters if chapter.id in self.changed]
        parsed = dict(zip(self.changed, super().read_all(new, share), strict=True))
        return [parsed.get(chapter.id, NOT_READ) for chapter in chapters]

    def register_ids(self, chapter: AssembledChapter, reading: ParsedChapter) -> None:
        if known := self.unchanged.get(chapter.id):
            self.register_chapter(chapter)
            # The first of these calls is that of `register`.
            self.targets.replay(known.steps[0][1:])
        else:
            super().register_ids(chapter, reading)
            self._note(chapter)

    def generate_ids(self, chapter: AssembledChapter, reading: ParsedChapter) -> None:
        if known := self.unchanged.get(chapter.id):
            self.targets.replay(known.steps[1])
        else:
            super().generate_ids(chapter, reading)
            self._note(chapter)

    def convert(self, chapter: AssembledChapter, reading: ParsedChapter) -> Chapter:
        if (known := self.unchanged.get(chapter.id)) and known.chapter:
            self.targets.replay(known.steps[2])
            self.notes |= known.notes
            return known.chapter
        before = set(self.notes)
        converted = super().convert(chapter, reading)
        self._note(chapter)
        notes = {name: blocks for name, blocks in self.notes.items() if name not in before}
        cached = self.changed[chapter.id]
        cached.chapter, cached.notes = converted, notes
        # A picture's file, or the cause of a problem, may change while the text stays the same.
        if self.problems.found or _has_pictures(converted, notes):
            self.cache.chapters.pop(chapter.id, None)
        else:
            self.cache.chapters[chapter.id] = cached
        return converted

    def _note(self, chapter: AssembledChapter) -> None:
        self.changed[chapter.id].steps.append(self.targets.calls)
        self.targets.calls = []


def _has_pictures(chapter: Chapter, notes: Mapping[str, tuple[Block, ...]]) -> bool:
    for blocks in (chapter.blocks, *notes.values()):
        for block in walk(blocks):
            if isinstance(block, Figure) or (isinstance(block, ChartBlock) and block.from_file):
                return True
        if any(isinstance(inline, Image) for inline in every_inline(blocks)):
            return True
    return False
