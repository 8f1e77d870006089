"""Write link areas as annotations (ISO 32000-1, 12.5.6.5; ISO 14289-1, 7.18.5)."""

from __future__ import annotations

from typing import Any

from ...layout.page import LaidOutBook, LinkArea
from ..syntax.objects import Name, Raw, Ref, Writer, byte_string, number
from .structure_tree import MarkedContentRegistry


def page_links(
    writer: Writer,
    book: LaidOutBook,
    index: int,
    side: int,
    marks: MarkedContentRegistry,
    pages: list[Ref],
) -> list[Ref]:
    """Write the link annotations of page `index`, which is on `side` of the sheet."""
    refs: list[Ref] = []
    for area in _merged([item for item in book.pages[index].items if isinstance(item, LinkArea)]):
        if area.element is None:
            continue
        ref = writer.reserve()
        key = marks.annotate(area.element, ref, side)
        entries: dict[str, Any] = {
            "Type": Name("Annot"),
            "Subtype": Name("Link"),
            "Rect": [
                round(v, 2) for v in (area.x, area.y, area.x + area.width, area.y + area.height)
            ],
            "Border": [0, 0, 0],
            "F": 4,
            "Contents": area.contents,
            "StructParent": len(pages) + key,
        }
        entries.update(_action(book, area.target, pages))
        writer.put(ref, entries)
        refs.append(ref)
    return refs


def _action(book: LaidOutBook, target: str, pages: list[Ref]) -> dict[str, Any]:
    if target.startswith("#"):
        place = book.destinations[target[1:]]
        return {"Dest": Raw(destination(pages[place.page], place.y))}
    uri = byte_string(target.encode("utf-8"))
    return {"A": Raw(b"<</Type/Action/S/URI/URI" + uri + b">>")}


def destination(page: Ref, y: float) -> bytes:
    """Return a destination that keeps the viewer's zoom (12.3.2.2)."""
    return b"[%d 0 R/XYZ null %s null]" % (page, number(y).encode())


def _merged(areas: list[LinkArea]) -> list[LinkArea]:
    """Join adjacent areas of one link on one line."""
    merged: list[LinkArea] = []
    for area in areas:
        last = merged[-1] if merged else None
        if (
            last
            and last.element is area.element
            and last.target == area.target
            and abs(last.x + last.width - area.x) < 0.5
            and abs(last.y - area.y) < last.height
        ):
            bottom = min(last.y, area.y)
            top = max(last.y + last.height, area.y + area.height)
            merged[-1] = last._replace(
                y=bottom, height=top - bottom, width=area.x + area.width - last.x
            )
        else:
            merged.append(area)
    return merged
