"""The glyphs a book uses -> embedded Type 0 fonts (ISO 32000-1, 9.7).

Glyph numbers stay what they are in the font file: unused outlines are emptied,
which compresses to nothing.  Codes past the last glyph are copies of a glyph
that stands for a second character, so every code has one meaning (9.10.3).
"""

from __future__ import annotations

import struct
from typing import Any

from ..layout.fonts import Face
from .sfnt import Outlines, long_head, sfnt
from .tounicode import to_unicode
from .writer import Name, Raw, Ref, Writer, digest


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


def embed(writer: Writer, ref: Ref, face: Face, codes: dict[int, str]) -> None:
    """Put the font that shows `codes` (code -> the characters it stands for) at `ref`."""
    glyphs = {code: face.glyph_of_code.get(code, code) for code in codes}
    program = subset(face, glyphs)
    name = Name(f"{_tag(face, codes)}+{face.name}")
    file = writer.add_stream({"Length1": len(program)}, program)
    descriptor = writer.add(
        {
            "Type": Name("FontDescriptor"),
            "FontName": name,
            "Flags": 4,
            "FontBBox": [round(v) for v in face.bbox],
            "ItalicAngle": face.italic_angle,
            "Ascent": round(face.ascent),
            "Descent": round(face.descent),
            "CapHeight": round(face.cap_height),
            "StemV": round(face.stem),
            "FontFile2": file,
        }
    )
    descendant = writer.add(
        {
            "Type": Name("Font"),
            "Subtype": Name("CIDFontType2"),
            "BaseFont": name,
            "CIDSystemInfo": {"Registry": b"Adobe", "Ordering": b"Identity", "Supplement": 0},
            "FontDescriptor": descriptor,
            "CIDToGIDMap": Name("Identity"),
            "DW": 0,
            "W": _widths(face, glyphs),
        }
    )
    unicode = writer.add_stream({}, to_unicode(codes))
    font: dict[str, Any] = {
        "Type": Name("Font"),
        "Subtype": Name("Type0"),
        "BaseFont": name,
        "Encoding": Name("Identity-H"),
        "DescendantFonts": [descendant],
        "ToUnicode": unicode,
    }
    writer.put(ref, font)


def _tag(face: Face, codes: dict[int, str]) -> str:
    """The six letters before a subset's name (9.6.4), made of what it holds."""
    raw = digest(face.name.encode(), repr(sorted(codes)).encode())
    return "".join(chr(65 + byte % 26) for byte in raw[:6])


def _widths(face: Face, glyphs: dict[int, int]) -> Raw:
    parts: list[str] = []
    last = len(face.advances) - 1
    previous = -2
    for code in sorted(glyphs):
        width = f"{face.advances[min(glyphs[code], last)]:g}"
        if code == previous + 1:
            parts[-1] += " " + width
        else:
            parts.append(f"{code} [{width}")
        previous = code
    return Raw(("[" + "".join(part + "]" for part in parts) + "]").encode())
