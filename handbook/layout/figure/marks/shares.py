"""Draw shares of a whole, and values in a grid."""

from __future__ import annotations

import math

from ....core.units import Color
from ...page import moved
from ..pen import Chart
from .plot import (
    Plot,
    edge_of,
    fill_box,
    height_of,
    ink_on,
    mix,
    shades,
    value_text,
    wrapped,
    write_lines,
)

RADIUS = 52.0
ROW = 20.0


def draw_pie(plot: Plot) -> Chart:
    """Draw slices from the top clockwise with ReportLab's pie, names and shares next to it."""
    from reportlab.graphics.charts.piecharts import Pie
    from reportlab.graphics.shapes import Drawing
    from reportlab.lib.colors import Color as ReportLabColor

    from ..reportlab_drawing import draw_drawing

    pen = plot.pen
    names, values = plot.words("y"), plot.numbers("x")
    if min(values) < 0 or not sum(values):
        raise ValueError("a pie needs amounts above zero")
    colors = _slices(plot, names)
    pie = Pie()
    pie.x = pie.y = 0
    pie.width = pie.height = 2 * RADIUS
    pie.data, pie.labels = values, None
    pie.startAngle, pie.direction = 90, "clockwise"
    pie.slices.strokeWidth = 0.8
    for number, name in enumerate(names):
        pie.slices[number].fillColor = ReportLabColor(*colors[number])
        pie.slices[number].strokeColor = ReportLabColor(
            *pen.color(edge_of(pen, colors[number], "paper"))
        )
        if plot.is_highlighted(name):
            pie.slices[number].popout = 5
    drawing = Drawing(2 * RADIUS, 2 * RADIUS)
    drawing.add(pie)
    drawn = draw_drawing(drawing, "", pen.theme, pen.faces, pen.source, pen.words.language)
    bottom = 8.0
    pen.items += [moved(item, 8, bottom) for item in drawn.items]
    top = _shares(plot, names, values, colors, bottom)
    return plot.chart(max(top, 2 * RADIUS + 2 * bottom), fixed=True)


def _slices(plot: Plot, names: list[str]) -> list[Color]:
    pen = plot.pen
    if not plot.highlights:
        return shades(pen, len(names))
    dark = pen.color("accent-dark")
    pale = [mix(pen.color("soft"), pen.color("paper"), 0.45 + 0.12 * (n % 4)) for n in range(9)]
    return [dark if plot.is_highlighted(name) else pale[n % 9] for n, name in enumerate(names)]


def _shares(
    plot: Plot, names: list[str], values: list[float], colors: list[Color], bottom: float
) -> float:
    """Write names, values and shares next to the pie, in the order of the slices."""
    pen = plot.pen
    left = 2 * RADIUS + 34
    total = sum(values)
    x = plot.channel("x")
    assert x is not None
    lines = [
        wrapped(
            pen, name, plot.width - left - 74, "bold" if plot.is_highlighted(name) else "regular"
        )
        for name in names
    ]
    right = left + 14 + max(pen.width(line, "bold") for part in lines for line in part) + 12
    height = sum(height_of(part) + 6 for part in lines)
    top = max(bottom + RADIUS + height / 2, height)
    y = top
    is_percent = x.unit == "%" and math.isclose(total, 100, abs_tol=0.5)
    for part, name, value, color in zip(lines, names, values, colors, strict=True):
        face = "bold" if plot.is_highlighted(name) else "regular"
        fill_box(pen, left, y - 8.2, 8.5, 8.5, color, "soft", line=0.4)
        write_lines(pen, left + 14, y, part, face)
        words = value_text(pen, x, value, unit=True)
        share = f"{value / total:.0%}".replace("%", "\u00a0%")
        pen.write(right, y - 7, words if is_percent else f"{words}, {share}", face)
        y -= height_of(part) + 6
    return top


def draw_heatmap(plot: Plot) -> Chart:
    """Draw a grid of values: the larger, the darker; words are in their cells."""
    pen = plot.pen
    x, y, color = (plot.channel(name) for name in ("x", "y", "color"))
    assert x is not None
    assert y is not None
    assert color is not None
    columns, rows = (list(dict.fromkeys(plot.words(name))) for name in ("x", "y"))
    cells = plot.cells(color.values)
    labels = {row: wrapped(pen, row, plot.width * 0.3, "bold") for row in rows}
    left = max(pen.width(line, "bold") for part in labels.values() for line in part) + 10
    step = min((plot.width - left) / len(columns), 96.0)
    heads = {column: wrapped(pen, column, step - 6, "bold") for column in columns}
    words = {
        key: wrapped(pen, value_text(pen, color, value), step - 8) for key, value in cells.items()
    }
    heights = {
        row: max(
            ROW,
            height_of(labels[row]) + 6,
            *(height_of(words.get((row, column), [""])) + 8 for column in columns),
        )
        for row in rows
    }
    numbers = [float(v) for v in color.values if isinstance(v, (int, float))]
    low, high = min(numbers, default=0.0), max(numbers, default=1.0)
    head = max(map(height_of, heads.values())) + 5
    total = sum(heights.values())
    for number, column in enumerate(columns):
        lines = heads[column]
        write_lines(
            pen,
            left + step * (number + 0.5),
            total + 4 + height_of(lines),
            lines,
            "bold",
            align="center",
        )
    top = total
    for row in rows:
        strong = plot.is_highlighted(row) or not plot.highlights
        middle = top - heights[row] / 2
        write_lines(
            pen,
            0,
            middle + height_of(labels[row]) / 2,
            labels[row],
            "bold" if plot.is_highlighted(row) else "regular",
        )
        for number, column in enumerate(columns):
            value = cells.get((row, column))
            share = (
                (float(value) - low) / ((high - low) or 1.0) if isinstance(value, float) else 0.0
            )
            ground = _ground(plot, value, share, strong or plot.is_highlighted(column))
            edge = "hairline" if share < 0.25 else ""
            fill_box(
                pen,
                left + step * number + 0.8,
                top - heights[row] + 0.8,
                step - 1.6,
                heights[row] - 1.6,
                ground,
                edge,
                1.5,
            )
            lines = words.get((row, column), [""])
            if lines != [""]:
                write_lines(
                    pen,
                    left + step * (number + 0.5),
                    middle + height_of(lines) / 2,
                    lines,
                    color=ink_on(pen, ground),
                    align="center",
                )
        top -= heights[row]
    if color.unit:
        pen.write(0, total + 5, color.unit, color="soft")
    return plot.chart(total + head + 2)


def _ground(plot: Plot, value: float | str | None, share: float, strong: bool) -> Color:
    """Return the ground of a cell: paler for less, paper for none."""
    pen = plot.pen
    paper = pen.color("paper")
    if value is None:
        return paper
    if isinstance(value, str):
        marked = plot.is_highlighted(value)
        return pen.color("accent-dark" if marked else "wash")
    # Words have to be read on every ground: neither ink nor paper is on a medium one.
    depth = 0.06 + 0.3 * share if share < 0.55 else 0.62 + 0.38 * share
    return mix(paper, pen.color("accent-dark" if strong else "soft"), depth)
