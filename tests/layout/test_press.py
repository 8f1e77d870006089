"""What a printer needs: boxes, margins, crop marks, the order of a booklet, sizes and greys."""

from __future__ import annotations

import re
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from conftest import DAY, shipped
from hypothesis import given
from hypothesis import strategies as st
from packs import pack, run
from readback import Reader, squeeze

from handbook.core.units import MM, PAPERS
from handbook.layout.imposition import booklet_order
from handbook.pipeline.phases import build, document_of
from handbook.select.selection import select
from handbook.theme.loader import load_theme, shipped_themes
from handbook.theme.print_options import PrintOptions
from handbook.theme.variants import theme_variant

A4, A5 = PAPERS["a4"], PAPERS["a5"]


@lru_cache(maxsize=8)
def printed(press: PrintOptions, paper: str = "a4") -> bytes:
    selection = select(shipped(), role="sre", plan="30", paper=paper, day=DAY, print_options=press)
    return build(shipped(), selection)


def box(page: pikepdf.Page, name: str) -> list[float]:
    return [float(side) for side in page.obj[name]]


def around(size: tuple[float, float], margin: float) -> list[float]:
    return pytest.approx([-margin, -margin, size[0] + margin, size[1] + margin], abs=0.01)


# ------------------------------------------------------------------------ boxes


@pytest.mark.parametrize(
    ("press", "bleed", "media"),
    [
        (PrintOptions(bleed=3 * MM), 3 * MM, 3 * MM),
        (PrintOptions(bleed=3 * MM, marks=True), 3 * MM, 11 * MM),
        (PrintOptions(marks=True, duplex=True), 0.0, 8 * MM),
    ],
)
def test_boxes_around_the_trimmed_page(press: PrintOptions, bleed: float, media: float) -> None:
    with pikepdf.open(BytesIO(printed(press))) as pdf:
        for page in pdf.pages:
            assert box(page, "/TrimBox") == around(A4, 0)
            assert box(page, "/BleedBox") == around(A4, bleed)
            assert box(page, "/MediaBox") == around(A4, media)


@pytest.mark.parametrize("paper", ["a4", "letter", "a5"])
def test_a_plain_page_is_its_paper(paper: str) -> None:
    with pikepdf.open(BytesIO(printed(PrintOptions(), paper))) as pdf:
        assert all(box(page, "/MediaBox") == around(PAPERS[paper], 0) for page in pdf.pages)


def pixels(data: bytes, page: int, scale: float = 0.5) -> object:
    import pypdfium2

    return pypdfium2.PdfDocument(data)[page].render(scale=scale).to_pil().convert("RGB")


