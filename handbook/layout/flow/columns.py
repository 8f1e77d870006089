"""Lay out lines in columns: the second continues where the first ends, on every page."""

from __future__ import annotations

from collections.abc import Sequence

from ..page import Page
from .flowables import Flowable, draw_stack, drawn_height


class Columns(Flowable):
    """Lines in `count` columns of `width` points, `gap` apart; the last page's are even."""

    __slots__ = ("columns", "count", "gap", "lines", "width")

    def __init__(
        self, lines: Sequence[Flowable], x: float, width: float, gap: float, count: int,
        columns: list[list[Flowable]] | None = None,
    ) -> None:  # fmt: skip
        self.lines = list(lines)
        self.width = width
        self.gap = gap
        self.count = count
        self.columns = columns if columns is not None else self._even()
        super().__init__(max(map(drawn_height, self.columns), default=0.0), x)

    def draw(self, page: Page, left: float, top: float, artifact: bool = False) -> None:
        """Draw the columns side by side."""
        for number, column in enumerate(self.columns):
            x = left + self.x + number * (self.width + self.gap)
            draw_stack(column, page, x, top, artifact)

    def all_anchors(self) -> list[str]:
        """Return its own ids and those of its lines."""
        return [*self.anchors, *(a for line in self.lines for a in line.all_anchors())]

    def split(self, available_height: float) -> tuple[Flowable, Flowable] | None:
        """Return as many lines as columns of `available_height` hold, and the rest."""
        columns, used = self._filled(available_height)
        if not used or used == len(self.lines):
            return None
        first = Columns(self.lines[:used], self.x, self.width, self.gap, self.count, columns)
        rest = Columns(self.lines[used:], self.x, self.width, self.gap, self.count)
        first.anchors, first.before, rest.after = self.anchors, self.before, self.after
        return first, rest

    def _filled(self, height: float) -> tuple[list[list[Flowable]], int]:
        """Return columns of at most `height`, and how many lines they hold; entries stay whole."""
        columns: list[list[Flowable]] = []
        start = 0
        while start < len(self.lines) and len(columns) < self.count:
            end = good = start
            used = after = 0.0
            while end < len(self.lines):
                line = self.lines[end]
                used += line.height + (max(after, line.before) if end > start else 0.0)
                after = line.after
                if used > height + 0.01:
                    break
                end += 1
                if not line.keep_with_next:
                    good = end
            if good == start:
                break
            columns.append(self.lines[start:good])
            start = good
        return columns, start

    def _even(self) -> list[list[Flowable]]:
        """Return all lines in columns as short as possible."""
        low, high = 0.0, drawn_height(self.lines)
        while high - low > 1:
            middle = (low + high) / 2
            if self._filled(middle)[1] == len(self.lines):
                high = middle
            else:
                low = middle
        return self._filled(high)[0]
