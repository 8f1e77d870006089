"""Pages obey the rules of `page_rules`, and each rule finds the defect that it is for."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from io import BytesIO
from itertools import product
from pathlib import Path

import pikepdf
import pytest
from conftest import DAY, built, first_book, shipped
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from handbook.core.units import MM, PAPERS
from handbook.pipeline.phases import build
from handbook.select.selection import select
from handbook.theme.loader import load_theme, shipped_themes
from handbook.theme.print_options import PrintOptions

pytest.importorskip("pymupdf", reason="the rules ask MuPDF where glyphs are")

from break_rules import even_feet
from page_facts import frame_of, read
from page_rules import findings

EDITIONS = [("sre", "30", "a4"), ("data-engineer", "", "letter"), ("security-engineer", "", "a5"),
            ("cloud-engineer", "14", "phone"),
            ("", "", "a4")]  # fmt: skip


# --------------------------------------------------------------------- editions


@pytest.mark.parametrize(("role", "plan", "paper"), EDITIONS)
def test_editions(role: str, plan: str, paper: str) -> None:
    assert findings(built(role, "", plan, paper).pdf) == []


@pytest.mark.parametrize("paper", ["a4", "a5"])
@pytest.mark.parametrize("theme", [name for name in shipped_themes() if name != "default"])
def test_other_themes(theme: str, paper: str) -> None:
    selection = select(shipped(), role="sre", plan="30", paper=paper, day=DAY)
    pdf = build(shipped(), selection, theme=theme)
    assert findings(pdf, theme=theme) == []


def test_the_reader_sees_the_whole_edition() -> None:
    """Rules that look at nothing find nothing: pages, tags and covers are all there."""
    edition = built("sre", "", "30")
    sheets = read(edition.pdf)
    assert len(sheets) == len(edition.book.pages)
    assert [sheet.number for sheet in sheets if sheet.cover] == [1, len(sheets)]
    assert all(sheet.runs and sheet.marks for sheet in sheets)
    assert all(mark.mcid in sheet.owners for sheet in sheets for mark in sheet.marks)
    placed = {(round(run.x0), round(run.y)) for sheet in sheets for run in sheet.runs}
    marks = [(round(mark.x), round(mark.y)) for sheet in sheets for mark in sheet.marks]
    assert sum(place in placed for place in marks) > len(marks) * 0.5


@pytest.mark.grid
@pytest.mark.skipif(not os.environ.get("HANDBOOK_GRID_DIR"), reason="no folder with the grid")
def test_grid() -> None:
    """All files that test_grid.py left in HANDBOOK_GRID_DIR, on all processors."""
    files = sorted(Path(os.environ["HANDBOOK_GRID_DIR"]).glob("*.pdf"))
    if not files:
        pytest.skip("HANDBOOK_GRID_DIR is empty: test_grid.py fills it")
    with ProcessPoolExecutor() as pool:
        found = dict(zip(files, pool.map(_of_file, files)))
    assert {file.name: lines for file, lines in found.items() if lines} == {}


def _of_file(file: Path) -> list[str]:
    return findings(file.read_bytes())


def grid_part() -> list[tuple[str, str, str, str, bool]]:
    """Theme, paper, role and plan of the first book's editions, and whether for both sides.

    All of them in a whole grid, else one for each theme and paper, and another with another commit.
    """
    part, parts = map(int, os.environ.get("HANDBOOK_GRID_PART", "0/1").split("/"))
    roles = [str(row["id"]) for row in first_book().axis("roles")]
    readers = [("", ""), *((role, plan) for plan in ("", "30") for role in roles)]
    readers += [("sre", "60"), ("security-engineer", "60")]
    chosen = []
    for number, (theme, paper) in enumerate(product(shipped_themes(), ("a4", "letter", "a5"))):
        first = (part + 2 * number) % len(readers)
        turned = [*readers[first:], *readers[:first]][::parts]
        chosen += [(theme, paper, role, plan, False) for role, plan in turned]
        if number == part % 9 or parts == 1:
            chosen.append((theme, paper, "sre", "", True))
    return chosen


@pytest.mark.grid
@pytest.mark.skipif(not os.environ.get("HANDBOOK_FULL_GRID"), reason="takes a minute")
def test_grid_of_themes_and_papers() -> None:
    chosen = grid_part()
    assert {(theme, paper) for theme, paper, *_ in chosen} == set(
        product(shipped_themes(), ("a4", "letter", "a5"))
    )
    with ProcessPoolExecutor() as pool:
        found = dict(zip(chosen, pool.map(_of_choice, chosen)))
    assert {choice: lines for choice, lines in found.items() if lines} == {}


def _of_choice(choice: tuple[str, str, str, str, bool]) -> list[str]:
    theme, paper, role, plan, duplex = choice
    options = PrintOptions(duplex=duplex)
    selection = select(
        first_book(), role=role, plan=plan, paper=paper, day=DAY, print_options=options
    )
    return findings(build(first_book(), selection, theme=theme), theme=theme, duplex=duplex)


# --------------------------------------------------------------- defects, planted

W, H = PAPERS["a4"]
FRAME = frame_of(W, H, load_theme())
# A page as (element, x, baseline from the top, words, size); an element is a path of tags, each
# with a letter where there are several (`P.a`), and "" is an artifact.
Line = tuple[str, float, float, str, float]
FOOT: Line = ("", FRAME.left, FRAME.foot, "Page 1 of 1", 9)


def body(tag: str, y: float, text: str = "Some words", size: float = 10) -> Line:
    return (tag, FRAME.left, y, text, size)


def lines(tag: str, count: int, first: float = FRAME.top + 20) -> list[Line]:
    return [body(tag, first + 14 * n, f"Line {n} of {tag}") for n in range(count)]


FULL = lines("Sect/P.full", 40)
NINTH = FULL[9]


def mark_at(line: Line, drop: float, size: float) -> Line:
    """A link's number behind a line, this much higher."""
    end = line[1] + stringWidth(line[3], "Helvetica", line[4])
    return (line[0] + "/Link", end, line[2] - drop, "12", size)


