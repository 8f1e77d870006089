"""Pictures of every kind on the page: their size, their pixels, and what happens to broken ones."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from click.testing import CliRunner
from PIL import Image

from handbook.cli import main
from handbook.core.diagnostics import HandbookError
from handbook.core.images import BrokenPicture, dots_for, raster, size_of
from handbook.core.svg import load_svg
from handbook.pack.loader import load_pack
from handbook.pipeline.phases import document_of, edition_of
from handbook.select.selection import select
from tests.readback import Reader

SVG = """<svg xmlns="http://www.w3.org/2000/svg" width="400" height="200">
<rect x="10" y="10" width="180" height="80" rx="12" fill="#ccddee" stroke="#002244"/>
<circle cx="100" cy="140" r="40" fill="red" fill-opacity="0.5"/>
<text x="100" y="55" text-anchor="middle" font-size="18">Café</text></svg>"""


def picture(path: Path, mode: str = "RGB", size: tuple[int, int] = (600, 300), **options) -> Path:
    image = Image.new("RGB", size, "white")
    image.paste((20, 90, 160), (0, 0, size[0], size[1] // 2))
    image.convert(mode).save(path, **options)
    return path


def built(
    folder: Path, text: str, *, draft: bool = False, config: str = ""
) -> tuple[bytes, list[str]]:
    (folder / "handbook.yaml").write_text(f"title: T\n{config}chapters: [a.md]\n")
    (folder / "a.md").write_text(f"# A\n\n{text}\n", encoding="utf-8")
    pack = load_pack(folder)
    selection = select(pack, day=date(2026, 12, 1))
    document = document_of(pack, selection, draft)
    return edition_of(document, selection).fill({}), [str(one) for one in document.warnings]


def images(pdf: bytes) -> list[pikepdf.Object]:
    with pikepdf.open(io.BytesIO(pdf)) as file:
        found = {}
        for page in file.pages:
            for name, image in page.get("/Resources", {}).get("/XObject", {}).items():
                if image.get("/Subtype") == "/Image":
                    found[name] = (
                        int(image.Width),
                        int(image.Height),
                        str(image.ColorSpace),
                        str(image.Filter),
                    )
        return list(found.values())


@pytest.mark.parametrize(
    ("name", "mode", "inks"),
    [
        ("rgb.png", "RGB", 3), ("grey.png", "L", 1), ("palette.png", "P", 3), ("alpha.png", "RGBA", 3),
        ("bits.png", "1", 1), ("sixteen.png", "I;16", 1), ("photo.jpg", "RGB", 3), ("press.jpg", "CMYK", 3),
        ("moving.gif", "P", 3), ("web.webp", "RGB", 3),
    ],
)  # fmt: skip
def test_every_kind_becomes_plain_pixels(tmp_path: Path, name: str, mode: str, inks: int) -> None:
    file = tmp_path / name
    if mode == "I;16":
        Image.new(mode, (600, 300), 65535).save(file)
    else:
        picture(file, mode)
    made = raster(str(file), 0, False)
    assert (made.width, made.height, made.inks) == (600, 300, inks)
    first = made.data[0] if not made.jpeg else None
    assert first is None or first == {"I;16": 255}.get(mode, first)
    assert raster(str(file), 0, True).inks == 1


def test_what_is_seen_through_shows_white_paper(tmp_path: Path) -> None:
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(tmp_path / "a.png")
    assert set(raster(str(tmp_path / "a.png"), 0, False).data) == {255}


def test_a_photograph_is_turned_as_its_camera_says(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    file = picture(tmp_path / "a.jpg", exif=exif)
    assert size_of(str(file)) == (300 * 72 / 150, 600 * 72 / 150)
    made = raster(str(file), 0, False)
    assert (made.width, made.height) == (300, 600)


def test_more_dots_than_print_shows_are_left_out(tmp_path: Path) -> None:
    file = str(picture(tmp_path / "a.jpg", size=(4000, 2000)))
    assert dots_for(file, 240.0) == 1000
    assert dots_for(file, 960.0) == 0
    pdf, _ = built(tmp_path, "![A](a.jpg){width=240pt}\n\n![A](a.jpg){width=120pt}")
    assert [image[:2] for image in images(pdf)] == [(1000, 500), (500, 250)]


def test_a_file_of_jpeg_stays_as_it_is(tmp_path: Path) -> None:
    file = picture(tmp_path / "a.jpg")
    assert raster(str(file), 0, False).data == file.read_bytes()


def test_widths_and_limits(tmp_path: Path) -> None:
    picture(tmp_path / "a.png")
    picture(tmp_path / "tall.png", size=(300, 6000))
    pdf, _ = built(tmp_path, "![A](a.png){width=50%}\n\n![B](a.png){width=90mm}\n\n![C](tall.png)")
    boxes = [node.attributes["BBox"] for node in _figures(pdf)]
    widths = [round(right - left) for left, _, right, _ in boxes]
    heights = [round(top - low) for _, low, _, top in boxes]
    assert widths[1] == 255
    assert 150 < widths[0] < 200
    assert heights[2] <= 842 * 0.8


def _figures(pdf: bytes):
    class Figure:
        def __init__(self, box: list[float]) -> None:
            self.attributes = {"BBox": box}

    with pikepdf.open(io.BytesIO(pdf)) as file:
        found = []
        for item in file.objects:
            if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/Figure":
                attributes = item.get("/A")
                rows = attributes if isinstance(attributes, pikepdf.Array) else [attributes]
                for row in rows:
                    if row is not None and "/BBox" in row:
                        found.append(Figure([float(side) for side in row.BBox]))
        return found


def test_pictures_among_words_are_between_them(tmp_path: Path) -> None:
    picture(tmp_path / "a.png")
    pdf, _ = built(
        tmp_path, "One ![Blue](a.png) two.\n\n| a | b |\n|---|---|\n| ![In](a.png) | words |"
    )
    reader = Reader(pdf)
    order = [
        (node.tag, node.text.strip())
        for node in reader.structure().walk()
        if node.tag in ("P", "Figure")
    ]
    assert [tag for tag, _ in order].count("Figure") == 2
    assert "One" in reader.text()
    assert reader.text().index("One") < reader.text().index("two.")


def test_a_drawing_keeps_its_lines_and_words(tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_text(SVG, encoding="utf-8")
    pdf, _ = built(tmp_path, "![A box](a.svg)")
    assert images(pdf) == []
    assert "Café" in Reader(pdf).text()
    assert b"scn" in b"".join(forms(pdf))


def forms(pdf: bytes) -> list[bytes]:
    """The content of the drawings in a file."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        return [
            item.read_bytes()
            for item in file.objects
            if isinstance(item, pikepdf.Stream) and item.get("/Subtype") == "/Form"
        ]


