"""SVG files -> ink: shapes as paths, words as glyphs of the theme's faces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

import uharfbuzz as hb

from ...core.diagnostics import Source
from ...core.images import drawing
from ...core.units import Color
from ...fonts.font_file import open_font
from ..inline.encode import encode_word
from ..inline.runs import InlineContext
from ..page import Glyphs, PageItem, Path
from .charts import Chart

Matrix: TypeAlias = tuple[float, float, float, float, float, float]
Segment: TypeAlias = tuple[float, ...]

# How far the handles of a quarter of a circle reach, as a share of its radius.
_CURVE = 0.5522847498
_POINTS = (2, 2, 6, 0)
_EVEN_ODD = 0
_KINDS = ("Rect", "Circle", "Ellipse", "Line", "Polygon", "PolyLine", "Path", "String")


def draw_svg(path: str, width: float, alt: str, context: InlineContext, source: Source) -> Chart:
    """The drawing in an SVG file, `width` points wide."""
    found = drawing(path)
    scale = width / found.width
    height = found.height * scale
    pen = _Pen(context, source)
    frame = [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)]
    # What stands outside of the drawing's own bounds is not part of it.
    clip = Path(tuple(_polygon(frame, (1, 0, 0, 1, 0, 0))), clip=True)
    pen.group(found, _times(tuple(found.transform), (scale, 0, 0, scale, 0, 0)))
    shapes = [item for item in pen.items if isinstance(item, Path)]
    words = [item for item in pen.items if not isinstance(item, Path)]
    return Chart(width, height, (clip, *shapes, Path((), clip=True), *words), alt)


class _Pen:
    """Collects ink while it walks through a drawing of ReportLab's."""

    def __init__(self, context: InlineContext, source: Source) -> None:
        self.context = context
        self.source = source
        self.items: list[PageItem] = []

    def group(self, group: Any, matrix: Matrix) -> None:
        """Draw what is in a group; a clipping path holds for what follows it there."""
        clips = 0
        for node in group.contents:
            # svglib has paths of its own, without strokes and for clips.
            kind = next((c.__name__ for c in type(node).__mro__ if c.__name__ in _KINDS), "")
            if hasattr(node, "contents"):
                self.group(node, _times(tuple(getattr(node, "transform", _NONE)), matrix))
            elif kind == "String":
                self._words(node, matrix)
            elif segments := tuple(_segments(node, kind, matrix)):
                if getattr(node, "isClipPath", 0):
                    self.items.append(Path(segments, clip=True))
                    clips += 1
                else:
                    self._shape(node, segments, matrix)
        self.items += [Path((), clip=True)] * clips

    def _shape(self, node: Any, segments: Sequence[Segment], matrix: Matrix) -> None:
        fill = _color(getattr(node, "fillColor", None), getattr(node, "fillOpacity", None))
        stroke = _color(node.strokeColor, getattr(node, "strokeOpacity", None))
        scale = _scale(matrix)
        line = float(node.strokeWidth or 0) * scale
        if line <= 0 or type(node).__name__ == "NoStrokePath":
            stroke = None
        dash = tuple(float(part) * scale for part in getattr(node, "strokeDashArray", None) or ())
        even = getattr(node, "_fillRule", getattr(node, "fillMode", None)) == _EVEN_ODD
        if fill or stroke:
            self.items.append(Path(tuple(segments), fill, stroke, line, dash, even))

    def _words(self, node: Any, matrix: Matrix) -> None:
        color = _color(node.fillColor, getattr(node, "fillOpacity", None))
        size = float(node.fontSize) * _scale(matrix)
        words = " ".join(str(node.text).split())
        if not words or color is None or size <= 0:
            return
        name = str(node.fontName).casefold()
        face = "mono" if "mono" in name or "courier" in name else "regular"
        if "bold" in name and "bold" in self.context.faces:
            face = "bold"
        face = face if face in self.context.faces else "regular"
        runs = encode_word(self.context, face, words, self.source)
        width = sum(units for _, _, units in runs) * size / 1000
        if abs(matrix[1]) > 0.01 * abs(matrix[0]):
            self._turned(words, face, color, node, matrix)
            return
        x, y = _at(matrix, float(node.x), float(node.y))
        shift = {"middle": width / 2, "end": width}.get(str(node.textAnchor), 0.0)
        x -= shift
        for own, codes, units in runs:
            self.items.append(Glyphs(x, y, own, size, color, codes, None))
            x += units * size / 1000

    def _turned(self, words: str, face: str, color: Color, node: Any, matrix: Matrix) -> None:
        """Words at an angle, as outlines: lines of text on a page run level."""
        font = open_font(self.context.faces[face].path).font
        buffer = hb.Buffer()
        buffer.add_str(words)
        buffer.guess_segment_properties()
        hb.shape(font, buffer)
        unit = float(node.fontSize) / font.face.upem
        width = sum(place.x_advance for place in buffer.glyph_positions) * unit
        x = float(node.x) - {"middle": width / 2, "end": width}.get(str(node.textAnchor), 0.0)
        for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            pen = _Outliner(_times((unit, 0, 0, unit, x, float(node.y)), matrix))
            font.draw_glyph_with_pen(info.codepoint, pen)
            if pen.segments:
                self.items.append(Path(tuple(pen.segments), color))
            x += place.x_advance * unit


