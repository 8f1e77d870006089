"""Fill pages with flowables: a page ends at the last place where a break is allowed.

The flowables say so (`keep_with_next`): no heading at a page's foot, no single first or last line
of a paragraph, header rows with their first row.  A flowable that fits no page is split if it can
be, and placed as it is otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..page import Page, Segment
from .flowables import BoxDecoration, Flowable, PageBreak, draw_stack, drawn_height, fitting

# Do not start splitting a row in less than this (points).
SPLIT_ROOM = 60.0
# Above the first footnote, and between two of them (points).
NOTE_RULE = 12.0
NOTE_GAP = 3.0
# A note above this share of a page's height may continue on the next page, and so much of a page
# with text is left for notes that do.
LONG_NOTE = 0.3
CONTINUED_NOTES = 0.5
# How far a box's ground reaches beyond its text where a page cuts it.
CUT = 5.0


@dataclass(slots=True)
class Geometry:
    """A page's frame, in points: `left` is the wide frame's edge, y counts from the bottom."""

    width: float
    height: float
    left: float
    top: float
    bottom: float

    @property
    def available_height(self) -> float:
        """Return the height of the frame."""
        return self.top - self.bottom


@dataclass(slots=True)
class PositionedFlowable:
    """A flowable and the distance of its top from the frame's top (points)."""

    flowable: Flowable
    offset: float


@dataclass(slots=True)
class PageContent:
    """The flowables of one page; `repeated` are drawn first, as artifacts.

    A `blank` page is for the reader's notes.  A `landscape` one is wider than high.
    """

    placed: list[PositionedFlowable] = field(default_factory=list)
    repeated: list[PositionedFlowable] = field(default_factory=list)
    used: float = 0.0
    notes: list[Flowable] = field(default_factory=list)
    blank: bool = False
    landscape: bool = False


class Paginator:
    """Stacks flowables on pages `available_height` high; the first begins `first_drop` lower."""

    def __init__(
        self,
        available_height: float,
        grid: float,
        first_drop: float,
        notes: Mapping[str, list[Flowable]],
    ) -> None:
        self.available_height = available_height
        self.notes = notes
        self.grid = grid
        self.first_drop = first_drop
        # What is left of notes that began on the page before.
        self._continued: list[Flowable] = []

    def build(self, flowables: Sequence[Flowable]) -> list[PageContent]:
        """Return the pages that `flowables` fill."""
        queue = list(flowables)
        sheets: list[PageContent] = []
        start = 0
        while start < len(queue):
            if isinstance(queue[start], PageBreak):
                start += 1
                continue
            drop = self.first_drop if not sheets else 0.0
            sheet, start = self._sheet(queue, start, drop)
            sheets.append(sheet)
        while self._continued:
            sheets.append(self._with_notes(PageContent()))
        return sheets

    def _sheet(self, queue: list[Flowable], start: int, drop: float) -> tuple[PageContent, int]:
        sheet = PageContent()
        y = self._repeat(sheet, queue[start], drop)
        after = 0.0
        good = start
        good_count = 0
        foot = self._continued_height()
        index = start
        while index < len(queue):
            flowable = queue[index]
            if isinstance(flowable, PageBreak):
                break
            top = y if index == start else self._next_top(y, after, flowable)
            if flowable.notes:
                foot += self._foot(flowable.notes, foot)
            if (
                flowable.drop_at_page_start
                and top + flowable.height > self.available_height - foot + 0.01
            ):
                index += 1
                continue
            if top + flowable.height > self.available_height - foot + 0.01:
                full = self._full(sheet, queue, start, index, top, good, good_count, foot)
                return self._with_notes(full[0]), full[1]
            sheet.placed.append(PositionedFlowable(flowable, top))
            y, after = top + flowable.height, flowable.after
            index += 1
            if not flowable.keep_with_next:
                good, good_count = index, len(sheet.placed)
        sheet.used = y
        return self._with_notes(sheet), index

    def _foot(self, notes: list[str], before: float) -> float:
        """Return the height that `notes` need at least; `before` is that of the notes above."""
        height = sum(self._least_height(self.notes[note]) + NOTE_GAP for note in notes)
        return height + (0.0 if before else NOTE_RULE)

    def _least_height(self, note: Sequence[Flowable]) -> float:
        """Return the height of a note or, of a long one, that of its first lines."""
        height = drawn_height(note)
        if height <= self.available_height * LONG_NOTE:
            return height
        tall = next((n for n, f in enumerate(note, 1) if f.height and not f.keep_with_next), 1)
        return min(height, drawn_height(note[:tall]))

    def _continued_height(self) -> float:
        """Return the height to leave for notes that began on the page before."""
        if not self._continued:
            return 0.0
        height = drawn_height(self._continued) + NOTE_RULE
        return min(height, self.available_height * CONTINUED_NOTES)

    def _with_notes(self, sheet: PageContent) -> PageContent:
        """Add the footnotes of the lines on a page; what does not fit goes to the next page."""
        notes = self._continued
        for placed in sheet.placed:
            for note in placed.flowable.notes:
                flowables = self.notes[note]
                if flowables:
                    flowables[-1].after = NOTE_GAP
                notes = [*notes, *flowables]
        available = self.available_height - sheet.used - NOTE_RULE
        if drawn_height(notes) <= available + NOTE_GAP:
            sheet.notes, self._continued = notes, []
            return sheet
        count, good = fitting(notes, available)
        count = good or (0 if sheet.placed else max(count, 1))
        if not count or not any(flowable.height for flowable in notes[:count]):
            halves = notes[count].split(available) if not sheet.placed else None
            if halves:
                notes = [*notes[:count], *halves, *notes[count + 1 :]]
            count = 0 if sheet.placed else count + 1
        sheet.notes, self._continued = notes[:count], notes[count:]
        return sheet

    def _next_top(self, y: float, after: float, flowable: Flowable) -> float:
        top = y + max(after, flowable.before)
        if flowable.snap:
            rest = top % self.grid
            if 0.01 < rest < self.grid - 0.01:
                top += self.grid - rest
        return top

    def _repeat(self, sheet: PageContent, first: Flowable, y: float) -> float:
        for flowable in first.repeated_header:
            sheet.repeated.append(PositionedFlowable(flowable, y))
            y += flowable.height + flowable.after
        return y

    def _full(
        self, sheet: PageContent, queue: list[Flowable], start: int, index: int, top: float,
        good: int, good_count: int, foot: float,
    ) -> tuple[PageContent, int]:  # fmt: skip
        flowable = queue[index]
        available_height = self.available_height - foot - top
        if available_height > SPLIT_ROOM or index == start:
            halves = flowable.split(available_height)
            if halves:
                sheet.placed.append(PositionedFlowable(halves[0], top))
                queue[index : index + 1] = list(halves)
                sheet.used = top + halves[0].height
                return sheet, index + 1
        if good > start:
            return self._end(sheet, good_count), good
        if index == start:
            sheet.placed.append(PositionedFlowable(flowable, top))
            index += 1
        return self._end(sheet, len(sheet.placed)), index

    def _end(self, sheet: PageContent, count: int) -> PageContent:
        del sheet.placed[count:]
        last = sheet.placed[-1]
        sheet.used = last.offset + last.flowable.height
        return sheet


