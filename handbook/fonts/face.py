"""Turn characters into glyph codes and widths.

A face addresses glyphs by their number in the font file (two bytes, big-endian),
so text is encoded once, at layout, before anyone knows which glyphs will be
embedded.  The font's own tables tell its metrics, HarfBuzz its characters and the kerning.
"""

from __future__ import annotations

import re
import struct
import unicodedata
from array import array
from collections.abc import Iterable
from functools import cached_property
from operator import add
from pathlib import Path
from sys import byteorder
from typing import Any, TypeAlias

import uharfbuzz as hb

from ..core.diagnostics import Source, error
from .font_file import open_text_font

# Characters that differ in meaning but may share a glyph, or have none:
# drawn as the second, extracted as the first.
GLYPH_ALIASES = {
    "\u00a0": " ",
    "\u2011": "-",
    "\u00ad": "-",
    "\u2010": "-",
    "\u202f": " ",
    "\u2009": " ",
}
_ALIASES = "".join(GLYPH_ALIASES)
_RAISED = "0123456789"
# Characters that are not seen and take no width: drawn as a space of no width.
_INVISIBLE = "\u200b\u2060"
# Codes of their own that are given before those of characters that share a glyph.
_OWN = len(_ALIASES) + len(_RAISED)

# Between the codes of two glyphs a single character from here on is the white that kerning adds
# (or takes) there, in thousandths of the font size.
_KERN_ZERO = 0x8000
KERN = re.compile(r"[^\x00-\xff]")
# Kinds of lookups in the table `GPOS`.
_PAIRS, _EXTENSION = 2, 9
# Less than this is not seen, and would only make the file longer.
_LEAST_KERN = 6
# Words of these characters alone are kerned pair by pair, if the font kerns no other way.
_PLAIN = re.compile("[ -~\u00a0-\u024f\u2002–—‘’“”…•]*")
_LETTER = re.compile("[A-Za-z\u00c0-\u024f]")
_FEATURES = {"kern": True, "liga": False, "clig": False, "calt": False}


def kern_of(char: str) -> int:
    """Return the white space that a character among codes means."""
    return ord(char) - _KERN_ZERO


def kern_char(white: int) -> str:
    """Return the character that means this much white among codes (thousandths of the size)."""
    return chr(_KERN_ZERO + white)


def split_codes(codes: str) -> list[str | int]:
    """Return codes as strings of two Latin-1 characters a glyph, and the kerning between them."""
    parts: list[str | int] = []
    start = 0
    for match in KERN.finditer(codes):
        parts += [codes[start : match.start()], kern_of(match.group())]
        start = match.end()
    return [*parts, codes[start:]]


def glyph_codes(texts: Iterable[str]) -> set[int]:
    """Return the codes that occur in `texts`, without the kerning between them."""
    return set(_units("".join(texts)))


def _units(codes: str) -> array[int]:
    """Return the numbers of codes, without the kerning between them."""
    units = array("H", codes.encode("latin-1", "ignore"))
    if byteorder == "little":
        units.byteswap()
    return units


# The character and the glyph of each code.
Codes: TypeAlias = "tuple[dict[int, str], dict[int, int]]"


