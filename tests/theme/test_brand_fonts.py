"""A brand's fonts: what they are, where they are looked for, what is made of them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.ttLib import TTFont
from test_brand import DAY, FONTS, Write, copy, shipped
from test_fields import everything

from handbook.fonts.convert import drawable
from handbook.fonts.font_file import open_font
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


def test_a_family_that_ships_is_at_hand(write: Write) -> None:
    path = write("meta: {name: A}\ntypography: {base: Source Serif Pro}\n")
    made = apply_brand(load_theme(), load_brand(path))
    assert made.advice == ()
    assert made.theme.faces()["bold-italic"].name == "SourceSerifPro_600SemiBold_Italic.ttf"


def test_a_font_that_is_no_font(write: Write) -> None:
    path = write("meta: {name: A}\ntypography:\n  fonts: [{family: X, files: x.ttf}]\n  base: X\n")
    path.with_name("x.ttf").write_bytes(b"no font")
    advice = [str(told) for told in apply_brand(load_theme(), load_brand(path)).advice]
    assert any("'x.ttf' is not a font that can be read" in line for line in advice)
    assert copy(load_brand(path))
