"""Listings, tables and figures of a chapter have one left edge."""

from __future__ import annotations

import pymupdf
import pytest
from onepage import built, sound

SHORT = "```\nshortcode\n```"
LONG = f"```\nlongcode {'x' * 80}\n```"
TABLE = "| tablehead | two |\n|---|---|\n| 1 | 2 |"
FLOW = "```chart\nmark: flow\ndata: [{from: flowstart, to: flowend}]\n```"


def edges(pdf: bytes, *words: str) -> list[float]:
    """Where words begin, in points from the paper's left edge."""
    sound(pdf)
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        found = {word[4]: word[0] for page in document for word in page.get_text("words")}
    return [found[word] for word in words]


@pytest.mark.parametrize("theme", ["default", "almanac"])
def test_one_long_line_takes_all_of_a_chapter_to_the_wide_frame(theme: str) -> None:
    body = "\n\n".join(("running words", SHORT, TABLE, FLOW, LONG, "more words"))
    text, short, long, table, flow = edges(
        built(body, theme=theme), "running", "shortcode", "longcode", "tablehead", "flowstart"
    )
    assert short == pytest.approx(long, abs=0.1)
    assert table < text
    assert short < text
    assert flow < text


@pytest.mark.parametrize("theme", ["default", "almanac"])
def test_what_fits_stays_at_the_edge_of_the_text(theme: str) -> None:
    body = "\n\n".join(("running words", SHORT, TABLE, FLOW, "more words"))
    text, short, table = edges(built(body, theme=theme), "running", "shortcode", "tablehead")
    assert text <= short
    assert text <= table
