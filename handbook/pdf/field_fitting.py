"""A field's value -> text that fits its slot.

A value too wide shrinks to the slot's floor, then wraps, then is an error that
names the field, the value and the limit: nothing is ever cut silently.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from ..core.diagnostics import error
from ..fonts.font_file import FontFile
from ..fonts.shaping import ShapedLine, shape
from ..layout.page import FieldPlaceholder

# More characters than this fit no field; shaping them would only cost time.
LONGEST = 1000
_JOINERS = "\u200c\u200d"


@dataclass(frozen=True, slots=True)
class Fitted:
    """The lines of a value at the size (points) at which they fit."""

    size: float
    lines: tuple[ShapedLine, ...]


def clean(value: str, field: str = "") -> str:
    """`value` as one line of plain text: composed (NFC), without control characters.

    What changes the direction of text goes, too; what joins letters stays.  Raises HandbookError
    for half a character, which comes of text read in the wrong encoding.
    """
    if value.isascii() and value.isprintable():
        return " ".join(value.split())
    broken = next((c for c in value if unicodedata.category(c) == "Cs"), "")
    if broken:
        raise error(
            f"field {field!r} holds half a character (U+{ord(broken):04X})",
            hint="read the text again in its own encoding, mostly UTF-8",
            code="field-value",
        )
    text = "".join(" " if c.isspace() else c for c in unicodedata.normalize("NFC", value))
    kept = [c for c in text if unicodedata.category(c) not in ("Cc", "Cf") or c in _JOINERS]
    return " ".join("".join(kept).split()).strip(_JOINERS + " ")


def fit(slot: FieldPlaceholder, value: str, face: FontFile) -> Fitted:
    """`value` at the largest size that fits `slot`.

    Raises HandbookError if none does, or if a character has no glyph in any font.
    """
    if len(value) > LONGEST:
        raise _too_long(slot, value, f"has {len(value):,} characters")

    def width(text: str) -> float:
        return shape(text, face, slot.name).width / 1000

    whole = width(value)
    if whole * slot.size <= slot.width:
        return Fitted(slot.size, (shape(value, face, slot.name),))
    size = slot.width / whole
    if size >= slot.floor:
        return Fitted(round(size - 0.005, 2), (shape(value, face, slot.name),))
    lines = _wrapped(value, width, slot.width / slot.floor, slot.lines)
    if len(lines) <= slot.lines:
        # The space at a line's end keeps words apart when the text is taken from the page.
        shown = [line + " " for line in lines[:-1]] + lines[-1:]
        return Fitted(slot.floor, tuple(shape(line, face, slot.name) for line in shown))
    raise _too_long(slot, value, f"needs more than {slot.lines} lines at {slot.floor:g} pt")


def _wrapped(value: str, width: Callable[[str], float], limit: float, most: int) -> list[str]:
    """`value` in lines of at most `limit` ems; gives up once there are more than `most`."""
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
            cut = _cut(line, width, limit)
            lines.append(line[:cut])
            line = line[cut:]
        if len(lines) > most:
            break
    return [*lines, line]


def _cut(line: str, width: Callable[[str], float], limit: float) -> int:
    """How many characters of a word fit, at least one."""
    low, high = 1, len(line)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if width(line[:middle]) <= limit else (low, middle - 1)
    return low


def _too_long(slot: FieldPlaceholder, value: str, why: str) -> Exception:
    return error(
        f"the value of field {slot.name!r} is too long: {_short(value)!r} {why}, "
        f"and its place is {slot.width:.0f} pt wide with {slot.lines} "
        f"line{'s' if slot.lines > 1 else ''}",
        hint="shorten the value, or give the field more width or lines in handbook.yaml",
        code="field-value",
    )


def _short(value: str) -> str:
    return value if len(value) <= 60 else value[:57] + "..."
