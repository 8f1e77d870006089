"""Lay out the rows of a table."""

from __future__ import annotations

from dataclasses import replace

from ...core.units import Color
from ...core.values import record
from ..flow.flowables import Flowable, draw_stack, drawn_height, fitting
from ..page import Box, Drawing, Page, Segment, moved
from ..structure import StructElem

# Rows of up to this many lines stay whole; a taller one may continue on the next page.
WHOLE_LINES = 12.7


# The width of the bar that marks a row, and the least white between it and the words (points).
BAR, BAR_WHITE = 2.5, 2.0
# The weight of the rule below a row (points).
RULE = 0.5


@record
class CellBox:
    """A cell laid out: its flowables, its place in the row; `rows` is how many it spans."""

    x: float
    width: float
    flowables: list[Flowable]
    rows: int = 1


class RowPiece(Flowable):
    """A row of cells, with its background and the rule below it.

    The bar at its left is solid or `broken`, so that marks differ without colour.
    """

    __slots__ = (
        "bar",
        "bar_element",
        "broken",
        "cells",
        "fill",
        "hang",
        "open",
        "pad",
        "rule",
        "spanning_cells",
        "weight",
        "whole",
        "width",
    )

    def __init__(
        self,
        cells: list[CellBox],
        x: float,
        width: float,
        pad: float,
        fill: Color | None,
        rule: Color | None,
        bar: Color | None = None,
        broken: bool = False,
    ) -> None:
        heights = (drawn_height(cell.flowables) for cell in cells if cell.rows == 1)
        tallest = max(heights, default=0.0)
        super().__init__(tallest + 2 * pad, x)
        self.cells = cells
        self.notes = [
            note for cell in cells for flowable in cell.flowables for note in flowable.notes
        ]
        self.width = width
        self.pad = pad
        self.fill = fill
        self.rule = rule
        self.weight = RULE
        self.bar = bar
        self.broken = broken
        self.bar_element: StructElem | None = None
        # How far the bar is out to the left, where the words begin near the edge.
        self.hang = 0.0
        # Cells from rows above that reach into this one, and those that reach beyond it.
        self.whole = 0.0
        self.spanning_cells: list[CellBox] = []
        self.open: list[CellBox] = []

    def draw(self, page: Page, left: float, top: float, artifact: bool = False) -> None:
        """Draw background, rule and cells."""
        x = left + self.x
        bottom = top - self.height
        if self.fill:
            page.background.append(Box(x, bottom, self.width, self.height, self.fill))
        if self.bar:
            self._draw_bar(page, x, bottom, artifact)
        if self.rule:
            for start, end in self._below():
                page.background.append(
                    Segment(left + start, bottom, left + end, bottom, self.rule, self.weight)
                )
        for cell in self.cells:
            draw_stack(cell.flowables, page, left, top - self.pad, artifact)

    def _draw_bar(self, page: Page, x: float, bottom: float, artifact: bool) -> None:
        """Draw the bar of a marked row; its element says in words what it means."""
        assert self.bar is not None
        x -= self.hang
        edge = BAR / 2
        item: Segment | Box = Box(0.0, 0.0, BAR, self.height, self.bar)
        if self.broken:
            item = Segment(edge, 1.0, edge, self.height, self.bar, BAR, 2 * BAR)
        if self.bar_element is None or artifact:
            page.background.append(moved(item, x, bottom))
        else:
            drawing = Drawing(x, bottom, BAR, self.height, (item,), self.bar_element)
            page.items.append(drawing)

    def _below(self) -> list[tuple[float, float]]:
        """Return where the rule below the row runs: not through a cell that continues below."""
        spans: list[tuple[float, float]] = []
        start = self.x
        for cell in sorted(self.open, key=lambda cell: cell.x):
            if cell.x > start:
                spans.append((start, cell.x))
            start = cell.x + cell.width
        end = self.x + self.width
        return [*spans, (start, end)] if start < end - 0.1 else spans

    def draw_first(self, page: Page, left: float, top: float) -> None:
        """Repeat at the head of a page what spans this row from the page before."""
        for cell in self.spanning_cells:
            draw_stack(cell.flowables, page, left, top - self.pad, artifact=True)

    def all_anchors(self) -> list[str]:
        """Return its own ids and those of its cells."""
        inner = [
            a for cell in self.cells for flowable in cell.flowables for a in flowable.all_anchors()
        ]
        return [*self.anchors, *inner]

    def split(self, area: float) -> tuple[Flowable, Flowable] | None:
        """Return the lines that fit, and the rest; each cell with lines left gives at least one."""
        if self.height <= self.whole:
            return None
        inner = area - 2 * self.pad
        heads: list[CellBox] = []
        tails: list[CellBox] = []
        for cell in self.cells:
            count, good = fitting(cell.flowables, inner)
            count = good or count
            if count == 0 and cell.flowables:
                return None
            heads.append(replace(cell, flowables=cell.flowables[:count]))
            tails.append(replace(cell, flowables=cell.flowables[count:]))
        if not any(cell.flowables for cell in tails):
            return None
        run_style = (self.x, self.width, self.pad, self.fill)
        first = RowPiece(heads, *run_style, None, self.bar, self.broken)
        rest = RowPiece(tails, *run_style, self.rule, self.bar, self.broken)
        for part in (first, rest):
            part.frames, part.repeated_header, part.spanning_cells = (
                self.frames,
                self.repeated_header,
                self.spanning_cells,
            )
            part.whole = self.whole
            part.bar_element, part.hang = self.bar_element, self.hang
        first.open, rest.open = [*self.spanning_cells, *heads], self.open
        first.anchors, first.before = self.anchors, self.before
        rest.after, rest.keep_with_next = self.after, self.keep_with_next
        return first, rest
