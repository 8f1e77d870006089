"""`--paper phone`: a page to read on glass."""

from __future__ import annotations

import re
from collections import Counter
from io import BytesIO
from pathlib import Path

import pikepdf
import pymupdf
import pytest
from conftest import DAY, built, shipped
from onepage import built as one_page
from onepage import sound
from packs import pack, run
from page_rules import findings
from pdfread import reading_order_text, text_positions

from handbook.core.units import MM, PAPERS
from handbook.layout.page import LinkArea
from handbook.pipeline.phases import build
from handbook.select.selection import select
from handbook.theme.loader import shipped_themes

WORDS = "What a reader of the plan wants to have at hand on the day, " * 2 + "and some"
WIDE = (
    "| Exam | Who it is for | What it asks | Weight |\n|---|---|---|---:|\n"
    f"| **AZ-104** | {WORDS} | {WORDS} | 20 |\n| **AZ-400** | {WORDS} | {WORDS} | 30 |\n"
)


def test_pages_are_as_wide_as_a_phone_and_never_turned() -> None:
    with pikepdf.open(BytesIO(built("sre", "", "30", "phone").pdf)) as pdf:
        sizes = {tuple(round(float(v), 1) for v in page.mediabox) for page in pdf.pages}
    assert sizes == {(0, 0, *(round(side, 1) for side in PAPERS["phone"]))}


@pytest.mark.parametrize("theme", shipped_themes())
def test_text_is_large_enough_and_in_one_column(theme: str) -> None:
    selection = select(shipped(), role="sre", plan="30", paper="phone", day=DAY)
    pdf = build(shipped(), selection, theme=theme)
    assert findings(pdf, theme=theme) == []
    sizes: Counter[float] = Counter()
    body = pdf_of(theme, "\n\n".join(f"Paragraph {n}. " + WORDS * 4 for n in range(30)))
    for page in range(4):
        found = text_positions(body, page)
        sizes.update(round(one.size, 1) for one in found)
        starts = {round(one.x / MM) for one in found if one.text.startswith("Paragraph")}
        assert len(starts) <= 1
    assert sizes.most_common(1)[0][0] >= 10


def pdf_of(theme: str, body: str) -> bytes:
    return one_page(body, paper="phone", theme=theme)


def test_nothing_is_left_out() -> None:
    texts = [reading_order_text(built("sre", "", "30", name).pdf) for name in ("a4", "phone")]
    paper, phone = (Counter(text.split()) for text in texts)
    # Numbers of pages differ, heads of stacked columns are said again, and long code is cut.
    missing = [word for word in paper - phone if any(map(str.isalpha, word))]
    uncut = "".join(texts[1].split())
    # A term in the side column has a colon, which paper without one has not.
    assert [word for word in missing if word.removesuffix(":") not in uncut] == []


def test_a_row_that_is_too_wide_becomes_a_group() -> None:
    tree = sound(one_page(WIDE, paper="phone"))
    (table,) = tree.all("Table")
    rows = [[" ".join(c.text.split()) for c in row.all("TH", "TD")] for row in table.all("TR")]
    first = [
        ["Exam", "AZ-104"],
        ["Who it is for", WORDS],
        ["What it asks", WORDS],
        ["Weight", "20"],
    ]
    assert rows[:4] == first
    assert len(rows) == 8
    (upright,) = sound(one_page(WIDE)).all("Table")
    assert len(upright.all("TR")) == 3


def test_narrow_tables_and_those_with_spans_keep_their_columns() -> None:
    two = "| Exam | What it asks |\n|---|---|\n| AZ-104 | words |\n"
    assert len(sound(one_page(two, paper="phone")).all("TR")) == 2
    spans = WIDE + f"| **SC-100** | {WORDS} | << | 40 |\n"
    tree = sound(one_page(spans, paper="phone"))
    assert tree.all("THead")[0].all("TH")[0].text.strip() == "Exam"


def test_a_cell_that_spans_rows_is_said_again_in_each_group() -> None:
    tree = sound(one_page(WIDE + f"| ^^ | {WORDS} | {WORDS} | 40 |\n", paper="phone"))
    rows = [[" ".join(c.text.split()) for c in row.all("TH", "TD")] for row in tree.all("TR")]
    assert [row for row in rows if row[0] == "Exam"] == [
        ["Exam", "AZ-104"],
        ["Exam", "AZ-400"],
        ["Exam", "AZ-400"],
    ]


