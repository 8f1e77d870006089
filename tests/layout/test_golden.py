"""Pages look as they did when someone last looked at them; a changed page is noticed."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import DAY
from PIL import Image, ImageChops, ImageDraw, ImageFont

pytest.importorskip("pypdfium2", reason="pypdfium2 renders the pages, and is not installed")

import golden
from golden import STORED, Edition, check, difference, editions, pages, renew, save

RENEW = "if this is meant: python -m tests.golden, and look at what it changed"
FONT = golden.ROOT / "handbook/data/fonts/ibm-plex/IBMPlexSans-Text.ttf"


@pytest.mark.parametrize("edition", editions(), ids=lambda e: f"{e.theme}-{e.role}-{e.paper}")
def test_pages(edition: Edition) -> None:
    found = pages(edition)
    wrong = [
        said
        for name, image in found.items()
        if (said := check(name, image, STORED, golden.DIFFERENCES))
    ]
    assert not wrong, "\n".join([*wrong, f"see {golden.DIFFERENCES}", RENEW])
    kept = {path.name for path in STORED.glob(edition.name("*"))}
    assert kept == set(found), RENEW


def test_every_picture_is_of_an_edition() -> None:
    names = {edition.name(kind) for edition in editions() for kind in edition.kinds}
    assert {path.name for path in STORED.glob("*.png")} <= names, RENEW


def test_the_folder_stays_small() -> None:
    assert sum(path.stat().st_size for path in STORED.glob("*.png")) < 3_000_000


def test_the_day_is_that_of_all_tests() -> None:
    assert golden.DAY == DAY


# ---------------------------------------------------------------- what is noticed


@pytest.fixture
def page() -> Image.Image:
    """A kept page that is full of words."""
    name = Edition("default", "sre", "a4", ()).name("faq")
    with Image.open(STORED / name) as image:
        return image.convert("L")


def with_word(page: Image.Image, word: str, points: float) -> Image.Image:
    """The page with a word more, in its left margin, where that is empty."""
    changed = page.copy()
    font = ImageFont.truetype(str(FONT), points * golden.DPI / 72)
    empty = next(
        y for y in range(400, page.height) if page.crop((45, y, 90, y + 16)).getextrema()[0] == 255
    )
    ImageDraw.Draw(changed).text((50, empty), word, fill=28, font=font)
    return changed


@pytest.mark.parametrize(("word", "points"), [("pipeline", 9.8), ("Overview", 29), ("ten", 8.8)])
def test_a_word_more_is_noticed(page: Image.Image, word: str, points: float) -> None:
    assert difference(page, with_word(page, word, points))


def test_a_line_that_moved_is_noticed(page: Image.Image) -> None:
    assert difference(page, ImageChops.offset(page, 0, 2))


def test_what_hardly_shows_is_near_enough(page: Image.Image) -> None:
    """Another version of the renderer smooths edges a little differently."""
    assert not difference(page, page)
    assert not difference(page, page.point(lambda value: value * 7 // 8))
    specks = page.copy()
    for place in range(0, page.width, 24):
        specks.putpixel((place, 300), 255 - page.getpixel((place, 300)))
    assert not difference(page, specks)


def test_another_size_is_noticed(page: Image.Image) -> None:
    assert str(difference(page, page.crop((0, 0, 400, 600)))) == "another size"


def test_a_changed_page_is_reported_with_a_picture(page: Image.Image, tmp_path: Path) -> None:
    stored, differences = tmp_path / "golden", tmp_path / "differences"
    save(page, stored / "a.png")
    assert check("a.png", page, stored, differences) == ""
    assert not differences.exists()
    said = check("a.png", with_word(page, "pipeline", 9.8), stored, differences)
    assert said.startswith("a.png: 0.0")
    with Image.open(differences / "a.png") as image:
        assert image.width == page.width * 3 + 20
        colors = image.getcolors(maxcolors=1 << 16) or []
        assert any(color == golden.RED for _, color in colors)
    assert check("b.png", page, stored, differences) == "b.png: no picture is kept of it"


def test_pictures_keep_their_greys(page: Image.Image, tmp_path: Path) -> None:
    save(page, tmp_path / "a.png")
    with Image.open(tmp_path / "a.png") as image:
        assert image.convert("L").tobytes() == page.tobytes()


def test_renewing_says_what_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edition = Edition("default", "sre", "a4", ("cover",))
    blank = Image.new("L", (496, 702), 255)
    monkeypatch.setattr(golden, "editions", lambda: [edition])
    monkeypatch.setattr(golden, "pages", lambda e: {e.name("cover"): blank})
    name = edition.name("cover")
    save(blank, tmp_path / "old.png")
    assert list(renew(tmp_path)) == [f"{name}: new", "old.png: dropped"]
    assert list(renew(tmp_path)) == []
    monkeypatch.setattr(
        golden, "pages", lambda e: {name: with_word(blank, "A word", 20).point(_greys)}
    )
    (line,) = renew(tmp_path)
    assert "of the page differ" in line


def _greys(value: int) -> int:
    return value // 17 * 17
