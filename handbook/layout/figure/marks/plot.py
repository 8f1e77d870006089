"""Provide what charts are drawn with: channels, scales, ticks, shades, words that wrap."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date

from ....core.units import Color
from ....core.values import frozen
from ....document.nodes import Channel, ChartBlock
from ....theme.contrast import contrast, luminance
from ...page import Box, Path, Polygon, Segment
from ..pen import Chart, Pen

# From one line of words to the next, and from a line's baseline to its top and foot.
LEADING = 11.0
ASCENT, DESCENT = 7.0, 2.4
# Colours of series, from dark to light; each is taken to a lightness of its own.
SERIES = ("accent-dark", "warm", "green", "violet", "accent", "red")
DARKEST, LIGHTEST = 0.03, 0.62
# Fills with less contrast to paper have an edge (WCAG 2.2, 1.4.11).
PALE = 3.0
# The lightest that lines may be: three times the contrast to paper (WCAG 2.2, 1.4.11).
LINE = 0.26
# What a sum is off by is less than this.
NOISE = 1e-9
Point = tuple[float, float]


class Plot:
    """A chart that is being drawn: its pen, its data, the width that it has.

    The `height` is the most that it may have, or 0 if it is free.  In a `close` chart there is less
    white from part to part.
    """

    __slots__ = (
        "_channels",
        "_options",
        "block",
        "close",
        "height",
        "highlights",
        "pen",
        "width",
    )

    def __init__(self, pen: Pen, block: ChartBlock, width: float, height: float = 0.0) -> None:
        self.pen = pen
        self.block = block
        self.width = width
        self.height = height
        self.close = False
        self._channels = {channel.name: channel for channel in block.channels}
        self._options = dict(block.options)
        self.highlights = set(filter(None, self.option("highlight").split("|")))

    def channel(self, name: str) -> Channel | None:
        """Return a channel, if the chart has it."""
        return self._channels.get(name)

    def option(self, name: str) -> str:
        """Return an option, empty if it is not given."""
        return self._options.get(name, "")

    def values(self, name: str) -> tuple[float | str | None, ...]:
        """Return the values of a channel; None for each row if the chart does not have it."""
        channel = self.channel(name)
        return channel.values if channel else (None,) * len(self.block.channels[0].values)

    def numbers(self, name: str) -> list[float]:
        """Return the values of a channel that has numbers or days."""
        return [float(value or 0) for value in self.values(name)]

    def words(self, name: str) -> list[str]:
        """Return the values of a channel in words."""
        channel = self.channel(name)
        return [value_text(self.pen, channel, value) for value in self.values(name)]

    def cells(
        self, values: Sequence[float | str | None]
    ) -> dict[tuple[str, str], float | str | None]:
        """Return values, one for each row of the data, by what y and x are in it."""
        cells: dict[tuple[str, str], float | str | None] = {}
        for row, column, value in zip(self.words("y"), self.words("x"), values, strict=True):
            if (row, column) in cells:
                raise ValueError(f"{row!r} has two values for {column!r}")
            cells[row, column] = value
        return cells

    def is_highlighted(self, *names: str) -> bool:
        """Return whether one of these names is highlighted."""
        return not self.highlights.isdisjoint(names)

    def chart(self, height: float, fixed: bool = False) -> Chart:
        """Return what was drawn."""
        return Chart(self.width, height, tuple(self.pen.items), "", fixed)


def value_text(
    pen: Pen, channel: Channel | None, value: float | str | None, unit: bool = False
) -> str:
    """Return a value in words, with its unit if wanted."""
    if value is None or channel is None:
        return ""
    if channel.kind == "date":
        return pen.words.short_day(date.fromordinal(int(float(value))))
    words = amount(pen, float(value)) if isinstance(value, float) else str(value)
    return f"{words}\u00a0{channel.unit}" if unit and channel.unit else words


def amount(pen: Pen, value: float) -> str:
    """Return a number as it is read: two decimals, or figures of a small one; no exponents."""
    small = NOISE < abs(value) < 0.1
    decimals = 1 - math.floor(math.log10(abs(value))) if small else 2
    words = f"{value:.{decimals}f}".rstrip("0").rstrip(".")
    words = words.replace("-", "\u2212")
    return words.replace(".", pen.words.decimal) if "." in words else words


def wrapped(pen: Pen, words: str, width: float, face: str = "regular") -> list[str]:
    """Return words in lines no wider than `width`, as far as their longest word allows."""
    lines: list[str] = []
    for word in words.split():
        for part in _parts(pen, word, width, face):
            longer = f"{lines[-1]} {part}" if lines and part is word else ""
            if longer and pen.width(longer, face) <= width:
                lines[-1] = longer
            else:
                lines.append(part)
    return lines or [""]


def widest_word(pen: Pen, words: Iterable[str], face: str = "regular") -> float:
    """Return the least width that breaks none of these words."""
    return max((pen.width(word, face) for text in words for word in text.split()), default=0.0)


def _parts(pen: Pen, word: str, width: float, face: str) -> Iterable[str]:
    """Return a word whole, or cut behind a hyphen, slash or dot if it is too wide."""
    if pen.width(word, face) <= width:
        return [word]
    parts = [""]
    for character in word:
        if parts[-1] and pen.width(parts[-1] + character, face) > width:
            cut = max(parts[-1].rfind(sign) for sign in "-/._@(:") + 1
            head, rest = (parts[-1][:cut], parts[-1][cut:]) if cut > 1 else (parts[-1], "")
            parts[-1:] = [head, rest]
        parts[-1] += character
    return parts


def write_lines(
    pen: Pen,
    x: float,
    top: float,
    lines: Sequence[str],
    face: str = "regular",
    color: str = "ink",
    align: str = "left",
) -> None:
    """Write lines one below the other, the first with its top at `top`."""
    for number, line in enumerate(lines):
        pen.write(x, top - ASCENT - number * LEADING, line, face, color, align)


def clear(pen: Pen, middle: float, top: float, lines: Sequence[str], wide: float) -> None:
    """Clear what is below words, so that no line strikes through them."""
    height = height_of(lines)
    paper = pen.color("paper")
    pen.items.append(Box(middle - wide / 2 - 2, top - height + 1, wide + 4, height, paper))


def height_of(lines: Sequence[str]) -> float:
    """Return the height of this many lines."""
    return ASCENT + DESCENT + LEADING * (len(lines) - 1)


# --------------------------------------------------------------------- colours


def shades(pen: Pen, count: int, lightest: float = LIGHTEST) -> list[Color]:
    """Return a colour for each series, which differ in lightness too: for print in grey."""
    # Steps look even if they are even in the root of the luminance.
    low, high = DARKEST**0.5, lightest**0.5
    step = (high - low) / max(1, count - 1)
    names = [SERIES[number % len(SERIES)] for number in range(count)]
    return [at_luminance(pen, name, (low + step * n) ** 2) for n, name in enumerate(names)]


def at_luminance(pen: Pen, name: str, wanted: float) -> Color:
    """Return a colour of the theme, mixed with paper or ink until it is as light as wanted."""
    color = pen.color(name)
    target = (1.0, 1.0, 1.0) if luminance(color) < wanted else (0.0, 0.0, 0.0)
    low, high = 0.0, 1.0
    for _ in range(20):
        share = (low + high) / 2
        mixed = mix(color, target, share)
        too_far = (luminance(mixed) > wanted) == (target[0] == 1.0)
        low, high = (low, share) if too_far else (share, high)
    red, green, blue = mix(color, target, low)
    return round(red, 3), round(green, 3), round(blue, 3)


def mix(one: Color, other: Color, share: float) -> Color:
    """Return `one` with a `share` of `other` in it."""
    red, green, blue = (a + (b - a) * share for a, b in zip(one, other, strict=True))
    return red, green, blue


def ink_on(pen: Pen, ground: Color) -> str:
    """Return the name of the colour in which words are read best on a ground."""
    return max(("ink", "paper"), key=lambda name: contrast(pen.color(name), ground))


def edge_of(pen: Pen, fill: Color, else_: str = "") -> str:
    """Return the name of the colour of an edge: a fill that is pale on paper needs one."""
    return "soft" if contrast(fill, pen.color("paper")) < PALE else else_


def fill_box(
    pen: Pen,
    x: float,
    y: float,
    width: float,
    height: float,
    fill: Color,
    stroke: str = "",
    radius: float = 0.0,
    line: float = 0.6,
) -> None:
    """Draw a rectangle in a colour that is not one of the theme's names."""
    edge = pen.color(stroke) if stroke else None
    pen.items.append(Box(x, y, width, height, fill, edge, line, radius))


