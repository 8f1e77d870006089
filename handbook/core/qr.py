"""Encode text as a QR code (ISO/IEC 18004): rows of dark and light modules.

Importing ReportLab's encoder takes 0.07 s, so its fixed patterns are used,
which `python -m tests.qr_patterns` wrote to data/qr_patterns.json; the text's own bits, their
Reed-Solomon code and the mask are worked out here.  ReportLab draws larger codes than those.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING, Any, NamedTuple

from .resources import DATA

if TYPE_CHECKING:
    from collections.abc import Callable

PATTERNS = DATA / "qr_patterns.json"
# Readers take any of the eight masks; the best is a matter of bad light and worn paper.
MASK = 3
# Which modules each mask turns over, by row and column (table 10).
_MASKS: tuple[Callable[[int, int], bool], ...] = (
    lambda i, j: (i + j) % 2 == 0,
    lambda i, j: i % 2 == 0,
    lambda i, j: j % 3 == 0,
    lambda i, j: (i + j) % 3 == 0,
    lambda i, j: (i // 2 + j // 3) % 2 == 0,
    lambda i, j: i * j % 2 + i * j % 3 == 0,
    lambda i, j: (i * j % 2 + i * j % 3) % 2 == 0,
    lambda i, j: (i * j % 3 + (i + j) % 2) % 2 == 0,
)
_RUN = re.compile("0{5,}|1{5,}")
# The number of the encoding (AIM ECI), and the modes of segments (7.4.1).
UTF_8 = 26
_ECI, _BYTES, _ALPHANUMERIC, _NUMERIC = 0b0111, 0b0100, 0b0010, 0b0001
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


class Pattern(NamedTuple):
    """A code without data: its modules, where each bit goes, and (data, correction) per block."""

    modules: list[list[bool]]
    places: list[tuple[int, int]]
    blocks: list[tuple[int, int]]


def modules(text: str) -> list[list[bool]]:
    """Return the modules of a code under the mask that reads best (7.8.3): for figures."""
    smallest = _smallest(text)
    if smallest is None:
        return _modules_by_reportlab(text)
    bits, pattern = smallest
    dark = _filled(pattern, bits)
    codes = [_under(dark, pattern, mask) for mask in range(len(_MASKS))]
    best = min(range(len(_MASKS)), key=lambda mask: _penalty(codes[mask]))
    _write_format(codes[best], best)
    return codes[best]


def modules_at_once(text: str) -> list[list[bool]]:
    """Return the modules of a code under the one mask: far quicker, for what each copy has."""
    smallest = _smallest(text)
    return _filled(smallest[1], smallest[0]) if smallest else _modules_by_reportlab(text)


def _smallest(text: str) -> tuple[str, Pattern] | None:
    """Return the text's bits and the smallest pattern they fit, if one was written down."""
    for number, row in enumerate(_rows_of_patterns()):
        bits = _bits(text, number + 1)
        if len(bits) <= 8 * sum(data for data, _ in row["blocks"]):
            return bits, _pattern(number)
    return None


def _filled(pattern: Pattern, bits: str) -> list[list[bool]]:
    rows = [row[:] for row in pattern.modules]
    # The mask is what an empty code shows, so a set bit turns its module over.
    for (column, row), bit in zip(pattern.places, _codewords(bits, pattern), strict=False):
        if bit == "1":
            rows[row][column] = not rows[row][column]
    return rows


def _under(dark: list[list[bool]], pattern: Pattern, mask: int) -> list[list[bool]]:
    """Return a code drawn under MASK as it is under another mask, but for its format."""
    rows = [row[:] for row in dark]
    before, after = _MASKS[MASK], _MASKS[mask]
    for column, row in pattern.places:
        if before(row, column) != after(row, column):
            rows[row][column] = not rows[row][column]
    return rows


