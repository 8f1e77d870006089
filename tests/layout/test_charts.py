"""Figures say in words what they draw, and fit their place."""

from __future__ import annotations

import pytest
from conftest import built
from readback import Reader, fold

from handbook.core.diagnostics import HandbookError, Source
from handbook.core.qr import modules
from handbook.layout.faces import load_faces
from handbook.layout.figure.charts import QR, draw_chart
from handbook.layout.page import Box, Glyphs
from handbook.theme.loader import load_theme

THEME = load_theme()
FACES = load_faces(THEME)
BARS = {
    "kind": "bars",
    "labels": "One|Two",
    "low": "10|50",
    "high": "15|55",
    "unit": "%",
    "marked": "|first for you",
}
MATRIX = {"kind": "matrix", "rows": "A|B", "columns": "X|Y", "cells": "1,0|r,1", "marked": "B"}
QRS = {
    "kind": "qr",
    "urls": "https://example.org/a/rather/long/address/that/has/to/be/folded/somewhere/here",
    "labels": "A page",
}
LONG = {
    "kind": "route",
    "steps": "AZ-104|Enterprise Data Services|A third one",
    "notes": "Associate|a field, see your role|end",
}
ROUTE = {"kind": "route", "steps": "X|Y", "notes": "begin|end", "closed": "retired in May|"}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (BARS, "Bar chart. One 10 to 15 %; Two 50 to 55 %, first for you."),
        (MATRIX, "Matrix. A has X; B has X, retired and Y."),
        (ROUTE, "Route. First X (retired in May): begin, then Y: end."),
    ],
)
def test_words_are_made_of_the_data(given: dict[str, str], words: str) -> None:
    assert draw_chart(given, THEME, FACES, 400, Source()).alt == words


def test_a_qr_code_can_be_read() -> None:
    given = {"kind": "qr", "urls": "https://example.org/a", "labels": "A page"}
    chart = draw_chart(given, THEME, FACES, 400, Source())
    assert chart.alt == "QR codes: A page, example.org/a."
    rows = modules("https://example.org/a")
    count = len(rows)
    # The three finders of ISO/IEC 18004, 6.3.3.1, and as much ink as there are dark modules.
    for line, column in ((0, 0), (0, count - 7), (count - 7, 0)):
        assert all(rows[line][column : column + 7])
    size = QR / count
    dark = sum(sum(row) for row in rows)
    drawn = sum(b.width * b.height for b in chart.items if isinstance(b, Box))
    assert drawn == pytest.approx(dark * size * size)


@pytest.mark.parametrize("given", [BARS, MATRIX, ROUTE, LONG, QRS])
@pytest.mark.parametrize("width", [250, 400, 480])
def test_nothing_leaves_the_figure(given: dict[str, str], width: float) -> None:
    chart = draw_chart(given, THEME, FACES, width, Source())
    for item in chart.items:
        if isinstance(item, Box):
            assert item.x >= -0.5
            assert item.x + item.width <= width + 0.5
            assert item.y >= -0.5
            assert item.y + item.height <= chart.height + 0.5
        if isinstance(item, Glyphs):
            face = FACES[item.face]
            text = face.text_of_codes(item.codes).rstrip()
            assert item.x + face.width(text) * item.size / 1000 <= width + 0.5


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"kind": "bar"}, "did you mean 'bars'"),
        ({"kind": "bars", "labels": "A|B", "low": "1", "high": "2|3"}, "do not fit together"),
        ({"kind": "bars", "labels": "A", "low": "x", "high": "2"}, "do not fit together"),
        ({"kind": "route", "steps": "A|B"}, "notes"),
    ],
)
def test_mistakes_are_reported(given: dict[str, str], words: str) -> None:
    with pytest.raises(HandbookError, match=words) as caught:
        draw_chart(given, THEME, FACES, 400, Source("f.md", 3))
    assert caught.value.diagnostics[0].line == 3


def test_the_figures_of_an_edition() -> None:
    tree = Reader(built("data-engineer", "", "30").pdf).structure()
    spoken = [str(node.attributes["/Alt"]) for node in tree.all("Figure")]
    assert any("AZ-104" in alt and "DP-700" in alt for alt in spoken)
    assert any("Pipelines 50 to 55 %, first for you" in alt for alt in spoken)
    assert any("120 minutes on week 1" in alt or "minutes on week 1" in alt for alt in spoken)
    captions = [fold(node.text) for figure in tree.all("Figure") for node in figure.all("Caption")]
    assert [c.split()[:2] for c in captions] == [
        ["Figure", str(n + 1)] for n in range(len(captions))
    ]
