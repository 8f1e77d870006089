"""Embed fonts: those of an edition, and for a copy only the glyphs of its own values.

A code represents a glyph and the text it is read as; codes count from 1 in the order of use,
and so do the glyphs of the embedded font.  A run whose glyphs are all in the edition's font
uses that font: most names need no other.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Any

from ..core.values import frozen
from ..fonts.face import Face
from ..fonts.font_file import FontFile, open_font
from ..fonts.subset import subset
from .syntax.objects import Name, Raw, Ref, Writer, digest

# The text of a glyph that belongs to the character of the glyph before it.
_NO_TEXT = "\u200b"


@frozen(eq=False)
class EmbeddedFont:
    """A font of the edition: its name in the pages' resources, its codes by glyph and text."""

    name: str
    codes: Mapping[tuple[int, str], int]


class CopyFonts:
    """Allocates codes for the glyphs of one copy, then writes the fonts.

    `embedded` has the edition's fonts by file.  Font names begin with `letter`.
    """

    def __init__(
        self, embedded: Mapping[str, EmbeddedFont] | None = None, letter: str = "X"
    ) -> None:
        self.embedded = embedded or {}
        self.letter = letter
        self._codes: dict[str, dict[tuple[int, str], int]] = {}
        self._fonts: dict[str, FontFile] = {}
        # For fonts with one code per glyph: what each glyph reads as.
        self._texts: dict[str, dict[int, str]] = {}

    def name(self, font: FontFile) -> str:
        """Return the name of `font` in a page's resources."""
        key = font.key
        if key not in self._fonts:
            self._fonts[key] = font
            self._codes[key] = {}
        return f"{self.letter}{list(self._fonts).index(key)}"

    def code(self, font: FontFile, glyph: int, text: str) -> int:
        """Return the code of a glyph that reads as `text`, which may be empty."""
        codes = self._codes[font.key]
        if font.postscript:
            # The glyphs of a CFF font keep their numbers, which are its CIDs (9.7.4.2).
            if not self.ambiguous(font, glyph, text):
                self._texts[font.key][glyph] = text or _NO_TEXT
                codes.setdefault((glyph, text or _NO_TEXT), glyph)
            return glyph
        return codes.setdefault((glyph, text or _NO_TEXT), len(codes) + 1)

    def ambiguous(self, font: FontFile, glyph: int, text: str) -> bool:
        """Return whether a glyph's only code already has another meaning.

        It happens to brackets mirrored in right-to-left text.
        """
        if not font.postscript:
            return False
        texts = self._texts.setdefault(font.key, {})
        return texts.get(glyph, text or _NO_TEXT) != (text or _NO_TEXT)

    def write(self, writer: Writer) -> dict[str, Ref]:
        """Write the fonts; return their references by name."""
        return {self.name(font): writer.add(self.font(writer, font)) for font in self.all.values()}

    @property
    def all(self) -> dict[str, FontFile]:
        """Return the fonts by name."""
        return {self.name(font): font for font in [*self._fonts.values()]}

    def texts(self, font: FontFile) -> list[str]:
        """Return what the glyphs of a font read as."""
        return [text for _, text in self._codes[font.key]]

    def font(self, writer: Writer, font: FontFile) -> dict[str, Any]:
        """Write what a font refers to; return its dictionary."""
        return _copy_font(writer, font, self._codes[font.key])


def _copy_font(writer: Writer, font: FontFile, codes: dict[tuple[int, str], int]) -> dict[str, Any]:
    glyphs = [glyph for glyph, _ in codes]
    program, numbers = subset(font, glyphs)
    tag = "".join(chr(65 + byte % 26) for byte in digest(program)[:6])
    name = Name(f"{tag}+{font.path.stem}")
    box = struct.unpack(">4h", font.table("head")[36:44])
    ascent, descent = struct.unpack(">hh", font.table("hhea")[4:8])
    kind: dict[str, Any] = {"Length1": len(program)}
    if font.postscript:
        kind = {"Subtype": Name("CIDFontType0C")}
    file = writer.add_stream(kind, program)
    descriptor = writer.add(
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
    glyph_map: Any = None
    if not font.postscript:
        glyph_map = _glyph_map(writer, {code: numbers[glyph] for (glyph, _), code in codes.items()})
    widths = " ".join(f"{code} [{font.advance(glyph):.6g}]" for (glyph, _), code in codes.items())
    descendant = writer.add(
        {
            "Type": Name("Font"),
            "Subtype": Name("CIDFontType0" if font.postscript else "CIDFontType2"),
            "BaseFont": name,
            "CIDSystemInfo": {"Registry": b"Adobe", "Ordering": b"Identity", "Supplement": 0},
            "FontDescriptor": descriptor,
            "CIDToGIDMap": None if font.postscript else glyph_map,
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
        "ToUnicode": writer.add_stream({}, to_unicode({c: text for (_, text), c in codes.items()})),
    }


def to_unicode(codes: Mapping[int, str]) -> bytes:
    """Return a ToUnicode CMap of two-byte codes."""
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


def embed(writer: Writer, ref: Ref, face: Face, codes: dict[int, str]) -> None:
    """Write the font at `ref` with the glyphs of `codes`, a mapping of code to characters."""
    glyphs = {code: face.glyph_of_code.get(code, code) for code in codes}
    program, _ = subset(open_font(face.path), glyphs.values(), keep_numbers=True)
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
            "CIDToGIDMap": _glyph_map(writer, glyphs),
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


def _glyph_map(writer: Writer, glyphs: Mapping[int, int]) -> Any:
    """Return what maps codes to the glyphs of a font program (ISO 32000-1, 9.7.4.2)."""
    if all(code == glyph for code, glyph in glyphs.items()):
        return Name("Identity")
    codes = range(max(glyphs) + 1)
    return writer.add_stream({}, b"".join(glyphs.get(c, 0).to_bytes(2, "big") for c in codes))


def _tag(face: Face, codes: dict[int, str]) -> str:
    """Return the six letters before a subset's name (9.6.4), derived from its codes."""
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
