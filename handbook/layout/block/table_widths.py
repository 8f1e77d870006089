"""Divide the width of a table among its columns so that its rows are low.

Each column has its widest word; what is left is dealt out in equal parts.  From a division by how
much there is to read in each column, parts go from one column to another as long as the rows
become lower.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field
from itertools import permutations

from ...core.values import record
from ..inline.line_breaking import Stops, line_count

# Parts into which the width is dealt out; how many of them go to another column at a time.
PARTS = 32
STEPS = (8, 6, 4, 3, 2, 1)
# Of a long table this many rows, evenly spaced, are looked at.
SAMPLED = 20
# A line of a row costs this many times as much as a line of a cell next to a higher one.
ROW_LINE = 16
# This many divisions are tried, at most.
TRIES = 2000


@record
class Measures:
    """The least and the natural width of each column; for each row its cells that may wrap.

    A cell has its column and, for each paragraph, where its words stop.  `rows` is None if a cell
    has other content than paragraphs.
    """

    least: list[float]
    most: list[float]
    white: float = 0.0
    rows: list[list[tuple[int, list[Stops]]]] | None = field(default_factory=list)


def fitted(measures: Measures, total: float) -> list[float]:
    """Return widths by content: all of it on one line if that fits, or such that rows are low."""
    least, most = measures.least, measures.most
    if sum(most) <= total:
        extra = total - sum(most)
        return [width + extra * width / sum(most) for width in most]
    low = sum(least)
    if low >= total:
        return [width * total / low for width in least]
    share = [(high - lo) ** 0.7 for lo, high in zip(least, most, strict=True)]
    spare = total - low
    rows = [row for row in measures.rows or () if row]
    if len(least) < 2 or not rows:
        return [lo + spare * w / sum(share) for lo, w in zip(least, share, strict=True)]
    if len(rows) > SAMPLED:
        rows = [rows[number * len(rows) // SAMPLED] for number in range(SAMPLED)]
    parts = _Division(measures, rows, spare / PARTS).best(_dealt(share))
    return [lo + spare * part / PARTS for lo, part in zip(least, parts, strict=True)]


def _dealt(share: Sequence[float]) -> list[int]:
    """Return whole parts in proportion to `share`, `PARTS` in all."""
    whole = sum(share)
    dealt: list[int] = []
    before = 0.0
    for column_share in share:
        dealt.append(round(PARTS * (before + column_share) / whole) - sum(dealt))
        before += column_share
    return dealt


class _Division:
    """Tries divisions of the width of a table; `part` is what one part is wide."""

    def __init__(
        self, measures: Measures, rows: list[list[tuple[int, list[Stops]]]], part: float
    ) -> None:
        self.least = [width - measures.white for width in measures.least]
        self.part = part
        self.height = len(rows)
        # The cells of each column, as (row, paragraphs).
        self.cells: list[list[tuple[int, list[Stops]]]] = [[] for _ in measures.least]
        for number, row in enumerate(rows):
            for column, paragraphs in row:
                self.cells[column].append((number, paragraphs))
        self.known: dict[tuple[int, int], list[int]] = {}

    def best(self, parts: list[int]) -> list[int]:
        """Return the parts of each column after all moves that make the rows lower."""
        lines = [self._lines(column, count) for column, count in enumerate(parts)]
        cost = _cost(lines)
        tries = 0
        for step in STEPS:
            better = True
            while better:
                better = False
                for giver, taker in self._pairs(lines):
                    if parts[giver] < step:
                        continue
                    if (tries := tries + 1) > TRIES:
                        return parts
                    tried = list(lines)
                    tried[giver] = self._lines(giver, parts[giver] - step)
                    tried[taker] = self._lines(taker, parts[taker] + step)
                    if (tried_cost := _cost(tried)) < cost:
                        parts[giver] -= step
                        parts[taker] += step
                        lines, cost, better = tried, tried_cost, True
                        break
        return parts

    def _pairs(self, lines: list[list[int]]) -> Iterator[tuple[int, int]]:
        """Return pairs of columns; the second has a row's highest cell."""
        high = list(map(max, zip(*lines, strict=True)))
        takers = {
            column
            for column, counts in enumerate(lines)
            if any(1 < count == most for count, most in zip(counts, high, strict=True))
        }
        return (pair for pair in permutations(range(len(lines)), 2) if pair[1] in takers)

    def _lines(self, column: int, parts: int) -> list[int]:
        """Return how many lines the cells of a column have, row by row."""
        counts = self.known.get((column, parts))
        if counts is None:
            counts = [0] * self.height
            width = self.least[column] + self.part * parts
            for row, paragraphs in self.cells[column]:
                counts[row] = sum([line_count(stops, width) for stops in paragraphs])
            self.known[column, parts] = counts
        return counts


def _cost(lines: list[list[int]]) -> int:
    """Return the cost of the rows, given the lines of each column's cells."""
    high: int = sum(map(max, zip(*lines, strict=True)))
    return ROW_LINE * high + sum(map(sum, lines))
