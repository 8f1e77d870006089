"""The time to read Markdown grows no faster than the text: shapes that made patterns slow."""

from __future__ import annotations

import math
import time

import pytest

from handbook.markdown.gfm.reader import GfmReader
from handbook.markdown.handbook.reader import HandbookReader

SHAPES = {
    "[": "[", "]": "]", "![": "![", "[a](": "[a](", "[[a]": "[[a]", "*a ": "*a ", "**a ": "**a ", "_a ": "_a ",
    "`a ": "`a ", "``a ": "``a ", "<": "<", "<a ": "<a ", "<!-- ": "<!-- ", "<![CDATA[": "<![CDATA[", "&": "&", "&#": "&#1", "{": "{", "{#": "{#a ",
    ":a[": ":a[", ":index[": ":index[", "$a ": "$a ", "~~a ": "~~a ", "^a ": "^a ", "~a ": "~a ", "http://": "http://a ", "a@": "a@",
    "\\": "\\", "|": "|", "| a ": "| a ", "> ": "> ", "- ": "- ", "1. ": "1. ", "#": "#", "===": "===", "::: ": "::: ", "[^a]": "[^a]",
    "words": "words and words ", "lines": "a line\n", "paragraphs": "a line\n\n", "items": "- item\n", "rows": "| a | b |\n", "quotes": "> a\n",
    "headings": "## A\n\n", "fences": "```\na\n```\n", "notes": "[^a]: b\n\n", "references": "[a]: b\n", "colons": ":::\n", "rules": "***\n",
    "html": "<div>\n", "nested items": "- a\n  - b\n", "spaces": " ", "tabs": "\t", "quotation": "'\"", "dashes": "--", "dots": "...",
    "emoji": "😀", "marks": "e\u0301", "rtl": "\u05d0 ", "zero width": "\u200b", "hard breaks": "a  \n",
}  # fmt: skip
# Shapes that still take longer, by dialect: to be taken out of here one by one.
SLOW = {
    "handbook": {"[a](", "_a ", "`a ", "``a ", "hard breaks"},
    "gfm": {"[", "![", "[[a]", ":a[", ":index[", "::: ", "html"},
}
# Seconds that nothing has to explain, and the largest exponent beyond them.
FREE, EXPONENT = 0.8, 1.35


def seconds(dialect: str, shape: str, size: int) -> float:
    reader = HandbookReader() if dialect == "handbook" else GfmReader()
    text = (shape * (size // len(shape) + 1))[:size]
    start = time.process_time()
    reader.read(text)
    return time.process_time() - start


@pytest.mark.parametrize("dialect", ["handbook", "gfm"])
@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.timeout(120)
def test_time_grows_with_the_text(dialect: str, name: str) -> None:
    if name in SLOW[dialect]:
        pytest.xfail("known to grow faster")
    first, last = 3_000, 12_000
    large = seconds(dialect, SHAPES[name], last)
    if large < FREE:
        return
    small = min(seconds(dialect, SHAPES[name], first) for _ in range(2))
    assert math.log(large / small, last / first) < EXPONENT, (small, large)
