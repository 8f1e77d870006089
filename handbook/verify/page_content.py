"""What a page paints: text, shapes and pictures, with their bounds and the marks they are in."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from .pdf_fonts import Typeface

Matrix: TypeAlias = tuple[float, float, float, float, float, float]
Bounds: TypeAlias = tuple[float, float, float, float]
Rgb: TypeAlias = tuple[float, float, float]
Stream: TypeAlias = tuple[str, int]
"""Whose MCIDs they are: ("page", index) or ("form", object number)."""

IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)
BLACK: Rgb = (0, 0, 0)


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """A marked-content sequence; compared by identity, since two may look alike."""

    tag: str
    mcid: int | None
    stream: Stream
    actual: str | None = None
    lang: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character in its place, in points from the page's lower left corner."""

    text: str
    x: float
    y: float
    width: float
    code: int
    mapped: bool


@dataclass(frozen=True, slots=True)
class _Item:
    marks: tuple[Mark, ...]
    clip: Bounds | None

    @property
    def artifact(self) -> bool:
        """Whether this is decoration, which nobody is to read aloud."""
        return any(mark.tag == "Artifact" for mark in self.marks)

    @property
    def mark(self) -> Mark | None:
        """The sequence that ties this to the structure tree."""
        return next((mark for mark in reversed(self.marks) if mark.mcid is not None), None)

    @property
    def tagged(self) -> bool:
        """Whether this is content of an element, or an artifact."""
        return self.artifact or self.mark is not None


@dataclass(frozen=True, slots=True)
class Run(_Item):
    """Text that one operator shows.  `mode` 3 is invisible."""

    text: str
    glyphs: tuple[Glyph, ...]
    x: float
    y: float
    end: float
    size: float
    font: str
    face: Typeface
    color: Rgb | None
    mode: int


@dataclass(frozen=True, slots=True)
class Shape(_Item):
    """A path that is filled, stroked or both, by its bounds."""

    bounds: Bounds
    fill: Rgb | None
    stroke: Rgb | None
    line: float


@dataclass(frozen=True, slots=True)
class Picture(_Item):
    """A raster image."""

    bounds: Bounds
    pixels: tuple[int, int]


Painted: TypeAlias = Run | Shape | Picture


@dataclass(slots=True)
class PageContent:
    """Everything a page paints, every marked-content sequence opened, and what went wrong."""

    items: list[Painted] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def multiply(first: Matrix, then: Matrix) -> Matrix:
    """The matrix that does `first`, then `then`."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return (
        a * p + b * r,
        a * q + b * s,
        c * p + d * r,
        c * q + d * s,
        e * p + f * r + t,
        e * q + f * s + u,
    )


def apply(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    """The point (x, y) after `matrix`."""
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def bounds(points: list[tuple[float, float]]) -> Bounds:
    """The smallest rectangle around points."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def meet(one: Bounds | None, other: Bounds) -> Bounds:
    """What two rectangles share; None is everything."""
    if one is None:
        return other
    return (
        max(one[0], other[0]),
        max(one[1], other[1]),
        min(one[2], other[2]),
        min(one[3], other[3]),
    )


def color_of(parts: list[float]) -> Rgb | None:
    """Grey, RGB or CMYK components as RGB, by their number; None for a pattern."""
    if len(parts) == 1:
        return parts[0], parts[0], parts[0]
    if len(parts) == 3:
        return parts[0], parts[1], parts[2]
    if len(parts) == 4:
        cyan, magenta, yellow, black = parts
        return (
            (1 - cyan) * (1 - black),
            (1 - magenta) * (1 - black),
            (1 - yellow) * (1 - black),
        )
    return None


def matrix_of(values: Any) -> Matrix:
    """Six numbers of a PDF as a matrix."""
    a, b, c, d, e, f = (float(value) for value in values)
    return a, b, c, d, e, f


def scale_of(matrix: Matrix) -> float:
    """How much larger a matrix makes lengths, as a mean of both directions."""
    return math.sqrt(abs(matrix[0] * matrix[3] - matrix[1] * matrix[2]))


def runs(content: PageContent) -> Iterator[Run]:
    """The text of a page, in the order in which it is painted."""
    return (item for item in content.items if isinstance(item, Run))


def text_of_marks(content: PageContent) -> dict[tuple[Stream, int], str]:
    """(stream, MCID) -> its characters, with replacement text (14.9.4) in place."""
    texts: dict[tuple[Stream, int], list[str]] = {}
    spoken: set[Mark] = set()
    for mark in content.marks:
        if mark.mcid is not None:
            texts.setdefault((mark.stream, mark.mcid), [])
    for run in runs(content):
        tie = run.mark
        if tie is None or tie.mcid is None or run.artifact:
            continue
        inside = run.marks[run.marks.index(tie) :]
        replaced = next((mark for mark in inside if mark.actual is not None), None)
        parts = texts.setdefault((tie.stream, tie.mcid), [])
        if replaced is None:
            parts.append(run.text)
        elif replaced not in spoken:
            spoken.add(replaced)
            parts.append(replaced.actual or "")
    return {key: "".join(parts) for key, parts in texts.items()}
