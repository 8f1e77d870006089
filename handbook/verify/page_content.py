"""Describe what a page paints: text, shapes and pictures, with bounds and marks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from ..core.matrices import Matrix
from ..core.values import frozen
from .pdf_fonts import PdfFont

Bounds: TypeAlias = tuple[float, float, float, float]
Rgb: TypeAlias = tuple[float, float, float]
Stream: TypeAlias = tuple[str, int]
"""Whose MCIDs they are: ("page", index) or ("form", object number)."""

BLACK: Rgb = (0, 0, 0)


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """A marked-content sequence; compared by identity, since two may be equal."""

    tag: str
    mcid: int | None
    stream: Stream
    actual: str | None = None
    lang: str = ""
    kind: str = ""


@frozen
class Glyph:
    """A character and its position, in points from the page's lower left corner."""

    text: str
    x: float
    y: float
    width: float
    code: int
    mapped: bool


@frozen
class _Item:
    marks: tuple[Mark, ...]
    clip: Bounds | None

    @property
    def artifact(self) -> bool:
        """Return whether this is decoration, which is not read aloud."""
        return any(mark.tag == "Artifact" for mark in self.marks)

    @property
    def mark(self) -> Mark | None:
        """Return the sequence that belongs to the structure tree, if any."""
        return next((mark for mark in reversed(self.marks) if mark.mcid is not None), None)

    @property
    def tagged(self) -> bool:
        """Return whether this is content of an element, or an artifact."""
        return self.artifact or self.mark is not None


@frozen
class Run(_Item):
    """Text that one operator shows.  `mode` 3 is invisible."""

    text: str
    glyphs: tuple[Glyph, ...]
    x: float
    y: float
    end: float
    size: float
    font: str
    face: PdfFont
    color: Rgb | None
    mode: int


@frozen
class Shape(_Item):
    """The bounds of a path that is filled, stroked or both."""

    bounds: Bounds
    fill: Rgb | None
    stroke: Rgb | None
    line: float


@frozen
class Picture(_Item):
    """A raster image."""

    bounds: Bounds
    pixels: tuple[int, int]


Painted: TypeAlias = Run | Shape | Picture


@dataclass(slots=True)
class PageContent:
    """What a page paints, its marked-content sequences, and problems met while reading."""

    items: list[Painted] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def bounds(points: list[tuple[float, float]]) -> Bounds:
    """Return the smallest rectangle around points."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def meet(one: Bounds | None, other: Bounds) -> Bounds:
    """Return the intersection of two rectangles; None is everything."""
    if one is None:
        return other
    return (
        max(one[0], other[0]),
        max(one[1], other[1]),
        min(one[2], other[2]),
        min(one[3], other[3]),
    )


def color_of(parts: list[float]) -> Rgb | None:
    """Convert grey, RGB or CMYK components to RGB; None for a pattern."""
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
    """Convert six PDF numbers to a matrix."""
    a, b, c, d, e, f = (float(value) for value in values)
    return a, b, c, d, e, f


def runs(content: PageContent) -> Iterator[Run]:
    """Return the text of a page, in painting order."""
    return (item for item in content.items if isinstance(item, Run))


def text_of_marks(content: PageContent) -> dict[tuple[Stream, int], str]:
    """Return the characters of each (stream, MCID), with ActualText (14.9.4) applied."""
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