def tagged(*pages: list[Line], draw: Callable[[Canvas], None] = lambda canvas: None) -> bytes:
    """A tagged PDF with these lines; what `draw` adds to the first page has no tags."""
    out = BytesIO()
    canvas = Canvas(out, (W, H))
    owners: list[list[str]] = []
    for number, page in enumerate(pages):
        owners.append([])
        for path, x, y, text, size in page:
            tag = path.split("/")[-1].split(".")[0]
            canvas._code.append(
                f"/{tag} <</MCID {len(owners[-1])}>> BDC" if path else "/Artifact BMC"
            )
            owners[-1] += [path] if path else []
            canvas.setFont("Helvetica", size)
            canvas.drawString(x, H - y, text)
            canvas._code.append("EMC")
        if number == 0:
            draw(canvas)
        canvas.showPage()
    canvas.save()
    return _with_structure(out.getvalue(), owners)


def _with_structure(data: bytes, owners: list[list[str]]) -> bytes:
    pdf = pikepdf.open(BytesIO(data))
    root = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.StructTreeRoot, K=[]))
    elements = {"": root}

    def element(path: str) -> pikepdf.Object:
        if path not in elements:
            above, _, own = path.rpartition("/")
            parent = element(above)
            node = pikepdf.Dictionary(S=pikepdf.Name("/" + own.split(".")[0]), P=parent, K=[])
            elements[path] = pdf.make_indirect(node)
            parent.K.append(elements[path])
        return elements[path]

    for page, paths in zip(pdf.pages, owners, strict=True):
        for mcid, path in enumerate(paths):
            mark = pikepdf.Dictionary(Type=pikepdf.Name.MCR, Pg=page.obj, MCID=mcid)
            element(path).K.append(mark)
    pdf.Root.StructTreeRoot = root
    out = BytesIO()
    pdf.save(out)
    return out.getvalue()


def found(*pages: list[Line], draw: Callable[[Canvas], None] = lambda canvas: None) -> list[str]:
    """What the rules find in these pages between two good ones, each with its foot."""
    start = [body("Sect/H1", FRAME.top + 20, "A chapter"), *FULL[2:], FOOT]
    middle = [[*page, FOOT] for page in pages]
    return findings(tagged(*middle, [*start], draw=draw))


def test_good_pages_have_no_findings() -> None:
    assert found(FULL, FULL) == []


