"""Divide a very long paragraph into the pieces in which mark-up is looked for.

Python-Markdown and markdown-it look, for each sign that may open something, through the rest of
the paragraph for what closes it.  So a paragraph of 200,000 signs would take hours.  Mark-up of
one place thus reaches `MARKUP_REACH` characters, a sign of mark-up counting as ten, a bracket as
a hundred; what is opened in one piece and closed in another is printed as it is written.  Pieces
end where a line or a word ends and nothing seems to be open, so that only text made for the
purpose notices.
"""

from __future__ import annotations

import re

from ..core.limits import MARKUP_REACH

# An open bracket is looked at by the most rules.
_WEIGHT, _BRACKET = 10, 100
_PLACE = re.compile(r"\n|(?<=\S) (?=\S)|[\\`*_\[\](){}<>~^$:!&]")
_TOGETHER = "`*_~^$"
_OPEN, _CLOSE = "[({<", "])}>"


def pieces(text: str) -> list[str]:
    """Return `text` in pieces that are read one after the other; nearly always one."""
    if len(text) * (1 + _BRACKET) <= MARKUP_REACH:
        return [text]
    parts: list[str] = []
    start = 0
    while (end := _end(text, start)) < len(text):
        parts.append(text[start:end])
        start = end
    return [*parts, text[start:]]


def _end(text: str, start: int) -> int:
    """Return where the piece that begins at `start` ends."""
    if len(text) - start <= MARKUP_REACH // (1 + _BRACKET):
        return len(text)
    signs = depth = 0  # what the signs of mark-up weigh, and how many brackets are open
    unpaired: set[str] = set()
    balanced = between = start
    for match in _PLACE.finditer(text, start):
        weight = match.start() - start + signs
        if weight > MARKUP_REACH:
            if balanced > start or between > start:
                return balanced if balanced > start else between
            if signs * 2 > MARKUP_REACH:
                return match.start()
        sign = match[0]
        if sign.isspace():
            if weight * 2 > MARKUP_REACH:
                between = match.end()
                balanced = between if not depth and not unpaired else balanced
            continue
        signs += _BRACKET if sign == "[" else _WEIGHT
        if sign in _TOGETHER:
            unpaired ^= {sign}
        else:
            depth = max(depth + (sign in _OPEN) - (sign in _CLOSE), 0)
    whole = len(text) - start + signs
    return len(text) if whole <= MARKUP_REACH else _last(balanced, between, start, len(text))


def _last(balanced: int, between: int, start: int, end: int) -> int:
    return next((place for place in (balanced, between) if place > start), end)
