"""Faces: what the font's tables say, and kerning by pairs as HarfBuzz kerns whole words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from handbook.fonts import face as fonts
from handbook.fonts.face import Face
from handbook.fonts.font_file import open_font
from handbook.fonts.shaping import shape_levels
from handbook.theme.loader import load_theme

CONTENT = Path(__file__).parents[2] / "content"
FILES = sorted(
    {p for name in ("default", "almanac", "field-guide") for p in load_theme(name).faces().values()}
)


def words() -> list[str]:
    text = "".join(path.read_text("utf-8") for path in sorted(CONTENT.rglob("*.[my]*")))
    return sorted(set(re.findall(r"\S+", text)))[::3]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_pairs_kern_as_whole_words_do(path: Path) -> None:
    face = Face(path)
    # Source Serif kerns by the neighbours of a pair, too.
    assert face._by_pairs == ("SourceSerif" not in path.stem)
    for word in words():
        if len(word) > 1 and face.has(word):
            assert face._kerns(word) == face._shaped_kerns(word), word


def test_a_font_that_kerns_in_other_ways_is_shaped_word_by_word(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fonts, "_PAIRS", 7)
    assert not Face(load_theme("default").faces()["regular"])._by_pairs


def test_metrics_are_those_of_the_tables() -> None:
    face = Face(load_theme("default").faces()["italic"])
    assert face.name == "IBMPlexSans-TextItalic"
    assert (round(face.ascent), round(face.descent), round(face.cap_height)) == (780, -220, 698)
    assert face.italic_angle < 0
    assert face.glyph("\uffff") is None


def test_figures_after_an_emoji_are_in_the_font_of_the_text() -> None:
    own = open_font(load_theme().faces()["mono"])
    for text in ("⏳ 2023-07-03", "✅12,3"):
        runs = shape_levels(text, [0] * len(text), own).runs
        said = {run.font: "".join(one.text for one in run.clusters) for run in runs}
        assert said[own] == text[1:]
    arabic = "سنة 12"
    assert len(shape_levels(arabic, [1] * len(arabic), own).runs) == 1
