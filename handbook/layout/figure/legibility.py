"""Keep words legible, and colours grey in books that are printed in grey."""

from __future__ import annotations

from collections.abc import Sequence

from ...core.units import Color
from ...theme.contrast import AA, contrast, luminance
from ...theme.theme import Theme
from ..page import Path


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
    color: Color, shapes: Sequence[Path], place: tuple[float, float], theme: Theme
) -> Color:
    """Return the colour, or ink or paper where that cannot be read on what lies below."""
    x, y = place
    below = theme.color("colors.paper")
    for shape in reversed(shapes):
        if shape.fill is None or shape.clip:
            continue
        xs = [v for _, *values in shape.segments for v in values[::2]]
        ys = [v for _, *values in shape.segments for v in values[1::2]]
        if xs and min(xs) <= x <= max(xs) and min(ys) <= y <= max(ys):
            below = shape.fill
            break
    if contrast(color, below) >= AA:
        return color
    ink, paper = theme.color("colors.ink"), theme.color("colors.paper")
    return max((ink, paper), key=lambda one: contrast(one, below))
