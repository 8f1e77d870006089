"""Raised and lowered text: smaller once and twice, and readable however often."""

from __future__ import annotations

import pymupdf
import pytest
from onepage import built


def sizes(pdf: bytes, words: str) -> list[tuple[float, float]]:
    """The size and the height above the first line of the page (points) of these signs."""
    with pymupdf.open(stream=pdf) as document:
        spans = [
            (char["c"], span["size"], char["origin"][1])
            for page in document
            for block in page.get_text("rawdict")["blocks"]
            for line in block.get("lines", ())
            for span in line["spans"]
            for char in span["chars"]
        ]
    return [(size, -y) for char, size, y in spans if char in words]


@pytest.mark.parametrize("dialect", ["handbook", "gfm"])
@pytest.mark.parametrize(
    ("opening", "closing"), [("<sup>", "</sup>"), ("<sup><sub>", "</sub></sup>")]
)
@pytest.mark.parametrize("depth", [3, 30, 300])
def test_of_any_depth(dialect: str, opening: str, closing: str, depth: int) -> None:
    config = f"dialect: {dialect}\nlenient: true\n"
    text = f"Begin {opening * depth}§{closing * depth} end.\n\nNext ¶."
    pdf = built(text, config)
    ((size, height),) = sizes(pdf, "§")
    ((plain, below),) = sizes(pdf, "¶")
    assert 3.9 <= size < plain
    assert 0 < height - below < 30


def test_a_power_of_a_power() -> None:
    (first, low), (second, high) = sizes(built("2<sup>§<sup>¶</sup></sup>"), "§¶")
    assert second < first < 10
    assert high > low
