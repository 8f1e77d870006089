"""Mirror the pages of a book that runs from right to left, drawn from left to right.

Everything that knows left from right (margins, lists, columns, bars, the contents' numbers) is
thought of as "start" and "end" this way, in one place.  Words and pictures are moved to
the other side and are not reversed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..fonts.face import Face, split_codes
from .page import (
    Box,
    Drawing,
    FieldPlaceholder,
    FormCheckbox,
    Glyphs,
    PageField,
    PageItem,
    Path,
    Polygon,
    Segment,
)

Faces = Mapping[str, Face]


def mirror(items: list[PageItem], width: float, faces: Faces) -> None:
    """Mirror the items of a page `width` points wide at its vertical middle."""
    items[:] = [mirrored(item, width, faces) for item in items]


def mirrored(item: PageItem, width: float, faces: Faces, trim: bool = False) -> PageItem:
    """Return `item` on the other side of an area `width` wide; `trim` drops a final space."""
    if isinstance(item, Segment):
        return item._replace(x1=width - item.x2, y1=item.y2, x2=width - item.x1, y2=item.y1)
    if isinstance(item, Polygon):
        return _polygon(item, width)
    if isinstance(item, Path):
        return item._replace(
            segments=tuple(
                (kind, *(value if n % 2 else width - value for n, value in enumerate(points)))
                for kind, *points in item.segments
            )
        )
    if isinstance(item, Glyphs):
        return item._replace(x=width - item.x - _width(item, faces, trim))
    if isinstance(item, FormCheckbox):
        return item._replace(x=width - item.x - item.size)
    if isinstance(item, PageField):
        slot = item.slot._replace(from_right=True)
        return item._replace(x=width - item.x - slot.width, slot=slot)
    if isinstance(item, FieldPlaceholder):
        return item._replace(x=width - item.x - item.width, from_right=True)
    if isinstance(item, Drawing):
        item = item._replace(items=tuple(_drawing(item, faces)))
    return item._replace(x=width - item.x - item.width)


def _drawing(drawing: Drawing, faces: Faces) -> Iterator[PageItem]:
    """Yield a figure mirrored; a fixed one only moves.

    Of a fixed one with words next to boxes, QR codes, the boxes move as one, and the words change
    sides.
    """
    boxes = [part for part in drawing.items if isinstance(part, Box)]
    if drawing.fixed and len(boxes) + _words(drawing) < len(drawing.items):
        yield from drawing.items
        return
    ends = [part.x for part in boxes] + [part.x + part.width for part in boxes]
    shift = drawing.width - min(ends, default=0.0) - max(ends, default=0.0)
    for part in drawing.items:
        if drawing.fixed and isinstance(part, Box):
            yield part._replace(x=part.x + shift)
        else:
            yield mirrored(part, drawing.width, faces, trim=True)


def _words(drawing: Drawing) -> int:
    return sum(isinstance(part, Glyphs) for part in drawing.items)


def _polygon(item: Polygon, width: float) -> Polygon:
    """Return a shape mirrored; an open line, such as a tick, only moves."""
    if item.closed:
        return item._replace(points=tuple((width - x, y) for x, y in item.points))
    across = [x for x, _ in item.points]
    shift = width - min(across) - max(across)
    return item._replace(points=tuple((x + shift, y) for x, y in item.points))


def _width(item: Glyphs, faces: Faces, trim: bool) -> float:
    if not isinstance(item.codes, str):
        return item.codes.width * item.size / 1000
    face = faces[item.face]
    space = face.encode(" ")[0]
    codes = item.codes.removesuffix(space) if trim else item.codes
    total = 0.0
    for part in split_codes(codes):
        if isinstance(part, str):
            pairs = zip(part[::2], part[1::2], strict=True)
            total += sum(face.advance(ord(high) << 8 | ord(low)) for high, low in pairs)
        else:
            total += part
    return total * item.size / 1000
