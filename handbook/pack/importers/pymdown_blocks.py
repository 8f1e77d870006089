"""Take the options off PyMdown's blocks (`/// note | Title`), and unwrap those that only style."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .model import Book, Page
from .rewriting import pieces

_OPEN = re.compile(r"([ \t>]*)(/{3,})[ \t]*([A-Za-z][\w-]*)[ \t]*(?:\|[ \t]*(.*))?$")
_CLOSE = re.compile(r"[ \t>]*(/{3,})[ \t]*$")
_OPTION = re.compile(r"[ \t>]*(?<=    )[\w-]+:")
_KIND = re.compile(r"\btype:[ \t]*([\w-]+)")
# These are replaced by their contents.
_UNWRAPPED = ("html", "caption", "figure-caption", "table-caption")


def plain_blocks(text: str, page: Page, book: Book) -> str:
    """Return a page whose blocks have no options; a block of HTML, or a caption, is its contents."""
    if "///" not in text:
        return text
    lines = [(code, line) for code, piece in pieces(text) for line in piece.splitlines()]
    pairs = dict(_pairs(lines))
    closing = {end: start for start, end in pairs.items()}
    kept: list[str] = []
    begun = -1
    for number, (code, line) in enumerate(lines):
        if begun >= 0 and not code and _OPTION.match(line):
            if kind := _KIND.search(line):
                kept[begun] = re.sub(r"\badmonition\b", kind[1], kept[begun], count=1)
            continue
        begun = -1
        if number in pairs:
            begun = len(kept)
            kept.append("" if _is_unwrapped(lines[number][1]) else line)
        elif number in closing and _is_unwrapped(lines[closing[number]][1]):
            kept.append("")
        else:
            kept.append(line)
    return "\n".join(kept) + ("\n" if text.endswith("\n") else "")


def _is_unwrapped(line: str) -> bool:
    match = _OPEN.match(line)
    return match is not None and match[3] in _UNWRAPPED


def _pairs(lines: Sequence[tuple[bool, str]]) -> Iterator[tuple[int, int]]:
    """Yield the lines that begin and end each block; one that is never closed is text."""
    opened: list[tuple[int, int]] = []
    for number, (code, line) in enumerate(lines):
        if code:
            continue
        if match := _OPEN.match(line):
            opened.append((len(match[2]), number))
        elif match := _CLOSE.match(line):
            same = [at for at, (width, _) in enumerate(opened) if width == len(match[1])]
            if same:
                yield opened[same[-1]][1], number
                del opened[same[-1] :]
