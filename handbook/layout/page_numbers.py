"""Number pages: front matter in small Roman numerals, the rest in figures."""

from __future__ import annotations

from .chapter import LaidOutChapters


def label_ranges(parts: list[LaidOutChapters]) -> list[tuple[int, str, int]]:
    """Return where numbering begins: page index, style of the numbers, first one (12.4.2)."""
    ranges: list[tuple[int, str, int]] = []
    kinds: set[str] = set()
    for part in parts:
        kind = "r" if part.chapter.matter == "front" else "D"
        if kind not in kinds:
            kinds.add(kind)
            ranges.append((part.first_page, kind, 1))
    return ranges


def roman(number: int) -> str:
    """Return a number in small Roman numerals."""
    values = (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1)
    numerals = ("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i")
    out = ""
    for value, numeral in zip(values, numerals, strict=True):
        count, number = divmod(number, value)
        out += numeral * count
    return out