class Face:
    """One font file: its metrics, its characters, and the words already encoded.

    Lengths are in thousandths of the font size, as PDF has them.
    """

    def __init__(self, path: Path) -> None:
        file = open_text_font(path)
        self.path = path
        self.table = file.table
        self.name = _postscript_name(file.table("name")) or path.stem
        scale: float = 1000 / file.face.upem
        self._scale = scale
        box = struct.unpack(">4h", file.table("head")[36:44])
        weight, ascent, descent, capital = _heights(file.table("OS/2"), box)
        self.bbox: list[float] = [side * scale for side in box]
        self.ascent: float = ascent * scale
        self.descent: float = descent * scale
        self.cap_height: float = capital * scale
        whole, part = struct.unpack(">hH", file.table("post")[4:8])
        self.italic_angle: float = whole + part / 65536
        # No table has it; PDF writers have long estimated it from the weight.
        self.stem = 50 + int((weight / 65) ** 2)
        self.glyph_count: int = struct.unpack(">H", file.table("maxp")[4:6])[0]
        self.advances = self._advances(scale)
        self._font: Any = file.font
        self._by_pairs = _kerns_by_pairs(file.table("GPOS"))
        # The kerning of pairs, in words with a letter and in others, as these differ in script.
        self._pairs: tuple[dict[str, int], dict[str, int]] = ({}, {})
        self._glyphs: dict[str, int | None] = {}
        self._codes: dict[str, str] = {}
        self._char_widths: dict[str, float] = {}
        self._words: dict[str, tuple[str, float]] = {}
        # The character of each code.  Most codes are glyph numbers; a character that
        # shares its glyph with another has a code of its own past the font's last glyph.
        self.to_unicode: dict[int, str] = {}
        self.glyph_of_code: dict[int, int] = {}
        self._code_of: dict[str, int] = {}
        self._widths: dict[int, float] = {}

    def glyph(self, char: str) -> int | None:
        """Return the glyph of a character, None if the font has none."""
        if char not in self._glyphs:
            self._glyphs[char] = self._font.get_nominal_glyph(ord(char))
        return self._glyphs[char]

    def has(self, word: str) -> bool:
        """Return whether the face has a glyph for every character of `word`."""
        glyph = self.glyph
        return all(
            glyph(c) is not None
            or c in _INVISIBLE
            or (c in GLYPH_ALIASES and glyph(GLYPH_ALIASES[c]) is not None)
            for c in word
        )

    def encode(self, word: str) -> tuple[str, float]:
        """Return the codes of `word` (two Latin-1 characters each) and its width at size 1000."""
        encoded = self._words.get(word)
        if encoded is None:
            try:
                text = [*map(self._codes.__getitem__, word)]
            except KeyError:
                for char in word:
                    self._add_char(char)
                text = [*map(self._codes.__getitem__, word)]
            width = sum(map(self._char_widths.__getitem__, word))
            for place, kern in self._kerns(word) if len(word) > 1 else ():
                if word[place] in _INVISIBLE:
                    continue
                text[place] += chr(_KERN_ZERO + kern)
                width += kern
            encoded = self._words[word] = ("".join(text), width)
        return encoded

    def _add_char(self, char: str) -> None:
        """Know a character's code, as two characters, and its width."""
        code = self._code(char)
        text, width = chr(code >> 8) + chr(code & 255), self.advance(code)
        if char in _INVISIBLE:
            text, width = text + chr(_KERN_ZERO - round(width)), width - round(width)
        self._codes[char], self._char_widths[char] = text, width

    def text_of_codes(self, codes: str) -> str:
        """Return the characters of `codes`."""
        return "".join(map(self.to_unicode.__getitem__, _units(codes)))

    def width_of_codes(self, codes: str) -> float:
        """Return the width of `codes` with their kerning."""
        kerning = 0 if codes.isascii() else sum(map(kern_of, KERN.findall(codes)))
        units = _units(codes)
        widths = self._widths
        try:
            return sum(map(widths.__getitem__, units)) + kerning
        except KeyError:
            widths.update({code: self.advance(code) for code in set(units)})
            return sum(map(widths.__getitem__, units)) + kerning

    def export_cache(self) -> tuple[Any, ...]:
        """Return what is known of the font's characters, for `import_cache`."""
        chars = self._codes, self._char_widths, self._code_of
        return *chars, self.to_unicode, self.glyph_of_code, self._pairs

    def import_cache(self, cache: tuple[Any, ...]) -> None:
        """Take what `export_cache` of a face of the same font returned."""
        self._codes, self._char_widths, self._code_of, *codes = cache
        self.to_unicode, self.glyph_of_code, self._pairs = codes

    def add_cache(self, cache: tuple[Any, ...]) -> None:
        """Add what `export_cache` of a face of the same font returned in another process."""
        *tables, pairs = cache
        *known, known_pairs = self.export_cache()
        for known_table, other in zip((*known, *known_pairs), (*tables, *pairs), strict=True):
            known_table.update(other)

    def export_codes(self) -> Codes:
        """Return the characters and the glyphs of codes, which text that was set needs."""
        return self.to_unicode, self.glyph_of_code

    def add_codes(self, codes: Codes) -> None:
        """Know the codes of a face of the same font in another process."""
        to_unicode, glyph_of_code = codes
        self.to_unicode.update(to_unicode)
        self.glyph_of_code.update(glyph_of_code)

    def superscript_figures(self, word: str) -> tuple[str, float] | None:
        """Return a number in the font's small raised figures (feature `sups`), None if it lacks
        any.

        They are drawn at the full size, and read as the characters they represent.
        """
        if not all(char in _RAISED for char in word):
            return None
        buffer = hb.Buffer()
        buffer.add_str(word)
        buffer.guess_segment_properties()
        hb.shape(self._font, buffer, {"sups": True, "liga": False})
        glyphs = [info.codepoint for info in buffer.glyph_infos]
        usual = [self.glyph(char) for char in word]
        if any(a == b or not a for a, b in zip(glyphs, usual, strict=True)):
            return None
        codes = [self._own_code(glyph, char) for glyph, char in zip(glyphs, word, strict=True)]
        return "".join(chr(c >> 8) + chr(c & 255) for c in codes), sum(map(self.advance, codes))

    def _own_code(self, glyph: int, char: str) -> int:
        """Return a code for `glyph` that means `char`."""
        code = self.glyph_count + len(GLYPH_ALIASES) + _RAISED.index(char)
        self.to_unicode[code] = char
        self.glyph_of_code[code] = glyph
        return code

    def advance(self, code: int) -> float:
        """Return the width of a code's glyph."""
        return self.advances[min(self.glyph_of_code[code], len(self.advances) - 1)]

    def _kerns(self, word: str) -> list[tuple[int, int]]:
        """Return after which glyphs of `word` the font wants more or less white (1/1000 em)."""
        if not self._by_pairs or not _PLAIN.fullmatch(word):
            return self._shaped_kerns(word)
        known = self._pairs[0 if _LETTER.search(word) else 1]
        pairs = [*map(add, word, word[1:])]
        try:
            kerns = [*map(known.__getitem__, pairs)]
            return [one for one in enumerate(kerns) if one[1]] if any(kerns) else []
        except KeyError:
            shaped_kerns = self._shaped_kerns(word)
            white = dict(shaped_kerns)
            known.update({pair: white.get(n, 0) for n, pair in enumerate(pairs)})
            return shaped_kerns

    def _shaped_kerns(self, word: str) -> list[tuple[int, int]]:
        """Return the same, as HarfBuzz sets the whole word."""
        buffer = hb.Buffer()
        buffer.add_str(word)
        buffer.guess_segment_properties()
        font, scale = self._font, self._scale
        hb.shape(font, buffer, _FEATURES)
        infos, places = buffer.glyph_infos, buffer.glyph_positions
        if [info.cluster for info in infos] != list(range(len(word))):
            return []
        kerns: list[tuple[int, int]] = []
        for number in range(len(word) - 1):
            natural = font.get_glyph_h_advance(infos[number].codepoint)
            kern = round((places[number].x_advance - natural) * scale)
            if abs(kern) >= _LEAST_KERN:
                kerns.append((number, kern))
        return kerns

    def width(self, word: str) -> float:
        """Return the width of `word` at size 1000."""
        return self.encode(word)[1]

    def _code(self, char: str) -> int:
        code = self._code_of.get(char)
        if code is not None:
            return code
        glyph = self.glyph(char)
        alias = " " if char in _INVISIBLE else GLYPH_ALIASES.get(char)
        alias_glyph = self.glyph(alias) if alias else None
        if alias_glyph is not None:
            glyph = alias_glyph
        if glyph is None:
            raise KeyError(char)
        # A code of its own, past the last glyph, is the same in every book: it does not depend
        # on what was set before.
        code = glyph
        if char in GLYPH_ALIASES:
            code = self.glyph_count + _ALIASES.index(char)
        elif char in _INVISIBLE:
            code = self.glyph_count + _OWN + len(self._aliases) + _INVISIBLE.index(char)
        elif char > "~" and char in self._aliases:
            code = self.glyph_count + _OWN + self._aliases[char]
        self._code_of[char] = code
        self.to_unicode[code] = char
        self.glyph_of_code[code] = glyph
        return code

    @cached_property
    def _aliases(self) -> dict[str, int]:
        """Return characters that share the glyph of an earlier one, counted."""
        seen: set[int] = set()
        aliases: dict[str, int] = {}
        for number in sorted(self._font.face.unicodes):
            glyph = self._font.get_nominal_glyph(number)
            if glyph in seen:
                aliases[chr(number)] = len(aliases)
            seen.add(glyph)
        return aliases

    def _advances(self, scale: float) -> list[float]:
        count = struct.unpack(">H", self.table("hhea")[34:36])[0]
        metrics = struct.unpack(f">{count * 2}H", self.table("hmtx")[: count * 4])
        return [round(w * scale, 2) for w in metrics[::2]]


