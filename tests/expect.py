"""What a document must read like, block by block, worked out from the tree alone."""

from __future__ import annotations

from collections.abc import Iterator

from handbook.core.i18n import translations_for
from handbook.core.units import PAPERS
from handbook.document.nodes import (
    Admonition,
    Block,
    Chapter,
    ChartBlock,
    Checkbox,
    Code,
    CodeBlock,
    DefinitionList,
    Directive,
    Document,
    Field,
    Figure,
    Heading,
    IndexMark,
    Inlines,
    LineBreak,
    Link,
    List,
    NoteReference,
    Paragraph,
    Quote,
    Reference,
    Row,
    Span,
    Table,
    Text,
    plain_text,
)
from handbook.document.numbering import (
    headings,
    number_document,
    number_key,
    printable_address,
    says_address,
)
from handbook.document.term_links import index_entries
from handbook.layout.block.area_opener import FEWEST_LISTED
from handbook.layout.block.generated_lists import HEADED_INDEX, index_pages
from handbook.layout.faces import load_faces
from handbook.layout.figure.charts import draw_chart
from handbook.layout.figure.marks.draw import draw_marks
from handbook.layout.page import Glyphs
from handbook.theme.loader import load_theme


class Expected:
    """The text of a document in reading order; `pages` gives page numbers for references."""

    def __init__(
        self, document: Document, labels: dict[str, str], values: dict[str, str], paper: str = "a4"
    ) -> None:
        self.document = document
        self.paper = paper
        self.labels = labels
        self.values = values
        self.facts = number_document(document)
        self.theme = load_theme()
        self.words = translations_for(document.meta.language)
        self.noted: set[str] = set()
        # How many of the following items are notes to lines of code.
        self.noted_lines = 0

    def text(self) -> str:
        return " ".join(self.chapter(chapter) for chapter in self.document.chapters)

    def chapter(self, chapter: Chapter) -> str:
        parts: list[str] = []
        covers = chapter.layout in ("cover", "back-cover")
        if not covers:
            parts.append(self.facts.chapter_number.get(chapter.id, ""))
            parts.append(self.inlines(chapter.title))
        if covers:
            top = [
                b
                for b in chapter.blocks
                if isinstance(b, Heading) or {"kicker", "subtitle"} & {*b.classes}
            ]
            figure = [b for b in chapter.blocks[:1] if isinstance(b, ChartBlock)]
            rest = [b for b in chapter.blocks if b not in top and b not in figure]
            if chapter.layout == "cover" and not any(isinstance(b, Heading) for b in top):
                parts.append(self.inlines(chapter.title))
            parts += [self.block(b) for b in (*top, *rest, *figure)]
        else:
            band = self._band(chapter) if chapter.pages.rank == "area" else []
            rest = [block for block in chapter.blocks if block not in band]
            # In the strip on a band lanes have no names.
            parts += [self.block(b) for b in band if not isinstance(b, ChartBlock)]
            parts += [self.area_sections(chapter), *map(self.block, rest)]
        return " ".join(parts)

    def _band(self, chapter: Chapter) -> list[Block]:
        """The blocks on the band of an area: a chart, a lead, a line of counts."""
        band: list[Block] = []
        blocks = list(chapter.blocks)
        if blocks and isinstance(blocks[0], ChartBlock):
            band.append(blocks.pop(0))
        for name in ("lead", "counts"):
            if blocks and name in blocks[0].classes:
                band.append(blocks.pop(0))
        return band

    def inlines(self, inlines: Inlines) -> str:
        return "".join(self._inline(inline) for inline in inlines)

    def _inline(self, inline: object) -> str:
        if isinstance(inline, (Text, Code)):
            return inline.text
        if isinstance(inline, Span):
            return self.inlines(inline.children)
        if isinstance(inline, Link):
            reported = says_address(inline)
            number = "" if reported else self.facts.address_of.get(inline.target, "")
            return self.inlines(inline.children) + str(number)
        if isinstance(inline, Reference):
            if inline.form == "page":
                return self.labels[inline.target]
            return self.facts.number_of.get(inline.target) or self.facts.title_of[inline.target]
        if isinstance(inline, NoteReference):
            return str(self.facts.note_of[inline.id])
        if isinstance(inline, Field):
            return self.values.get(inline.name, "")
        if isinstance(inline, LineBreak):
            return " "
        if isinstance(inline, IndexMark):
            return ""
        assert isinstance(inline, Checkbox), inline
        return self._state(inline.checked)

    def _state(self, checked: bool) -> str:
        """What is heard of a checkbox."""
        return self.words.gettext("checked") if checked else self.words.gettext("not checked")

    def row(self, row: Row) -> list[str]:
        """The text of each cell; the first of a marked row begins with what its bar means."""
        cells = [self.blocks(cell.blocks) for cell in row.cells]
        for mark, word in (("retired", "Retired"), ("chosen", "Chosen")):
            if mark in row.classes and cells:
                cells[0] = f"{self.words.gettext(word)}: {cells[0]}"
                break
        return cells

    def blocks(self, blocks: tuple[Block, ...]) -> str:
        return " ".join(self.block(block) for block in blocks)

    def block(self, block: Block) -> str:
        return " ".join(self._block(block))

    def _block(self, block: Block) -> Iterator[str]:
        if isinstance(block, (Heading, Paragraph)):
            yield self.inlines(block.content)
            yield self._notes(block.content)
        elif isinstance(block, List):
            for number, item in enumerate(block.items, block.start):
                if item.checked is None:
                    yield self._label(number, block.ordered)
                else:
                    yield self._state(item.checked)
                yield self.blocks(item.blocks)
        elif isinstance(block, DefinitionList):
            for definition in block.items:
                yield from (self.inlines(term) for term in definition.terms)
                yield self.blocks(definition.blocks)
        elif isinstance(block, Table):
            if block.caption:
                yield self.facts.number_of[number_key(block)]
                yield self.inlines(block.caption)
            for row in block.header:
                yield from (self.blocks(cell.blocks) for cell in row.cells)
            for row in block.rows:
                yield from self.row(row)
        elif isinstance(block, CodeBlock):
            self.noted_lines = len({mark for _, mark in block.callouts})
            yield block.title
            marks = {line: f" ({mark})" for line, mark in block.callouts}
            for number, line in enumerate(block.text.split("\n"), 1):
                yield line + marks.get(number, "")
        elif isinstance(block, Admonition):
            yield self._box_title(block)
            yield self.blocks(block.blocks)
        elif isinstance(block, Figure):
            yield f"{self.facts.number_of.get(number_key(block), '')} {self.inlines(block.caption)}"
        elif isinstance(block, ChartBlock):
            yield self._chart(block)
        elif isinstance(block, Directive):
            yield self._directive(block)
        elif isinstance(block, Quote) or hasattr(block, "blocks"):
            yield self.blocks(block.blocks)

    def _label(self, number: int, ordered: bool) -> str:
        """The number of an item; those of notes to lines of code are as at the lines."""
        if not ordered:
            return self.theme.text("list.bullet")
        self.noted_lines, noted = max(0, self.noted_lines - 1), self.noted_lines
        return f"({number})" if noted else f"{number}."

    def _box_title(self, block: Admonition) -> str:
        label = self.words.gettext(self.theme.box(block.kind).label)
        title = self.inlines(block.title)
        if not title:
            return label
        return (
            title
            if label.casefold() in title.casefold()
            else self.words.gettext("{label}: ", label=label) + title
        )

    def _notes(self, content: Inlines) -> str:
        parts: list[str] = []
        for inline in content:
            if isinstance(inline, NoteReference) and inline.id not in self.noted:
                self.noted.add(inline.id)
                parts.append(f"{self.facts.note_of[inline.id]}.")
                parts.append(self.blocks(self.document.notes[inline.id]))
        return " ".join(parts)

    def _figure(self, block: Directive) -> str:
        faces = load_faces(self.theme)
        margins = (self.theme.page(self.paper, key) for key in ("wide-left", "right"))
        width = PAPERS[self.paper][0] - sum(margins)
        chart = draw_chart(block.attributes, self.theme, faces, width, block.source)
        words = [faces[g.face].text_of_codes(g.codes) for g in chart.items if isinstance(g, Glyphs)]
        number = self.facts.number_of.get(number_key(block), "")
        return " ".join([*words, number, block.attributes.get("caption", "")])

    def _chart(self, block: ChartBlock) -> str:
        faces = load_faces(self.theme)
        margins = (self.theme.page(self.paper, key) for key in ("wide-left", "right"))
        width = PAPERS[self.paper][0] - sum(margins)
        chart = draw_marks(block, self.theme, faces, width, self.words)
        words = [faces[g.face].text_of_codes(g.codes) for g in chart.items if isinstance(g, Glyphs)]
        number = self.facts.number_of.get(number_key(block), "")
        return " ".join([*words, number, self.inlines(block.caption)])

    def _directive(self, block: Directive) -> str:
        if block.name == "figure":
            return self._figure(block)
        if block.name == "links":
            return " ".join(
                f"{n}. {printable_address(a)}" for a, n in self.facts.address_of.items()
            )
        if block.name == "index":
            return " ".join(self._index())
        if block.name in ("tables", "figures"):
            kind = {"tables": "Table ", "figures": "Figure "}[block.name]
            return " ".join(
                f"{number.removeprefix(kind)} {self.facts.title_of[key]} {self.labels[key]}"
                for key, number in self.facts.number_of.items()
                if number.startswith(kind)
            )
        if block.name != "contents":
            return ""
        return " ".join(words for _, words in self.contents())

    def _index(self) -> Iterator[str]:
        """The entries of the index, below their letters if there are many."""
        entries = index_entries(self.document)
        letter = ""
        for term, marks in entries:
            initial = self.words.initial(term)
            if initial != letter and len(entries) >= HEADED_INDEX:
                yield initial
            letter = initial
            pages = (w for w, _ in index_pages([(self.labels[m], m) for m in marks]))
            yield self.words.comma.join([term, *pages])

    def area_sections(self, chapter: Chapter) -> str:
        """What an area lists on its first page, each with its page."""
        if chapter.pages.rank != "area":
            return ""
        return " ".join(words for _, words in self._listed(chapter))

    def _listed(self, chapter: Chapter) -> list[tuple[int, str]]:
        """The headings of an area, and the chapters in it with those of their units.

        Fewer than three are not listed.
        """
        found = [
            (one.level - 2, f"{plain_text(one.content)} {self.labels[one.id]}")
            for one in headings(chapter, 3)
        ]
        chapters = self.document.chapters
        for inner in chapters[chapters.index(chapter) + 1 :]:
            if inner.placement.depth <= chapter.placement.depth:
                break
            number = self.facts.chapter_number.get(inner.id, "")
            found.append((0, f"{number} {plain_text(inner.title)} {self.labels[inner.id]}"))
            inside = list(headings(inner, 3))
            level = max((one.level for one in inside), default=0)
            found += [
                (1, f"{plain_text(one.content)} {self.labels[one.id]}")
                for one in inside
                if one.level == level
            ]
        return found if len(found) >= FEWEST_LISTED else []

    def sections_of_areas(self) -> list[list[tuple[int, str]]]:
        """The entries of the list under the band of each area: how deep each is, and its text."""
        areas = (one for one in self.document.chapters if one.pages.rank == "area")
        return [listed for area in areas if (listed := self._listed(area))]

    def contents(self) -> list[tuple[int, str]]:
        """The entries of the contents list: how deep each is, from 0, and its text."""
        entries: list[tuple[int, str]] = []
        for chapter in self.document.chapters:
            if not chapter.listed:
                continue
            place = chapter.placement
            entries += place.parts
            number = self.facts.chapter_number.get(chapter.id, "")
            title = place.label or plain_text(chapter.title)
            entries.append((place.depth, f"{number} {title} {self.labels[chapter.id]}"))
            above: list[int] = []
            for heading in headings(chapter):
                above = [*(level for level in above if level < heading.level), heading.level]
                words = f"{plain_text(heading.content)} {self.labels[heading.id]}"
                entries.append((place.depth + len(above), words))
        return entries
