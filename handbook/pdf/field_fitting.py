"""Fit a field's value to its place.

A value that is too wide shrinks to the minimum size, then wraps, then is an error that names the
field, the value and the limit; nothing is cut.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from ..core.diagnostics import error
from ..core.values import frozen
from ..fonts.font_file import FontFile
from ..fonts.shaping import ShapedLine, shape
from ..layout.page import FieldPlaceholder

# Longer values fit no field, and are not worth shaping.
MAX_CHARACTERS = 1000
_JOINERS = "\u200c\u200d"


@frozen
class FittedText:
    """The lines of a value, and the size in points at which they fit."""

    size: float
    lines: tuple[ShapedLine, ...]


def clean(value: str, field: str = "") -> str:
    """Return `value` as one line of text in NFC, without control characters.

    Direction marks are removed too; joiners stay.

    Raises:
        HandbookError: the value has a surrogate, as from text read in the wrong encoding.
    """
    if value.isascii() and value.isprintable():
        return " ".join(value.split())
    broken = next((c for c in value if unicodedata.category(c) == "Cs"), "")
    if broken:
        raise error(
            f"field {field!r} contains half a character (U+{ord(broken):04X})",
            hint="read the text in its encoding, usually UTF-8",
            code="field-value",
        )
    text = "".join(" " if c.isspace() else c for c in unicodedata.normalize("NFC", value))
    kept = [c for c in text if unicodedata.category(c) not in ("Cc", "Cf") or c in _JOINERS]
    return " ".join("".join(kept).split()).strip(_JOINERS + " ")


def fit(placeholder: FieldPlaceholder, value: str, face: FontFile) -> FittedText:
    """Return `value` at the largest size that fits the placeholder.

    Raises:
        HandbookError: no size fits, or a character has no glyph in any font.
    """
    if len(value) > MAX_CHARACTERS:
        raise _too_long(placeholder, value, f"has {len(value):,} characters")

    def width(text: str) -> float:
        return shape(text, face, placeholder.name).width / 1000

    whole = width(value)
    if whole * placeholder.size <= placeholder.width:
        return FittedText(placeholder.size, (shape(value, face, placeholder.name),))
    size = placeholder.width / whole
    if size >= placeholder.floor:
        return FittedText(round(size - 0.005, 2), (shape(value, face, placeholder.name),))
    lines = _wrap(value, width, placeholder.width / placeholder.floor, placeholder.lines)
    if len(lines) <= placeholder.lines:
        # The trailing space separates words when text is extracted.
        shown = [line + " " for line in lines[:-1]] + lines[-1:]
        return FittedText(
            placeholder.floor, tuple(shape(line, face, placeholder.name) for line in shown)
        )
    raise _too_long(
        placeholder, value, f"needs more than {placeholder.lines} lines at {placeholder.floor:g} pt"
    )


def _wrap(value: str, width: Callable[[str], float], limit: float, most: int) -> list[str]:
    """Wrap `value` into lines of at most `limit` ems; stop after `most` lines."""
    lines: list[str] = []
    line = ""
    for word in value.split(" "):
        longer = f"{line} {word}" if line else word
        if line and width(longer) > limit:
            lines.append(line)
            line = word
        else:
            line = longer
        while width(line) > limit and len(line) > 1 and len(lines) <= most:
            cut = _characters_that_fit(line, width, limit)
            lines.append(line[:cut])
            line = line[cut:]
        if len(lines) > most:
            break
    return [*lines, line]


def _characters_that_fit(line: str, width: Callable[[str], float], limit: float) -> int:
    """Return how many characters of a word fit, at least one."""
    low, high = 1, len(line)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if width(line[:middle]) <= limit else (low, middle - 1)
    return low


def _too_long(placeholder: FieldPlaceholder, value: str, why: str) -> Exception:
    return error(
        f"the value of field {placeholder.name!r} is too long: {_shortened(value)!r} {why}, "
        f"and its place is {placeholder.width:.0f} pt wide with {placeholder.lines} "
        f"line{'s' if placeholder.lines > 1 else ''}",
        hint="shorten the value, or give the field more width or lines in handbook.yaml",
        code="field-value",
    )


def _shortened(value: str) -> str:
    return value if len(value) <= 60 else value[:57] + "..."
