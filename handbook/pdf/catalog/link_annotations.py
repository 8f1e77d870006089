"""Write link areas as annotations (ISO 32000-1, 12.5.6.5; ISO 14289-1, 7.18.5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from ...core.values import frozen
from ...layout.page import LaidOutBook, LinkArea
from ...layout.structure import StructElem
from ..syntax.objects import Name, Raw, Ref, Writer, byte_string, number, serialise
from .structure_tree import MarkedContentRegistry


@frozen
class Destinations:
    """Writes where links and bookmarks lead: to a place on a page, or to an element there.

    `elements` has the elements by the ids of destinations, if the standard asks for them.
    """

    book: LaidOutBook
    pages: list[Ref]
    elements: Mapping[str, Ref] | None = None

    def entries(self, target: str) -> dict[str, Any]:
        """Return the entries of an annotation or a bookmark that lead to the id `target`."""
        place = self.book.destinations[target]
        to_page = destination(self.pages[place.page], place.y)
        if self.elements is None or target not in self.elements:
            return {"Dest": Raw(to_page)}
        to_element = destination(self.elements[target], place.y)
        return {"A": Raw(b"<</Type/Action/S/GoTo/D%s/SD%s>>" % (to_page, to_element))}


@frozen
class PageLink:
    """A link annotation of an element, whose `target` is written when all elements are known.

    `entries` is the rest of its dictionary, as written, without the end.
    """

    ref: Ref
    entries: bytes
    target: str
    element: StructElem


def page_links(
    writer: Writer,
    areas: Sequence[LinkArea],
    side: int,
    marks: MarkedContentRegistry,
    pages: list[Ref],
) -> list[PageLink]:
    """Return the link annotations for the areas of a page, which is on `side` of the sheet."""
    links: list[PageLink] = []
    for area in _merged(areas):
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
        written = serialise(entries).removesuffix(b">>")
        links.append(PageLink(ref, written, area.target, area.element))
    return links


def write_links(writer: Writer, links: Iterable[PageLink], destinations: Destinations) -> None:
    """Write link annotations with where they lead."""
    for link in links:
        target = link.target
        if target.startswith("#"):
            action = destinations.entries(target[1:])
        else:
            uri = byte_string(ascii_address(target).encode("ascii"))
            action = {"A": Raw(b"<</Type/Action/S/URI/URI" + uri + b">>")}
        writer.put_raw(link.ref, link.entries + b"\n" + serialise(action).removeprefix(b"<<"))


def ascii_address(address: str) -> str:
    """Return a web address in the characters that PDF allows in one (RFC 3986, RFC 3492)."""
    if address.isascii():
        return address
    parts = urlsplit(address)
    try:
        host = parts.netloc.encode("idna").decode("ascii")
        address = urlunsplit(parts._replace(netloc=host))
    except UnicodeError:
        pass
    return quote(address, safe="".join(map(chr, range(0x21, 0x7F))))


def destination(target: Ref, y: float) -> bytes:
    """Return a destination that keeps the viewer's zoom (12.3.2.2)."""
    return b"[%d 0 R/XYZ null %s null]" % (target, number(y).encode())


def _merged(areas: Sequence[LinkArea]) -> list[LinkArea]:
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
