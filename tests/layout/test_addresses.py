"""A link has the number of its address in the list, unless its words are the address."""

from __future__ import annotations

from onepage import built, sound
from test_heard import heard

LIST = "\n\nWhere they lead:\n\n::links"


def test_a_link_with_other_words_has_a_number() -> None:
    text = heard(sound(built(f"Read [the guide](https://example.org/guide).{LIST}")))
    assert "the guide1." in text
    assert "1. example.org/guide" in text


def test_a_link_that_says_its_address_has_none() -> None:
    links = "<https://example.org/guide> and [example.org/two](https://example.org/two/)"
    text = heard(sound(built(f"Read {links}, then [three](https://example.org/three).{LIST}")))
    assert "example.org/guide and" in text
    assert text.count("example.org/guide") == text.count("example.org/two") == 1
    assert "1. example.org/three" in text


def test_words_of_one_and_address_of_another() -> None:
    links = "[the guide](https://example.org/guide), <https://example.org/guide>"
    text = heard(sound(built(f"Read {links}.{LIST}")))
    assert "the guide1, https://example.org/guide." in text
    assert "1. example.org/guide" in text
