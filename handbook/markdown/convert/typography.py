"""Replace typewriter characters by typographic ones, by language: “ ” ‘ ’ – — …"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_DASHES = re.compile(r"(?<![-<])(-{2,3})(?![->])")
_DOTS = re.compile(r"(?<!\.)\.{3}(?!\.)")
# A figure stays with its unit: "50 %", "30 min", "10 GB".
_UNIT = re.compile(r"(?<=\d) (?=(?:%|(?:min|ms|[kKMGT]B)(?![\w-])))")
_BEFORE_OPENING = " \t\n\u00a0\u202f([{—–-/"
_BEFORE_DASH = _BEFORE_OPENING + "“‘"
_ELISIONS = re.compile(r"(?:\d\ds?|tis|twas|til)\b", re.IGNORECASE)
# French has a narrow space before ; ! ? » and after «, a wide one before a colon.
_NARROW = "\u202f"
_TALL = re.compile(r"(?<=[^\s«]) (?=[;!?»])|(?<=«) (?=\S)")
_COLON = re.compile(r"(?<=[^\s«]) (?=:)")


class QuoteMarks(NamedTuple):
    """A language's quotation marks, outer and inner; `inner_space` separates them from the words.

    Without any, the author's stay.
    """

    opening: str = ""
    closing: str = ""
    inner_opening: str = ""
    inner_closing: str = ""
    inner_space: str = ""


# From the CLDR (delimiters): outer pair, inner pair.
_QUOTES = {
    "“”‘’": "en hi pt nl da tr zh id ms vi th bn ta te mr gu kn ml pa ur ko ga cy af sw",
    "„“‚‘": "de cs sk sl bg is lt lv et hr sr mk lb",
    "«»“”": "es it ca gl eu pt-PT ar el",
    "«»‹›": "de-CH fr-CH it-CH fa sq hy",
    "«»„“": "ru uk be kk",
    "„”‚’": "pl ro",
    "„”»«": "hu",
    "””’’": "sv fi",
    "«»‘’": "nb nn no",
}


@lru_cache(maxsize=32)
def marks_of(language: str) -> QuoteMarks:
    """Return the quotation marks of a language, those of its region first."""
    primary = language.split("-")[0].lower()
    for tag in (language, primary):
        if tag in ("fr", "fr-FR", "fr-BE", "fr-CA"):
            return QuoteMarks("«", "»", "“", "”", _NARROW)
        for signs, tags in _QUOTES.items():
            if tag in tags.split():
                return QuoteMarks(*signs[:4])
    return QuoteMarks()


def typographic(words: str, previous: str = "", language: str = "en") -> str:
    """Return `words` with a language's quotes, dashes and dots; `previous` precedes them."""
    if "--" in words:
        words = _DASHES.sub(lambda match: _dash(match, previous), words)
    if "..." in words:
        words = _DOTS.sub("…", words)
    if " %" in words or " m" in words or "B" in words:
        words = _UNIT.sub("\u00a0", words)
    if '"' in words or "'" in words:
        words = _quotes(words, previous or " ", language)
    if language[:2] == "fr" and language[2:3] in ("", "-"):
        words = _COLON.sub("\u00a0", _TALL.sub(_NARROW, words))
    return words


def _dash(match: re.Match[str], previous: str) -> str:
    if len(match[1]) == 3:
        return "—"
    before = match.string[: match.start()][-1:] or previous or " "
    after = match.string[match.end() : match.end() + 1]
    # `--strict` is an option of a command, not a dash.
    return "--" if before in _BEFORE_DASH and after.isalnum() else "–"


def _quotes(words: str, previous: str, language: str) -> str:
    marks = marks_of(language)
    before = f"{_BEFORE_OPENING}{marks.opening}{marks.inner_opening}"
    out: list[str] = []
    # Whether a single quote is open: the next may close it, otherwise it is an apostrophe.
    inner = False
    for place, sign in enumerate(words):
        if sign in "\"'":
            following = words[place + 1 : place + 2]
            opening = previous in before and not following.isspace()
            if sign == '"' and marks.opening:
                sign = (
                    marks.opening + marks.inner_space
                    if opening
                    else marks.inner_space + marks.closing
                )
            elif sign == "'" and opening and not _ELISIONS.match(words, place + 1):
                sign = marks.inner_opening or "'"
                inner = bool(marks.inner_opening)
            elif sign == "'" and inner and not following.isalnum():
                sign, inner = marks.inner_closing, False
            elif sign == "'" and (marks.opening or (previous.isalnum() and following.isalnum())):
                sign = "’"
        out.append(sign)
        previous = sign[-1]
    return "".join(out)
