"""Names in every script: real text, shaped, in the right direction, from the right font."""

from __future__ import annotations

import os
import unicodedata
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import pikepdf
import pymupdf
import pytest
import yaml
from readback import Reader, fold
from second_programs import verapdf
from small import small_edition

from handbook.core.diagnostics import HandbookError
from handbook.fonts.font_file import open_font
from handbook.fonts.shaping import shape
from handbook.pdf.edition import Edition
from handbook.pdf.field_fitting import clean
from handbook.theme.loader import load_theme

NAMES: dict[str, dict[str, object]] = yaml.safe_load(
    (Path(__file__).parents[1] / "names.yaml").read_text("utf-8")
)
GROUPS = [(group, str(name)) for group, row in NAMES.items() for name in row["names"]]  # type: ignore[attr-defined]
BOLD = open_font(load_theme().faces()["bold"])


def edition() -> Edition:
    return small_edition()


@lru_cache(maxsize=512)
def copy(name: str) -> Reader:
    return Reader(edition().fill({"learner": name}))


def glyphs(name: str) -> list[tuple[str, tuple[int, ...]]]:
    """The clusters of a name: their text, and the numbers of their glyphs."""
    shaped = shape(clean(name), BOLD, "learner")
    return [
        (c.text, tuple(g.number for g in c.glyphs)) for run in shaped.runs for c in run.clusters
    ]


def test_the_list_is_long_and_wide() -> None:
    assert len(GROUPS) >= 200
    assert len({name for _, name in GROUPS}) == len(GROUPS)
    assert len({row["script"] for row in NAMES.values()}) >= 20


@pytest.mark.parametrize("group", NAMES)
def test_names_are_read_back_as_they_were_given(group: str) -> None:
    for own, name in GROUPS:
        if own == group:
            want = unicodedata.normalize("NFC", name)
            assert want in fold(unicodedata.normalize("NFC", copy(name).structure().text))


@pytest.mark.parametrize("group", NAMES)
def test_no_glyph_is_missing(group: str) -> None:
    for own, name in GROUPS:
        if own == group:
            assert all(number for _, numbers in glyphs(name) for number in numbers), name
            assert "".join(text for text, _ in glyphs(name)) == clean(name)


# Lam with alef is one glyph for two letters, which some readers take for their mirror image.
LIGATURES = ("لا", "لأ", "لإ", "لآ")


@pytest.mark.parametrize("group", NAMES)
def test_a_reader_that_knows_no_tags_gets_the_name(group: str) -> None:
    for own, name in GROUPS:
        if own == group and not any(pair in name for pair in LIGATURES):
            data = edition().fill({"learner": name})
            page = pymupdf.open(stream=data)[0].get_text()
            assert _bare(name) in _bare(page), name


def _bare(text: str) -> str:
    joined = unicodedata.normalize("NFC", text)
    return "".join(c for c in joined if not c.isspace() and unicodedata.category(c) != "Cf")


def test_a_copy_embeds_only_the_glyphs_of_its_name() -> None:
    with pikepdf.open(BytesIO(edition().fill({"learner": "王小明"}))) as pdf:
        fonts = pdf.pages[0].Resources.Font
        own = [font for key, font in fonts.items() if str(key).startswith("/X")]
        files = [font.DescendantFonts[0].FontDescriptor for font in own]
        sizes = [
            len(d[key].read_bytes())
            for d in files
            for key in ("/FontFile2", "/FontFile3")
            if key in d
        ]
        assert sum(sizes) < 40_000
        assert len(own) >= 1


# ------------------------------------------------------------------------ shaping


def test_devanagari_conjuncts_and_reordered_vowels() -> None:
    assert ("क्ष", 1) in [(text, len(numbers)) for text, numbers in glyphs("अक्षय")]
    # In त्रि the vowel sign i comes before the conjunct it is written after.
    cluster = next(numbers for text, numbers in glyphs("त्रिपाठी") if text == "त्रि")
    alone = next(numbers for text, numbers in glyphs("त्र") if text == "त्र")
    assert len(cluster) == 2
    assert cluster[1] == alone[0]


def test_arabic_letters_take_the_form_of_their_place() -> None:
    forms = {numbers for text, numbers in glyphs("بيب ب") if text == "ب"}
    assert len(forms) == 3


def test_arabic_runs_to_the_left() -> None:
    shaped = shape("محمد", BOLD, "learner")
    places = [cluster.glyphs[0].x for cluster in shaped.runs[0].clusters]
    assert places == sorted(places, reverse=True)


def test_a_latin_name_in_an_arabic_one_keeps_its_direction() -> None:
    shaped = shape("محمد Ali خان", BOLD, "learner")
    starts = [run.x for run in shaped.runs]
    words = ["".join(c.text for c in run.clusters).strip() for run in shaped.runs]
    latin = next(run for run, word in zip(shaped.runs, words, strict=True) if word == "Ali")
    assert [c.text for c in latin.clusters][:3] == ["A", "l", "i"]
    assert latin.clusters[0].glyphs[0].x < latin.clusters[1].glyphs[0].x
    assert starts[0] > latin.x


def test_thai_marks_are_above_their_letter_and_one_another() -> None:
    for text, numbers in glyphs("น้ำผึ้ง"):
        assert numbers, text
    shaped = shape("ผึ้ง", BOLD, "learner")
    first = shaped.runs[0].clusters[0]
    assert first.text == "ผึ้"
    assert len(first.glyphs) == 3
    assert shaped.width < shape("ผง", BOLD, "learner").width * 1.05


def test_the_theme_s_own_font_comes_first() -> None:
    fonts = [run.font.path.name for run in shape("Priya प्रिया", BOLD, "learner").runs]
    assert fonts == ["IBMPlexSans-SemiBold.ttf", "NotoSansDevanagari-Regular.ttf"]


# ------------------------------------------------------------------------ errors


def test_a_character_that_no_font_has_is_named() -> None:
    with pytest.raises(HandbookError, match=r"U\+12000 CUNEIFORM SIGN A") as problem:
        edition().fill({"learner": "Gilgamesh \U00012000"})
    assert "learner" in problem.value.diagnostics[0].message


def test_without_the_extra_the_error_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    from handbook.fonts import fallback

    monkeypatch.setattr(fallback, "_others", lambda: ())
    shape.cache_clear()
    with pytest.raises(HandbookError) as problem:
        edition().fill({"learner": "世界"})
    shape.cache_clear()
    assert "U+4E16" in problem.value.diagnostics[0].message
    assert "handbook[cjk]" in problem.value.diagnostics[0].hint


@pytest.mark.skipif(
    not os.environ.get("HANDBOOK_REQUIRE_ALL"), reason="the whole list is for .ci/run"
)
def test_verapdf_passes_in_every_script(tmp_path: Path) -> None:
    files = []
    for number, row in enumerate(NAMES.values()):
        path = tmp_path / f"{number}.pdf"
        names = [str(name) for name in row["names"]]  # type: ignore[attr-defined]
        values = {
            "learner": names[0],
            "cohort": names[-1],
            "provider": names[1 % len(names)],
            "exam-date": "15 February 2027",
            "code": "https://example.org/c/1",
            "address": "https://example.org/c/1",
        }
        path.write_bytes(edition().fill(values))
        files.append(path)
    verapdf(files, "ua1", "2a")
