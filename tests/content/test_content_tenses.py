"""Every dated fact is in the right tense in an edition of any day: six days around each date are rendered and read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from conftest import first_book as shipped

from handbook.core.i18n import translations_for
from handbook.select.assemble import assemble
from handbook.select.selection import select

DAYS = (-60, -7, -1, 0, 1, 60)
# What an edition says before a day and never after it, and the other way round.
AHEAD = re.compile(r"\bwill\b|\bends\b|\bretires\b|\bfrom\b|\buntil\b")
BEHIND = re.compile(
    r"\bwas\b|\bwere\b|\bended\b|\bhas been\b|\bhave been\b|(?<!be )retired on\b|\bsince\b|no longer"
)
CONTENT = Path(__file__).parents[2] / "content"
TEMPLATES = Path(__file__).parents[2] / "templates"


def turning(value: Any) -> Iterator[Mapping[str, Any]]:
    """The mappings {on, before, after} in a table."""
    if isinstance(value, Mapping):
        if {"on", "before", "after"} <= set(value):
            yield value
        for item in value.values():
            yield from turning(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from turning(item)


def dates() -> list[date]:
    tables = shipped().tables
    found = {fact["on"] for fact in turning(tables)}
    found |= {row["retired"]["on"] for row in tables["certifications"] if "retired" in row}
    return sorted(found)


@cache
def text(day: date, role: str = "", plan: str = "") -> str:
    selection = select(shipped(), role=role, plan=plan, day=day)
    return re.sub(
        r"\s+", " ", "\n".join(chapter.text for chapter in assemble(shipped(), selection))
    )


def test_there_are_dated_facts() -> None:
    assert len(dates()) >= 9


def wrong_tenses(when: date, days: int, role: str = "", plan: str = "") -> Iterator[str]:
    """The sentences about a day that an edition says in the tense of its other side."""
    said = translations_for("en-GB").day(when)
    day = when + timedelta(days=days)
    for sentence in re.split(r"(?<=[.|])\s|: ", text(day, role, plan)):
        if said not in sentence or "Checked" in sentence or f"Edition of {said}" in sentence:
            continue
        found = (BEHIND if day < when else AHEAD).search(sentence)
        if found:
            yield f"edition of {day}: {sentence!r} says {found[0]!r}"


@pytest.mark.parametrize("when", dates(), ids=str)
def test_six_days_around_each_date(when: date) -> None:
    for days in DAYS:
        assert list(wrong_tenses(when, days, "data-engineer")) == []


@pytest.mark.parametrize("when", dates(), ids=str)
def test_editions_with_a_plan_on_the_eve_and_on_the_day(when: date) -> None:
    for days in (-1, 0):
        assert list(wrong_tenses(when, days, plan="30")) == []


@pytest.mark.parametrize("when", dates(), ids=str)
def test_each_half_is_said_on_its_side_of_the_day(when: date) -> None:
    facts = [fact for fact in turning(shipped().tables) if fact["on"] == when]
    for days in DAYS:
        day = when + timedelta(days=days)
        book = text(day, "data-engineer")
        for fact in facts:
            silent = fact["before"] if day >= when else fact["after"]
            assert squeezed(silent) not in book, f"edition of {day}: {silent!r}"


@pytest.mark.parametrize("days", DAYS)
def test_retirements_of_exams(days: int) -> None:
    for row in shipped().tables["certifications"]:
        if "retired" not in row:
            continue
        when = row["retired"]["on"]
        book, said = (
            text(when + timedelta(days=days), "data-engineer"),
            translations_for("en-GB").day(when),
        )
        will = f"{row['code']} will be retired on {said}" in book
        was = f"{row['code']} was retired on {said}" in book
        assert (will, was) == (days < 0, days >= 0), row["code"]


def test_only_one_file_asks_what_is_past() -> None:
    asking = [
        path.name
        for path in [*CONTENT.glob("chapters/*.md"), *TEMPLATES.glob("*.j2")]
        if "past(" in path.read_text(encoding="utf-8")
    ]
    assert asking == ["status.md.j2"]


def test_no_chapter_writes_such_a_day_itself() -> None:
    said = [translations_for("en-GB").day(when) for when in dates()]
    for path in CONTENT.glob("chapters/*.md"):
        written = path.read_text(encoding="utf-8")
        assert [day for day in said if day in written] == [], path.name


def squeezed(words: str) -> str:
    return re.sub(r"\s+", " ", str(words)).strip()
