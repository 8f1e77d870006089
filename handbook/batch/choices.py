"""Turn what a row says about role, path, plan and days into a selection of the pack."""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from datetime import date
from pathlib import Path
from typing import Any

from ..core.diagnostics import HandbookError, Source, error, suggest
from ..core.values import frozen
from ..pack.model import Pack
from ..select.schedule.holidays import public_holidays
from ..select.selection import Selection, select
from ..theme.brand.model import Brand
from .models import Settings
from .roster import parse_day, plain_name

AXES = ("role", "path", "plan")
CHOICES = (*AXES, "start", "hours", "days", "exam", "country")
# Wrong choices beyond this number are forgotten, so that a bad roster costs no memory.
MOST_CHOICES = 2000


@frozen
class ReadingRules:
    """How cells are read where they have two meanings: the order of days, and other names.

    `synonyms` has, for role, path and plan, the id for what the roster writes; "" for none.
    """

    dates: str = ""
    spreadsheet: bool = False
    synonyms: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def read_synonyms(path: str) -> dict[str, dict[str, str]]:
    """Read a table with the columns `column`, `value` and `id`.

    Raises:
        HandbookError: If the file cannot be read or has other columns.
    """
    try:
        text = Path(path).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        reason = getattr(problem, "strerror", None) or "it is not UTF-8"
        raise error(f"--map: cannot be read: {reason}", at=path, code="roster") from None
    delimiter = ";" if text.partition("\n")[0].count(";") else ","
    rows = list(csv.DictReader(text.splitlines(), delimiter=delimiter))
    if not rows or not {"column", "value", "id"} <= {str(key) for key in rows[0]}:
        raise error(
            "--map: the table needs the columns column, value and id",
            at=Source(path, 1),
            hint="for example: role,Site Reliability Engineer,sre",
            code="roster",
        )
    synonyms: dict[str, dict[str, str]] = {}
    for number, row in enumerate(rows, 2):
        axis = (row["column"] or "").strip().casefold()
        if axis not in AXES:
            raise error(
                f"--map: unknown column {axis!r}",
                at=Source(path, number),
                hint=suggest(axis, AXES),
                code="roster",
            )
        synonyms.setdefault(axis, {})[plain_name(row["value"] or "")] = (row["id"] or "").strip()
    return synonyms


def without_use(pack: Pack, columns: Iterable[str]) -> dict[str, str]:
    """Return those of the `columns` that choose nothing, each with the reason."""
    known = set(columns)
    reasons = {axis: f"this handbook has no {axis}" for axis in AXES if not pack.axis(f"{axis}s")}
    dated = {"start", "hours", "days", "country"}
    if not known & {"exam-date", *({"exam"} & set(pack.fields))}:
        dated.add("exam")
    if "plan" in reasons:
        reasons |= dict.fromkeys(sorted(dated), reasons["plan"])
    elif "plan" not in known:
        reason = "the roster has no study plans; say which column has them: --column plan=COLUMN"
        reasons |= dict.fromkeys(sorted(dated), reason)
    return {name: reason for name, reason in reasons.items() if name in known}


class Chooser:
    """Finds the selection of a row; remembers what it has seen, right and wrong."""

    def __init__(
        self,
        pack: Pack,
        settings: Settings,
        brand: Brand | None,
        rules: ReadingRules,
        columns: Iterable[str],
    ) -> None:
        self.pack = pack
        # A roster without plans may have a start date all the same, for its own purposes.
        self._has_plans = "plan" in columns and bool(pack.axis("plans"))
        self.settings = settings
        self.brand = brand
        self.rules = rules
        self.selections: dict[str, Selection] = {}
        # A choice leads to the key of an edition, or to what is wrong with it.
        self._seen: dict[tuple[Any, ...], str | HandbookError] = {}
        self._ids = {axis: _ids(pack.axis(f"{axis}s")) for axis in AXES}

    def key(self, cells: Mapping[str, str], fields: Iterable[str]) -> str:
        """Return the key of the edition that a row chooses, with places for `fields`.

        Raises:
            HandbookError: If the choice is impossible.
        """
        choice = (*(cells.get(name, "") for name in CHOICES), *sorted(fields))
        outcome = self._seen.get(choice)
        if outcome is None:
            if len(self._seen) >= MOST_CHOICES:
                self._seen = {c: key for c, key in self._seen.items() if isinstance(key, str)}
            try:
                outcome = self._choose(cells, sorted(fields))
            except HandbookError as problem:
                outcome = problem
            self._seen[choice] = outcome
        if isinstance(outcome, HandbookError):
            # Another one: each time that an error is raised, it grows by the places it comes from.
            raise HandbookError(*outcome.diagnostics)
        return outcome

    def _choose(self, cells: Mapping[str, str], fields: Sequence[str]) -> str:
        axes = {axis: self._id(axis, cells.get(axis, "")) for axis in AXES}
        calendar = self._calendar(cells)
        if calendar and not axes["plan"]:
            raise error("the row has a start date and no study plan", code="roster-row")
        key_of = repr((axes, sorted((calendar or {}).items(), key=str), fields))
        key = hashlib.sha256(key_of.encode("utf-8", "replace")).hexdigest()[:16]
        if key not in self.selections:
            self.selections[key] = select(
                self.pack,
                role=axes["role"],
                path=axes["path"],
                plan=axes["plan"],
                paper=self.settings.paper,
                day=self.settings.day,
                provided_fields=fields,
                calendar=calendar,
                brand=self.brand,
            )
        return key

    def _id(self, axis: str, text: str) -> str:
        """Return the id for an id, a title, or another name in the table of synonyms."""
        if not self._ids[axis]:
            # The roster is for more than one pack, and this one has nothing to choose.
            return ""
        plain = plain_name(text)
        synonyms = self.rules.synonyms.get(axis, {})
        if plain in synonyms:
            return synonyms[plain]
        ids = self._ids[axis].get(plain, ())
        return ids[0] if len(ids) == 1 else text

    def _calendar(self, cells: Mapping[str, str]) -> dict[str, Any] | None:
        start = self.day(cells, "start") if self._has_plans else None
        if start is None:
            return None
        hours = cells.get("hours", "")
        if hours and not re.fullmatch(r"\d{1,2}([.,]\d+)?", hours):
            raise error(f"{hours!r} is not a number of hours", code="roster-row")
        country = cells.get("country", "")
        return {
            "start": start,
            "hours": float(hours.replace(",", ".") or 0),
            "days": cells.get("days", ""),
            "skip": self.settings.skip,
            "exam": self.day(cells, "exam"),
            "holidays": public_holidays(country, start) if country else (),
        }

    def day(self, cells: Mapping[str, str], key: str) -> date | None:
        """Return the day in a cell, if there is any.

        Raises:
            HandbookError: If the cell is not a day, or could be two.
        """
        text = cells.get(key, "")
        return parse_day(text, self.rules.dates, self.rules.spreadsheet) if text else None


def _ids(rows: Iterable[Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    """Return the ids that an id or a title may mean, by its plain form."""
    ids: dict[str, tuple[str, ...]] = {}
    for row in rows:
        row_id = str(row["id"])
        for name in {plain_name(row_id), *(plain_name(str(row.get(k) or "")) for k in _TITLES)}:
            if name:
                ids[name] = (*ids.get(name, ()), row_id)
    # An id goes before another row's title.
    for row in rows:
        ids[plain_name(str(row["id"]))] = (str(row["id"]),)
    return ids


_TITLES = ("name", "title")
