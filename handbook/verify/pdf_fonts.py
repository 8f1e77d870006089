"""Read what a font's character codes mean and how wide they are (ISO 32000-1, 9.6 to 9.10)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Any

from ..core.values import frozen

UNKNOWN = "\ufffd"
_ENCODINGS = {"/WinAnsiEncoding": "cp1252", "/MacRomanEncoding": "mac_roman"}
_NAMED = {"space": " ", "hyphen": "-", "period": ".", "comma": ",", "bullet": "\u2022"}
_TOKEN = re.compile(rb"<([0-9A-Fa-f\s]*)>|(\[)|(\])|([A-Za-z]+)|(-?\d+)|/(\S+)|<<|>>")


@frozen
class Char:
    """One character code of a string that is shown."""

    code: int
    length: int
    text: str
    width: float
    mapped: bool


@frozen
class CMap:
    """A ToUnicode map: text by code, and the lengths of its codes in bytes."""

    texts: Mapping[int, str]
    lengths: tuple[int, ...] = ()


@frozen
class PdfFont:
    """A font as needed for reading.  `texts` has only what its ToUnicode map says."""

    name: str
    subtype: str
    embedded: bool
    has_map: bool
    composite: bool
    texts: Mapping[int, str]
    fallback: Mapping[int, str] = field(default_factory=dict)
    widths: Mapping[int, float] = field(default_factory=dict)
    default_width: float = 0.0
    scale: float = 0.001
    problem: str = ""

    def decode(self, data: bytes) -> Iterator[Char]:
        """Yield the characters of a string."""
        step = 2 if self.composite else 1
        for place in range(0, len(data) - step + 1, step):
            code = int.from_bytes(data[place : place + step], "big")
            text = self.texts.get(code)
            mapped = text is not None
            if text is None:
                text = self.fallback.get(code, UNKNOWN)
            width = self.widths.get(code, self.default_width) * self.scale
            yield Char(code, step, text, width, mapped)


def read_font(font: Any) -> PdfFont:
    """Read a font dictionary."""
    subtype = str(font.get("/Subtype", ""))
    name = plain_name(str(font.get("/BaseFont", font.get("/Name", "")))[1:])
    stream = font.get("/ToUnicode")
    cmap, problem = CMap({}), ""
    if stream is not None:
        try:
            cmap = read_cmap(stream.read_bytes())
        except Exception as exception:  # pikepdf raises several kinds for a damaged stream
            problem = f"its ToUnicode map cannot be read ({exception})"
    if subtype == "/Type0":
        return _composite(font, name, cmap, problem)
    first = int(font.get("/FirstChar", 0))
    widths = {first + n: float(w) for n, w in enumerate(font.get("/Widths", []))}
    missing = font.get("/FontDescriptor", {}).get("/MissingWidth", 0)
    if not widths and name in CORE_WIDTHS:
        missing = CORE_WIDTHS[name]
    return PdfFont(
        name=name,
        subtype=subtype[1:],
        embedded=subtype == "/Type3" or _has_file(font.get("/FontDescriptor")),
        has_map=stream is not None,
        composite=False,
        texts=cmap.texts,
        fallback=_simple_encoding(font.get("/Encoding")),
        widths=widths,
        default_width=float(missing),
        scale=abs(float(font.FontMatrix[0])) if "/FontMatrix" in font else 0.001,
        problem=problem,
    )


# Approximate widths, for files that do not embed fonts or give widths.
CORE_WIDTHS = {"Courier": 600.0, "Helvetica": 530.0, "Times-Roman": 480.0}


def plain_name(name: str) -> str:
    """Return a font's name without its subset tag."""
    return re.sub(r"^[A-Z]{6}\+", "", name)


def _has_file(descriptor: Any) -> bool:
    return descriptor is not None and any(
        key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3")
    )


