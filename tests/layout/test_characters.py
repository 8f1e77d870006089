"""Characters that are not seen, hyphens, and characters two cells wide."""

from __future__ import annotations

import pytest
from onepage import built, sound

from handbook.layout.inline.highlight import cells, code_rows


@pytest.mark.parametrize("char", ["\u200b", "\u2060", "\ufeff", "\u00ad"])
def test_a_character_that_is_not_seen_takes_no_room(char: str) -> None:
    body = f"over{char}flow, `over{char}flow`\n\n```\nover{char}flow\n```\n"
    tree = sound(built(body))
    text = tree.text.replace("\u200b", "").replace("\u2060", "")
    assert text.count("overflow") == 3
    assert "\ufeff" not in tree.text


@pytest.mark.parametrize("char", ["\u200b", "\u2060", "\u00ad"])
def test_a_character_that_is_not_seen_may_be_alone_or_end_a_word(char: str) -> None:
    assert "word" in sound(built(f"a {char} word{char} end `{char}`")).text


def test_a_soft_hyphen_is_seen_where_a_line_ends_alone() -> None:
    tree = sound(built("Donau\u00addampf\u00adschiff\u00adfahrt " * 12))
    # A hyphen at a line's end is read as a soft one.
    assert "-" not in tree.text
    assert tree.text.count("\u00ad") < 12


def test_no_hyphen_enters_code_or_an_address() -> None:
    word = "abcdefghijklmnopqrstuvwxyz" * 5
    tree = sound(built(f"`{word}` <https://example.org/{word}>"))
    assert "\u00ad" not in tree.text


def test_an_ideograph_is_two_cells_wide_in_code() -> None:
    assert cells("日本語") == 6
    assert cells("e\u0301") == 1
    rows = code_rows("日本語日本語日本語", "", 10)
    assert [[part for part, _ in row] for row in rows] == [
        ["日本語日本"],
        ["    ", "語日本"],
        ["    ", "語"],
    ]
    sound(built("```\n日本語 = 6\nabcdef = 6\n```"))
