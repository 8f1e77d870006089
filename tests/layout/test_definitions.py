"""A term's meaning is in the side column where a chapter first uses it, if there is room for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from onepage import built, sound
from test_heard import heard
from test_side_column import words

WORDS = "The quick brown fox jumps over the lazy dog, and the dog sleeps on without a word. " * 5
GLOSSARY = """

## Glossary

Exclusive lock
:   One user *alone*.

Feed
:   Where packages are.
{.glossary}
"""
MEANING = "Exclusive lock: One user alone."


def text_of(body: str, **options: str) -> str:
    return heard(sound(built(body + GLOSSARY + "\n::index\n", **options)))


def test_next_to_the_paragraph() -> None:
    places = words(built(f"An exclusive lock. {WORDS}{GLOSSARY}\n::index\n"))
    assert places["lock:"][0] < places["quick"][0] - 100


def test_read_after_the_paragraph() -> None:
    text = text_of(f"An exclusive lock. {WORDS}\n\nNext.")
    assert text.index("sleeps") < text.index(MEANING) < text.index("Next.")
    assert text.count(MEANING) == 1


def test_once_in_a_chapter() -> None:
    assert text_of(f"An exclusive lock. {WORDS}\n\nAn exclusive lock. {WORDS}").count(MEANING) == 1


@pytest.mark.parametrize("body", ["An exclusive lock.", f"- An exclusive lock. {WORDS}"])
def test_no_room(body: str) -> None:
    assert MEANING not in text_of(body)


def test_the_words_of_a_link_name_what_is_elsewhere() -> None:
    assert MEANING not in text_of(f"[The exclusive lock](https://example.org). {WORDS}")


def test_no_side_column() -> None:
    assert MEANING not in text_of(f"An exclusive lock. {WORDS}", paper="a5")


@pytest.mark.parametrize(("words", "count"), [("They feed it.", 0), ("A **feed** is it.", 1)])
def test_an_ordinary_word_counts_where_it_is_emphasised(words: str, count: int) -> None:
    assert text_of(f"{words} {WORDS}").count("Feed: Where packages are.") == count


def test_a_theme_without_definitions(tmp_path: Path) -> None:
    theme = tmp_path / "mine.yaml"
    theme.write_text("name: mine\nextends: default\nside:\n  definitions: 0\n", encoding="utf-8")
    assert MEANING not in text_of(f"An exclusive lock. {WORDS}", theme=str(theme))
