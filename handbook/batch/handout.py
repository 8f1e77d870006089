"""From a run to people: an archive for each group, a page to hand the copies out from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ..core.diagnostics import error, suggest
from ..core.files import zip_files
from ..pack.model import Pack
from ..select.selection import Selection
from .filenames import safe_name
from .journal import grouped
from .models import CopyJob
from .plan import Plan
from .storage import WORK, Store

INDEX = "index.html"
AXES = ("role", "path", "plan")


def check_group(name: str, pack: Pack) -> None:
    """Raise HandbookError for a group that no copy has: a field, or role, path, plan."""
    if name not in pack.fields and name not in AXES:
        raise error(f"--zip-by: unknown column {name!r}", hint=suggest(name, [*pack.fields, *AXES]))


def zip_groups(plan: Plan, out: Path, name: str) -> list[Path]:
    """An archive for each value of `name`, of its copies alone; the same copies, the same bytes."""
    groups: dict[str, list[str]] = {}
    for order, _ in plan.ledger.copies():
        value = _value(order, plan.selections[order.key], name)
        groups.setdefault(value, []).append(order.file)
    made: list[Path] = []
    taken: set[str] = set()
    for value in sorted(groups):
        stem = safe_name(value) or f"without-{name}"
        number = 1
        # Some file systems take Pune and pune for the same name.
        while (own := stem if number == 1 else f"{stem}-{number}").casefold() in taken:
            number += 1
        taken.add(own.casefold())
        made.append(out / f"{own}.zip")
        zip_files(made[-1], [(file, out / file) for file in groups[value]])
    return made


def _value(order: CopyJob, selection: Selection, name: str) -> str:
    row = getattr(selection, name) if name in AXES else None
    return order.values.get(name, "") or (str(row["id"]) if row else "")


# ------------------------------------------------------------------------- index


def write_index(pack: Pack, plan: Plan, store: Store) -> str:
    """A page that names every copy with a link to it; its name in the store."""
    store.write_long(INDEX, grouped(_page(pack, plan)))
    store.remove(WORK)
    return INDEX


_HEAD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Copies of {title}</title>
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; color: #1c2127; background: #fff;
  max-width: 70rem; margin: 2rem auto; padding: 0 1rem }}
table {{ border-collapse: collapse; width: 100% }}
caption {{ text-align: start; padding: .5rem 0 }}
th, td {{ text-align: start; vertical-align: top; padding: .4rem .8rem .4rem 0;
  border-bottom: 1px solid #b9c1c9 }}
tbody th {{ font-weight: 600 }}
a {{ color: #0b4f8a }}
code {{ white-space: nowrap }}
td:last-child, thead th:last-child {{ text-align: end; white-space: nowrap }}
</style>
</head>
<body>
<main>
<h1>Copies of <span lang="{language}">{title}</span></h1>
<table>
<caption>{count:,} copies, in the order of the roster</caption>
<thead><tr><th scope="col">Name</th><th scope="col">Made for</th><th scope="col">Group</th>\
<th scope="col">Copy number</th><th scope="col">Size</th></tr></thead>
<tbody>
"""
_FOOT = "</tbody>\n</table>\n</main>\n</body>\n</html>\n"


def _page(pack: Pack, plan: Plan) -> Iterator[bytes]:
    title, count = escape(pack.title), plan.ledger.count("made")
    yield _HEAD.format(title=title, language=escape(pack.language), count=count).encode()
    for order, line in plan.ledger.copies():
        yield _row(order, line, plan.selections[order.key]).encode("utf-8", "replace")
    yield _FOOT.encode()


def _row(order: CopyJob, line: Mapping[str, Any], selection: Selection) -> str:
    name = escape(order.values.get("learner") or order.id or f"Row {order.line}")
    link = f'<a href="{escape(quote(order.file))}" type="application/pdf">{name}</a>'
    group = escape(order.values.get("cohort", ""))
    size = f"{max(1, round(int(line['bytes']) / 1000)):,} KB"
    return (
        f'<tr><th scope="row" dir="auto">{link}</th><td>{escape(selection.title)}</td>'
        f'<td dir="auto">{group}</td><td><code>{escape(str(line["copy"]))}</code></td>'
        f"<td>{size}</td></tr>\n"
    )
