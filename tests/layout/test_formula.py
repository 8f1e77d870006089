"""Formulas are drawn from TeX, read aloud in words, and reported where they are wrong."""

from __future__ import annotations

import re
from pathlib import Path

import pikepdf
import pytest
from packs import pack, run
from readback import Reader

from handbook.core.diagnostics import NOWHERE
from handbook.layout.figure.formula import draw_formula, parts_of
from handbook.layout.page import Path as Shape
from handbook.markdown.convert.formulas import TexError, read_formula

HEAD = "---\ntitle: One\n---\n\n"
INK = (0.0, 0.0, 0.0)


def drawn(tex: str, display: bool = True):  # type: ignore[no-untyped-def]
    return draw_formula(read_formula(tex, display).mathml, 10, INK, NOWHERE)


def build(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, **more: str) -> Reader:
    folder = pack(tmp_path / "pack", one_dot_md=HEAD + text, **more)
    code, _, messages = run(
        capsys,
        "build",
        "--content",
        str(folder),
        "--date",
        "2026-11-23",
        "-o",
        str(tmp_path / "book.pdf"),
    )
    assert code == 0, messages
    return Reader(tmp_path / "book.pdf")


def spoken(reader: Reader) -> list[str]:
    """What formulas say, in the order of their objects."""
    found = [one for one in reader.pdf.objects if isinstance(one, pikepdf.Dictionary)]
    return [str(one.Alt) for one in found if one.get("/S") == "/Formula"]


@pytest.mark.parametrize(
    ("tex", "words"),
    [
        (r"\frac{a}{b}", "a over b"),
        (r"x^2 + y^3", "x squared plus y cubed"),
        (r"\sqrt{x}", "the square root of x"),
        (r"\sum_{i=1}^n \alpha_i", "the sum from i equals 1 to n of alpha sub i"),
        (r"\hat{y} = \mathbf{W}x", "y hat equals bold W x"),
        (r"a \le b \ne \infty", "a is at most b is not equal to infinity"),
        (r"\Delta\theta", "capital delta theta"),
        (r"\text{MTTR} = \frac{\text{down}}{n}", "MTTR equals down over n"),
        (r"\text{CV\%} = 1", "CV% equals 1"),
        (r"U_0 \text{ if $x = 0$}", "U sub 0 if x equals 0"),
        (r"\begin{aligned}a&=1\\[4mm]b&=2\end{aligned}", "a equals 1; b equals 2"),
        (r"\left< x \right> := \rule{0mm}{4mm}n", "open angle x close angle is defined as n"),
    ],
)
def test_words(tex: str, words: str) -> None:
    assert read_formula(tex).spoken == words


def test_the_bars_of_a_determinant_are_as_high_as_it_is() -> None:
    matrix = drawn(r"\begin{vmatrix}a & b\\c & d\end{vmatrix}")
    points = [
        point
        for item in matrix.items
        if isinstance(item, Shape)
        for _, *rest in item.segments
        for point in zip(rest[::2], rest[1::2], strict=True)
    ]
    left = min(x for x, _ in points)
    ys = [y for x, y in points if x < left + 1]
    assert max(ys) - min(ys) == pytest.approx(matrix.above + matrix.below, rel=0.05)


@pytest.mark.parametrize(
    ("tex", "part"),
    [
        (r"\foo x", r"\foo"),
        (r"\frac{a", "{"),
        (r"a}", "}"),
        (r"\frac{a}", r"\frac"),
        (r"\left( x", r"\left"),
        (r"x \right)", r"\right"),
        (r"\begin{matrix} a", r"\begin{matrix}"),
        (r"\begin{matrix} a \end{cases}", r"\end{cases}"),
        (r"\[0, 1]\ ", r"\["),
        ("", "$$"),
        ("{" * 60 + "}" * 60, "{"),
    ],
)
def test_mistakes(tex: str, part: str) -> None:
    with pytest.raises(TexError) as caught:
        read_formula(tex)
    assert caught.value.part == part