@pytest.mark.parametrize(
    ("side", "x", "y"),
    [
        ("left", FRAME.left - 3, 300),
        ("right", FRAME.right - 20, 300),
        ("top", FRAME.left, FRAME.top + 3),
        ("bottom", FRAME.left, FRAME.bottom - 1),
        ("right", FRAME.right - 20, FRAME.foot),
        ("left", FRAME.left - 3, FRAME.head),
    ],
)
def test_text_beyond_a_margin(side: str, x: float, y: float) -> None:
    (finding,) = found([*FULL[:3], *FULL[20:], ("Sect/P.x", x, y, "Stray words", 10)])
    assert finding.startswith("page 1: 'Stray words' stands ")
    assert finding.endswith(f"beyond the {side} margin")


def test_text_just_inside_the_margins() -> None:
    low = FRAME.bottom - 2.5
    assert found([*FULL[:3], *FULL[20:], body("Sect/P.x", low)]) == []


def test_text_on_a_cover() -> None:
    words = ("H1", 6 * MM, 24.0, "A title", 10.0)
    near = ("P", 3 * MM, 90.0, "A stray", 10.0)
    pages = [[*FULL, FOOT]]
    assert findings(tagged([words], *pages)) == []
    assert findings(tagged([words, near], *pages)) == [
        "page 1: 'A stray' on a cover stands 8.5 pt from the edge"
    ]


@pytest.mark.parametrize(("x", "y"), [(W - 20, 300), (-9, 300), (200, H + 1), (200, 4)])
def test_text_across_the_edge(x: float, y: float) -> None:
    pages = found([*FULL, ("Sect/P.x", x, y, "Cut words", 10)])
    assert "page 1: 'Cut words' crosses the edge of the page" in pages


def test_lines_that_overlap() -> None:
    over = body("Sect/P.x", NINTH[2] + 4, "Printed over")
    (finding,) = found([*FULL, over])
    assert finding.startswith("page 1: 'Line 9 of Sect/P.full' and 'Printed over' overlap by ")


def test_words_that_run_into_each_other_on_one_line() -> None:
    x = FRAME.left + 30
    (finding,) = found([*FULL, ("Sect/P.x", x, NINTH[2], "Printed over", 10)])
    assert "overlap" in finding


def test_turned_words_overlap_too() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.saveState()
        canvas.translate(FRAME.left + 20, H - 300)
        canvas.rotate(90)
        canvas.drawString(0, 0, "Upwards")
        canvas.restoreState()

    assert "overlap" in found(FULL, draw=draw)[0]
    assert found([*FULL[:3], *FULL[25:]], draw=draw) == []


def test_marks_and_tight_lines_do_not_overlap() -> None:
    tight = [body("Sect/P.t", 700 + 10 * n, "Tight lines, Ågypq") for n in range(5)]
    assert found([*FULL, mark_at(NINTH, 3.6, 6.6), *tight]) == []


def test_small_text() -> None:
    small = body("Sect/Figure/P", FULL[-1][2] + 20, "Fine print", 7)
    assert found([*FULL, small]) == ["page 1: text of 7.00 pt: 'Fine print'"]


@pytest.mark.parametrize(("size", "drop", "good"), [(6.2, 3.5, True), (5.6, 3.5, False),
                                                   (6.2, 0, False)])  # fmt: skip
def test_only_raised_marks_may_be_small(size: float, drop: float, good: bool) -> None:
    assert (found([*FULL, mark_at(NINTH, drop, size)]) == []) is good


def test_an_empty_page() -> None:
    head = ("", FRAME.left, FRAME.head, "A running head", 9.0)
    assert found(FULL, [head], FULL) == ["page 2: nothing but running heads"]
    assert found(FULL, [("", FRAME.left, FRAME.head, "Notes", 9.0)], FULL) == []
    assert found(FULL, [body("Sect/P.x", 400, "This page is intentionally blank.")], FULL) == []


def test_a_blank_page() -> None:
    pages = [[*FULL, FOOT], [], [*FULL, FOOT]]
    assert findings(tagged(*pages)) == ["page 2: nothing at all"]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("Sect/H2", "the heading"),
        ("Sect/H2/Link", "the heading"),
        ("Sect/Table/Caption", "the table caption"),
        ("Sect/Table/THead/TR/TH", "the table head"),
    ],
)
def test_a_heading_at_the_foot_of_a_page(path: str, name: str) -> None:
    last = FULL[-1][2] + 25
    heading = body(path, last, "Alone", 12)
    assert found([*FULL, heading]) == [f"page 1: {name} 'Alone' is the last line of the page"]
    note = body("Sect/P.x/Note/P", last + 40, "1. A footnote")
    assert len(found([*FULL, heading, note])) == 1


