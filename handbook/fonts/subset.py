"""Cut fonts down to the glyphs that are used."""

from __future__ import annotations

import struct
from functools import lru_cache

import uharfbuzz as hb

from .face import Face
from .font_file import FontFile
from .sfnt import Outlines, composite_parts, long_head, sfnt


def subset(face: Face, codes: dict[int, int]) -> bytes:
    """A TrueType file with the glyphs of `codes` (code -> glyph number) and no others."""
    outlines = Outlines(face.table, face.glyph_count)
    wanted: dict[int, bytes] = {}
    queue = [0, *codes.values()]
    while queue:
        number = queue.pop()
        if number not in wanted:
            wanted[number], parts = outlines.glyph(number)
            queue += parts
    aliases = {code: glyph for code, glyph in codes.items() if code != glyph}
    count = max([*wanted, *aliases]) + 1
    glyf = bytearray()
    loca = [0]
    metrics = bytearray()
    scale = struct.unpack(">H", face.table("head")[18:20])[0] / 1000
    last = len(face.advances) - 1
    for code in range(count):
        glyph = aliases.get(code, code)
        data = wanted.get(glyph, b"") if code in wanted or code in aliases else b""
        glyf += data
        loca.append(len(glyf))
        used = code in wanted or code in aliases
        advance = round(face.advances[min(glyph, last)] * scale) if used else 0
        bearing = struct.unpack(">h", data[2:4])[0] if data else 0
        metrics += struct.pack(">Hh", advance, bearing)
    tables = {
        "glyf": bytes(glyf) or b"\0" * 4,
        "head": long_head(face.table("head")),
        "hhea": face.table("hhea")[:34] + struct.pack(">H", count),
        "hmtx": bytes(metrics),
        "loca": struct.pack(f">{len(loca)}I", *loca),
        "maxp": face.table("maxp")[:4] + struct.pack(">H", count) + face.table("maxp")[6:],
    }
    return sfnt(tables)


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
