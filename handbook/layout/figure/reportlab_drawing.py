"""Take a drawing made with `reportlab.graphics` to the page: its shapes, words and pictures.

Words are set in the theme's faces and stay text; colours are as its author chose them, but for
words that could not be read.  This module imports ReportLab, so it is imported late.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path as FilePath
from typing import Any

from reportlab.graphics.renderbase import Renderer, getStateDelta, renderScaledDrawing
from reportlab.graphics.shapes import Drawing, _renderPath

from ...core.diagnostics import Source, error
from ...core.matrices import Matrix, at, scale_of, times
from ...core.units import Color
from ...fonts.face import Face
from ...fonts.shaping import ShapedLine
from ...theme.theme import Theme
from ..inline.complex_text import complex_text, shaped_line
from ..page import Glyphs, PageItem, Path, Picture
from .legibility import in_grey, is_grey, legible
from .pen import Chart
from .svg import outlines
from .svg_path import Segment, arc, ellipse, rectangle


def draw_drawing(
    drawing: Drawing,
    alt: str,
    theme: Theme,
    faces: dict[str, Face],
    source: Source,
    language: str = "en",
) -> Chart:
    """Return a ReportLab drawing at its own size; `alt` is what it says in words.

    Raises:
        HandbookError: If it holds something that has no place on a page.
    """
    drawing = renderScaledDrawing(drawing)
    renderer = _PageRenderer(theme, faces, source, language)
    try:
        renderer.draw(drawing, _Canvas(), 0, 0, showBoundary=False)
    except (ValueError, AssertionError, AttributeError, TypeError) as problem:
        raise error(
            f"a ReportLab drawing cannot be drawn: {problem}",
            at=source,
            hint="use the shapes of reportlab.graphics.shapes and its charts",
            code="figure",
        ) from None
    return Chart(drawing.width, drawing.height, tuple(renderer.items), alt, True)


class _Canvas:
    """What ReportLab's renderer calls a canvas; what is drawn goes to the renderer's items."""

    def saveState(self) -> None:
        """Do nothing: the renderer's tracker holds the state."""

    def restoreState(self) -> None:
        """Do nothing: the renderer's tracker holds the state."""


