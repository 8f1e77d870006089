"""Prose is held to the style that a project sets itself, and to none otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_check import CHAPTER, found

from handbook.check.style import sentences
from handbook.core.diagnostics import Source


def config(style: str) -> str:
    return f"title: A\nchapters: [one.md]\ncheck: {{style: {{{style}}}}}\n"


def split(text: str) -> list[str]:
    return [one.text for one in sentences(Source(), text)]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two! Is it three? Yes.", ["One.", "Two!", "Is it three?", "Yes."]),
        ("See e.g. the Azure page. Then go.", ["See e.g. the Azure page.", "Then go."]),
        ("Take v2.1 of it. 3 people came.", ["Take v2.1 of it.", "3 people came."]),
        ("He said “go.” She went.", ["He said “go.”", "She went."]),
        ("No end", ["No end"]),
    ],
)
def test_sentences(text: str, parts: list[str]) -> None:
    assert split(text) == parts


@pytest.mark.parametrize(
    ("style", "text", "code", "words"),
    [
        ("sentence: 8", "One two three four five six seven eight nine.", "style-sentence", "9 words"),
        ("semicolons: 10", "It is so; or not. " * 4 + "Fine. " * 20, "style-semicolons", "16 %"),
        ("colons: 10", "It is always so here: yes. " * 4 + "At 10:30. " * 20, "style-colons", "16 %"),
        ("passive: 10", "It was quickly built. " * 4 + "We go. " * 20, "style-passive", "16 %"),
        ("avoid: {whoever: who}", "Ask Whoever knows.", "style-word", "'whoever'"),
        ("avoid: {by itself: ''}", "| a | b |\n|---|---|\n| it runs by itself | c |", "style-word", "by itself"),
    ],
)  # fmt: skip
def test_findings(style: str, text: str, code: str, words: str, tmp_path: Path) -> None:
    files = {"handbook_dot_yaml": config(style), "one_dot_md": CHAPTER + "\n" + text + "\n"}
    (one,) = [f.diagnostic for f in found(tmp_path, **files) if f.diagnostic.code != "table-header"]
    assert (one.code, one.severity) == (code, "warning")
    assert Path(one.file).name == "one.md"
    assert one.line >= 7
    assert words in one.message


@pytest.mark.parametrize(
    ("style", "text"),
    [
        ("sentence: 8", "`One two` three four five six seven eight."),
        ("sentence: 8", "| a b c d e f g h i j | k |\n|---|---|\n| l | m |"),
        ("semicolons: 0", "It is so; or not. Few sentences say nothing. " * 6),
        ("colons: 5", "Expected: it is so. We count three of them:" + " Yes. No." * 12),
        ("semicolons: 5", "Write `a; b` here. " * 30),
        ("avoid: {else: otherwise}", "Whatever elsewhere means, `else` is code."),
    ],
)
def test_what_is_left_alone(style: str, text: str, tmp_path: Path) -> None:
    files = {"handbook_dot_yaml": config(style), "one_dot_md": CHAPTER + "\n" + text + "\n"}
    assert found(tmp_path, **files) == []


def test_an_empty_word_to_avoid_is_reported_once(tmp_path: Path) -> None:
    files = {"handbook_dot_yaml": config('avoid: {"": x}'), "one_dot_md": CHAPTER + "\nA b.\n"}
    (one,) = found(tmp_path, **files)
    assert one.diagnostic.message == "a word to avoid is empty"
    assert one.diagnostic.file.endswith("handbook.yaml")


def test_a_comment_ignores_a_finding(tmp_path: Path) -> None:
    text = CHAPTER + "\n<!-- check: ignore style-word -->\nAsk whoever knows.\n"
    files = {"handbook_dot_yaml": config("avoid: {whoever: who}"), "one_dot_md": text}
    assert found(tmp_path, **files) == []


def test_passives_are_english(tmp_path: Path) -> None:
    files = {
        "handbook_dot_yaml": config("passive: 10") + "language: de\n",
        "one_dot_md": CHAPTER + "\n" + "We are builded. " * 30 + "\n",
    }
    assert "style-passive" not in [f.diagnostic.code for f in found(tmp_path, **files)]
