"""Write a laid-out book as an edition: its objects, in a fixed order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..core.diagnostics import Diagnostic, Source
from ..core.i18n import translations_for
from ..core.second_process import spare_threads
from ..core.values import record
from ..document.fields import FieldSpecs
from ..document.nodes import Meta
from ..fonts.face import Face, glyph_codes
from ..layout.page import FieldPlaceholder, Glyphs, LaidOutBook, Page, PageBody, Picture
from ..layout.structure import StructElem
from .catalog import claims, metadata
from .catalog.attachments import Attachment, write_attachments, write_formulas
from .catalog.conformance import CHOICES, STANDARDS
from .catalog.form_fields import Forms
from .catalog.link_annotations import Destinations, PageLink, page_links, write_links
from .catalog.outline import page_labels, write_outline
from .catalog.structure_tree import MarkedContentRegistry, write_references, write_structure
from .content.content_stream import ContentStreamWriter, PageContent, PageStreams
from .content.images import add_image
from .edition import Edition, PlacedField
from .font_embedding import CopyFonts, EmbeddedFont, embed
from .syntax.objects import FREE, Name, Ref, Writer, cross_reference, digest

if TYPE_CHECKING:
    from concurrent.futures import Executor

# Placeholder for a copy's identifier in the edition's metadata.
_COPY_PLACEHOLDER = "urn:handbook:copy"
# Characters of most European names: the edition embeds their glyphs in the faces of its fields.
USUAL_CHARACTERS = (
    "".join(
        map(chr, [*range(0x20, 0x7F), *range(0xC0, 0xD7), *range(0xD8, 0xF7), *range(0xF8, 256)])
    )
    + "ĀāĂăĄąĆćČčĎďĐđĒēĖėĘęĚěĞğĢģĪīĮįİıĶķĹĺĻļĽľŁłŃńŅņŇňŌōŐőŒœŔŕŘřŚśŞşŠšŢţŤťŪūŮůŰűŲųŸŹźŻżŽžȘșȚț‘’–·"
)


@record
class _Side:
    """The content of one side of paper, collected page by page; `size` is its width and height."""

    size: tuple[float, float] = (0.0, 0.0)
    contents: list[Ref] = field(default_factory=list)
    fonts: dict[str, Any] = field(default_factory=dict)
    images: dict[str, Ref] = field(default_factory=dict)
    links: list[Ref] = field(default_factory=list)
    filled: bool = False


def _box_around(size: tuple[float, float], margin: float) -> list[float]:
    """Return the box `margin` points around a trimmed page of this size (14.11.2)."""
    sides = (-margin, -margin, size[0] + margin, size[1] + margin)
    return [round(side, 2) for side in sides]


def _page_digest(page: Page, body: PageContent, streams: PageStreams) -> bytes:
    """Return a digest of a page's appearance: size, content, fields, pictures."""
    fields = [slot._replace(element=None) for slot, _ in body.placeholders]
    pictures = [(path, Path(path).stat().st_mtime_ns) for path, _ in body.drawn]
    described = (
        page.width,
        page.height,
        page.label,
        fields,
        [*streams.page_fields.values()],
        pictures,
    )
    return digest(repr(described).encode(), *streams.parts)


