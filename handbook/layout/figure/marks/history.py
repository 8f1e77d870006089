"""Draw a history whose commits are as large as an amount."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from ....core.units import Color
from ...page import Path
from .plot import LEADING, Plot, Point, mix

# From lane to lane where the height is free; the largest disc and the smallest (radius, points).
LANE, LARGEST, SMALLEST = 24.0, 10.5, 1.5
# A line to another lane bends over this share of its height; quiet lanes have this much ground.
BEND, QUIET = 1.15, 0.55
# A commit on another lane than the one before is this many steps away.
TURN = 2.6
# The largest disc has this many steps as its radius; if steps are small, this many points.
CLOSE, CLEAR = 1.1, 6.0


class Commit(NamedTuple):
    """A commit: where it is, and the commits that it follows."""

    branch: str
    text: str
    tag: str
    column: int
    parents: tuple[int, ...]


def draw_history(plot: Plot, commits: Sequence[Commit], sizes: Sequence[float]) -> float:
    """Draw a lane for each branch from edge to edge, discs instead of words; return the height.

    Lanes have names where there is room for them.
    """
    lanes = list(dict.fromkeys(commit.branch for commit in commits))
    named = not plot.height or plot.height / len(lanes) >= LEADING
    above = LEADING if named and any(commit.tag for commit in commits) else 0.0
    height = plot.height or LANE * len(lanes) + above
    lane = (height - above) / len(lanes)
    label = max(plot.pen.width(name) for name in lanes) + 14 if named else 0.0
    most = min(LARGEST, lane * 0.46)
    steps = _steps(commits)
    step = (plot.width - label - 2 * most) / max(1.0, steps[-1])
    rows = {name: height - above - lane * (number + 0.5) for number, name in enumerate(lanes)}
    places = [
        (label + most + step * n, rows[c.branch]) for n, c in zip(steps, commits, strict=True)
    ]
    largest, most = max([*sizes, 1e-9]), min(most, max(step * CLOSE, CLEAR))
    radii = [max(SMALLEST, most * math.sqrt(max(size, 0.0) / largest)) for size in sizes]
    colors = _colors(plot, commits, lanes)
    for name in lanes if named else ():
        strong = not plot.highlights or plot.is_highlighted(name)
        plot.pen.write(0, rows[name] - 3.1, name, color="ink" if strong else "soft")
    _lines(plot, commits, places, colors)
    _discs(plot, commits, places, radii, colors, beads=named)
    for commit, (x, y) in zip(commits, places, strict=True):
        if commit.tag and named:
            half = plot.pen.width(commit.tag, "bold") / 2
            middle = min(x, plot.width - half)
            plot.pen.write(middle, y + most + 4, commit.tag, "bold", align="center")
    return height


def _steps(commits: Sequence[Commit]) -> list[float]:
    """Return where commits are, in steps: a line to another lane needs room to bend."""
    steps = [0.0]
    for before, commit in pairwise(commits):
        leaves = any(commits[parent].branch != commit.branch for parent in commit.parents)
        turns = leaves and before.branch != commit.branch
        steps.append(steps[-1] + (TURN if turns else 1.0))
    return steps


def _colors(plot: Plot, commits: Sequence[Commit], lanes: Sequence[str]) -> dict[str, Color]:
    """Return the colour of each lane: of its area, or strong and quiet ones."""
    pen = plot.pen
    if plot.highlights:
        strong, ground = pen.color("accent-dark"), pen.color("paper")
        quiet = mix(strong, ground, QUIET)
        return {name: strong if plot.is_highlighted(name) else quiet for name in lanes}
    areas = pen.theme.area_colors()
    colors = dict.fromkeys(lanes, pen.color("soft"))
    numbers = plot.numbers("color")
    for branch, number in zip(plot.words("branch"), numbers, strict=True):
        if areas and number >= 1:
            colors[branch] = pen.theme.color(areas[(int(number) - 1) % len(areas)])
    return colors


def _lines(
    plot: Plot, commits: Sequence[Commit], places: Sequence[Point], colors: dict[str, Color]
) -> None:
    """Draw the lines between commits, those of a colour as one path."""
    drawn: dict[Color, list[tuple[float, ...]]] = {color: [] for color in colors.values()}
    ends: dict[Color, dict[Point, int]] = {color: {} for color in drawn}
    for commit, here in zip(commits, places, strict=True):
        merges = len(commit.parents) > 1
        for parent in commit.parents:
            owner = commits[parent] if merges else commit
            color, start = colors[owner.branch], places[parent]
            segments, known = drawn[color], ends[color]
            if start[1] != here[1]:
                segments += _bend(start, here, merges)
            elif start in known:
                # A straight line continues.
                known[here] = known.pop(start)
                segments[known[here]] = (1, *here)
            else:
                known[here] = len(segments) + 1
                segments += [(0, *start), (1, *here)]
    strong = plot.pen.color("accent-dark")
    for color, segments in sorted(drawn.items(), key=lambda item: item[0] == strong):
        if segments:
            plot.pen.items.append(Path(tuple(segments), None, color, 1.7))


def _bend(start: Point, end: Point, merges: bool) -> list[tuple[float, ...]]:
    """Return the line between two commits, which bends into another lane near its end."""
    (x, y), (right, low) = start, end
    bend = min(right - x, abs(low - y) * BEND)
    turn = right - bend
    middle = turn + bend / 2
    curve = (2, middle, y, middle, low, right, low)
    # A branch runs along the lane that it leaves, which is drawn; what is merged has its own.
    return [(0, x, y), (1, turn, y), curve] if merges else [(0, turn, y), curve]


def _discs(
    plot: Plot,
    commits: Sequence[Commit],
    places: Sequence[Point],
    radii: Sequence[float],
    colors: dict[str, Color],
    beads: bool,
) -> None:
    """Draw the commits: as beads with an edge each, or small and plain, of a colour together."""
    paper = plot.pen.color("paper")
    plain: dict[tuple[Color, float], list[tuple[float, ...]]] = {}
    for commit, place, radius in zip(commits, places, radii, strict=True):
        color, disc = colors[commit.branch], ((0, *place), (1, *place))
        if beads:
            plot.pen.items.append(Path(disc, None, paper, 2 * radius + 1.6, round=True))
            plot.pen.items.append(Path(disc, None, color, 2 * radius, round=True))
        else:
            plain.setdefault((color, round(2 * radius)), []).extend(disc)
    for (color, size), discs in plain.items():
        plot.pen.items.append(Path(tuple(discs), None, color, size, round=True))