def rule(
    pen: Pen,
    start: Point,
    end: Point,
    color: str = "hairline",
    line: float = 0.5,
    dash: float = 0.0,
) -> None:
    """Draw a straight line."""
    pen.items.append(Segment(*start, *end, pen.color(color), line, dash))


def trace(
    pen: Pen,
    points: Sequence[Point],
    color: Color,
    line: float = 1.4,
    dash: tuple[float, ...] = (),
) -> None:
    """Draw a line through points."""
    if len(points) < 2:
        return
    segments = tuple((1 if n else 0, x, y) for n, (x, y) in enumerate(points))
    pen.items.append(Path(segments, None, color, line, dash))


def arrow_head(pen: Pen, tip: Point, before: Point, color: str = "accent-dark") -> None:
    """Draw the head of an arrow that comes from `before`."""
    (x, y), (bx, by) = tip, before
    length = math.hypot(x - bx, y - by) or 1.0
    dx, dy = (x - bx) / length, (y - by) / length
    points = (
        (x - 5.5 * dx - 3 * dy, y - 5.5 * dy + 3 * dx),
        tip,
        (x - 5.5 * dx + 3 * dy, y - 5.5 * dy - 3 * dx),
    )
    pen.items.append(Polygon(points, pen.color(color)))


# ---------------------------------------------------------------------- scales


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Return round numbers from `low` to `high` or a little beyond, at most `most` + 1."""
    span = (high - low) or 1.0
    step = 10 ** math.floor(math.log10(span / most))
    for factor in (1, 2, 2.5, 5, 10, 20):
        if span / (step * factor) <= most:
            step *= factor
            break
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(number * step, 10) for number in range(first, last + 1)]


def day_ticks(low: float, high: float, most: int) -> list[float]:
    """Return at most `most` + 1 days from `low` to `high`; of many months, their first days."""
    span = max(1.0, high - low)
    if span > 56:
        first = date.fromordinal(int(low))
        month = first.year * 12 + first.month - 1 + (first.day > 1)
        last = date.fromordinal(int(high))
        count = last.year * 12 + last.month - month
        step = next((one for one in (1, 2, 3, 6, 12) if count / one <= most), -(-count // most))
        months = range(month, month + count, step)
        return [float(date(one // 12, one % 12 + 1, 1).toordinal()) for one in months]
    steps = (1, 2, 7, 14, 28, 56, 91, 182, 364, 728)
    step = next((one for one in steps if span / one <= most), math.ceil(span / most))
    return [low + step * number for number in range(int(span // step) + 1)]


@frozen
class Scale:
    """Takes numbers, days or words to points between `start` and `end`."""

    start: float
    end: float
    low: float
    high: float
    names: tuple[str, ...] = ()

    def at(self, value: float | str | None) -> float:
        """Return the place of a value; words have the middle of a band."""
        if self.names:
            number = self.names.index(str(value)) + 0.5
            return self.start + (self.end - self.start) * number / len(self.names)
        share = (float(value or 0) - self.low) / ((self.high - self.low) or 1.0)
        return self.start + (self.end - self.start) * share

    @property
    def band(self) -> float:
        """Return the width of a word's band."""
        return (self.end - self.start) / max(1, len(self.names))


