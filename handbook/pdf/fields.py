"""A field's value -> text that fits its slot.

A value too wide shrinks to the slot's floor, then wraps, then is an error that
names the field, the value and the limit: nothing is ever cut silently.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from ..diagnostics import error
from ..layout.fonts import Face, missing_character
from ..layout.ink import Slot


@dataclass(frozen=True, slots=True)
class Fitted:
    """The lines of a value at the size (points) at which they fit."""

    size: float
    lines: tuple[str, ...]


def clean(value: str) -> str:
    """`value` as one line of plain text: composed (NFC), without control characters."""
    text = "".join(" " if c.isspace() else c for c in unicodedata.normalize("NFC", value))
    kept = [c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn")]
    return " ".join("".join(kept).split())


def fit(slot: Slot, value: str, face: Face) -> Fitted:
    """`value` at the largest size that fits `slot`; HandbookError if none does."""
    for char in value:
        if not face.has(char):
            raise missing_character(char, f"field {slot.name!r}")
    width = face.width(value) / 1000
    if width * slot.size <= slot.width:
        return Fitted(slot.size, (value,))
    size = slot.width / width
    if size >= slot.floor:
        return Fitted(round(size - 0.005, 2), (value,))
    lines = _wrapped(value, face, slot.width / slot.floor * 1000)
    if len(lines) <= slot.lines:
        return Fitted(slot.floor, tuple(lines))
    raise error(
        f"the value of field {slot.name!r} is too long: {_short(value)!r} needs {len(lines)} lines "
        f"at {slot.floor:g} pt, and its place has {slot.lines}",
        hint="shorten the value, or give the field more width or lines in handbook.yaml",
    )


def _wrapped(value: str, face: Face, limit: float) -> list[str]:
    lines: list[str] = []
    line = ""
    for word in value.split(" "):
        longer = f"{line} {word}" if line else word
        if line and face.width(longer) > limit:
            lines.append(line)
            line = word
        else:
            line = longer
        while face.width(line) > limit and len(line) > 1:
            cut = next(
                n for n in range(len(line), 0, -1) if n == 1 or face.width(line[:n]) <= limit
            )
            lines.append(line[:cut])
            line = line[cut:]
    return [*lines, line]


def _short(value: str) -> str:
    return value if len(value) <= 60 else value[:57] + "..."