class EditionWriter:
    """Writes the objects of one book, in a fixed order."""

    def __init__(
        self,
        book: LaidOutBook,
        meta: Meta,
        fields: FieldSpecs,
        standards: tuple[str, str],
        keep_bodies: bool,
        threads: Executor | None = None,
    ) -> None:
        self.book = book
        self.meta = meta
        self.fields = fields
        # What is claimed if it is true, without and with attachments.
        self.standards = standards
        self.keep_bodies = keep_bodies
        self.links: list[PageLink] = []
        self.writer = Writer(threads=threads)
        with_places = any(STANDARDS[name].structure_destinations for name in standards)
        self.marks = MarkedContentRegistry(with_places=with_places)
        self.forms = Forms(self.writer, self.marks, translations_for(meta.language))
        self.used_codes: dict[str, set[str]] = {name: set() for name in book.faces}
        # What the glyphs of each font read as.
        self.font_texts: list[Iterable[str]] = []
        self.font_refs: dict[str, Ref] = {}
        # Fonts of shaped text, in addition to the theme's faces.
        self.shaped_fonts = CopyFonts(letter="Y")
        # Pages with fields share one font dictionary, which a copy can replace.
        self.fonts = Ref(0)
        self.static_fonts: dict[str, int] = {}
        self.field_faces: dict[str, Path] = {}
        self.page_fields: dict[str, tuple[FieldPlaceholder, Ref]] = {}
        self.images: dict[tuple[str, int], str] = {}
        self.image_refs: dict[str, Ref] = {}
        self.placed_fields: list[PlacedField] = []
        self.page_digests: list[bytes] = []
        # Figures whose words became small, each once.
        self.shrunk: dict[tuple[Source, float], None] = {}

    def make(self, attachments: Sequence[Attachment]) -> Edition:
        """Return the edition."""
        writer, book = self.writer, self.book
        catalog, tree = writer.reserve(), writer.reserve()
        info, xmp = writer.reserve(), writer.reserve()
        # In a booklet several pages share a side; otherwise each page is a side.
        sides = book.sheets or tuple((index,) for index in range(len(book.pages)))
        pages = [writer.reserve() for _ in sides]
        self._sides(sides, pages, tree)
        writer.put(tree, {"Type": Name("Pages"), "Kids": pages, "Count": len(pages)})
        spoken = self.marks.formulas
        # PDF 2.0 keeps all its claims with files in it; PDF/A-2 forbids them.
        formula_files = bool(spoken) and STANDARDS[self.standards[0]].formula_files
        with_files = bool(attachments) or formula_files
        wanted = self.standards[with_files]
        standard = STANDARDS[wanted]
        formulas = write_formulas(writer, spoken if standard.files else {}, self.meta.date)
        structure, refs = write_structure(writer, book.root, self.marks, pages, standard, formulas)
        destinations = Destinations(book, pages)
        if standard.structure_destinations:
            destinations = Destinations(book, pages, self._refer(refs))
        write_links(writer, self.links, destinations)
        outline = write_outline(writer, book, destinations)
        embedded_fonts = self._embed_usual_characters()
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
        mathml_files = [(f"formula-{n}.mml", ref) for n, ref in enumerate(formulas.values(), 1)]
        entries |= write_attachments(writer, attachments, self.meta.date, mathml_files)
        writer.put(catalog, entries)
        if standard.info:
            writer.put(info, metadata.info(self.meta))
        conformance, causes = self._claim(wanted)
        standard = STANDARDS[conformance]
        body, rows = writer.body(len(standard.header))
        identifier = digest(body)
        table, start = writer.reserve(), len(standard.header) + len(body)
        trailer: dict[str, Any] = {"Root": catalog, "ID": [identifier, identifier]}
        if standard.info:
            trailer = {"Root": catalog, "Info": info, "ID": [identifier, identifier]}
        rows[0] = FREE
        tail = cross_reference(int(table), start, rows, trailer)
        marked = replace(self.meta, identifier=_COPY_PLACEHOLDER)
        packet = metadata.xmp(marked, standard)
        before, after = packet.split(_COPY_PLACEHOLDER.encode())
        return Edition(
            body=standard.header + body + tail,
            xref_offset=start,
            next_object=writer.next,
            root=catalog,
            info=int(info) if standard.info else 0,
            metadata=xmp,
            fonts=int(self.fonts),
            static_fonts=self.static_fonts,
            embedded_fonts=embedded_fonts,
            font_files=self.field_faces,
            placed_fields=tuple(self.placed_fields),
            page_fields=tuple((slot, int(ref)) for slot, ref in self.page_fields.values()),
            fields=self.fields,
            xmp_parts=(before, after),
            identifier=identifier,
            wanted=wanted,
            conformance=conformance,
            barriers=causes,
            page_digests=tuple(self.page_digests),
            pictures=tuple(dict.fromkeys(path for path, _ in self.images)),
            advice=tuple(_small_words(self.shrunk)),
        )

    def _claim(self, wanted: str) -> tuple[str, tuple[str, ...]]:
        """Return the standard that the file conforms to, and why it is not `wanted`."""
        texts = {text for texts in self.font_texts for text in texts}
        unmapped = claims.character_barriers(texts)
        causes = claims.barriers(
            self.marks.elements, self.meta, self.marks.kids, STANDARDS[wanted]
        ) + claims.private_characters(texts)
        if unmapped:
            return STANDARDS[wanted].unmapped, (*unmapped, *causes)
        return STANDARDS[wanted].fallback if causes else wanted, tuple(causes)

    def _refer(self, refs: Mapping[StructElem, Ref]) -> dict[str, Ref]:
        """Return the elements that destinations lead to, and let elements refer to them.

        Items of a contents list refer to what they name, notes and their marks to one another.
        """
        named = {element.id: element for element in refs if element.id}
        elements: dict[str, StructElem] = {}
        for target, place in self.book.destinations.items():
            element = named.get(target) or self.marks.element_at(place.page, place.y)
            if element is not None and element in refs:
                elements[target] = element
        references: dict[StructElem, list[StructElem]] = {}
        for link in self.links:
            source, leads_to = link.element, elements.get(link.target.removeprefix("#"))
            if leads_to is None:
                continue
            if leads_to.tag == "Note":
                references.setdefault(source, []).append(leads_to)
                references.setdefault(leads_to, []).append(source)
            item: StructElem | None = source
            while item is not None and item.tag != "TOCI":
                item = item.parent
            if item is not None:
                references.setdefault(item, []).append(leads_to)
        write_references(self.writer, refs, references)
        return {target: refs[element] for target, element in elements.items()}

    def _sides(self, sides: Sequence[Sequence[int]], refs: list[Ref], tree: Ref) -> None:
        """Write the pages in reading order, then the sides of paper."""
        side_of = {page: side for side, pages in enumerate(sides) for page in pages}
        collected = [_Side() for _ in sides]
        for index in range(len(self.book.pages)):
            number = side_of[index]
            self._page(index, number, collected[number], refs)
        for number, side in enumerate(collected):
            self._put_side(number, side, refs, tree)

    def _page(self, index: int, number: int, side: _Side, refs: list[Ref]) -> None:
        writer, page = self.writer, self.book.pages[index]
        body = self._body(page, number)
        streams = self._content_writer().with_running_heads(body, page.running_items)
        self._note(body, streams, number)
        self.page_digests.append(_page_digest(page, body, streams))
        first, *rest = streams.parts
        side.size = page.width, page.height
        side.contents.append(writer.add_stream({}, first))
        side.fonts |= {name: self._font(name) for name in sorted(streams.fonts)}
        for (placeholder, mcid), part in zip(body.placeholders, rest, strict=True):
            stream = writer.reserve()
            side.contents += [stream, writer.add_stream({}, part)]
            tag = placeholder.element.tag if placeholder.element else "P"
            self.placed_fields.append(PlacedField(placeholder, tag, mcid, int(stream)))
            self.field_faces[placeholder.face] = self.book.faces[placeholder.face].path
            side.filled = True
        side.images |= self._page_field_refs(streams.page_fields)
        side.images |= self._images(body.drawn)
        links = page_links(writer, body.links, number, self.marks, refs)
        self.links += links
        side.links += [link.ref for link in links]
        side.links += self.forms.page(body.checkboxes, number, refs)

    def _content_writer(self, first: int = 0) -> ContentStreamWriter:
        return ContentStreamWriter(self.book.faces, self.images, self.shaped_fonts, first)

    def _body(self, page: Page, number: int) -> PageContent:
        """Return what a page has of its chapters, as it was written before if it was."""
        kept = page.body or PageBody()
        first = self.marks.count(number)
        body: PageContent | None = kept.written if not first else None
        if body is None:
            body = self._content_writer(first).body(page)
        kept.written = body if self.keep_bodies and body.is_shareable and not first else None
        return body

    def _note(self, body: PageContent, streams: PageStreams, number: int) -> None:
        """Note what the whole book must know of a page: elements, glyphs, figures."""
        self.marks.mark(number, body.marks)
        self.marks.boxes.update(body.boxes)
        for codes in (body.used_codes, streams.codes):
            for face, used in codes.items():
                self.used_codes[face] |= used
        self.shrunk.update(dict.fromkeys(body.shrunk))

    def _put_side(self, number: int, side: _Side, refs: list[Ref], tree: Ref) -> None:
        bleed, margin = self.book.bleed, self.book.margin
        entries: dict[str, Any] = {
            "Type": Name("Page"),
            "Parent": tree,
            "MediaBox": _box_around(side.size, margin),
            "Contents": side.contents if len(side.contents) > 1 else side.contents[0],
            "Resources": {"Font": self._font_dictionary(side), "XObject": side.images},
            "StructParents": number,
            "Tabs": Name("S"),
        }
        if margin or bleed:
            entries |= {
                "TrimBox": _box_around(side.size, 0),
                "BleedBox": _box_around(side.size, bleed),
            }
        if side.links:
            entries["Annots"] = side.links
        self.writer.put(refs[number], entries)

    def _font(self, name: str) -> Ref:
        if name not in self.font_refs:
            self.font_refs[name] = self.writer.reserve()
        return self.font_refs[name]

    def _page_field_refs(self, fields: Mapping[str, FieldPlaceholder]) -> dict[str, Ref]:
        """Return references to the fields that repeat on every page, by resource name."""
        for name, placeholder in fields.items():
            if name not in self.page_fields:
                self.page_fields[name] = (placeholder, self.writer.reserve())
                self.field_faces[placeholder.face] = self.book.faces[placeholder.face].path
        return {f"S{name}": self.page_fields[name][1] for name in fields}

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

    def _embed_usual_characters(self) -> dict[str, EmbeddedFont]:
        """Embed usual characters in the faces of fields; write the fields' font dictionary."""
        if self.field_faces or self.page_fields:
            self.fonts = self.fonts or self.writer.reserve()
        embedded: dict[str, EmbeddedFont] = {}
        for name in sorted(self.field_faces):
            face = self.book.faces[name]
            self.static_fonts[name] = int(self._font(name))
            codes: dict[tuple[int, str], int] = {}
            for char in USUAL_CHARACTERS:
                if face.has(char):
                    self.used_codes[name].add(face.encode(char)[0])
                    (code,) = glyph_codes([face.encode(char)[0]])
                    codes[face.glyph_of_code[code], char] = code
            embedded[str(face.path)] = EmbeddedFont(name, codes)
        if self.fonts:
            static = {name: Ref(ref) for name, ref in self.static_fonts.items()}
            self.writer.put(self.fonts, static)
        return embedded

    def _fonts(self) -> None:
        scripts = self.shaped_fonts.all
        for name, ref in self.font_refs.items():
            if name in scripts:
                self.writer.put(ref, self.shaped_fonts.font(self.writer, scripts[name]))
                self.font_texts.append(self.shaped_fonts.texts(scripts[name]))
                continue
            face = self.book.faces[name]
            codes = sorted(glyph_codes(self.used_codes[name]))
            texts = {code: face.to_unicode[code] for code in codes}
            self.font_texts.append(texts.values())
            embed(self.writer, ref, face, texts)


