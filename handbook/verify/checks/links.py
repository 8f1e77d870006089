"""Check links, other annotations and destinations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from .document import outline_items
from .subject import PdfUnderTest, Problem, entries, page_name, short

if TYPE_CHECKING:
    import pikepdf


def _kind(annotation: Any) -> str:
    return str(annotation.get("/Subtype", "/"))[1:]


def _annotation_place(index: int, annotation: Any) -> str:
    words = str(annotation.get("/Contents", ""))
    return f"{page_name(index)}: {_kind(annotation)}" + (f" “{short(words)}”" if words else "")


def annotations_described(subject: PdfUnderTest) -> Iterator[Problem]:
    """Check that every annotation has a description and a structure element."""
    owners = {
        reference.number: element
        for element in subject.elements
        for reference in element.references()
    }
    for index, annotation in subject.annotations():
        kind = _kind(annotation)
        if (
            kind == "Popup"
            or int(annotation.get("/F", 0)) & 2
            or _is_invisible_signature(annotation)
        ):
            continue
        place = _annotation_place(index, annotation)
        owner = owners.get(int(annotation.objgen[0]))
        described = str(annotation.get("/Contents", "")) or (owner and owner.alt)
        if kind == "Widget":
            described = _inherited(annotation, "/TU")
        if not described:
            yield Problem(f"a {kind} annotation is not described in words", place)
        if "/StructParent" not in annotation:
            yield Problem(f"a {kind} annotation does not name its element (StructParent)", place)
        if owner is None:
            yield Problem(f"a {kind} annotation belongs to no element (OBJR)", place)
        elif owner.role != {"Link": "Link", "Widget": "Form"}.get(kind, "Annot"):
            yield Problem(f"a {kind} annotation belongs to an element {owner.tag}", place)


def _is_invisible_signature(annotation: Any) -> bool:
    left, bottom, right, top = (float(side) for side in annotation.get("/Rect", [0, 0, 0, 0]))
    return str(annotation.get("/FT", "")) == "/Sig" and left == right and bottom == top


def _inherited(annotation: Any, key: str) -> str:
    node = annotation
    for _ in range(20):
        if key in node:
            return str(node[key])
        if "/Parent" not in node:
            return ""
        node = node.Parent
    return ""


def tab_order(subject: PdfUnderTest) -> Iterator[Problem]:
    """Check that the Tab key follows the structure."""
    for index, page in enumerate(subject.pdf.pages):
        if len(page.obj.get("/Annots", [])) and str(page.obj.get("/Tabs", "")) != "/S":
            yield Problem("links are not visited in reading order (Tabs)", page_name(index))


def link_words(subject: PdfUnderTest) -> Iterator[Problem]:
    """Check that every link has text and an annotation."""
    for element in subject.of_role("Link"):
        if not subject.text(element).strip() and not element.alt:
            inner = [kid for kid in element.walk() if kid.role in ("Figure", "Formula")]
            if not any(kid.alt for kid in inner):
                yield Problem("a link has no text", subject.place(element))
        if not any(True for part in element.walk() for _ in part.references()):
            yield Problem("a link cannot be followed: it has no annotation", subject.place(element))


def destinations(subject: PdfUnderTest) -> Iterator[Problem]:
    """Check that links and outline entries lead to something that exists."""
    names = named_destinations(subject.pdf)
    for index, annotation in subject.annotations():
        if _kind(annotation) == "Link":
            for message in _target_problems(subject, annotation, names):
                yield Problem(f"a link {message}", _annotation_place(index, annotation))
    for entry in outline_items(subject):
        for message in _target_problems(subject, entry, names):
            words = short(str(entry.get("/Title", "")))
            yield Problem(f"an outline entry {message}", f"“{words}”")


_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!-~]+")


def _target_problems(subject: PdfUnderTest, thing: Any, names: dict[str, Any]) -> Iterator[str]:
    action = entries(thing, "/A")
    kind = str(action.get("/S", ""))
    if kind == "/URI":
        if not _URI.fullmatch(str(action.get("/URI", ""))):
            yield f"has the address {str(action.get('/URI', ''))!r}, which is not one"
        return
    if kind and kind not in ("/GoTo", "/Named"):
        return
    place = resolve(thing.get("/Dest", action.get("/D")), names)
    if place is None:
        yield "leads nowhere"
    elif place[0].objgen not in {page.obj.objgen for page in subject.pdf.pages}:
        yield "leads to a page that is not in the file"
    elif len(place) > 3 and str(place[1]) == "/XYZ" and place[3] is not None:
        box = subject.pdf.pages[_index(subject.pdf, place[0])].mediabox
        if not float(box[1]) - 1 <= float(place[3]) <= float(box[3]) + 1:
            yield "leads to a place outside its page"


def _index(pdf: pikepdf.Pdf, page: Any) -> int:
    return next(i for i, other in enumerate(pdf.pages) if other.obj.objgen == page.objgen)


def named_destinations(pdf: pikepdf.Pdf) -> dict[str, Any]:
    """Return the named destinations of a file, in both syntaxes."""
    destinations = {str(key)[1:]: value for key, value in entries(pdf.Root, "/Dests").items()}
    todo = [entries(pdf.Root, "/Names").get("/Dests")]
    for _ in range(100_000):
        if not todo:
            break
        node = todo.pop()
        if node is not None:
            pairs = list(node.get("/Names", []))
            destinations.update(
                (str(key), value) for key, value in zip(pairs[::2], pairs[1::2], strict=False)
            )
            todo += list(node.get("/Kids", []))
    return destinations


def resolve(place: Any, names: dict[str, Any]) -> Any:
    """Return a destination as its array `[page /XYZ left top zoom]`; None if there is none."""
    import pikepdf

    if isinstance(place, pikepdf.Name):
        place = names.get(str(place)[1:])
    elif isinstance(place, pikepdf.String):
        place = names.get(str(place))
    if isinstance(place, pikepdf.Dictionary):
        place = place.get("/D")
    if not isinstance(place, pikepdf.Array) or not len(place) or not hasattr(place[0], "objgen"):
        return None
    return place
