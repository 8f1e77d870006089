"""A figure that is higher than a page is not cut off: it has less white, parts, or is smaller."""

from __future__ import annotations

import pymupdf
import pytest
from onepage import built
from pdfread import structure

from handbook.theme.print_options import PrintOptions

LARGE = PrintOptions(large_print=True)
ROUTE = "```chart\nmark: route\ndata:\n" + "".join(
    f"- {{x: Step {n} of this long way, text: note {n}}}\n" for n in range(5)
)
FLOW = "```chart\nmark: flow\ndata:\n" + "".join(
    f"- {{from: Node number {n}, to: Node number {n + 1}, text: leads to}}\n" for n in range(9)
)
GIT = "```chart\nmark: git\ndata:\n" + "".join(
    f"- {{branch: {branch}, from: {source}, text: {text}, row: History {row}}}\n"
    for row in range(9)
    for branch, source, text in (("main", "~", "A"), ("topic", "main", "B"), ("main", "topic", "C"))
)


def with_caption(chart: str) -> str:
    return f"Before it\n\n{chart}```\n\nFigure: Caption label {{#f}}\n\nAfter it"


@pytest.mark.parametrize("chart", [ROUTE, FLOW, GIT])
@pytest.mark.parametrize(
    "options",
    [{"paper": "phone"}, {"print_options": LARGE}, {"print_options": LARGE, "paper": "letter"}],
)
def test_a_figure_is_whole_above_the_foot_with_its_caption(
    chart: str, options: dict[str, object]
) -> None:
    pdf = built(with_caption(chart), **options)
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        pages = [page.get_text("words") for page in document]
    for words in pages:
        foot = max((word[1] for word in words if word[4] == "Page"), default=1e9)
        assert [word[4] for word in words if word[3] > foot and word[1] < foot - 1] == []
    (last,) = (words for words in pages if any(word[4] == "label" for word in words))
    shown = {word[4] for word in last}
    assert shown & {"4", "9", "History"}, "the caption is next to the last of its figure"


def test_histories_that_need_more_than_a_page_are_figures_of_their_own() -> None:
    tree = structure(built(with_caption(GIT), print_options=LARGE))
    figures = tree.all("Figure")
    assert len(figures) > 1
    alts = [str(figure.alt) for figure in figures]
    assert [sum(f"History {row}:" in alt for alt in alts) for row in range(9)] == [1] * 9
    (one,) = structure(built(with_caption(GIT))).all("Figure")
    assert all(f"History {row}" in str(one.alt) for row in range(9))


def test_words_of_figures_are_as_large_as_text_where_white_can_be_less() -> None:
    pdf = built(with_caption(ROUTE), print_options=LARGE, paper="letter")
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        spans = [
            span
            for page in document
            for block in page.get_text("dict")["blocks"]
            for line in block.get("lines", ())
            for span in line["spans"]
        ]
    assert min(round(span["size"], 1) for span in spans) >= 18
