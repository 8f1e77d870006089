"""Literal lines -> rows of coloured parts that fit the measure.

Pygments says what a word is; five kinds suffice in print, and weight tells
keywords apart where colour cannot.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

# Pygments' token types by prefix, most particular first -> a kind of the theme's `code.KIND`.
KINDS = (
    ("Comment", "comment"),
    ("Keyword.Constant", "value"),
    ("Keyword", "keyword"),
    ("Name.Tag", "keyword"),
    ("Name.Builtin", "keyword"),
    ("Name.Function", "name"),
    ("Name.Attribute", "name"),
    ("Name.Variable", "name"),
    ("Literal.String", "text"),
    ("String", "text"),
    ("Literal", "value"),
    ("Number", "value"),
)
CONTINUATION = "    "

Part = tuple[str, str]


def code_rows(text: str, language: str, limit: int) -> list[list[Part]]:
    """The lines of `text` as rows of (characters, kind), none longer than `limit` characters."""
    rows: list[list[Part]] = []
    for line in _lines(text.expandtabs(4), language):
        rows += _wrapped(line, limit)
    return rows


def _lines(text: str, language: str) -> list[list[Part]]:
    lines: list[list[Part]] = [[]]
    for kind, value in _tokens(text, language):
        for number, run in enumerate(value.split("\n")):
            if number:
                lines.append([])
            if run:
                lines[-1].append((run, kind))
    return lines


def _tokens(text: str, language: str) -> list[tuple[str, str]]:
    lexer = _lexer(language)
    if lexer is None:
        return [("", text)]
    found = [(_kind(str(token)[6:]), value) for token, value in lexer.get_tokens(text)]
    # A lexer that would change a character has no say: the words are the author's.
    return found if "".join(value for _, value in found) == text else [("", text)]


@lru_cache(maxsize=32)
def _lexer(language: str) -> Any:
    if not language or language == "text":
        return None
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


@lru_cache(maxsize=256)
def _kind(token: str) -> str:
    return next((kind for prefix, kind in KINDS if token.startswith(prefix)), "")


def _wrapped(line: list[Part], limit: int) -> list[list[Part]]:
    """A line in rows, cut at a space where there is one; what goes on is indented."""
    text = "".join(words for words, _ in line)
    rows: list[list[Part]] = []
    place = 0
    lead = ""
    while len(lead) + len(text) - place > limit:
        free = limit - len(lead)
        cut = text.rfind(" ", place + max(1, free // 2), place + free)
        end = cut + 1 if cut > 0 else place + free
        rows.append(_slice(line, place, end, lead))
        place, lead = end, CONTINUATION
    rows.append(_slice(line, place, len(text), lead))
    return rows


def _slice(line: list[Part], start: int, end: int, lead: str) -> list[Part]:
    parts: list[Part] = [(lead, "")] if lead else []
    place = 0
    for words, kind in line:
        own = words[max(0, start - place) : max(0, end - place)]
        if own:
            parts.append((own, kind))
        place += len(words)
    return parts
