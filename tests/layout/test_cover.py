"""A cover whose content does not fit the page is reported."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pymupdf
import pytest
from conftest import DAY
from onepage import built, sound
from packs import pack
from pdfread import structure

import handbook
from handbook.core.diagnostics import HandbookError
from handbook.theme.contrast import contrast
from handbook.theme.print_options import PrintOptions


def test_content_that_does_not_fit_a_cover_is_an_error_with_its_place() -> None:
    body = "\n\n".join(f"Paragraph {n} of a cover." for n in range(60))
    with pytest.raises(HandbookError, match="taller than the page") as caught:
        built(body, front="layout: cover\n")
    assert caught.value.diagnostics[0].file.endswith("one.md")


def test_a_footnote_on_a_cover_is_an_error() -> None:
    with pytest.raises(HandbookError, match="a cover has no room for footnotes"):
        built("Words.[^1]\n\n[^1]: A note.", front="layout: cover\n")


def _cover(folder: Path, text: str, size: tuple[int, int], **options: Any) -> bytes:
    from PIL import Image

    files = {"handbook_dot_yaml": "title: A book\nchapters: [one.md, two.md]\n",
             "one_dot_md": f"---\ntitle: Cover\nlayout: cover\n---\n\n## A book\n\n{text}\n",
             "two_dot_md": "# Two\n\nWords.\n"}  # fmt: skip
    own = pack(folder, **files)
    Image.new("RGB", size, "teal").save(folder / "pond.png")
    return handbook.build(handbook.load(own), day=DAY, **options)


def test_a_picture_bleeds_below_the_field_and_is_read_after_the_words(tmp_path: Path) -> None:
    text = "![A pond](pond.png){.bleed}\n\nA subtitle\n{.subtitle}"
    pdf = _cover(tmp_path, text, (400, 300), print_options=PrintOptions(bleed=9.0))
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        page = document[0]
        (picture,) = page.get_image_info()
        left, top, right, bottom = picture["bbox"]
        assert (round(left), round(right)) == (0, round(page.rect.width))
        assert round(bottom) == round(page.rect.height)
        first = next(kind for kind, *_ in page.get_bboxlog())
        assert first == "fill-image"
    nodes = [node.tag for node in structure(pdf).all("H1", "P", "Figure")]
    assert nodes[:3] == ["H1", "P", "Figure"]


def test_of_two_pictures_that_bleed_one_would_hide_the_other(tmp_path: Path) -> None:
    picture = "![A pond](pond.png){.bleed}"
    with pytest.raises(HandbookError, match="two pictures as wide as the paper"):
        _cover(tmp_path, f"{picture}\n\n{picture}", (400, 100))


@pytest.mark.parametrize("body", ["", "Name\n: Somebody", "Given to somebody."])
def test_a_certificate_without_a_heading_has_the_title_of_its_chapter(body: str) -> None:
    tree = structure(built(body, front="layout: certificate\n"))
    assert [node.text.strip() for node in tree.all("H1")] == ["One"]


@pytest.mark.parametrize(
    ("text", "size", "hint"),
    [
        ("![A pond](pond.png){.bleed}", (300, 900), "crop it to 210 × 297 mm"),
        ("Below.\n\n![A pond](pond.png){.bleed}", (300, 250), "crop it to 210 ×"),
    ],
)
def test_a_picture_that_bleeds_over_words_is_an_error(
    tmp_path: Path, text: str, size: tuple[int, int], hint: str
) -> None:
    with pytest.raises(HandbookError, match="the picture on the cover is too high") as caught:
        _cover(tmp_path, text, size)
    assert hint in caught.value.diagnostics[0].hint


def test_a_title_higher_than_the_coloured_field_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(HandbookError, match="higher than it"):
        _cover(tmp_path, "\n".join(["Words of a subtitle."] * 80) + "\n{.subtitle}", (4, 3))


CHART = """```chart
mark: git
alt: The plan as a history
size: size
color: color
data:
  - {branch: main, size: 1}
  - {branch: Build, from: main, size: 30, color: 1}
  - {branch: Build, size: 120, color: 1}
  - {branch: main, from: Build, size: 4}
```
"""


def _field(pdf: bytes) -> tuple[list[Any], Any]:
    """The discs on the cover and the ground of its field."""
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        shapes = document[0].get_drawings()
    field = max(shapes, key=lambda shape: abs(shape["rect"]))
    discs = [shape for shape in shapes if shape["lineCap"] and max(shape["lineCap"]) == 1]
    return [disc for disc in discs if disc["color"] != field["fill"]], field


@pytest.mark.parametrize("theme", ["default", "almanac", "field-guide"])
@pytest.mark.parametrize("paper", ["a4", "a5", "letter"])
def test_a_chart_before_the_title_is_on_the_field_and_said_after_the_words(
    theme: str, paper: str
) -> None:
    body = f"{CHART}\nA kicker\n{{.kicker}}\n\n## A book\n\nWords below."
    pdf = built(body, front="layout: cover\n", theme=theme, paper=paper)
    assert [(node.tag, node.alt) for node in sound(pdf).all("H1", "Figure")] == [
        ("H1", None),
        ("Figure", "The plan as a history"),
    ]
    discs, field = _field(pdf)
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        (title,) = document[0].search_for("A book")[:1]
    assert len(discs) == 4
    for shape in discs:
        assert shape["rect"] in field["rect"]
        assert shape["rect"].y1 < title.y0
        assert contrast(shape["color"], field["fill"]) >= 3


def test_discs_are_as_large_as_the_amounts() -> None:
    pdf = built(f"{CHART}\n## A book", front="layout: cover\n")
    wide = sorted(disc["width"] for disc in _field(pdf)[0])
    assert wide[-1] / wide[-2] == pytest.approx(2, abs=0.1)


def test_without_words_below_the_field_is_larger() -> None:
    words = "\n\n".join(f"Line {n}." for n in range(12))
    small, large = (_field(built(f"## A book\n\n{body}", front="layout: cover\n"))[1]
                    for body in (words, "One."))  # fmt: skip
    assert large["rect"].height > small["rect"].height * 1.1


def test_a_title_that_leaves_a_figure_no_room_is_an_error() -> None:
    title = "Words of a title " * 5
    with pytest.raises(HandbookError, match="no room for its figure"):
        built(f"{CHART}\n## {title}", front="layout: cover\n", paper="a5")