class _PageRenderer(Renderer):  # type: ignore[misc]
    """Collects the shapes, words and pictures of a drawing as items of a page."""

    def __init__(self, theme: Theme, faces: dict[str, Face], source: Source, language: str) -> None:
        self.theme = theme
        self.faces = faces
        self.source = source
        self.language = language
        self.grey = is_grey(theme)
        self.items: list[PageItem] = []
        self.shapes: list[Path] = []
        self._clips = [0]

    # ------------------------------------------------------------------- state

    def applyStateChanges(self, delta: object, newState: object) -> None:
        """Do nothing: each shape asks for the state that it has."""

    def drawNode(self, node: Any) -> None:
        """Draw a node in its own state; a clip lasts to the end of its group."""
        self._tracker.push(getStateDelta(node))
        self._clips.append(0)
        self.drawNodeDispatcher(node)
        count = self._clips.pop()
        if hasattr(node, "getContents"):
            self.items += [Path((), clip=True)] * count
        else:
            self._clips[-1] += count
        self._tracker.pop()

    def _state(self, key: str) -> Any:
        return self._tracker.getState().get(key)

    @property
    def _matrix(self) -> Matrix:
        matrix: Matrix = tuple(self._tracker.getCTM())
        return matrix

    def _color(self, key: str) -> Color | None:
        color = self._state(f"{key}Color")
        if color is None:
            return None
        opacity = self._state(f"{key}Opacity")
        share = (1.0 if opacity is None else float(opacity)) * float(
            1.0 if getattr(color, "alpha", None) is None else color.alpha
        )
        if share <= 0.01:
            return None
        red, green, blue = (round(1 - (1 - float(part)) * share, 4) for part in color.rgb())
        return in_grey((red, green, blue), self.grey)

    # ------------------------------------------------------------------ shapes

    def _shape(
        self,
        segments: Sequence[Segment],
        fill: bool = True,
        stroke: bool = True,
        even: bool = False,
    ) -> None:
        matrix = self._matrix
        line = float(self._state("strokeWidth") or 0) * scale_of(matrix)
        inside = self._color("fill") if fill else None
        edge = self._color("stroke") if stroke and line > 0 else None
        if inside is None and edge is None:
            return
        shape = Path(tuple(_placed(segments, matrix)), inside, edge, line, self._dash(), even)
        self.items.append(shape)
        self.shapes.append(shape)

    def _dash(self) -> tuple[float, ...]:
        dash = self._state("strokeDashArray")
        if not dash:
            return ()
        if len(dash) == 2 and isinstance(dash[1], (list, tuple)):
            dash = dash[1]
        scale = scale_of(self._matrix)
        parts = tuple(float(part) * scale for part in dash)
        return parts if all(parts) else ()

    def drawLine(self, line: Any) -> None:
        """Draw a straight line."""
        self._shape([(0, line.x1, line.y1), (1, line.x2, line.y2)], fill=False)

    def drawRect(self, rect: Any) -> None:
        """Draw a rectangle, with rounded corners if it has them."""
        rx, ry = rect.rx or rect.ry, rect.ry or rect.rx
        self._shape(rectangle(rect.x, rect.y, rect.width, rect.height, rx, ry))

    def drawCircle(self, circle: Any) -> None:
        """Draw a circle."""
        self._shape(ellipse(circle.cx, circle.cy, circle.r, circle.r))

    def drawEllipse(self, shape: Any) -> None:
        """Draw an ellipse."""
        self._shape(ellipse(shape.cx, shape.cy, shape.rx, shape.ry))

    def drawPolyLine(self, line: Any) -> None:
        """Draw a line through points."""
        self._shape(list(_through(line.points)), fill=False)

    def drawPolygon(self, polygon: Any) -> None:
        """Draw a closed shape through points."""
        self._shape([*_through(polygon.points), (3,)])

    def drawWedge(self, wedge: Any) -> None:
        """Draw a slice of a disc or a ring, with arcs where ReportLab's polygon has corners."""
        if wedge.annular:
            super().drawWedge(wedge)
            return
        outer = wedge.radius, wedge.yradius or wedge.radius
        _, inner_x, inner_y = wedge._xtraRadii()
        first, last = wedge.startangledegrees, wedge.endangledegrees
        middle = wedge.centerx, wedge.centery
        outside = list(_arc(middle, outer, first, last))
        if not inner_x and not inner_y:
            self._shape([(0, *middle), (1, *outside[0][1:]), *outside[1:], (3,)])
            return
        inner = inner_x or inner_y, inner_y or inner_x
        inside = list(_arc(middle, inner, last, first))
        self._shape([*outside, (1, *inside[0][1:]), *inside[1:], (3,)])

    def drawPath(self, path: Any) -> None:
        """Draw a path, or clip what follows in its group by it."""
        segments: list[Segment] = []

        def add(kind: int) -> Any:
            return lambda *values: segments.append((kind, *values))

        closing = getattr(path, "autoclose", "")
        filled = self._state("fillColor") is not None
        closed = _renderPath(
            path, (add(0), add(1), add(2), add(3)), forceClose=filled and closing == "pdf"
        )
        if path.isClipPath:
            self.items.append(Path(tuple(_placed(segments, self._matrix)), clip=True))
            self._clips[-1] += 1
            return
        even = getattr(path, "fillMode", None) == 0
        self._shape(segments, fill=closed or closing in ("svg", "pdf"), even=even)

    # ------------------------------------------------------- words and pictures

    def drawString(self, string: Any) -> None:
        """Set words in the theme's face, where ReportLab would have set them in its own."""
        text, state = str(string.text), self._tracker.getState()
        color = self._color("fill")
        if not text.strip() or color is None:
            return
        face = _face(str(state["fontName"]), self.faces)
        size = float(state["fontSize"])
        matrix = self._matrix
        codes, units = self._codes(text, face)
        shift = {"middle": 0.5, "end": 1.0, "numeric": 1.0}.get(state["textAnchor"], 0.0)
        x = string.x - units * size / 1000 * shift
        drawn = size * scale_of(matrix)
        left, low = at(matrix, x, string.y)
        begin = at(matrix, x, string.y + size * 0.3)
        color = legible(color, self.shapes, begin, units * drawn / 1000, self.theme)
        if abs(matrix[1]) > 0.01 * abs(matrix[0]) or matrix[0] < 0:
            unit = size / 1000
            start = times((unit, 0, 0, unit, x, string.y), matrix)
            self.items += outlines(text, self.faces[face], start, color)[0]
            return
        if isinstance(codes, str):
            codes = self.faces[face].encode(text + " ")[0]
        self.items.append(Glyphs(left, low, face, drawn, color, codes, None))

    def _codes(self, text: str, face: str) -> tuple[str | ShapedLine, float]:
        if complex_text(text) or not self.faces[face].has(text):
            line = shaped_line(text, self.faces[face].path, self.source, self.language)
            return line, line.width
        return self.faces[face].encode(text)

    def drawImage(self, image: Any) -> None:
        """Put a picture from a file at its place."""
        if not isinstance(image.path, (str, FilePath)) or not FilePath(image.path).is_file():
            raise ValueError(f"the picture {image.path!r} is not a file")
        left, low = at(self._matrix, image.x, image.y)
        a, b, c, d, _, _ = self._matrix
        if abs(b) > 1e-6 or abs(c) > 1e-6:
            raise ValueError("a picture cannot be turned")
        width, height = image.width * a, image.height * d
        self.items.append(Picture(left, low, width, height, str(image.path), None))


def _placed(segments: Sequence[Segment], matrix: Matrix) -> Iterator[Segment]:
    for kind, *values in segments:
        points = [at(matrix, x, y) for x, y in zip(values[::2], values[1::2], strict=True)]
        yield (kind, *(round(value, 3) for point in points for value in point))


def _through(points: Sequence[float]) -> Iterator[Segment]:
    for number, place in enumerate(zip(points[::2], points[1::2], strict=True)):
        yield (1 if number else 0, *place)


def _arc(
    middle: tuple[float, float], radii: tuple[float, float], first: float, last: float
) -> Iterator[Segment]:
    """Yield an arc from one angle to another, in steps that are never half an ellipse."""
    (x, y), (rx, ry) = middle, radii

    def place(angle: float) -> tuple[float, float]:
        turn = math.radians(angle)
        return x + rx * math.cos(turn), y + ry * math.sin(turn)

    yield (0, *place(first))
    steps = max(1, math.ceil(abs(last - first) / 90 - 1e-9))
    here = place(first)
    for number in range(1, steps + 1):
        there = place(first + (last - first) * number / steps)
        yield from arc(here, rx, ry, 0, False, last > first, there)
        here = there


def _face(font: str, faces: dict[str, Face]) -> str:
    """Return the theme's face for one of ReportLab's fonts."""
    name = font.lower()
    if "courier" in name or "mono" in name:
        return "mono" if "mono" in faces else "regular"
    bold = "bold" in name or "black" in name or "heavy" in name
    italic = "italic" in name or "oblique" in name
    face = {(True, True): "bold-italic", (True, False): "bold", (False, True): "italic"}
    wanted = face.get((bold, italic), "regular")
    return wanted if wanted in faces else "regular"
