"""Provide the pen that figures are drawn with, and the value that a drawn figure is."""

from __future__ import annotations

from dataclasses import replace

from ...core.diagnostics import Source
from ...core.i18n import Translations
from ...core.units import Color
from ...core.values import frozen, record
from ...fonts.face import Face
from ...fonts.shaping import ShapedLine
from ...theme.theme import Theme
from ..inline.complex_text import complex_text, shaped_line
from ..page import Box, Glyphs, PageItem, Path, Picture, Polygon, Segment

# Charts are drawn with text of this size, then scaled to the theme's.
SIZE = 8.8


@frozen
class Chart:
    """A drawing with its lower left corner at 0, 0, and what it says in words."""

    width: float
    height: float
    items: tuple[PageItem, ...]
    alt: str
    # Not to be turned over in books that run from right to left.
    fixed: bool = False
    # The place of a figure that was made smaller, and the points that its words have now.
    shrunk: tuple[Source, float] | None = None
    # Nothing outside its box is shown.
    clipped: bool = False


@record
class Pen:
    """Collects ink in a theme's colours; all of it belongs to one figure.

    Lengths are points, y counts upwards.  In addition to text and boxes, `items` takes whatever
    handbook.layout.page has: segments, polygons.
    """

    theme: Theme
    faces: dict[str, Face]
    items: list[PageItem]
    words: Translations
    source: Source

    def color(self, name: str) -> Color:
        """Return a colour of the theme: ink, soft, accent, accent-dark, warm, hairline, wash, paper
        …
        """
        return self.theme.color(f"colors.{name}")

    def number(self, value: float) -> str:
        """Return a figure with the decimal separator of the book's language."""
        words = f"{value:.0f}" if value == int(value) else f"{value:.12g}"
        return words.replace(".", self.words.decimal) if "." in words else words

    def width(self, words: str, face: str = "regular") -> float:
        """Return how wide words are; the face is regular, bold, italic or mono."""
        return self._set(words, face)[1] * SIZE / 1000

    def _set(self, words: str, face: str) -> tuple[str | ShapedLine, float]:
        """Return glyphs and their width, by codes of the face if it has the words, else shaped."""
        if complex_text(words) or not self.faces[face].has(words):
            line = shaped_line(words, self.faces[face].path, self.source, self.words.language)
            return line, line.width
        return self.faces[face].encode(words)

    def write(
        self,
        x: float,
        y: float,
        words: str,
        face: str = "regular",
        color: str = "ink",
        align: str = "left",
    ) -> None:
        """Put words with their baseline at y; x is their left end, right end or middle."""
        codes, _ = self._set(words + " ", face)
        width = self.width(words, face)
        if not isinstance(codes, str):
            codes, _ = self._set(words, face)
        x -= width if align == "right" else width / 2 if align == "center" else 0.0
        self.items.append(Glyphs(x, y, face, SIZE, self.color(color), codes, None))

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        fill: str = "",
        stroke: str = "",
        radius: float = 0.0,
        line: float = 0.8,
    ) -> None:
        """Put a rectangle with its lower left corner at x, y, filled, stroked, or both."""
        items = self.color(fill) if fill else None
        edge = self.color(stroke) if stroke else None
        self.items.append(Box(x, y, width, height, items, edge, line, radius))


def scaled(chart: Chart, factor: float) -> Chart:
    """Return a drawing `factor` times as large."""
    if factor == 1:
        return chart
    items = tuple(_larger(item, factor) for item in chart.items)
    width, height = chart.width * factor, chart.height * factor
    return replace(chart, width=width, height=height, items=items)


def _larger(item: PageItem, by: float) -> PageItem:
    if isinstance(item, Glyphs):
        return item._replace(x=item.x * by, y=item.y * by, size=item.size * by)
    if isinstance(item, Box):
        x, y, width, height = (side * by for side in item[:4])
        return item._replace(x=x, y=y, width=width, height=height, radius=item.radius * by)
    if isinstance(item, Segment):
        x1, y1, x2, y2 = (place * by for place in item[:4])
        return item._replace(x1=x1, y1=y1, x2=x2, y2=y2)
    if isinstance(item, Path):
        segments = tuple((kind, *(value * by for value in rest)) for kind, *rest in item.segments)
        dash = tuple(part * by for part in item.dash)
        return item._replace(segments=segments, line=item.line * by, dash=dash)
    if isinstance(item, Picture):
        x, y, width, height = (side * by for side in item[:4])
        return item._replace(x=x, y=y, width=width, height=height)
    assert isinstance(item, Polygon)
    return item._replace(points=tuple((x * by, y * by) for x, y in item.points))
