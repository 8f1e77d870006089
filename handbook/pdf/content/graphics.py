"""Write shapes as path operators (ISO 32000-1, 8.4 and 8.5)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

from ...core.units import Color
from ...layout.page import Box, Path, Polygon, Segment

# Distance of a rounded corner's control points, as a share of its radius.
_CORNER = 0.4472
# Painting operators by (stroke, fill).
_PAINT = {(False, False): "n", (True, False): "S", (False, True): "f*", (True, True): "B*"}


def numbers(*values: float) -> str:
    """Format numbers to six significant digits, without trailing zeros."""
    return " ".join([_number(value) for value in values])


@lru_cache(maxsize=4096)
def _number(value: float) -> str:
    size = abs(value)
    if size <= 1e-7:
        return "0"
    places = 6 if size <= 1 else max(0, 6 - int(math.log10(size)))
    text = f"{value:.{places}f}"
    if places:
        text = text.rstrip("0").rstrip(".")
    return text[1:] if text[0] == "0" and len(text) > 1 else text


def shapes(items: Sequence[Box | Segment | Polygon | Path]) -> str:
    """Return the operators that draw `items` and restore the graphics state."""
    out = ["q"]
    for item in items:
        if isinstance(item, Box):
            _box(out, item)
        elif isinstance(item, Segment):
            _segment(out, item)
        elif isinstance(item, Path):
            _path(out, item)
        else:
            _polygon(out, item)
    return "\n".join([*out, "Q"])


END_CLIP = Path((), clip=True)


def open_clips(items: Sequence[Box | Segment | Polygon | Path]) -> list[Path]:
    """Return the clips that begin in `items` and do not end there."""
    clips: list[Path] = []
    for item in items:
        if isinstance(item, Path) and item.clip:
            clips = [*clips, item] if item.segments else clips[:-1]
    return clips


def clip_operators(clip: Path) -> list[str]:
    """Return the operators that begin a clip; `Q` ends it."""
    out: list[str] = []
    _path(out, clip)
    return out


@lru_cache(maxsize=256)
def _color(color: Color, grey: str, rgb: str) -> str:
    """Return a colour operator; greys use the grey operator, which prints with black ink only.

    A thousandth is finer than the eight bits of a screen's colours.
    """
    red, green, blue = (_number(round(part, 3)) for part in color)
    return f"{red} {grey}" if red == green == blue else f"{red} {green} {blue} {rgb}"


def _set_colors(out: list[str], fill: Color | None, stroke: Color | None, line: float) -> str:
    """Set the colours; return the operator that paints the path."""
    if fill:
        out.append(_color(fill, "g", "rg"))
    if stroke:
        out += [_color(stroke, "G", "RG"), f"{numbers(line)} w"]
    return _PAINT[bool(stroke), bool(fill)]


def _box(out: list[str], box: Box) -> None:
    paint = _set_colors(out, box.fill, box.stroke, box.line)
    x, y, w, h = (round(v, 2) for v in box[:4])
    if box.radius:
        out += ["n", *_rounded(x, y, x + w, y + h, box.radius), paint]
    else:
        out.append(f"n {numbers(x, y, w, h)} re {paint}")


def _rounded(left: float, low: float, right: float, high: float, radius: float) -> list[str]:
    t = _CORNER * radius
    return [
        f"{numbers(left + radius, low)} m",
        f"{numbers(right - radius, low)} l",
        f"{numbers(right - t, low, right, low + t, right, low + radius)} c",
        f"{numbers(right, high - radius)} l",
        f"{numbers(right, high - t, right - t, high, right - radius, high)} c",
        f"{numbers(left + radius, high)} l",
        f"{numbers(left + t, high, left, high - t, left, high - radius)} c",
        f"{numbers(left, low + radius)} l",
        f"{numbers(left, low + t, left + t, low, left + radius, low)} c",
        "h",
    ]


def _path(out: list[str], shape: Path) -> None:
    """Write a path, or start or end a clip."""
    if shape.clip and not shape.segments:
        out.append("Q")
        return
    paint = "W n" if shape.clip else _set_colors(out, shape.fill, shape.stroke, shape.line)
    if not shape.even:
        paint = paint.rstrip("*")
    if shape.clip:
        out.append("q")
    if shape.dash:
        out.append(f"[{numbers(*shape.dash)}] 0 d")
    if shape.round:
        out.append("1 J")
    for kind, *points in shape.segments:
        out.append(f"{numbers(*(round(v, 2) for v in points))} {'mlch'[int(kind)]}".strip())
    out.append(paint)
    if shape.dash:
        out.append("[] 0 d")
    if shape.round:
        out.append("0 J")


def _segment(out: list[str], line: Segment) -> None:
    out += [_color(line.color, "G", "RG"), f"{numbers(line.width)} w"]
    if line.dash:
        out.append(f"[{numbers(line.width, line.dash - line.width)}] 0 d")
    x1, y1, x2, y2 = (round(v, 2) for v in line[:4])
    out.append(f"n {numbers(x1, y1)} m {numbers(x2, y2)} l S")
    if line.dash:
        out.append("[] 0 d")


def _polygon(out: list[str], shape: Polygon) -> None:
    paint = _set_colors(out, shape.fill, shape.stroke, shape.line)
    first, *rest = shape.points
    path = [f"n {numbers(*first)} m", *(f"{numbers(*point)} l" for point in rest)]
    if shape.closed:
        path.append("h")
    out += [" ".join(path), paint]


def number(value: float) -> str:
    """Format a length to a hundredth of a point."""
    return f"{round(value, 2):.7g}"


def fill_operator(color: Color) -> str:
    """Return the fill colour operator; greys use the grey operator."""
    return _color(color, "g", "rg")


def stroke_operator(color: Color) -> str:
    """Return the stroke colour operator."""
    return _color(color, "G", "RG")
