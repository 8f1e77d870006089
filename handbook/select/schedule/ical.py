"""Write a schedule as an RFC 5545 calendar that Google, Outlook and Apple import.

Every session and milestone is an all-day event.  Its UID is made of what it is, not of when: a
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


def schedule_to_ical(
    schedule: Schedule, *, title: str, key: str, stamp: date, words: Translations = ENGLISH
) -> bytes:
    """Return the calendar; `key` identifies the learner's plan, `stamp` is the day of export."""
    from icalendar import Calendar

    calendar = Calendar()
    for name, value in (
        ("prodid", "-//handbook//study plan//EN"),
        ("version", "2.0"),
        ("calscale", "GREGORIAN"),
        ("method", "PUBLISH"),
        ("x-wr-calname", title),
    ):
        calendar.add(name, value)
    for session in schedule.sessions:
        calendar.add_component(_session(session, key, stamp, words))
    for milestone in schedule.milestones:
        calendar.add_component(_milestone(milestone, key, stamp))
    return bytes(calendar.to_ical(sorted=False))


def summary(session: StudySession, words: Translations = ENGLISH) -> str:
    """Return what a calendar shows of a session."""
    task = session.task.words
    if session.parts > 1:
        task = words.gettext(
            "{task} ({part} of {parts})", task=task, part=session.part, parts=session.parts
        )
    return words.gettext("{task}, {minutes} min", task=task, minutes=session.minutes)


def _session(session: StudySession, key: str, stamp: date, words: Translations) -> Event:
    event = _event(f"{key}/{session.task.id}/{session.part}", session.day, stamp)
    event.add("summary", summary(session, words))
    event.add("description", f"{session.task.theme}: {session.task.words}")
    event.add("categories", [session.task.area])
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
