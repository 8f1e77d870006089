"""Fill an edition with a learner's values to make a copy.

The edition is a whole file, written once.  A copy is those bytes, unchanged, followed by the
copy's own few objects (the text of its fields, its fonts, XMP) and a cross-reference stream over
these (ISO 32000-1, 7.5.6).  The edition reserves the numbers of these objects, so that its pages
can refer to them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Protocol

from ..core.diagnostics import Diagnostic, error
from ..core.values import frozen
from ..document.fields import FIELD, FieldSpecs
from ..fonts.font_file import open_font
from ..layout.page import FieldPlaceholder
from .content.graphics import fill_operator
from .content.text_runs import line_content, qr_content
from .copy_number import copy_number
from .field_fitting import clean, fit
from .font_embedding import CopyFonts, EmbeddedFont
from .syntax.objects import Name, Ref, Writer, cross_reference, digest

_FIELD_NAME = re.compile(r"\{([\w-]+)\}")
# Shorter streams are not compressed.
MIN_COMPRESSED_BYTES = 300
# Longer values give QR codes too dense for phones to read from paper.
MAX_QR_BYTES = 500


@frozen
class PlacedField:
    """A field's placeholder with its tag, its MCID and its content stream."""

    placeholder: FieldPlaceholder
    tag: str
    mcid: int
    stream: int


class Signer(Protocol):
    """Signs copies."""

    def put_field(self, writer: Writer, edition: Edition) -> None:
        """Add a signature field to the objects of a copy."""

    def sign(self, edition: Edition, update: bytes) -> bytes:
        """Return the update of a copy with its signature."""


