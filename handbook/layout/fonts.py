"""Faces: from characters to glyph codes and widths.

A face addresses glyphs by their number in the font file (two bytes, big-endian),
so text is encoded once, at layout, before anyone knows which glyphs will be
embedded.  ReportLab's parser reads the metrics; HarfBuzz knows the kerning.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import uharfbuzz as hb
from reportlab.pdfbase.ttfonts import TTFontFile

from ..diagnostics import error
from ..theme import Theme

# Signs that are told apart by their meaning but may share a glyph, or have none of their own:
# drawn as the second, extracted as the first.
TWINS = {"\u00a0": " ", "\u2011": "-", "\u00ad": "-", "\u2010": "-", "\u202f": " ", "\u2009": " "}

# Between the codes of two glyphs a single character from here on is the white that kerning adds
# (or takes) there, in thousandths of the font size.
_KERN_ZERO = 0x8000
_KERN = re.compile("[\u1000-\uffff]")
# Less than this is not seen, and would only make the file longer.
_LEAST_KERN = 6
_FEATURES = {"kern": True, "liga": False, "clig": False, "calt": False}


def split_codes(codes: str) -> list[str | int]:
    """Codes as strings of two Latin-1 characters a glyph, and the kerning between them."""
    parts: list[str | int] = []
    start = 0
    for match in _KERN.finditer(codes):
        parts += [codes[start : match.start()], ord(match.group()) - _KERN_ZERO]
        start = match.end()
    return [*parts, codes[start:]]


def glyph_codes(texts: Iterable[str]) -> set[int]:
    """The codes that occur in `texts`, without the kerning between them."""
    pairs: set[tuple[str, str]] = set()
    for text in texts:
        plain = _KERN.sub("", text)
        pairs.update(zip(plain[::2], plain[1::2], strict=True))
    return {ord(high) << 8 | ord(low) for high, low in pairs}


class Face:
    """One font file: its metrics, its characters, and the words already encoded.

    Lengths are in thousandths of the font size, as PDF has them.
    """

    def __init__(self, path: Path) -> None:
        parsed: Any = TTFontFile(str(path))
        self.path = path
        self.data: bytes = parsed._ttf_data
        self.tables: dict[str, Any] = parsed.table
        self.name = str(
            parsed.name.decode("ascii") if isinstance(parsed.name, bytes) else parsed.name
        )
        self.ascent: float = parsed.ascent
        self.descent: float = parsed.descent
        self.cap_height: float = parsed.capHeight
        self.bbox: list[float] = parsed.bbox
        self.italic_angle: float = parsed.italicAngle
        self.stem: float = parsed.stemV
        self.glyph_count: int = parsed.numGlyphs
        self.glyph_of: dict[int, int] = parsed.charToGlyph
        self.advances = self._advances(1000 / parsed.unitsPerEm)
        self._words: dict[str, tuple[str, float]] = {}
        self._font: Any = None
        # Code -> the character it stands for.  Most codes are glyph numbers; a character whose
        # glyph already stands for another gets a code of its own past the font's last glyph.
        self.meaning: dict[int, str] = {}
        self.glyph_of_code: dict[int, int] = {}
        self._code_of: dict[str, int] = {}

    def table(self, tag: str) -> bytes:
        """The bytes of a table of the font file, empty if it has none."""
        entry = self.tables.get(tag)
        return self.data[entry["offset"] : entry["offset"] + entry["length"]] if entry else b""

    def has(self, word: str) -> bool:
        """Whether the face has a glyph for every character of `word`."""
        known = self.glyph_of
        return all(ord(c) in known or ord(TWINS.get(c, c)) in known for c in word)

    def encode(self, word: str) -> tuple[str, float]:
        """The codes of `word` (two Latin-1 characters each) and its width at size 1000."""
        found = self._words.get(word)
        if found is None:
            codes = [self._code(c) for c in word]
            width = sum(map(self.advance, codes))
            text = [chr(c >> 8) + chr(c & 255) for c in codes]
            if len(word) > 1:
                for place, kern in self._kerns(word):
                    text[place] += chr(_KERN_ZERO + kern)
                    width += kern
            found = self._words[word] = ("".join(text), width)
        return found

    def meaning_of(self, codes: str) -> str:
        """The characters that `codes` stand for."""
        plain = _KERN.sub("", codes)
        pairs = zip(plain[::2], plain[1::2], strict=True)
        return "".join([self.meaning[ord(high) << 8 | ord(low)] for high, low in pairs])

    def superiors(self, word: str) -> tuple[str, float] | None:
        """`word` in the font's small raised figures (feature `sups`), None if it lacks any.

        They are drawn at the full size, and read as the characters they stand for.
        """
        buffer = hb.Buffer()
        buffer.add_str(word)
        buffer.guess_segment_properties()
        hb.shape(self._shaper(), buffer, {"sups": True, "liga": False})
        glyphs = [info.codepoint for info in buffer.glyph_infos]
        usual = [self.glyph_of.get(ord(char), 0) for char in word]
        if any(a == b or not a for a, b in zip(glyphs, usual, strict=True)):
            return None
        codes = [self._own_code(glyph, char) for glyph, char in zip(glyphs, word, strict=True)]
        return "".join(chr(c >> 8) + chr(c & 255) for c in codes), sum(map(self.advance, codes))

    def _own_code(self, glyph: int, char: str) -> int:
        """A code for `glyph` that means `char`."""
        code = self._code_of.get(f"{glyph}:{char}")
        if code is None:
            # The glyph may stand for a character of its own, which keeps its number.
            code = self.glyph_count + len(self.glyph_of_code)
            self._code_of[f"{glyph}:{char}"] = code
            self.meaning[code] = char
            self.glyph_of_code[code] = glyph
        return code

    def advance(self, code: int) -> float:
        """The width of a code's glyph."""
        return self.advances[min(self.glyph_of_code[code], len(self.advances) - 1)]

    def _kerns(self, word: str) -> list[tuple[int, int]]:
        """After which glyphs of `word` the font wants more or less white."""
        buffer = hb.Buffer()
        buffer.add_str(word)
        buffer.guess_segment_properties()
        font = self._shaper()
        hb.shape(font, buffer, _FEATURES)
        scale = 1000 / font.face.upem
        infos, places = buffer.glyph_infos, buffer.glyph_positions
        if [info.cluster for info in infos] != list(range(len(word))):
            return []
        found: list[tuple[int, int]] = []
        for number in range(len(word) - 1):
            natural = font.get_glyph_h_advance(infos[number].codepoint)
            kern = round((places[number].x_advance - natural) * scale)
            if abs(kern) >= _LEAST_KERN:
                found.append((number, kern))
        return found

    def _shaper(self) -> Any:
        if self._font is None:
            self._font = hb.Font(hb.Face(hb.Blob(self.data)))
        return self._font

    def width(self, word: str) -> float:
        """The width of `word` at size 1000."""
        return self.encode(word)[1]

    def _code(self, char: str) -> int:
        code = self._code_of.get(char)
        if code is not None:
            return code
        glyph = self.glyph_of.get(ord(char))
        if glyph is None or (char in TWINS and ord(TWINS[char]) in self.glyph_of):
            glyph = self.glyph_of.get(ord(TWINS.get(char, char)))
        if glyph is None:
            raise KeyError(char)
        code = glyph
        if char in TWINS or self.meaning.get(glyph, char) != char:
            # A code of its own, past the last glyph and past every code given so far.
            code = self.glyph_count + len(self.glyph_of_code)
        self._code_of[char] = code
        self.meaning[code] = char
        self.glyph_of_code[code] = glyph
        return code

    def _advances(self, scale: float) -> list[float]:
        count = struct.unpack(">H", self.table("hhea")[34:36])[0]
        metrics = struct.unpack(f">{count * 2}H", self.table("hmtx")[: count * 4])
        return [round(w * scale, 2) for w in metrics[::2]]


def load_faces(theme: Theme) -> dict[str, Face]:
    """The faces of a theme by name; a fresh `Face` each, so that one book's codes are its own."""
    return {name: Face(path) for name, path in theme.faces().items()}


def missing_character(char: str, place: str, line: int = 0) -> Exception:
    """The error for a character that no face has."""
    name = unicodedata.name(char, "unnamed")
    return error(
        f"no font of the theme has the character {char!r} (U+{ord(char):04X} {name})",
        file=place,
        line=line,
        hint="use another character, or a theme whose fonts have it",
    )
