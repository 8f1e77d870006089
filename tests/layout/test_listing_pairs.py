"""Two listings that follow one another are side by side where their lines are short enough."""

from __future__ import annotations

from pathlib import Path

import pytest
from onepage import built, sound
from test_heard import heard
from test_side_column import drawn_in_order, words

LISTING = "\n".join(["trigger:", "  - main", "steps:", *(f"  - script: run{n}" for n in range(9))])
ONE = f'```yaml title="{{0}}.yml"\n{LISTING}\n{{0}}: last\n```'
TWO = f"{ONE.format('first')}\n\n{ONE.format('second')}"


def side_by_side(body: str, **options: str) -> bool:
    """Whether the last lines of two listings are on one line of the page."""
    places = words(built(body, **options))
    return places["second:"][1] == pytest.approx(places["first:"][1], abs=1)


def test_short_lines() -> None:
    assert side_by_side(f"Running text.\n\n{TWO}\n\nMore text.")


def test_they_are_read_one_after_the_other() -> None:
    pdf = built(TWO)
    text = heard(sound(pdf))
    assert text.index("first: last") < text.index("second.yml")
    assert drawn_in_order(pdf, "first:", "second.yml")


@pytest.mark.parametrize("paper", ["a5", "phone"])
def test_narrow_paper(paper: str) -> None:
    assert not side_by_side(TWO, paper=paper)


def test_long_lines() -> None:
    long = "  - script: " + "x" * 50
    assert not side_by_side(TWO.replace("  - main", f"{long}\n{long}\n{long}"))


def test_one_line_continues_below_at_a_space_and_no_word_is_split() -> None:
    # A column has some fifty characters.
    words = "  - script: echo one two three four five six seven eight nine ten"
    assert side_by_side(TWO.replace("  - main", words))
    assert not side_by_side(TWO.replace("  - main", "  - script: " + "x" * 50))


def test_a_listing_of_one_line_and_a_long_one() -> None:
    assert not side_by_side(f"```yaml\nfirst: last\n```\n\n{ONE.format('second')}")


def test_text_between() -> None:
    assert not side_by_side(TWO.replace("\n\n```", "\n\nOn GitHub:\n\n```"))


def test_a_heading_goes_above_both() -> None:
    places = words(built(f"## Heading\n\n{TWO}"))
    assert places["Heading"][1] < places["first.yml"][1]
    assert places["first.yml"][1] == pytest.approx(places["second.yml"][1], abs=1)


def test_a_theme_may_set_them_one_below_the_other(tmp_path: Path) -> None:
    theme = tmp_path / "mine.yaml"
    theme.write_text("name: mine\nextends: default\ncode:\n  pairs: 0\n", encoding="utf-8")
    assert not side_by_side(TWO, theme=str(theme))
