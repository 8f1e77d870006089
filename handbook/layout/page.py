"""Define what a laid-out page is made of: items, link areas, placeholders, structure.

Coordinates are points from the lower left corner of the page, as in PDF.  An
item with an element is content of that element; one without is an
artifact (decoration, running heads).  Nothing here knows how PDF writes it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field
from typing import Any, NamedTuple, TypeAlias

from ..core.diagnostics import Source
from ..core.units import Color
from ..core.values import record
from ..fonts.shaping import ShapedLine
from .structure import StructElem


class Glyphs(NamedTuple):
    """A run of text on one baseline: glyph codes (two Latin-1 characters a glyph) of one face.

    Shaped glyphs have fonts of their own; of the face, its weight remains.
    """

    x: float
    y: float
    face: str
    size: float
    color: Color
    codes: str | ShapedLine
    element: StructElem | None


class Box(NamedTuple):
    """A rectangle, filled and/or stroked; always an artifact."""

    x: float
    y: float
    width: float
    height: float
    fill: Color | None = None
    stroke: Color | None = None
    line: float = 0.6
    radius: float = 0.0


class Segment(NamedTuple):
    """A straight line; always an artifact.  `dash` is the length of dash and gap, 0 for none."""

    x1: float
    y1: float
    x2: float
    y2: float
    color: Color
    width: float = 0.6
    dash: float = 0.0


class Polygon(NamedTuple):
    """A closed shape through points (x, y), or an open one; always an artifact."""

    points: tuple[tuple[float, float], ...]
    fill: Color | None = None
    stroke: Color | None = None
    line: float = 0.6
    closed: bool = True


class Path(NamedTuple):
    """A path of segments: 0 moves to a point, 1 draws to it, 2 curves to it, 3 closes the path.

    A `clip` is not drawn: what follows shows inside it alone, until one without segments.
    `even` fills by the even-odd rule.  The ends of `round` lines are: a line to its own start is a
    disc.
    """

    segments: tuple[tuple[float, ...], ...]
    fill: Color | None = None
    stroke: Color | None = None
    line: float = 0.6
    dash: tuple[float, ...] = ()
    even: bool = False
    clip: bool = False
    round: bool = False


class Picture(NamedTuple):
    """A raster image by its file."""

    x: float
    y: float
    width: float
    height: float
    path: str
    element: StructElem | None


class Drawing(NamedTuple):
    """A vector figure: ink moved to x, y; all of it is content of one element.

    The shapes of a `fixed` one are not turned over in books that run from right to left.  One that
    was made smaller to fit says where it was written, and how large its words are now (points).  Of
    a `clipped` one only what is inside its box is shown.
    """

    x: float
    y: float
    width: float
    height: float
    items: tuple[Any, ...]
    element: StructElem | None
    fixed: bool = False
    shrunk: tuple[Source, float] | None = None
    clipped: bool = False


class LinkArea(NamedTuple):
    """A rectangle to click: `target` is `#id` or an absolute URI."""

    x: float
    y: float
    width: float
    height: float
    target: str
    contents: str
    element: StructElem | None


class FieldPlaceholder(NamedTuple):
    """The place of a field: filled when a copy is made, in this face, size and colour.

    A value too wide for `width` shrinks to the size `floor`, then continues over `lines` lines.
    One of the `kind` "qr" is drawn as a QR code, `width` points square.
    """

    x: float
    y: float
    name: str
    face: str
    size: float
    leading: float
    color: Color
    width: float
    lines: int
    floor: float
    element: StructElem | None
    kind: str = "text"
    # Values begin at the right edge.
    from_right: bool = False


class FormCheckbox(NamedTuple):
    """A checkbox on screen: a form field, `size` points square, named by its `label`."""

    x: float
    y: float
    size: float
    checked: bool
    label: str
    color: Color
    element: StructElem


class PageField(NamedTuple):
    """The place of a field that is the same on every page; an artifact."""

    x: float
    y: float
    slot: FieldPlaceholder


PageItem: TypeAlias = (
    Glyphs
    | Box
    | Segment
    | Polygon
    | Path
    | Picture
    | Drawing
    | LinkArea
    | FieldPlaceholder
    | PageField
    | FormCheckbox
)


def moved(item: PageItem, x: float, y: float) -> PageItem:
    """Return `item` moved to the right and up (points)."""
    if isinstance(item, Segment):
        return item._replace(x1=item.x1 + x, y1=item.y1 + y, x2=item.x2 + x, y2=item.y2 + y)
    if isinstance(item, Polygon):
        return item._replace(points=tuple((px + x, py + y) for px, py in item.points))
    if isinstance(item, Path):
        return item._replace(
            segments=tuple(
                (kind, *(value + (y if n % 2 else x) for n, value in enumerate(points)))
                for kind, *points in item.segments
            )
        )
    return item._replace(x=item.x + x, y=item.y + y)


class PageBody:
    """What a page has of its chapters, as opposed to running heads: flowables at their places.

    A page with the same body, of this book or of another, has the same items and the same
    elements.  `labels` has the page numbers that are printed on it, by target; None: not drawn yet.
    `written` is what a writer of pages keeps of it, for as long as it likes.
    """

    __slots__ = ("labels", "written")

    def __init__(self) -> None:
        self.labels: dict[str, str] | None = None
        self.written: Any = None


class Page:
    """A page: its size, label, items in reading order, and the `background` below them.

    If it was given a `draw`, background and items are drawn when one of them is asked for.
    """

    __slots__ = (
        "_background", "_draw", "_items", "body", "height", "label", "running_items", "width",
    )  # fmt: skip

    def __init__(
        self,
        width: float,
        height: float,
        label: str = "",
        background: Sequence[PageItem] = (),
        items: Sequence[PageItem] = (),
        running_items: Sequence[PageItem] = (),
        body: PageBody | None = None,
        draw: Callable[[Page], None] | None = None,
    ) -> None:
        self.width = width
        self.height = height
        self.label = label
        self.running_items = [*running_items]
        self.body = body
        self._background = [*background]
        self._items = [*items]
        self._draw = draw

    @property
    def background(self) -> list[PageItem]:
        """Return what is below the items."""
        self._drawn()
        return self._background

    @property
    def items(self) -> list[PageItem]:
        """Return the items in reading order."""
        self._drawn()
        return self._items

    def _drawn(self) -> None:
        draw, self._draw = self._draw, None
        if draw is not None:
            draw(self)


class Destination(NamedTuple):
    """The place of an id: page index, and the y (points) to show at the window's top."""

    page: int
    y: float


@record
class OutlineEntry:
    """A line of the PDF outline (the bookmarks), level 1 for chapters."""

    level: int
    title: str
    target: str


@record
class LaidOutBook:
    """All pages, the structure tree's root, destinations by id, and the outline.

    Around the trimmed page, colour reaches into the `bleed`, and the sheet as far as `margin`
    (points).  With `sheets`, several pages (by index) share a side of paper; destinations and
    link areas then count sheets, not pages.  A `grey` book has no colour, pictures included.
    """

    pages: Sequence[Page]
    root: StructElem
    destinations: dict[str, Destination]
    outline: list[OutlineEntry]
    faces: dict[str, Any]
    page_labels: list[tuple[int, str, int]] = field(default_factory=list)
    bleed: float = 0.0
    margin: float = 0.0
    sheets: tuple[tuple[int, ...], ...] = ()
    grey: bool = False
    # Pages run from right to left, and are bound at their right edge.
    mirrored: bool = False
