"""A laid-out book -> an Edition; an Edition and a learner's values -> a copy.

The edition's objects are written once, compressed, at fixed offsets.  A copy is
those bytes, unchanged, then the copy's own few objects (the field text, its
font, Info and XMP), and a cross-reference stream over both.  Numbers of the
copy's objects are reserved when the edition is made, so pages can refer to
them before they exist.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ..document import FieldSpec, Meta
from ..layout.fonts import Face, glyph_codes
from ..layout.ink import Book, Page, Slot
from . import metadata
from .attachments import Attachment, write_attachments
from .fields import clean, fit
from .fonts import embed
from .images import add_image
from .links import page_links
from .outline import page_labels, write_outline
from .surface import PageInk, Surface, number, paint, shown
from .tags import Marks, write_structure
from .writer import HEADER, Name, Ref, Writer, cross_reference, digest


@dataclass(frozen=True, slots=True)
class PlacedSlot:
    """A field's slot with its MCID, and the content stream it is written in."""

    slot: Slot
    tag: str
    mcid: int
    stream: int


@dataclass(frozen=True, slots=True)
class Edition:
    """A book as PDF objects, but for what differs from copy to copy."""

    body: bytes
    rows: Mapping[int, tuple[int, int, int]]
    next: int
    root: int
    info: int
    metadata: int
    fonts: Mapping[str, int]
    font_files: Mapping[str, Path]
    slots: tuple[PlacedSlot, ...]
    fields: Mapping[str, FieldSpec]
    meta: Meta
    identifier: bytes
    conformance: str

    def fill(self, values: Mapping[str, str] | None = None) -> bytes:
        """A copy: the whole file.  HandbookError if a value does not fit or cannot be written."""
        given = {name: clean(value) for name, value in (values or {}).items()}
        own = Writer(self.next)
        self._put_fields(own, given)
        copy_id = digest(self.identifier, repr(sorted(given.items())).encode())
        own.put(self.info, metadata.info(self.meta))
        meta = replace(self.meta, identifier=f"urn:handbook:{copy_id.hex()}")
        packet = metadata.xmp(meta, metadata.PARTS[self.conformance])
        entries = {"Type": Name("Metadata"), "Subtype": Name("XML")}
        own.put_stream(self.metadata, entries, packet, compress=False)
        body, rows = own.body(len(self.body))
        table = own.reserve()
        trailer = {"Root": Ref(self.root), "Info": Ref(self.info), "ID": [self.identifier, copy_id]}
        offset = len(self.body) + len(body)
        tail = cross_reference(int(table), offset, {**self.rows, **rows}, trailer)
        return self.body + body + tail

    def _put_fields(self, own: Writer, values: Mapping[str, str]) -> None:
        faces = {name: Face(path) for name, path in self.font_files.items()}
        for placed in self.slots:
            value = values.get(placed.slot.name) or self.fields[placed.slot.name].default
            code = _slot_code(placed, value, faces[placed.slot.face])
            own.put_stream(placed.stream, {}, code.encode("latin-1"))
        for name, ref in self.fonts.items():
            face = faces[name]
            face.encode(" ")
            embed(own, Ref(ref), face, dict(face.meaning))


def _slot_code(placed: PlacedSlot, value: str, face: Face) -> str:
    """The content of one slot; an empty value still uses its MCID, so that the tree holds."""
    slot = placed.slot
    parts = [f"/{placed.tag} <</MCID {placed.mcid}>> BDC"]
    if value:
        fitted = fit(slot, value, face)
        parts.append(f"BT /X{slot.face} {number(fitted.size)} Tf {paint(slot.color)}")
        y = slot.y
        for count, line in enumerate(fitted.lines, 1):
            codes, _ = face.encode(line + " " if count < len(fitted.lines) else line)
            parts.append(f"1 0 0 1 {number(slot.x)} {number(y)} Tm {shown(codes)}")
            y -= slot.leading
        parts.append("ET")
    parts.append("EMC")
    return "\n".join(parts)


def make_edition(
    book: Book,
    meta: Meta,
    fields: Mapping[str, FieldSpec],
    attachments: Sequence[Attachment] = (),
) -> Edition:
    """Write a book's static objects; with attachments the file is PDF/A-3, without PDF/A-2."""
    return _EditionMaker(book, meta, fields).make(attachments)


@dataclass(slots=True)
class _Side:
    """What a side of paper holds, collected page by page."""

    contents: list[Ref] = field(default_factory=list)
    fonts: dict[str, Any] = field(default_factory=dict)
    images: dict[str, Ref] = field(default_factory=dict)
    links: list[Ref] = field(default_factory=list)


def _around(page: Page, margin: float) -> list[float]:
    """The box `margin` points around the trimmed page (14.11.2)."""
    sides = (-margin, -margin, page.width + margin, page.height + margin)
    return [round(side, 2) for side in sides]


