"""Draw bars: horizontal or vertical, stacked, and the steps of a waterfall."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from ....core.units import Color
from ...page import moved
from ..pen import Chart, Pen
from .plot import (
    ASCENT,
    LEADING,
    Plot,
    amount,
    at_luminance,
    edge_of,
    fill_box,
    height_of,
    ink_on,
    mix,
    rule,
    shades,
    value_text,
    wrapped,
    write_lines,
)

# Height of a horizontal bar, white between two; the tallest vertical bar; the widest.
BAR, WHITE, TALL, WIDEST = 13.0, 7.0, 110.0, 54.0
# Labels of horizontal bars take at most this share of the width.
LABELS = 0.36


class Bar(NamedTuple):
    """A bar: its label, and its parts as (series, value)."""

    label: str
    parts: tuple[tuple[str, float], ...]

    @property
    def total(self) -> float:
        """Return the length of the whole bar."""
        return sum(value for _, value in self.parts)


# The colour of a part of a bar, by the name of its series.
Fill = Callable[[Bar, str], Color]


def draw_bars(plot: Plot) -> Chart:
    """Draw a bar for each row: horizontal if y names them, vertical if x does and names fit."""
    bars, horizontal = _bars(plot)
    fills = _fills(plot, bars)
    if horizontal or not _fits(plot, bars):
        return _horizontal(plot, bars, lambda bar, series: fills[bar.label], False)
    return _vertical(plot, bars, fills)


def draw_stacked(plot: Plot) -> Chart:
    """Draw a bar of parts for each name, with what the parts are above them."""
    bars, _ = _bars(plot)
    if any(value < 0 for bar in bars for _, value in bar.parts):
        raise ValueError("a part of a bar is below zero")
    names = list(dict.fromkeys(series for bar in bars for series, _ in bar.parts))
    colors = _series_colors(plot, names)
    return _horizontal(plot, bars, lambda bar, series: colors[series], True)


def _series_colors(plot: Plot, names: Sequence[str]) -> dict[str, Color]:
    """Return a colour for each series; the highlighted one is darkest, the others pale."""
    pen = plot.pen
    if not plot.highlights:
        return dict(zip(names, shades(pen, len(names)), strict=True))
    pale = [one for one in names if not plot.is_highlighted(one)]
    steps = max(1, len(pale) - 1)
    colors = {one: pen.color("accent-dark") for one in names if plot.is_highlighted(one)}
    for number, one in enumerate(pale):
        colors[one] = at_luminance(pen, "soft", 0.38 + 0.4 * number / steps)
    return colors


def _bars(plot: Plot) -> tuple[list[Bar], bool]:
    """Return the bars in the order of their rows, and whether y has their names."""
    x, y = plot.channel("x"), plot.channel("y")
    assert x is not None
    assert y is not None
    horizontal = y.kind != "number" or (x.kind == "number" and plot.block.mark == "bars")
    horizontal = horizontal and x.kind == "number"
    names, values = ("y", "x") if horizontal else ("x", "y")
    held = plot.channel(values)
    if held is None or held.kind != "number":
        raise ValueError("neither x nor y has numbers")
    series = plot.words("color")
    parts_of: dict[str, list[tuple[str, float]]] = {}
    for label, value, part in zip(plot.words(names), plot.numbers(values), series, strict=True):
        parts_of.setdefault(label, []).append((part, value))
    return [Bar(label, tuple(parts)) for label, parts in parts_of.items()], horizontal


def _fills(plot: Plot, bars: Sequence[Bar]) -> dict[str, Color]:
    pen = plot.pen
    dark, pale = pen.color("accent-dark"), mix(pen.color("accent"), pen.color("paper"), 0.62)
    if not plot.highlights:
        return {bar.label: dark for bar in bars}
    return {bar.label: dark if plot.is_highlighted(bar.label) else pale for bar in bars}


def _unit(plot: Plot) -> str:
    channels = [plot.channel(name) for name in ("x", "y")]
    return next((c.unit for c in channels if c and c.kind == "number" and c.unit), "")


def _worded(plot: Plot, value: float) -> str:
    unit = _unit(plot)
    words = amount(plot.pen, value)
    return f"{words}\u00a0{unit}" if unit else words


# ----------------------------------------------------------------------- horizontal


def _horizontal(plot: Plot, bars: Sequence[Bar], fill: Fill, stacked: bool) -> Chart:
    pen = plot.pen
    most = plot.width * LABELS
    labels = [
        wrapped(pen, bar.label, most, "bold" if plot.is_highlighted(bar.label) else "regular")
        for bar in bars
    ]
    left = max(pen.width(line, "bold") for lines in labels for line in lines) + 10
    right = max(pen.width(_worded(plot, bar.total), "bold") for bar in bars) + 8
    low = min(0.0, *(bar.total for bar in bars)) if not stacked else 0.0
    high = max(0.0, *(sum(abs(v) for _, v in bar.parts) if stacked else bar.total for bar in bars))
    before = right if low < 0 else 0.0
    unit = (plot.width - left - right - before) / ((high - low) or 1.0)
    zero = left + before - low * unit
    heights = [max(BAR + WHITE, height_of(lines) + WHITE) for lines in labels]
    names = (
        list(dict.fromkeys(series for bar in bars for series, _ in bar.parts)) if stacked else []
    )
    head = _key(plot, names, bars[0], fill, (zero, unit)) if stacked else 0.0
    top = sum(heights)
    total = top + head
    if stacked:
        _shift(pen, top)
    for bar, lines, height in zip(bars, labels, heights, strict=True):
        middle = top - height / 2
        strong = plot.is_highlighted(bar.label)
        face = "bold" if strong else "regular"
        write_lines(pen, 0, middle + height_of(lines) / 2, lines, face)
        end = _parts(plot, bar, fill, (zero, middle - BAR / 2, unit), stacked)
        side = "right" if bar.total < 0 else "left"
        pen.write(
            end + (-5 if bar.total < 0 else 5),
            middle - 3.1,
            _worded(plot, bar.total),
            face,
            align=side,
        )
        top -= height
    rule(pen, (zero, 0), (zero, total - head), "soft", 0.6)
    return plot.chart(total)


def _parts(
    plot: Plot, bar: Bar, fill: Fill, place: tuple[float, float, float], stacked: bool
) -> float:
    """Draw the parts of a horizontal bar; return where it ends."""
    pen = plot.pen
    x, y, unit = place
    for series, value in bar.parts:
        if not value:
            continue
        width = value * unit
        color = fill(bar, series)
        edge = edge_of(pen, color, "paper" if stacked else "")
        fill_box(pen, min(x, x + width), y, abs(width), BAR, color, edge)
        words = amount(pen, value)
        if stacked and len(bar.parts) > 1 and pen.width(words) + 5 < abs(width):
            pen.write(
                x + width / 2, y + BAR / 2 - 3.1, words, "regular", ink_on(pen, color), "center"
            )
        x += width
    return x


def _key(
    plot: Plot, names: Sequence[str], first: Bar, fill: Fill, place: tuple[float, float]
) -> float:
    """Name the series above the first bar, each over its part if all fit, else in a row."""
    pen = plot.pen
    zero, unit = place
    parts = dict(first.parts)
    widths = [parts.get(name, 0.0) * unit for name in names]
    if list(parts) == list(names) and all(
        pen.width(name, "bold" if plot.is_highlighted(name) else "regular") + 6 < width
        for name, width in zip(names, widths, strict=True)
    ):
        x = zero
        for name, width in zip(names, widths, strict=True):
            face = "bold" if plot.is_highlighted(name) else "regular"
            pen.write(x + width / 2, 3, name, face, align="center")
            x += width
        return LEADING + 3
    return _swatches(plot, names, [fill(first, name) for name in names])


def _swatches(plot: Plot, names: Sequence[str], colors: Sequence[Color]) -> float:
    """Draw a row of names with their colours; return its height."""
    pen = plot.pen
    places: list[tuple[float, int, str, Color]] = []
    x, row = 0.0, 0
    for name, color in zip(names, colors, strict=True):
        width = 13 + pen.width(name, "bold" if plot.is_highlighted(name) else "regular") + 14
        if x and x + width - 14 > plot.width:
            x, row = 0.0, row + 1
        places.append((x, row, name, color))
        x += width
    for x, line, name, color in places:
        y = 5 + (row - line) * (LEADING + 2)
        fill_box(pen, x, y - 0.6, 8.5, 8.5, color, "soft", line=0.4)
        pen.write(x + 13, y, name, "bold" if plot.is_highlighted(name) else "regular")
    return (row + 1) * (LEADING + 2) + 6


def _shift(pen: Pen, y: float) -> None:
    """Move what was drawn upwards."""
    pen.items[:] = [moved(item, 0, y) for item in pen.items]


# -------------------------------------------------------------------- vertical


def _fits(plot: Plot, bars: Sequence[Bar]) -> bool:
    """Return whether labels have room below vertical bars."""
    room = plot.width / len(bars) - 6
    pen = plot.pen
    return all(
        max(pen.width(line, "bold") for line in wrapped(pen, bar.label, room, "bold")) <= room
        and pen.width(_worded(plot, bar.total), "bold") <= room + 4
        for bar in bars
    )


def _vertical(plot: Plot, bars: Sequence[Bar], fills: dict[str, Color]) -> Chart:
    pen = plot.pen
    step = min(plot.width / len(bars), WIDEST * 1.7)
    wide = min(step * 0.62, WIDEST)
    labels = [wrapped(pen, bar.label, step - 6, "bold") for bar in bars]
    foot = max(map(height_of, labels)) + 6
    high, low = max(0.0, *(b.total for b in bars)), min(0.0, *(b.total for b in bars))
    unit = TALL / ((high - low) or 1.0)
    zero = foot - low * unit + (LEADING if low < 0 else 0)
    for number, (bar, lines) in enumerate(zip(bars, labels, strict=True)):
        middle = step * (number + 0.5)
        face = "bold" if plot.is_highlighted(bar.label) else "regular"
        size = bar.total * unit
        fill = fills[bar.label]
        bottom, edge = min(zero, zero + size), edge_of(pen, fill)
        fill_box(pen, middle - wide / 2, bottom, wide, abs(size), fill, edge)
        y = zero + size + 4 if size >= 0 else zero + size - ASCENT - 2
        pen.write(middle, y, _worded(plot, bar.total), face, align="center")
        write_lines(pen, middle, foot - 5, lines, face, align="center")
    rule(pen, (0, zero), (step * len(bars), zero), "soft", 0.6)
    return plot.chart(zero + high * unit + LEADING + 2)


def draw_waterfall(plot: Plot) -> Chart:
    """Draw each row as a step up or down from where the one before it ended."""
    pen = plot.pen
    y = plot.channel("y")
    steps = list(zip(plot.words("x"), plot.numbers("y"), strict=True))
    sums = [0.0]
    for _, value in steps:
        sums.append(sums[-1] + value)
    if name := plot.option("total"):
        steps.append((name, 0.0))
    width = plot.width / len(steps)
    labels = [wrapped(pen, label, width - 6) for label, _ in steps]
    foot = max(map(height_of, labels)) + 6
    low, high = min(0.0, *sums), max(0.0, *sums)
    unit = TALL / ((high - low) or 1.0)
    zero = foot - low * unit + (LEADING if low < 0 else 0)
    wide = min(width * 0.66, WIDEST)
    for number, ((label, value), lines) in enumerate(zip(steps, labels, strict=True)):
        middle = width * (number + 0.5)
        last = number >= len(sums) - 1
        start, end = (0.0, sums[-1]) if last else (sums[number], sums[number + 1])
        first = number == 0 or last
        bottom, size = zero + min(start, end) * unit, abs(end - start) * unit
        color = (
            pen.color("accent-dark" if first else "accent") if end >= start else pen.color("wash")
        )
        fill_box(pen, middle - wide / 2, bottom, wide, size, color, "accent-dark", line=0.8)
        shown = value_text(pen, y, end if first else abs(value), unit=True)
        sign = "" if first else "+" if value >= 0 else "\u2212"
        face = "bold" if first or plot.is_highlighted(label) else "regular"
        pen.write(middle, bottom + size + 4, f"{sign}{shown}", face, align="center")
        write_lines(pen, middle, foot - 5, lines, face, align="center")
        if not last and number + 1 < len(steps):
            level = zero + sums[number + 1] * unit
            rule(
                pen, (middle + wide / 2, level), (middle + width - wide / 2, level), "soft", 0.6, 2
            )
    rule(pen, (0, zero), (plot.width, zero), "soft", 0.6)
    return plot.chart(zero + high * unit + LEADING + 2)
