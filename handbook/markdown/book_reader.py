"""Read the chapters of a document: parse all, collect their ids, then convert."""

from __future__ import annotations

import xml.etree.ElementTree as etree
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.diagnostics import DiagnosticCollector, Source
from ..document.fields import FieldSpec
from ..document.nodes import Block, Chapter, Meta
from .convert.blocks import Converter, is_figure
from .convert.inlines import InlineContext, InlineReader, unescaped
from .dialects import MarkdownReader, reader_for
from .elements import INLINE, ParsedChapter, take_attributes
from .link_targets import LinkTargets, slug
from .rules import Rules

if TYPE_CHECKING:
    from ..select.assemble import AssembledChapter


class BookReader:
    """Reads the chapters of one document and holds what they share."""

    def __init__(
        self,
        meta: Meta,
        fields: Mapping[str, FieldSpec],
        rules: Rules,
        readers: dict[str, MarkdownReader] | None = None,
    ) -> None:
        self.language = meta.language
        self.fields = fields
        self.readers = readers if readers is not None else {}
        self.problems = DiagnosticCollector(rules.is_warning)
        self.targets = LinkTargets(self.problems, rules)
        self.notes: dict[str, tuple[Block, ...]] = {}

    def reader(self, chapter: AssembledChapter) -> MarkdownReader:
        """Return the reader of the chapter's dialect, one for all chapters."""
        if chapter.dialect not in self.readers:
            self.readers[chapter.dialect] = reader_for(chapter.dialect, self.language)
        return self.readers[chapter.dialect]

    def read(self, chapter: AssembledChapter) -> ParsedChapter:
        """Parse a chapter, and report the problems of its structure."""
        reading = self.reader(chapter).read(chapter.text)
        for found in reading.findings:
            source = _source_at(chapter, found.number)
            self.problems.add(source, found.message, found.hint, found.code)
        return reading

    def register_chapter(self, chapter: AssembledChapter) -> None:
        """Register the chapter itself as a link target, by its id and its file."""
        self.targets.register(chapter.id, chapter.source)
        file = chapter.folder / Path(chapter.source.file).name
        self.targets.files[file.resolve()] = chapter.id

    def register_ids(self, chapter: AssembledChapter, reading: ParsedChapter) -> None:
        """Register the ids that the author gave."""
        self.register_chapter(chapter)
        for element, line in _elements(reading):
            source = _source_at(chapter, line)
            for child in element:
                take_attributes(child)
                inline = child.tag in INLINE and not is_figure(element)
                if inline and (target := child.attrib.pop("id", "")):
                    if self.reader(chapter).file_scoped_ids:
                        _add_alias(element, target)
                        continue
                    self.problems.add(
                        source, f"the id {target!r} is inside a line",
                        "give it to the paragraph: put {#" + target + "} at its end", "inline-id",
                    )  # fmt: skip
            if target := element.get("id", ""):
                self.targets.register(target, source)

    def generate_ids(self, chapter: AssembledChapter, reading: ParsedChapter) -> None:
        """Give headings and terms without an id one generated from their words."""
        if self.reader(chapter).file_scoped_ids:
            for words in (slug(chapter.title), *reading.names):
                self.targets.alias(chapter.id, words, chapter.id)
        first: etree.Element | None = None
        for element, _ in _elements(reading):
            if element.tag == "dt":
                if first is None:
                    first = element
                    element.set("id", element.get("id") or self._generated_id(chapter, element))
                else:
                    # A definition has one id; its other terms lead there too.
                    own = first.get("id", "")
                    self.targets.add_synonym(element.get("id") or own, own)
                    self.targets.alias(chapter.id, slug(_heading_text(element)), own)
            elif element.tag == "dd":
                first = None
            elif element.tag[0] == "h" and element.tag != "hr":
                element.set("id", element.get("id") or self._generated_id(chapter, element))
            for name in element.get("alias", "").split():
                if not element.get("id"):
                    element.set("id", self.targets.generate_id(chapter.id, name))
                self.targets.alias(chapter.id, name, element.get("id", ""))

    def _generated_id(self, chapter: AssembledChapter, element: etree.Element) -> str:
        return self.targets.generate_id(chapter.id, _heading_text(element))

    def convert(self, chapter: AssembledChapter, reading: ParsedChapter) -> Chapter:
        """Return the chapter as nodes; its footnotes are added to `notes`."""
        context = InlineContext(
            self.problems, lambda number: _source_at(chapter, number), self.language, chapter.id,
            chapter.folder, self.targets, self.fields, reading.notes, reading.abbreviations,
        )  # fmt: skip
        converter = Converter(InlineReader(context))
        blocks = converter.blocks(reading.root)
        for name, note in reading.notes.items():
            self.notes[f"{chapter.id}-{name}"] = converter.blocks(note)
        heading = replace(context, source_at=lambda number: chapter.source)
        title = InlineReader(heading).read(self.reader(chapter).line(chapter.title))
        return Chapter(
            id=chapter.id, title=title, blocks=blocks, matter=chapter.matter,
            layout=chapter.layout, listed=chapter.listed, depth=chapter.depth,
            short_title=chapter.short_title, source=chapter.source,
        )  # fmt: skip


def _add_alias(element: etree.Element, name: str) -> None:
    """Let links find `element` by the id of one of its inlines."""
    element.set("alias", " ".join([*element.get("alias", "").split(), name]))


def _source_at(chapter: AssembledChapter, number: int) -> Source:
    return chapter.lines[min(number, len(chapter.lines) - 1)] if chapter.lines else chapter.source


def _elements(reading: ParsedChapter) -> Iterator[tuple[etree.Element, int]]:
    """Yield every element of a chapter and its notes, in order, with its line."""
    line = 0
    for root in (reading.root, *reading.notes.values()):
        for element in root.iter():
            line = int(element.get("lines", str(line)).split()[0])
            yield element, line


def _heading_text(element: etree.Element) -> str:
    """Return the words of a heading, without typography."""
    return " ".join(unescaped("".join(element.itertext())).split())