def test_a_heading_with_something_below() -> None:
    heading = body("Sect/H2", FULL[-1][2] + 25, "Not alone", 12)

    def ruled(canvas: Canvas) -> None:
        canvas.line(FRAME.left, H - heading[2] - 30, FRAME.right, H - heading[2] - 30)

    assert found([*FULL, heading, body("Sect/L/LI/LBody", heading[2] + 20)]) == []
    assert found([*FULL, heading], draw=ruled) == []


def test_a_page_that_is_hardly_begun() -> None:
    assert found(lines("Sect/P.a", 3), FULL) == ["page 1: only 7% full, and the chapter continues"]
    assert found(lines("Sect/P.a", 16), FULL) == [
        "page 1: only 31% full, and the chapter continues"
    ]
    assert found(FULL, lines("Sect/P.a", 15)) == []
    assert found(lines("Sect/P.a", 19), FULL) == []


def test_a_last_page_of_a_few_lines() -> None:
    short = [body("Sect/P.z", FRAME.top + 20), body("Sect/P.z", FRAME.top + 34)]
    start = [body("Sect.a/H1", FRAME.top + 20, "A chapter"), *FULL[2:]]
    words = "only 5% full, where a chapter ends"
    assert found(start, short) == [f"page 2: {words}"]
    alone = [body("Sect.b/H1", FRAME.top + 20, "A short chapter"), short[1]]
    assert found(start, alone) == []


def listing(name: str, count: int, first: float) -> list[Line]:
    path = f"Sect/Div.{name}/P.{name}{{}}/Code.{name}{{}}"
    return [
        (path.format(n, n), FRAME.left, first + 14 * n, f"step {n}", 10.0) for n in range(count)
    ]


def test_a_short_listing_over_two_pages() -> None:
    one = [*FULL[:30], *listing("l", 6, FULL[30][2])]
    code = listing("l", 12, FRAME.top + 20)
    two = [*code[6:], *FULL[20:]]
    assert found(one, two) == ["page 1: a listing of 12 lines is split over pages"]
    assert found([*FULL[:20], *listing("l", 12, FULL[20][2])], FULL) == []


def box(numbers: range, first: float = FRAME.top + 20) -> list[Line]:
    """These paragraphs of a box, a line each."""
    return lines_of((f"Sect/Div.b/P.b{n}" for n in numbers), first)


def lines_of(tags: Iterable[str], first: float) -> list[Line]:
    return [body(tag, first + 14 * n, f"Line {n}") for n, tag in enumerate(tags)]


def test_a_box_over_two_pages() -> None:
    two = [*box(range(6, 12)), *FULL[20:]]
    words = "page 1: a box of 23% of a page is split over pages ('Line 0')"
    assert found([*FULL[:28], *box(range(6), FULL[28][2])], two) == [words]
    assert found([*FULL[:28], *box(range(12), FULL[28][2])], FULL) == []


def test_a_box_that_is_higher_than_half_a_page_may_be_split() -> None:
    two = [*box(range(30, 40)), *FULL[20:]]
    assert found([*FULL[:5], *box(range(30), FULL[5][2])], two) == []


def aside(part: list[Line], x: float = FRAME.left + 250) -> list[Line]:
    """These lines in another column."""
    return [(tag, x, y, text, size) for tag, _, y, text, size in part]


def test_a_listing_over_two_columns() -> None:
    code = listing("l", 12, FULL[20][2])
    split = [*code[:8], *aside(listing("l", 12, FULL[12][2])[8:])]
    words = "page 1: a listing of 12 lines is split over columns"
    assert found([*FULL[:20], *split]) == [words]
    assert found([*FULL[:20], *code]) == []