def test_a_drawing_is_clipped_and_its_words_may_be_turned(tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="200"><defs><clipPath id="c">'
        '<path d="M260 50 L380 50 L320 150 Z"/></clipPath></defs><g clip-path="url(#c)">'
        '<rect x="200" y="20" width="200" height="160" fill="lime"/></g>'
        '<text x="20" y="150" transform="rotate(-90 20 150)">axis</text></svg>'
    )
    pdf, _ = built(tmp_path, "![A](a.svg)")
    assert b"W" in b"".join(forms(pdf)).split()
    with pikepdf.open(io.BytesIO(pdf)) as file:
        content = b"".join(page.Contents.read_bytes() for page in file.pages).split(b"\n")
    assert content.count(b"q") == content.count(b"Q")
    # The outlines of the letters are curves.
    assert any(line.endswith(b" c") for line in content)


DRAWINGS = {
    "lines": (
        '<text text-anchor="middle"><tspan x="60" y="20">line one</tspan>'
        '<tspan x="60" dy="20">line two</tspan></text>',
        "line oneline two",
    ),
    "styles": ('<text x="9" y="20">Two <tspan font-weight="bold">bold</tspan> words</text>',
               "Two bold words"),
    "foreign": ('<foreignObject width="90" height="40"><div xmlns="http://www.w3.org/1999/xhtml">'
                "Approve<br/>request</div></foreignObject>", "Approverequest"),
    "switch": ("<switch><foreignObject><div>html</div></foreignObject><text>plain</text></switch>",
               "plain"),
    "use": ('<defs><g id="g"><text x="5" y="9">again</text></g></defs><use href="#g"/>'
            '<use href="#g" y="30"/>', "againagain"),
    "css": ("<style>.a text { font-size: 9px; fill: none } .b { fill: #fff }</style>"
            '<rect width="90" height="30"/><text class="b" y="20">white</text>', "white"),
    "hidden": ('<text display="none">no</text><text fill="none">no</text><text>yes</text>', "yes"),
}  # fmt: skip


@pytest.mark.parametrize("name", DRAWINGS)
def test_the_words_of_a_drawing_are_text(tmp_path: Path, name: str) -> None:
    body, words = DRAWINGS[name]
    (tmp_path / "a.svg").write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="300" height="90">'
        f'<rect width="9" height="9"/>{body}</svg>'
    )
    pdf, _ = built(tmp_path, "![A](a.svg)")
    (figure,) = [node for node in Reader(pdf).structure().walk() if node.tag == "Figure"]
    assert figure.text == words


