"""Date the sessions of a study plan, week by week.

The rule, in short: every study day has the same room, the week's minutes shared by its study
days.  Tasks are put into that room one after the other, in the plan's order (a task that needs
another comes after it).  One that is longer than the room that is left waits for the next day;
where that would take too long for the exam, it is split, as is one longer than any day, into
parts of at least half an hour.  Nothing is put on a day off, nor on the exam day or later.  If
there is time to spare before the exam, up to a quarter of the plan's minutes becomes revision on
the last days, shared so that the areas come closer to their weights in the exam.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from ...core.diagnostics import error, suggest
from ...core.i18n import ENGLISH, Translations
from ...core.values import frozen
from .study_calendar import (
    DAY,
    HORIZON,
    ONE,
    WEEKDAYS,
    Calendar,
    check_calendar,
    parse_off,
    parse_weekdays,
    study_days,
    weekday_name,
)

# Minutes: no part of a task is shorter, where the task and the day allow it.
LEAST = 30
# Of the plan's minutes, at most this share is added as revision.
REVISION = 0.25


@frozen
class PlanTask:
    """A task of a plan, in minutes; `needs` names tasks that come before it.

    `area` is what revision is shared by; it and `kind` are empty where the plan has none.
    """

    id: str
    words: str
    minutes: int
    area: str
    kind: str
    theme: str
    needs: tuple[str, ...] = ()


@frozen
class StudySession:
    """A task, or part `part` of its `parts`, on a day."""

    day: date
    task: PlanTask
    minutes: int
    part: int = 1
    parts: int = 1


@frozen
class Milestone:
    """A day that the schedule highlights."""

    day: date
    words: str


@frozen
class Week:
    """A calendar week from Monday `first`, the learner's week `number` from 1."""

    number: int
    first: date
    sessions: tuple[StudySession, ...]
    milestones: tuple[Milestone, ...]

    @property
    def minutes(self) -> int:
        """Return the study minutes of the week."""
        return sum(session.minutes for session in self.sessions)


@frozen
class Schedule:
    """A plan with its days."""

    weeks: tuple[Week, ...]
    calendar: Calendar
    milestones: tuple[Milestone, ...]

    @property
    def sessions(self) -> tuple[StudySession, ...]:
        """Return all sessions, by day."""
        return tuple(session for week in self.weeks for session in week.sessions)

    @property
    def last(self) -> date:
        """Return the day of the last session."""
        return self.sessions[-1].day

    @property
    def minutes(self) -> int:
        """Return the study minutes of all sessions."""
        return sum(session.minutes for session in self.sessions)

    def first_day(self, task: str) -> date | None:
        """Return the day on which the task with this id begins."""
        return next((s.day for s in self.sessions if s.task.id == task), None)


def schedule(
    tasks: Sequence[PlanTask],
    weights: Mapping[str, float],
    calendar: Calendar,
    words: Translations = ENGLISH,
) -> Schedule:
    """Return the plan of `tasks` on the days of `calendar`; `weights` are the exam's, by area.

    Raises:
        HandbookError: If there is no study day, if the hours before the exam are not enough (saying
            what would be), or if tasks need what is not there.
    """
    if not tasks:
        raise error("the plan has no sessions", code="schedule")
    ordered = _ordered(tasks)
    check_calendar(calendar)
    sessions = _place(ordered, calendar)
    if sessions is None:
        raise _too_little(ordered, calendar)
    sessions += _revision(ordered, weights, calendar, sessions, words)
    return _weeks(sessions, calendar, words)


def tasks_of(plan: Mapping[str, Any]) -> tuple[PlanTask, ...]:
    """Return the tasks of a plan: a row with `units`, each with a `title` and `sessions`."""
    tasks: list[PlanTask] = []
    for unit in plan["units"]:
        for session in unit["sessions"]:
            tasks.append(
                PlanTask(
                    str(session.get("id") or f"session-{len(tasks) + 1}"),
                    str(session["do"]),
                    int(session["minutes"]),
                    str(session.get("area", "")),
                    str(session.get("kind", "")),
                    str(unit["title"]),
                    tuple(str(need) for need in session.get("needs") or ()),
                )
            )
    return tuple(tasks)


