"""Define the days on which a learner can study, and read them from words."""

from __future__ import annotations

import re
from datetime import date, timedelta

from ...core.diagnostics import error, suggest
from ...core.values import frozen

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# The minutes of a day.
DAY = 24 * 60
# A plan that takes more days than this is an error.
HORIZON = 730
ONE = timedelta(days=1)
# Years in which a plan may start, and how many days after its start an exam may be.
FIRST_YEAR, LAST_YEAR = 1900, 9900
LONGEST = 3653


@frozen
class Calendar:
    """When a learner can study: weekdays from 0 for Monday; `off` are days without study."""

    start: date
    minutes_per_week: int
    weekdays: frozenset[int]
    off: frozenset[date] = frozenset()
    exam: date | None = None
    # Those of `off` that are not public holidays.
    skipped: frozenset[date] = frozenset()

    @property
    def minutes_per_day(self) -> int:
        """Return the minutes of a study day."""
        return self.minutes_per_week // max(1, len(self.weekdays))

    def studies(self, day: date) -> bool:
        """Return whether `day` is a study day."""
        return day.weekday() in self.weekdays and day not in self.off and day >= self.start


def parse_weekdays(text: str) -> frozenset[int]:
    """Return weekdays as in "mon,wed,sat", from 0 for Monday."""
    weekdays: set[int] = set()
    for word in re.split(r"[\s,]+", text.strip().casefold()):
        short = word[:3]
        if short not in WEEKDAYS or not weekday_name(short).startswith(word):
            raise error(f"unknown weekday {word!r}", hint=suggest(word, WEEKDAYS), code="schedule")
        weekdays.add(WEEKDAYS.index(short))
    return frozenset(weekdays)


def weekday_name(short: str) -> str:
    """Return the English name of a weekday, such as "tuesday" for "tue"."""
    names = {"tue": "tuesday", "wed": "wednesday", "thu": "thursday", "sat": "saturday"}
    return names.get(short, f"{short}day")


def parse_off(text: str) -> frozenset[date]:
    """Return one day or the days from one to another: "2026-12-24..2027-01-02"."""
    first, dots, last = text.strip().partition("..")
    try:
        start = date.fromisoformat(first)
        end = date.fromisoformat(last) if dots else start
    except ValueError:
        raise error(
            f"these are not days: {text!r}",
            hint="write one day as 2026-12-24, or several as 2026-12-24..2027-01-02",
            code="schedule",
        ) from None
    if end < start:
        raise error(
            f"the last day is before the first: {text!r}",
            hint=f"write {last}..{first}",
            code="schedule",
        )
    if (end - start).days > HORIZON:
        raise error(
            f"these are more than {HORIZON} days: {text!r}", hint="check the years", code="schedule"
        )
    return frozenset(start + ONE * n for n in range((end - start).days + 1))


def study_days(calendar: Calendar, until: date) -> list[date]:
    """Return the study days from the start up to the day before `until`."""
    span = (until - calendar.start).days
    return [day for n in range(span) if calendar.studies(day := calendar.start + ONE * n)]


def check_calendar(calendar: Calendar) -> None:
    """Check that a calendar has time to study, before the exam if there is one.

    Raises:
        HandbookError: If not, or if a date is out of range.
    """
    if not FIRST_YEAR <= calendar.start.year <= LAST_YEAR:
        raise error(
            f"no plan can start on {calendar.start}",
            hint=f"give a day of the years {FIRST_YEAR} to {LAST_YEAR}",
            code="schedule",
        )
    if calendar.exam is not None and calendar.exam > calendar.start + ONE * LONGEST:
        raise error(
            f"the exam ({calendar.exam}) is more than ten years after the start",
            hint="check the year of --exam",
            code="schedule",
        )
    if calendar.exam is not None and calendar.exam <= calendar.start:
        raise error(
            f"the exam ({calendar.exam}) is not after the start ({calendar.start})",
            hint="give a later --exam, or an earlier --start",
            code="schedule",
        )
    if calendar.minutes_per_day < 1:
        raise error(
            "there is no time to study", hint="give --hours a week of at least 1", code="schedule"
        )
    if calendar.minutes_per_day > DAY:
        raise error(
            f"the plan asks for {calendar.minutes_per_day / 60:,.0f} hours of study a day",
            hint="give --hours a week, or look at the minutes of its sessions",
            code="schedule",
        )
    horizon = calendar.exam or calendar.start + ONE * HORIZON
    if not study_days(calendar, horizon):
        raise error(
            f"there is no study day between {calendar.start} and {horizon}",
            hint="give more --days, or fewer days to --skip",
            code="schedule",
        )
