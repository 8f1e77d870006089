"""Turn inline marks of PyMdown Extensions into HTML, those alone that a site has switched on."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping

from .model import Book, Page, Rewrite
from .rewriting import outside_code

# Comments, tags and addresses, in which nothing is a mark.
_LEFT_ALONE = r"<!--.*?-->|</?[A-Za-z][^<>]*>|<[a-z]+:[^<>\s]*>|\]\([^()\s]*\)|https?://[^\s<>)]+"
_INNER = r"(?=\S)((?:(?!{0})[^\n]|\n(?!\s*\n)){{1,2000}}?)(?<=\S){0}"


def _marked(sign: str, name: str) -> tuple[str, str]:
    """Return the pattern of text between two signs, with the element that it becomes."""
    closed = re.escape(sign)
    return closed + _INNER.format(closed), rf"<{name}>\1</{name}>"


_KINDS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "critic": (
        (r"\{\+\+(.{1,2000}?)\+\+\}", r"<ins>\1</ins>"),
        (r"\{--(.{1,2000}?)--\}", r"<del>\1</del>"),
        (r"\{==(.{1,2000}?)==\}", r"<mark>\1</mark>"),
        (r"\{~~((?:(?!~>).){1,2000}?)~>(.{1,2000}?)~~\}", r"<del>\1</del><ins>\2</ins>"),
    ),
    "keys": ((r"\+\+[\"']([^\"'\n+]{1,80})[\"']\+\+", r"<kbd>\1</kbd>"),),
    "caret": (_marked("^^", "ins"), (r"\^(?!\^)([^\s^\[\]]{1,80})\^(?!\^)", r"<sup>\1</sup>")),
    "mark": (_marked("==", "mark"),),
    "smartsymbols": tuple(
        (pattern, sign)
        for pattern, sign in (
            (r"\(tm\)", "™"), (r"\(c\)", "©"), (r"\(r\)", "®"), (r"\+/-", "±"), (r"=/=", "≠"),
            (r"\bc/o\b", "℅"), (r"<-->", "↔"), (r"(?<!-)-->", "→"), (r"<--(?!-)", "←"),
            (r"(?<![\d/])1/2(?![\d/])", "½"), (r"(?<![\d/])1/4(?![\d/])", "¼"),
            (r"(?<![\d/])3/4(?![\d/])", "¾"), (r"(?<![\d/])1/3(?![\d/])", "⅓"),
            (r"(?<![\d/])2/3(?![\d/])", "⅔"),
        )
    ),
}  # fmt: skip
_COMMENT = r"\{>>.{1,2000}?<<\}"


def pymdown_marks(extensions: Collection[str]) -> list[Rewrite]:
    """Return what turns the inline marks of these extensions into HTML, in their order."""
    return [_rewrite(name) for name in _KINDS if f"pymdownx.{name}" in extensions]


def _rewrite(name: str) -> Rewrite:
    pairs = [
        (re.compile(rf"{_LEFT_ALONE}|{pattern}", re.DOTALL), as_) for pattern, as_ in _KINDS[name]
    ]
    comment = re.compile(_COMMENT, re.DOTALL)

    def rewrite(text: str, page: Page, book: Book) -> str:
        def change(piece: str) -> str:
            for pattern, as_ in pairs:
                piece = pattern.sub(_replacement(as_), piece)
            if name == "critic" and "{>>" in piece:
                piece, count = comment.subn("", piece)
                book.report.changed["comments of critics left out"] += count
            return piece

        return outside_code(text, _OutsideComments(change))

    return rewrite


class _OutsideComments:
    """Changes pieces of a text, in their order, but for comments that go on in other pieces."""

    def __init__(self, change: Callable[[str], str]) -> None:
        self.change = change
        self.open = False

    def __call__(self, piece: str) -> str:
        comment = ""
        if self.open:
            comment, end, piece = piece.partition("-->")
            comment, self.open = comment + end, not end
        start = piece.rfind("<!--")
        if start < 0 or "-->" in piece[start:]:
            return comment + self.change(piece)
        self.open = True
        return comment + self.change(piece[:start]) + piece[start:]


def _replacement(as_: str) -> Callable[[re.Match[str]], str]:
    def replace(match: re.Match[str]) -> str:
        marked = match.lastindex is not None or "\\" not in as_
        return match.expand(as_) if marked and not _is_left(match[0]) else match[0]

    return replace


def _is_left(text: str) -> bool:
    return re.fullmatch(_LEFT_ALONE, text, re.DOTALL) is not None