def test_a_mistake_is_reported_at_its_line_and_column(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (
        HEAD + "Words.\n\nIn a line $a + \\alhpa{b}$ it is.\n\n$$\nx = 1 \\\\\ny = \\nothing\n$$\n"
    )
    folder = pack(tmp_path, one_dot_md=text)
    code, _, messages = run(
        capsys, "build", "--content", str(folder), "-o", str(tmp_path / "book.pdf")
    )
    assert code == 1
    assert "one.md:7:16: error: unknown command '\\alhpa'" in messages
    assert "did you mean \\alpha?" in messages
    assert "one.md:11:5: error: unknown command '\\nothing'" in messages


@pytest.mark.parametrize(
    "tex",
    [
        r"\left( \sum_{j} x_j \right)",
        r"\sum_{i} x \\\\ \sum_{j} y",
        r"\max_{0 \le m < p, 0 \le n < q} Z",
        r"\|f\|_1",
    ],
)
def test_what_stretches_stays_in_bounds(tex: str) -> None:
    formula = drawn(tex)
    assert 5 < formula.above + formula.below < 80


def test_a_formula_lies_on_the_baseline() -> None:
    formula = drawn("x", display=False)
    assert formula.below == pytest.approx(0, abs=0.2)
    low = min(v for s in formula.items[0].segments for v in s[2::2])
    assert low == pytest.approx(0, abs=0.3)


def test_a_long_formula_has_places_to_break() -> None:
    whole = read_formula("a_1 + a_2 = b_1 + (c - d)").mathml
    parts = parts_of(whole)
    assert len(parts) == 4
    together = sum(draw_formula(part, 10, INK, NOWHERE).width for part in parts)
    assert together == pytest.approx(draw_formula(whole, 10, INK, NOWHERE).width, rel=0.06)


def test_in_a_book(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (
        "Pay $5 or $6, set $HOME and $PATH; the rate is $1 - A$.\n\n"
        "$$\nA = \\frac{u}{u + d}\n$$ {#eq-rate}\n\nSee :ref[eq-rate].\n\n| $x$ | b |\n|---|---|\n| 1 | $y$ |\n"
    )
    reader = build(tmp_path, capsys, text)
    root = reader.structure()
    assert spoken(reader) == [
        "1 minus A",
        "A equals the fraction u over u plus d end fraction",
        "x",
        "y",
    ]
    words = " ".join(node.text for node in root.all("P"))
    assert "Pay $5 or $6, set $HOME and $PATH; the rate is" in words
    assert re.search(r"\(1\).*See \(1\)", words)


def test_a_wide_formula_is_broken_and_stays_in_its_column() -> None:
    parts = [f"a_{{{n}}}" for n in range(60)]
    formula = read_formula(" + ".join(parts), True)
    assert len(parts_of(formula.mathml)) > 50
    assert all(isinstance(item, Shape) for item in drawn("a").items)


def test_twice_the_same() -> None:
    tex = r"\int_0^1 \begin{pmatrix} a & b \\ c & d \end{pmatrix}^{-1} dx"
    assert drawn(tex) == drawn(tex)


@pytest.mark.parametrize(
    ("options", "count"), [((), 0), (("--attach-data",), 2), (("--standard", "ua2"), 2)]
)
def test_mathml_goes_along_where_the_standard_allows_files(
    options: tuple[str, ...], count: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "So $x^2$ and $x^2$.\n\n$$\n\\frac{a}{b}\n$$\n"
    folder = pack(tmp_path / "pack", one_dot_md=HEAD + text)
    out = tmp_path / "book.pdf"
    code, _, messages = run(
        capsys, "build", "--content", str(folder), "--date", "2026-11-23", "-o", str(out), *options
    )
    assert code == 0, messages
    pdf = pikepdf.open(out)
    elements = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary)]
    formulas = [one for one in elements if one.get("/S") == "/Formula"]
    assert len(formulas) == 3
    files = {one.AF[0].UF: one.AF[0] for one in formulas if "/AF" in one}
    assert len(files) == count
    for spec in files.values():
        assert spec.EF.F.Subtype == "/application/mathml+xml"
        assert spec.AFRelationship == "/Supplement"
        assert spec.EF.F.read_bytes().startswith(b"<math xmlns=")
    if count:
        assert {name for name in pdf.attachments if name.startswith("formula")} == set(files)


def test_words_of_formulas_are_english_and_say_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = "title: A book\nlanguage: de\nchapters: [one.md]\n"
    reader = build(tmp_path, capsys, "Also $x^2$.\n", handbook_dot_yaml=settings)
    (formula,) = [
        one
        for one in reader.pdf.objects
        if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Formula"
    ]
    assert (str(formula.Alt), str(formula.Lang)) == ("x squared", "en")
