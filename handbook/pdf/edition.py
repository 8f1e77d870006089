"""A laid-out book -> an Edition; an Edition and a learner's values -> a copy.

The edition is a whole file, written once.  A copy is those bytes, unchanged, then
the copy's own few objects (the text of its fields, its fonts, XMP), and a
cross-reference stream over these alone (ISO 32000-1, 7.5.6).  Numbers of the
copy's objects are kept free in the edition, so pages can refer to them before
they exist.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.diagnostics import error
from ..document.fields import FIELD, FieldSpecs
from ..fonts.font_file import open_font
from ..layout.page import FieldPlaceholder
from .content.graphics import paint
from .content.text_runs import line_content, qr_content
from .copy_number import copy_number
from .field_fitting import clean, fit
from .font_embedding import CopyFonts, EmbeddedFont
from .syntax.objects import Name, Ref, Writer, digest, update_reference

if TYPE_CHECKING:
    pass

_NAMED = re.compile(r"\{([\w-]+)\}")
# Streams of fewer bytes are not worth compressing.
SMALL = 300
# Beyond this many bytes a code has so many modules that no telephone reads it from paper.
LONGEST_CODE = 500


@dataclass(frozen=True, slots=True)
class PlacedSlot:
    """A field's slot with its MCID, and the content stream it is written in."""

    slot: FieldPlaceholder
    tag: str
    mcid: int
    stream: int


@dataclass(frozen=True, slots=True)
class Edition:
    """A book as a PDF file, but for what differs from copy to copy.

    `body` is the whole file with its cross-reference, which begins at `start`; what a copy
    brings has numbers kept free in it.
    """

    body: bytes
    start: int
    next: int
    root: int
    info: int
    metadata: int
    fonts: int
    static_fonts: Mapping[str, int]
    embedded_fonts: Mapping[str, EmbeddedFont]
    font_files: Mapping[str, Path]
    slots: tuple[PlacedSlot, ...]
    page_fields: tuple[tuple[FieldPlaceholder, int], ...]
    fields: FieldSpecs
    packet: tuple[bytes, bytes]
    identifier: bytes
    conformance: str
    # A digest of what each page looks like.
    looks: tuple[bytes, ...]
    # The files of its pictures.
    pictures: tuple[str, ...]

    def fill(self, values: Mapping[str, str] | None = None) -> bytes:
        """A copy: the whole file.  HandbookError if a value does not fit or cannot be written."""
        return self.body + self.incremental_update(values)

    def incremental_update(self, values: Mapping[str, str] | None = None) -> bytes:
        """What a copy has after the bytes of the edition; HandbookError as for `fill`."""
        given = {name: clean(value, name) for name, value in (values or {}).items()}
        own = Writer(self.next)
        self._put_fields(own, given)
        copy_id = digest(self.identifier, repr(sorted(given.items())).encode())
        number = given.get(FIELD, "")
        name = f"urn:handbook:copy:{number}" if number else f"urn:handbook:{copy_id.hex()}"
        packet = escape(name, quote=False).encode().join(self.packet)
        entries = {"Type": Name("Metadata"), "Subtype": Name("XML")}
        own.put_stream(self.metadata, entries, packet, compress=False)
        body, rows = own.body(len(self.body))
        table = own.reserve()
        trailer = {
            "Root": Ref(self.root), "Info": Ref(self.info), "Prev": self.start,
            "ID": [self.identifier, copy_id],
        }  # fmt: skip
        offset = len(self.body) + len(body)
        return body + update_reference(int(table), offset, rows, trailer)

    def fields_alone(self, values: Mapping[str, str]) -> Writer:
        """The objects of a copy's fields and nothing else, for a file that has the rest."""
        own = Writer(self.next)
        self._put_fields(own, {name: clean(value, name) for name, value in values.items()})
        return own

    def with_copy_number(self, values: Mapping[str, str], row: str = "") -> dict[str, str]:
        """`values` with the number of the copy that holds them, unless they bring their own."""
        if not row and not any(values.values()):
            return dict(values)
        return {FIELD: copy_number(self.identifier, row, values), **values}

    def _put_fields(self, own: Writer, values: Mapping[str, str]) -> None:
        if not self.fonts:
            return
        fonts = CopyFonts(self.embedded_fonts)
        for placed in self.slots:
            slot = placed.slot
            content = self._content(slot, self._value(slot.name, values), slot.x, slot.y, fonts)
            marked = f"/{placed.tag} <</MCID {placed.mcid}>> BDC\n{content}\nEMC"
            own.put_stream(placed.stream, {}, marked.encode("ascii"), len(marked) > SMALL)
        stamps = [
            (slot, ref, self._content(slot, self._value(slot.name, values), 0.0, 0.0, fonts))
            for slot, ref in self.page_fields
        ]
        refs = fonts.write(own)
        # The dictionary of fonts is in the edition; a copy with fonts of its own has it anew.
        resources = {"Font": Ref(self.fonts)}
        for slot, ref, content in stamps:
            form = {
                "Type": Name("XObject"), "Subtype": Name("Form"),
                "BBox": [0, -slot.leading * slot.lines, slot.width, slot.size * 1.3],
                "Resources": resources,
            }  # fmt: skip
            own.put_stream(ref, form, content.encode("ascii"), len(content) > SMALL)
        if refs:
            static = {name: Ref(ref) for name, ref in self.static_fonts.items()}
            own.put(self.fonts, {**static, **refs})

    def _value(self, name: str, values: Mapping[str, str]) -> str:
        """What is given for a field, else its default with the fields that this names."""
        given = values.get(name, "")
        default = "" if given else self.fields[name].default
        wanted = _NAMED.findall(default)
        if given or not all(values.get(other) for other in wanted):
            return given
        return _NAMED.sub(lambda match: values[match[1]], default)

    def _content(
        self, slot: FieldPlaceholder, value: str, x: float, y: float, fonts: CopyFonts
    ) -> str:
        """The operators of one slot; an empty value draws nothing."""
        if not value:
            return ""
        if slot.kind == "qr":
            if len(value.encode("utf-8", "replace")) > LONGEST_CODE:
                raise error(
                    f"the value of field {slot.name!r} is too long for a code to scan",
                    hint=f"an address has at most {LONGEST_CODE} bytes",
                    code="field-value",
                )
            return qr_content(value, x, y, slot.width, paint(slot.color))
        fitted = fit(slot, value, open_font(self.font_files[slot.face]))
        parts = [f"BT {paint(slot.color)}"]
        for line in fitted.lines:
            shift = slot.width - line.width * fitted.size / 1000 if slot.from_right else 0.0
            parts += line_content(line, x + shift, y, fitted.size, fonts)
            y -= slot.leading
        return "\n".join([*parts, "ET"])
