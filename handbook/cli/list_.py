"""Run the command `handbook list`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .options import Day, content_option, echo_json, edition_day

if TYPE_CHECKING:
    from ..pack.model import Pack


@click.command("list")
@click.argument("what", type=click.Choice(["roles", "paths", "plans", "chapters", "facts"]))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "--due",
    is_flag=False,
    flag_value="today",
    default="",
    metavar="[DATE]",
    help="Of facts, those due for another check at a date (today).",
)
@content_option
def list_(what: str, as_json: bool, due: str, content: Path) -> None:
    """List roles, paths, plans, chapters or facts."""
    if due and what != "facts":
        raise click.UsageError("--due goes with 'list facts'")
    from ..pack.loader import load_pack

    pack = load_pack(content)
    rows = _facts(pack, due) if what == "facts" else _listing(pack, what)
    if as_json:
        echo_json(rows, 2)
        return
    if not rows:
        click.echo("no fact is due" if due else f"this handbook has no {what}", err=True)
    width = max((len(str(next(iter(row.values())))) for row in rows), default=0)
    for row in rows:
        first, *rest = [str(value) for value in row.values() if value not in ("", None)]
        click.echo(f"{first:<{width}}  {'  '.join(rest)}".rstrip())


def _listing(pack: Pack, what: str) -> list[dict[str, Any]]:
    if what == "chapters":
        return [{"id": c.id, "title": c.title, "file": c.file} for c in pack.chapters]
    keys = {"roles": ("id", "name", "path"), "paths": ("id", "name"), "plans": ("id", "name")}
    return [
        {key: str(row[key]) for key in keys[what] if row.get(key) is not None}
        for row in pack.axis(what)
    ]


def _facts(pack: Pack, due: str) -> list[dict[str, Any]]:
    from ..pack.loader import facts

    listed = facts(pack)
    if due:
        limit = edition_day() if due == "today" else Day().convert(due, None, None)
        listed = [fact for fact in listed if fact.review_by <= limit]
    return [
        {
            "fact": fact.name,
            "checked": fact.checked.isoformat(),
            "review_by": fact.review_by.isoformat(),
            "sources": " ".join(fact.sources),
            "place": str(fact.source),
        }
        for fact in listed
    ]
