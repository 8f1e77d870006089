"""Columns that are made even are no higher than the page; a chapter's lead is across them."""

from __future__ import annotations

import random

import pytest
from onepage import built, sound
from page_rules import findings
from pdfread import text_positions
from pypdfium2 import PdfDocument

from handbook.layout.flow.columns import Columns
from handbook.layout.flow.flowables import Flowable, keep_whole
from handbook.layout.flow.paginate import Paginator

LIMIT, PAGE = 660.0, 700.0
LINE = 14.0


def block(rng: random.Random) -> list[Flowable]:
    made = [Flowable(LINE) for _ in range(rng.randint(2, 16))]
    made[-1].after = 8.0
    keep_whole(made)
    return made


@pytest.mark.parametrize("seed", range(60))
def test_even_columns_fit_the_page(seed: int) -> None:
    rng = random.Random(seed)
    flowables: list[Flowable] = []
    while sum(flowable.height for flowable in flowables) < 1.85 * LIMIT:
        flowables += block(rng)
    columns = Columns(flowables, 0.0, 200.0, 10.0, 2, LIMIT)
    if columns.columns:
        assert columns.height <= LIMIT + 0.1
        assert all(column.used <= LIMIT + 0.1 for column in columns.columns)
        return
    parts = columns.split(LIMIT)
    assert parts is not None
    first, rest = parts
    assert isinstance(first, Columns)
    assert isinstance(rest, Columns)
    assert first.height <= LIMIT + 0.1
    assert [*first.flowables, *rest.flowables] == flowables


def test_a_lead_is_across_all_columns() -> None:
    pdf = built(
        f"{'Leading words. ' * 20}\n{{.lead}}\n\n{'Others here. ' * 400}", "", "columns: 2\n"
    )
    runs = [run for run in text_positions(pdf, 0) if not run.artifact]
    leading = [run for run in runs if "Leading" in run.text]
    others = [run for run in runs if "Others" in run.text]
    right = max(run.x for run in others)
    assert min(run.x for run in others) < right - 100
    assert len(leading) > 1
    assert max(run.end for run in leading) > right
    assert min(run.y for run in leading) > max(run.y for run in others)
    sound(pdf)


@pytest.mark.parametrize("above", range(2, 30))
def test_a_heading_at_a_columns_foot_has_three_lines(above: int) -> None:
    heading = Flowable(18.0)
    heading.level, heading.keep_with_next = 2, True
    flowables = [*(Flowable(LINE) for _ in range(above)), heading]
    flowables += [Flowable(LINE) for _ in range(above + 3)]
    columns = Columns(flowables, 0.0, 200.0, 10.0, 2, LIMIT)
    for column in columns.columns:
        placed = [one.flowable for one in column.placed]
        assert heading not in placed or len(placed) - placed.index(heading) > 3


def test_a_heading_and_its_few_lines_are_above_what_goes_across_columns() -> None:
    code = "\n".join(f"    word {n} " + "long " * 22 for n in range(12))
    text = "Other words. " * 100
    pdf = built(f"{text}\n\n## A heading\n\nOne line.\n\n{code}\n\n{text}", "", "columns: 2\n")
    runs = [run for run in text_positions(pdf, 0) if not run.artifact]
    line = next(run for run in runs if "One line" in run.text)
    above = [run.y for run in runs if run.y > line.y and "Other" in run.text]
    assert len({round(y) for y in above}) > 5
    assert not [run for run in runs if "Other" in run.text and abs(run.y - line.y) < 5]
    sound(pdf)


@pytest.mark.parametrize("seed", [43, 201, 213, 259, 262])
def test_columns_that_go_on_leave_no_white_where_pages_face(seed: int) -> None:
    """The white below columns counts, although the end of the chapter is near."""
    rng = random.Random(seed)
    most = (2.05 + rng.random() * 0.5) * PAGE
    flowables: list[Flowable] = []
    while sum(flowable.height for flowable in flowables) < most:
        block = [Flowable(LINE) for _ in range(3 if rng.random() < 0.5 else rng.randint(6, 20))]
        block[-1].after = 8.0
        if len(block) > 3:
            keep_whole(block)
        flowables += block
    opener = Flowable(20.0)
    opener.opens, opener.keep_with_next = 0.3, True
    text = [Flowable(LINE) for _ in range(120)]
    columns = Columns(flowables, 0.0, 200.0, 10.0, 2, PAGE)
    left, right, *_ = Paginator(PAGE, 7.0, 0.0, {}, False).build([columns, opener, *text])
    assert abs(left.used - right.used) < 0.2 * PAGE


def test_what_is_whole_is_not_split_by_columns_although_a_page_could_hold_it_in_parts() -> None:
    """Three pieces of two thirds of a column do not fit a page; the third goes to the next."""
    pieces = [[Flowable(LINE) for _ in range(30)] for _ in range(3)]
    for piece in pieces:
        keep_whole(piece)
        piece[-1].after = 8.0
    columns = Columns([f for piece in pieces for f in piece], 0.0, 200.0, 10.0, 2, LIMIT)
    sheets = Paginator(LIMIT, 7.0, 0.0, {}).build([columns])
    held = [
        {id(placed.flowable) for placed in column.placed}
        for sheet in sheets
        for one in sheet.placed
        if isinstance(one.flowable, Columns)
        for column in one.flowable.columns
    ]
    for piece in pieces:
        assert sum(bool({id(flowable) for flowable in piece} & column) for column in held) == 1