@frozen
class Edition:
    """A book as a PDF file, without what differs from copy to copy.

    `body` is the whole file; its cross-reference begins at `xref_offset`.  Object numbers from
    `next_object` on are free for a copy.
    """

    body: bytes
    xref_offset: int
    next_object: int
    root: int
    info: int
    metadata: int
    fonts: int
    static_fonts: Mapping[str, int]
    embedded_fonts: Mapping[str, EmbeddedFont]
    font_files: Mapping[str, Path]
    placed_fields: tuple[PlacedField, ...]
    page_fields: tuple[tuple[FieldPlaceholder, int], ...]
    fields: FieldSpecs
    xmp_parts: tuple[bytes, bytes]
    identifier: bytes
    # Keys of `conformance.STANDARDS`: what was to be claimed, what is, and why it is no more.
    wanted: str
    conformance: str
    barriers: tuple[str, ...]
    # A digest of each page's appearance.
    page_digests: tuple[bytes, ...]
    # The files of the pictures.
    pictures: tuple[str, ...]
    # What readers of the pages would notice: words that became too small.
    advice: tuple[Diagnostic, ...] = ()

    def fill(self, values: Mapping[str, str] | None = None, signer: Signer | None = None) -> bytes:
        """Return a copy, the whole file.

        Raises:
            HandbookError: a value does not fit its place or has no glyphs, or signing fails.
        """
        return self.body + self.incremental_update(values, signer)

    def incremental_update(
        self, values: Mapping[str, str] | None = None, signer: Signer | None = None
    ) -> bytes:
        """Return the bytes that follow the edition's in a copy.

        Raises:
            HandbookError: as for `fill`.
        """
        cleaned = {name: clean(value, name) for name, value in (values or {}).items()}
        writer = Writer(self.next_object)
        self._put_fields(writer, cleaned)
        copy_id = digest(self.identifier, repr(sorted(cleaned.items())).encode())
        number = cleaned.get(FIELD, "")
        name = f"urn:handbook:copy:{number}" if number else f"urn:handbook:{copy_id.hex()}"
        packet = escape(name, quote=False).encode().join(self.xmp_parts)
        entries = {"Type": Name("Metadata"), "Subtype": Name("XML")}
        writer.put_stream(self.metadata, entries, packet, compress=False)
        if signer is not None:
            signer.put_field(writer, self)
        body, rows = writer.body(len(self.body))
        table = writer.reserve()
        trailer = {
            "Root": Ref(self.root),
            **({"Info": Ref(self.info)} if self.info else {}),
            "Prev": self.xref_offset,
            "ID": [self.identifier, copy_id],
        }
        offset = len(self.body) + len(body)
        update = body + cross_reference(int(table), offset, rows, trailer, compress=False)
        return update if signer is None else signer.sign(self, update)

    def field_objects(self, values: Mapping[str, str]) -> Writer:
        """Return the objects of a copy's fields only, for a file that has the rest."""
        writer = Writer(self.next_object)
        self._put_fields(writer, {name: clean(value, name) for name, value in values.items()})
        return writer

    def with_copy_number(self, values: Mapping[str, str], row: str = "") -> dict[str, str]:
        """Return `values` with the copy's number added, unless it is among them."""
        if not row and not any(values.values()):
            return dict(values)
        return {FIELD: copy_number(self.identifier, row, values), **values}

    def _put_fields(self, writer: Writer, values: Mapping[str, str]) -> None:
        if not self.fonts:
            return
        fonts = CopyFonts(self.embedded_fonts)
        for placed in self.placed_fields:
            placeholder = placed.placeholder
            content = self._content(
                placeholder,
                self._value(placeholder.name, values),
                placeholder.x,
                placeholder.y,
                fonts,
            )
            marked = f"/{placed.tag} <</MCID {placed.mcid}>> BDC\n{content}\nEMC"
            writer.put_stream(
                placed.stream, {}, marked.encode("ascii"), len(marked) > MIN_COMPRESSED_BYTES
            )
        page_fields = [
            (slot, ref, self._content(slot, self._value(slot.name, values), 0.0, 0.0, fonts))
            for slot, ref in self.page_fields
        ]
        refs = fonts.write(writer)
        # The edition has a font dictionary; a copy with fonts of its own replaces it.
        resources = {"Font": Ref(self.fonts)}
        for placeholder, ref, content in page_fields:
            form = {
                "Type": Name("XObject"),
                "Subtype": Name("Form"),
                "BBox": [
                    0,
                    -placeholder.leading * placeholder.lines,
                    placeholder.width,
                    placeholder.size * 1.3 + placeholder.leading * (placeholder.lines - 1) / 2,
                ],
                "Resources": resources,
            }
            writer.put_stream(
                ref, form, content.encode("ascii"), len(content) > MIN_COMPRESSED_BYTES
            )
        if refs:
            static = {name: Ref(ref) for name, ref in self.static_fonts.items()}
            writer.put(self.fonts, {**static, **refs})

    def _value(self, name: str, values: Mapping[str, str]) -> str:
        """Return a field's value, or its default with the fields it refers to filled in."""
        value = values.get(name, "")
        default = "" if value else self.fields[name].default
        named = _FIELD_NAME.findall(default)
        if value or not all(values.get(other) for other in named):
            return value
        return _FIELD_NAME.sub(lambda match: values[match[1]], default)

    def _content(
        self, placeholder: FieldPlaceholder, value: str, x: float, y: float, fonts: CopyFonts
    ) -> str:
        """Return the operators that draw a field's value; none if it is empty."""
        if not value:
            return ""
        if placeholder.kind == "qr":
            if len(value.encode("utf-8", "replace")) > MAX_QR_BYTES:
                raise error(
                    f"the value of field {placeholder.name!r} is too long for a QR code",
                    hint=f"an address has at most {MAX_QR_BYTES} bytes",
                    code="field-value",
                )
            return qr_content(value, x, y, placeholder.width, fill_operator(placeholder.color))
        fitted = fit(placeholder, value, open_font(self.font_files[placeholder.face]))
        parts = [f"BT {fill_operator(placeholder.color)}"]
        # Several lines are closer together, and about the place of the one that did not fit.
        leading = placeholder.leading * fitted.size / placeholder.size
        if len(fitted.lines) > 1:
            y += leading * (len(fitted.lines) - 1) / 2 + (placeholder.size - fitted.size) / 4
        for line in fitted.lines:
            shift = (
                placeholder.width - line.width * fitted.size / 1000
                if placeholder.from_right
                else 0.0
            )
            parts += line_content(line, x + shift, y, fitted.size, fonts)
            y -= leading
        return "\n".join([*parts, "ET"])
