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

from .. import __version__
from ..assemble import template_folders
from ..brand import Brand, load_brand
from ..content import Pack
from ..diagnostics import HandbookError, error
from ..free_days import public_holidays
from ..roster import Roster, RosterRow
from ..selection import Selection, select
from .names import file_name
from .orders import Order, Plan, Reject, Settings, reason_of

CHOICES = ("role", "path", "plan", "start", "hours", "days", "exam", "country")


def plan_run(pack: Pack, roster: Roster, settings: Settings) -> Plan:
    """Every row as an order or a reject; nothing is laid out yet."""
    plan = Plan()
    known: dict[tuple[Any, ...], Selection | str] = {}
    taken: dict[str, int] = {}
    for row in roster.rows:
        try:
            plan.orders.append(_order(pack, row, settings, plan, known, taken))
        except HandbookError as problem:
            plan.rejects.append(Reject(row.line, reason_of(problem)))
    rows = [(o.line, o.key, sorted(o.values.items()), o.file) for o in plan.orders]
    same = (__version__, settings.theme, settings.paper, settings.day, settings.skip, rows)
    state = hashlib.sha256(repr(same).encode("utf-8", "replace"))
    for path in _sources(pack, settings):
        state.update(path.read_bytes())
    plan.digest = state.hexdigest()[:16]
    return plan


@lru_cache(maxsize=2)
def brand_at(file: str) -> Brand | None:
    """The brand in a file, read once a process; none where no file is named."""
    return load_brand(file) if file else None


def _sources(pack: Pack, settings: Settings) -> list[Path]:
    """The files that decide what copies look like: content, templates, own theme, brand."""
    folders = [pack.folder, *template_folders(pack)]
    found = {path for folder in folders for path in folder.rglob("*") if path.is_file()}
    own, brand = Path(settings.theme), brand_at(settings.brand)
    return [*sorted(found), *([own] if own.is_file() else []), *(brand.files if brand else ())]


def _order(
    pack: Pack, row: RosterRow, settings: Settings, plan: Plan,
    known: dict[tuple[Any, ...], Selection | str], taken: dict[str, int],
) -> Order:  # fmt: skip
    if row.problem:
        raise error(row.problem)
    values = {name: text for name, text in row.values.items() if name in pack.fields}
    if not values.get("learner") and "learner" in pack.fields:
        raise error("the row has no name")
    choice = (*(row.values.get(key, "") for key in CHOICES), frozenset(values))
    if choice not in known:
        known[choice] = _selection(pack, row.values, values, settings)
    selection = known[choice]
    if isinstance(selection, str):
        raise error(selection)
    key = hashlib.sha256(repr((*choice[:-1], sorted(values))).encode()).hexdigest()[:16]
    plan.selections.setdefault(key, selection)
    file = file_name(settings.template, row, selection)
    # Some file systems take A.pdf and a.pdf for the same file.
    folded = unicodedata.normalize("NFKC", file).casefold()
    if folded in taken:
        raise error(f"its file {file!r} is that of row {taken[folded]} already")
    taken[folded] = row.line
    return Order(row.line, key, values, file, row.values.get("id", ""))


def _selection(
    pack: Pack, given: Mapping[str, str], values: Mapping[str, str], settings: Settings
) -> Selection | str:
    try:
        return select(
            pack, role=given.get("role", ""), path=given.get("path", ""),
            plan=given.get("plan", ""), paper=settings.paper, day=settings.day, given=values,
            calendar=_calendar(given, settings), brand=brand_at(settings.brand),
        )  # fmt: skip
    except HandbookError as problem:
        return reason_of(problem)


def _calendar(given: Mapping[str, str], settings: Settings) -> dict[str, Any] | None:
    start = _day(given, "start")
    if start is None:
        return None
    hours = given.get("hours", "")
    if hours and not re.fullmatch(r"\d{1,2}([.,]\d+)?", hours):
        raise error(f"{hours!r} is no number of hours")
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
        raise error(f"{text!r} is not a day; write it as 2026-12-01") from None