def _kerns_by_pairs(table: bytes) -> bool:
    """Return whether a font's kerning looks at two glyphs at a time and no more (table `GPOS`)."""

    def words(place: int, count: int = 1) -> tuple[int, ...]:
        return struct.unpack_from(f">{count}H", table, place)

    if not table:
        return False
    features, lookups = words(6, 2)
    wanted: set[int] = set()
    for place in range(features + 2, features + 2 + 6 * words(features)[0], 6):
        if table[place : place + 4] == b"kern":
            feature = features + words(place + 4)[0]
            wanted.update(words(feature + 4, words(feature + 2)[0]))
    for number in wanted:
        lookup = lookups + words(lookups + 2 + 2 * number)[0]
        kind = words(lookup)[0]
        if kind == _EXTENSION and words(lookup + 4)[0]:
            kind = words(lookup + words(lookup + 6)[0] + 2)[0]
        if kind != _PAIRS:
            return False
    return True


def _heights(table: bytes, box: tuple[int, ...]) -> tuple[int, int, int, int]:
    """Return weight, ascent, descent and the height of capitals by the table `OS/2`, or by the
    `box`.
    """
    if not table:
        return 500, box[3], box[1], box[3]
    version, weight = struct.unpack(">H2xH", table[:6])
    ascent, descent = struct.unpack(">hh", table[68:72])
    capital = struct.unpack(">h", table[88:90])[0] if version > 1 else ascent
    return weight, ascent, descent, capital


def _postscript_name(table: bytes) -> str:
    """Return the font's name for PDF (name 6 of the table `name`), empty if it has none."""
    count, start = struct.unpack(">HH", table[2:6]) if table else (0, 0)
    for place in range(6, 6 + 12 * count, 12):
        platform, _, _, name, length, offset = struct.unpack(">6H", table[place : place + 12])
        if name == 6:
            raw = table[start + offset : start + offset + length]
            text = raw.decode("utf-16-be" if platform in (0, 3) else "latin-1", "replace")
            return "".join(c for c in text if "!" <= c <= "~" and c not in "[](){}<>/%")
    return ""


def missing_character(char: str, place: str, line: int = 0, hint: str = "") -> Exception:
    """Return the error for a character that no font has."""
    name = unicodedata.name(char, "unnamed")
    return error(
        f"no font has the character {char!r} (U+{ord(char):04X} {name})",
        at=Source(place, line),
        hint=hint or "use another character, or a theme whose fonts have it",
        code="no-glyph",
    )