def test_a_group_that_continues_says_again_what_it_is_about() -> None:
    high = "What a reader of the plan wants to have at hand. " * 9
    rows = "".join(f"| **Exam number {n}** | {high} | {high} | {high} |\n" for n in range(4))
    pdf = one_page("| Exam | Who | What | Why |\n|---|---|---|---|\n" + rows, paper="phone")
    tree = sound(pdf)
    # It is said once to those who hear it, and printed at each page's head.
    said = Counter(" ".join(cell.text.split()) for cell in tree.all("TH"))
    assert [said[f"Exam number {n}"] for n in range(4)] == [1] * 4
    with pikepdf.open(BytesIO(pdf)) as document:
        count = len(document.pages)
    for page in range(1, count):
        frame = [run for run in text_positions(pdf, page) if 40 < run.y < 450]
        top = max(run.y for run in frame)
        first = " ".join(run.text.strip() for run in frame if run.y > top - 1)
        assert first.startswith("Exam Exam number"), page


def test_the_bar_of_a_marked_row_is_apart_from_its_words() -> None:
    pdf = one_page(WIDE.replace("| **AZ", "| {.chosen} **AZ"), paper="phone")
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        (page, *_) = document
        drawn = [one["rect"] for one in page.get_drawings()]
        words = [word[:4] for word in page.get_text("words")]
    bars = [one for one in drawn if abs(one.width - 2.5) < 0.1 and one.height > 5]
    assert bars
    for bar in bars:
        beside = [left for left, top, _, bottom in words if bar.y0 < (top + bottom) / 2 < bar.y1]
        assert min(beside) - bar.x1 >= 1.9


def test_what_is_tapped_is_as_high_as_a_finger() -> None:
    edition = built("sre", "", "30", "phone")
    areas = [i for page in edition.book.pages for i in page.items if isinstance(i, LinkArea)]
    assert len(areas) > 100
    assert min(area.height for area in areas) >= 7 * MM - 0.01


def test_contents_have_the_numbers_of_pages() -> None:
    edition = built("sre", "", "30", "phone")
    contents = edition.book.destinations["contents"].page
    words = " ".join(one.text for one in text_positions(edition.pdf, contents))
    for chapter in [one for one in edition.document.chapters if one.listed][:3]:
        assert edition.labels[chapter.id] in words


def test_the_number_of_an_address_is_on_its_line() -> None:
    edition = built("sre", "", "30", "phone")
    page = edition.book.destinations["web-addresses"].page
    runs = [run for run in text_positions(edition.pdf, page) if run.x < 100 * MM]
    numbers = [run for run in runs if re.fullmatch(r"\d+\.", run.text.strip())]
    assert numbers
    for number in numbers[:5]:
        beside = [run for run in runs if run.x > number.end and abs(run.y - number.y) < 0.1]
        assert beside, number.text


@pytest.mark.parametrize(
    "options",
    [("--duplex",), ("--bleed", "3mm"), ("--marks",), ("--booklet",), ("--large-print",)],
)
def test_options_of_printing_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...]
) -> None:
    folder, out = pack(tmp_path), tmp_path / "a.pdf"
    command = ["build", "--content", str(folder), "--paper", "phone", "-o", str(out), *options]
    code, _, reported = run(capsys, *command)
    assert code == 1
    assert f"{options[0]} is for paper, and --paper phone is read on a screen" in reported
    assert f"leave out {options[0]}" in reported
    assert not out.exists()


def test_a_print_run_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, roster = pack(tmp_path / "pack"), tmp_path / "roster.csv"
    roster.write_text("name\nAsha Rao\n", encoding="utf-8")
    command = ["batch", str(roster), "--content", str(folder), "--paper", "phone"]
    code, _, reported = run(
        capsys, *command, "--print-run", str(tmp_path / "all.pdf"), "-o", str(tmp_path / "out")
    )
    assert code == 1
    assert "--print-run is for paper" in reported
