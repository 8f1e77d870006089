"""Shapes of Markdown that make careless readers slow, and the time that one takes."""

from __future__ import annotations

import string
import time
from datetime import date
from pathlib import Path

from handbook.core.diagnostics import HandbookError
from handbook.pack.loader import load_pack
from handbook.pipeline.phases import document_of
from handbook.select.selection import select

SHAPES = {
    "[": "[", "]": "]", "![": "![", "[a](": "[a](", "[[a]": "[[a]", "[a](b)": "[a](b) ", "*a ": "*a ", "**a ": "**a ", "***a ": "***a ", "_a ": "_a ",
    "__a ": "__a ", "*a_": "*a_ ", "*a*": "*a* ", "`a ": "`a ", "``a ": "``a ", "code": "`a` ", "<": "<", "<a ": "<a ", "<a b='": "<a b='", "<!-- ": "<!-- ",
    "<![CDATA[": "<![CDATA[", "<b>": "<b>", "<b>a</b>": "<b>a</b>", "&": "&", "&#": "&#1", "&amp;": "&amp;", "{": "{", "{#": "{#a ", "[a]{": "[a]{.b} ",
    ":a[": ":a[", ":index[": ":index[", ":index[a]": ":index[a] ", "$a ": "$a ", "$a$": "$a$ ", "~~a ": "~~a ", "^a ": "^a ", "~a ": "~a ",
    "http://": "http://a ", "a@": "a@", "\\": "\\", "\\*": "\\*", "|": "|", "| a ": "| a ", "> ": "> ", "- ": "- ", "1. ": "1. ", "#": "#", "===": "===",
    "::: ": "::: ", "::: a": "::: note\n", "[^a]": "[^a]", "words": "words and words ", "one word": "a", "lines": "a line\n", "paragraphs": "a line\n\n",
    "items": "- item\n", "rows": "| a | b |\n", "table": "| a | b |\n|---|---|\n| c | d |\n\n", "quotes": "> a\n", "headings": "## A\n\n",
    "setext": "A\n===\n\n", "fences": "```\na\n```\n", "open fences": "- ```\n", "notes": "[^a]: b\n\n", "references": "[a]: b\n", "abbreviations": "*[A]: b\n",
    "definitions": "A\n: b\n\n", "colons": ":::\n", "rules": "***\n", "html": "<div>\n", "details": "<details>\n\na\n\n", "comments": "<!--\n",
    "nested items": "- a\n  - b\n", "spaces": " ", "tabs": "\t", "quotation": "'\"", "dashes": "--", "dots": "...", "emoji": "😀", "marks": "e\u0301",
    "rtl": "\u05d0 ", "zero width": "\u200b", "hard breaks": "a  \n", "pictures": "![a](b.png) ", "pictures with ids": "![a](b.png){#c} ", "lazy quote": "> a\nb\n", "open only": "::: only role=a\n",
    "only": "::: only role=a\nx\n:::\n", "unknown directive": "::foo\n", "open tag of Liquid": "{% a ", "open include": "{{#a ", "open citation": "[@a ",
    "open note": "x^[a ", "note in a link": "[a[^1]](b) ", "cells that join": "| ^^ | << |\n", "open element": "{/* a ", "emoji and figures": "⛔ 1 ",
    "address": "[a](http://b/\U0001f526) ", "open address": "](\U0001f526", "nested links": "[a [b](c) ", "definitions of links": "[a]: b 'c'\n",
    "mixed emphasis": "**a *b __c _d ", "attributes of HTML": "b='c' ", "entities": "&copy;&#123;&abc", "open boxes with text": "::: note\nx\n", "slashes": "/// note\nx\n", "code for servers": "<?a?>", "tabs of text": '=== "A"\n\n    a\n\n', "attributes": "a {#b}\n\n",
}  # fmt: skip
# Each sign of ASCII again and again, inside a paragraph.
RUN = "run of "
SHAPES |= {f"{RUN}{sign}": sign for sign in string.punctuation}
DIALECTS = ("handbook", "gfm")


def text_of(name: str, size: int) -> str:
    """Return a text of `size` characters that repeats a shape."""
    shape = SHAPES[name]
    text = (shape * (size // len(shape) + 1))[:size]
    return f"x {text} x" if name.startswith(RUN) else text


def seconds(dialect: str, name: str, size: int, folder: Path) -> float:
    """Return the processor's seconds from the files of a pack of this shape to its document."""
    (folder / "one.md").write_text(f"# A\n\n{text_of(name, size)}\n", "utf-8")
    (folder / "handbook.yaml").write_text(
        f"title: A\ndialect: {dialect}\nlenient: true\ntemplates: false\nchapters: [one.md]\n",
        "utf-8",
    )
    start = time.process_time()
    try:
        pack = load_pack(folder)
        document_of(pack, select(pack, day=date(2026, 12, 1)))
    except HandbookError:
        pass
    return time.process_time() - start
