"""Typewriter signs -> typographic ones, as English sets them: “ ” ‘ ’ – — …"""

from __future__ import annotations

import re

_DASHES = re.compile(r"(?<![-<])(-{2,3})(?![->])")
_DOTS = re.compile(r"(?<!\.)\.{3}(?!\.)")
_PER_CENT = re.compile(r"(?<=\d) %")
_BEFORE_OPENING = " \t\n\u00a0([{—–-/“‘"
_ELISIONS = re.compile(r"(?:\d\ds?|tis|twas|til)\b", re.IGNORECASE)


def typographic(words: str, previous: str = "") -> str:
    """`words` with English quotes, dashes and dots; `previous` is the character before them."""
    if "--" in words:
        words = _DASHES.sub(lambda match: _dash(match, previous), words)
    if "..." in words:
        words = _DOTS.sub("…", words)
    if " %" in words:
        words = _PER_CENT.sub("\u00a0%", words)
    if '"' in words or "'" in words:
        words = _quotes(words, previous or " ")
    return words


def _dash(match: re.Match[str], previous: str) -> str:
    if len(match[1]) == 3:
        return "—"
    before = match.string[: match.start()][-1:] or previous or " "
    after = match.string[match.end() : match.end() + 1]
    # `--strict` is an option of a command, not a dash.
    return "--" if before in _BEFORE_OPENING and after.isalnum() else "–"


def _quotes(words: str, previous: str) -> str:
    out: list[str] = []
    for place, sign in enumerate(words):
        if sign in "\"'":
            following = words[place + 1 : place + 2]
            opening = previous in _BEFORE_OPENING and not following.isspace()
            if sign == '"':
                sign = "“" if opening else "”"
            elif opening and not _ELISIONS.match(words, place + 1):
                sign = "‘"
            else:
                sign = "’"
        out.append(sign)
        previous = sign
    return "".join(out)
