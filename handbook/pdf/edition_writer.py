"""Writes the objects of one book, in a fixed order: what a copy adds to comes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handbook.pdf.catalog.conformance import PARTS

from ..core.i18n import translations_for
from ..document.fields import FieldSpecs
from ..document.nodes import Meta
from ..fonts.face import glyph_codes
from ..layout.page import FieldPlaceholder, LaidOutBook, Page
from .catalog import metadata
from .catalog.attachments import Attachment, write_attachments
from .catalog.form_fields import Forms
from .catalog.link_annotations import page_links
from .catalog.outline import page_labels, write_outline
from .catalog.structure_tree import MarkedContentRegistry, write_structure
from .content.content_stream import ContentStreamWriter
from .content.images import add_image
from .edition import Edition, PlacedSlot
from .font_embedding import CopyFonts, EmbeddedFont, embed
from .syntax.objects import HEADER, Name, Ref, Writer, cross_reference, digest

if TYPE_CHECKING:
    from ..document.nodes import Meta
    from ..layout.page import LaidOutBook
    from .catalog.attachments import Attachment

# Stands for a copy's identifier while the edition's metadata is written.
_COPY = "urn:handbook:copy"
# What names are mostly made of, from Iceland to Turkey: the edition has these glyphs in the faces
# of its fields.
USUAL = (
    "".join(
        map(chr, [*range(0x20, 0x7F), *range(0xC0, 0xD7), *range(0xD8, 0xF7), *range(0xF8, 256)])
    )
    + "ĀāĂăĄąĆćČčĎďĐđĒēĖėĘęĚěĞğĢģĪīĮįİıĶķĹĺĻļĽľŁłŃńŅņŇňŌōŐőŒœŔŕŘřŚśŞşŠšŢţŤťŪūŮůŰűŲųŸŹźŻżŽžȘșȚț‘’–·"
)


@dataclass(slots=True)
class _Side:
    """What a side of paper holds, collected page by page."""

    contents: list[Ref] = field(default_factory=list)
    fonts: dict[str, Any] = field(default_factory=dict)
    images: dict[str, Ref] = field(default_factory=dict)
    links: list[Ref] = field(default_factory=list)
    filled: bool = False


def _around(page: Page, margin: float) -> list[float]:
    """The box `margin` points around the trimmed page (14.11.2)."""
    sides = (-margin, -margin, page.width + margin, page.height + margin)
    return [round(side, 2) for side in sides]


def _look(page: Page, ink: ContentStreamWriter, parts: Sequence[bytes]) -> bytes:
    """A digest of what a page looks like: its size, its content, its fields, its pictures."""
    fields = [slot._replace(element=None) for slot, _ in ink.slots]
    pictures = [(path, Path(path).stat().st_mtime_ns) for path, _ in ink.drawn]
    around = (page.width, page.height, page.label, fields, [*ink.page_fields.values()], pictures)
    return digest(repr(around).encode(), *parts)


class EditionWriter:
    """Puts the objects of one book, in a fixed order."""

    def __init__(self, book: LaidOutBook, meta: Meta, fields: FieldSpecs) -> None:
        self.book = book
        self.meta = meta
        self.fields = fields
        self.writer = Writer()
        self.marks = MarkedContentRegistry()
        self.forms = Forms(self.writer, self.marks, translations_for(meta.language))
        self.used: dict[str, set[str]] = {name: set() for name in book.faces}
        self.font_refs: dict[str, Ref] = {}
        # Fonts of shaped text, beside the theme's faces.
        self.scripts = CopyFonts(letter="Y")
        # The fonts of pages with fields are one dictionary, which each copy writes anew.
        self.fonts = Ref(0)
        self.static_fonts: dict[str, int] = {}
        self.slot_faces: dict[str, Path] = {}
        self.page_fields: dict[str, tuple[FieldPlaceholder, Ref]] = {}
        self.images: dict[tuple[str, int], str] = {}
        self.image_refs: dict[str, Ref] = {}
        self.slots: list[PlacedSlot] = []
        self.looks: list[bytes] = []

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
        ready = self._usual()
        self._fonts()
        direction = {"Direction": Name("R2L")} if book.mirrored else {}
        entries: dict[str, Any] = {
            "Type": Name("Catalog"),
            "Pages": tree,
            "Metadata": xmp,
            "StructTreeRoot": structure,
            "MarkInfo": {"Marked": True},
            "Lang": self.meta.language,
            "ViewerPreferences": {"DisplayDocTitle": True, **direction},
            "OutputIntents": [metadata.output_intent(writer)],
            "PageLabels": page_labels(book),
        }
        if outline is not None:
            entries |= {"Outlines": outline, "PageMode": Name("UseOutlines")}
        form = self.forms.dictionary()
        if form is not None:
            entries["AcroForm"] = form
        if attachments:
            entries |= write_attachments(writer, attachments, self.meta.date)
        writer.put(catalog, entries)
        writer.put(info, metadata.info(self.meta))
        body, rows = writer.body(len(HEADER))
        identifier = digest(body)
        table, start = writer.reserve(), len(HEADER) + len(body)
        trailer = {"Root": catalog, "Info": info, "ID": [identifier, identifier]}
        tail = cross_reference(int(table), start, rows, trailer)
        conformance = "3a" if attachments else "2a"
        marked = replace(self.meta, identifier=_COPY)
        before, after = metadata.xmp(marked, PARTS[conformance]).split(_COPY.encode())
        return Edition(
            body=HEADER + body + tail, start=start, next=writer.next, root=catalog, info=info,
            metadata=xmp, fonts=int(self.fonts), static_fonts=self.static_fonts,
            embedded_fonts=ready, font_files=self.slot_faces, slots=tuple(self.slots),
            page_fields=tuple((slot, int(ref)) for slot, ref in self.page_fields.values()),
            fields=self.fields, packet=(before, after), identifier=identifier,
            conformance=conformance, looks=tuple(self.looks),
            pictures=tuple(dict.fromkeys(path for path, _ in self.images)),
        )  # fmt: skip

    def _sides(self, sides: Sequence[Sequence[int]], refs: list[Ref], tree: Ref) -> None:
        """Write the pages in reading order, then the sides of paper they stand on."""
        side_of = {page: side for side, pages in enumerate(sides) for page in pages}
        made = [_Side() for _ in sides]
        for index in range(len(self.book.pages)):
            number = side_of[index]
            self._page(index, number, made[number], refs)
        for number, side in enumerate(made):
            self._put_side(number, side, refs, tree)

    def _page(self, index: int, number: int, side: _Side, refs: list[Ref]) -> None:
        writer, page = self.writer, self.book.pages[index]
        ink = ContentStreamWriter(
            self.book.faces, self.used, self.marks, number, self.images, self.scripts
        )
        first, *rest = ink.write(page)
        self.looks.append(_look(page, ink, [first, *rest]))
        side.contents.append(writer.add_stream({}, first))
        side.fonts |= {name: self._font(name) for name in sorted(ink.fonts)}
        for (slot, mcid), part in zip(ink.slots, rest, strict=True):
            stream = writer.reserve()
            side.contents += [stream, writer.add_stream({}, part)]
            tag = slot.element.tag if slot.element else "P"
            self.slots.append(PlacedSlot(slot, tag, mcid, int(stream)))
            self.slot_faces[slot.face] = self.book.faces[slot.face].path
            side.filled = True
        side.images |= self._stamped(ink.page_fields)
        side.images |= self._images(ink.drawn)
        side.links += page_links(writer, self.book, index, number, self.marks, refs)
        side.links += self.forms.page(page.items, number, refs)

    def _put_side(self, number: int, side: _Side, refs: list[Ref], tree: Ref) -> None:
        page = self.book.pages[self.book.sheets[number][0] if self.book.sheets else number]
        bleed, margin = self.book.bleed, self.book.margin
        entries: dict[str, Any] = {
            "Type": Name("Page"),
            "Parent": tree,
            "MediaBox": _around(page, margin),
            "Contents": side.contents if len(side.contents) > 1 else side.contents[0],
            "Resources": {"Font": self._font_dictionary(side), "XObject": side.images},
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

    def _stamped(self, stamps: Mapping[str, FieldPlaceholder]) -> dict[str, Ref]:
        """The objects of the fields that stand on every page, by the names pages use."""
        for name, slot in stamps.items():
            if name not in self.page_fields:
                self.page_fields[name] = (slot, self.writer.reserve())
                self.slot_faces[slot.face] = self.book.faces[slot.face].path
        return {f"S{name}": self.page_fields[name][1] for name in stamps}

    def _font_dictionary(self, side: _Side) -> Any:
        if not side.filled:
            return side.fonts
        self.static_fonts |= {name: int(ref) for name, ref in side.fonts.items()}
        self.fonts = self.fonts or self.writer.reserve()
        return self.fonts

    def _images(self, drawn: Mapping[tuple[str, int], str]) -> dict[str, Ref]:
        for (path, dots), name in drawn.items():
            if name not in self.image_refs:
                self.image_refs[name] = add_image(self.writer, path, dots, self.book.grey)
        return {name: self.image_refs[name] for name in drawn.values()}

    def _usual(self) -> dict[str, EmbeddedFont]:
        """Give the faces of fields the usual letters; the font dictionary of pages with fields."""
        if self.slot_faces or self.page_fields:
            self.fonts = self.fonts or self.writer.reserve()
        ready: dict[str, EmbeddedFont] = {}
        for name in sorted(self.slot_faces):
            face = self.book.faces[name]
            self.static_fonts[name] = int(self._font(name))
            codes: dict[tuple[int, str], int] = {}
            for char in USUAL:
                if face.has(char):
                    self.used[name].add(face.encode(char)[0])
                    (code,) = glyph_codes([face.encode(char)[0]])
                    codes[face.glyph_of_code[code], char] = code
            ready[str(face.path)] = EmbeddedFont(name, codes)
        if self.fonts:
            static = {name: Ref(ref) for name, ref in self.static_fonts.items()}
            self.writer.put(self.fonts, static)
        return ready

    def _fonts(self) -> None:
        scripts = self.scripts.all
        for name, ref in self.font_refs.items():
            if name in scripts:
                self.writer.put(ref, self.scripts.font(self.writer, scripts[name]))
                continue
            face = self.book.faces[name]
            codes = sorted(glyph_codes(self.used[name]))
            embed(self.writer, ref, face, {code: face.to_unicode[code] for code in codes})


def make_edition(
    book: LaidOutBook,
    meta: Meta,
    fields: FieldSpecs,
    attachments: Sequence[Attachment] = (),
) -> Edition:
    """Write a book's static objects; with attachments the file is PDF/A-3, without PDF/A-2."""
    # What a known edition does not need is not imported for it.

    return EditionWriter(book, meta, fields).make(attachments)
