"""Draw spans of time: one lane below the other, on days, numbers or named phases."""

from __future__ import annotations

from typing import Literal, NamedTuple

from ....document.nodes import Channel
from ...page import Polygon
from ..pen import Chart
from .plot import (
    DESCENT,
    LEADING,
    Plot,
    Scale,
    axis_of,
    clear,
    fill_box,
    height_of,
    ink_on,
    mix,
    rule,
    widest_word,
    wrapped,
    write_lines,
)

# Least height of a bar, white above and below it; a milestone's half width.
BAR, WHITE, DIAMOND = 13.0, 4.0, 4.2
LABELS = 0.3
# Left of the name of a lane that is above its bars.
INSET = 2.0
# Words are inside the bar of a phase if they have no more lines than this.
MOST_LINES = 4


class Span(NamedTuple):
    """A bar or a milestone: from where to where, its words in lines, and where these are."""

    row: int
    start: float
    end: float
    lines: list[str]
    place: Literal["inside", "right", "left", "below"]


def draw_gantt(plot: Plot) -> Chart:
    """Draw the spans of each lane; a row without an end is a milestone, or fills its phase."""
    pen = plot.pen
    x = plot.channel("x")
    assert x is not None
    ends = plot.channel("x2")
    lanes = list(dict.fromkeys(plot.words("y")))
    labels = {lane: wrapped(pen, lane, plot.width * LABELS, "bold") for lane in lanes}
    left = max(pen.width(line, "bold") for part in labels.values() for line in part) + 12
    above = x.kind == "word" and _are_narrow(plot, x, ends, left)
    if above:
        labels = {lane: wrapped(pen, lane, plot.width, "bold") for lane in lanes}
        left = 0.0
    both = (*x.values, *(ends.values if ends is not None and ends.kind == x.kind else ()))
    right = plot.width if x.kind == "word" else plot.width - 8
    scale, marks = axis_of(plot, Channel("x", _ordered(both, x), x.kind), left, right)
    spans = {lane: _spans(plot, lane, scale) for lane in lanes}
    bars = {lane: _bar_height([] if above else labels[lane], spans[lane]) for lane in lanes}
    tops = {lane: height_of(labels[lane]) if above else 0.0 for lane in lanes}
    heights = {lane: tops[lane] + bars[lane] + _below(spans[lane]) + 2 * WHITE for lane in lanes}
    total = sum(heights.values())
    foot = 0.0 if x.kind == "word" else LEADING + 6 + (LEADING if x.title else 0)
    head = _heads(plot, scale, marks, foot + total) if x.kind == "word" else 2.0
    if x.kind != "word":
        _ticks(plot, marks, foot, total, x)
    top = foot + total
    for lane in lanes:
        rule(pen, (0, top), (plot.width, top))
        middle = top - tops[lane] - WHITE - bars[lane] / 2
        face = "bold" if plot.is_highlighted(lane) else "regular"
        label = top - 2 if above else middle + height_of(labels[lane]) / 2
        if above:
            wide = max(pen.width(line, face) for line in labels[lane])
            clear(pen, INSET + wide / 2, label, labels[lane], wide)
        write_lines(pen, INSET if above else 0, label, labels[lane], face)
        for span in spans[lane]:
            _span(plot, span, middle, bars[lane])
        top -= heights[lane]
    rule(pen, (0, top), (plot.width, top))
    return plot.chart(foot + total + head)


def _are_narrow(plot: Plot, x: Channel, ends: Channel | None, left: float) -> bool:
    """Return whether a phase is narrower than a word of its name next to the names of lanes."""
    values = _ordered((*x.values, *(ends.values if ends is not None else ())), x)
    band = (plot.width - left) / max(1, len(values))
    return band - 6 < widest_word(plot.pen, map(str, values), "bold")


def _ordered(values: tuple[float | str | None, ...], x: Channel) -> tuple[float | str | None, ...]:
    """Return the values; phases in the order that the channel asks for, or that of the rows."""
    if x.kind == "word":
        return tuple(dict.fromkeys([*x.order, *(value for value in values if value is not None)]))
    return tuple(value for value in values if value is not None)


def _heads(plot: Plot, scale: Scale, marks: list[tuple[float, str]], base: float) -> float:
    """Write the names of phases above their columns; return the height."""
    pen = plot.pen
    # Names that are wider than their columns take turns: every other one is higher.
    rows = 1 if widest_word(pen, (words for _, words in marks), "bold") <= scale.band - 6 else 2
    heads = [wrapped(pen, words, rows * scale.band - 6, "bold") for _, words in marks]
    row = max(map(height_of, heads)) + 2
    height = rows * row + 3
    for number, ((place, _), lines) in enumerate(zip(marks, heads, strict=True)):
        half = max(pen.width(line, "bold") for line in lines) / 2
        place = min(max(place, half), plot.width - half)
        level = row if rows > 1 and number % 2 == 0 else 0.0
        write_lines(pen, place, base + 3 + level + height_of(lines), lines, "bold", align="center")
        edge = scale.start + scale.band * number
        rule(pen, (edge, 0), (edge, base + (height if rows == 1 else 3)))
    return height + 2


