"""Draw a chart by its mark, and say what it shows in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module

from ....core.diagnostics import HandbookError, error
from ....core.i18n import Translations, noop
from ....document.nodes import ChartBlock
from ....fonts.face import Face
from ....theme.theme import Theme
from ..charts import plain_problem
from ..pen import SIZE, Chart, Pen, scaled
from .plot import Plot, value_text

# The module of each mark, imported when a book has it; the function is named after the mark.
_MODULES = {
    "bars": "bars", "stacked": "bars", "waterfall": "bars", "line": "lines", "area": "lines",
    "scatter": "lines", "burn-down": "lines", "pie": "shares", "heatmap": "shares",
    "gantt": "spans", "flow": "flow", "nest": "flow", "sequence": "steps", "git": "steps",
    "range": "lists", "matrix": "lists", "route": "lists", "calendar": "lists", "qr": "lists",
}  # fmt: skip
_POINTS = ("line", "area", "scatter", "burn-down")
_STEPS = ("flow", "sequence", "git", "nest")
# What is said of a row, in this order; a channel in _BETWEEN joins two words.
_ORDER = ("row", "branch", "y", "x", "x2", "color", "size", "from", "to", "text", "note", "tag")
# The most rows that are said one by one.
_MOST = 120


def draw_marks(
    block: ChartBlock,
    theme: Theme,
    faces: dict[str, Face],
    width: float,
    words: Translations,
    height: float = 0.0,
    close: bool = False,
) -> Chart:
    """Return a chart, at most `width` points wide, with what it says in words.

    A `height` (points) is filled by the marks that can be drawn at any.  A `close` chart has less
    white, where its mark knows how.

    Raises:
        HandbookError: If its data cannot be drawn.
    """
    size = theme.style("figure").size / SIZE
    pen = Pen(theme, faces, [], words, block.source)
    plot = Plot(pen, block, width / size, height / size)
    plot.close = close
    module = import_module(f".{_MODULES[block.mark]}", __package__)
    draw: Callable[[Plot], Chart] = getattr(module, f"draw_{block.mark.replace('-', '_')}")
    try:
        chart = draw(plot)
    except HandbookError:
        raise
    except (ValueError, KeyError, IndexError, ArithmeticError) as problem:
        raise error(
            f"the data of this chart ({block.mark}) cannot be drawn: {plain_problem(problem)}",
            at=block.source,
            hint="compare its columns with the example in docs/figures.md",
            code="chart",
        ) from None
    return replace(scaled(chart, size), alt=spoken(plot) if not chart.alt else _with(block, chart))


def _with(block: ChartBlock, chart: Chart) -> str:
    return f"{block.alt.rstrip('.')}. {chart.alt}" if block.alt else chart.alt


def spoken(plot: Plot) -> str:
    """Return what the chart shows: the author's words, then its data row by row."""
    pen, block = plot.pen, plot.block
    count = len(block.channels[0].values)
    rows = [_row(plot, number) for number in range(min(count, _MOST))]
    if count > _MOST:
        rows.append("…")
    listed = "; ".join(rows)
    message = noop("Diagram. {rows}.") if block.mark in _STEPS else noop("Chart. {rows}.")
    data = pen.words.gettext(message, rows=listed)
    return f"{block.alt.rstrip('.')}. {data}" if block.alt else data


def _row(plot: Plot, number: int) -> str:
    """Return a row in words: its names, then its values with their units."""
    pen = plot.pen
    parts: dict[str, str] = {}
    for channel in plot.block.channels:
        value = channel.values[number]
        words = value_text(pen, channel, value, unit=True)
        if words and channel.title and channel.kind != "word":
            words = f"{channel.title} {words}"
        parts[channel.name] = words
    for first, last in (("x", "x2"), ("from", "to")):
        if parts.get(first) and parts.get(last):
            start, end = parts[first], parts.pop(last)
            if start != end or first == "from":
                parts[first] = pen.words.gettext("{start} to {end}", start=start, end=end)
    if plot.block.mark == "git" and parts.get("from"):
        parts["from"] = pen.words.gettext("from {name}", name=parts["from"])
    named: tuple[str, ...] = _ORDER
    x, y = plot.channel("x"), plot.channel("y")
    if plot.block.mark in _POINTS or (x and y and x.kind != "number" and y.kind == "number"):
        named = ("row", "color", "text", "x", "y", *_ORDER)
    elif plot.block.mark == "stacked":
        named = ("row", "y", "color", "x", *_ORDER)
    spoken = [parts[name] for name in dict.fromkeys(named) if parts.get(name)]
    head, *rest = spoken or [""]
    return f"{head}: {pen.words.comma.join(rest)}" if rest else head
