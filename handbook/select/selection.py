"""Choose what one reader gets: role, path, plan, paper, date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from ..core.diagnostics import error, suggest
from ..core.i18n import translations_for
from ..core.slugs import distinct_slug, file_slug, shortened
from ..core.values import frozen
from ..core.yaml_source import SourcedDict
from ..document.fields import FIELD
from ..pack.model import Pack
from ..theme.brand.model import Brand
from ..theme.print_options import PLAIN, PrintOptions, checked
from .schedule.schedule import Schedule, calendar_for, schedule, tasks_of


@frozen
class Selection:
    """The choices that decide the layout of an edition; the same selection gives the same bytes.

    `provided_fields` names the fields that copies fill, so that their places are laid out.
    """

    role: SourcedDict | None
    path: SourcedDict | None
    plan: SourcedDict | None
    paper: str
    date: date
    file_stem: str
    provided_fields: frozenset[str] = frozenset()
    path_suggested: bool = False
    print_options: PrintOptions = PLAIN
    schedule: Schedule | None = None
    language: str = "en"
    brand: Brand | None = None

    @property
    def personal(self) -> bool:
        """Return whether copies have personal fields."""
        return bool(self.provided_fields)

    @property
    def words(self) -> str:
        """Return the selection as a phrase: "for the role SRE, with the 30-day plan"."""
        gettext, parts = translations_for(self.language).gettext, list[str]()
        if self.role:
            parts.append(gettext("for the role {role}", role=self.role["name"]))
        if self.path and self.path_suggested:
            parts.append(
                gettext("on the {path} path (suggested for the role)", path=self.path["name"])
            )
        elif self.path:
            parts.append(gettext("on the {path} path", path=self.path["name"]))
        if self.plan:
            parts.append(gettext("with the {plan} plan", plan=self.plan["name"]))
        comma = translations_for(self.language).comma
        return comma.join(parts) if parts else gettext("complete edition (all roles)")

    @property
    def title(self) -> str:
        """Return the selection in a few words, as a subtitle: "SRE · FinOps path · 30-day plan"."""
        gettext, parts = translations_for(self.language).gettext, list[str]()
        if self.role:
            parts.append(str(self.role["name"]))
        if self.path and not (self.role and self.role["name"] == self.path["name"]):
            parts.append(gettext("{path} path", path=self.path["name"]))
        if self.plan:
            parts.append(gettext("{plan} plan", plan=self.plan["name"]))
        return " · ".join(parts) if parts else gettext("Complete edition")


def select(
    pack: Pack,
    *,
    role: str = "",
    path: str = "",
    plan: str = "",
    paper: str = "a4",
    day: date,
    provided_fields: Iterable[str] = (),
    print_options: PrintOptions = PLAIN,
    calendar: Mapping[str, Any] | None = None,
    brand: Brand | None = None,
) -> Selection:
    """Return the selection for these ids; a role without a path takes the path the role suggests.

    `calendar` has what `schedule.calendar_for` asks for: with it, the plan's sessions have days.

    Raises:
        HandbookError: For an id that the pack does not have, with the nearest one it has, and for a
            calendar that leaves too little time.
    """
    chosen_role = _row(pack.axis("roles"), role, "role")
    suggested = str(chosen_role.get("path") or "") if chosen_role else ""
    chosen_path = _row(pack.axis("paths"), path or suggested, "path")
    chosen_plan = _row(pack.axis("plans"), plan, "plan")
    checked(print_options, paper)
    chosen = {"role": chosen_role, "path": chosen_path, "plan": chosen_plan}
    parts = [f"{axis}-{_name(pack, axis, row)}" for axis, row in chosen.items() if row]
    parts = parts or ["complete"]
    name = file_slug(str(pack.config.get("id") or pack.title))
    dated_schedule = _schedule(pack, chosen_plan, calendar) if calendar else None
    if dated_schedule:
        parts.append(f"start-{dated_schedule.calendar.start}")
    if brand is not None:
        parts.append(file_slug(brand.name))
    printed = [*([paper] if paper != "a4" else []), *print_options.suffix]
    file_stem = shortened("_".join([name, *parts, *printed]))
    return Selection(
        chosen_role,
        chosen_path,
        chosen_plan,
        paper,
        day,
        file_stem,
        _provided_fields(pack, provided_fields, brand),
        path_suggested=bool(suggested and not path),
        print_options=print_options,
        schedule=dated_schedule,
        language=pack.language,
        brand=brand,
    )


def _name(pack: Pack, axis: str, row: SourcedDict) -> str:
    """Return what names a row in file names, and no other row of its axis."""
    return distinct_slug(str(row["id"]), (str(one["id"]) for one in pack.axis(f"{axis}s")))


def _provided_fields(pack: Pack, names: Iterable[str], brand: Brand | None) -> frozenset[str]:
    """Return the fields that copies fill: what is given, and what a copy knows of itself."""
    provided = frozenset(names)
    copy_fields = {FIELD, *(("code", "address") if brand is not None and brand.copies else ())}
    return provided | (copy_fields & pack.fields.keys()) if provided else provided


def all_selections(
    pack: Pack,
    *,
    plan: str = "",
    paper: str = "a4",
    day: date,
    print_options: PrintOptions = PLAIN,
    brand: Brand | None = None,
) -> list[Selection]:
    """Return a selection for every role; the complete handbook if the pack has no roles."""
    return [
        select(
            pack,
            role=role,
            plan=plan,
            paper=paper,
            day=day,
            print_options=print_options,
            brand=brand,
        )
        for role in all_roles(pack)
    ]


def all_roles(pack: Pack) -> list[str]:
    """Return the ids of all roles; "" alone, for the complete handbook, if the pack has none."""
    return [str(row["id"]) for row in pack.axis("roles")] or [""]


def _schedule(pack: Pack, plan: SourcedDict | None, calendar: Mapping[str, Any]) -> Schedule:
    """Date the plan; exam weights are from the pack's table of areas, if it has one."""
    if plan is None:
        raise error("--start needs a study plan", hint="choose one with --plan", code="no-plan")
    # All that CSV has is words.
    if not plan.get("units") or not isinstance(plan["units"], list):
        raise error(
            f"the plan {str(plan['id'])!r} has no units, so it has no days to date",
            at=plan.source,
            hint="list its units, in YAML, or leave the start date out",
            code="no-plan",
        )
    weights = {
        str(row["id"]): (float(row["low"]) + float(row["high"])) / 2
        for row in pack.tables.get("areas") or ()
        if isinstance(row, SourcedDict) and {"id", "low", "high"} <= set(row)
    }
    words = translations_for(pack.language)
    return schedule(tasks_of(plan), weights, calendar_for(plan, **calendar), words)


def _row(rows: Sequence[SourcedDict], key: str, axis: str) -> SourcedDict | None:
    if not key:
        return None
    for row in rows:
        if str(row["id"]) == key:
            return row
    known = [str(row["id"]) for row in rows]
    if not known:
        raise error(
            f"this handbook has no {axis}s, so --{axis} {key} chooses nothing",
            hint=f"leave --{axis} out, or list {axis}s in tables/{axis}s.yaml",
            code=f"unknown-{axis}",
        )
    raise error(f"unknown {axis} {key!r}", hint=suggest(key, known), code=f"unknown-{axis}")
