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
    """Allocates MCIDs and records, for the parent tree, which element owns each."""

    def __init__(self) -> None:
        self.pages: dict[int, list[StructElem]] = {}
        self.annotations: list[StructElem] = []

    def mark(self, element: StructElem, page: int) -> int:
        """Return a new MCID on `page` for content of `element`."""
        element.attach()
        owners = self.pages.setdefault(page, [])
        owners.append(element)
        mcid = len(owners) - 1
        element.kids.append((page, mcid))
        return mcid

    def annotate(self, element: StructElem, annotation: Ref, page: int) -> int:
        """Return the StructParent key of an annotation that belongs to `element`."""
        element.attach()
        element.kids.append((page, annotation))
        self.annotations.append(element)
        return len(self.annotations) - 1


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
    _prune(root)
    _write(writer, root, tree, refs, page_refs)
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


def _prune(element: StructElem) -> bool:
    """Drop empty kids; return whether `element` has content."""
    element.kids = [kid for kid in element.kids if not isinstance(kid, StructElem) or _prune(kid)]
    return bool(element.kids) or element.tag in KEPT_EMPTY


def _write(
    writer: Writer, element: StructElem, parent: Ref, refs: dict[int, Ref], pages: list[Ref]
) -> Ref:
    ref = writer.reserve()
    refs[id(element)] = ref
    first_page = next((kid[0] for kid in element.kids if isinstance(kid, tuple)), -1)
    kids: list[bytes] = []
    for kid in element.kids:
        if isinstance(kid, StructElem):
            kids.append(b"%d 0 R" % _write(writer, kid, ref, refs, pages))
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
    parts += _attributes(element)
    writer.put(ref, Raw(b"".join(parts) + b">>"))
    return ref


def _attributes(element: StructElem) -> list[bytes]:
    parts: list[bytes] = []
    for key, value in (
        (b"/Alt", element.alt),
        (b"/Lang", element.lang),
        (b"/E", element.expansion),
        (b"/ID", element.id),
    ):
        if value:
            parts.append(key + text_string(value))
    attributes: dict[str, Any] = {}
    if element.table:
        attributes = {
            key: Name(value) if isinstance(value, str) else value
            for key, value in element.table.items()
        }
    if element.bbox:
        attributes = {"O": Name("Layout"), "BBox": [round(v, 2) for v in element.bbox[1:]]}
        attributes["Placement"] = Name("Block")
    if attributes:
        parts.append(b"/A" + serialise(attributes))
    return parts
