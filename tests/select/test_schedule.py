"""Dated plans: what holds for any plan on any calendar, and what a learner is shown."""

from __future__ import annotations

import os
import re
from datetime import date, timedelta

import pytest
from conftest import shipped
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from handbook.core.diagnostics import HandbookError
from handbook.select.schedule.schedule import (
    PlanTask,
    Schedule,
    calendar_for,
    schedule,
    tasks_of,
)
from handbook.select.schedule.study_calendar import (
    Calendar,
    parse_off,
    parse_weekdays,
    study_days,
)

MANY = settings(max_examples=300 if os.environ.get("HANDBOOK_FULL_GRID") else 100, deadline=None)
START = date(2026, 12, 1)
AREAS = ("processes", "pipelines", "security")
WEIGHTS = {"processes": 12.5, "pipelines": 52.5, "security": 12.5}


@st.composite
def plans(draw: st.DrawFn) -> tuple[PlanTask, ...]:
    count = draw(st.integers(1, 14))
    themes = sorted(draw(st.lists(st.integers(0, 4), min_size=count, max_size=count)))
    tasks: list[PlanTask] = []
    for number in range(count):
        needs = draw(st.lists(st.sampled_from(range(number)), max_size=2)) if number else []
        tasks.append(
            PlanTask(
                f"t{number}",
                f"Task {number}",
                draw(st.integers(3, 40)) * 5,
                draw(st.sampled_from(AREAS)),
                "lab",
                f"theme {themes[number]}",
                tuple(f"t{need}" for need in needs),
            )
        )
    return tuple(tasks)


@st.composite
def calendars(draw: st.DrawFn, tight: bool = False) -> Calendar:
    start = date(2026, 1, 1) + timedelta(days=draw(st.integers(0, 700)))
    off = draw(st.lists(st.integers(0, 90), max_size=20))
    days = st.integers(3, 20) if tight else st.integers(10, 150)
    dated = days.map(lambda n: start + timedelta(days=n))
    exam = draw(dated if tight else st.none() | dated)
    weekdays = draw(st.frozensets(st.integers(0, 6), min_size=1))
    hours = draw(st.integers(2, 6 if tight else 40))
    return Calendar(
        start, hours * 30, weekdays, frozenset(start + timedelta(days=n) for n in off), exam
    )


def made(tasks: tuple[PlanTask, ...], calendar: Calendar) -> Schedule:
    try:
        return schedule(tasks, WEIGHTS, calendar)
    except HandbookError:
        assume(False)
        raise


@MANY
@given(plans(), calendars())
def test_every_task_is_placed_whole(tasks: tuple[PlanTask, ...], calendar: Calendar) -> None:
    done = made(tasks, calendar)
    for task in tasks:
        parts = [s for s in done.sessions if s.task.id == task.id]
        assert sum(s.minutes for s in parts) == task.minutes
        assert [s.part for s in parts] == list(range(1, len(parts) + 1))
        assert {s.parts for s in parts} == {len(parts)}


@MANY
@given(plans(), calendars())
def test_days_off_and_hours_are_kept(tasks: tuple[PlanTask, ...], calendar: Calendar) -> None:
    done = made(tasks, calendar)
    for sitting in done.sessions:
        assert sitting.minutes > 0
        assert calendar.studies(sitting.day)
        assert calendar.exam is None or sitting.day < calendar.exam
    for week in done.weeks:
        assert week.minutes <= calendar.minutes_per_week
        days = {s.day for s in week.sessions}
        assert all(
            sum(s.minutes for s in week.sessions if s.day == d) <= calendar.minutes_per_day
            for d in days
        )
        assert all(week.first <= day < week.first + timedelta(days=7) for day in days)


@MANY
@given(plans(), calendars())
def test_what_is_needed_comes_first(tasks: tuple[PlanTask, ...], calendar: Calendar) -> None:
    order = [s.task.id for s in made(tasks, calendar).sessions]
    days = [s.day for s in made(tasks, calendar).sessions]
    assert days == sorted(days)
    for task in tasks:
        for need in task.needs:
            last = max(n for n, name in enumerate(order) if name == need)
            assert last < order.index(task.id)
    themes = list(dict.fromkeys(s.task.theme for s in made(tasks, calendar).sessions))
    assert [t for t in themes if t != "Revision"] == sorted(t for t in themes if t != "Revision")
    assert "Revision" not in themes or themes[-1] == "Revision"


@MANY
@given(plans(), calendars())
def test_the_same_choices_the_same_days(tasks: tuple[PlanTask, ...], calendar: Calendar) -> None:
    assert made(tasks, calendar) == schedule(tasks, WEIGHTS, calendar)