def draw_sheet(
    sheet: PageContent,
    page: Page,
    geometry: Geometry,
    bar: float,
    around: tuple[set[int], set[int]],
) -> None:
    """Draw boxes and flowables on `page`; `bar` is the width of a box's bar (points).

    `around` names the frames of the sheets before and after: a box that goes on there keeps
    a little of its ground beyond its text.
    """
    left, top = geometry.left, geometry.top
    for placed in sheet.repeated:
        placed.flowable.draw(page, left, top - placed.offset, artifact=True)
    for frame, first, last in _spans(sheet):
        above = CUT if id(frame) in around[0] else 0.0
        below = CUT if id(frame) in around[1] else 0.0
        frame.draw(page, left, top - first + above, top - last - below, bar)
    for placed in sheet.placed[:1]:
        placed.flowable.draw_first(page, left, top - placed.offset)
    for placed in sheet.placed:
        placed.flowable.draw(page, left, top - placed.offset)


def frames_of(sheet: PageContent) -> set[int]:
    """Return the boxes on a page, by identity."""
    return {id(frame) for placed in sheet.placed for frame in placed.flowable.frames}


def draw_notes(sheet: PageContent, page: Page, geometry: Geometry, rule: Segment) -> None:
    """Draw footnotes at the foot of the page, below a short rule."""
    if not sheet.notes:
        return
    height = drawn_height(sheet.notes)
    top = geometry.bottom + height
    page.items.append(rule._replace(y1=top + NOTE_RULE / 2, y2=top + NOTE_RULE / 2))
    draw_stack(sheet.notes, page, geometry.left, top)


def _spans(sheet: PageContent) -> list[tuple[BoxDecoration, float, float]]:
    """Return each box on the page with the offsets of its top and foot, outer ones first."""
    spans: dict[int, list[object]] = {}
    for placed in sheet.placed:
        bottom = placed.offset + placed.flowable.height
        for frame in placed.flowable.frames:
            known = spans.get(id(frame))
            if known is None:
                spans[id(frame)] = [frame, placed.offset, bottom]
            else:
                known[2] = bottom
    return [(s[0], s[1], s[2]) for s in spans.values()]  # type: ignore[misc]
