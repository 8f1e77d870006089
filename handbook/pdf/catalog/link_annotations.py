"""Hot spots -> link annotations (ISO 32000-1, 12.5.6.5; ISO 14289-1, 7.18.5)."""

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
    """The link annotations of one page, which stands on a `side`, each tied to its element."""
    refs: list[Ref] = []
    for hot in _merged([ink for ink in book.pages[index].items if isinstance(ink, LinkArea)]):
        if hot.element is None:
            continue
        ref = writer.reserve()
        key = marks.annotate(hot.element, ref, side)
        entries: dict[str, Any] = {
            "Type": Name("Annot"),
            "Subtype": Name("Link"),
            "Rect": [round(v, 2) for v in
                     (hot.x, hot.y, hot.x + hot.width, hot.y + hot.height)],
            "Border": [0, 0, 0],
            "F": 4,
            "Contents": hot.contents,
            "StructParent": len(pages) + key,
        }  # fmt: skip
        entries.update(_action(book, hot.target, pages))
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
    """A place on a page, at the reader's own magnification (12.3.2.2)."""
    return b"[%d 0 R/XYZ null %s null]" % (page, number(y).encode())


def _merged(hots: list[LinkArea]) -> list[LinkArea]:
    """Neighbours on one line that belong to one link, as one hot spot."""
    merged: list[LinkArea] = []
    for hot in hots:
        last = merged[-1] if merged else None
        if (
            last
            and last.element is hot.element
            and last.target == hot.target
            and abs(last.x + last.width - hot.x) < 0.5
            and abs(last.y - hot.y) < last.height
        ):
            bottom = min(last.y, hot.y)
            top = max(last.y + last.height, hot.y + hot.height)
            merged[-1] = last._replace(
                y=bottom, height=top - bottom, width=hot.x + hot.width - last.x
            )
        else:
            merged.append(hot)
    return merged