def _composite(font: Any, name: str, cmap: CMap, problem: str) -> PdfFont:
    below = font.DescendantFonts[0]
    encoding = font.get("/Encoding")
    known = str(encoding) in ("/Identity-H", "/Identity-V")
    if not known and not problem:
        problem = f"its encoding {encoding} is not one this program reads"
    return PdfFont(
        name=name,
        subtype="Type0",
        embedded=_has_file(below.get("/FontDescriptor")),
        has_map="/ToUnicode" in font,
        composite=True,
        texts=cmap.texts,
        widths=_composite_widths(below.get("/W", [])),
        default_width=float(below.get("/DW", 1000)),
        problem=problem,
    )


def _composite_widths(array: Any) -> dict[int, float]:
    """Read an array of widths, `[c [w1 w2 ...] first last w ...]` (9.7.4.3)."""
    widths: dict[int, float] = {}
    items = list(array)
    place = 0
    while place + 1 < len(items):
        first, second = int(items[place]), items[place + 1]
        if _is_number(second):
            width = float(items[place + 2])
            widths.update((code, width) for code in range(first, int(second) + 1))
            place += 3
        else:
            widths.update((first + n, float(width)) for n, width in enumerate(second))
            place += 2
    return widths


def _is_number(value: Any) -> bool:
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return True


def _simple_encoding(encoding: Any) -> dict[int, str]:
    """Return the text of a simple font's codes, for fonts without a ToUnicode map."""
    base: Any = encoding
    differences: list[Any] = []
    if encoding is not None and not str(encoding).startswith("/"):
        base = encoding.get("/BaseEncoding")
        differences = list(encoding.get("/Differences", []))
    codec = _ENCODINGS.get(str(base), "cp1252")
    table = {code: bytes([code]).decode(codec, "replace") for code in range(32, 256)}
    code = 0
    for item in differences:
        if _is_number(item):
            code = int(item)
        else:
            table[code] = _glyph_text(str(item)[1:])
            code += 1
    return table


def _glyph_text(name: str) -> str:
    if len(name) == 1:
        return name
    match = re.fullmatch(r"uni([0-9A-Fa-f]{4})|u([0-9A-Fa-f]{4,6})", name)
    if match:
        return chr(int(match[1] or match[2], 16))
    return _NAMED.get(name, UNKNOWN)


def read_cmap(data: bytes) -> CMap:
    """Read a ToUnicode CMap (9.10.3): its bfchar and bfrange sections."""
    texts: dict[int, str] = {}
    lengths: set[int] = set()
    operands: list[Any] = []
    array: list[bytes] | None = None
    for match in _TOKEN.finditer(data):
        token, opened, closed, word = match[1], match[2], match[3], match[4]
        if token is not None:
            (operands if array is None else array).append(_bytes(token))
        elif opened:
            array = []
        elif closed and array is not None:
            operands.append(array)
            array = None
        elif word in (b"begincodespacerange", b"beginbfchar", b"beginbfrange"):
            operands = []
        elif word == b"endcodespacerange":
            lengths.update(len(code) for code in operands)
        elif word == b"endbfchar":
            for code, text in zip(operands[::2], operands[1::2], strict=False):
                texts[int.from_bytes(code, "big")] = _utf16(text)
        elif word == b"endbfrange":
            for low, high, text in zip(operands[::3], operands[1::3], operands[2::3], strict=False):
                texts.update(_range(low, high, text))
    return CMap(texts, tuple(sorted(lengths)))


def _bytes(digits: bytes) -> bytes:
    packed = b"".join(digits.split())
    return bytes.fromhex((packed + b"0" * (len(packed) % 2)).decode("ascii"))


def _utf16(data: bytes) -> str:
    return data.decode("utf-16-be", "replace")


def _range(low: bytes, high: bytes, text: bytes | list[bytes]) -> Iterator[tuple[int, str]]:
    first, last = int.from_bytes(low, "big"), int.from_bytes(high, "big")
    if isinstance(text, list):
        yield from ((first + n, _utf16(item)) for n, item in enumerate(text))
        return
    start = int.from_bytes(text, "big")
    for offset in range(min(last - first, 0xFFFF) + 1):
        yield first + offset, _utf16((start + offset).to_bytes(max(len(text), 2), "big"))
