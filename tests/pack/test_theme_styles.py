"""Test that a theme's own text styles and boxes are errors where no page asks for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from handbook.pack.loader import load_pack
from handbook.pack.theme_styles import unused_styles
from handbook.theme.loader import load_theme

_BOX = "box: {recipe: {ink: $colors.ink, wash: $colors.wash, label: Recipe}}\n"


def _findings(folder: Path, text: str, tokens: str) -> list[str]:
    (folder / "one.md").write_text(f"# One\n\n{text}\n")
    (folder / "handbook.yaml").write_text("title: A\ntemplates: false\nchapters: [one.md]\n")
    (folder / "own.yaml").write_text(f"extends: default\n{tokens}")
    theme = load_theme(str(folder / "own.yaml"))
    return [str(one) for one in unused_styles(theme, load_pack(folder))]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Words.\n{.shout}", "text: {shout: {like: body, size: 12}}\n"),
        ("Words.", "text: {shout: {like: body, size: 12}, lead: {like: shout}}\n"),
        ("::: recipe\nWords.\n:::", _BOX),
        ("> [!RECIPE]\n> Words.", _BOX),
        ('!!! recipe "A"\n    Words.', _BOX),
    ],
)
def test_what_a_page_or_another_style_asks_for_is_in_use(
    tmp_path: Path, text: str, tokens: str
) -> None:
    assert _findings(tmp_path, text, tokens) == []


@pytest.mark.parametrize(
    ("tokens", "words"),
    [
        ("text: {shout: {like: body, size: 12}}\n", "nothing asks for the text style 'shout'"),
        ("text: {headng-2: {size: 12}}\n", "did you mean 'heading-2'"),
        (_BOX, "nothing asks for the kind of box 'recipe'"),
    ],
)
def test_what_nothing_asks_for_is_reported_at_its_line(
    tmp_path: Path, tokens: str, words: str
) -> None:
    (found,) = _findings(tmp_path, "Shout the recipe of headng-2.", tokens)
    assert words in found
    assert "own.yaml:2:" in found