def _ticks(
    plot: Plot, marks: list[tuple[float, str]], foot: float, total: float, x: Channel
) -> None:
    pen = plot.pen
    last = -1e9
    for place, words in marks:
        rule(pen, (place, foot - 3), (place, foot + total))
        half = pen.width(words) / 2
        middle = min(max(place, half), plot.width - half)
        if middle - half > last + 5:
            pen.write(middle, foot - LEADING - 1, words, color="soft", align="center")
            last = middle + half
    if x.title or x.unit:
        words = f"{x.title} ({x.unit})" if x.title and x.unit else x.title or x.unit
        pen.write(
            plot.width, DESCENT if x.title else foot - LEADING - 1, words, "bold", align="right"
        )


def _bar_height(label: list[str], spans: list[Span]) -> float:
    """Return the height of the bars of a lane: that of the words inside, or next to them."""
    words = [height_of(span.lines) + 4 for span in spans if span.lines and span.place != "below"]
    return max([BAR, height_of(label) - 2, *words])


def _below(spans: list[Span]) -> float:
    """Return the height of the words below the bars of a lane."""
    return max((height_of(s.lines) + 3 for s in spans if s.place == "below"), default=0.0)


def _spans(plot: Plot, lane: str, scale: Scale) -> list[Span]:
    """Return the spans of a lane, with their words inside, next to them or below them."""
    pen = plot.pen
    starts, ends, texts = plot.values("x"), plot.values("x2"), plot.words("text")
    rows = [row for row, name in enumerate(plot.words("y")) if name == lane]
    taken: list[tuple[float, float]] = []
    bounds: list[tuple[float, float]] = []
    for row in rows:
        end = starts[row] if ends[row] is None else ends[row]
        first, last = scale.at(starts[row]), scale.at(end)
        if last < first:
            raise ValueError(f"a row of {lane!r} ends before it begins")
        if scale.names:
            first, last = first - scale.band / 2 + 2, last + scale.band / 2 - 2
        bounds.append((first, last))
        taken.append((first - DIAMOND, last + DIAMOND))
    spans: list[Span] = []
    for row, (first, last) in zip(rows, bounds, strict=True):
        text, room = texts[row], last - first - 4
        lines = wrapped(pen, text, room)
        whole = all(pen.width(word) <= room for word in text.split())
        most = MOST_LINES if scale.names else 2
        if not text or (whole and len(lines) <= most):
            spans.append(Span(row, first, last, lines if text else [], "inside"))
            continue
        lines = wrapped(pen, text, plot.width * 0.3)
        spans.append(_outside(plot, Span(row, first, last, lines, "below"), taken, scale.start))
    return spans


def _outside(plot: Plot, span: Span, taken: list[tuple[float, float]], edge: float) -> Span:
    """Return a span with its words to its right or left if nothing is there, else below it."""
    wide = max(map(plot.pen.width, span.lines))
    after, before = span.end + 5 + DIAMOND, span.start - 5 - DIAMOND
    sides: tuple[tuple[Literal["right", "left"], float], ...] = (
        ("right", after),
        ("left", before - wide),
    )
    for place, left in sides:
        free = all(left + wide < low or left > high for low, high in taken)
        if free and left >= edge and left + wide <= plot.width:
            taken.append((left - 3, left + wide + 3))
            return span._replace(place=place)
    return span


def _span(plot: Plot, span: Span, middle: float, height: float) -> None:
    pen = plot.pen
    names = (plot.words("y")[span.row], plot.words("text")[span.row])
    strong = plot.is_highlighted(*names)
    dark = strong or not plot.highlights
    fill = pen.color("accent-dark") if dark else mix(pen.color("accent"), pen.color("paper"), 0.8)
    if span.end - span.start < 1:
        x, d = span.start, DIAMOND
        points = ((x - d, middle), (x, middle + d), (x + d, middle), (x, middle - d))
        pen.items.append(Polygon(points, pen.color("warm" if strong else "accent-dark")))
    else:
        fill_box(
            pen,
            span.start,
            middle - height / 2,
            span.end - span.start,
            height,
            fill,
            "accent-dark",
            2,
        )
    if not span.lines:
        return
    top, color, align = middle + height_of(span.lines) / 2, "ink", "left"
    x = (span.start + span.end) / 2
    if span.place == "inside":
        align, color = "center", ink_on(pen, fill)
    elif span.place == "below":
        half = max(map(pen.width, span.lines)) / 2
        x, align = min(max(x, half), plot.width - half), "center"
        top = middle - height / 2 - 3
    elif span.place == "right":
        x = span.end + 5 + DIAMOND
    else:
        x, align = span.start - 5 - DIAMOND, "right"
    face = "bold" if strong else "regular"
    if span.place != "inside":
        wide = max(pen.width(line, face) for line in span.lines)
        shift = {"left": wide / 2, "right": -wide / 2}.get(align, 0.0)
        clear(pen, x + shift, top, span.lines, wide)
    write_lines(pen, x, top, span.lines, face, color, align)
