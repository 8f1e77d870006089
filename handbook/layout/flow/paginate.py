"""Fill pages with flowables, and draw them.

The flowables say where a page may end (`keep_with_next`, `break_cost`); `breaks` chooses.  A
flowable that fits no page is split if it can be, and placed as it is otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field

from ...core.values import record
from ..page import Page, Segment
from .breaks import PageBreaker, PagePlan
from .flowables import BoxDecoration, Flowable, draw_stack, drawn_height
from .notes import NOTE_RULE

# How far a box's ground reaches beyond its text where a page cuts it.
CUT = 5.0


@record
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


@record
class PositionedFlowable:
    """A flowable and the distance of its top from the frame's top (points)."""

    flowable: Flowable
    offset: float


@record
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
    """Puts flowables on pages `available_height` high; the first begins `first_drop` lower.

    White up to `rigid` is never drawn out to fill a page.  `starts_right` says whether the first is
    a right-hand page, if pages face one another.
    """

    def __init__(
        self,
        available_height: float,
        rigid: float,
        first_drop: float,
        notes: Mapping[str, list[Flowable]],
        starts_right: bool | None = None,
    ) -> None:
        self.available_height = available_height
        self.rigid = rigid
        self.first_drop = first_drop
        self.notes = notes
        self.starts_right = starts_right

    def build(self, flowables: Sequence[Flowable]) -> list[PageContent]:
        """Return the pages that `flowables` fill."""
        breaker = PageBreaker(
            flowables, self.available_height, self.first_drop, self.rigid, self.notes,
            self.starts_right,
        )  # fmt: skip
        plans = breaker.plan()
        left = [plan.start.continued for plan in plans[1:]] + [()]
        return [
            page_content(breaker, plan, 0.0 if number else self.first_drop, left[number])
            for number, plan in enumerate(plans)
        ]


def page_content(
    breaker: PageBreaker, plan: PagePlan, drop: float = 0.0, left: Sequence[Flowable] = ()
) -> PageContent:
    """Return a page as it was planned, its first flowable `drop` below its top.

    `left` is what the plan leaves of the page's notes for the next page.
    """
    sheet = PageContent()
    start = plan.start
    if start.index < len(breaker.flowables):
        # What notes that continue leave free is not white to draw out.
        strain = min(plan.strain, 0.0) if left or start.continued else plan.strain
        _place(sheet, breaker, plan, drop, strain)
    names = [name for placed in sheet.placed for name in placed.flowable.notes]
    placer = breaker.placer
    sheet.notes, rest = placer.place(start.continued, names, sheet.used, bool(sheet.placed))
    if len(rest) != len(left):
        # What was drawn closer since then must neither lose nor repeat a line of a note.
        every = [*sheet.notes, *rest]
        sheet.notes = every[: len(every) - len(left)]
    return sheet


def _place(
    sheet: PageContent, breaker: PageBreaker, plan: PagePlan, y: float, strain: float
) -> None:
    """Stack the flowables of a page, its flexible spaces drawn out alike."""
    start = plan.start
    chosen = [*breaker.flowables[start.index : plan.end]]
    if start.rest is not None:
        chosen[:1] = [start.rest]
    if plan.head is not None:
        chosen = [*chosen[: plan.end - start.index], plan.head]
    for row in chosen[0].repeated_header:
        sheet.repeated.append(PositionedFlowable(row, y))
        y += row.height + row.after
    for place, flowable in enumerate(chosen, start.index):
        if place > start.index:
            flex = breaker.flex[place] - breaker.flex[place - 1]
            y += breaker.gaps[place] + flex * strain
        sheet.placed.append(PositionedFlowable(flowable, y))
        y += flowable.height
    sheet.used = y


def stacked(flowables: Sequence[Flowable]) -> PageContent:
    """Return flowables one below the other, with the white between them as it is."""
    sheet, before = PageContent(), 0.0
    for place, flowable in enumerate(flowables):
        sheet.used += max(before, flowable.before) if place else 0.0
        sheet.placed.append(PositionedFlowable(flowable, sheet.used))
        sheet.used, before = sheet.used + flowable.height, flowable.after
    return sheet


def draw_sheet(
    sheet: PageContent,
    page: Page,
    geometry: Geometry,
    bar: float,
    around: tuple[set[BoxDecoration], set[BoxDecoration]],
) -> None:
    """Draw boxes and flowables on `page`; `bar` is the width of a box's bar (points).

    `around` has the boxes of the sheets before and after: one that continues there keeps
    a little of its ground beyond its text.
    """
    left, top = geometry.left, geometry.top
    for placed in sheet.repeated:
        placed.flowable.draw(page, left, top - placed.offset, artifact=True)
    for frame, first, last in _spans(sheet):
        above = CUT if frame in around[0] else 0.0
        below = CUT if frame in around[1] else 0.0
        frame.draw(page, left, top - first + above, top - last - below, bar)
    for placed in sheet.placed[:1]:
        placed.flowable.draw_first(page, left, top - placed.offset)
    for placed in _in_reading_order(sheet.placed):
        placed.flowable.draw(page, left, top - placed.offset)


def _in_reading_order(placed: Sequence[PositionedFlowable]) -> Iterator[PositionedFlowable]:
    """Yield what is on a page as it is read: a caption next to its figure behind the figure."""
    waiting: list[PositionedFlowable] = []
    for one in placed:
        if one.flowable.read_after is not None:
            waiting.append(one)
            continue
        yield one
        while waiting and waiting[0].flowable.read_after is one.flowable:
            yield waiting.pop(0)
    yield from waiting


def boxes_of(sheet: PageContent) -> set[BoxDecoration]:
    """Return the boxes on a page."""
    return {frame for placed in sheet.placed for frame in placed.flowable.frames}


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
