"""Turn the cards of a GitBook, which are written as tables without headers, into lists."""

from __future__ import annotations

import re

from .model import Book, Page
from .rewriting import outside_code

_CARDS = re.compile(
    r"<table\b(?=[^<>]*\bdata-view=\"cards\")[^<>]*>((?:(?!</?table\b).)*)</table>", re.DOTALL
)
_HEADER = re.compile(r"<th\b([^<>]*)>")
_ROW = re.compile(r"<tr\b[^<>]*>(.*?)</tr>", re.DOTALL)
_CELL = re.compile(r"<td\b[^<>]*>(.*?)</td>", re.DOTALL)
_ICON = re.compile(r"<i\b[^<>]*\bclass=\"fa-[^<>]*>[^<]*</i>")
_HEADING = re.compile(r"</?h\d\b[^<>]*>")
_ADDRESS = re.compile(r"<a\b[^<>]*\bhref=\"([^\"<>]*)\"")


def cards(text: str, page: Page, book: Book) -> str:
    """Print each card as an item: its title, which leads where the card does, then its words."""

    def change(match: re.Match[str]) -> str:
        headers = _HEADER.findall(match[1])
        items = [_card(_CELL.findall(row), headers, book) for row in _ROW.findall(match[1])]
        return "<ul>" + "".join(f"<li>{item}</li>" for item in items if item) + "</ul>"

    if 'data-view="cards"' not in text:
        return text
    return outside_code(text, lambda piece: _CARDS.sub(change, piece))


def _card(cells: list[str], headers: list[str], book: Book) -> str:
    shown: list[str] = []
    target = words = ""
    for cell, header in zip(cells, [*headers, *[""] * len(cells)], strict=False):
        plain = _HEADING.sub("", _ICON.sub("", cell)).strip()
        if plain != _HEADING.sub("", cell).strip():
            book.report.changed["icons of cards left out"] += 1
        if "data-card-target" in header:
            address = _ADDRESS.search(cell)
            target, words = (address[1], plain) if address else ("", "")
        elif "data-hidden" in header and plain:
            book.report.changed["pictures and hidden columns of cards left out"] += 1
        elif plain:
            shown.append(plain)
    if not shown:
        return words
    title = shown[0] if "<strong>" in shown[0] else f"<strong>{shown[0]}</strong>"
    if target and "<a " not in title:
        title = f'<a href="{target}">{title}</a>'
    return "<br>".join([title, *shown[1:]])
