"""Read the path data of SVG, and make paths of its other shapes."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import TypeAlias

from ...core.matrices import NUMBER, Matrix, at, numbers
from ...core.patterns import late

Segment: TypeAlias = tuple[float, ...]
Point: TypeAlias = tuple[float, float]

_COMMAND = late(r"([MLHVCSQTAZmlhvcsqtaz])([^MLHVCSQTAZmlhvcsqtaz]*)")
_SPACE = late(r"[\s,]*")
_FLAG = late(r"[01]")
# The numbers of an arc; its flags may be written without a space.
_OF_ARC = (NUMBER, NUMBER, NUMBER, _FLAG, _FLAG, NUMBER, NUMBER)
_COUNT = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2, "A": 7, "Z": 0}


def segments(data: str) -> list[Segment]:
    """Return path data as absolute segments: 0 moves, 1 draws, 2 curves, 3 closes."""
    path: list[Segment] = []
    x = y = start_x = start_y = 0.0
    handle: Point | None = None
    for match in _COMMAND.finditer(data):
        letter = match[1].upper()
        relative = match[1].islower()
        values = _numbers_of_arcs(match[2]) if letter == "A" else numbers(match[2])
        if letter == "Z":
            path.append((3,))
            x, y, handle = start_x, start_y, None
            continue
        count = _COUNT[letter]
        for number, place in enumerate(range(0, len(values) - count + 1, count)):
            part = values[place : place + count]
            kind = "L" if letter == "M" and number else letter
            before = (x, y)
            x, y, handle = _add(path, kind, part, before, relative, handle)
            if kind == "M":
                start_x, start_y = x, y
    return path


def _add(
    path: list[Segment],
    kind: str,
    part: list[float],
    here: Point,
    relative: bool,
    handle: Point | None,
) -> tuple[float, float, Point | None]:
    """Append one command; return where it ends, and its last handle."""
    x, y = here
    dx, dy = here if relative else (0.0, 0.0)
    if kind in "HV":
        x, y = (part[0] + dx, y) if kind == "H" else (x, part[0] + dy)
        path.append((1, x, y))
        return x, y, None
    if kind == "A":
        end = (part[5] + dx, part[6] + dy)
        path += arc(here, part[0], part[1], part[2], bool(part[3]), bool(part[4]), end)
        return *end, None
    points = [(px + dx, py + dy) for px, py in zip(part[::2], part[1::2], strict=True)]
    end = points[-1]
    if kind in "ML":
        path.append((0 if kind == "M" else 1, *end))
        return *end, None
    mirrored = (2 * x - handle[0], 2 * y - handle[1]) if handle else here
    if kind in "CS":
        first = points[0] if kind == "C" else mirrored
        second = points[-2]
        path.append((2, *first, *second, *end))
        return *end, second
    middle = points[0] if kind == "Q" else mirrored
    curve = [
        (px + (middle[0] - px) * 2 / 3, py + (middle[1] - py) * 2 / 3) for px, py in (here, end)
    ]
    path.append((2, *curve[0], *curve[1], *end))
    return *end, middle


def _numbers_of_arcs(text: str) -> list[float]:
    """Return the numbers of whole arcs, up to what is none."""
    values: list[float] = []
    place = 0
    for pattern in itertools.cycle(_OF_ARC):
        space = _SPACE.match(text, place)
        match = pattern.match(text, space.end() if space else place)
        if match is None:
            return values[: len(values) // 7 * 7]
        values.append(float(match[0]))
        place = match.end()
    return values


def arc(
    start: Point, rx: float, ry: float, turn: float, large: bool, sweep: bool, end: Point
) -> Iterator[Segment]:
    """Yield an elliptical arc as curves of at most a quarter (SVG 2, B.2)."""
    (x1, y1), (x2, y2) = start, end
    rx, ry = abs(rx), abs(ry)
    if not rx or not ry or start == end:
        yield (1, x2, y2)
        return
    angle = math.radians(turn)
    cos, sin = math.cos(angle), math.sin(angle)
    hx, hy = (x1 - x2) / 2, (y1 - y2) / 2
    px, py = cos * hx + sin * hy, -sin * hx + cos * hy
    excess = px * px / (rx * rx) + py * py / (ry * ry)
    if excess > 1:
        rx, ry = rx * excess**0.5, ry * excess**0.5
    above = rx * rx * ry * ry - rx * rx * py * py - ry * ry * px * px
    root = (max(0.0, above) / (rx * rx * py * py + ry * ry * px * px)) ** 0.5
    root = -root if large == sweep else root
    cx, cy = root * rx * py / ry, -root * ry * px / rx
    first = math.atan2((py - cy) / ry, (px - cx) / rx)
    span = math.atan2((-py - cy) / ry, (-px - cx) / rx) - first
    if sweep and span < 0:
        span += 2 * math.pi
    elif not sweep and span > 0:
        span -= 2 * math.pi
    middle_x, middle_y = cos * cx - sin * cy + (x1 + x2) / 2, sin * cx + cos * cy + (y1 + y2) / 2
    to_place: Matrix = (rx * cos, rx * sin, -ry * sin, ry * cos, middle_x, middle_y)
    steps = max(1, math.ceil(abs(span) / (math.pi / 2) - 1e-9))
    step = span / steps
    reach = 4 / 3 * math.tan(step / 4)
    for number in range(steps):
        a, b = first + number * step, first + (number + 1) * step
        yield (
            2,
            *at(to_place, math.cos(a) - reach * math.sin(a), math.sin(a) + reach * math.cos(a)),
            *at(to_place, math.cos(b) + reach * math.sin(b), math.sin(b) - reach * math.cos(b)),
            *at(to_place, math.cos(b), math.sin(b)),
        )


def ellipse(cx: float, cy: float, rx: float, ry: float) -> list[Segment]:
    """Return an ellipse as a closed path."""
    right, left = (cx + rx, cy), (cx - rx, cy)
    return [
        (0, *right),
        *arc(right, rx, ry, 0, False, True, left),
        *arc(left, rx, ry, 0, False, True, right),
        (3,),
    ]


def rectangle(
    x: float, y: float, width: float, height: float, rx: float, ry: float
) -> list[Segment]:
    """Return a rectangle, with rounded corners if `rx` and `ry` are not 0."""
    right, low = x + width, y + height
    if not rx or not ry:
        return [(0, x, y), (1, right, y), (1, right, low), (1, x, low), (3,)]
    rx, ry = min(rx, width / 2), min(ry, height / 2)
    return [
        (0, x + rx, y),
        (1, right - rx, y),
        *arc((right - rx, y), rx, ry, 0, False, True, (right, y + ry)),
        (1, right, low - ry),
        *arc((right, low - ry), rx, ry, 0, False, True, (right - rx, low)),
        (1, x + rx, low),
        *arc((x + rx, low), rx, ry, 0, False, True, (x, low - ry)),
        (1, x, y + ry),
        *arc((x, y + ry), rx, ry, 0, False, True, (x + rx, y)),
        (3,),
    ]
