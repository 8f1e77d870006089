"""Pictures as wide as the frame or the paper, cropped, and side by side, in both dialects."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import DAY
from onepage import sound
from packs import pack
from PIL import Image
from readback import Reader
from second_programs import said_by

import handbook

PAPER = 595.28
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="800" height="400" viewBox="0 0 400 200">'
    '<rect width="400" height="200" fill="#ffcc00"/><circle cx="40" cy="40" r="30"/></svg>'
)


def built(folder: Path, dialect: str, body: str, theme: str = "default") -> bytes:
    """The PDF of a chapter with a wide picture, a high one, and a drawing."""
    files = {
        "handbook_dot_yaml": f"title: A book\nchapters: [one.md]\ndialect: {dialect}\n",
        "one_dot_md": f"# One\n\nWords before.\n\n{body}\n\nWords after.\n",
        "c_dot_svg": SVG,
    }
    made = pack(folder, **files)
    halves = Image.new("RGB", (1600, 800), "#00ff00")
    halves.paste(Image.new("RGB", (800, 800), "#ff0000"), (0, 0))
    halves.save(made / "a.png")
    Image.new("RGB", (800, 1600), "#0000ff").save(made / "b.png")
    return handbook.build(handbook.load(made), day=DAY, theme=theme)


def painted(pdf: bytes, folder: Path, color: tuple[int, int, int]) -> tuple[int, int, int, int]:
    """The box of a colour on the first page that has it, in points from the top left."""
    file = folder / "a.pdf"
    file.write_bytes(pdf)
    for number in range(1, len(Reader(pdf).runs) + 1):
        page = folder / "page"
        code, said = said_by(
            "pdftoppm", "-r", "72", "-png", "-f", str(number), "-singlefile", str(file), str(page)
        )
        assert code == 0, said
        with Image.open(page.with_suffix(".png")) as image:
            width, data = image.width, image.convert("RGB").tobytes()
        near = [
            (place // 3 % width, place // 3 // width)
            for place in range(0, len(data), 3)
            if max(abs(a - b) for a, b in zip(data[place : place + 3], color, strict=True)) < 40
        ]
        if near:
            across, down = zip(*near, strict=True)
            return min(across), min(down), max(across) + 1, max(down) + 1
    raise AssertionError(f"{color} is on no page")


RED, GREEN, BLUE, YELLOW = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 204, 0)


@pytest.mark.parametrize(
    ("dialect", "body"),
    [
        ("handbook", "![A grid](b.png){.wide crop=4:1}"),
        ("gfm", '<img src="b.png" alt="A grid" class="wide" style="aspect-ratio: 4 / 1; object-fit: cover">'),
    ],
)  # fmt: skip
def test_as_wide_as_the_frame(tmp_path: Path, dialect: str, body: str) -> None:
    pdf = built(tmp_path, dialect, body)
    left, top, right, bottom = painted(pdf, tmp_path, BLUE)
    # As far from one edge of the paper as from the other, and cut to its shape.
    assert abs(left - (PAPER - right)) <= 2
    assert left > 30
    assert (right - left) / (bottom - top) == pytest.approx(4, abs=0.1)
    assert [figure.alt for figure in sound(pdf).all("Figure")] == ["A grid"]


@pytest.mark.parametrize(
    ("dialect", "body"),
    [
        ("handbook", '![Half](a.png){.bleed crop=5:1 focus="0% 50%"}'),
        ("gfm", '<figure class="bleed"><img src="a.png" alt="Half" style="aspect-ratio: 5; object-fit: cover; object-position: 0% 50%"></figure>'),
    ],
)  # fmt: skip
def test_across_the_paper(tmp_path: Path, dialect: str, body: str) -> None:
    pdf = built(tmp_path, dialect, body)
    left, top, _, bottom = painted(pdf, tmp_path, RED)
    assert left == 0
    assert painted(pdf, tmp_path, GREEN)[2] >= PAPER - 1
    assert bottom - top == pytest.approx(PAPER / 5, abs=2)
    sound(pdf)


def test_in_two_columns_it_is_across_both(tmp_path: Path) -> None:
    body = "![Half](a.png){.bleed crop=5:1}\n\n![High](b.png) ![Drawn](c.svg)\n{.wide}\n"
    pdf = built(tmp_path, "handbook", f"{body}\n" + "More words.\n\n" * 9, "field-guide")
    red, blue, yellow = (painted(pdf, tmp_path, color) for color in (RED, BLUE, YELLOW))
    assert red[0] == 0
    # Nothing is next to it, and the row below reaches over both columns as well.
    assert red[3] <= blue[1]
    assert blue[0] < PAPER * 0.2 < PAPER * 0.8 < yellow[2]
    sound(pdf)


@pytest.mark.parametrize("focus", ["0% 50%", "100% 50%"])
def test_what_is_in_focus_is_seen(tmp_path: Path, focus: str) -> None:
    pdf = built(tmp_path, "handbook", f'![Half](a.png){{crop=1:1 focus="{focus}" width=60mm}}')
    seen, hidden = (RED, GREEN) if focus.startswith("0") else (GREEN, RED)
    left, top, right, bottom = painted(pdf, tmp_path, seen)
    assert (right - left, bottom - top) == pytest.approx((170, 170), abs=2)
    with pytest.raises(AssertionError):
        painted(pdf, tmp_path, hidden)


ROW = "![Wide](a.png) ![High](b.png) ![Drawn](c.svg){crop=1:1}"
ROW_IN_HTML = """\
<figure id="row">
<img src="a.png" alt="Wide"> <img src="b.png" alt="High">
<img src="c.svg" alt="Drawn" style="aspect-ratio: 1; object-fit: cover">
<figcaption>Three at once</figcaption>
</figure>"""


@pytest.mark.parametrize(
    ("dialect", "body"),
    [("handbook", f"{ROW}\n\nFigure: Three at once {{#row}}"), ("gfm", ROW_IN_HTML)],
)
def test_side_by_side_with_a_common_caption(tmp_path: Path, dialect: str, body: str) -> None:
    pdf = built(tmp_path, dialect, body)
    red, blue = painted(pdf, tmp_path, RED), painted(pdf, tmp_path, BLUE)
    assert abs(red[1] - blue[1]) <= 1
    assert abs(red[3] - blue[3]) <= 1
    assert painted(pdf, tmp_path, GREEN)[2] < blue[0] < blue[2] < painted(pdf, tmp_path, YELLOW)[0]
    tree = sound(pdf)
    assert [figure.alt for figure in tree.all("Figure")] == ["Wide", "High", "Drawn"]
    (caption,) = tree.all("Caption")
    assert " ".join(caption.text.split()) == "Figure 1 Three at once"


def test_a_crop_that_is_none_is_reported(tmp_path: Path) -> None:
    with pytest.raises(handbook.HandbookError) as raised:
        built(tmp_path, "handbook", "![A](a.png){crop=wide focus=left}")
    said = str(raised.value)
    assert "one.md:5" in said
    assert "crop=wide is not a shape" in said
    assert "focus=left is not a place" in said


def test_badges_stay_in_their_line(tmp_path: Path) -> None:
    folder = tmp_path / "pack"
    folder.mkdir()
    Image.new("RGB", (80, 16), "red").save(tmp_path / "badge.png")
    files = {
        "handbook_dot_yaml": "title: A book\nchapters: [one.md]\ndialect: gfm\n",
        "one_dot_md": "# One\n\n![passing](badge.png) ![covered](badge.png)\n\nWords.\n",
    }
    made = pack(folder, **files)
    Image.new("RGB", (80, 16), "red").save(made / "badge.png")
    tree = sound(handbook.build(handbook.load(made), day=DAY))
    (line,) = [node for node in tree.all("P") if node.all("Figure")]
    assert [figure.alt for figure in line.all("Figure")] == ["passing", "covered"]
