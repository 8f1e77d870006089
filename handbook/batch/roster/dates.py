"""Read days as people and programs write them; a day that has two meanings is asked about."""

from __future__ import annotations

import re
from datetime import date, timedelta

from ...core.diagnostics import error
from .columns import plain_name

ORDERS = ("dmy", "mdy", "ymd", "excel")
# Day 0 of a spreadsheet's calendar, for days after February 1900.
_EPOCH = date(1899, 12, 30)
_TIME = re.compile(r"(?i)[T ,]+\d{1,2}[:.h]\d{2}.*\Z|\s+(mo|di|mi|do|fr|sa|so)\b.*\Z")
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_PARTS = re.compile(r"(\d{1,2})([-/. ])\s*(\d{1,2})\2\s*(\d{4}|\d{2})\.?")
_WEEKDAY = re.compile(r"(?i)^(mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar janvier enero janeiro janv ene",
            "feb february februar fevrier febrero fevereiro fev fevr",
            "mar march marz maerz mars marzo marco mrz",
            "apr april avril abril avr abr",
            "may mai mayo maio",
            "jun june juni juin junio junho",
            "jul july juli juillet julio julho juil",
            "aug august aout agosto ago",
            "sep september septembre septiembre setembro sept set",
            "oct october oktober octobre octubre outubro okt out",
            "nov november novembre noviembre novembro",
            "dec december dezember decembre diciembre dezembro dez dic",
        ),
        1,
    )
    for name in names.split()
}


def parse_day(text: str, order: str = "", spreadsheet: bool = False) -> date:
    """Return the day that `text` names.

    `order` is one of `ORDERS`, for days such as 1/2/2027; in a `spreadsheet` a plain number is a
    day, too.

    Raises:
        HandbookError: If it is not a day, or could be two.
    """
    words = _WEEKDAY.sub("", _TIME.sub("", text.strip()[:100])).strip()
    try:
        day = _written(words, order, text) or _serial(words, order, spreadsheet)
        return day or date.fromisoformat(words)
    except ValueError:
        pass
    if re.fullmatch(r"[3-6]\d{4}(\.0)?", words):
        raise error(
            f"{text!r} is not a day",
            hint=f"is it {_EPOCH + timedelta(int(float(words)))}, as a spreadsheet counts days? "
            "then say --dates excel",
            code="roster-row",
        )
    hint = "write it as 2026-12-01"
    if order and _PARTS.fullmatch(words):
        hint += f"; --dates {order} was asked for"
    raise error(f"{text!r} is not a day", hint=hint, code="roster-row")


def _written(words: str, order: str, text: str) -> date | None:
    iso = _ISO.fullmatch(words)
    if iso:
        return date(int(iso[1]), int(iso[3]), int(iso[4]))
    parts = _PARTS.fullmatch(words)
    if parts:
        return _in_order(parts, order, text)
    return _with_month(words)


def _in_order(parts: re.Match[str], order: str, text: str) -> date:
    first, second, year = int(parts[1]), int(parts[3]), int(parts[4])
    if order == "ymd" and len(parts[4]) == 2:
        return date(2000 + first, second, year)
    year += 2000 if len(parts[4]) == 2 else 0
    if order == "mdy":
        return date(year, first, second)
    # With dots, the day comes first wherever days are written so.
    if order == "dmy" or parts[2] == "." or first == second or first > 12:
        return date(year, second, first)
    if second > 12:
        return date(year, first, second)
    one, two = date(year, second, first), date(year, first, second)
    raise error(
        f"{text!r} is {one} or {two}",
        hint="say which comes first: --dates dmy or --dates mdy",
        code="roster-row",
    )


def _with_month(words: str) -> date | None:
    """Read 1 Dec 2026, Dec 1, 2026, 1. Dezember 2026, 1 de diciembre de 2026, 01-Dec-26."""
    parts = [part for part in plain_name(words).split() if part not in ("de", "of", "the")]
    parts = [re.sub(r"(?<=\d)(st|nd|rd|th|er)$", "", part) for part in parts]
    months = [_MONTHS[part] for part in parts if part in _MONTHS]
    numbers = [part for part in parts if part.isdecimal()]
    if len(parts) != 3 or len(months) != 1 or len(numbers) != 2:
        return None
    if len(numbers[0]) == 4:
        numbers.reverse()
    year = int(numbers[1]) + (2000 if len(numbers[1]) == 2 else 0)
    return date(year, months[0], int(numbers[0]))


def _serial(words: str, order: str, spreadsheet: bool) -> date | None:
    if (spreadsheet or order == "excel") and re.fullmatch(r"\d{5}(\.\d+)?", words):
        return _EPOCH + timedelta(int(float(words)))
    return None
