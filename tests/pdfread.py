"""Reads PDFs back for tests: structure and text as a screen reader gets them, glyphs as printed.

Everything takes a file as bytes, as a path, or opened by pikepdf.  Pages count from 0 and places
are in points from the lower left corner.

    for node in structure(data).all("H2"): node.text, node.page
    reading_order_text(data)        what is read aloud, paragraph by paragraph
    text_positions(data, 3)         runs of glyphs with place, size, font, colour, clip
    painted(data, 3)                the same, with shapes and pictures, in painting order
    links(data); outline(data); page_labels(data); fonts(data); boxes(data); info(data)
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pikepdf

from handbook.verify.checks.links import named_destinations, resolve
from handbook.verify.content_interpreter import ContentInterpreter
from handbook.verify.page_content import (
    Bounds,
    Glyph,
    PageContent,
    Painted,
    Picture,
    Rgb,
    Run,
    Shape,
    text_of_marks,
)
from handbook.verify.pdf_fonts import PdfFont
from handbook.verify.structure_reader import Content, Element, number_tree, read_structure

__all__ = [
    "Bounds", "Entry", "Font", "Glyph", "Link", "Node", "Painted", "Picture", "Rgb", "Run",
    "Shape", "boxes", "contrast", "fold", "fonts", "info", "links", "outline", "page_labels",
    "painted", "reading_order_text", "squeeze", "structure", "text_positions", "unhyphenated",
]  # fmt: skip

Source = bytes | Path | pikepdf.Pdf
BLOCKS = {
    "P", "H", "H1", "H2", "H3", "H4", "H5", "H6", "Caption", "LBody", "TH", "TD", "TOCI",
    "Code", "Figure", "Formula", "Note", "BlockQuote",
}  # fmt: skip


def opened(source: Source) -> pikepdf.Pdf:
    """The file, open."""
    if isinstance(source, pikepdf.Pdf):
        return source
    return pikepdf.open(io.BytesIO(source) if isinstance(source, bytes) else source)


# ------------------------------------------------------------------- structure


@dataclass
class Node:
    """A structure element with the text of its own marked content, in reading order."""

    tag: str
    role: str
    page: int = -1
    alt: str | None = None
    actual: str | None = None
    lang: str = ""
    expansion: str = ""
    title: str = ""
    id: str = ""
    attributes: dict[str, Any] = field(default_factory=dict)
    kids: list[Node | str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    marks: list[tuple[int, int]] = field(default_factory=list)
    parent: Node | None = field(default=None, repr=False)

    @property
    def scope(self) -> str:
        """What a header cell heads: Row, Column, Both, or nothing."""
        return str(self.attributes.get("Scope", ""))

    @property
    def children(self) -> list[Node]:
        """The child elements."""
        return [kid for kid in self.kids if isinstance(kid, Node)]

    @property
    def text(self) -> str:
        """The characters in reading order, replacement text in place; nothing added or dropped."""
        if self.actual is not None:
            return self.actual
        return "".join(kid if isinstance(kid, str) else kid.text for kid in self.kids)

    def walk(self) -> Iterator[Node]:
        """This node and all below it, in reading order."""
        yield self
        for kid in self.children:
            yield from kid.walk()

    def all(self, *tags: str) -> list[Node]:
        """The nodes with one of these tags (or roles), in reading order."""
        return [node for node in self.walk() if node.tag in tags or node.role in tags]

    def sketch(self) -> Any:
        """The tree as nested tuples `(tag, text or kids…)`, for comparing in tests."""
        kids = [kid if isinstance(kid, str) else kid.sketch() for kid in self.kids]
        return (self.tag, *kids)


def structure(source: Source) -> Node:
    """The structure tree; its top is the Document element, or one called Root if there are more."""
    pdf = opened(source)
    reader, texts = ContentInterpreter(pdf), {}
    for index in range(len(pdf.pages)):
        texts.update(text_of_marks(reader.page(index)))
    annotations = {link.number: link for link in links(pdf)}
    tops = [_node(element, texts, annotations, None) for element in read_structure(pdf).top]
    return tops[0] if len(tops) == 1 else Node("Root", "Root", kids=list(tops))


def _node(
    element: Element, texts: dict[Any, str], annotations: dict[int, Link], parent: Node | None
) -> Node:
    node = Node(
        element.tag,
        element.role,
        element.page,
        element.alt,
        element.actual,
        element.lang,
        element.expansion,
        element.title,
        element.id,
        dict(element.attributes),
        parent=parent,
    )
    for kid in element.kids:
        if isinstance(kid, Element):
            node.kids.append(_node(kid, texts, annotations, node))
        elif isinstance(kid, Content):
            node.kids.append(texts.get((kid.stream, kid.mcid), ""))
            node.marks.append((kid.page, kid.mcid))
        elif kid.number in annotations:
            node.links.append(annotations[kid.number])
    return node


def reading_order_text(source: Source) -> str:
    """What is read aloud, one block a line; a figure speaks its alternative text in brackets."""
    lines: list[str] = []

    def speak(node: Node) -> None:
        if node.alt is not None:
            lines[-1] += f"[{node.alt}]"
        elif node.actual is not None:
            lines[-1] += node.actual
        else:
            for kid in node.kids:
                if isinstance(kid, str):
                    lines[-1] += kid
                else:
                    block = kid.role in BLOCKS and not (
                        kid.role == "LBody" and node.role == "LI" and node.kids[0] is not kid
                    )
                    if block and lines[-1]:
                        lines.append("")
                    speak(kid)
                    if (block or kid.role == "LI") and lines[-1]:
                        lines.append("")
                    elif kid.role == "Lbl":
                        lines[-1] += " "

    lines.append("")
    speak(structure(source))
    return "\n".join(unhyphenated(line).strip() for line in lines if line.strip())


def unhyphenated(text: str) -> str:
    """Text without the soft hyphens that a layout adds at line ends."""
    return text.replace("\u00ad", "")


def fold(text: str) -> str:
    """Text with every run of white space, no-break spaces too, as one space."""
    return " ".join(text.split())


def squeeze(text: str) -> str:
    """Text without white space and the layout's hyphens: for comparing characters alone."""
    return unhyphenated("".join(text.split()))


