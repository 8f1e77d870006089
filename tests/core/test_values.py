"""Values: compared by their fields, and frozen to type checkers."""

from __future__ import annotations

import pickle
import re
from dataclasses import asdict, field, fields, replace

import pytest

from handbook.core.diagnostics import Source
from handbook.core.patterns import late
from handbook.core.values import changed, frozen, record
from handbook.core.yaml_source import parse_yaml


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


@pytest.mark.parametrize("value", [Source("a.yaml", 3, 7), Word("a", "s3cret", line=4), Nothing()])
def test_every_field_of_a_value_is_pickled(value: object) -> None:
    again = pickle.loads(pickle.dumps(value))
    assert type(again) is type(value)
    assert [getattr(again, each.name) for each in fields(value)] == [
        getattr(value, each.name) for each in fields(value)
    ]


def test_words_of_yaml_know_their_place_when_another_process_reads_them() -> None:
    data = parse_yaml("name: Ana\nroles:\n  - sre\n", "a.yaml")
    again = pickle.loads(pickle.dumps(data))
    assert again == data
    places = [(word.source.line, word.source.column) for word in (again["name"], again["roles"][0])]
    assert places == [
        (word.source.line, word.source.column) for word in (data["name"], data["roles"][0])
    ]
    assert again.key_at("roles") == data.key_at("roles")


@record
class Shelf:
    """What is on a shelf; each has its own list."""

    name: str
    words: list[str] = field(default_factory=list)


@frozen(eq=False)
class Person:
    """Someone, who is no one else of the same name."""

    name: str


def test_records_change_and_share_nothing() -> None:
    one, other = Shelf("a"), Shelf("a")
    assert one == other
    one.words.append("x")
    assert (one, other.words) == (Shelf(name="a", words=["x"]), [])
    assert asdict(one) == {"name": "a", "words": ["x"]}
    with pytest.raises(TypeError):
        hash(one)
    with pytest.raises(AttributeError):
        one.title = "b"  # type: ignore[attr-defined]


def test_values_without_equality_equal_themselves_alone() -> None:
    one = Person("a")
    assert one == one != Person("a")
    assert len({one, Person("a")}) == 2


def test_arguments_are_checked_as_those_of_a_dataclass() -> None:
    with pytest.raises(TypeError, match=r"Word.__init__\(\) missing 1 required positional"):
        Word()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="unexpected keyword argument 'colour'"):
        Word("a", colour="red")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="positional argument"):
        Word("a", "b", 3)  # type: ignore[misc]
    assert [(one.name, one.kw_only) for one in fields(Word)] == [
        ("line", True), ("text", False), ("secret", False)
    ]  # fmt: skip


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
