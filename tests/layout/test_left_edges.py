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


@pytest.mark.parametrize(("theme", "exhibits"), [("default", (SHORT, LONG)), ("almanac", (SHORT,))])
def test_long_lines_take_all_of_a_chapter_to_the_wide_frame(
    theme: str, exhibits: tuple[str, ...]
) -> None:
    body = "\n\n".join(("running words", *exhibits, TABLE, FLOW, LONG, "more words"))
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


def test_next_to_a_side_column_few_exhibits_that_are_wider_do_not_take_the_others_along() -> None:
    body = "\n\n".join(("running words", SHORT, TABLE, FLOW, LONG, "more words"))
    text, short, long, table = edges(built(body), "running", "shortcode", "longcode", "tablehead")
    assert long < text <= min(short, table)


def widths(pdf: bytes) -> list[float]:
    """How wide the rules below the heads of tables are, in points."""
    sound(pdf)
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        rules = [shape["rect"] for page in document for shape in page.get_drawings()
                 if shape["type"] == "s" and shape["rect"].height < 0.1]  # fmt: skip
    return sorted(round(rect.width) for rect in rules if rect.width > 150)


def _table(words: str, rows: int) -> str:
    return "| Name | What | Use |\n|---|---|---|\n" + f"| one | {words} | {words} |\n" * rows


def test_tables_of_one_kind_are_of_one_width_in_columns_too() -> None:
    text = "Words that fill a column. " * 12
    long, other = _table("word " * 30, 2), _table("word", 2).replace("Name", "Other")
    body = "\n\n".join((text, _table("word", 2), text, long, text, other, text))
    found = widths(built(body, theme="field-guide"))
    narrow, one, two, above_title = found
    assert one == two == above_title
    assert narrow < one / 1.8


def test_a_table_too_high_for_a_column_goes_across_them() -> None:
    text = "Words that fill a column. " * 12
    low, high = (
        widths(built("\n\n".join((text, _table("word " * 9, rows), text)), theme="field-guide"))
        for rows in (3, 14)
    )
    assert low[0] < high[0] / 1.8


def test_a_long_table_whose_rows_do_not_wrap_stays_in_its_column() -> None:
    text = "Words that fill a column. " * 12
    body = "\n\n".join((text, _table("word", 30), text))
    *rules, above_title = widths(built(body, theme="field-guide"))
    assert max(rules) < above_title / 1.8


def test_figures_are_near_the_words_that_they_are_said_of() -> None:
    table = (
        "| Area | Weight |\n|---|--:|\n| Pipelines for build and release | 50 |\n| Security | 10 |"
    )
    *narrow, above_title = widths(built(f"Words.\n\n{table}"))
    assert max(narrow) < above_title / 2


def test_tables_of_one_kind_have_one_width_next_to_a_side_column_too() -> None:
    long, short = _table("word " * 22, 2), _table("word", 2)
    other = short.replace("Name", "Other")
    body = "\n\n".join(("Words.", long, "Words.", short, "Words.", other, "Words.", other))
    found = widths(built(body))
    assert found.count(max(found)) > 2
    assert len(set(found)) == 2
