"""Read the chapters of a document: parse all, collect their ids, then convert."""

from __future__ import annotations

import pickle
import re
import xml.etree.ElementTree as etree
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.diagnostics import DiagnosticCollector, Source
from ..core.second_process import shared
from ..core.slugs import heading_slug
from ..document.fields import FieldSpec
from ..document.nodes import (
    Block,
    Chapter,
    Inlines,
    Meta,
    NoteReference,
    Text,
    every_inline,
    walk_inlines,
)
from .characters import replace_referenced, replace_unprintable
from .convert.blocks import Converter, is_figure
from .convert.inlines import InlineContext, InlineReader, unescaped
from .coverage import Plugged, coverage_findings
from .dialects import MarkdownReader, reader_for
from .elements import INLINE, Finding, ParsedChapter, take_attributes, unused_note
from .foreign_syntax import foreign_syntax
from .link_targets import LinkTargets
from .rules import Rules

if TYPE_CHECKING:
    from ..select.assemble import AssembledChapter


TOO_DEEP = ("the chapter is nested too deeply to be read", "write its lists and quotes flatter")


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
        self.rules = rules
        self.problems = DiagnosticCollector(rules.is_warning)
        self.targets = LinkTargets(self.problems, rules)
        self.notes: dict[str, tuple[Block, ...]] = {}

    def reader(self, chapter: AssembledChapter) -> MarkdownReader:
        """Return the reader of the chapter's dialect, one for all chapters."""
        if chapter.dialect not in self.readers:
            self.readers[chapter.dialect] = reader_for(chapter.dialect, self.language)
        return self.readers[chapter.dialect]

    def read_all(
        self, chapters: Sequence[AssembledChapter], share: bool = False
    ) -> list[ParsedChapter]:
        """Parse chapters; a second process may `share` the work."""
        if not share:
            return [self.read(chapter) for chapter in chapters]
        readings: dict[int, ParsedChapter] = {}
        for chapter in chapters:
            self.reader(chapter)

        def here(number: int) -> None:
            readings[number] = self.read(chapters[number])

        def other(numbers: Iterator[int]) -> bytes:
            before = len(self.problems.found)
            parsed = {number: self.read(chapters[number]) for number in numbers}
            return pickle.dumps((parsed, self.problems.found[before:]), protocol=5)

        if answer := shared(len(chapters), here, other):
            parsed, problems = pickle.loads(answer)
            readings |= parsed
            self.problems.found += problems
        return [readings[number] for number in range(len(chapters))]

    def read(self, chapter: AssembledChapter) -> ParsedChapter:
        """Parse a chapter, and report the problems of its structure."""
        reader = self.reader(chapter)
        text, unprintable = self._printable(chapter)
        try:
            reading = reader.read(text)
        except RecursionError:
            self.problems.add(chapter.source, *TOO_DEEP, "nesting")
            return ParsedChapter(etree.Element("div"), {}, {}, [])
        if self.reader(chapter).file_scoped_ids:
            _below_the_title(reading)
        referenced = replace_referenced(_elements(reading)) if self._names_glyphs(chapter) else ()
        for finding in (*unprintable, *referenced, *reading.findings):
            source = _source_at(chapter, finding.number)
            self.problems.add(source, finding.message, finding.hint, finding.code)
        return reading

    def _printable(self, chapter: AssembledChapter) -> tuple[str, list[Finding]]:
        """Return the text of a chapter without characters that cannot be printed."""
        return replace_unprintable(chapter.text, self._names_glyphs(chapter))

    def _names_glyphs(self, chapter: AssembledChapter) -> bool:
        """Return whether the number of a character that no font has is printed in its place."""
        return self.rules.lenient or self.reader(chapter).file_scoped_ids

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
            named = [child for child in element if child.tag in INLINE and child.get("id")]
            for child in named if named and not is_figure(element) else ():
                if target := child.attrib.pop("id", ""):
                    if self.reader(chapter).file_scoped_ids:
                        _add_alias(element, target)
                        continue
                    self.problems.add(
                        source,
                        f"the id {target!r} is inside a line",
                        "give it to the paragraph: put {#" + target + "} at its end",
                        "inline-id",
                    )
            if target := element.get("id", ""):
                self.targets.register(target, source)

    def generate_ids(self, chapter: AssembledChapter, reading: ParsedChapter) -> None:
        """Give headings and terms without an id one generated from their words."""
        if self.reader(chapter).file_scoped_ids:
            for words in (heading_slug(chapter.title), *reading.names):
                self.targets.alias(chapter.id, words, chapter.id)
        first: etree.Element | None = None
        for element, _ in _elements(reading):
            if element.tag == "dt":
                if first is None:
                    first = element
                    element.set("id", element.get("id") or self._generated_id(chapter, element))
                else:
                    # A definition has one id; its other terms lead there too.
                    first_id = first.get("id", "")
                    self.targets.add_synonym(element.get("id") or first_id, first_id)
                    self.targets.alias(chapter.id, heading_slug(_heading_text(element)), first_id)
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
            self.problems,
            lambda number: _source_at(chapter, number),
            self.language,
            chapter.id,
            chapter.folder,
            self.targets,
            self.fields,
            reading.notes,
            reading.abbreviations,
        )
        converter = Converter(InlineReader(context))
        blocks = converter.blocks(reading.root)
        notes = {name: converter.blocks(note) for name, note in reading.notes.items()}
        self.notes |= {f"{chapter.id}-{name}": note for name, note in notes.items()}
        heading = replace(context, source_at=lambda number: chapter.source)
        words, _ = replace_unprintable(chapter.title, self.rules.lenient)
        title = InlineReader(heading).read(self.reader(chapter).line(words, reading.notes))
        self._report_notes(chapter, title, blocks, reading)
        self._report_leftovers(chapter, blocks, notes, converter.plugged)
        return Chapter(
            id=chapter.id,
            title=title,
            blocks=blocks,
            matter=chapter.matter,
            layout=chapter.layout,
            listed=chapter.listed,
            depth=chapter.depth,
            short_title=chapter.short_title,
            source=chapter.source,
            placement=chapter.placement,
            pages=chapter.pages,
        )

    def _report_leftovers(
        self,
        chapter: AssembledChapter,
        blocks: tuple[Block, ...],
        notes: Mapping[str, tuple[Block, ...]],
        plugged: Plugged,
    ) -> None:
        """Report mark-up that is printed as text, and words that are not printed."""
        inlines = (inline for part in (blocks, *notes.values()) for inline in every_inline(part))
        printed = (inline.text for inline in inlines if isinstance(inline, Text))
        findings = list(foreign_syntax(chapter.text, printed))
        if self.rules.coverage:
            reported = {(one.file, one.line) for one in self.problems.found}
            reported_lines = {
                n for n, at in enumerate(chapter.lines) if (at.file, at.line) in reported
            }
            text, _ = self._printable(chapter)
            findings += coverage_findings(text, [blocks, *notes.values()], reported_lines, plugged)
        for finding in findings:
            source = _source_at(chapter, finding.number)
            self.problems.add(source, finding.message, finding.hint, finding.code)

    def _report_notes(
        self,
        chapter: AssembledChapter,
        title: Inlines,
        blocks: tuple[Block, ...],
        reading: ParsedChapter,
    ) -> None:
        if not reading.notes:
            return
        prefix = f"{chapter.id}-"
        used: set[str] = set()
        waiting = [*walk_inlines(title), *every_inline(blocks)]
        while waiting:
            inline = waiting.pop()
            if isinstance(inline, NoteReference) and inline.id not in used:
                used.add(inline.id)
                waiting += every_inline(self.notes.get(inline.id, ()))
        for name, note in reading.notes.items():
            line = int(note.get("lines", "0").split()[0]) or _line_of_note(chapter.text, name)
            source = _source_at(chapter, line)
            if prefix + name not in used:
                self.problems.add(source, *unused_note(name), "unused-note")
            elif not self.notes.get(prefix + name):
                hint = f"write it behind [^{name}]:, or take the mark out of the text"
                self.problems.add(source, f"the footnote [^{name}] has no text", hint, "footnote")


