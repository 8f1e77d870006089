"""Keep words legible, and colours grey in books that are printed in grey."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ...core.diagnostics import Source
from ...core.units import Color
from ...theme.contrast import AA, contrast, luminance
from ...theme.theme import Theme
from ..page import Path
from .pen import Chart, scaled

# Words of a figure that are smaller than this (points) are reported.
LEAST_WORDS = 8.5


def as_high(chart: Chart, room: float, theme: Theme, source: Source) -> Chart:
    """Return a drawing no higher than `room` (points): smaller where it would be cut off."""
    if chart.height <= room:
        return chart
    share = room / chart.height
    words = theme.style("figure").size * share
    shrunk = (source, words) if words < LEAST_WORDS else chart.shrunk
    return replace(scaled(chart, share), shrunk=shrunk)


def is_grey(theme: Theme) -> bool:
    """Return whether a theme is one for print in grey."""
    red, green, blue = theme.color("colors.accent")
    return red == green == blue


def in_grey(color: Color | None, grey: bool) -> Color | None:
    """Return a colour, or the grey that is as light if the book is printed in grey."""
    if color is None or not grey:
        return color
    tone = round((luminance(color)) ** (1 / 2.2), 4)
    return tone, tone, tone


def legible(
    color: Color, shapes: Sequence[Path], start: tuple[float, float], width: float, theme: Theme
) -> Color:
    """Return the colour, or ink or paper where that cannot be read on what lies below.

    Words that begin at `start` may lie on several grounds: what most of them need decides.
    """
    x, y = start
    grounds = [_ground(shapes, x + width * share, y, theme) for share in (0.1, 0.3, 0.5, 0.7, 0.9)]
    choices = [color, theme.color("colors.ink"), theme.color("colors.paper")]

    def read(one: Color) -> tuple[int, float]:
        ratios = [contrast(one, ground) for ground in grounds]
        return sum(ratio >= AA for ratio in ratios), min(ratios)

    counts = [read(one) for one in choices]
    if counts[0][0] == len(grounds):
        return color
    return choices[max(range(3), key=lambda number: counts[number])]


def _ground(shapes: Sequence[Path], x: float, y: float, theme: Theme) -> Color:
    for shape in reversed(shapes):
        if shape.fill is None or shape.clip:
            continue
        xs = [v for _, *values in shape.segments for v in values[::2]]
        ys = [v for _, *values in shape.segments for v in values[1::2]]
        if xs and min(xs) <= x <= max(xs) and min(ys) <= y <= max(ys):
            return shape.fill
    return theme.color("colors.paper")
