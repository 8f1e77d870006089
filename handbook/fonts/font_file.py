"""Open font files."""

from __future__ import annotations

import struct
import unicodedata
from functools import cached_property, lru_cache
from pathlib import Path

import uharfbuzz as hb

from ..core.diagnostics import error
from ..core.files import read_bytes

_RIGHT_TO_LEFT = {"R", "AL", "AN", "RLE", "RLO", "RLI"}


_JOINERS = {0x200C, 0x200D}


# Characters that control the text and are not seen.
_IGNORABLE = _JOINERS | {
    0xAD,
    0x61C,
    0x200B,
    0x200E,
    0x200F,
    0x2060,
    *range(0x202A, 0x202F),
    *range(0x2066, 0x206A),
}


# Tables without which nothing can be drawn, and those that a face of a theme is described by,
# with the bytes that are read of them.
_NEEDED = ("head", "hhea", "hmtx", "maxp", "cmap")
_DESCRIBING = {"OS/2": 78, "post": 32, "head": 54, "maxp": 6}
# What OS/2 says of a font that may not be embedded (fsType; other bits of these allow it).
_RESTRICTED, _LICENCE = 0x0002, 0x000E


class FontFile:
    """A font file, opened once: its tables, its characters, and HarfBuzz's view of it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.key = str(path)
        self.data = read_bytes(path, "font_bytes")
        start = struct.unpack(">I", self.data[12:16])[0] if self.data[:4] == b"ttcf" else 0
        self.tables = self._directory(start)
        self.face = hb.Face(hb.Blob(self.data), 0)
        self.font = hb.Font(self.face)
        self.scale = 1000 / self.face.upem
        self._advances: dict[int, float] = {}
        self._plain: dict[str, bool] = {}

    @cached_property
    def characters(self) -> frozenset[int]:
        """Return the characters that the font has a glyph for."""
        return frozenset(self.face.unicodes)

    @property
    def postscript(self) -> bool:
        """Return whether its outlines are PostScript ones (CFF), not TrueType's."""
        return "CFF " in self.tables

    def _directory(self, start: int) -> dict[str, tuple[int, int]]:
        count = struct.unpack(">H", self.data[start + 4 : start + 6])[0]
        tables: dict[str, tuple[int, int]] = {}
        for place in range(start + 12, start + 12 + 16 * count, 16):
            tag, _, offset, length = struct.unpack(">4sIII", self.data[place : place + 16])
            tables[tag.decode("latin-1")] = (offset, length)
            if tag != b"DSIG" and offset + length > len(self.data):
                raise ValueError("the file ends too early")
        if not all(map(tables.get, _NEEDED)):
            raise ValueError("a table is missing")
        return tables

    @property
    def may_be_embedded(self) -> bool:
        """Return whether its maker allows that a document has it inside."""
        return int.from_bytes(self.table("OS/2")[8:10], "big") & _LICENCE != _RESTRICTED

    def table(self, tag: str) -> bytes:
        """Return the bytes of a table, empty if the font has none."""
        offset, length = self.tables.get(tag, (0, 0))
        return self.data[offset : offset + length]

    def advance(self, glyph: int) -> float:
        """Return the width of a glyph, in thousandths of the font size."""
        known = self._advances.get(glyph)
        if known is None:
            known = self._advances[glyph] = float(self.font.get_glyph_h_advance(glyph) * self.scale)
        return known

    def plain(self, text: str) -> bool:
        """Return whether each character of `text` maps to a glyph of this font, left to right."""
        known = self._plain
        for char in text:
            if char not in known:
                known[char] = (
                    ord(char) in self.characters
                    and not _extends(char)
                    and unicodedata.bidirectional(char) not in _RIGHT_TO_LEFT | {""}
                )
            if not known[char]:
                return False
        return True

    def has(self, text: str) -> bool:
        """Return whether the font has every character of `text`; joiners need no glyph."""
        return all(ord(c) in self.characters or _ignorable(c) for c in text)


@lru_cache(maxsize=64)
def open_font(path: Path) -> FontFile:
    """Return the font at `path`, opened once a process.

    Raises:
        HandbookError: If it is none.
    """
    try:
        return FontFile(path)
    except (struct.error, LookupError, ValueError):
        raise unreadable(path) from None


def unreadable(path: Path) -> Exception:
    """Return the error that a file is not a font, or a damaged one."""
    return error("the font cannot be read", at=path, hint="take a TTF or OTF file", code="file")


def open_text_font(path: Path) -> FontFile:
    """Return the font at `path`, in which running text can be set.

    Raises:
        HandbookError: If it cannot be read, or lacks what every text needs.
    """
    font = open_font(path)
    lacking = [tag for tag, length in _DESCRIBING.items() if len(font.table(tag)) < length]
    if lacking or not font.has(" "):
        what = f"table {lacking[0]!r}" if lacking else "glyph for the space"
        raise error(
            f"the font has no {what}, so no text can be set in it",
            at=path,
            hint="take another TTF or OTF file",
            code="file",
        )
    return font


def _extends(char: str) -> bool:
    code = ord(char)
    emoji = 0x1F3FB <= code <= 0x1F3FF or 0xFE00 <= code <= 0xFE0F
    return unicodedata.category(char) in ("Mn", "Mc", "Me") or code in _JOINERS or emoji


def _ignorable(char: str) -> bool:
    code = ord(char)
    return code in _IGNORABLE or 0xFE00 <= code <= 0xFE0F
