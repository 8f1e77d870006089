"""The glyphs a book uses -> embedded Type 0 fonts (ISO 32000-1, 9.7).

Glyph numbers stay what they are in the font file: unused outlines are emptied,
which compresses to nothing.  Codes past the last glyph are copies of a glyph
that stands for a second character, so every code has one meaning (9.10.3).
"""

from __future__ import annotations

import struct
from typing import Any

from ..layout.fonts import Face
from .writer import Name, Raw, Ref, Writer, digest

_COMPOSITE_ARGS_ARE_WORDS = 0x0001
_COMPOSITE_SCALE = 0x0008
_COMPOSITE_MORE = 0x0020
_COMPOSITE_XY_SCALE = 0x0040
_COMPOSITE_TWO_BY_TWO = 0x0080
_COMPOSITE_INSTRUCTIONS = 0x0100


class Outlines:
    """The glyph outlines of a TrueType file, without their hinting instructions."""

    def __init__(self, face: Face) -> None:
        self.face = face
        self.glyf = face.table("glyf")
        count = face.glyph_count + 1
        long_offsets = struct.unpack(">h", face.table("head")[50:52])[0]
        loca = face.table("loca")
        if long_offsets:
            self.loca: tuple[int, ...] = struct.unpack(f">{count}I", loca[: count * 4])
        else:
            self.loca = tuple(n * 2 for n in struct.unpack(f">{count}H", loca[: count * 2]))

    def glyph(self, number: int) -> tuple[bytes, list[int]]:
        """A glyph's outline, and the glyphs it is composed of."""
        data = self.glyf[self.loca[number] : self.loca[number + 1]]
        if len(data) < 10:
            return b"", []
        contours = struct.unpack(">h", data[:2])[0]
        if contours < 0:
            return self._composite(data)
        ends = 10 + 2 * contours
        length = struct.unpack(">H", data[ends : ends + 2])[0]
        plain = data[:ends] + b"\0\0" + data[ends + 2 + length :]
        return plain + b"\0" * (-len(plain) % 4), []

    def _composite(self, data: bytes) -> tuple[bytes, list[int]]:
        out = bytearray(data[:10])
        parts: list[int] = []
        place = 10
        more = True
        while more:
            flags, number = struct.unpack(">HH", data[place : place + 4])
            size = 4 + (4 if flags & _COMPOSITE_ARGS_ARE_WORDS else 2)
            if flags & _COMPOSITE_SCALE:
                size += 2
            elif flags & _COMPOSITE_XY_SCALE:
                size += 4
            elif flags & _COMPOSITE_TWO_BY_TWO:
                size += 8
            out += struct.pack(">H", flags & ~_COMPOSITE_INSTRUCTIONS)
            out += data[place + 2 : place + size]
            parts.append(number)
            place += size
            more = bool(flags & _COMPOSITE_MORE)
        return bytes(out) + b"\0" * (-len(out) % 4), parts


def subset(face: Face, codes: dict[int, int]) -> bytes:
    """A TrueType file with the glyphs of `codes` (code -> glyph number) and no others."""
    outlines = Outlines(face)
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
        "head": _head(face.table("head")),
        "hhea": face.table("hhea")[:34] + struct.pack(">H", count),
        "hmtx": bytes(metrics),
        "loca": struct.pack(f">{len(loca)}I", *loca),
        "maxp": face.table("maxp")[:4] + struct.pack(">H", count) + face.table("maxp")[6:],
    }
    return _file(tables)


def _head(head: bytes) -> bytes:
    # checkSumAdjustment 0 (nobody checks it in an embedded font), long offsets.
    return head[:8] + b"\0\0\0\0" + head[12:50] + b"\0\1" + head[52:]


def _file(tables: dict[str, bytes]) -> bytes:
    count = len(tables)
    power = count.bit_length() - 1
    head = struct.pack(">IHHHH", 0x00010000, count, 16 << power, power, count * 16 - (16 << power))
    offset = 12 + 16 * count
    directory = bytearray()
    body = bytearray()
    for tag in sorted(tables):
        data = tables[tag]
        padded = data + b"\0" * (-len(data) % 4)
        words = struct.unpack(f">{len(padded) // 4}I", padded)
        directory += tag.encode("ascii") + struct.pack(
            ">III", sum(words) & 0xFFFFFFFF, offset + len(body), len(data)
        )
        body += padded
    return bytes(head + directory + body)


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
    unicode = writer.add_stream({}, _to_unicode(codes))
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


def _to_unicode(codes: dict[int, str]) -> bytes:
    lines = [
        f"<{code:04X}> <{text.encode('utf-16-be').hex().upper()}>"
        for code, text in sorted(codes.items())
    ]
    groups = [lines[i : i + 100] for i in range(0, len(lines), 100)]
    body = "\n".join(f"{len(g)} beginbfchar\n" + "\n".join(g) + "\nendbfchar" for g in groups)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CIDSystemInfo <</Registry (Adobe)/Ordering (UCS)/Supplement 0>> def\n"
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        f"{body}\n"
        "endcmap CMapName currentdict /CMap defineresource pop end end\n"
    ).encode("ascii")
