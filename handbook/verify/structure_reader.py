"""Read a PDF's structure tree and parent tree (ISO 32000-1, 14.7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from ..core.values import frozen
from .page_content import Stream

if TYPE_CHECKING:
    import pikepdf

_DEEPEST = 200
HEADINGS = {f"H{level}": level for level in range(1, 10)}
GROUPING = {"Document", "Part", "Art", "Sect", "Div", "NonStruct", "Private", "TOC", "Index"}
STANDARD = (
    GROUPING
    | set(list(HEADINGS)[:6])
    | {"BlockQuote", "Caption", "TOCI", "P", "H", "L", "LI", "Lbl", "LBody"}
    | {"Table", "TR", "TH", "TD", "THead", "TBody", "TFoot"}
    | {"Span", "Quote", "Note", "Reference", "BibEntry", "Code", "Link", "Annot"}
    | {"Ruby", "RB", "RT", "RP", "Warichu", "WT", "WP", "Figure", "Formula", "Form"}
)


@frozen
class Content:
    """A marked-content sequence that belongs to an element."""

    page: int
    stream: Stream
    mcid: int


@frozen
class ObjectReference:
    """An annotation (or XObject) that belongs to an element; `page` is -1 where unknown."""

    page: int
    number: int
    target: Any


Kid: TypeAlias = "Element | Content | ObjectReference"


@dataclass(slots=True, eq=False)
class Element:
    """A structure element; `role` is its tag as the role map says to understand it."""

    number: int
    tag: str
    role: str
    parent: Element | None
    alt: str | None = None
    actual: str | None = None
    lang: str = ""
    expansion: str = ""
    title: str = ""
    id: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    kids: list[Kid] = field(default_factory=list)

    @property
    def elements(self) -> list[Element]:
        """Return the child elements."""
        return [kid for kid in self.kids if isinstance(kid, Element)]

    def walk(self) -> Iterator[Element]:
        """Yield this element and those below it, in reading order."""
        yield self
        for kid in self.elements:
            yield from kid.walk()

    def contents(self) -> Iterator[Content]:
        """Return the marked content of this element and of those below it, in reading order."""
        for kid in self.kids:
            if isinstance(kid, Content):
                yield kid
            elif isinstance(kid, Element):
                yield from kid.contents()

    def references(self) -> Iterator[ObjectReference]:
        """Return the object references of this element alone."""
        return (kid for kid in self.kids if isinstance(kid, ObjectReference))

    @property
    def page(self) -> int:
        """Return the index of the first page with something of this element, -1 for none."""
        for kid in self.kids:
            page = kid.page
            if page >= 0:
                return page
        return -1

    def text(self, texts: Mapping[tuple[Stream, int], str]) -> str:
        """Return the characters of this element in reading order, replacement text in place."""
        if self.actual is not None:
            return self.actual
        parts: list[str] = []
        for kid in self.kids:
            if isinstance(kid, Content):
                parts.append(texts.get((kid.stream, kid.mcid), ""))
            elif isinstance(kid, Element):
                parts.append(kid.text(texts))
        return "".join(parts)


@dataclass(slots=True)
class Structure:
    """The top elements, the parent tree by key, the role map, and reading problems."""

    top: list[Element] = field(default_factory=list)
    parents: dict[int, Any] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def walk(self) -> Iterator[Element]:
        """Return every element, in reading order."""
        for element in self.top:
            yield from element.walk()


def read_structure(pdf: pikepdf.Pdf) -> Structure:
    """Read the structure of a PDF; empty if it has none."""
    return _Builder(pdf).build()


def number_tree(node: Any, depth: int = 0) -> Iterator[tuple[int, Any]]:
    """Return the entries of a number tree (7.9.7)."""
    if node is None or depth > _DEEPEST:
        return
    numbers = list(node.get("/Nums", []))
    for key, value in zip(numbers[::2], numbers[1::2], strict=False):
        yield int(key), value
    for kid in node.get("/Kids", []):
        yield from number_tree(kid, depth + 1)


class _Builder:
    """Reads a structure tree that may be damaged."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self.pdf = pdf
        self.structure = Structure()
        self.pages = {page.obj.objgen: index for index, page in enumerate(pdf.pages)}
        self.seen: set[tuple[int, int]] = set()
        self.classes: Any = {}

    def build(self) -> Structure:
        root = self.pdf.Root.get("/StructTreeRoot")
        if root is None:
            return self.structure
        self.structure.roles = {
            str(key)[1:]: str(value)[1:] for key, value in root.get("/RoleMap", {}).items()
        }
        self.classes = root.get("/ClassMap", {})
        self.structure.parents = dict(number_tree(root.get("/ParentTree")))
        for kid in _listed(root.get("/K")):
            element = self._element(kid, None, 0)
            if element is not None:
                self.structure.top.append(element)
        return self.structure

    def _role(self, tag: str) -> str:
        seen: set[str] = set()
        while tag in self.structure.roles and tag not in seen and tag not in STANDARD:
            seen.add(tag)
            tag = self.structure.roles[tag]
        return tag

    def _element(self, node: Any, parent: Element | None, depth: int) -> Element | None:
        if depth > _DEEPEST or (node.is_indirect and node.objgen in self.seen):
            self.structure.problems.append("an element is its own ancestor, or has two parents")
            return None
        self.seen.add(node.objgen)
        tag = str(node.get("/S", "/"))[1:]
        alt, actual = node.get("/Alt"), node.get("/ActualText")
        element = Element(
            number=int(node.objgen[0]),
            tag=tag,
            role=self._role(tag),
            parent=parent,
            alt=None if alt is None else str(alt),
            actual=None if actual is None else str(actual),
            lang=str(node.get("/Lang", "")),
            expansion=str(node.get("/E", "")),
            title=str(node.get("/T", "")),
            id=str(node.get("/ID", "")),
            attributes=self._attributes(node),
        )
        page = node.get("/Pg")
        for kid in _listed(node.get("/K")):
            read = self._kid(kid, page, element, depth + 1)
            if read is not None:
                element.kids.append(read)
        return element

    def _kid(self, kid: Any, page: Any, element: Element, depth: int) -> Kid | None:
        if isinstance(kid, int):
            return self._content(page, None, kid)
        kind = str(kid.get("/Type", ""))
        if kind == "/MCR":
            return self._content(kid.get("/Pg", page), kid.get("/Stm"), int(kid.MCID))
        if kind == "/OBJR":
            place = kid.get("/Pg", page)
            index = -1 if place is None else self.pages.get(place.objgen, -1)
            return ObjectReference(index, int(kid.Obj.objgen[0]), kid.Obj)
        return self._element(kid, element, depth)

    def _content(self, page: Any, stream: Any, mcid: int) -> Content | None:
        index = -1 if page is None else self.pages.get(page.objgen, -1)
        if index < 0:
            self.structure.problems.append("content of an element names no page of the file")
            return None
        if stream is not None:
            return Content(index, ("form", int(stream.objgen[0])), mcid)
        return Content(index, ("page", index), mcid)

    def _attributes(self, node: Any) -> dict[str, Any]:
        """Return all attributes by name, regardless of owner; those of classes are overridden."""
        attributes: dict[str, Any] = {}
        named = [self.classes.get(str(name)) for name in _listed(node.get("/C")) if _is_name(name)]
        for entry in [*named, *_listed(node.get("/A"))]:
            for part in _listed(entry):
                if hasattr(part, "keys"):
                    attributes.update((str(key)[1:], _value(part[key])) for key in part.keys())  # noqa: SIM118
        attributes.pop("O", None)
        return attributes


def _is_name(value: Any) -> bool:
    return str(value).startswith("/")


def _listed(value: Any) -> list[Any]:
    """Return one object or an array of objects as a list."""
    import pikepdf

    if value is None:
        return []
    return list(value) if isinstance(value, pikepdf.Array) else [value]


def _value(value: Any) -> Any:
    """Convert an attribute's value to Python types."""
    import pikepdf

    if isinstance(value, pikepdf.Array):
        return [_value(item) for item in value]
    if isinstance(value, pikepdf.Name):
        return str(value)[1:]
    if isinstance(value, pikepdf.String):
        return str(value)
    if isinstance(value, (bool, int)):
        return value
    try:
        return float(value)
    except (TypeError, ValueError):
        return str(value)
