"""Turn a folder of Markdown and tables into a personalised, printable PDF handbook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .__version__ import __version__
from .core import plugins
from .core.diagnostics import Diagnostic, HandbookError, error, suggest
from .core.resources import packaged_or_beside

if TYPE_CHECKING:
    from .document.nodes import Document
    from .pack.model import Pack
    from .theme.brand.model import Brand
    from .theme.print_options import PrintOptions

__all__ = ["Diagnostic", "HandbookError", "__version__", "build", "load", "read"]


def load(folder: str | PathLike[str] | None = None) -> Pack:
    """Load the content pack in `folder` [default: the bundled pack].

    Raises:
        HandbookError: with a diagnostic for each error, and its place.
    """
    from .pack.loader import load_pack

    return load_pack(Path(folder) if folder is not None else shipped_content())


def read(
    pack: Pack | str | PathLike[str],
    *,
    day: date | str,
    role: str = "",
    path: str = "",
    plan: str = "",
    fields: Iterable[str] = (),
    calendar: Mapping[str, Any] | None = None,
) -> Document:
    """Read one handbook to a document, before any page exists: a tree of handbook.document.nodes.

    `pack` may be a folder; `fields` are the names of the fields that copies fill; the other
    arguments are those of `build`.

    Raises:
        HandbookError: for errors in the content or the choice.
    """
    from .pipeline import phases
    from .select.selection import select

    pack = _loaded(pack)
    selection = select(
        pack,
        role=role,
        path=path,
        plan=plan,
        day=_date(day),
        provided_fields=fields,
        calendar=_calendar(calendar),
    )
    return phases.document_of(pack, selection)


def build(
    pack: Pack | str | PathLike[str],
    *,
    day: date | str,
    role: str = "",
    path: str = "",
    plan: str = "",
    paper: str = "a4",
    theme: str | PathLike[str] = "default",
    fields: Mapping[str, str] | None = None,
    print_options: PrintOptions | None = None,
    calendar: Mapping[str, Any] | None = None,
    brand: Brand | str | PathLike[str] | None = None,
    figures: Mapping[str, Any] | None = None,
) -> bytes:
    """Build one handbook as PDF: the selection's edition with its `fields` filled.

    `pack` may be a folder, `brand` a brand file. `day` is the edition's date, also as ISO text;
    `print_options` say how it is printed (handbook.theme.print_options); `calendar` dates the plan:
    `start`, and any of `hours`, `days`, `skip`, `exam` and `holidays`.  `figures` are what
    `::figure kind=name` draws: drawings of reportlab.graphics, or functions such as plug-ins have.

    Raises:
        HandbookError: for errors in the content or the choice.
    """
    from .pipeline import phases
    from .select.selection import select
    from .theme.brand.loader import load_brand
    from .theme.print_options import PLAIN

    pack = _loaded(pack)
    selection = select(
        pack,
        role=role,
        path=path,
        plan=plan,
        paper=paper,
        day=_date(day),
        provided_fields=[name for name, value in (fields or {}).items() if value],
        print_options=print_options or PLAIN,
        calendar=_calendar(calendar),
        brand=load_brand(Path(brand)) if isinstance(brand, (str, PathLike)) else brand,
    )
    with plugins.offering(plugins.FIGURES, figures or {}):
        return phases.build(pack, selection, fields, str(theme))


def shipped_content() -> Path:
    """Return the folder of the content pack that comes with the program."""
    return packaged_or_beside("content")


def _loaded(pack: Pack | str | PathLike[str]) -> Pack:
    return load(pack) if isinstance(pack, (str, PathLike)) else pack


def _date(day: date | str) -> date:
    if isinstance(day, date):
        return day
    try:
        return date.fromisoformat(day)
    except (TypeError, ValueError):
        raise error(
            f"{day!r} is not a date", hint="write it as 2026-12-01", code="option"
        ) from None


_CALENDAR = ("start", "hours", "days", "skip", "exam", "holidays")


def _calendar(calendar: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return a calendar whose days are dates, also where they were ISO text.

    Raises:
        HandbookError: For an unknown key, a missing start, and values that are not dates or hours.
    """
    dated = {key: value for key, value in (calendar or {}).items() if value is not None}
    for key in dated:
        if key not in _CALENDAR:
            raise error(
                f"unknown key {key!r} in the calendar", hint=suggest(key, _CALENDAR), code="option"
            )
    if dated and not dated.get("start"):
        raise error(
            "the calendar has no start", hint="give it the first day of study", code="option"
        )
    for key in ("start", "exam"):
        if dated.get(key):
            dated[key] = _date(dated[key])
    hours = dated.get("hours") or 1
    if not isinstance(hours, (int, float)) or not 0.5 <= hours <= 100:
        raise error(
            f"{hours!r} is not a number of hours a week",
            hint="write one from 0.5 to 100",
            code="option",
        )
    if "skip" in dated:
        dated["skip"] = [str(days) for days in _listed(dated["skip"])]
    if "holidays" in dated:
        dated["holidays"] = [_date(day) for day in _listed(dated["holidays"])]
    if "days" in dated:
        dated["days"] = ",".join(map(str, _listed(dated["days"])))
    return dated


def _listed(value: Any) -> list[Any]:
    return [*value] if isinstance(value, (list, tuple, set, frozenset)) else [value]
