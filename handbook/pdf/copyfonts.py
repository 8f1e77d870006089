"""The fonts of a copy: the glyphs of its own values, and no others.

A code stands for a glyph and the text it is read as; codes count from 1 in the order of use,
and so do the glyphs of the font that is embedded.  A run of which the edition has every glyph
is set in the edition's own font: most names need no other.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import uharfbuzz as hb

from ..scripts import FontFile
from .sfnt import Outlines, composite_parts, long_head, sfnt
from .tounicode import to_unicode
from .writer import Name, Raw, Ref, Writer, digest

# Read where a glyph belongs to the sign of the one before it: it has no width and no meaning.
_SILENT = "\u200b"


@dataclass(frozen=True, eq=False, slots=True)
class Ready:
    """A font of the edition: its name among the pages' resources, its codes by glyph and text."""

    name: str
    codes: Mapping[tuple[int, str], int]


class CopyFonts:
    """Hands out codes for the glyphs of one copy, then writes the fonts that hold them.

    `ready` has the fonts of the edition by their files.  Names of fonts begin with `letter`.
    """

    def __init__(self, ready: Mapping[str, Ready] | None = None, letter: str = "X") -> None:
        self.ready = ready or {}
        self.letter = letter
        self._codes: dict[str, dict[tuple[int, str], int]] = {}
        self._fonts: dict[str, FontFile] = {}
        # What the glyphs of fonts with one code for each stand for.
        self._meant: dict[str, dict[int, str]] = {}

    def name(self, font: FontFile) -> str:
        """The name of `font` among a page's resources."""
        key = font.key
        if key not in self._fonts:
            self._fonts[key] = font
            self._codes[key] = {}
        return f"{self.letter}{list(self._fonts).index(key)}"

    def code(self, font: FontFile, glyph: int, text: str) -> int:
        """The code of a glyph that is read as `text`, which may be none."""
        codes = self._codes[font.key]
        if font.postscript:
            # The glyphs of a CFF font keep their numbers, which are its CIDs (9.7.4.2).
            if not self.ambiguous(font, glyph, text):
                self._meant[font.key][glyph] = text or _SILENT
                codes.setdefault((glyph, text or _SILENT), glyph)
            return glyph
        return codes.setdefault((glyph, text or _SILENT), len(codes) + 1)

    def ambiguous(self, font: FontFile, glyph: int, text: str) -> bool:
        """Whether a glyph has one code and stands for something else already: a bracket that was
        turned round where text runs from right to left."""
        if not font.postscript:
            return False
        meant = self._meant.setdefault(font.key, {})
        return meant.get(glyph, text or _SILENT) != (text or _SILENT)

    def write(self, own: Writer) -> dict[str, Ref]:
        """Put the fonts; their references by name."""
        return {self.name(font): own.add(self.font(own, font)) for font in self.all.values()}

    @property
    def all(self) -> dict[str, FontFile]:
        """The fonts by their names."""
        return {self.name(font): font for font in [*self._fonts.values()]}

    def font(self, own: Writer, font: FontFile) -> dict[str, Any]:
        """The dictionary of a font with the glyphs that have codes; what it refers to is put."""
        return _embed(own, font, self._codes[font.key])


@lru_cache(maxsize=64)
def _outlines(font: FontFile) -> Outlines:
    return Outlines(font.table, struct.unpack(">H", font.table("maxp")[4:6])[0])


def compact(font: FontFile, glyphs: list[int]) -> bytes:
    """A TrueType file with `glyphs` as its glyphs 1, 2, 3 ..., and those they are made of."""
    outlines = _outlines(font)
    numbers = [0, *glyphs]
    place_of = {glyph: place for place, glyph in enumerate(numbers)}
    data: list[bytes] = []
    for glyph in numbers:
        outline, parts = outlines.glyph(glyph)
        for part in parts:
            if part not in place_of:
                place_of[part] = len(numbers)
                numbers.append(part)
        data.append(composite_parts(outline, place_of) if parts else outline)
    loca, metrics = [0], bytearray()
    for glyph, outline in zip(numbers, data, strict=True):
        loca.append(loca[-1] + len(outline))
        bearing = struct.unpack(">h", outline[2:4])[0] if outline else 0
        metrics += struct.pack(">Hh", font.font.get_glyph_h_advance(glyph), bearing)
    count = struct.pack(">H", len(numbers))
    return sfnt(
        {
            "glyf": b"".join(data) or b"\0" * 4,
            "head": long_head(font.table("head")),
            "hhea": font.table("hhea")[:34] + count,
            "hmtx": bytes(metrics),
            "loca": struct.pack(f">{len(loca)}I", *loca),
            "maxp": font.table("maxp")[:4] + count + font.table("maxp")[6:],
        }
    )


def _cff(font: FontFile, glyphs: list[int]) -> bytes:
    """The table `CFF ` with the outlines of `glyphs` alone."""
    wanted = hb.SubsetInput()
    wanted.glyph_set.update({0, *glyphs})
    data = hb.subset(font.face, wanted).blob.data
    count = struct.unpack(">H", data[4:6])[0]
    for place in range(12, 12 + 16 * count, 16):
        tag, _, offset, length = struct.unpack(">4sIII", data[place : place + 16])
        if tag == b"CFF ":
            return bytes(data[offset : offset + length])
    raise ValueError(f"no CFF outlines in {font.path}")


def _embed(own: Writer, font: FontFile, codes: dict[tuple[int, str], int]) -> dict[str, Any]:
    glyphs = [glyph for glyph, _ in codes]
    program = _cff(font, glyphs) if font.postscript else compact(font, glyphs)
    tag = "".join(chr(65 + byte % 26) for byte in digest(program)[:6])
    name = Name(f"{tag}+{font.path.stem}")
    box = struct.unpack(">4h", font.table("head")[36:44])
    ascent, descent = struct.unpack(">hh", font.table("hhea")[4:8])
    kind: dict[str, Any] = {"Length1": len(program)}
    if font.postscript:
        kind = {"Subtype": Name("CIDFontType0C")}
    file = own.add_stream(kind, program)
    descriptor = own.add(
        {
            "Type": Name("FontDescriptor"),
            "FontName": name,
            "Flags": 4,
            "FontBBox": [round(side * font.scale) for side in box],
            "ItalicAngle": 0,
            "Ascent": round(ascent * font.scale),
            "Descent": round(descent * font.scale),
            "CapHeight": round(ascent * font.scale * 0.7),
            "StemV": 80,
            "FontFile3" if font.postscript else "FontFile2": file,
        }
    )
    widths = " ".join(f"{code} [{font.advance(glyph):.6g}]" for (glyph, _), code in codes.items())
    descendant = own.add(
        {
            "Type": Name("Font"),
            "Subtype": Name("CIDFontType0" if font.postscript else "CIDFontType2"),
            "BaseFont": name,
            "CIDSystemInfo": {"Registry": b"Adobe", "Ordering": b"Identity", "Supplement": 0},
            "FontDescriptor": descriptor,
            "CIDToGIDMap": None if font.postscript else Name("Identity"),
            "DW": 0,
            "W": Raw(f"[{widths}]".encode()),
        }
    )
    return {
        "Type": Name("Font"),
        "Subtype": Name("Type0"),
        "BaseFont": name,
        "Encoding": Name("Identity-H"),
        "DescendantFonts": [descendant],
        "ToUnicode": own.add_stream({}, to_unicode({c: text for (_, text), c in codes.items()})),
    }
