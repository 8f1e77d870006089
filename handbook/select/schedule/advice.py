"""Warn of days that were most likely not meant."""

from __future__ import annotations

from datetime import date

from ...core.diagnostics import NOWHERE, Diagnostic
from .schedule import Schedule
from .study_calendar import ONE

# A plan that starts this many days before the edition's date is most likely a mistake.
LONG_PAST = 92


def schedule_advice(schedule: Schedule, today: date) -> list[Diagnostic]:
    """Return warnings about days that were most likely not meant; `today` is the edition's."""
    calendar, warnings = schedule.calendar, list[tuple[str, str]]()
    if calendar.start < today - ONE * LONG_PAST:
        message = f"the plan starts on {calendar.start}, long before the edition's date, {today}"
        warnings.append((message, "check the year of --start"))
    last = calendar.exam or schedule.last
    outside = sorted(day for day in calendar.skipped if not calendar.start <= day <= last)
    if outside and len(outside) == len(calendar.skipped):
        message = (
            f"no day to skip is in the time of the plan, {calendar.start} to {last}: "
            f"{', '.join(map(str, outside[:3]))}{' …' * (len(outside) > 3)}"
        )
        warnings.append((message, "check the years of --skip"))
    return [
        Diagnostic.at(NOWHERE, message, hint, "schedule", "warning") for message, hint in warnings
    ]
