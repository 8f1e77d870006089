"""Hand a run on to people: an archive for each group, an index page, a table for a mail merge."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from ..core.diagnostics import error, suggest
from ..core.files import zip_files
from ..pack.model import Pack
from ..select.selection import Selection
from .choices import AXES
from .filenames import safe_name
from .journal import grouped, read_run, write_run
from .models import BADGE_KEY, HANDOUT, INDEX, CopyJob
from .open_badges import BadgeRun
from .plan import Plan
from .reports import csv_row
from .roster import plain_name
from .run_database import files_of
from .storage import WORK, Store

# The columns of the table for a mail merge that come before those of the roster.
HANDOUT_COLUMNS = (
    "row", "id", "learner", "selection", "file", "attachment", "archive", "copy", "bytes", "sha256",
    "badges",
)  # fmt: skip


def check_group(name: str, pack: Pack, columns: Sequence[str]) -> None:
    """Check the column that archives are made by.

    Raises:
        HandbookError: If it is not a field, a column of the roster, role, path or plan.
    """
    known = [*pack.fields, *AXES, *(column for column in columns if column)]
    if plain_name(name) not in {plain_name(other) for other in known}:
        raise error(f"--zip-by: unknown column {name!r}", hint=suggest(name, known), code="zip-by")


def group_archives(plan: Plan, name: str) -> dict[str, list[str]]:
    """Return the files of each group by the name of its archive, in order."""
    groups: dict[str, list[str]] = {}
    for job, cells, entry in plan.database.copies_with_cells():
        files = groups.setdefault(_group(job, cells, plan, name), [])
        files += [file for file, *_ in files_of(entry)]
    archives: dict[str, list[str]] = {}
    for group in sorted(groups):
        stem = safe_name(group) or f"without-{safe_name(name)}"
        number = 1
        # Some file systems take Pune and pune for the same name.
        used = {other.casefold() for other in archives}
        while (archive := f"{stem}{f'-{number}' if number > 1 else ''}.zip").casefold() in used:
            number += 1
        archives[archive] = groups[group]
    return archives


def zip_groups(plan: Plan, out: Path, name: str) -> list[Path]:
    """Write an archive for each group; the same copies give the same bytes."""
    archives = group_archives(plan, name)
    for archive, files in archives.items():
        zip_files(out / archive, [(file, out / file) for file in files])
    return [out / archive for archive in archives]


def _group(job: CopyJob, cells: Sequence[str], plan: Plan, name: str) -> str:
    selection = plan.selections[job.key]
    row = getattr(selection, name) if name in AXES else None
    if job.values.get(name):
        return job.values[name]
    if row:
        return str(row["id"])
    plain = plain_name(name)
    columns = zip(plan.header, cells, strict=False)
    return next((cell.strip() for column, cell in columns if plain_name(column) == plain), "")


# ------------------------------------------------------------------- mail merge


def write_handout(plan: Plan, store: Store, group: str, whole: str) -> str:
    """Write a table of all copies with all columns of the roster; return its name.

    `group` is the column of `--zip-by`, `whole` the archive of all copies, either may be "".
    """
    archives = group_archives(plan, group) if group else {}
    archive_of = {file: archive for archive, files in archives.items() for file in files}
    store.write_long(HANDOUT, grouped(_handout(plan, store, archive_of, whole)))
    store.remove(WORK)
    return HANDOUT


def _handout(
    plan: Plan, store: Store, archive_of: Mapping[str, str], whole: str
) -> Iterator[bytes]:
    # The mark of UTF-8, without which Excel takes it for something else.
    yield b"\xef\xbb\xbf"
    reserved = {plain_name(name) for name in HANDOUT_COLUMNS}
    header = [f"{n} (roster)" if plain_name(n) in reserved else n for n in plan.header]
    yield csv_row([*HANDOUT_COLUMNS, *header])
    for job, cells, entry in plan.database.copies_with_cells():
        base = os.path.abspath(store.place) if store.shares_filesystem else store.place
        texts = (
            str(job.line),
            job.id,
            job.values.get("learner", ""),
            str(entry["selection"]),
            job.file,
            f"{base}/{job.file}",
            archive_of.get(job.file, whole),
            str(entry["copy"]),
            str(entry["bytes"]),
            str(entry["sha256"]),
            "|".join(entry.get("badges", ())),
        )
        yield csv_row([*texts, *cells])


# ------------------------------------------------------------------------- index


def write_index(pack: Pack, plan: Plan, store: Store) -> str:
    """Write a page that names every copy with a link to it; return its name."""
    store.write_long(INDEX, grouped(_page(pack, plan)))
    store.remove(WORK)
    return INDEX


def index_without(page: str, files: Sequence[str]) -> str:
    """Return an index page without the rows of some files."""
    links = {f'<a href="{escape(quote(file))}"' for file in files}
    lines = [
        line
        for line in page.splitlines(keepends=True)
        if not (line.startswith("<tr><th") and any(link in line for link in links))
    ]
    count = sum(line.startswith('<tr><th scope="row"') for line in lines)
    return re.sub(r"<caption>[\d,]+ ", f"<caption>{count:,} ", "".join(lines))


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
    title, count = escape(pack.title), plan.database.count("copies")
    yield _HEAD.format(title=title, language=escape(pack.language), count=count).encode()
    for job, entry in plan.database.copies():
        yield _row(job, entry, plan.selections[job.key]).encode("utf-8", "replace")
    yield _FOOT.encode()


def _row(job: CopyJob, entry: Mapping[str, Any], selection: Selection) -> str:
    name = escape(job.values.get("learner") or job.id or f"Row {job.line}").replace("\n", " ")
    link = f'<a href="{escape(quote(job.file))}" type="application/pdf">{name}</a>'
    group = escape(job.values.get("cohort", "")).replace("\n", " ")
    size = f"{max(1, round(int(entry['bytes']) / 1000)):,} KB"
    return (
        f'<tr><th scope="row" dir="auto">{link}</th><td>{escape(selection.title)}</td>'
        f'<td dir="auto">{group}</td><td><code>{escape(str(entry["copy"]))}</code></td>'
        f"<td>{size}</td></tr>\n"
    )


# ------------------------------------------------------------- other files of a run


def write_badge_key(store: Store, badge: BadgeRun) -> str:
    """Write the public key that checks the badges, for the issuer's web site; return its name."""
    store.write(BADGE_KEY, [badge.key_file()])
    store.remove(WORK)
    return BADGE_KEY