def _penalty(code: list[list[bool]]) -> int:
    """Return how badly a code reads (table 11), with what names mask and version left light.

    As ReportLab counts: false finder patterns in rows alone.
    """
    code, size = [row[:] for row in code], len(code)
    versions = [(a, b) for a in range(6) for b in range(size - 11, size - 8)] if size > 41 else []
    for row, column in (*_format_places(size), *versions, *((b, a) for a, b in versions)):
        code[row][column] = False
    rows = ["".join("01"[dark] for dark in row) for row in code]
    columns = ["".join(column) for column in zip(*rows, strict=True)]
    runs = sum(len(run) - 2 for line in (*rows, *columns) for run in _RUN.findall(line))
    blocks, light = 0, (1 << len(rows)) - 1
    numbers = [int(row, 2) for row in rows]
    for upper, lower in pairwise(numbers):
        for same in (upper & lower, ~(upper | lower) & light):
            blocks += (same & same >> 1).bit_count()
    finders = sum(row[:-1].count("10111010000") for row in rows)
    share = 100 * sum(number.bit_count() for number in numbers) // len(rows) ** 2
    return runs + 3 * blocks + 40 * finders + 10 * (abs(share - 50) // 5)


def _format_places(size: int) -> list[tuple[int, int]]:
    """Return row and column of each bit of the format, twice, and of the module always dark."""
    down = (*range(6), 7, 8, *range(size - 7, size))
    across = (*range(size - 1, size - 9, -1), 7, *range(5, -1, -1))
    return [(row, 8) for row in down] + [(8, column) for column in across] + [(size - 8, 8)]


def _write_format(rows: list[list[bool]], mask: int) -> None:
    """Write the level of correction (M is 0) and the mask with their BCH code (7.9)."""
    rest = mask << 10
    for place in range(12, 9, -1):
        if rest >> place & 1:
            rest ^= 0b10100110111 << place - 10
    bits = (mask << 10 | rest) ^ 0b101010000010010
    for number, (row, column) in enumerate(_format_places(len(rows))):
        rows[row][column] = number == 30 or bool(bits >> number % 15 & 1)


def _modules_by_reportlab(text: str) -> list[list[bool]]:
    """Return the modules of a code that is larger than the patterns that were written down."""
    from reportlab.graphics.barcode import qrencoder

    class Encoding(qrencoder.QRECI):  # type: ignore[misc]
        """Names an encoding; its own eight bits count when the size is chosen."""

        bitlength = 8

    code = qrencoder.QRCode(None, qrencoder.QRErrorCorrectLevel.M)
    if text.isascii():
        code.addData(text)
    else:
        # Readers guess an encoding that is not named, and take UTF-8 for Shift JIS.
        code.addData(Encoding(UTF_8))
        code.addData(qrencoder.QR8bitByte(text))
    code.make()
    return [[bool(module) for module in row] for row in code.modules]


def _bits(text: str, version: int) -> str:
    """Return mode, length and text as bits (7.4), without the end."""
    group = 0 if version < 10 else 1
    if text.isascii() and text.isdigit():
        parts = [text[at : at + 3] for at in range(0, len(text), 3)]
        words = "".join(f"{int(part):0{(4, 7, 10)[len(part) - 1]}b}" for part in parts)
        return f"{_NUMERIC:04b}{len(text):0{(10, 12)[group]}b}{words}"
    if text and set(text) <= set(_ALPHABET):
        pairs = [text[at : at + 2] for at in range(0, len(text), 2)]
        words = "".join(
            f"{_ALPHABET.index(pair[0]) * 45 + _ALPHABET.index(pair[1]):011b}"
            if len(pair) == 2
            else f"{_ALPHABET.index(pair):06b}"
            for pair in pairs
        )
        return f"{_ALPHANUMERIC:04b}{len(text):0{(9, 11)[group]}b}{words}"
    data = text.encode("utf-8", "replace")
    encoding = "" if text.isascii() else f"{_ECI:04b}{UTF_8:08b}"
    words = "".join(f"{byte:08b}" for byte in data)
    return f"{encoding}{_BYTES:04b}{len(data):0{(8, 16)[group]}b}{words}"


def _codewords(bits: str, pattern: Pattern) -> str:
    """Return the bits filled up, with their correction, blocks interleaved (7.5, 7.6)."""
    total = sum(data for data, _ in pattern.blocks)
    bits = (bits + "0000")[: total * 8]
    bits += "0" * (-len(bits) % 8)
    data = [int(bits[at : at + 8], 2) for at in range(0, len(bits), 8)]
    data += [(0xEC, 0x11)[number % 2] for number in range(total - len(data))]
    blocks: list[list[int]] = []
    corrections: list[bytes] = []
    for length, correction in pattern.blocks:
        block, data = data[:length], data[length:]
        blocks.append(block)
        corrections.append(_correction(block, correction))
    mixed = (*zip_longest(*blocks), *zip_longest(*corrections))
    return "".join(f"{byte:08b}" for group in mixed for byte in group if byte is not None)


def _correction(block: list[int], length: int) -> bytes:
    """Return the remainder of the block's polynomial by the generator's (Reed-Solomon)."""
    table = _multiples(length)
    rest, top, kept = 0, 8 * (length - 1), (1 << 8 * length) - 1
    for byte in block:
        rest = (rest << 8 & kept) ^ table[byte ^ rest >> top]
    return rest.to_bytes(length, "big")


@lru_cache(maxsize=32)
def _multiples(length: int) -> list[int]:
    """Return the generator polynomial of this many bytes times each byte, less its first term."""
    powers, logarithms = _field()
    generator = [1]
    for place in range(length):
        shifted = [powers[logarithms[term] + place] if term else 0 for term in generator]
        generator = [a ^ b for a, b in zip([*generator, 0], [0, *shifted], strict=True)]
    terms = [logarithms[term] if term else None for term in generator[1:]]
    return [0] + [
        int.from_bytes(
            bytes([0 if term is None else powers[term + logarithms[byte]] for term in terms]), "big"
        )
        for byte in range(1, 256)
    ]


@lru_cache(maxsize=1)
def _field() -> tuple[list[int], list[int]]:
    """Return powers and logarithms in the field of 256 elements (modulo x^8+x^4+x^3+x^2+1)."""
    powers = [1]
    while len(powers) < 510:
        double = powers[-1] << 1
        powers.append(double ^ 0x11D if double > 255 else double)
    logarithms = [0] * 256
    for exponent, power in enumerate(powers[:255]):
        logarithms[power] = exponent
    return powers, logarithms


@lru_cache(maxsize=1)
def _rows_of_patterns() -> list[dict[str, Any]]:
    """Return the patterns of all sizes as they were written down, from the smallest on."""
    rows: list[dict[str, Any]] = json.loads(PATTERNS.read_text("ascii"))
    return rows


@lru_cache(maxsize=32)
def _pattern(number: int) -> Pattern:
    row = _rows_of_patterns()[number]
    size: int = row["size"]
    dark, fixed = (
        [digit == "1" for digit in f"{int(row[name], 16):0{size * size}b}"]
        for name in ("dark", "fixed")
    )
    places: list[tuple[int, int]] = []
    upwards = True
    # Pairs of columns from the right, without the timing pattern's (7.7.3).
    for right in (*range(size - 1, 6, -2), 5, 3, 1):
        for row_number in range(size - 1, -1, -1) if upwards else range(size):
            for column in (right, right - 1):
                if not fixed[row_number * size + column]:
                    places.append((column, row_number))
        upwards = not upwards
    modules = [dark[at : at + size] for at in range(0, size * size, size)]
    return Pattern(modules, places, [(data, correction) for data, correction in row["blocks"]])


def dark_stretches(row: list[bool]) -> list[tuple[int, int]]:
    """Return where the dark stretches of a row begin, and how long they are."""
    stretches: list[tuple[int, int]] = []
    start = 0
    for place, dark in enumerate([*row, False]):
        if dark and (place == 0 or not row[place - 1]):
            start = place
        if not dark and place and row[place - 1]:
            stretches.append((start, place - start))
    return stretches
