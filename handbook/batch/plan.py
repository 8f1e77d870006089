"""A roster -> a plan: every row as an order or a reject, before anything is laid out."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..__version__ import __version__
from ..build.pipeline import theme_of
from ..core.diagnostics import HandbookError, error
from ..pack.model import Pack
from ..select.schedule.holidays import public_holidays
from ..select.selection import Selection, select
from ..select.template_environment import template_folders
from ..theme.brand.loader import load_brand
from ..theme.brand.model import Brand
from .filenames import file_name
from .models import CopyJob, Settings, hidden, reason_of
from .roster import Roster, RosterRow
from .run_database import RunDatabase

CHOICES = ("role", "path", "plan", "start", "hours", "days", "exam", "country")
# Choices that are wrong are forgotten when there are so many.
MOST_CHOICES = 2000


class Plan:
    """What a roster comes to: a ledger of its rows, the selections they choose, and a digest of
    all that decides what comes out."""

    def __init__(self) -> None:
        self.ledger = RunDatabase()
        self.selections: dict[str, Selection] = {}
        self.digest = ""
        self.header: tuple[str, ...] = ()
        self.copies = 0
        self.rejected = 0


def plan_run(pack: Pack, roster: Roster, settings: Settings) -> Plan:
    """Every row as an order or a reject; nothing is laid out yet."""
    plan = Plan()
    plan.header = roster.header
    planner = _Planner(pack, settings, plan)
    state = hashlib.sha256()
    state.update(repr((__version__, settings.theme, settings.paper, settings.day)).encode())
    state.update(repr((settings.skip, roster.header)).encode("utf-8", "replace"))
    for path in _sources(pack, settings):
        state.update(path.read_bytes())
    plan.ledger.begin()
    for row in roster.rows:
        try:
            order = planner.order(row)
        except HandbookError as problem:
            plan.ledger.reject(row.line, reason_of(problem), row.raw)
            plan.rejected += 1
        else:
            kept = plan.ledger.add(order, row.raw)
            state.update(f"{order.line} {order.key} {kept}".encode())
            plan.copies += 1
    plan.ledger.end()
    plan.digest = state.hexdigest()[:16]
    return plan


@lru_cache(maxsize=2)
def brand_at(file: str) -> Brand | None:
    """The brand in a file, read once a process; none where no file is named."""
    return load_brand(file) if file else None


def _sources(pack: Pack, settings: Settings) -> list[Path]:
    """The files that decide what copies look like: content, templates, own theme, brand."""
    folders = [pack.folder, *template_folders(pack)]
    found = {
        path
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and not hidden(path.relative_to(folder))
    }
    own, brand = Path(settings.theme), brand_at(settings.brand)
    return [*sorted(found), *([own] if own.is_file() else []), *_branded(settings, brand)]


def _branded(settings: Settings, brand: Brand | None) -> list[Path]:
    """A brand's files, and the fonts it chose; HandbookError if nobody could read its colours."""
    if brand is None:
        return []
    return [*brand.files, *theme_of(settings.theme, brand).faces().values()]


class _Planner:
    """Turns rows into orders; remembers choices it has seen, right and wrong."""

    def __init__(self, pack: Pack, settings: Settings, plan: Plan) -> None:
        self.pack = pack
        self.settings = settings
        self.plan = plan
        # A choice is an edition's key, or what is wrong with it.
        self.known: dict[tuple[Any, ...], tuple[str, HandbookError | None]] = {}

    def order(self, row: RosterRow) -> CopyJob:
        """A row as an order; HandbookError if it cannot be one."""
        if row.problem:
            raise error(row.problem, code="roster-row")
        values = {name: text for name, text in row.values.items() if name in self.pack.fields}
        if not values.get("learner") and "learner" in self.pack.fields:
            raise error("the row has no name", code="roster-row")
        key = self._key(row, values)
        file = file_name(self.settings.template, row, self.plan.selections[key])
        # Some file systems take A.pdf and a.pdf for the same file.
        folded = file if file.isascii() else unicodedata.normalize("NFKC", file)
        holder = self.plan.ledger.holder(folded.casefold(), row.line)
        if holder != row.line:
            raise error(f"its file {file!r} is that of row {holder} already", code="roster-row")
        return CopyJob(row.line, key, values, file, row.values.get("id", ""))

    def _key(self, row: RosterRow, values: Mapping[str, str]) -> str:
        """The key of the edition that a row chooses."""
        choice = (*(row.values.get(key, "") for key in CHOICES), *sorted(values))
        if choice not in self.known:
            if len(self.known) >= MOST_CHOICES:
                self.known = {c: found for c, found in self.known.items() if found[0]}
            self.known[choice] = self._chosen(choice, row.values, values)
        key, problem = self.known[choice]
        if problem is not None:
            raise problem
        return key

    def _chosen(
        self, choice: tuple[str, ...], given: Mapping[str, str], values: Mapping[str, str]
    ) -> tuple[str, HandbookError | None]:
        try:
            selection = select(
                self.pack, role=given.get("role", ""), path=given.get("path", ""),
                plan=given.get("plan", ""), paper=self.settings.paper, day=self.settings.day,
                provided_fields=values, calendar=_calendar(given, self.settings),
                brand=brand_at(self.settings.brand),
            )  # fmt: skip
        except HandbookError as problem:
            return "", problem
        key = hashlib.sha256(repr(choice).encode("utf-8", "replace")).hexdigest()[:16]
        self.plan.selections[key] = selection
        return key, None


def _calendar(given: Mapping[str, str], settings: Settings) -> dict[str, Any] | None:
    start = _day(given, "start")
    if start is None:
        return None
    hours = given.get("hours", "")
    if hours and not re.fullmatch(r"\d{1,2}([.,]\d+)?", hours):
        raise error(f"{hours!r} is no number of hours", code="roster-row")
    country = given.get("country", "")
    return {
        "start": start, "hours": float(hours.replace(",", ".") or 0),
        "days": given.get("days", ""), "skip": settings.skip, "exam": _day(given, "exam"),
        "holidays": public_holidays(country, start) if country else (),
    }  # fmt: skip


def _day(given: Mapping[str, str], key: str) -> date | None:
    text = given.get(key, "")
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise error(f"{text!r} is not a day; write it as 2026-12-01", code="roster-row") from None
