"""Lay out blocks: the state that every kind of block shares.

Every function of the registry takes a block and an `Area` (where it may go, in which style,
below which structure element) and returns the flowables it becomes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, replace
from typing import Any

from ...core.values import changed, record
from ...document.nodes import (
    Block,
    Directive,
    Division,
    Figure,
    Heading,
    Inlines,
    List,
    ListItem,
    Paragraph,
    Table,
    Text,
)
from ...document.numbering import number_key
from ...theme.theme import TextStyle
from ..flow.flowables import (
    Flowable,
    Gap,
    Marker,
    PageBreak,
    drawn_height,
    set_lines,
)
from ..inline.compose import InlineLayouter
from ..inline.line_breaking import one_line
from ..inline.runs import InlineContext, Line
from ..structure import StructElem
from .area import Area
from .paragraph_cache import ParagraphCache
from .side_notes import keep_beside, with_aside

LEAVES = ("TD", "TH", "LBody")
# Elements that hold no notes (ISO 32000-1, tables 336 and 337): a note goes into their child.
NO_NOTES = ("L", "LI", "Table", "THead", "TBody", "TR", "TOC", "TOCI", "Figure")
# The column of a footnote's number is at least this wide (points).
NOTE_INDENT = 16.0


@record
class BlockLayouter:
    """Lays out blocks; `special` fills the directives that depend on the whole book."""

    context: InlineContext
    special: Mapping[str, Callable[[Directive, Area], list[Flowable]]]
    page_height: float
    notes: Mapping[str, tuple[Block, ...]]
    note_area: Callable[[StructElem], Area]
    setters: Mapping[type, Callable[[BlockLayouter, Any, Area], list[Flowable]]]
    # The width of the frame on a page in landscape, 0 where pages are not turned.
    long_side: float = 0.0
    # The paper's width, and how far colour runs over its edge (points).
    paper_width: float = 0.0
    bleed: float = 0.0
    # Notes of the margin that wait for the block they go next to.
    aside: list[Flowable] = field(default_factory=list)
    # The heading among them, where it would be in the text, and its element.
    side_head: tuple[Heading, Area, Any] | None = None
    # How much further down the side column reaches than the text next to it (points).
    overhang: float = 0.0
    # How much further down than a block those notes reach that it has put there itself.
    reach: float = 0.0
    # The notes of the call-outs of the current listing; None if it has none, or has taken them.
    code_notes: List | None = None
    # What terms of the glossary mean, and those that the chapter has used so far.
    meaning_of: Mapping[str, Inlines] = field(default_factory=dict)
    used_terms: set[str] = field(default_factory=set)
    # Whether tables with these heads are stacked in this chapter, where they are too wide.
    stacked_kinds: dict[tuple[str, ...], bool] = field(default_factory=dict)
    footnotes: dict[str, list[Flowable]] = field(default_factory=dict)
    paragraphs: ParagraphCache = field(default_factory=ParagraphCache)

    def lay_out_all(self, blocks: Iterable[Block], area: Area) -> list[Flowable]:
        """Return the flowables of `blocks`, one below the other.

        A cell's or item's only paragraph needs no element of its own: a tree with fewer
        nodes is quicker to listen to, and smaller.
        """
        blocks = tuple(blocks)
        if area.element.tag in LEAVES and len(blocks) == 1 and isinstance(blocks[0], Paragraph):
            area = changed(area, direct=True)
        flowables: list[Flowable] = []
        for block in blocks:
            flowables += self.lay_out(block, area)
        return flowables

    def lay_out(self, block: Block, area: Area) -> list[Flowable]:
        """Return the flowables of one block, with its id as an anchor on the first."""
        if isinstance(block, Division) and block.name == "margin" and area.has_side:
            self.aside += self._margin_note(block, area)
            return []
        if isinstance(block, Heading) and block.level == area.side_level and area.has_side:
            return self._side_head(block, area)
        flowables = (
            self._in_own_language(block, area)
            if block.lang
            else self.setters[type(block)](self, block, area)
        )
        flowables = self.with_side(flowables, block, area)
        if self.reach:
            self.overhang, self.reach = max(self.overhang, self.reach), 0.0
        key = block.id or self._caption_key(block)
        if key:
            place = next((p for p in flowables if not isinstance(p, PageBreak)), None)
            if place is None:
                # Nothing is drawn here, but it is a place that a link may lead to.
                place = self.framed(Gap(0.0), area)
                place.keep_with_next = True
                flowables.append(place)
            place.anchors.append(key)
        return flowables

    def with_side(self, flowables: list[Flowable], block: Block, area: Area) -> list[Flowable]:
        """Return a block's flowables with what waits for the side column next to or above them."""
        if area.top_level and flowables and (self.aside or self.overhang):
            return self._beside_column(flowables, block, area)
        return flowables

    def _in_own_language(self, block: Block, area: Area) -> list[Flowable]:
        """Lay out a block in its own language: hyphens, built-in words, language tags."""
        outer, before = self.context, len(area.element.kids)
        self.context = replace(
            outer, language=block.lang, label_of=lambda target: outer.label_of(target)
        )
        flowables = self.setters[type(block)](self, block, area)
        self.context = outer
        for kid in area.element.kids[before:]:
            kid.lang = block.lang
        return flowables

    def _side_head(self, block: Heading, area: Area) -> list[Flowable]:
        """Put a heading into the side column, next to the first lines of what it heads."""
        above = self.take_aside()
        flowables = self.setters[Heading](self, block, area.side())
        if flowables:
            flowables[0].anchors.append(block.id)
        self.aside = flowables
        self.side_head = block, changed(area, side_level=0), area.element.kids[-1]
        return above

    def _above(self) -> list[Flowable]:
        """Return what waits for the side column, to be put above something wide."""
        if self.side_head is None or any(flowable.notes for flowable in self.aside):
            return self.take_aside()
        block, area, element = self.side_head
        kids = area.element.kids
        flowables = self.setters[Heading](
            self, block, changed(area, x=area.wide_x, width=area.wide_width)
        )
        # The heading takes the place of the narrow one, which no line belongs to any longer.
        kids[kids.index(element)] = kids.pop()
        flowables[0].anchors.append(block.id)
        self.take_aside()
        return flowables

    def _beside_column(self, flowables: list[Flowable], block: Block, area: Area) -> list[Flowable]:
        """Put what waits for the side column next to a block, or above it if that is too wide.

        What is in the column already may reach further down than the text next to it.
        """
        wide = isinstance(block, Heading) or any(f.x < area.x - 1 for f in flowables)
        if self.aside:
            room = self._close_overhang()
            if wide:
                return [*room, *self._above(), *flowables]
            aside, self.aside, self.side_head = self.aside, [], None
            flowables, self.overhang = with_aside(aside, flowables)
            return [*room, *flowables]
        if wide:
            return [*self._close_overhang(), *flowables]
        keep_beside(flowables, self.overhang)
        self.overhang = max(0.0, self.overhang - drawn_height(flowables) - flowables[-1].after)
        return flowables

    def _close_overhang(self) -> list[Flowable]:
        """Return the white that the side column needs before something wide."""
        gap, self.overhang = Gap(self.overhang), 0.0
        return [gap] if gap.height else []

    def take_aside(self) -> list[Flowable]:
        """Return what waits for the side column, to be put into the text."""
        aside, self.aside, self.side_head = self.aside, [], None
        return [*self._close_overhang(), *aside]

    def _margin_note(self, block: Division, area: Area) -> list[Flowable]:
        """Return a note in the margin, which goes next to what follows it."""
        element = area.element.child("Div")
        return self.lay_out_all(block.blocks, area.side().inside(element, style="margin"))

    def _caption_key(self, block: Block) -> str:
        """Return the key by which lists of tables and figures refer to a block without an id."""
        if not isinstance(block, (Table, Figure, Directive)):
            return ""
        key = number_key(block)
        return key if key in self.context.number_of else ""

    def style(self, area: Area, classes: tuple[str, ...] = ()) -> TextStyle:
        """Return the text style for a block of `classes` in `area`."""
        theme = self.context.theme
        for name in classes:
            if theme.has(f"text.{name}"):
                return theme.style(name)
        return theme.style(area.style)

    def lines(
        self,
        content: Inlines,
        style: TextStyle,
        element: StructElem | None,
        area: Area,
        source: Any,
    ) -> list[Flowable]:
        """Return running text as flowables, each with the footnotes its page must hold."""
        lines, notes = self.paragraphs.set(
            content, style, element, area.width, self.context, source
        )
        flowables = set_lines(lines, style, self.context, area.x, area.width)
        for flowable, line in zip(flowables, lines, strict=True):
            flowable.frames = area.frames
            flowable.anchors += line.marks()
        if notes:
            self._notes(notes, lines, flowables, element, area)
        return flowables

    def _notes(
        self,
        notes: list[str],
        lines: list[Line],
        flowables: list[Flowable],
        element: StructElem | None,
        area: Area,
    ) -> None:
        """Lay out the footnotes of a paragraph and assign each to the line with its mark."""
        # A note is on the page of its first mark; later marks only link to it.
        waiting = [note for note in dict.fromkeys(notes) if note not in self.footnotes]
        for note in waiting:
            # A note may name itself, or another one that names it.
            self.footnotes[note] = []
            self.footnotes[note] = self._note(note, _note_element(element or area.element))
        for line, flowable in zip(lines, flowables, strict=True):
            targets = {run.style.target for run in line.runs}
            named = [note for note in waiting if f"#note-{note}" in targets]
            waiting = [note for note in waiting if note not in named]
            # What a note names in turn is on the same page.
            nested = [n for note in named for f in self.footnotes[note] for n in f.notes]
            flowable.notes = [*named, *nested]

    def _note(self, note: str, element: StructElem) -> list[Flowable]:
        element.id = f"note-{note}"
        area = self.note_area(element)
        style = self.context.theme.style("footnote")
        number = f"{self.context.note_of.get(note, note)}. "
        line = self.marker_line(number, style, element.child("Lbl"), ListItem(()))
        indent = max(NOTE_INDENT, line.width + 2)
        inner = area.inside(element, indent, style="footnote")
        flowables = self.lay_out_all(self.notes.get(note, ()), inner)
        mark = Marker(line, style, self.context, area.x)
        mark.anchors.append(f"note-{note}")
        return [mark, *flowables]

    def marker_line(
        self, marker: str, style: TextStyle, element: StructElem, item: ListItem
    ) -> Line:
        """Return a marker, such as a bullet or a number, on one line."""
        chunks = InlineLayouter(self.context, style, element, item.source).compose(
            (Text(marker + " "),)
        )
        return one_line(chunks)

    def framed(self, flowable: Flowable, area: Area) -> Flowable:
        """Put `flowable` at the left edge of `area`, inside the boxes around it."""
        flowable.frames = area.frames
        flowable.x = area.x
        return flowable


def _note_element(element: StructElem) -> StructElem:
    """Return the element of a note that `element` names, to be read after its text."""
    parent = element.parent
    if parent is None or parent.tag in NO_NOTES:
        return element.inline_child("Note")
    return parent.child("Note")