class _Outliner:
    """Takes the outline of a glyph, as HarfBuzz tells it, to its place."""

    def __init__(self, matrix: Matrix) -> None:
        self.matrix = matrix
        self.segments: list[Segment] = []
        self._last = (0.0, 0.0)

    def _add(self, kind: int, *points: tuple[float, float]) -> None:
        self.segments.append((kind, *(v for point in points for v in _at(self.matrix, *point))))
        self._last = points[-1] if points else self._last

    def moveTo(self, point: tuple[float, float]) -> None:
        """Begin a contour."""
        self._add(0, point)

    def lineTo(self, point: tuple[float, float]) -> None:
        """A straight line."""
        self._add(1, point)

    def curveTo(self, *points: tuple[float, float]) -> None:
        """A cubic curve."""
        self._add(2, *points)

    def qCurveTo(self, *points: tuple[float, float]) -> None:
        """A quadratic curve, as the cubic one that is the same."""
        (cx, cy), (x, y) = points
        (ax, ay) = self._last
        first = (ax + (cx - ax) * 2 / 3, ay + (cy - ay) * 2 / 3)
        self._add(2, first, (x + (cx - x) * 2 / 3, y + (cy - y) * 2 / 3), (x, y))

    def closePath(self) -> None:
        """End a contour."""
        self._add(3)


_NONE: Matrix = (1, 0, 0, 1, 0, 0)


def _times(inner: Any, outer: Matrix) -> Matrix:
    """The matrix that does `inner`, then `outer`."""
    a, b, c, d, e, f = inner
    k, m, n, p, q, r = outer
    return (a * k + b * n, a * m + b * p, c * k + d * n, c * m + d * p,
            e * k + f * n + q, e * m + f * p + r)  # fmt: skip


def _at(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _scale(matrix: Matrix) -> float:
    a, b, c, d, _, _ = matrix
    return float(abs(a * d - b * c) ** 0.5)


def _color(color: Any, opacity: float | None) -> Color | None:
    """A colour on white paper: what shines through is lighter, as there is nothing behind."""
    if color is None:
        return None
    # svglib says it twice where it says it.
    share = min(float(getattr(color, "alpha", 1.0)), 1.0 if opacity is None else float(opacity))
    if share <= 0:
        return None
    inks = (float(color.red), float(color.green), float(color.blue))
    red, green, blue = (round(1 - (1 - items) * share, 4) for items in inks)
    return red, green, blue


def _segments(node: Any, kind: str, matrix: Matrix) -> Iterator[Segment]:
    """The segments of a shape's path, on the page: points to move, draw and curve to, or none."""
    if kind == "Rect":
        yield from _rect(node, matrix)
    elif kind in ("Circle", "Ellipse"):
        rx, ry = (node.r, node.r) if kind == "Circle" else (node.rx, node.ry)
        yield from _oval(node.cx, node.cy, rx, ry, matrix)
    elif kind == "Line":
        yield from _polygon([(node.x1, node.y1), (node.x2, node.y2)], matrix)[:2]
    elif kind in ("Polygon", "PolyLine"):
        flat = list(node.points)
        points = list(zip(flat[::2], flat[1::2], strict=False))
        path = _polygon(points, matrix)
        yield from path if kind == "Polygon" else path[:-1]
    elif kind == "Path":
        place = 0
        for operator in node.operators:
            points = node.points[place : place + _POINTS[operator]]
            place += _POINTS[operator]
            ends = zip(points[::2], points[1::2], strict=True)
            flat = [value for x, y in ends for value in _at(matrix, x, y)]
            yield (operator, *flat)


def _polygon(points: Sequence[tuple[float, float]], matrix: Matrix) -> list[Segment]:
    path = [(1 if number else 0, *_at(matrix, x, y)) for number, (x, y) in enumerate(points)]
    return [*path, (3,)]


def _rect(node: Any, matrix: Matrix) -> Iterator[Segment]:
    x, y, w, h = node.x, node.y, node.width, node.height
    rx, ry = min(node.rx or 0, w / 2), min(node.ry or node.rx or 0, h / 2)
    if not rx or not ry:
        yield from _polygon([(x, y), (x + w, y), (x + w, y + h), (x, y + h)], matrix)
        return
    i, j = rx * (1 - _CURVE), ry * (1 - _CURVE)
    yield (0, *_at(matrix, x + rx, y))
    for side, curve in (
        ((x + w - rx, y), ((x + w - i, y), (x + w, y + j), (x + w, y + ry))),
        ((x + w, y + h - ry), ((x + w, y + h - j), (x + w - i, y + h), (x + w - rx, y + h))),
        ((x + rx, y + h), ((x + i, y + h), (x, y + h - j), (x, y + h - ry))),
        ((x, y + ry), ((x, y + j), (x + i, y), (x + rx, y))),
    ):
        yield (1, *_at(matrix, *side))
        yield (2, *(value for point in curve for value in _at(matrix, *point)))
    yield (3,)


def _oval(cx: float, cy: float, rx: float, ry: float, matrix: Matrix) -> Iterator[Segment]:
    i, j = rx * _CURVE, ry * _CURVE
    yield (0, *_at(matrix, cx + rx, cy))
    for curve in (
        ((cx + rx, cy + j), (cx + i, cy + ry), (cx, cy + ry)),
        ((cx - i, cy + ry), (cx - rx, cy + j), (cx - rx, cy)),
        ((cx - rx, cy - j), (cx - i, cy - ry), (cx, cy - ry)),
        ((cx + i, cy - ry), (cx + rx, cy - j), (cx + rx, cy)),
    ):
        yield (2, *(value for point in curve for value in _at(matrix, *point)))
    yield (3,)
