"""Draw lines, areas, points, and what is left to do from day to day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ....core.units import Color
from ...page import Box, Path, Polygon
from ..pen import Chart
from .plot import (
    DESCENT,
    LEADING,
    LINE,
    Plot,
    Point,
    Scale,
    amount,
    axis_of,
    fill_box,
    height_of,
    mix,
    rule,
    shades,
    trace,
    value_text,
    wrapped,
    write_lines,
)

TALL = 130.0
# Of each row of small areas: its height, and the white below it.
STRIP, GAP = 30.0, 13.0
DASHES: tuple[tuple[float, ...], ...] = ((), (5, 2.5), (1.5, 2), (7, 2, 1.5, 2))


class PlotFrame(NamedTuple):
    """The place that points are drawn in: the scales of both sides."""

    x: Scale
    y: Scale
    top: float


def _frame(plot: Plot, right: float, from_zero: bool = False, titled: bool = True) -> PlotFrame:
    """Draw the axes of a chart of points, which leaves `right` free for labels."""
    pen = plot.pen
    x, y = plot.channel("x"), plot.channel("y")
    assert x is not None
    assert y is not None
    low = LEADING + 6 + (LEADING + 2 if x.title else 0)
    scale_y, marks_y = axis_of(plot, y, low, low + TALL, from_zero)
    left = max(pen.width(words) for _, words in marks_y) + 8
    scale_x, marks_x = axis_of(plot, x, left + 4, plot.width - right, False)
    for place, words in marks_y:
        rule(pen, (left, place), (plot.width - right + 4, place))
        pen.write(left - 5, place - 3.1, words, color="soft", align="right")
    last = -1e9
    for place, words in marks_x:
        half = pen.width(words) / 2
        middle = min(max(place, half), plot.width - half)
        if middle - half < last + 6:
            continue
        rule(pen, (place, low), (place, low - 3), "soft")
        pen.write(middle, low - LEADING - 1, words, color="soft", align="center")
        last = middle + half
    top = low + TALL
    title = " ".join(filter(None, (y.title, f"({y.unit})" if y.unit and y.title else y.unit)))
    if titled and title:
        pen.write(0, top + 9, title, "bold")
        top += LEADING + 7
    if x.title:
        words = f"{x.title} ({x.unit})" if x.unit else x.title
        pen.write(plot.width - right, DESCENT, words, "bold", align="right")
    return PlotFrame(scale_x, scale_y, top + 4)


def _series(plot: Plot, name: str) -> dict[str, list[int]]:
    """Return the rows of each series, in order."""
    rows_of: dict[str, list[int]] = {}
    for number, words in enumerate(plot.words(name)):
        rows_of.setdefault(words, []).append(number)
    return rows_of


def draw_line(plot: Plot) -> Chart:
    """Draw a line for each colour, with its name at its end."""
    pen = plot.pen
    series = _series(plot, "color")
    xs, ys = plot.values("x"), plot.numbers("y")
    room = min(plot.width * 0.3, max(pen.width(name, "bold") for name in series) + 12)
    frame = _frame(plot, room if any(series) else 8)
    colors = _line_colors(plot, list(series))
    ends: list[tuple[float, str, Color]] = []
    for number, (name, rows) in enumerate(series.items()):
        points = [(frame.x.at(xs[row]), frame.y.at(ys[row])) for row in rows]
        strong = plot.is_highlighted(name)
        dash = () if strong else DASHES[number % len(DASHES)]
        trace(pen, points, colors[name], 2.0 if strong else 1.3, dash)
        if len(points) <= 24:
            for point in points:
                _dot(plot, point, colors[name], number)
        ends.append((points[-1][1], name, colors[name]))
    if any(series):
        _end_labels(plot, ends, plot.width - room + 8, room - 10)
    return plot.chart(frame.top, fixed=True)


def _line_colors(plot: Plot, names: Sequence[str]) -> dict[str, Color]:
    pen = plot.pen
    if plot.highlights:
        dark, soft = pen.color("accent-dark"), mix(pen.color("soft"), pen.color("paper"), 0.25)
        return {name: dark if plot.is_highlighted(name) else soft for name in names}
    return dict(zip(names, shades(pen, max(2, len(names)), LINE), strict=False))


def _dot(plot: Plot, place: Point, color: Color, kind: int = 0, size: float = 2.1) -> None:
    """Draw a mark at a point: a disc, a square, a triangle, a ring."""
    x, y = place
    items, paper = plot.pen.items, plot.pen.color("paper")
    if kind % 4 == 1:
        items.append(Box(x - size, y - size, 2 * size, 2 * size, color, paper, 0.5))
    elif kind % 4 == 2:
        points = ((x - size * 1.2, y - size), (x + size * 1.2, y - size), (x, y + size * 1.3))
        items.append(Polygon(points, color, paper, 0.5))
    else:
        fill, edge = (paper, color) if kind % 4 == 3 else (color, paper)
        items.append(Path(_disc(x, y, size), fill, edge, 1.0 if kind % 4 == 3 else 0.5))


def _disc(x: float, y: float, r: float) -> tuple[tuple[float, ...], ...]:
    k = 0.5523 * r
    return (
        (0, x + r, y),
        (2, x + r, y + k, x + k, y + r, x, y + r),
        (2, x - k, y + r, x - r, y + k, x - r, y),
        (2, x - r, y - k, x - k, y - r, x, y - r),
        (2, x + k, y - r, x + r, y - k, x + r, y),
        (3,),
    )


def _end_labels(plot: Plot, ends: list[tuple[float, str, Color]], x: float, room: float) -> None:
    """Write the names of lines at their ends, moved apart where they would meet."""
    pen = plot.pen
    ends = sorted(ends, key=lambda one: -one[0])
    below = 1e9
    for y, name, _ in ends:
        face = "bold" if plot.is_highlighted(name) else "regular"
        lines = wrapped(pen, name, room, face)
        top = min(y + height_of(lines) / 2, below)
        write_lines(pen, x, top, lines, face)
        below = top - height_of(lines) - 1.5


# ----------------------------------------------------------------------- areas


def draw_area(plot: Plot) -> Chart:
    """Draw the area below a line; with `row`, a small one for each row, below one another."""
    rows = _series(plot, "row")
    return _strips(plot, rows) if plot.channel("row") else _area(plot)


def _area(plot: Plot) -> Chart:
    frame = _frame(plot, 8, from_zero=True)
    ys = plot.numbers("y")
    points = [(frame.x.at(x), frame.y.at(y)) for x, y in zip(plot.values("x"), ys, strict=True)]
    _filled(plot, points, frame.y.at(0.0), False)
    return plot.chart(frame.top, fixed=True)


def _filled(plot: Plot, points: list[Point], base: float, strong: bool) -> None:
    pen = plot.pen
    if plot.option("interpolate").startswith("step"):
        points = [
            one
            for n, (x, y) in enumerate(points)
            for one in (((x, points[n - 1][1]), (x, y)) if n else ((x, y),))
        ]
    outline = ((points[0][0], base), *points, (points[-1][0], base))
    color = pen.color("accent-dark")
    fill = color if strong else mix(pen.color("accent"), pen.color("paper"), 0.55)
    pen.items.append(Polygon(outline, fill))
    trace(pen, points, color, 1.2)


def _strips(plot: Plot, rows: dict[str, list[int]]) -> Chart:
    """Draw small areas on one scale, their names at the left, values where they change."""
    pen = plot.pen
    x, y = plot.channel("x"), plot.channel("y")
    assert x is not None
    assert y is not None
    most = min(plot.width * 0.3, max(pen.width(name, "bold") for name in rows) + 2)
    labels = {name: wrapped(pen, name, most, "bold") for name in rows}
    left = max(pen.width(line, "bold") for lines in labels.values() for line in lines) + 14
    foot = LEADING + 7 + (LEADING + 1 if x.title else 0)
    right = pen.width(value_text(pen, y, max(plot.numbers("y")), unit=True)) / 2 + 2
    scale, marks = axis_of(plot, x, left, plot.width - right)
    height = foot + len(rows) * (STRIP + GAP)
    values = plot.numbers("y")
    high = float(plot.option("max") or max(values) or 1.0)
    for number, (name, members) in enumerate(rows.items()):
        base = height - (number + 1) * (STRIP + GAP)
        strong = plot.is_highlighted(name) or not plot.highlights
        fill_box(pen, left, base, plot.width - right - left, STRIP, pen.color("wash-grey"))
        ys = [values[row] for row in members]
        points = [
            (scale.at(plot.values("x")[row]), base + STRIP * value / high)
            for row, value in zip(members, ys, strict=True)
        ]
        _filled(plot, points, base, strong)
        rule(pen, (left, base), (plot.width - right, base), "soft", 0.6)
        face = "bold" if strong else "regular"
        write_lines(pen, 0, base + STRIP / 2 + height_of(labels[name]) / 2, labels[name], face)
        _changes(plot, points, ys, base + STRIP, left)
    for place, words in marks:
        rule(pen, (place, foot), (place, foot - 3), "soft")
        half = pen.width(words) / 2
        pen.write(
            min(max(place, half), plot.width - half),
            foot - LEADING - 2,
            words,
            color="soft",
            align="center",
        )
    if x.title:
        pen.write((left + plot.width - right) / 2, DESCENT, x.title, "bold", align="center")
    return plot.chart(height + 2, fixed=True)


def _changes(plot: Plot, points: list[Point], values: list[float], top: float, left: float) -> None:
    """Write a value above each point where it changes, as far as they do not meet."""
    pen = plot.pen
    y = plot.channel("y")
    end = -1e9
    for number, (place, value) in enumerate(zip(points, values, strict=True)):
        if number and value == values[number - 1]:
            continue
        words = value_text(pen, y, value, unit=True)
        half = pen.width(words) / 2
        middle = max(place[0], left + half + 1)
        if middle - half < end + 4:
            continue
        pen.write(middle, min(place[1], top) + 3, words, align="center")
        end = middle + half


# ---------------------------------------------------------------------- points


def draw_scatter(plot: Plot) -> Chart:
    """Draw a point for each row, with its name where there is room."""
    pen = plot.pen
    series = _series(plot, "color")
    frame = _frame(plot, 12)
    colors = _line_colors(plot, list(series))
    names = plot.words("text")
    xs, ys = plot.values("x"), plot.numbers("y")
    points = [(frame.x.at(x), frame.y.at(y)) for x, y in zip(xs, ys, strict=True)]
    taken = [(x - 4, y - 4, x + 4, y + 4) for x, y in points]
    for number, (name, rows) in enumerate(series.items()):
        for row in rows:
            strong = plot.is_highlighted(name, names[row])
            color = pen.color("accent-dark") if strong else colors[name]
            _dot(plot, points[row], color, number, 3.6 if strong else 2.6)
    for row in sorted(range(len(points)), key=lambda r: not plot.is_highlighted(names[r])):
        _name(plot, points[row], names[row], taken)
    top = frame.top
    if any(series):
        x = 0.0
        for number, name in enumerate(series):
            _dot(plot, (x + 4, top + 7), colors[name], number, 2.6)
            pen.write(x + 11, top + 4, name)
            x += pen.width(name) + 26
        top += LEADING + 4
    return plot.chart(top, fixed=True)


def _name(
    plot: Plot, point: Point, name: str, taken: list[tuple[float, float, float, float]]
) -> None:
    """Write the name of a point at one of its sides where nothing is yet."""
    pen = plot.pen
    if not name:
        return
    face = "bold" if plot.is_highlighted(name) else "regular"
    width = pen.width(name, face)
    x, y = point
    sides = (
        (x + 5, y - 3),
        (x - 5 - width, y - 3),
        (x - width / 2, y + 5),
        (x - width / 2, y - 13),
    )
    for left, low in sides:
        box = (left - 1, low - 2, left + width + 1, low + 8)
        free = all(
            box[2] < other[0] or other[2] < box[0] or box[3] < other[1] or other[3] < box[1]
            for other in taken
            if not (other[0] <= x <= other[2] and other[1] <= y <= other[3])
        )
        if free and left >= 0 and left + width <= plot.width:
            pen.write(left, low, name, face)
            taken.append(box)
            return


def draw_burn_down(plot: Plot) -> Chart:
    """Draw what is left from day to day, next to the straight line down to nothing."""
    pen = plot.pen
    ideal = pen.words.gettext("even pace")
    xs, ys = plot.values("x"), plot.values("y")
    left = [(x, float(y)) for x, y in zip(xs, ys, strict=True) if y is not None]
    if not left:
        raise ValueError("no row says how much is left")
    frame = _frame(plot, 12, from_zero=True)
    first, start = left[0]
    line = [(frame.x.at(first), frame.y.at(start)), (frame.x.at(xs[-1]), frame.y.at(0.0))]
    trace(pen, line, pen.color("soft"), 1.0, (4, 3))
    points = [(frame.x.at(x), frame.y.at(y)) for x, y in left]
    trace(pen, points, pen.color("accent-dark"), 1.8)
    for point in points if len(points) <= 31 else points[-1:]:
        _dot(plot, point, pen.color("accent-dark"))
    x, y = points[-1]
    words = pen.words.gettext("{number} left", number=amount(pen, left[-1][1]))
    width = pen.width(words, "bold")
    side = min(x + 6, plot.width - width)
    above = y > line[0][1] + (line[1][1] - line[0][1]) * (x - line[0][0]) / (
        (line[1][0] - line[0][0]) or 1.0
    )
    pen.write(side, y + (6 if above else -12), words, "bold")
    share = 0.7 if above else 0.25
    middle = [a + (b - a) * share for a, b in zip(*line, strict=True)]
    if above:
        pen.write(middle[0] - 4, middle[1] - 12, ideal, color="soft", align="right")
    else:
        pen.write(middle[0] + 6, middle[1] + 6, ideal, color="soft")
    return plot.chart(frame.top, fixed=True)
