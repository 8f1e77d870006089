"""Lay out text in columns: the second continues where the first ends, on every page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import copy

from ..page import Page
from .breaks import SHRINK, PageBreaker, PageStart
from .costs import STRANDED
from .flowables import INSIDE_WHOLE, BoxDecoration, Flowable, drawn_height
from .paginate import Geometry, PageContent, boxes_of, draw_sheet, page_content, stacked

# Columns are made even to this precision (points).
EVEN = 3.0
# Columns are lopsided if the last has less than this share of their height, which is not low.
LOPSIDED, NOT_LOW = 0.25, 0.12
# What is no higher than this (points) is not split between columns.
SHORT_COLUMN = 60.0


class Columns(Flowable):
    """Text in `count` columns of `width` points, `gap` apart; the last page's are even.

    `limit` is the height of a page, `bar` the width of a box's bar.
    """

    __slots__ = ("bar", "columns", "count", "flowables", "gap", "least", "limit", "rigid", "width")

    def __init__(
        self, flowables: Sequence[Flowable], x: float, width: float, gap: float, count: int,
        limit: float, rigid: float = 0.0, bar: float = 0.0,
    ) -> None:  # fmt: skip
        super().__init__(0.0, x)
        self.flowables = list(flowables)
        self.width = width
        self.gap = gap
        self.count = count
        self.limit = limit
        self.least = 0.0
        self.rigid = rigid
        self.bar = bar
        self.columns: list[PageContent] = []
        self.notes = [note for flowable in flowables for note in flowable.notes]
        self._even()

    def _even(self) -> None:
        """Make the columns even if they fit a page; else they are `split` before drawing.

        What should stay whole does, even if the columns are less even for that.
        """
        self.height = self.limit + 1
        self.least = self._least()
        whole = [f for f in self.flowables[:-1] if f.break_cost >= INSIDE_WHOLE]
        kept = [flowable.keep_with_next for flowable in whole]
        for flowable in whole:
            flowable.keep_with_next = True
        columns = self._evened(whole=True)
        for flowable, keeps in zip(whole, kept, strict=True):
            flowable.keep_with_next = keeps
        if columns is None and not self._goes_on_well():
            columns = self._evened(whole=False)
        if columns is not None:
            self._take(columns)

    def _goes_on_well(self) -> bool:
        """Return whether a page's columns hold the first of this with nothing split badly."""
        columns, left, costs = self._fill(self._within(self.limit), self.limit)
        return bool(columns) and left.index > 0 and all(cost < STRANDED for cost in costs)

    def _evened(self, *, whole: bool) -> list[PageContent] | None:
        least = sum(f.height + f.before for f in self.flowables) / self.count
        if least * 0.8 > self.limit:
            return None
        low = max(least * 0.8, min(SHORT_COLUMN, self.limit))
        tallest = max((f.height for f in self.flowables), default=0.0)
        high = min(self.limit, max(low, least) + tallest + 20.0)
        if (columns := self._filled(low, whole)) is not None:
            return columns
        columns = self._filled(high, whole)
        while columns is None and high < self.limit:
            low, high = high, min(self.limit, high * 1.2)
            columns = self._filled(high, whole)
        while columns is not None and high - low > EVEN:
            middle = (low + high) / 2
            fewer = self._filled(middle, whole)
            if fewer is None:
                low = middle
            else:
                high, columns = middle, fewer
        return columns

    def _least(self) -> float:
        """Return a height that all columns together have at least, however they end."""
        kept = [flowable for flowable in self.flowables if not flowable.drop_at_page_start]
        spaces = sorted(flowable.after for flowable in kept[:-1])
        between = sum(spaces[: len(spaces) - self.count + 1])
        return sum(flowable.height for flowable in kept) + between * (1 - SHRINK)

    def _take(self, columns: list[PageContent]) -> None:
        self.columns = columns
        self.height = max((column.used for column in columns), default=0.0)

    def _filled(self, height: float, whole: bool) -> list[PageContent] | None:
        """Return columns of `height` that hold everything, None if they do not."""
        if self.least > (height + 0.1) * self.count:
            return None
        columns, left, costs = self._fill(self.flowables, height)
        if left.index < len(self.flowables):
            return None
        if whole and any(cost >= STRANDED for cost in costs[:-1]):
            return None
        return columns if all(column.used <= height + 0.1 for column in columns) else None

    def _fill(
        self, flowables: Sequence[Flowable], height: float
    ) -> tuple[list[PageContent], PageStart, list[float]]:
        """Return at most `count` columns of `height`, where the rest begins, their ends' costs."""
        breaker = PageBreaker(flowables, height, 0.0, self.rigid, NO_NOTES)
        plans = breaker.plan(self.count)
        columns = [page_content(breaker, plan) for plan in plans]
        costs = [0.0 if plan.head else breaker.cost_of(plan.end) for plan in plans]
        return columns, breaker.left, costs

    def is_one_column(self) -> bool:
        """Return whether all is in the first column, and nothing next to it."""
        return bool(self.columns) and not any(column.placed for column in self.columns[1:])

    def is_lopsided(self, block: Sequence[Flowable]) -> bool:
        """Return whether a whole block makes one column much higher than the last one."""
        if not self.columns or self.height < NOT_LOW * self.limit:
            return False
        high = sum(flowable.height for flowable in block) > self.height / 2
        return high and self.columns[-1].used < LOPSIDED * self.height

    def draw(self, page: Page, left: float, top: float, artifact: bool = False) -> None:
        """Draw the columns side by side."""
        if not self.columns:
            # No page is high enough for what cannot be split.
            self._take(self._fill(self.flowables, 1e6)[0])
        around: list[set[BoxDecoration]] = [set(), *map(boxes_of, self.columns), set()]
        for number, column in enumerate(self.columns):
            x = left + self.x + number * (self.width + self.gap)
            geometry = Geometry(page.width, page.height, x, top, top - self.height)
            boxes = (around[number], around[number + 2])
            draw_sheet(column, page, geometry, self.bar, boxes)

    def right_edge(self) -> float:
        """Return how far the last column reaches to the right."""
        return self.x + self.count * (self.width + self.gap) - self.gap

    def places(self, offset: float) -> Iterator[tuple[Flowable, float]]:
        """Yield what is in the columns, with its distance from the top of the page's frame."""
        yield self, offset
        for column in self.columns:
            for placed in column.placed:
                yield from placed.flowable.places(offset + placed.offset)

    def split(self, available_height: float) -> tuple[Flowable, Flowable] | None:
        """Return as much as columns of `available_height` hold, and the rest."""
        columns, left, costs = self._fill(self._within(available_height), available_height)
        if not columns or left.index >= len(self.flowables):
            return None
        if not left.index and left.rest is None:
            return None
        if any(column.used > available_height + 0.1 for column in columns):
            return None
        first, rest = copy(self), copy(self)
        first.flowables = [p.flowable for column in columns for p in column.placed]
        first.notes = [note for flowable in first.flowables for note in flowable.notes]
        first._take(columns)
        rest.flowables = self.flowables[left.index :]
        if left.rest is not None:
            rest.flowables[:1] = [left.rest]
        rest.notes = [note for flowable in rest.flowables for note in flowable.notes]
        rest.columns = []
        rest._even()
        first.after, first.keep_with_next, first.break_cost = 0.0, False, sum(costs)
        rest.anchors, rest.before = [], 0.0
        return first, rest

    def _within(self, height: float) -> Sequence[Flowable]:
        """Return as many flowables as may be on one page."""
        total, limit = 0.0, height * self.count * 1.15 + 100
        for place, flowable in enumerate(self.flowables):
            total += flowable.height
            if total > limit:
                return self.flowables[: max(1, place)]
        return self.flowables