def axis_of(
    plot: Plot, channel: Channel, start: float, end: float, from_zero: bool = False
) -> tuple[Scale, list[tuple[float, str]]]:
    """Return the scale of a channel between two places, and its ticks with their words."""
    pen = plot.pen
    if channel.kind == "word":
        names = tuple(dict.fromkeys(str(value) for value in channel.values if value is not None))
        scale = Scale(start, end, 0, 1, names)
        return scale, [(scale.at(name), name) for name in names]
    numbers = [float(value) for value in channel.values if value is not None]
    low, high = min(numbers, default=0.0), max(numbers, default=1.0)
    room = abs(end - start)
    if channel.kind == "date":
        widest = pen.width("30 Sept") + 14
        scale = Scale(start, end, low, max(high, low + 1))
        marks = day_ticks(low, high, max(1, int(room / widest)))
        return scale, [(scale.at(one), value_text(pen, channel, one)) for one in marks]
    if from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    widest = max(pen.width(amount(pen, value)) for value in (low, high)) + 16
    most = max(2, min(6, int(room / max(widest, 22))))
    if all(value == int(value) for value in numbers):
        most = min(most, max(1, int(high - low)))
    marks = ticks(low, high, most)
    scale = Scale(start, end, marks[0], marks[-1])
    return scale, [(scale.at(one), amount(pen, one)) for one in marks]