def test_a_box_over_two_columns() -> None:
    top = FULL[20][2]
    split = [*box(range(8), top), *aside(box(range(8, 12), top))]
    words = "page 1: a box of 23% of a page is split over columns ('Line 0')"
    assert found([*FULL[:20], *split, *FULL[30:]]) == [words]
    beside = [*box(range(3), top), *aside(box(range(3, 12), top), FRAME.left + 120)]
    assert found([*FULL[:20], *beside, *FULL[30:]]) == []  # next to a label of three lines


def row(number: int) -> str:
    return f"Sect/Table.t/TBody.t/TR.{number}/TD.{number}"


@pytest.mark.parametrize(("one", "two", "page"), [(1, 5, 1), (5, 1, 2), (2, 2, 0)])
def test_one_row_of_a_table_alone(one: int, two: int, page: int) -> None:
    first = lines_of(map(row, range(one)), FULL[30][2])
    last = lines_of(map(row, range(one, one + two)), FRAME.top + 20)
    expected = [f"page {page}: one row of a table alone ('Line 0')"] if page else []
    assert found([*FULL[:30], *first], [*last, *FULL[20:]]) == expected


@pytest.mark.parametrize(("below", "good"), [(1, False), (2, False), (3, True)])
def test_a_heading_with_few_lines_below_it(below: int, good: bool) -> None:
    heading = body("Sect/Sect.s/H2", FULL[30][2], "Heading", 14)
    text = lines_of([f"Sect/Sect.s/P.{n}" for n in range(below)], FULL[30][2] + 20)
    rest = lines("Sect/Sect.s/P.rest", 20)
    words = f"page 1: the heading 'Heading' has {below} lines below it, and more elsewhere"
    assert found([*FULL[:30], heading, *text], rest) == ([] if good else [words])
    other = body("Sect/Sect.o/H2", FRAME.top + 20, "Another", 14)
    rest = [other, *lines("Sect/Sect.o/P.rest", 20, FRAME.top + 40)]
    assert found([*FULL[:30], heading, *text], rest) == []


@pytest.mark.parametrize(("below", "good"), [(2, False), (3, True)])
def test_a_heading_at_the_foot_of_a_column(below: int, good: bool) -> None:
    heading = body("Sect/Sect.s/H2", FULL[20][2], "Heading", 14)
    text = lines_of([f"Sect/Sect.s/P.{n}" for n in range(below)], FULL[20][2] + 20)
    beside = aside(lines("Sect/Sect.s/P.rest", 8, FULL[10][2]))
    words = f"page 1: the heading 'Heading' has {below} lines below it, and more elsewhere"
    page = [*FULL[:10], heading, *text, *beside, *FULL[30:]]
    assert found(page) == ([] if good else [words])


def test_facing_pages_that_end_at_different_heights() -> None:
    chapter = [body("Sect/H1", FRAME.top + 20, "A chapter"), *FULL[2:], FOOT]
    inside = [*FULL, FOOT]
    low = [*lines("Sect/P.low", 25), FOOT]
    words = "facing pages end 28% of a page apart"
    assert even(chapter, inside, low, inside) == [(2, words)]
    assert even(chapter, inside, inside, inside) == []
    assert even(chapter, inside, low, chapter) == []


def even(*pages: list[Line]) -> list[tuple[int, str]]:
    return list(even_feet(read(tagged(*pages))))


def split(one: int, two: int, tag: str = "P.s") -> Iterator[list[Line]]:
    """Two pages over which a paragraph of one + two lines is split."""
    yield [*FULL[:30], *lines(f"Sect/{tag}", one, FULL[30][2])]
    yield [*lines(f"Sect/{tag}", two), *FULL[20:]]


@pytest.mark.parametrize("tag", ["P.s", "L/LI/LBody"])
def test_one_line_of_a_paragraph_alone(tag: str) -> None:
    words = f"'Line 0 of Sect/{tag}'"
    assert found(*split(1, 2, tag)) == [
        f"page 1: one line of a paragraph alone at the foot ({words})"
    ]
    assert found(*split(2, 1, tag)) == [
        f"page 2: one line of a paragraph alone at the top ({words})"
    ]
    assert found(*split(2, 2, tag)) == []
    assert found(*split(1, 1, tag)) == []


def test_a_raised_mark_is_not_a_line() -> None:
    one, two = split(2, 1)
    (finding,) = found(one, [*two, mark_at(two[0], 3.5, 6.6)])
    assert finding.startswith("page 2: one line of a paragraph alone at the top")