def test_one_piece_is_whole_in_the_first_column() -> None:
    """What keeps its lines together has no end to part it at, and is not split in the middle."""
    piece = [Flowable(LINE) for _ in range(12)]
    keep_whole(piece)
    for flowable in piece[:-1]:
        flowable.keep_with_next = True
    columns = Columns(piece, 0.0, 200.0, 10.0, 2, LIMIT)
    assert [len(column.placed) for column in columns.columns] == [12]


def test_a_listing_alone_goes_across_the_columns() -> None:
    """Its lines are whole there, and in a column they would not be; the tags keep their order."""
    code = "\n".join(f"    word {n} " + "long " * 11 for n in range(5))
    text = "Other words. " * 60
    wide = "\n".join(f"    word {n} " + "long " * 16 for n in range(5))
    pdf = built(f"{wide}\n\n{code}\n\n{wide}\n\n{text}\n\n{code}\n", "", "columns: 2\n")
    runs = [run for run in text_positions(pdf, 0) if not run.artifact]
    lines = [run.text.strip() for run in runs if run.text.startswith("word 3")]
    whole = "word 3" + " long" * 11
    assert lines[:3] == [whole + " long" * 5, whole, whole + " long" * 5]
    assert lines[3] != whole
    sound(pdf)


@pytest.mark.parametrize(("count", "columns"), [(20, 1), (70, 2)])
def test_a_contents_list_of_more_than_a_page_is_in_columns(count: int, columns: int) -> None:
    body = "\n\n".join(f"## Heading {n}\n\nSome words." for n in range(count))
    body = f"::contents\n\n::page-break\n\n{body}"
    pdf = built(body, "", "layout: contents\n", theme="almanac", paper="letter")
    entries = [run for run in text_positions(pdf, 0) if "Heading" in run.text]
    assert len({round(run.x) for run in entries}) == columns


def test_a_table_with_almost_nothing_next_to_it_goes_across_the_columns() -> None:
    rows = "\n".join(f"| Sign {n} of it | {'what to try then ' * 4} |" for n in range(8))
    table = f"| What | Try |\n|---|---|\n{rows}"
    text = "Other words. " * 60

    def head(below: str) -> float:
        body = f"## First\n\n{text}\n\n## Signs\n\n{table}\n\n{below}\n"
        pdf = built(body, "", "columns: 2\n", paper="a4")
        sound(pdf)
        runs = text_positions(pdf, 0)
        left = next(run.x for run in runs if run.text.startswith("What"))
        return next(run.x for run in runs if run.text.startswith("Try")) - left

    assert head("It is done.") > 1.3 * head(text * 2)


def test_a_question_in_columns_is_whole_and_so_is_its_listing() -> None:
    """Its options, its table or its listing are below it, not in the next column or across both."""
    parts = []
    for n in range(16):
        options = "\n".join(f"- [ ] Option {n}q {m} {'of many words ' * 4}" for m in range(4))
        code = f"```text\nCode {n}q {'long ' * 20}\n```\n\n"
        asked = f"Asked {n}q {'about what is in the way ' * (4 + n % 5)}"
        parts.append(f"::: together\n\n{asked}\n\n{code if n % 3 else ''}{options}\n\n:::")
    pdf = built("\n\n".join(parts), "", "columns: 2\n")
    sound(pdf)
    found: dict[str, set[tuple[int, bool]]] = {}
    for number in range(len(PdfDocument(pdf))):
        for run in text_positions(pdf, number):
            words = run.text.split()
            if len(words) > 1 and words[0] in ("Asked", "Option", "Code"):
                found.setdefault(words[1], set()).add((number, run.x > 280))
    assert len(found) == 16
    assert all(len(places) == 1 for places in found.values()), found


@pytest.mark.parametrize("lines", range(36, 60, 3))
def test_what_should_stay_together_and_is_higher_than_a_column_ends_where_it_may(
    lines: int,
) -> None:
    """No mark of a list is alone at a column's foot, and nothing is below the page's frame."""
    code = "\n".join(f"line {n} of it" for n in range(lines))
    options = "\n".join(f"- Option {n} {'of many words ' * 5}" for n in range(4))
    question = f"::: together\n\nAsked.\n\n```text\n{code}\n```\n\n{options}\n\n:::"
    pdf = built(f"{question}\n\n" * 3, paper="a5", theme="field-guide")
    assert findings(pdf, theme="field-guide") == []
    for number in range(len(PdfDocument(pdf))):
        runs = [run for run in text_positions(pdf, number) if not run.artifact]
        for mark in (run for run in runs if run.text.strip() == "•"):
            assert any(0 < r.x - mark.x < 40 and abs(r.y - mark.y) < 4 for r in runs), number


def test_below_a_heading_across_columns_the_first_has_more_than_a_line() -> None:
    question = f"::: together\n\n{'Words of a question. ' * 20}\n\n{'Others of it. ' * 20}\n\n:::"
    for above in range(20, 120, 4):
        text = "Before. " * (above * 10)
        body = f"{text}\n\n## Wide\n\nOne line.\n\n### Narrow\n\n" + f"{question}\n\n" * 8
        pdf = built(body, "", "columns: 2\n")
        for number in range(len(PdfDocument(pdf))):
            runs = [run for run in text_positions(pdf, number) if not run.artifact]
            line = next((run for run in runs if run.text.startswith("One line")), None)
            if line is not None:
                assert any(abs(r.x - line.x) < 9 and 0 < line.y - r.y < 60 for r in runs), above
