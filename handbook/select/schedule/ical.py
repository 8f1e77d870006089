"""A schedule -> an RFC 5545 calendar that Google, Outlook and Apple take in.

Every sitting and milestone is an all-day event.  Its UID is made of what it is, not of when: a
calendar imported again, with other dates, moves the events instead of doubling them; SEQUENCE
grows by the day of the export, so that the later one counts (3.8.7.4).
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from ...core.i18n import ENGLISH, Translations
from .schedule import Milestone, Schedule, StudySession

if TYPE_CHECKING:
    from icalendar import Event

EPOCH = date(2020, 1, 1)


def calendar_file(
    schedule: Schedule, *, title: str, key: str, stamp: date, words: Translations = ENGLISH
) -> bytes:
    """The calendar of `schedule`; `key` names the learner's plan, `stamp` is the day of export."""
    from icalendar import Calendar

    calendar = Calendar()
    for name, value in (
        ("prodid", "-//handbook//study plan//EN"), ("version", "2.0"), ("calscale", "GREGORIAN"),
        ("method", "PUBLISH"), ("x-wr-calname", title),
    ):  # fmt: skip
        calendar.add(name, value)
    for sitting in schedule.sessions:
        calendar.add_component(_sitting(sitting, key, stamp, words))
    for milestone in schedule.milestones:
        calendar.add_component(_milestone(milestone, key, stamp))
    return bytes(calendar.to_ical(sorted=False))


def summary(sitting: StudySession, words: Translations = ENGLISH) -> str:
    """What a calendar shows of a sitting."""
    task = sitting.task.words
    if sitting.parts > 1:
        task = words.gettext(
            "{task} ({part} of {parts})", task=task, part=sitting.part, parts=sitting.parts
        )
    return words.gettext("{task}, {minutes} min", task=task, minutes=sitting.minutes)


def _sitting(sitting: StudySession, key: str, stamp: date, words: Translations) -> Event:
    event = _event(f"{key}/{sitting.task.id}/{sitting.part}", sitting.day, stamp)
    event.add("summary", summary(sitting, words))
    event.add("description", f"{sitting.task.theme}: {sitting.task.words}")
    event.add("categories", [sitting.task.area])
    return event


def _milestone(milestone: Milestone, key: str, stamp: date) -> Event:
    from icalendar import Alarm

    event = _event(f"{key}/milestone/{milestone.words}", milestone.day, stamp)
    event.add("summary", milestone.words)
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", milestone.words)
    alarm.add("trigger", timedelta(days=-1))
    event.add_component(alarm)
    return event


def _event(name: str, day: date, stamp: date) -> Event:
    from icalendar import Event

    event = Event()
    event.add("uid", f"{hashlib.sha256(name.encode()).hexdigest()[:32]}@handbook")
    event.add("dtstamp", datetime(stamp.year, stamp.month, stamp.day, tzinfo=timezone.utc))
    event.add("sequence", (stamp - EPOCH).days)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    return event
