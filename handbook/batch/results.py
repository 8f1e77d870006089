"""What stands beside the copies: rejects, an archive, and the check of a folder."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ..copy_number import read_number
from ..diagnostics import error
from ..output import write_whole, zip_files
from ..pipeline import document_of, edition_of
from ..roster import Roster
from ..selection import slug
from .orders import MANIFEST, REJECTS, Plan, Reject, Settings
from .work import pack_at


def measure(plan: Plan, settings: Settings) -> dict[str, int]:
    """How large and how long a run will be, from one edition and one copy made to see."""
    if not plan.orders:
        return {"megabytes": 0, "seconds": 0}
    order = plan.orders[0]
    start = time.perf_counter()
    document = document_of(pack_at(settings.content), plan.selections[order.key])
    edition = edition_of(document, plan.selections[order.key], settings.theme)
    laid = time.perf_counter()
    size = len(edition.fill(order.values))
    filled = time.perf_counter()
    seconds = (laid - start) * len(plan.selections) + (filled - laid) * len(plan.orders)
    return {"megabytes": round(size * len(plan.orders) / 1e6), "seconds": max(1, round(seconds))}


def write_rejects(rejects: Sequence[Reject], roster: Roster, out: Path) -> None:
    """rejects.csv: the rows as they were, with number and reason; no file if there are none."""
    path = out / REJECTS
    if not rejects:
        path.unlink(missing_ok=True)
        return
    raw = {row.line: row.raw for row in roster.rows}
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["row", "reason", *roster.header])
    for reject in sorted(rejects, key=lambda reject: reject.line):
        writer.writerow([reject.line, reject.reason, *raw[reject.line]])
    write_whole(path, text.getvalue().encode("utf-8", "replace"))


def check(out: Path) -> list[str]:
    """What is wrong with a folder of copies, by its manifest."""
    wrong: list[str] = []
    known: set[str] = set()
    for line in manifest_lines(out):
        known.add(str(line["file"]))
        file = out / str(line["file"])
        if not file.is_file():
            wrong.append(f"{line['file']}: missing (row {line['row']})")
        elif hashlib.sha256(file.read_bytes()).hexdigest() != line["sha256"]:
            wrong.append(f"{line['file']}: changed since it was written (row {line['row']})")
    extra = sorted(
        path.relative_to(out).as_posix()
        for path in out.rglob("*.pdf")
        if path.relative_to(out).as_posix() not in known
    )
    return wrong + [f"{name}: not in the manifest" for name in extra]


def find_copy(out: Path, asked: str) -> dict[str, Any]:
    """The manifest's line of a copy, by its number or by its file.

    Raises HandbookError for a number that is mistyped or that no copy of this run has, and for a
    file that is not as it was written.
    """
    lines = {str(line["copy"]): line for line in manifest_lines(out)}
    if not Path(asked).is_file():
        number = read_number(asked)
        if not number:
            raise error(
                f"{asked!r} is no copy number, and no file",
                hint="it has fourteen signs, as in 7K3D-9QXA-M2TF-4Z; one of them is mistyped",
            )
        if number not in lines:
            raise error(f"no copy of this run has the number {number}", file=str(out),
                        hint="it may be of another run, or made up")  # fmt: skip
        return lines[number]
    data = Path(asked).read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    for line in lines.values():
        if line["sha256"] == digest:
            return line
    found = re.search(rb"urn:handbook:copy:([0-9A-Z-]+)", data)
    number = found[1].decode() if found else ""
    if number in lines:
        raise error(
            f"not as it was written, though it says that it is copy {number}", file=asked,
            hint=f"that copy is {lines[number]['file']}, row {lines[number]['row']}",
        )  # fmt: skip
    raise error("not a copy of this run", file=asked, hint="it may be of another run, or made up")


def manifest_lines(out: Path) -> Iterator[dict[str, Any]]:
    """The lines of a folder's manifest, in the order of the roster."""
    manifest = out / MANIFEST
    if not manifest.is_file():
        raise error("there is no manifest", file=str(out), hint="name the folder that was -o")
    with manifest.open(encoding="utf-8") as file:
        for text in file:
            yield json.loads(text)


def zip_copies(out: Path) -> Path:
    """All copies and the manifest in one archive, the same bytes for the same copies."""
    names = [json.loads(t)["file"] for t in (out / MANIFEST).read_text("utf-8").splitlines()]
    path = out / f"{slug(out.resolve().name)}.zip"
    zip_files(path, ((name, out / name) for name in [*names, MANIFEST]))
    return path
