"""A document being made: its chapters read, their ids known, then converted."""

from __future__ import annotations

import xml.etree.ElementTree as etree
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.diagnostics import Source
from ..document.fields import FieldSpec
from ..document.nodes import Block, Chapter, Meta
from .convert.blocks import Converter, is_figure
from .convert.inlines import InlineContext, InlineReader, unescaped
from .elements import INLINE, ParsedChapter, take_attributes
from .handbook.reader import HandbookReader
from .link_targets import Targets, slug
from .problems import MarkdownDiagnostics

if TYPE_CHECKING:
    from ..select.assemble import AssembledChapter
    from .gfm.reader import GfmReader


@dataclass(frozen=True)
class Rules:
    """Which mistakes of a pack are warnings, and where its pages are looked for."""

    lenient: bool = False
    draft: bool = False
    folder: Path | None = None


class BookReader:
    """A document being made: what its chapters share."""

    def __init__(
        self, meta: Meta, fields: Mapping[str, FieldSpec], rules: Rules,
        readers: dict[str, HandbookReader | GfmReader] | None = None,
    ) -> None:  # fmt: skip
        self.language = meta.language
        self.fields = fields
        self.readers = readers if readers is not None else {}
        self.problems = MarkdownDiagnostics(rules.lenient, rules.draft)
        self.targets = Targets(self.problems, rules.folder)
        self.notes: dict[str, tuple[Block, ...]] = {}

    def reader(self, dialect: str) -> HandbookReader | GfmReader:
        """The reader of a dialect, one for all chapters."""
        if dialect not in self.readers:
            self.readers[dialect] = _reader(dialect, self.language)
        return self.readers[dialect]

    def read(self, chapter: AssembledChapter) -> ParsedChapter:
        """The chapter's element tree, and what was wrong with its structure."""
        reading = self.reader(chapter.dialect).read(chapter.text)
        for found in reading.findings:
            source = _place(chapter, found.number)
            self.problems.add(source, found.message, found.hint, found.code)
        return reading

    def register(self, chapter: AssembledChapter) -> None:
        """Take note of the chapter itself, by its id and its file."""
        self.targets.give(chapter.id, chapter.source)
        file = chapter.folder / Path(chapter.source.file).name
        self.targets.files[file.resolve()] = chapter.id

    def give_ids(self, chapter: AssembledChapter, reading: ParsedChapter) -> None:
        """Take note of the ids that the author gave."""
        self.register(chapter)
        for element, line in _elements(reading):
            source = _place(chapter, line)
            for child in element:
                take_attributes(child)
                inline = child.tag in INLINE and not is_figure(element)
                if inline and (target := child.attrib.pop("id", "")):
                    if chapter.dialect == "gfm":
                        _name(element, target)
                        continue
                    self.problems.add(
                        source, f"the id {target!r} stands inside a line",
                        "give it to the paragraph: put {#" + target + "} at its end", "inline-id",
                    )  # fmt: skip
            if target := element.get("id", ""):
                self.targets.give(target, source)

    def make_ids(self, chapter: AssembledChapter, reading: ParsedChapter) -> None:
        """Give headings and terms without an id one made of their words."""
        if chapter.dialect == "gfm":
            for words in (slug(chapter.title), *reading.names):
                self.targets.alias(chapter.id, words, chapter.id)
        first: etree.Element | None = None
        for element, _ in _elements(reading):
            if element.tag == "dt":
                if first is None:
                    first = element
                    element.set("id", element.get("id") or self._made(chapter, element))
                else:
                    # A definition has one id; its further terms lead there too.
                    own = first.get("id", "")
                    self.targets.mean(element.get("id") or own, own)
                    self.targets.alias(chapter.id, slug(_words(element)), own)
            elif element.tag == "dd":
                first = None
            elif element.tag[0] == "h" and element.tag != "hr":
                element.set("id", element.get("id") or self._made(chapter, element))
            for name in element.get("alias", "").split():
                if not element.get("id"):
                    element.set("id", self.targets.make(chapter.id, name))
                self.targets.alias(chapter.id, name, element.get("id", ""))

    def _made(self, chapter: AssembledChapter, element: etree.Element) -> str:
        return self.targets.make(chapter.id, _words(element))

    def convert(self, chapter: AssembledChapter, reading: ParsedChapter) -> Chapter:
        """The chapter as the document has it; its notes go into `notes`."""
        around = InlineContext(
            self.problems, lambda number: _place(chapter, number), self.language, chapter.id,
            chapter.folder, self.targets, self.fields, reading.notes, reading.abbreviations,
        )  # fmt: skip
        converter = Converter(InlineReader(around))
        blocks = converter.blocks(reading.root)
        for name, note in reading.notes.items():
            self.notes[f"{chapter.id}-{name}"] = converter.blocks(note)
        heading = replace(around, place=lambda number: chapter.source)
        title = InlineReader(heading).read(self.reader(chapter.dialect).line(chapter.title))
        return Chapter(
            id=chapter.id, title=title, blocks=blocks, matter=chapter.matter,
            layout=chapter.layout, listed=chapter.listed, depth=chapter.depth,
            short_title=chapter.short_title, source=chapter.source,
        )  # fmt: skip


def _reader(dialect: str, language: str) -> HandbookReader | GfmReader:
    if dialect != "gfm":
        return HandbookReader()
    from .gfm.reader import GfmReader

    return GfmReader(language)


def _name(element: etree.Element, name: str) -> None:
    """Let links find `element` by a name that an inline of it was given."""
    element.set("alias", " ".join([*element.get("alias", "").split(), name]))


def _place(chapter: AssembledChapter, number: int) -> Source:
    return chapter.lines[min(number, len(chapter.lines) - 1)] if chapter.lines else chapter.source


def _elements(reading: ParsedChapter) -> Iterator[tuple[etree.Element, int]]:
    """Every element of a chapter and its notes, in order, with the line it is on."""
    line = 0
    for root in (reading.root, *reading.notes.values()):
        for element in root.iter():
            line = int(element.get("lines", str(line)).split()[0])
            yield element, line


def _words(element: etree.Element) -> str:
    """The words of a heading, without typography."""
    return " ".join(unescaped("".join(element.itertext())).split())