# ----------------------------------------------------------------------- pages


def painted(source: Source, page: int) -> list[Painted]:
    """Runs, shapes and pictures of a page in painting order; `clip` is what cuts them, or None."""
    return _content(source, page).items


def text_positions(source: Source, page: int) -> list[Run]:
    """Runs of glyphs: text, x, y (baseline), end, size, font, color, clip, artifact, glyphs."""
    return [item for item in painted(source, page) if isinstance(item, Run)]


def _content(source: Source, page: int) -> PageContent:
    pdf = opened(source)  # held here: objects of a closed file are empty
    return ContentInterpreter(pdf).page(page)


def contrast(one: Rgb, other: Rgb) -> float:
    """WCAG's contrast of two colours, 1 to 21."""

    def light(color: Rgb) -> float:
        parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in color]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    bright, dark = sorted((light(one), light(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def background(items: list[Painted], run: Run) -> Rgb:
    """The colour of what was painted last behind a run; white paper where nothing was."""
    middle = ((run.x + run.end) / 2, run.y + run.size * 0.3)
    color: Rgb = (1, 1, 1)
    for item in items:
        if item is run:
            break
        if isinstance(item, Shape) and item.fill is not None and _inside(middle, item.bounds):
            color = item.fill
    return color


def _inside(point: tuple[float, float], bounds: Bounds) -> bool:
    return bounds[0] <= point[0] <= bounds[2] and bounds[1] <= point[1] <= bounds[3]


# ----------------------------------------------------------------------- links


@dataclass(frozen=True)
class Link:
    """A link annotation: an address, or a page (and height) of this file, -1 for nowhere."""

    page: int
    rect: Bounds
    words: str
    uri: str = ""
    target: int = -1
    top: float | None = None
    number: int = 0


def links(source: Source) -> list[Link]:
    """Every link, page by page."""
    pdf = opened(source)
    names = named_destinations(pdf)
    numbers = {page.obj.objgen: index for index, page in enumerate(pdf.pages)}
    found: list[Link] = []
    for index, page in enumerate(pdf.pages):
        for annotation in page.obj.get("/Annots", []):
            if str(annotation.get("/Subtype")) != "/Link":
                continue
            x0, y0, x1, y1 = (float(value) for value in annotation.Rect)
            action = annotation.get("/A", {})
            uri = str(action.get("/URI", "")) if str(action.get("/S", "")) == "/URI" else ""
            target, top = _target(annotation.get("/Dest", action.get("/D")), names, numbers)
            rect = (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
            words = str(annotation.get("/Contents", ""))
            number = int(annotation.objgen[0])
            found.append(Link(index, rect, words, uri, target, top, number))
    return found


def _target(place: Any, names: dict[str, Any], pages: dict[Any, int]) -> tuple[int, float | None]:
    array = resolve(place, names)
    if array is None:
        return -1, None
    rest = [str(item) if isinstance(item, pikepdf.Name) else item for item in list(array)[1:]]
    at = {"/XYZ": 2, "/FitH": 1, "/FitBH": 1, "/FitR": 4}.get(rest[0] if rest else "", 0)
    top = rest[at] if 0 < at < len(rest) else None
    return pages.get(array[0].objgen, -1), None if top is None else float(top)


@dataclass(frozen=True)
class Entry:
    """An outline entry: level (from 1), words, page, height."""

    level: int
    title: str
    page: int
    top: float | None


def outline(source: Source) -> list[Entry]:
    """The outline, flat and in order."""
    pdf = opened(source)
    names = named_destinations(pdf)
    numbers = {page.obj.objgen: index for index, page in enumerate(pdf.pages)}

    def walk(item: Any, level: int) -> Iterator[Entry]:
        while item is not None:
            place = item.get("/Dest", item.get("/A", {}).get("/D"))
            page, top = _target(place, names, numbers)
            yield Entry(level, str(item.get("/Title", "")), page, top)
            yield from walk(item.get("/First"), level + 1)
            item = item.get("/Next")

    root = pdf.Root.get("/Outlines")
    return [] if root is None else list(walk(root.get("/First"), 1))


def page_labels(source: Source) -> list[str]:
    """The number that a viewer shows for each page."""
    pdf = opened(source)
    ranges = dict(sorted(number_tree(pdf.Root.get("/PageLabels"))))
    labels: list[str] = []
    style, prefix, first, start = "/D", "", 1, 0
    for index in range(len(pdf.pages)):
        if index in ranges:
            entry = ranges[index]
            style, prefix = str(entry.get("/S", "")), str(entry.get("/P", ""))
            first, start = int(entry.get("/St", 1)), index
        labels.append(prefix + _numeral(first + index - start, style))
    return labels


def _numeral(number: int, style: str) -> str:
    if style in ("/r", "/R"):
        text = ""
        for value, letters in (
            (1000, "m"),
            (900, "cm"),
            (500, "d"),
            (400, "cd"),
            (100, "c"),
            (90, "xc"),
            (50, "l"),
            (40, "xl"),
            (10, "x"),
            (9, "ix"),
            (5, "v"),
            (4, "iv"),
            (1, "i"),
        ):
            text += letters * (number // value)
            number %= value
        return text.upper() if style == "/R" else text
    if style in ("/a", "/A"):
        text = chr(97 + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return text.upper() if style == "/A" else text
    return str(number) if style == "/D" else ""


# ----------------------------------------------------------------------- facts


@dataclass(frozen=True)
class Font:
    """A font of the file: its name without the subset's letters, and what is inside."""

    name: str
    subtype: str
    embedded: bool
    subset: bool
    has_map: bool
    face: PdfFont = field(repr=False, compare=False)


def fonts(source: Source) -> list[Font]:
    """The fonts of a file, by name."""
    pdf = opened(source)
    reader, found = ContentInterpreter(pdf), {}
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Dictionary) and str(thing.get("/Type", "")) == "/Font":
            if str(thing.get("/Subtype", "")).startswith("/CIDFont"):
                continue
            face = reader.face(thing)
            whole = str(thing.get("/BaseFont", ""))[1:]
            subset = re.match(r"[A-Z]{6}\+", whole) is not None
            font = Font(face.name, face.subtype, face.embedded, subset, face.has_map, face)
            found[whole, thing.objgen] = font
    return sorted(found.values(), key=lambda font: (font.name, font.subtype))


def boxes(source: Source) -> list[dict[str, Bounds]]:
    """For each page its boxes by name (MediaBox, CropBox, BleedBox, TrimBox, ArtBox), if set."""
    names = ("MediaBox", "CropBox", "BleedBox", "TrimBox", "ArtBox")
    found: list[dict[str, Bounds]] = []
    pdf = opened(source)
    for page in pdf.pages:
        own: dict[str, Bounds] = {}
        for name in names:
            node: Any = page.obj
            inherited = name in ("MediaBox", "CropBox")
            while node is not None and f"/{name}" not in node:
                node = node.get("/Parent") if inherited else None
            if node is not None:
                x0, y0, x1, y1 = (float(value) for value in node[f"/{name}"])
                own[name] = (x0, y0, x1, y1)
        found.append(own)
    return found


def info(source: Source) -> dict[str, str]:
    """The Info dictionary, keys without their slash."""
    pdf = opened(source)
    entries = pdf.trailer.get("/Info", {})
    return {str(key)[1:]: str(value) for key, value in entries.items()}
