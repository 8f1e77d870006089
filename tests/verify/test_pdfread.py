"""The test helpers read PDFs as other readers do: glyph by glyph against MuPDF, and by hand."""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path

import openers
import pdfread
import pikepdf
import pytest
import samples
from conftest import built
from pikepdf import Array, Dictionary, Name, Pdf

WIDE = b"""begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange
2 beginbfchar <0001> <0041> <0002> <00660069> endbfchar
2 beginbfrange <0003> <0005> <0061> <0010> <0012> [<D83DDE00> <00AD> <0020>] endbfrange endcmap"""


def page(code: bytes, **resources: object) -> Pdf:
    """A page of 200 by 100 points with this content, and two fonts: /S simple, /W two-byte."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(200, 100))
    simple = Dictionary(
        Type=Name.Font,
        Subtype=Name.TrueType,
        BaseFont=Name("/ABCDEF+Simple"),
        FirstChar=65,
        LastChar=67,
        Widths=Array([500, 600, 700]),
        FontDescriptor=Dictionary(MissingWidth=250),
        Encoding=Dictionary(
            BaseEncoding=Name.WinAnsiEncoding,
            Differences=Array([66, Name("/uni20AC"), Name.bullet]),
        ),
    )
    below = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=Name.Wide,
        DW=1000,
        W=Array([1, Array([500, 750]), 3, 5, 400]),
    )
    wide = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type0,
        BaseFont=Name.Wide,
        Encoding=Name("/Identity-H"),
        DescendantFonts=Array([below]),
        ToUnicode=pdf.make_stream(WIDE),
    )
    pdf.pages[0].obj.Resources = Dictionary(Font=Dictionary(S=simple, W=wide), **resources)
    pdf.pages[0].obj.Contents = pdf.make_stream(code)
    return pdf


def runs(code: bytes, **resources: object) -> list[pdfread.Run]:
    return pdfread.text_positions(page(code, **resources), 0)


# ------------------------------------------------------------------------ text


def test_simple_font_with_differences() -> None:
    (run,) = runs(b"BT /S 10 Tf 20 30 Td (AB\\103) Tj ET")
    assert run.text == "A€•"
    assert [(g.x, round(g.width, 3)) for g in run.glyphs] == [(20, 5), (25, 6), (31, 7)]
    assert (run.x, run.y, run.end, run.size, run.font) == (20, 30, 38, 10, "Simple")


def test_two_byte_font() -> None:
    (run,) = runs(b"BT /W 10 Tf (\0\1\0\2\0\3\0\4\0\5) Tj <00100011001200FF> Tj ET")[:1]
    assert run.text == "Afiabc"
    assert run.end == 5 + 7.5 + 12
    other = runs(b"BT /W 10 Tf <00100011001200FF> Tj ET")[0]
    assert other.text == "\U0001f600\u00ad \ufffd"
    assert [glyph.mapped for glyph in other.glyphs] == [True, True, True, False]


def test_kerning_spacing_and_stretching() -> None:
    (run,) = runs(b"BT /S 10 Tf 50 Tz 2 Tc [(A) -1000 (B)] TJ ET")
    # A is 5 wide, 2 more between characters, halved; then 10 to the right, halved.
    assert [glyph.x for glyph in run.glyphs] == [0, 3.5 + 5]


def test_word_spacing_is_for_one_byte_spaces_only() -> None:
    assert runs(b"BT /S 10 Tf 5 Tw (A A) Tj ET")[0].end == 5 + 2.5 + 5 + 5
    assert runs(b"BT /W 10 Tf 5 Tw (\0\1\0\x20\0\1) Tj ET")[0].end == 5 + 10 + 5


def test_lines() -> None:
    found = runs(
        b"BT /S 10 Tf 12 TL 5 90 Td (A) Tj T* (A) Tj (A) ' 1 0 (A) \" 0 -20 TD (A) Tj T* (A) Tj ET"
    )
    assert [run.y for run in found] == [90, 78, 66, 54, 34, 14]
    assert {run.x for run in found} == {5}


def test_matrices_multiply() -> None:
    code = b"q 2 0 0 2 10 10 cm BT /S 10 Tf 3 Ts 1 0 0 1 5 5 Tm (A) Tj ET Q BT (A) Tj ET"
    first, second = runs(b"BT /S 8 Tf ET " + code)
    assert (first.x, first.y, first.size) == (20, 26, 20)
    assert (second.x, second.y, second.size) == (0, 0, 8)


def test_colours_and_modes() -> None:
    found = runs(
        b"BT /S 9 Tf (A) Tj 1 0 0 rg (A) Tj .5 g (A) Tj 0 1 1 0 k (A) Tj 3 Tr (A) Tj"
        b" /P cs /X scn (A) Tj ET"
    )
    assert [run.color for run in found] == [
        (0, 0, 0),
        (1, 0, 0),
        (0.5, 0.5, 0.5),
        (1, 0, 0),
        (1, 0, 0),
        None,
    ]
    assert [run.mode for run in found] == [0, 0, 0, 0, 3, 3]


def test_shapes_clips_and_inline_images() -> None:
    pdf = page(
        b"q 10 10 50 50 re W n 0 0 1 rg 20 20 100 10 re f 1 0 0 RG 2 w 0 0 m 9 9 l S Q"
        b" q 8 0 0 8 1 2 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \0 EI Q"
    )
    fill, line, picture = pdfread.painted(pdf, 0)
    assert isinstance(fill, pdfread.Shape)
    assert (fill.bounds, fill.fill, fill.clip) == ((20, 20, 120, 30), (0, 0, 1), (10, 10, 60, 60))
    assert isinstance(line, pdfread.Shape)
    assert (line.stroke, line.fill, line.line) == ((1, 0, 0), None, 2)
    assert isinstance(picture, pdfread.Picture)
    assert (picture.bounds, picture.clip) == ((1, 2, 9, 10), None)


def test_background_and_contrast() -> None:
    items = pdfread.painted(page(b"0 0 .5 rg 0 0 100 100 re f 1 g BT /S 9 Tf 9 9 Td (A) Tj ET"), 0)
    run = items[-1]
    assert isinstance(run, pdfread.Run)
    assert pdfread.background(items, run) == (0, 0, 0.5)
    assert pdfread.contrast((1, 1, 1), (0, 0, 0)) == pytest.approx(21)
    assert pdfread.contrast((0.5, 0.5, 0.5), (1, 1, 1)) == pytest.approx(3.98, abs=0.01)


def test_forms_have_their_own_space_and_marks() -> None:
    pdf = page(b"/P <</MCID 0>> BDC BT /S 9 Tf (A) Tj ET /F Do EMC /Artifact BMC /F Do EMC")
    form = pdf.make_stream(
        b"BT /S 9 Tf (B) Tj ET",
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=Array([0, 0, 50, 50]),
        Matrix=Array([1, 0, 0, 1, 30, 40]),
        Resources=pdf.pages[0].obj.Resources,
    )
    pdf.pages[0].obj.Resources = Dictionary(
        Font=pdf.pages[0].obj.Resources.Font, XObject=Dictionary(F=form)
    )
    first, second, third = pdfread.text_positions(pdf, 0)
    assert (second.x, second.y, second.text, second.clip) == (30, 40, "€", (30, 40, 80, 90))
    assert [run.artifact for run in (first, second, third)] == [False, False, True]
    assert second.mark is first.mark


def test_replacement_text() -> None:
    code = b"/P <</MCID 0>> BDC BT /S 9 Tf /Span <</ActualText (x-y)>> BDC (A) Tj (A) Tj EMC"
    pdf = page(code + b" (A) Tj ET EMC")
    element = pdf.make_indirect(Dictionary(S=Name.P, K=0, Pg=pdf.pages[0].obj, Lang="fr", E="Abc"))
    pdf.Root.StructTreeRoot = Dictionary(K=element, RoleMap=Dictionary(Para=Name.P))
    node = pdfread.structure(pdf)
    assert (node.tag, node.text, node.lang, node.expansion) == ("P", "x-yA", "fr", "Abc")
    element.S, element.ActualText = Name.Para, "whole"
    node = pdfread.structure(pdf)
    assert (node.tag, node.role, node.text) == ("Para", "P", "whole")


# ------------------------------------------------------------------------- files


def test_the_good_file() -> None:
    data = samples.good()
    tree = pdfread.structure(data)
    assert [node.text for node in tree.all("H1", "H2")] == ["A title", "A section", "A table"]
    assert [(cell.text, cell.scope) for cell in tree.all("TH", "TD")] == [
        ("Name", "Column"),
        ("Minutes", "Column"),
        ("Lab", "Row"),
        ("30", ""),
    ]
    assert tree.all("P")[2].text == "A paragraph that continues over the page."
    assert tree.all("P")[2].marks == [(0, 10), (1, 0)]
    assert tree.all("Figure")[0].alt == "A blue box"
    web, inside = (link for node in tree.all("Link") for link in node.links)
    assert (web.uri, web.page, web.words) == (samples.ADDRESS, 0, "The example")
    assert (inside.target, inside.top, inside.uri) == (1, 360, "")
    assert pdfread.reading_order_text(data).splitlines() == [
        "A title",
        "A section",
        "See the example or page 2.",
        "Go to page 2",
        "• one",
        "• two",
        "A paragraph that continues over the page.",
        "A table",
        "Name",
        "Minutes",
        "Lab",
        "30",
        "[A blue box]",
        "A note.",
    ]
    assert pdfread.page_labels(data) == ["i", "1"]
    assert [(e.level, e.title, e.page) for e in pdfread.outline(data)] == [
        (1, "A title", 0),
        (1, "A table", 1),
    ]
    (font,) = pdfread.fonts(data)
    assert font.embedded
    assert font.subset
    assert pdfread.boxes(data)[0] == {"MediaBox": (0, 0, 300, 400)}
    assert pdfread.info(data) == {"Title": samples.TITLE}


def test_numerals() -> None:
    assert [pdfread._numeral(n, "/r") for n in (1, 4, 9, 14, 40, 99)] == [
        "i",
        "iv",
        "ix",
        "xiv",
        "xl",
        "xcix",
    ]
    assert [pdfread._numeral(n, "/A") for n in (1, 26, 27, 28)] == ["A", "Z", "AA", "BB"]


def glyphs_of_mupdf(data: bytes, index: int) -> Counter[tuple[str, int, int]]:
    import pymupdf

    found: Counter[tuple[str, int, int]] = Counter()
    with pymupdf.open(stream=data, filetype="pdf") as document:
        sheet = document[index]
        height = sheet.rect.height
        flags = pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_PRESERVE_LIGATURES
        for block in sheet.get_text("rawdict", flags=flags)["blocks"]:
            for line in block.get("lines", []):
                for span in line["spans"]:
                    for char in span["chars"]:
                        x, y = char["origin"]
                        found[char["c"], round(x), round(height - y)] += 1
    return found


@pytest.mark.parametrize("index", [0, 2, 3, 7, 20, -1])
def test_every_glyph_is_where_mupdf_sees_it(index: int) -> None:
    data = built("sre").pdf
    with pikepdf.open(io.BytesIO(data)) as pdf:
        index %= len(pdf.pages)
        ours = Counter(
            (glyph.text, round(glyph.x), round(glyph.y))
            for run in pdfread.text_positions(pdf, index)
            for glyph in run.glyphs
            if not glyph.text.isspace()
        )
    theirs = glyphs_of_mupdf(data, index)
    for char, x, y in ours:  # a place on the border of two points may be rounded either way
        near = [(char, x + dx, y + dy) for dx in (0, 1, -1) for dy in (0, 1, -1)]
        assert any(place in theirs for place in near), (char, x, y)
    count = sum(number for (char, _, _), number in theirs.items() if not char.isspace())
    assert sum(ours.values()) == count


@pytest.mark.parametrize("name", openers.READERS)
def test_readers_open_the_good_file_and_complain_of_a_cut_one(name: str, tmp_path: Path) -> None:
    good, cut = tmp_path / "good.pdf", tmp_path / "cut.pdf"
    good.write_bytes(samples.good())
    cut.write_bytes(samples.good()[:-900])
    answer = openers.READERS[name](good)
    if isinstance(answer, openers.Skip):
        pytest.skip(answer.reason)
    assert answer == []
    if name != "pdfium":  # it repairs in silence
        assert openers.READERS[name](cut)
