"""The prose of the book in figures: short sentences, few that hinge on a colon or semicolon."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from statistics import median

from conftest import built

from handbook.check import style
from handbook.check.checker import check_folder

HINGES = re.compile(rf";|{style._COLON.pattern}")


def prose() -> list[style.Sentence]:
    document = built(first=True).document
    return [
        one
        for chapter in document.chapters
        for one in style._prose(list(style._walk(chapter.blocks, True)))
    ]


def test_sentences_are_short_and_say_one_thing() -> None:
    sentences = prose()
    words = sorted(one.words for one in sentences)
    assert len(sentences) > 2_000
    assert median(words) <= 13
    assert words[len(words) * 9 // 10] <= 20
    # The longest is the list of words of the pipelines area.
    assert words[-1] <= 50
    hinged = [one.text for one in sentences if HINGES.search(one.text)]
    assert len(hinged) / len(sentences) < 0.04
    passive = sum(bool(style._PASSIVE.search(one.text)) for one in sentences)
    assert passive / len(sentences) < 0.15


def test_check_finds_nothing() -> None:
    folder = Path(__file__).parents[2] / "content"
    assert [str(one.diagnostic) for one in check_folder(folder, day=date(2026, 11, 30))] == []
