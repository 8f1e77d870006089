"""Running heads stay on the page, however long the titles are."""

from __future__ import annotations

from typing import Any

import pytest
from onepage import built
from pdfread import boxes, text_positions

from handbook.theme.print_options import PrintOptions

OPTIONS: list[dict[str, Any]] = [
    {},
    {"paper": "a5"},
    {"print_options": PrintOptions(duplex=True)},
    {"print_options": PrintOptions(large_print=True)},
]


@pytest.mark.parametrize("options", OPTIONS)
def test_a_long_title_is_shortened_between_its_start_and_its_end(options: dict[str, Any]) -> None:
    title = " ".join(["The beginning", *["of a title that continues"] * 9, "to its end"])
    words = "Some words.\n\n::page-break\n\nMore words."
    pdf = built(words, front=f"short_title: {title}\n", **options)
    runs = text_positions(pdf, 1)
    width = boxes(pdf)[1]["MediaBox"][2]
    assert all(0 < run.x < run.end < width for run in runs)
    head = "".join(run.text for run in runs if "beginning" in run.text)
    assert head.startswith("The beginning")
    assert "…" in head
    assert head.endswith("end")
    assert any("A book" in run.text for run in runs)
