"""Write the structure tree and the parent tree (ISO 32000-1, 14.7 and 14.8; ISO 14289-1).

Elements come from the layout with their kids in reading order.  While pages are
written, each stretch of content gets a marked-content identifier (MCID) of its
element; afterwards the tree is written in one go.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from types import MappingProxyType
from typing import Any

from ...core.values import record
from ...layout.structure import StructElem
from ..syntax.objects import Name, Raw, Ref, Writer, serialise, text_string
from .conformance import Standard

# Elements that are kept even if empty: without them a table loses its shape.
KEPT_EMPTY = {"TD", "TH", "TR", "Document"}


class MarkedContentRegistry:
    """Allocates MCIDs and records whose they are, without changing the laid-out book.

    `boxes` has the rectangles of figures.  Kids of an element are those of the layout, then,
    in the order in which they are written, inline elements, MCIDs and annotations.  `element_at`
    has answers if `with_places` asks to note where content is.
    """

    def __init__(self, *, with_places: bool) -> None:
        self.with_places = with_places
        self.pages: dict[int, list[StructElem]] = {}
        self.annotations: list[StructElem] = []
        # What is written, in reading order; known once the tree is pruned.
        self.elements: list[StructElem] = []
        self.boxes: dict[StructElem, tuple[float, float, float, float]] = {}
        # The MathML of formulas, each with what is said of it.
        self.formulas: dict[str, str] = {}
        # What is on each page and how high (points), in the order in which it is written.
        self._places: dict[int, list[tuple[float, StructElem]]] = {}
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

    def count(self, page: int) -> int:
        """Return how many MCIDs `page` has."""
        return len(self.pages.get(page, ()))

    def mark(self, page: int, marks: Sequence[tuple[StructElem, float | None]]) -> None:
        """Note the elements of the content of `page` in their order, each with its height.

        One without a height has no content there and only takes its place among its parent's kids.
        """
        places = self._places.setdefault(page, [])
        owners = self.pages.setdefault(page, [])
        for element, y in marks:
            kids = self.kids(element)
            if y is None:
                continue
            if self.with_places:
                places.append((y, element))
            kids.append((page, len(owners)))
            owners.append(element)
            if element.mathml:
                self.formulas.setdefault(element.mathml, element.alt)

    def element_at(self, page: int, y: float) -> StructElem | None:
        """Return the block that a destination leads to: the highest content below it."""
        places = self._places.get(page, [])
        below = [place for place in places if place[0] <= y] or places
        element = max(below, key=lambda place: place[0])[1] if below else None
        while element is not None and element.inline and element.parent is not None:
            element = element.parent
        return element

    def annotate(self, element: StructElem, annotation: Ref, page: int) -> int:
        """Return the StructParent key of an annotation that belongs to `element`."""
        self.kids(element).append((page, annotation))
        self.annotations.append(element)
        return len(self.annotations) - 1

    def prune(self, root: StructElem) -> None:
        """Drop the kids below `root` that hold nothing, and list what is left."""
        self.elements = []
        self._prune(root)

    def _prune(self, element: StructElem) -> bool:
        """List `element` and what is below it; return whether it holds anything."""
        place = len(self.elements)
        self.elements.append(element)
        kids = [
            kid
            for kid in self._kids.get(element, element.kids)
            if not isinstance(kid, StructElem) or self._prune(kid)
        ]
        self._kids[element] = kids
        if kids or element.tag in KEPT_EMPTY:
            return True
        del self.elements[place:]
        return False


def write_structure(
    writer: Writer,
    root: StructElem,
    marks: MarkedContentRegistry,
    page_refs: list[Ref],
    standard: Standard,
    formulas: Mapping[str, Ref] = MappingProxyType({}),
) -> tuple[Ref, dict[StructElem, Ref]]:
    """Write the structure tree; return the references of its root and of its elements.

    Parent tree keys: the pages by index, then the annotations in the order of the registry.
    `formulas` are the specifications of files, by the MathML in them.
    """
    refs: dict[StructElem, Ref] = {}
    tree = writer.reserve()
    marks.prune(root)
    namespace = Ref(0)
    if standard.structure_namespace:
        entry = {"Type": Name("Namespace"), "NS": standard.structure_namespace}
        namespace = writer.add(entry)
    identifiers = _identifiers(marks.elements)
    described = {*identifiers, *marks.boxes}
    if namespace:
        described.update(element for element in marks.elements if element.tag == "L")
    written = _TreeWriter(
        writer, refs, page_refs, marks, standard, root, namespace, identifiers, described, formulas
    )
    written.write(root, tree)
    parents = [
        (page, Raw(b"[" + b" ".join([b"%d 0 R" % refs[e] for e in owners]) + b"]"))
        for page, owners in sorted(marks.pages.items())
    ]
    base = len(page_refs)
    parents += [
        (base + index, Raw(b"%d 0 R" % refs[element]))
        for index, element in enumerate(marks.annotations)
    ]
    numbers = Raw(b" ".join([b"%d %s" % pair for pair in parents]))
    parent_tree = writer.add({"Nums": Raw(b"[" + numbers + b"]")})
    entries: dict[str, Any] = {
        **_identifier_tree(refs, identifiers),
        "Type": Name("StructTreeRoot"),
        "K": [refs[root]],
        "ParentTree": parent_tree,
        "ParentTreeNextKey": base + len(marks.annotations),
    }
    if namespace:
        entries["Namespaces"] = [namespace]
    writer.put(tree, entries)
    return tree, refs


def _identifiers(elements: Iterable[StructElem]) -> dict[StructElem, str]:
    """Return the identifiers of elements: their own, and those of header cells that are named."""
    identifiers: dict[StructElem, str] = {}
    for element in elements:
        if element.id:
            identifiers[element] = element.id
        if element.attributes:
            for head in element.attributes.get("Headers", ()):
                identifiers.setdefault(head, head.id or f"header-{len(identifiers) + 1}")
    return identifiers


def _identifier_tree(
    refs: Mapping[StructElem, Ref], identifiers: Mapping[StructElem, str]
) -> dict[str, Any]:
    """Return the tree that leads from identifiers to elements (ISO 32000-1, table 322)."""
    pairs = sorted((text_string(name), refs[e]) for e, name in identifiers.items() if e in refs)
    names = b" ".join(b"%s %d 0 R" % pair for pair in pairs)
    return {"IDTree": {"Names": Raw(b"[" + names + b"]")}} if pairs else {}


def write_references(
    writer: Writer,
    refs: Mapping[StructElem, Ref],
    references: Mapping[StructElem, Sequence[StructElem]],
) -> None:
    """Add to elements which others they refer to (ISO 32000-2, 14.7.2: Ref)."""
    for element, others in references.items():
        known = dict.fromkeys(refs[other] for other in others if other in refs)
        if element in refs and known:
            listed = b" ".join(b"%d 0 R" % ref for ref in known)
            value = writer.plain[int(refs[element])].removesuffix(b">>")
            writer.put(refs[element], Raw(value + b"/Ref[" + listed + b"]>>"))


@record
class _TreeWriter:
    """Writes the elements of one tree, parents before their kids."""

    writer: Writer
    refs: dict[StructElem, Ref]
    pages: list[Ref]
    marks: MarkedContentRegistry
    standard: Standard
    root: StructElem
    # The object that names the standard's own namespace.
    namespace: Ref
    identifiers: Mapping[StructElem, str]
    # The elements that may have attributes which are not their own.
    described: Set[StructElem]
    formulas: Mapping[str, Ref]

    def write(self, element: StructElem, parent: Ref) -> Ref:
        """Write an element and what is below it; return its reference."""
        ref = self.refs[element] = self.writer.reserve()
        own_kids = self.marks.kids(element)
        first_page = -1
        for kid in own_kids:
            if kid.__class__ is tuple:
                first_page = kid[0]
                break
        kids = [self._kid(kid, ref, first_page) for kid in own_kids]
        tag = self.standard.tags.get(element.tag, element.tag)
        parts = [b"<</S/%s/P %d 0 R" % (tag.encode(), parent)]
        if self.namespace and (element is self.root or tag != element.tag):
            parts.append(b"/NS %d 0 R" % self.namespace)
        if first_page >= 0:
            parts.append(b"/Pg %d 0 R" % self.pages[first_page])
        if len(kids) == 1:
            parts.append(b"/K " + kids[0])
        elif kids:
            parts.append(b"/K[" + b" ".join(kids) + b"]")
        if element.attributes or element in self.described or _says(element):
            attributes = self._list(element) or self._with_headers(element.attributes)
            identifier = self.identifiers.get(element, "")
            parts += _attributes(element, self.marks.boxes.get(element), attributes, identifier)
        if file := self.formulas.get(element.mathml):
            parts.append(b"/AF[%d 0 R]" % file)
        parts.append(b">>")
        self.writer.put_raw(ref, b"".join(parts))
        return ref

    def _kid(self, kid: Any, ref: Ref, first_page: int) -> bytes:
        if kid.__class__ is not tuple:
            return b"%d 0 R" % self.write(kid, ref)
        if kid[1].__class__ is Ref:
            return b"<</Type/OBJR/Obj %d 0 R/Pg %d 0 R>>" % (kid[1], self.pages[kid[0]])
        if kid[0] == first_page:
            return b"%d" % kid[1]
        return b"<</Type/MCR/Pg %d 0 R/MCID %d>>" % (self.pages[kid[0]], kid[1])

    def _with_headers(self, attributes: dict[str, Any] | None) -> dict[str, Any]:
        """Return attributes with the identifiers of the header cells that they name."""
        if not attributes or "Headers" not in attributes:
            return attributes or {}
        heads = dict.fromkeys(attributes["Headers"])
        known = [self.identifiers[head] for head in heads if head in self.identifiers]
        return {**attributes, "Headers": known}

    def _list(self, element: StructElem) -> dict[str, Any]:
        """Return attributes for a list whose labels are terms, which PDF 2.0 has a name for."""
        if not self.namespace or element.tag != "L":
            return {}
        if (element.attributes or {}).get("ListNumbering", "None") != "None":
            return {}
        items = [kid for kid in self.marks.kids(element) if isinstance(kid, StructElem)]
        labels = any(
            isinstance(part, StructElem) and part.tag == "Lbl"
            for item in items
            for part in self.marks.kids(item)
        )
        return {"O": "List", "ListNumbering": "Description"} if labels else {}


def _attributes(
    element: StructElem,
    box: tuple[float, float, float, float] | None,
    values: dict[str, Any],
    identifier: str,
) -> list[bytes]:
    parts: list[bytes] = []
    for key, value in (
        (b"/Alt", element.alt),
        (b"/ActualText", element.actual_text),
        (b"/Lang", element.lang),
        (b"/E", element.expansion),
        (b"/ID", identifier),
    ):
        if value:
            parts.append(key + text_string(value))
    attributes: dict[str, Any] = {}
    if values:
        attributes = {
            key: Name(value) if isinstance(value, str) else value for key, value in values.items()
        }
    if box:
        attributes = {"O": Name("Layout"), "BBox": [round(v, 2) for v in box]}
        attributes["Placement"] = Name("Block")
    if attributes:
        parts.append(b"/A" + serialise(attributes))
    return parts


def _says(element: StructElem) -> bool:
    """Return whether anything but its content is said of an element."""
    return bool(element.alt or element.actual_text or element.lang or element.expansion)