def record_files(store: Store, paths: Sequence[Path], names: Sequence[str]) -> list[str]:
    """Record the files that a run made of its copies, so that a check and `forget` know them.

    `paths` are files of this machine, `names` are in the store.  Files of earlier runs stay
    known while they are there; return these, as they may lack copies.
    """
    run = read_run(store)
    recorded: dict[str, Any] = {}
    for name in names:
        data = store.read(name)
        recorded[name] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    top = Path(store.place).resolve()
    outside = {name for name in run.get("outside", ()) if is_there(store, name)}
    for path in map(Path.resolve, paths):
        if store.shares_filesystem and path.is_relative_to(top):
            recorded[path.relative_to(top).as_posix()] = _facts(path)
        else:
            outside.add(os.path.relpath(path, top) if store.shares_filesystem else str(path))
    earlier = {
        name: facts
        for name, facts in run.get("files", {}).items()
        if name not in recorded and store.exists(name)
    }
    _write_record(store, run, {**earlier, **recorded}, sorted(outside))
    return sorted(earlier)


def forget_files(store: Store, names: Iterable[str]) -> None:
    """Take files off the record that were removed, and record those that were changed."""
    run = read_run(store)
    gone = set(names)
    files: dict[str, Any] = {}
    for name in run.get("files", {}):
        if name not in gone and store.exists(name):
            data = store.read(name)
            files[name] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    _write_record(store, run, files, run.get("outside", []))


def files_outside(store: Store) -> list[str]:
    """Return files that a run made of its copies somewhere else, and that are still there."""
    return [name for name in read_run(store).get("outside", ()) if is_there(store, name)]


def is_there(store: Store, name: str) -> bool:
    """Return whether a file of this machine, written from the store's place, is there."""
    return (Path(store.place) / name).is_file() if store.shares_filesystem else Path(name).is_file()


def _write_record(
    store: Store, run: Mapping[str, Any], files: Mapping[str, Any], outside: Sequence[str]
) -> None:
    changed = {"files": files, "outside": outside}
    if any(value != (run.get(key) or type(value)()) for key, value in changed.items()):
        kept = {key: value for key, value in {**run, **changed}.items() if value}
        write_run(store, kept)
        store.remove(WORK)


def _facts(path: Path) -> dict[str, Any]:
    state = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            state.update(block)
    return {"bytes": path.stat().st_size, "sha256": state.hexdigest()}
