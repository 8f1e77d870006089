"""A brand's fonts: what they are, where they are looked for, what is made of them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.ttLib import TTFont
from test_brand import DAY, FONTS, Write, copy, shipped
from test_fields import everything

from handbook.core.diagnostics import HandbookError
from handbook.fonts.convert import drawable
from handbook.fonts.font_file import open_font
from handbook.layout.faces import load_faces
from handbook.pipeline.phases import document_of, edition_of
from handbook.select.selection import select
from handbook.theme.brand.apply import apply_brand
from handbook.theme.brand.loader import load_brand
from handbook.theme.loader import load_theme

PLEX = FONTS / "ibm-plex" / "IBMPlexSans-Text.ttf"


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def postscript(target: Path) -> Path:
    """Plex with PostScript outlines, as an OTF file."""
    font = TTFont(str(PLEX))
    glyphs, order = font.getGlyphSet(), font.getGlyphOrder()[:400]
    builder = FontBuilder(font["head"].unitsPerEm, isTTF=False)
    builder.setupGlyphOrder(order)
    builder.setupCharacterMap({c: g for c, g in font.getBestCmap().items() if g in order})
    strings = {}
    for name in order:
        pen = T2CharStringPen(glyphs[name].width, glyphs)
        glyphs[name].draw(pen)
        strings[name] = pen.getCharString()
    builder.setupCFF("Plexish", {}, strings, {})
    builder.setupHorizontalMetrics({g: (glyphs[g].width, 0) for g in order})
    builder.setupHorizontalHeader(ascent=1025, descent=-275)
    builder.setupNameTable(
        {"familyName": "Plexish", "styleName": "Regular", "psName": "Plexish-Regular"}
    )
    builder.setupOS2(usWeightClass=400)
    builder.setupPost()
    builder.save(str(target))
    return target


def variable(target: Path) -> Path:
    """Plex with an axis of weights."""
    font = TTFont(str(PLEX))
    FontBuilder(font=font).setupFvar([("wght", 100, 400, 900, "Weight")], [])
    FontBuilder(font=font).setupGvar({})
    font.save(str(target))
    return target


def test_postscript_outlines_become_truetype(write: Write) -> None:
    path = write(
        "meta: {name: A}\ntypography:\n  fonts: [{family: P, files: [p.otf, {path: p.otf, weight: 700}]}]\n  base: P\n"
    )
    postscript(path.with_name("p.otf"))
    brand = load_brand(path)
    face = apply_brand(load_theme(), brand).theme.faces()["regular"]
    made = open_font(face)
    assert (made.path.name, made.postscript) == ("p.ttf", False)
    assert abs(made.advance(20) - open_font(path.with_name("p.otf")).advance(20)) < 0.5
    chosen = select(shipped(), day=DAY, brand=brand)
    assert b"Plexish" in everything(edition_of(document_of(shipped(), chosen), chosen).fill())


def test_a_variable_font_gives_each_weight(write: Write) -> None:
    path = write(
        "meta: {name: A}\ntypography:\n  fonts: [{family: V, files: ['v[wght].ttf']}]\n  base: V\n"
    )
    variable(path.with_name("v[wght].ttf"))
    faces = apply_brand(load_theme(), load_brand(path)).theme.faces()
    assert [faces[name].name for name in ("regular", "bold")] == ["v-400.ttf", "v-700.ttf"]
    assert "fvar" not in open_font(faces["bold"]).tables
    assert faces["bold"].read_bytes() == drawable(faces["bold"], 700).read_bytes()


def test_plain_fonts_are_taken_as_they_are() -> None:
    assert drawable(PLEX, 400) == PLEX


@pytest.mark.parametrize("place", [".", "fonts"])
def test_a_family_is_found_next_to_the_brand(write: Write, place: str) -> None:
    path = write("meta: {name: A}\ntypography: {base: Open Sans}\n")
    folder = path.parent / place
    folder.mkdir(exist_ok=True)
    shutil.copy(PLEX, folder / "OpenSans-Regular.ttf")
    shutil.copy(FONTS / "ibm-plex" / "IBMPlexSans-SemiBold.ttf", folder / "OpenSans-Bold.ttf")
    shutil.copy(PLEX, folder / "OpenSansCondensed-Regular.ttf")
    made = apply_brand(load_theme(), load_brand(path))
    assert made.theme.faces()["regular"] == folder.absolute() / "OpenSans-Regular.ttf"
    assert made.theme.faces()["bold-italic"].name == "OpenSans-Bold.ttf"
    assert "'Open Sans' has no file that is italic: emphasis is printed bold" in str(made.advice[0])


def test_a_family_that_ships_is_available(write: Write) -> None:
    path = write("meta: {name: A}\ntypography: {base: Source Serif Pro}\n")
    made = apply_brand(load_theme(), load_brand(path))
    assert made.advice == ()
    assert made.theme.faces()["bold-italic"].name == "SourceSerifPro_600SemiBold_Italic.ttf"


def test_a_font_that_is_not_a_font(write: Write) -> None:
    path = write("meta: {name: A}\ntypography:\n  fonts: [{family: X, files: x.ttf}]\n  base: X\n")
    path.with_name("x.ttf").write_bytes(b"no font")
    advice = [str(messages) for messages in apply_brand(load_theme(), load_brand(path)).advice]
    assert any("'x.ttf' cannot be used: the font cannot be read" in line for line in advice)
    assert copy(load_brand(path))


def own_font(write: Write, change: Callable[[TTFont], None], cut: int | None = None) -> list[str]:
    """What is reported of a brand with this font, after it was built."""
    path = write(
        "meta: {name: A}\ntypography:\n"
        "  fonts: [{family: X, files: [x.ttf, {path: x.ttf, weight: 700}]}]\n  base: X\n"
    )
    font = TTFont(str(PLEX))
    change(font)
    font.save(str(path.with_name("x.ttf")))
    path.with_name("x.ttf").write_bytes(path.with_name("x.ttf").read_bytes()[:cut])
    assert copy(load_brand(path))
    return [one.message for one in apply_brand(load_theme(), load_brand(path)).advice]


def test_a_font_without_a_space_gives_way_to_the_themes(write: Write) -> None:
    def keep_one_letter(font: TTFont) -> None:
        for table in font["cmap"].tables:
            table.cmap = {65: "A"}

    messages = own_font(write, keep_one_letter)
    words = "the font has no glyph for the space, so no text can be set in it"
    assert f"'x.ttf' cannot be used: {words}" in messages


def test_a_font_that_is_cut_short_gives_way_to_the_themes(write: Write) -> None:
    assert "'x.ttf' cannot be used: the font cannot be read" in own_font(write, len, 5000)


def test_a_font_that_may_not_be_embedded_is_named(write: Write) -> None:
    def restrict(font: TTFont) -> None:
        font["OS/2"].fsType = 2

    words = "the licence of the font 'x.ttf' does not allow a PDF to have it inside"
    assert words in own_font(write, restrict)


@pytest.mark.parametrize(
    ("name", "words"),
    [("x.woff2", "is for the web, not for print"), ("x.ttc", "is a collection of several fonts"),
     ("x.png", "is not a font file")],
)  # fmt: skip
def test_what_is_not_a_ttf_or_otf_is_called_what_it_is(write: Write, name: str, words: str) -> None:
    path = write(f"meta: {{name: A}}\ntypography:\n  fonts: [{{family: X, files: {name}}}]\n")
    path.with_name(name).write_bytes(b"x")
    assert load_brand(path).advice[0].message == f"the font file {name!r} {words}"


def test_a_damaged_font_of_a_theme_is_an_error_with_its_name(tmp_path: Path) -> None:
    """Tables that say of others what these do not have."""
    font = bytearray(PLEX.read_bytes())
    place = font.index(b"hhea") + 8
    start = int.from_bytes(font[place : place + 4], "big")
    font[start + 34 : start + 36] = b"\xff\xff"
    (tmp_path / "own.ttf").write_bytes(font)
    (tmp_path / "own.yaml").write_text("extends: default\nfaces: {regular: own.ttf}\n")
    with pytest.raises(HandbookError, match=r"own\.ttf: error: the font cannot be read"):
        load_faces(load_theme(str(tmp_path / "own.yaml")))