def _add_alias(element: etree.Element, name: str) -> None:
    """Let links find `element` by the id of one of its inlines."""
    element.set("alias", " ".join([*element.get("alias", "").split(), name]))


def _source_at(chapter: AssembledChapter, number: int) -> Source:
    return chapter.lines[min(number, len(chapter.lines) - 1)] if chapter.lines else chapter.source


def _line_of_note(text: str, name: str) -> int:
    """Return the line that begins a footnote, one without words too."""
    match = re.search(rf"^[ \t>]*\[\^{re.escape(name)}\]:", text, re.M)
    return text.count("\n", 0, match.start()) if match else 0


def _elements(reading: ParsedChapter) -> Iterator[tuple[etree.Element, int]]:
    """Yield every element of a chapter and its notes, in order, with its line."""
    line = 0
    for root in (reading.root, *reading.notes.values()):
        for element in root.iter():
            line = int(element.get("lines", str(line)).split()[0])
            yield element, line


def _below_the_title(reading: ParsedChapter) -> None:
    """Put headings a level down if some are of the level that a chapter's title has."""
    headings = [one for one in reading.root.iter() if re.fullmatch("h[1-6]", str(one.tag))]
    if any(one.tag == "h1" for one in headings):
        for one in headings:
            one.tag = f"h{min(6, int(one.tag[1]) + 1)}"


def _heading_text(element: etree.Element) -> str:
    """Return the words of a heading, without typography."""
    return " ".join(unescaped("".join(element.itertext())).split())
