"""Lay out SVG pictures: shapes as one picture, words as glyphs of the theme's faces."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import uharfbuzz as hb

from ...core.diagnostics import Source, error
from ...core.matrices import Matrix, at, times
from ...core.svg import SvgError, TextItem, TextLine, load_svg
from ...core.units import Color
from ...fonts.face import Face
from ...fonts.fallback import fallback_fonts
from ...fonts.font_file import FontFile, open_font
from ..inline.encode import encode_runs
from ..inline.runs import InlineContext, RunStyle, TextRun, glyphs_of
from ..page import PageItem, Path, Picture
from .pen import Chart

Segment = tuple[float, ...]


def draw_svg(path: str, width: float, alt: str, context: InlineContext, source: Source) -> Chart:
    """Return the picture in an SVG file, `width` points wide.

    Raises:
        HandbookError: The file is not a picture.
    """
    try:
        picture = load_svg(path)
    except (OSError, SvgError):
        raise error(
            f"{path!r} is not a picture that can be read",
            at=source,
            hint="use PNG, JPEG or SVG",
            code="broken-image",
        ) from None
    scale = width / picture.width
    height = picture.height * scale
    # In SVG, y counts downwards.
    page: Matrix = (scale, 0, 0, -scale, 0, height)
    items: list[PageItem] = [Picture(0.0, 0.0, width, height, path, None)]
    for line in picture.lines:
        items += _line(line, page, context, source)
    return Chart(width, height, tuple(items), alt, fixed=True)


def _line(line: TextLine, page: Matrix, context: InlineContext, source: Source) -> list[PageItem]:
    """Return the glyphs of a line of text; outlines where it is turned."""
    matrix = times(line.matrix, page)
    a, b, c, d, _, _ = matrix
    scale = abs(a * d - b * c) ** 0.5
    runs = [run for words in line.words for run in _runs(words, scale, context, source)]
    length = sum(run.width for run in runs)
    most = line.most * scale
    if most and length > most:
        words = tuple(w._replace(size=w.size * most / length) for w in line.words)
        return _line(line._replace(words=words, most=0.0), page, context, source)
    share = {"middle": 0.5, "end": 1.0}.get(line.anchor, 0.0)
    if abs(b) > 0.01 * abs(a) or a < 0:
        return _turned(line, length / scale * share if scale else 0.0, matrix, context)
    x, y = at(matrix, line.x, line.y)
    x -= length * share
    return glyphs_of(runs, x, y)


def _face(words: TextItem, context: InlineContext) -> str:
    name = "mono" if words.mono else "bold" if words.bold else "regular"
    return name if name in context.faces else "regular"


def _runs(words: TextItem, scale: float, context: InlineContext, source: Source) -> list[TextRun]:
    face = _face(words, context)
    style = RunStyle(face, words.size * scale, words.color, 0.0, None, "", "")
    return encode_runs(context, words.text, style, source)


def _turned(line: TextLine, shift: float, matrix: Matrix, context: InlineContext) -> list[PageItem]:
    """Return words at an angle as outlines: lines of text on a page run level."""
    x = line.x - shift
    items: list[PageItem] = []
    for words in line.words:
        face = context.faces[_face(words, context)]
        unit = words.size / 1000
        start = times((unit, 0, 0, -unit, x, line.y), matrix)
        glyphs, width = outlines(words.text, face, start, words.color)
        items += glyphs
        x += width * unit
    return items


def outlines(words: str, face: Face, matrix: Matrix, color: Color) -> tuple[list[PageItem], float]:
    """Return words as outlines, and their width; `matrix` places 1000 units of the em."""
    x = 0.0
    items: list[PageItem] = []
    for font, part in _by_font(words, face):
        buffer = hb.Buffer()
        buffer.add_str(part)
        buffer.guess_segment_properties()
        hb.shape(font, buffer)
        unit = 1000 / font.face.upem
        for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
            pen = _Outliner(times((unit, 0, 0, unit, x, 0.0), matrix))
            font.draw_glyph_with_pen(info.codepoint, pen)
            if pen.segments:
                items.append(Path(tuple(pen.segments), color))
            x += place.x_advance * unit
    return items, x


def _by_font(words: str, face: Face) -> Iterator[tuple[hb.Font, str]]:
    """Yield words part by part, each with the first font that has its characters."""
    first = open_font(face.path)

    def font_of(character: str) -> FontFile:
        if first.has(character):
            return first
        return next((font for font in fallback_fonts() if font.has(character)), first)

    for font, characters in groupby(words, font_of):
        yield font.font, "".join(characters)


class _Outliner:
    """Takes the outline of a glyph, as HarfBuzz gives it, to its place."""

    def __init__(self, matrix: Matrix) -> None:
        self.matrix = matrix
        self.segments: list[Segment] = []
        self._last = (0.0, 0.0)

    def _add(self, kind: int, *points: tuple[float, float]) -> None:
        self.segments.append((kind, *(v for point in points for v in at(self.matrix, *point))))
        self._last = points[-1] if points else self._last

    def moveTo(self, point: tuple[float, float]) -> None:
        """Begin a contour."""
        self._add(0, point)

    def lineTo(self, point: tuple[float, float]) -> None:
        """Add a straight line."""
        self._add(1, point)

    def curveTo(self, *points: tuple[float, float]) -> None:
        """Add a cubic curve."""
        self._add(2, *points)

    def qCurveTo(self, *points: tuple[float, float]) -> None:
        """Add a quadratic curve as the equal cubic one."""
        (cx, cy), (x, y) = points
        (ax, ay) = self._last
        first = (ax + (cx - ax) * 2 / 3, ay + (cy - ay) * 2 / 3)
        self._add(2, first, (x + (cx - x) * 2 / 3, y + (cy - y) * 2 / 3), (x, y))

    def closePath(self) -> None:
        """End a contour."""
        self._add(3)
