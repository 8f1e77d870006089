"""Write the structure tree and the parent tree (ISO 32000-1, 14.7 and 14.8; ISO 14289-1).

Elements come from the layout with their kids in reading order.  While pages are
written, each stretch of content gets a marked-content identifier (MCID) of its
element; afterwards the tree is written in one go.
"""

from __future__ import annotations

from typing import Any

from ...layout.structure import StructElem
from ..syntax.objects import Name, Raw, Ref, Writer, serialise, text_string

# Elements that are kept even if empty: without them a table loses its shape.
KEPT_EMPTY = {"TD", "TH", "TR", "Document"}


class MarkedContentRegistry:
    """Allocates MCIDs and records whose they are, without changing the laid-out book.

    `boxes` has the rectangles of figures.  Kids of an element are those of the layout, then,
    in the order in which they are written, inline elements, MCIDs and annotations.
    """

    def __init__(self) -> None:
        self.pages: dict[int, list[StructElem]] = {}
        self.annotations: list[StructElem] = []
        self.boxes: dict[StructElem, tuple[float, float, float, float]] = {}
        self._kids: dict[StructElem, list[Any]] = {}

    def kids(self, element: StructElem) -> list[Any]:
        """Return the kids of `element`; an inline one joins its parent's when first asked."""
        kids = self._kids.get(element)
        if kids is None:
            kids = self._kids[element] = list(element.kids)
            if element.parent is not None:
                siblings = self.kids(element.parent)
                if element.inline:
                    siblings.append(element)
        return kids

    def mark(self, element: StructElem, page: int) -> int:
        """Return a new MCID on `page` for content of `element`."""
        owners = self.pages.setdefault(page, [])
        owners.append(element)
        mcid = len(owners) - 1
        self.kids(element).append((page, mcid))
        return mcid

    def annotate(self, element: StructElem, annotation: Ref, page: int) -> int:
        """Return the StructParent key of an annotation that belongs to `element`."""
        self.kids(element).append((page, annotation))
        self.annotations.append(element)
        return len(self.annotations) - 1

    def prune(self, element: StructElem) -> bool:
        """Drop kids that hold nothing; return whether `element` itself holds anything."""
        kids = [
            kid
            for kid in self._kids.get(element, element.kids)
            if not isinstance(kid, StructElem) or self.prune(kid)
        ]
        self._kids[element] = kids
        return bool(kids) or element.tag in KEPT_EMPTY


def write_structure(
    writer: Writer,
    root: StructElem,
    marks: MarkedContentRegistry,
    page_refs: list[Ref],
    language: str,
) -> Ref:
    """Write the structure tree; return the reference of its root.

    Parent tree keys: the pages by index, then the annotations in the order of the registry.
    """
    refs: dict[int, Ref] = {}
    tree = writer.reserve()
    marks.prune(root)
    _write(writer, root, tree, refs, page_refs, marks)
    parents = [
        (page, Raw(b"[" + b" ".join([b"%d 0 R" % refs[id(e)] for e in owners]) + b"]"))
        for page, owners in sorted(marks.pages.items())
    ]
    base = len(page_refs)
    parents += [
        (base + index, Raw(b"%d 0 R" % refs[id(element)]))
        for index, element in enumerate(marks.annotations)
    ]
    numbers = Raw(b" ".join([b"%d %s" % pair for pair in parents]))
    parent_tree = writer.add({"Nums": Raw(b"[" + numbers + b"]")})
    writer.put(
        tree,
        {
            "Type": Name("StructTreeRoot"),
            "K": [refs[id(root)]],
            "ParentTree": parent_tree,
            "ParentTreeNextKey": base + len(marks.annotations),
        },
    )
    return tree


def _write(
    writer: Writer,
    element: StructElem,
    parent: Ref,
    refs: dict[int, Ref],
    pages: list[Ref],
    marks: MarkedContentRegistry,
) -> Ref:
    ref = writer.reserve()
    refs[id(element)] = ref
    own_kids = marks.kids(element)
    first_page = next((kid[0] for kid in own_kids if isinstance(kid, tuple)), -1)
    kids: list[bytes] = []
    for kid in own_kids:
        if isinstance(kid, StructElem):
            kids.append(b"%d 0 R" % _write(writer, kid, ref, refs, pages, marks))
        elif isinstance(kid[1], Ref):
            kids.append(b"<</Type/OBJR/Obj %d 0 R/Pg %d 0 R>>" % (kid[1], pages[kid[0]]))
        elif kid[0] == first_page:
            kids.append(b"%d" % kid[1])
        else:
            kids.append(b"<</Type/MCR/Pg %d 0 R/MCID %d>>" % (pages[kid[0]], kid[1]))
    parts = [b"<</S/%s/P %d 0 R" % (element.tag.encode(), parent)]
    if first_page >= 0:
        parts.append(b"/Pg %d 0 R" % pages[first_page])
    if len(kids) == 1:
        parts.append(b"/K " + kids[0])
    elif kids:
        parts.append(b"/K[" + b" ".join(kids) + b"]")
    parts += _attributes(element, marks.boxes.get(element))
    writer.put(ref, Raw(b"".join(parts) + b">>"))
    return ref


def _attributes(element: StructElem, box: tuple[float, float, float, float] | None) -> list[bytes]:
    parts: list[bytes] = []
    for key, value in (
        (b"/Alt", element.alt),
        (b"/ActualText", element.actual_text),
        (b"/Lang", element.lang),
        (b"/E", element.expansion),
        (b"/ID", element.id),
    ):
        if value:
            parts.append(key + text_string(value))
    attributes: dict[str, Any] = {}
    if element.attributes:
        attributes = {
            key: Name(value) if isinstance(value, str) else value
            for key, value in element.attributes.items()
        }
    if box:
        attributes = {"O": Name("Layout"), "BBox": [round(v, 2) for v in box]}
        attributes["Placement"] = Name("Block")
    if attributes:
        parts.append(b"/A" + serialise(attributes))
    return parts