class _EditionMaker:
    """Puts the objects of one book, in a fixed order."""

    def __init__(self, book: Book, meta: Meta, fields: Mapping[str, FieldSpec]) -> None:
        self.book = book
        self.meta = meta
        self.fields = fields
        self.writer = Writer()
        self.marks = Marks()
        self.used: dict[str, set[str]] = {name: set() for name in book.faces}
        self.font_refs: dict[str, Ref] = {}
        self.field_fonts: dict[str, Ref] = {}
        self.images: dict[str, str] = {}
        self.image_refs: dict[str, Ref] = {}
        self.slots: list[PlacedSlot] = []

    def make(self, attachments: Sequence[Attachment]) -> Edition:
        """The edition."""
        writer, book = self.writer, self.book
        catalog, tree = writer.reserve(), writer.reserve()
        info, xmp = writer.reserve(), writer.reserve()
        # On a booklet's sheets several pages share a side; elsewhere each is its own.
        sides = book.sheets or tuple((index,) for index in range(len(book.pages)))
        pages = [writer.reserve() for _ in sides]
        self._sides(sides, pages, tree)
        writer.put(tree, {"Type": Name("Pages"), "Kids": pages, "Count": len(pages)})
        structure = write_structure(writer, book.root, self.marks, pages, self.meta.language)
        outline = write_outline(writer, book, pages)
        self._fonts()
        entries: dict[str, Any] = {
            "Type": Name("Catalog"),
            "Pages": tree,
            "Metadata": xmp,
            "StructTreeRoot": structure,
            "MarkInfo": {"Marked": True},
            "Lang": self.meta.language,
            "ViewerPreferences": {"DisplayDocTitle": True},
            "OutputIntents": [metadata.output_intent(writer)],
            "PageLabels": page_labels(book),
        }
        if outline is not None:
            entries |= {"Outlines": outline, "PageMode": Name("UseOutlines")}
        if attachments:
            entries |= write_attachments(writer, attachments, self.meta.date)
        writer.put(catalog, entries)
        body, rows = writer.body(len(HEADER))
        return Edition(
            body=HEADER + body, rows=rows, next=writer.next, root=catalog, info=info, metadata=xmp,
            fonts={name: int(ref) for name, ref in self.field_fonts.items()},
            font_files={name: book.faces[name].path for name in self.field_fonts},
            slots=tuple(self.slots), fields=self.fields, meta=self.meta, identifier=digest(body),
            conformance="3a" if attachments else "2a",
        )  # fmt: skip

    def _sides(self, sides: Sequence[Sequence[int]], refs: list[Ref], tree: Ref) -> None:
        """Write the pages in reading order, then the sides of paper they stand on."""
        surface = Surface()
        side_of = {page: side for side, pages in enumerate(sides) for page in pages}
        made = [_Side() for _ in sides]
        for index in range(len(self.book.pages)):
            number = side_of[index]
            self._page(index, number, made[number], refs, surface)
        for number, side in enumerate(made):
            self._put_side(number, side, refs, tree)

    def _page(
        self, index: int, number: int, side: _Side, refs: list[Ref], surface: Surface
    ) -> None:
        writer, page = self.writer, self.book.pages[index]
        ink = PageInk(surface, self.book.faces, self.used, self.marks, number, self.images)
        first, *rest = ink.write(page)
        side.contents.append(writer.add_stream({}, first))
        side.fonts |= {name: self._font(name) for name in sorted(ink.fonts)}
        for (slot, mcid), part in zip(ink.slots, rest, strict=True):
            stream = writer.reserve()
            side.contents += [stream, writer.add_stream({}, part)]
            tag = slot.element.tag if slot.element else "P"
            self.slots.append(PlacedSlot(slot, tag, mcid, int(stream)))
            side.fonts["X" + slot.face] = self._field_font(slot.face)
        side.images |= self._images(ink.drawn)
        side.links += page_links(writer, self.book, index, number, self.marks, refs)

    def _put_side(self, number: int, side: _Side, refs: list[Ref], tree: Ref) -> None:
        page = self.book.pages[self.book.sheets[number][0] if self.book.sheets else number]
        bleed, margin = self.book.bleed, self.book.margin
        entries: dict[str, Any] = {
            "Type": Name("Page"),
            "Parent": tree,
            "MediaBox": _around(page, margin),
            "Contents": side.contents if len(side.contents) > 1 else side.contents[0],
            "Resources": {"Font": side.fonts, "XObject": side.images},
            "StructParents": number,
            "Tabs": Name("S"),
        }
        if margin or bleed:
            entries |= {"TrimBox": _around(page, 0), "BleedBox": _around(page, bleed)}
        if side.links:
            entries["Annots"] = side.links
        self.writer.put(refs[number], entries)

    def _font(self, name: str) -> Ref:
        if name not in self.font_refs:
            self.font_refs[name] = self.writer.reserve()
        return self.font_refs[name]

    def _field_font(self, name: str) -> Ref:
        if name not in self.field_fonts:
            self.field_fonts[name] = self.writer.reserve()
        return self.field_fonts[name]

    def _images(self, drawn: Mapping[str, str]) -> dict[str, Ref]:
        for path, name in drawn.items():
            if name not in self.image_refs:
                self.image_refs[name] = add_image(self.writer, path, grey=self.book.grey)
        return {name: self.image_refs[name] for name in drawn.values()}

    def _fonts(self) -> None:
        for name, ref in self.font_refs.items():
            face = self.book.faces[name]
            codes = sorted(glyph_codes(self.used[name]))
            embed(self.writer, ref, face, {code: face.meaning[code] for code in codes})
