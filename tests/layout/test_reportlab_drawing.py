"""A drawing made with ReportLab comes to the page as ReportLab itself draws it."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from packs import pack
from PIL import Image, ImageChops, ImageFilter
from readback import Reader
from reportlab.graphics import renderPDF
from reportlab.graphics.barcode import createBarcodeDrawing
from reportlab.graphics.charts.barcharts import VerticalBarChart
from reportlab.graphics.charts.linecharts import HorizontalLineChart
from reportlab.graphics.charts.piecharts import Pie
from reportlab.graphics.shapes import (
    Circle,
    Drawing,
    Ellipse,
    Group,
    Line,
    Polygon,
    PolyLine,
    Rect,
    String,
    Wedge,
)
from reportlab.graphics.shapes import Image as Raster
from reportlab.graphics.shapes import Path as Curve
from reportlab.lib import colors
from reportlab.lib.colors import CMYKColor

import handbook
from handbook.core.diagnostics import HandbookError, Source
from handbook.layout.faces import load_faces
from handbook.layout.figure.reportlab_drawing import draw_drawing
from handbook.layout.page import Glyphs
from handbook.theme.loader import load_theme

THEME = load_theme()
FACES = load_faces(THEME)
HEAD = "---\ntitle: One\n---\n\n"
SCALE = 3


def shapes(_: Path) -> list[Any]:
    return [
        Rect(10, 10, 60, 40, rx=6, ry=6, fillColor=colors.lightblue, strokeColor=colors.navy),
        Circle(110, 30, 20, fillColor=colors.orange, strokeWidth=3),
        Ellipse(170, 30, 30, 15, fillColor=None, strokeDashArray=[4, 2]),
        Line(10, 70, 190, 90, strokeColor=colors.red, strokeWidth=2),
        PolyLine([10, 100, 50, 130, 90, 95, 130, 140], strokeColor=colors.green),
        Polygon([140, 100, 190, 100, 165, 145], fillColor=CMYKColor(0.1, 0.9, 0.2, 0.1)),
    ]


def turned(_: Path) -> list[Any]:
    group = Group(Rect(0, 0, 40, 20, fillColor=colors.pink), Circle(60, 10, 8))
    group.translate(60, 40)
    group.rotate(30)
    group.scale(1.5, 1)
    return [group, Rect(5, 5, 20, 20, fillColor=colors.Color(1, 0, 0, alpha=0.4), strokeColor=None)]


def clipped(folder: Path) -> list[Any]:
    Image.new("RGB", (40, 40), (20, 140, 60)).save(folder / "green.png")
    clip = Curve(isClipPath=1, fillColor=None, strokeColor=None)
    clip.moveTo(20, 20)
    clip.lineTo(120, 20)
    clip.lineTo(70, 120)
    clip.closePath()
    inside = Group(
        clip,
        Rect(0, 0, 70, 150, fillColor=colors.blue, strokeColor=None),
        Raster(70, 0, 60, 150, str(folder / "green.png")),
        Circle(70, 50, 12, fillColor=colors.yellow, strokeColor=None),
    )
    return [
        Rect(0, 0, 200, 150, fillColor=colors.whitesmoke, strokeColor=None),
        inside,
        Rect(150, 20, 30, 30, fillColor=colors.black),
    ]


def wedges(_: Path) -> list[Any]:
    ring = Wedge(150, 80, 35, 0, 200, fillColor=colors.teal, radius1=15)
    curve = Curve(fillColor=colors.gold, strokeColor=colors.black, autoclose="pdf")
    curve.moveTo(20, 20)
    curve.curveTo(40, 80, 80, 80, 100, 20)
    return [Wedge(60, 90, 40, 30, 300, fillColor=colors.salmon), ring, curve]


def pie(_: Path) -> list[Any]:
    chart = Pie()
    chart.x, chart.y, chart.width, chart.height = 20, 20, 110, 110
    chart.data, chart.labels = [10, 20, 30, 40], None
    chart.slices[1].popout = 8
    return [chart]


def bars(_: Path) -> list[Any]:
    chart = VerticalBarChart()
    chart.x, chart.y, chart.width, chart.height = 20, 20, 160, 110
    chart.data = [(13, 5, 20), (14, 6, 21)]
    chart.valueAxis.visibleLabels = chart.categoryAxis.visibleLabels = 0
    return [chart]


def _pixels(data: bytes, box: tuple[float, float, float, float]) -> Image.Image:
    page = pypdfium2.PdfDocument(data)[0]
    image = page.render(scale=SCALE).to_pil().convert("RGB")
    height = page.get_height()
    left, low, right, top = box
    return image.crop(tuple(round(v * SCALE) for v in (left, height - top, right, height - low)))


def _box(pdf: bytes) -> tuple[float, float, float, float]:
    reader = pikepdf.open(io.BytesIO(pdf))
    found = [one for one in reader.objects if isinstance(one, pikepdf.Dictionary)]
    (figure,) = [one for one in found if one.get("/S") == "/Figure"]
    return tuple(float(value) for value in figure.A.BBox)  # type: ignore[return-value]


def build(folder: Path, drawing: Drawing) -> bytes:
    book = pack(folder / "pack", one_dot_md=HEAD + '::figure kind=mine alt="A drawing"\n')
    return handbook.build(book, day="2026-11-23", figures={"mine": drawing})


@pytest.mark.parametrize("make", [shapes, turned, clipped, wedges, pie, bars])
def test_it_looks_as_reportlab_draws_it(make: Any, tmp_path: Path) -> None:
    drawing = Drawing(200, 150)
    for part in make(tmp_path):
        drawing.add(part)
    pdf = build(tmp_path, drawing)
    left, low, right, top = _box(pdf)
    assert (right - left, top - low) == pytest.approx((200, 150), abs=0.02)
    ours = _pixels(pdf, (left, low, right, top))
    theirs = _pixels(renderPDF.drawToString(drawing), (0, 0, 200, 150)).resize(ours.size)
    # A drawing begins between two pixels of the page, so edges differ a little.
    soft = ImageFilter.GaussianBlur(2)
    difference = ImageChops.difference(ours.filter(soft), theirs.filter(soft)).convert("L")
    count = sum(difference.point(lambda value: value > 50).histogram()[1:])
    assert count < 0.002 * ours.width * ours.height


def test_words_are_text_in_the_theme_and_turned_ones_are_shapes(tmp_path: Path) -> None:
    chart = HorizontalLineChart()
    chart.x, chart.y, chart.width, chart.height = 30, 25, 160, 80
    chart.data = [(1, 5, 9)]
    chart.categoryAxis.categoryNames = ["Mon", "Tue", "Wed"]
    drawing = Drawing(200, 120)
    drawing.add(chart)
    drawing.add(String(100, 110, "Wörter", fontName="Times-Bold", textAnchor="middle"))
    faint = String(5, 5, "faint", fillColor=colors.Color(0.95, 0.95, 0.95))
    drawing.add(faint)
    drawn = draw_drawing(drawing, "x", THEME, FACES, Source())
    glyphs = {
        FACES[item.face].text_of_codes(item.codes).strip(): item
        for item in drawn.items
        if isinstance(item, Glyphs)
    }
    assert {"Mon", "Tue", "Wed", "Wörter", "faint"} <= set(glyphs)
    assert glyphs["Wörter"].face == "bold"
    assert max(glyphs["faint"].color) < 0.5
    (tmp_path / "book.pdf").write_bytes(build(tmp_path, drawing))
    assert "Wörter" in Reader(tmp_path / "book.pdf").structure().all("Figure")[0].text


def test_a_wide_drawing_is_made_smaller(tmp_path: Path) -> None:
    drawing = Drawing(2000, 100)
    drawing.add(Rect(0, 0, 2000, 100))
    left, low, right, top = _box(build(tmp_path, drawing))
    assert right - left < 500
    assert (right - left) / (top - low) == pytest.approx(20, rel=0.01)


def test_a_bar_code_is_drawn(tmp_path: Path) -> None:
    code = createBarcodeDrawing("Code128", value="HB-4711", barHeight=30, humanReadable=True)
    drawn = draw_drawing(code, "A bar code", THEME, FACES, Source())
    assert len(drawn.items) > 20


@pytest.mark.parametrize(
    ("drawing", "alt", "words"),
    [
        (Drawing(10, 10), "", "says nothing to those who do not see it"),
        (Drawing(10, 10, Raster(0, 0, 5, 5, "/nowhere.png")), 'alt="x"', "is not a file"),
    ],
)
def test_mistakes_are_reported(drawing: Drawing, alt: str, words: str, tmp_path: Path) -> None:
    book = pack(tmp_path, one_dot_md=HEAD + f"::figure kind=mine {alt}\n")
    with pytest.raises(HandbookError, match=words) as caught:
        handbook.build(book, day="2026-11-23", figures={"mine": drawing})
    assert caught.value.diagnostics[0].line == 5


def test_a_book_without_such_a_figure_does_not_import_reportlab(tmp_path: Path) -> None:
    text = HEAD + "```chart\nmark: bars\ndata: [{x: 1, y: One}]\n```\n"
    book = pack(tmp_path, one_dot_md=text)
    code = (
        f"import sys, handbook; handbook.build({str(book)!r}, day='2026-11-23');"
        "print([name for name in sys.modules if name.startswith(('reportlab', 'merman'))])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_the_same_bytes_twice(tmp_path: Path) -> None:
    drawing = Drawing(200, 150)
    for part in wedges(tmp_path):
        drawing.add(part)
    assert build(tmp_path, drawing) == build(tmp_path, drawing)