class SideBySide(Flowable):
    """Stacks of flowables side by side, which stay on one page; each knows its own x."""

    __slots__ = ("stacks",)

    def __init__(self, stacks: Sequence[Sequence[Flowable]]) -> None:
        super().__init__(max(map(drawn_height, stacks)), stacks[0][0].x)
        self.stacks = [stacked(stack) for stack in stacks]

    def draw(self, page: Page, left: float, top: float, artifact: bool = False) -> None:
        """Draw one stack after the other."""
        geometry = Geometry(page.width, page.height, left, top, top - self.height)
        for stack in self.stacks:
            draw_sheet(stack, page, geometry, 0.0, (set(), set()))

    def right_edge(self) -> float:
        """Return how far the last stack reaches to the right."""
        return max(p.flowable.right_edge() for stack in self.stacks for p in stack.placed)

    def all_anchors(self) -> list[str]:
        """Return the ids of what is in the stacks."""
        return [name for stack in self.stacks for p in stack.placed for name in p.flowable.anchors]

    def places(self, offset: float) -> Iterator[tuple[Flowable, float]]:
        """Yield what is in the stacks, with its distance from the top of the page's frame."""
        for stack in self.stacks:
            for placed in stack.placed:
                yield from placed.flowable.places(offset + placed.offset)


NO_NOTES: Mapping[str, list[Flowable]] = {}