def _small_words(shrunk: Iterable[tuple[Source, float]]) -> Iterator[Diagnostic]:
    """Yield a warning for each figure whose words became small so that it fits."""
    for source, size in shrunk:
        yield Diagnostic.at(
            source,
            f"the words of this figure are {size:.1f} points high, so that it fits",
            "split it, shorten its words, or draw it from top to bottom",
            "small-words",
            "warning",
        )


def make_edition(
    book: LaidOutBook,
    meta: Meta,
    fields: FieldSpecs,
    attachments: Sequence[Attachment] = (),
    standard: str = "ua1",
    keep_bodies: bool = False,
    share: bool = False,
) -> Edition:
    """Write a book as an edition: PDF/A-3 with attachments, otherwise PDF/A-2.

    With `keep_bodies`, pages keep how they were written, for the next edition that has them.  Other
    threads may `share` the work.
    """
    with spare_threads() if share else nullcontext() as threads:
        writer = EditionWriter(book, meta, fields, CHOICES[standard], keep_bodies, threads)
        return writer.make(attachments)


def write_ahead(page: Page, faces: dict[str, Face]) -> PageContent | None:
    """Return the body of `page` for `make_edition`; None if it depends on the pages before."""
    if any(
        isinstance(item, Picture) or (isinstance(item, Glyphs) and not isinstance(item.codes, str))
        for item in page.items
    ):
        return None
    body = ContentStreamWriter(faces, {}, CopyFonts(letter="Y")).body(page)
    return body if body.is_shareable else None
