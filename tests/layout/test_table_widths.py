"""Columns are as wide as makes the rows low; dates and figures with their unit stay whole."""

from __future__ import annotations

import random

import pytest
from onepage import built, sound
from pdfread import text_positions

from handbook.layout.block.table_widths import PARTS, Measures, fitted
from handbook.layout.inline.line_breaking import Stops, line_count
from handbook.theme.print_options import PrintOptions

pypdfium2 = pytest.importorskip("pypdfium2", reason="pypdfium2 reads the lines of a page")


def lines(pdf: bytes) -> list[str]:
    """The lines of all pages, as one sees them."""
    with pypdfium2.PdfDocument(pdf) as document:
        texts = [page.get_textpage().get_text_range() for page in document]
    return [" ".join(line.split()) for text in texts for line in text.splitlines()]


LONG = "Words that a reader wants to have at hand on the day, and some more of them to fill lines"


@pytest.mark.parametrize(
    ("whole", "lang"),
    [
        ("28 September 2026", "en"),
        ("28. September 2026", "de"),
        ("September 28, 2026", "en"),
        ("1,165 USD", "en"),
        ("USD 165", "en"),
        ("99.95 %", "en"),
        ("AZ-400", "en"),
    ],
)
def test_dates_and_figures_with_their_unit_are_not_broken(whole: str, lang: str) -> None:
    body = "\n".join(f"| {LONG} | at last {whole} or so | {LONG} | {LONG} |" for _ in range(3))
    pdf = built(f"| a | b | c | d |\n|---|---|---|---|\n{body}", f"language: {lang}\n")
    sound(pdf)
    assert sum(whole in line for line in lines(pdf)) == 3


def test_where_there_is_no_room_dates_are_broken_and_nothing_is_lost() -> None:
    head = "|" + " Checked |" * 9 + "\n|" + "---|" * 9
    body = "|" + " 28 September 2026 |" * 9
    tree = sound(built(f"{head}\n{body}", paper="a5"))
    cells = [" ".join(cell.text.split()) for cell in tree.all("TD")]
    assert cells.count("28 September 2026") == 9


def test_a_date_is_read_with_plain_spaces() -> None:
    tree = sound(built("| a | b |\n|---|---|\n| x | 28 September 2026 |"))
    assert "28 September 2026" in [cell.text.strip() for cell in tree.all("TD")]


def cell(rng: random.Random, words: int) -> Stops:
    starts, ends, place = [], [], 0.0
    for _ in range(words):
        width = rng.randint(8, 40)
        starts.append(place)
        place += width
        ends.append(place)
        place += 3.0
    return tuple(starts), tuple(ends)


def height(rows: list[list[Stops]], widths: list[float]) -> int:
    return sum(max(map(line_count, row, widths)) for row in rows)


@pytest.mark.parametrize("seed", range(12))
def test_rows_are_nearly_as_low_as_any_division_makes_them(seed: int) -> None:
    rng = random.Random(seed)
    rows = [[cell(rng, rng.randint(1, 14)) for _ in range(3)] for _ in range(8)]
    least = [40.0] * 3
    most = [max(row[column][1][-1] for row in rows) for column in range(3)]
    placed = [[(column, [stops]) for column, stops in enumerate(row)] for row in rows]
    widths = fitted(Measures(least, most, 0.0, placed), 400.0)
    part = (400.0 - 120.0) / PARTS
    assert sum(widths) == pytest.approx(400.0)
    assert all(width >= low for width, low in zip(widths, least, strict=True))
    lowest = min(
        height(rows, [40 + part * a, 40 + part * b, 40 + part * (PARTS - a - b)])
        for a in range(PARTS + 1)
        for b in range(PARTS + 1 - a)
    )
    assert height(rows, widths) <= lowest + 2


def test_a_line_break_of_the_author_counts() -> None:
    assert line_count(((0.0, 1e6), (10.0, 1e6 + 10)), 500.0) == 2
    assert line_count(((), ()), 5.0) == 1


def test_a_box_is_on_the_line_of_its_words_and_boxes_in_a_row_are_not_one_word() -> None:
    boxes = " ".join(["[ ]"] * 12)
    rows = "\n".join(f"| [ ] {n} | {LONG * 3} | {LONG * 3} | {boxes} |" for n in range(41, 44))
    pdf = built(f"| a | b | c | d |\n|---|---|---|---|\n{rows}", paper="a5")
    sound(pdf)
    numbers = [run for run in text_positions(pdf, 0) if run.text.strip() in ("41", "42", "43")]
    left = min(run.x for run in text_positions(pdf, 0) if run.text.strip() == "a")
    assert len(numbers) == 3
    # The number is behind the box instead of below it.
    assert all(run.x > left + 8 for run in numbers)


def test_large_print_stacks_a_table_that_would_be_a_tower() -> None:
    words = "Most exams of this kind have 40 to 60 questions, and 100 minutes for all of them"
    row = f"| Questions | {words} | 28 September 2026 | S12, S14, S16 |"
    table = f"| Fact | What holds | Checked | Source |\n|---|---|---|---|\n{row}\n{row}"
    large = built(table, print_options=PrintOptions(large_print=True))
    assert len(sound(large).all("TR")) == 8
    assert len(sound(built(table)).all("TR")) == 3


def test_long_code_is_split_where_it_would_make_towers_of_other_cells() -> None:
    code = "`subscriptions/production/resource_groups/monitoring`"
    rows = [
        f"| {LONG} | {code} | {LONG} | {LONG} |",
        *[f"| {LONG} | short | {LONG} | {LONG} |"] * 3,
    ]
    pdf = built("| a | b | c | d |\n|---|---|---|---|\n" + "\n".join(rows), paper="a5")
    (cell_,) = [c for c in sound(pdf).all("TD") if "subscriptions" in c.text]
    assert cell_.text.strip() == code.strip("`")
    assert not any(code.strip("`") in line for line in lines(pdf))


def test_only_the_longest_code_of_a_table_is_split() -> None:
    """A name that has room on a line of its own is not cut because another one has none."""
    code = "`subscriptions/production/resource_groups/monitoring`"
    short = "`AzurePowerShell@5`"
    rows = [
        f"| {LONG} | {code} | {LONG} | {LONG} |",
        f"| {LONG} | some {short} | {LONG} | {LONG} |",
    ]
    pdf = built("| a | b | c | d |\n|---|---|---|---|\n" + "\n".join(rows), paper="a5")
    assert any("AzurePowerShell@5" in line for line in lines(pdf))


def test_long_code_stays_whole_where_there_is_room() -> None:
    pdf = built(
        "| a | b | c |\n|---|---|---|\n| one | `production/monitoring/all` | two |", paper="a5"
    )
    assert any("production/monitoring/all" in line for line in lines(pdf))