def test_the_covers_colour_reaches_the_edge_of_the_bleed() -> None:
    picture = pixels(printed(PrintOptions(bleed=3 * MM)), 0)
    width, height = picture.size  # type: ignore[attr-defined]
    corner = picture.getpixel((1, 1))  # type: ignore[attr-defined]
    side = picture.getpixel((width - 2, height // 3))  # type: ignore[attr-defined]
    assert max(corner) < 180
    assert max(side) < 180


def test_crop_marks_stay_outside_of_the_bleed() -> None:
    marked, plain = (
        printed(PrintOptions(bleed=3 * MM, marks=True)),
        printed(PrintOptions(bleed=3 * MM)),
    )
    inner = pixels(marked, 5)
    width, height = inner.size  # type: ignore[attr-defined]
    slug = round(8 * MM / 2)
    middle = inner.crop((slug + 2, slug + 2, width - slug - 2, height - slug - 2))  # type: ignore[attr-defined]
    assert middle.getpixel((0, 0)) == (255, 255, 255)
    strip = inner.crop((0, 0, width, slug)).convert("L").tobytes()  # type: ignore[attr-defined]
    dark = [level for level in strip if level < 200]
    assert len(dark) > 4
    assert len(marked) > len(plain)


# ----------------------------------------------------------------------- duplex


def test_both_sides_chapters_that_begin_pages_start_on_the_right(tmp_path: Path) -> None:
    theme = tmp_path / "apart.yaml"
    theme.write_text("extends: default\nchapter: {run-in: 0}\n", encoding="utf-8")
    duplex = PrintOptions(duplex=True)
    selection = select(shipped(), role="sre", plan="30", day=DAY, print_options=duplex)
    reader = Reader(build(shipped(), selection, theme=str(theme)))
    size = load_theme(str(theme)).style("chapter-title").size
    starts = {
        index
        for index, runs in enumerate(reader.runs)
        if any(abs(r.size - size) < 0.1 for r in runs if not r.artifact)
    }
    assert len(starts) > 20
    assert all(index % 2 == 0 for index in starts)


def test_both_sides_margins_mirror() -> None:
    reader = Reader(printed(PrintOptions(duplex=True)))
    assert len(reader.runs) % 2 == 0
    lefts = [min((r.x for r in runs), default=0.0) for runs in reader.runs]
    theme = load_theme()
    for first, side in ((6, "inner"), (7, "outer")):
        edge = round(theme.number(f"page.{side}") / MM)
        assert {round(x / MM) for x in lefts[first : first + 24 : 2]} == {edge}


def test_pages_that_would_be_empty_are_for_notes() -> None:
    reader = Reader(printed(PrintOptions(duplex=True)))
    for runs in reader.runs[1:-1]:
        text = squeeze("".join(run.text for run in runs))
        assert any(not run.artifact for run in runs) or "Notes" in text


def test_print_options_change_no_word_of_the_text() -> None:
    text = squeeze(Reader(printed(PrintOptions())).structure().text)
    plain = re.sub(r"\d", "", text)
    for press in (PrintOptions(bleed=9.0, marks=True), PrintOptions(grayscale=True)):
        assert squeeze(Reader(printed(press)).structure().text) == text
    duplex = squeeze(Reader(printed(PrintOptions(duplex=True))).structure().text)
    assert re.sub(r"\d", "", duplex)[:60_000] == plain[:60_000]


# ---------------------------------------------------------------------- booklet


@given(st.integers(1, 15), st.sampled_from([0, 4, 8, 16, 20]))
def test_a_folded_booklet_reads_on(sheets: int, signature: int) -> None:
    """Fold the sheets on the table and turn the leaves: the pages come in order."""
    count = sheets * 4
    sides = booklet_order(count, signature)
    assert len(sides) == count // 2
    read: list[int] = []
    size = signature or count
    for first in range(0, len(sides), size // 2):
        own = sides[first : first + size // 2]
        fronts, backs = own[::2], own[1::2]
        # Leaves from the outside in: right of the front, left of the back; then out again.
        for front, back in zip(fronts, backs, strict=True):
            read += [front[1], back[0]]
        for front, back in zip(reversed(fronts), reversed(backs), strict=True):
            read += [back[1], front[0]]
    assert read == list(range(count))


def test_a_booklet_of_the_real_book() -> None:
    data = printed(PrintOptions(booklet=True))
    reader = Reader(data)
    with pikepdf.open(BytesIO(data)) as pdf:
        assert all(box(page, "/MediaBox") == [0, 0, 841.89, 595.28] for page in pdf.pages)
        assert len(pdf.pages) % 2 == 0
    # The cover is the right half of the first side, the back cover its left half.
    first = reader.runs[0]
    assert any("Handbook" in run.text and run.x > A5[0] for run in first)
    assert any("Releases" in run.text and run.x < A5[0] for run in first)
    plain = Reader(printed(PrintOptions(duplex=True), "a5")).structure().text
    words = re.sub(r"\d+", "", squeeze(reader.structure().text))
    assert words[:40_000] == re.sub(r"\d+", "", squeeze(plain))[:40_000]


def test_links_of_a_booklet_lead_to_the_sheet() -> None:
    with pikepdf.open(BytesIO(printed(PrintOptions(booklet=True)))) as pdf:
        pages = {page.obj.objgen for page in pdf.pages}
        dests = [
            a.Dest[0].objgen for p in pdf.pages for a in p.obj.get("/Annots", []) if "/Dest" in a
        ]
        assert len(dests) > 200
        assert set(dests) <= pages
        right = [a for p in pdf.pages for a in p.obj.get("/Annots", []) if float(a.Rect[0]) > A5[0]]
        assert len(right) > 100


# ------------------------------------------------------------- large print, grey


def test_large_print_has_no_text_below_18_points() -> None:
    sizes = {
        round(r.size, 2)
        for runs in Reader(printed(PrintOptions(large_print=True))).runs
        for r in runs
    }
    assert min(sizes) >= 18


@pytest.mark.parametrize("name", shipped_themes())
def test_large_print_has_the_whole_width_and_no_grey_text(name: str) -> None:
    theme = load_theme(name)
    large = theme_variant(theme, large_print=True, grayscale=False)
    for paper in ("a4", "letter", "a5"):
        left = large.page(paper, "left")
        assert left == large.page(paper, "wide-left") <= 17 * MM
        assert large.page(paper, "right") <= 17 * MM
    soft = theme.color("colors.soft")
    assert [one for one in large.text_styles() if large.style(one).color == soft] == []


def test_grey_print_has_no_colour_at_all() -> None:
    with pikepdf.open(BytesIO(printed(PrintOptions(grayscale=True)))) as pdf:
        for page in pdf.pages:
            operators = {str(op) for _, op in pikepdf.parse_content_stream(page)}
            assert not operators & {"rg", "RG", "k", "K", "sc", "SC", "scn", "SCN"}


def test_greys_keep_the_contrast_of_the_colours() -> None:
    from handbook.theme.contrast import contrast, text_pairs

    theme = load_theme()
    grey = theme_variant(theme, large_print=False, grayscale=True)
    for (name, ink, ground, _), (_, own, under, _) in zip(
        text_pairs(theme), text_pairs(grey), strict=True
    ):
        assert contrast(own, under) == pytest.approx(contrast(ink, ground), rel=0.06), name


# ------------------------------------------------------------------------ errors


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--bleed", "3"), 2, "is not a length; write it as 3mm"),
        (("--bleed", "20mm"), 1, "from 0 to 10 mm"),
        (("--booklet", "--paper", "a5"), 1, "no room on a5"),
        (("--booklet", "--marks"), 1, "neither bleed nor marks"),
        (("--large-print", "--booklet"), 1, "A4 or Letter"),
        (("--booklet", "--signature", "10"), 1, "cannot be folded"),
        (("--signature", "16"), 2, "needs --booklet"),
        (("--paper", "half-letter"), 2, "unknown paper"),
    ],
)
def test_options_that_do_not_go_together(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    options: tuple[str, ...],
    code: int,
    words: str,
) -> None:
    folder = pack(tmp_path)
    out = tmp_path / "a.pdf"
    got, _, reported = run(capsys, "build", "--content", str(folder), "-o", str(out), *options)
    assert got == code
    assert words in reported
    assert not out.exists()


def test_a_files_name_says_how_it_is_printed() -> None:
    press = PrintOptions(duplex=True, grayscale=True)
    selection = select(shipped(), role="sre", paper="letter", day=DAY, print_options=press)
    assert selection.file_stem == "az-400_role-sre_path-sre_letter_duplex_grayscale"
    assert document_of(shipped(), selection).meta.identifier == selection.file_stem
