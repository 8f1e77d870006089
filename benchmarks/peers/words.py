"""Whether a PDF holds a book's text: words compared by number, and one by one."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from .portable import Node

# Running heads and page numbers are in these margins (points), in every tool's output.
TOP = BOTTOM = 60.0
ALLOWED = 0.03
# What is compared has letters: numbers of pages, lists and tables are every tool's own.
WORD = re.compile(r"[^\W\d_]{2,}")


def words_of_pdf(path: Path) -> Counter[str]:
    """Count the words on the pages of a PDF, without running heads."""
    import pypdfium2

    found: Counter[str] = Counter()
    document = pypdfium2.PdfDocument(path)
    try:
        for page in document:
            text = page.get_textpage()
            width, height = page.get_size()
            inner = text.get_text_bounded(0, BOTTOM, width, height - TOP)
            found.update(WORD.findall(_plain(inner)))
    finally:
        document.close()
    return found


def words_of_book(book: Node) -> Counter[str]:
    """The words that the chapters of a portable book hold, without contents lists."""
    found: Counter[str] = Counter()
    for chapter in book["chapters"]:
        _gather(chapter["blocks"], found)
    return found


def _gather(nodes: list[Node], found: Counter[str]) -> None:
    for node in nodes:
        for key in ("caption", "text", "title"):
            if key in node and node["kind"] in ("table", "code", "box"):
                found.update(WORD.findall(_plain(node[key])))
        words = "".join(run["text"] for run in node.get("runs", ()))
        found.update(WORD.findall(_plain(words)))
        _gather(node.get("blocks", []), found)
        for item in node.get("items", ()):
            _gather(item, found)
        for row in (*node.get("header", ()), *node.get("rows", ())):
            for cell in row:
                _gather(cell, found)


def _plain(text: str) -> str:
    """Return text without soft hyphens, with hyphenated words joined again (pdfium marks them)."""
    return re.sub(r"[\ufffe\xad\u2010\x02](\r?\n)?", "", text).replace("ﬁ", "fi").replace("ﬂ", "fl")


def shortcomings(words: Counter[str], book: Counter[str], ours: Counter[str]) -> str:
    """What a peer's words lack, "" if nothing that matters."""
    missing = sum((book - words).values()) / sum(book.values())
    if missing > ALLOWED:
        worst = ", ".join(f"{word} ({n})" for word, n in (book - words).most_common(8))
        return f"{missing:.1%} of the book's words are missing: {worst}"
    difference = sum(words.values()) / sum(ours.values()) - 1
    if abs(difference) > ALLOWED:
        return f"{difference:+.1%} words against ours"
    return ""
