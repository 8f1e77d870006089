"""Values: compared by their fields, and frozen to type checkers."""

from __future__ import annotations

import pickle
import re
from dataclasses import field, replace

import pytest

from handbook.core.diagnostics import Source
from handbook.core.patterns import late
from handbook.core.values import changed, frozen


@frozen(kw_only=True)
class Placed:
    """What has a place; two that differ in their place alone are equal."""

    line: int = field(default=0, compare=False)


@frozen
class Word(Placed):
    """A word, and what no one may read."""

    text: str
    secret: str = field(default="", repr=False)


@frozen
class Nothing:
    """A value without fields."""


def test_values_are_equal_when_their_compared_fields_are() -> None:
    assert Word("a", line=1) == Word("a", line=2) != Word("b", line=1)
    assert len({Word("a", line=1), Word("a", line=2), Nothing(), Nothing()}) == 2
    assert Word("a") != Nothing() == Nothing()


def test_values_are_shown_without_what_is_hidden() -> None:
    assert repr(Word("a", "s3cret", line=4)) == "Word(line=4, text='a')"


def test_values_are_replaced_and_pickled() -> None:
    word = replace(Word("a", line=3), text="b")
    assert (word.text, word.line) == ("b", 3)
    assert pickle.loads(pickle.dumps(word)) == word
    assert not hasattr(word, "__dict__")


def test_changed_does_what_replace_does() -> None:
    """A copy has the new value, all else as it was; the value itself stays."""
    before = Source("a.md", 3)
    after = changed(before, line=4)
    assert after == replace(before, line=4)
    assert before == Source("a.md", 3)
    assert type(after) is Source
    assert hash(after) == hash(Source("a.md", 4))


def test_a_late_pattern_is_compiled_once_it_is_used() -> None:
    """What is wrong with it is reported by its first use, and it finds what `re` finds."""
    pattern = late(r"(a)|B", re.I)
    assert [match[0] for match in pattern.finditer("xAb")] == ["A", "b"]
    assert pattern.sub("-", "cab") == re.sub(r"(?i)a|b", "-", "cab")
    assert pattern.groups == 1
    wrong = late("(")
    with pytest.raises(re.error):
        wrong.match("a")