@pytest.mark.parametrize(
    "body",
    [
        '<linearGradient id="g"><stop stop-color="#036"/><stop offset="1" stop-color="#063"/>'
        '</linearGradient><rect width="90" height="50" fill="url(#g)"/>',
        '<pattern id="g" width=".1" height=".1"><circle r="3"/></pattern>'
        '<rect width="90" height="50" fill="url(#g)"/>',
        '<mask id="g"><rect width="40" height="50" fill="#888"/></mask>'
        '<rect width="90" height="50" mask="url(#g)"/>',
        '<marker id="g" markerWidth="8" markerHeight="8"><path d="M0 0L8 4L0 8z"/></marker>'
        '<line x2="90" y2="50" stroke="#000" marker-end="url(#g)"/>',
        '<symbol id="g" viewBox="0 0 10 10"><circle cx="5" cy="5" r="5"/></symbol>'
        '<use href="#g" width="50" height="50"/>',
        '<rect width="90" height="50" opacity=".4"/><circle r="30" style="mix-blend-mode:multiply"/>',
        '<image width="50" height="50" href="data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB'
        'CAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="/>',
    ],
)
def test_a_drawing_may_have_all_that_svg_has(tmp_path: Path, body: str) -> None:
    (tmp_path / "a.svg").write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="90" height="50">{body}</svg>'
    )
    first, second = (built(tmp_path, "![A](a.svg)")[0] for _ in range(2))
    assert first == second
    assert forms(first)


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.svg", "empty.gif"])
def test_a_broken_picture_is_an_error_and_in_a_draft_a_box(tmp_path: Path, name: str) -> None:
    if name == "a.svg":
        (tmp_path / name).write_text("<svg><rect")
    elif name == "empty.gif":
        (tmp_path / name).write_bytes(b"")
    else:
        data = picture(tmp_path / name).read_bytes()
        (tmp_path / name).write_bytes(data[: len(data) // 2])
    with pytest.raises(BrokenPicture):
        size_of(str(tmp_path / name))
    with pytest.raises(HandbookError, match="cannot be read") as caught:
        built(tmp_path, f"![Words]({name})")
    assert caught.value.diagnostics[0].line == 3
    pdf, warnings = built(tmp_path, f"![Words]({name})", draft=True)
    assert f"Picture missing: {name}" in Reader(pdf).text()
    assert len(warnings) == 1


def test_the_same_bytes_whenever_it_is_built(tmp_path: Path) -> None:
    picture(tmp_path / "a.jpg", size=(3000, 1500))
    (tmp_path / "a.svg").write_text(SVG, encoding="utf-8")
    text = "![A](a.jpg){width=60mm}\n\n![B](a.svg)"
    assert built(tmp_path, text)[0] == built(tmp_path, text)[0]


def test_the_option_of_a_draft(tmp_path: Path) -> None:
    (tmp_path / "handbook.yaml").write_text("title: T\nchapters: [a.md]\n")
    (tmp_path / "a.md").write_text("# A\n\n![Map](map.png)\n")
    command = [
        "build",
        "--content",
        str(tmp_path),
        "-o",
        str(tmp_path / "a.pdf"),
        "--date",
        "2026-12-01",
    ]
    assert CliRunner().invoke(main, command).exit_code == 1
    built = CliRunner().invoke(main, [*command, "--draft"])
    assert built.exit_code == 0, built.output
    assert "Picture missing: map.png" in Reader(tmp_path / "a.pdf").text()


def test_a_figure_with_a_missing_picture_keeps_its_caption_and_the_others(tmp_path: Path) -> None:
    picture(tmp_path / "there.jpg", size=(300, 150))
    (tmp_path / "handbook.yaml").write_text(
        "title: T\ndialect: gfm\nlenient: true\nchapters: [a.md]\n"
    )
    (tmp_path / "a.md").write_text(
        "# A\n\n<figure><img src='gone.jpg' alt='Left pump'><figcaption>Two pumps</figcaption></figure>\n\n"
        "<figure><img src='gone.jpg' alt='Left'><img src='there.jpg' alt='Right'><figcaption>Both</figcaption></figure>\n"
    )
    target = tmp_path / "a.pdf"
    command = ["build", "--content", str(tmp_path), "-o", str(target), "--date", "2026-12-01"]
    assert CliRunner().invoke(main, command).exit_code == 0
    text = Reader(target).text()
    assert "Picture missing: gone.jpg" in text
    assert text.index("Left pump") < text.index("Two pumps") < text.index("Both")
    with pikepdf.open(target) as pdf:
        assert sum(len(page.Resources.get("/XObject", {})) for page in pdf.pages) == 1


@pytest.mark.parametrize(
    ("baseline", "below"),
    [("", 0.0), ("text-before-edge", 18.0), ("central", 6.8), ("hanging", 16.0)],
)
def test_words_of_an_svg_are_below_the_line_that_it_names(
    tmp_path: Path, baseline: str, below: float
) -> None:
    path = tmp_path / "a.svg"
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="90" height="40"><g dominant-baseline="{baseline}">'
        '<text x="1" y="10" font-size="20px">Pump</text></g></svg>'
    )
    (line,) = load_svg(str(path)).lines
    assert line.y == pytest.approx(10 + below)