def calendar_for(
    plan: Mapping[str, Any],
    start: date,
    *,
    hours: float = 0.0,
    days: str = "",
    skip: Iterable[str] = (),
    exam: date | None = None,
    holidays: Iterable[date] = (),
) -> Calendar:
    """Return the calendar that these choices describe; without `hours`, the plan's own pace.

    Raises:
        HandbookError: For days and dates that cannot be read.
    """
    weekdays = parse_weekdays(days) if days else frozenset(range(5))
    skipped = frozenset(day for words in skip for day in parse_off(words))
    if not hours:
        weeks = max(1.0, float(plan.get("days", 30)) / 7)
        hours = -(-sum(task.minutes for task in tasks_of(plan)) / 30 // weeks) / 2
    off = skipped | frozenset(holidays)
    return Calendar(start, round(hours * 60), weekdays, off, exam, skipped)


# ------------------------------------------------------------------------ order


def _ordered(tasks: Sequence[PlanTask]) -> list[PlanTask]:
    """Return the tasks in their order, but each behind what it needs."""
    known = {task.id: task for task in tasks}
    for task in tasks:
        for need in task.needs:
            if need not in known:
                raise error(
                    f"the session {task.id!r} needs {need!r}, which is not in the plan",
                    hint=suggest(need, known),
                    code="schedule",
                )
    done: dict[str, PlanTask] = {}
    open_: set[str] = set()

    def visit(task: PlanTask) -> None:
        if task.id in done:
            return
        if task.id in open_:
            raise error(
                f"the session {task.id!r} needs itself, by way of what it needs",
                hint="leave out one of the 'needs' of these sessions",
                code="schedule",
            )
        open_.add(task.id)
        for need in task.needs:
            visit(known[need])
        done[task.id] = task

    for task in tasks:
        visit(task)
    return list(done.values())


# -------------------------------------------------------------------- placement


def _place(tasks: Sequence[PlanTask], calendar: Calendar) -> list[StudySession] | None:
    """Return the tasks one after the other; None if they are not done in time."""
    days = study_days(calendar, calendar.exam or calendar.start + ONE * HORIZON)
    whole = _fill(tasks, days, calendar.minutes_per_day, whole=True)
    return whole if whole is not None else _fill(tasks, days, calendar.minutes_per_day)


def _fill(
    tasks: Sequence[PlanTask], days: Sequence[date], minutes_per_day: int, whole: bool = False
) -> list[StudySession] | None:
    """Place tasks on days; `whole` ones are split only if longer than a day's minutes."""
    sessions: list[StudySession] = []
    ahead = iter(days)
    day, left = next(ahead, None), minutes_per_day
    for task in tasks:
        rest, parts = task.minutes, list[StudySession]()
        while rest > 0:
            part = _part(rest, left, minutes_per_day)
            if not part or (whole and part < rest <= minutes_per_day):
                day, left = next(ahead, None), minutes_per_day
                continue
            if day is None:
                return None
            parts.append(StudySession(day, task, part, len(parts) + 1))
            rest, left = rest - part, left - part
        sessions += [replace(session, parts=len(parts)) for session in parts]
    return sessions


def _part(rest: int, left: int, minutes_per_day: int) -> int:
    """Return the minutes of a task for the rest of a day; 0 if it should wait for the next."""
    if rest <= left:
        return rest
    least = min(LEAST, minutes_per_day)
    # Neither this part nor the rest may be too short.
    part = left if rest - left >= least else rest - least
    return part if part >= least or left == minutes_per_day else 0


# --------------------------------------------------------------------- revision


def _revision(
    tasks: Sequence[PlanTask],
    weights: Mapping[str, float],
    calendar: Calendar,
    sessions: Sequence[StudySession],
    words: Translations,
) -> list[StudySession]:
    """Place revision on the last study days before the exam, for neglected areas."""
    if calendar.exam is None or not weights:
        return []
    free = [d for d in study_days(calendar, calendar.exam) if d > sessions[-1].day]
    planned = sum(task.minutes for task in tasks)
    budget = min(len(free) * calendar.minutes_per_day, round(planned * REVISION) // LEAST * LEAST)
    if budget < LEAST:
        return []
    name = words.gettext("Revision")
    revision = [
        PlanTask(f"revision-{area}", name, minutes, area, "review", name)
        for area, minutes in _shares(tasks, weights, budget).items()
    ]
    for count in range(-(-budget // calendar.minutes_per_day), len(free) + 1):
        placed = _fill(revision, free[-count:], calendar.minutes_per_day)
        if placed is not None:
            return placed
    return []


def _shares(tasks: Sequence[PlanTask], weights: Mapping[str, float], budget: int) -> dict[str, int]:
    """Split `budget` minutes into half hours, each for the area that lacks most of its share."""
    have = {area: sum(t.minutes for t in tasks if t.area == area) for area in weights}
    whole = sum(have.values()) + budget
    total = sum(weights.values())
    shares: dict[str, int] = {}
    left = budget
    while left > 0:
        step = min(LEAST, left)
        lack = {area: whole * weights[area] / total - have[area] for area in weights}
        area = max(lack, key=lambda name: (lack[name], name))
        have[area] += step
        shares[area] = shares.get(area, 0) + step
        left -= step
    return dict(sorted(shares.items(), key=lambda share: (-share[1], share[0])))


# ----------------------------------------------------------------------- result


def _weeks(sessions: Sequence[StudySession], calendar: Calendar, words: Translations) -> Schedule:
    milestones = _milestones(sessions, calendar, words)
    monday = calendar.start - ONE * calendar.start.weekday()
    end = max(sessions[-1].day, *(m.day for m in milestones))
    weeks: list[Week] = []
    while monday <= end:
        days = {monday + ONE * n for n in range(7)}
        weeks.append(
            Week(
                len(weeks) + 1,
                monday,
                tuple(s for s in sessions if s.day in days),
                tuple(m for m in milestones if m.day in days),
            )
        )
        monday += ONE * 7
    return Schedule(tuple(weeks), calendar, milestones)


def _milestones(
    sessions: Sequence[StudySession], calendar: Calendar, words: Translations
) -> tuple[Milestone, ...]:
    """Return the end of every theme, and the exam."""
    ends: dict[str, date] = {}
    for session in sessions:
        ends[session.task.theme] = session.day
    milestones = [
        Milestone(day, words.gettext("{theme}: done", theme=theme)) for theme, day in ends.items()
    ]
    if calendar.exam is not None:
        milestones.append(Milestone(calendar.exam, words.gettext("The exam")))
    return tuple(sorted(milestones, key=lambda milestone: milestone.day))


# ------------------------------------------------------------------------ advice


def _too_little(tasks: Sequence[PlanTask], calendar: Calendar) -> Exception:
    """Return the error for hours that are not enough, with what would."""
    end = calendar.exam or calendar.start + ONE * HORIZON
    days = study_days(calendar, end)
    there = len(days) * calendar.minutes_per_day / 60
    needed = sum(task.minutes for task in tasks) / 60
    ways = [*_more_hours(tasks, calendar), *_more_days(tasks, calendar), *_earlier(tasks, calendar)]
    return error(
        f"not enough time: the plan takes {needed:g} hours, and there are "
        f"{there:g} on {len(days)} study day{'s' * (len(days) != 1)} until {end}",
        hint=f"{'; or '.join(ways)}" if ways else "choose a shorter plan or a later exam",
        code="schedule",
    )


def _more_hours(tasks: Sequence[PlanTask], calendar: Calendar) -> list[str]:
    for half_hours in range(calendar.minutes_per_week // 30 + 1, 121):
        more = replace(calendar, minutes_per_week=half_hours * 30)
        if more.minutes_per_day > DAY:
            break
        if _place(tasks, more):
            return [f"study {half_hours / 2:g} hours a week (--hours {half_hours / 2:g})"]
    return []


def _more_days(tasks: Sequence[PlanTask], calendar: Calendar) -> list[str]:
    """Return a weekday more, with as many minutes on it as on the others."""
    for weekday in range(7):
        if weekday not in calendar.weekdays:
            weekdays = calendar.weekdays | {weekday}
            minutes = calendar.minutes_per_day * len(weekdays)
            if _place(tasks, replace(calendar, weekdays=weekdays, minutes_per_week=minutes)):
                return [f"study on {weekday_name(WEEKDAYS[weekday]).capitalize()} as well"]
    return []


def _earlier(tasks: Sequence[PlanTask], calendar: Calendar) -> list[str]:
    for days in range(1, 366):
        start = calendar.start - ONE * days
        if _place(tasks, replace(calendar, start=start)):
            return [f"start on {start} (--start {start})"]
    return []
