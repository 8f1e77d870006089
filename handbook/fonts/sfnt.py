"""TrueType files taken apart and put together (ISO/IEC 14496-22, 5.3)."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping

_COMPOSITE_ARGS_ARE_WORDS = 0x0001
_COMPOSITE_SCALE = 0x0008
_COMPOSITE_MORE = 0x0020
_COMPOSITE_XY_SCALE = 0x0040
_COMPOSITE_TWO_BY_TWO = 0x0080
_COMPOSITE_INSTRUCTIONS = 0x0100


class Outlines:
    """The glyph outlines of a TrueType file, without their hinting instructions.

    `table` gives the bytes of a table by its tag, `glyphs` is how many the font has.
    """

    def __init__(self, table: Callable[[str], bytes], glyphs: int) -> None:
        self.glyf = table("glyf")
        count = glyphs + 1
        long_offsets = struct.unpack(">h", table("head")[50:52])[0]
        loca = table("loca")
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
            size = _part_size(flags)
            out += struct.pack(">H", flags & ~_COMPOSITE_INSTRUCTIONS)
            out += data[place + 2 : place + size]
            parts.append(number)
            place += size
            more = bool(flags & _COMPOSITE_MORE)
        return bytes(out) + b"\0" * (-len(out) % 4), parts


def composite_parts(outline: bytes, place_of: Mapping[int, int]) -> bytes:
    """A composite glyph's outline, its parts renumbered."""
    out = bytearray(outline)
    place = 10
    more = True
    while more:
        flags, number = struct.unpack(">HH", out[place : place + 4])
        out[place + 2 : place + 4] = struct.pack(">H", place_of[number])
        place += _part_size(flags)
        more = bool(flags & _COMPOSITE_MORE)
    return bytes(out)


def _part_size(flags: int) -> int:
    size = 4 + (4 if flags & _COMPOSITE_ARGS_ARE_WORDS else 2)
    if flags & _COMPOSITE_SCALE:
        return size + 2
    if flags & _COMPOSITE_XY_SCALE:
        return size + 4
    return size + 8 if flags & _COMPOSITE_TWO_BY_TWO else size


def long_head(head: bytes) -> bytes:
    """The table `head` for a font whose `loca` has long offsets."""
    # checkSumAdjustment 0 (nobody checks it in an embedded font), long offsets.
    return head[:8] + b"\0\0\0\0" + head[12:50] + b"\0\1" + head[52:]


def sfnt(tables: dict[str, bytes]) -> bytes:
    """A font file of these tables."""
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