@MANY
@given(plans(), calendars())
def test_revision_brings_areas_closer_to_their_weights(
    tasks: tuple[PlanTask, ...], calendar: Calendar
) -> None:
    done = made(tasks, calendar)
    revision = [s for s in done.sessions if s.task.theme == "Revision"]
    planned = sum(t.minutes for t in tasks)
    ends = max(s.day for s in done.sessions if s.task.theme != "Revision")
    free = [d for d in study_days(calendar, calendar.exam or ends) if d > ends]
    # Two days more than it takes are enough for every way of splitting it.
    if planned >= 240 and calendar.minutes_per_day >= 60 and len(free) >= planned * 0.25 / 30 + 2:
        assert revision
    assume(revision)
    assert sum(s.minutes for s in revision) <= sum(t.minutes for t in tasks) * 0.25

    def distance(minutes: dict[str, int]) -> float:
        whole, total = sum(minutes.values()), sum(WEIGHTS.values())
        return sum(abs(minutes[a] / whole - WEIGHTS[a] / total) for a in WEIGHTS)

    before = {a: sum(t.minutes for t in tasks if t.area == a) for a in WEIGHTS}
    after = {a: before[a] + sum(s.minutes for s in revision if s.task.area == a) for a in WEIGHTS}
    # Half an hour is the smallest step, so a plan that fits already may move by as much.
    assert distance(after) <= distance(before) + 60 / sum(after.values())
    # Right before the exam: no free study day is behind it.
    assert calendar.exam is not None
    later = [d for d in study_days(calendar, calendar.exam) if d > done.last]
    assert len(later) <= 1


@MANY
@given(plans(), calendars(tight=True))
def test_too_little_time_says_what_would_suffice(
    tasks: tuple[PlanTask, ...], calendar: Calendar
) -> None:
    try:
        schedule(tasks, WEIGHTS, calendar)
    except HandbookError as problem:
        reported = problem.diagnostics[0]
        assert "not enough time" in reported.message or "no study day" in reported.message
        hours = re.search(r"--hours ([\d.]+)", reported.hint)
        if hours:
            more = Calendar(
                calendar.start,
                round(float(hours[1]) * 60),
                calendar.weekdays,
                calendar.off,
                calendar.exam,
            )
            assert schedule(tasks, WEIGHTS, more).sessions
        start = re.search(r"--start ([\d-]+)", reported.hint)
        if start:
            earlier = Calendar(
                date.fromisoformat(start[1]),
                calendar.minutes_per_week,
                calendar.weekdays,
                calendar.off,
                calendar.exam,
            )
            assert schedule(tasks, WEIGHTS, earlier).sessions
        assert reported.hint


@pytest.mark.parametrize("plan", ["14", "30", "60"])
def test_the_shipped_plans(plan: str) -> None:
    row = next(row for row in shipped().axis("plans") if row["id"] == plan)
    tasks = tasks_of(row)
    assert len({task.id for task in tasks}) == len(tasks)
    done = schedule(tasks, WEIGHTS, calendar_for(row, START))
    # At its own pace, a plan takes about its own time.
    assert (done.last - START).days <= int(row["days"]) * 1.35
    assert [m.words for m in done.milestones][-1].endswith("done")


def test_weekdays_and_days_off_as_they_are_written() -> None:
    assert parse_weekdays("mon,Wed, saturday") == {0, 2, 5}
    assert len(parse_off("2026-12-24..2027-01-02")) == 10
    assert parse_off("2026-12-24") == {date(2026, 12, 24)}


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: parse_weekdays("mon,wen"), "unknown weekday 'wen'"),
        (lambda: parse_weekdays("monster"), "unknown weekday 'monster'"),
        (lambda: parse_off("24.12.2026"), "these are not days"),
        (lambda: parse_off("2027-01-02..2026-12-24"), "the last day is before the first"),
        (lambda: _plan(needs=("nothing",)), "needs 'nothing', which is not in the plan"),
        (lambda: _plan(needs=("a",)), "needs itself"),
        (lambda: _plan(exam=START), "is not after the start"),
        (lambda: _plan(off=parse_off("2026-12-01..2028-11-30")), "no study day"),
    ],
)
def test_mistakes(call: object, words: str) -> None:
    with pytest.raises(HandbookError, match=re.escape(words)):
        call()  # type: ignore[operator]


def _plan(
    needs: tuple[str, ...] = (), exam: date | None = None, off: frozenset[date] = frozenset()
) -> Schedule:
    task = PlanTask("a", "A", 60, "pipelines", "lab", "T", needs)
    return schedule([task], WEIGHTS, Calendar(START, 300, frozenset(range(5)), off, exam))
