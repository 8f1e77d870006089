"""Turn footnotes in the text (`^[words]`), as Pandoc and Obsidian have them, into ordinary ones."""

from __future__ import annotations

from bisect import bisect_right

from .rewriting import code_ranges, outside_fences


def _closing_brackets(text: str) -> dict[int, int]:
    """Return where each square bracket of a text is closed."""
    opened: list[int] = []
    ends: dict[int, int] = {}
    for at, char in enumerate(text):
        if char == "[":
            opened.append(at)
        elif char == "]" and opened:
            ends[opened.pop()] = at
    return ends


def inline_notes(text: str) -> str:
    """Return text with `^[notes in the text]` as footnotes at the end of the page."""
    if "^[" not in text:
        return text
    notes: list[str] = []

    def change(piece: str) -> str:
        parts: list[str] = []
        place = 0
        ends = _closing_brackets(piece)
        code = list(code_ranges(piece))
        while (start := piece.find("^[", place)) >= 0:
            end = ends.get(start + 1, -1) + 1
            before = bisect_right(code, (start, len(piece)))
            in_code = bool(before) and start < code[before - 1][1]
            if not end or in_code or piece[max(0, start - 1) : start] in ("\\", "["):
                parts.append(piece[place : start + 2])
                place = start + 2
                continue
            notes.append(" ".join(piece[start + 2 : end - 1].split()))
            parts += [piece[place:start], f"[^inline-{len(notes)}]"]
            place = end
        return "".join([*parts, piece[place:]])

    text = outside_fences(text, change)
    listed = "\n\n".join(f"[^inline-{n}]: {note}" for n, note in enumerate(notes, 1))
    return f"{text.rstrip()}\n\n{listed}\n" if listed else text
