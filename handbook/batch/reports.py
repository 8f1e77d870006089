"""What stands beside the copies: rejects, an archive, and the check of a folder."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ..build.pipeline import document_of, edition_of
from ..core.diagnostics import error
from ..core.files import slug, zip_files
from ..pdf.copy_number import read_number
from .journal import grouped
from .models import MANIFEST, REJECTS, Reject, Settings
from .plan import Plan
from .roster import safe_cell
from .storage import Store
from .worker import pack_at


def measure(plan: Plan, settings: Settings) -> dict[str, int]:
    """How large and how long a run will be, from one edition and one copy made to see."""
    order = plan.ledger.first()
    if order is None:
        return {"megabytes": 0, "seconds": 0}
    start = time.perf_counter()
    document = document_of(pack_at(settings.content), plan.selections[order.key])
    edition = edition_of(document, plan.selections[order.key], settings.theme)
    laid = time.perf_counter()
    size = len(edition.fill(order.values))
    filled = time.perf_counter()
    seconds = (laid - start) * len(plan.selections) + (filled - laid) * plan.copies
    return {"megabytes": round(size * plan.copies / 1e6), "seconds": max(1, round(seconds))}


def write_rejects(plan: Plan, store: Store) -> None:
    """rejects.csv: the rows as they were, with number and reason; no file if there are none.

    It can be opened in a spreadsheet, which runs none of it, and, mended, is a roster itself.
    """
    if not plan.ledger.count("rejects"):
        store.remove(REJECTS)
        return
    store.write_long(REJECTS, grouped(_rejected(plan.header, plan.ledger.rejects())))


def _rejected(header: Iterable[str], rejects: Iterable[Reject]) -> Iterator[bytes]:
    # The mark of UTF-8, without which Excel takes it for something else.
    yield b"\xef\xbb\xbf"
    yield _row(["row", "reason", *header])
    for reject in rejects:
        yield _row([str(reject.line), reject.reason, *reject.raw])


def _row(cells: Iterable[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow([safe_cell(cell) for cell in cells])
    return text.getvalue().encode("utf-8", "replace")


def check(store: Store) -> list[str]:
    """What is wrong with a folder of copies, by its manifest."""
    wrong: list[str] = []
    known: set[str] = set()
    for line in manifest_lines(store):
        name = str(line["file"])
        known.add(name)
        try:
            data = store.read(name)
        except FileNotFoundError:
            wrong.append(f"{name}: missing (row {line['row']})")
            continue
        if hashlib.sha256(data).hexdigest() != line["sha256"]:
            wrong.append(f"{name}: changed since it was written (row {line['row']})")
    extra = [name for name in store.names() if name.endswith(".pdf") and name not in known]
    return wrong + [f"{name}: not in the manifest" for name in extra]


def find_copy(store: Store, asked: str) -> dict[str, Any]:
    """The manifest's line of a copy, by its number or by its file.

    Raises HandbookError for a number that is mistyped or that no copy of this run has, and for a
    file that is not as it was written.
    """
    lines = {str(line["copy"]): line for line in manifest_lines(store)}
    if not Path(asked).is_file():
        number = read_number(asked)
        if not number:
            raise error(
                f"{asked!r} is no copy number, and no file",
                hint="it has fourteen signs, as in 7K3D-9QXA-M2TF-4Z; one of them is mistyped",
                code="batch-folder",
            )
        if number not in lines:
            raise error(
                f"no copy of this run has the number {number}",
                at=store.place,
                hint="it may be of another run, or made up",
                code="batch-folder",
            )
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
            f"not as it was written, though it says that it is copy {number}",
            at=asked,
            hint=f"that copy is {lines[number]['file']}, row {lines[number]['row']}",
            code="batch-folder",
        )
    raise error(
        "not a copy of this run",
        at=asked,
        hint="it may be of another run, or made up",
        code="batch-folder",
    )


def manifest_lines(store: Store) -> Iterator[dict[str, Any]]:
    """The lines of a folder's manifest, in the order of the roster."""
    try:
        for text in store.lines(MANIFEST):
            yield json.loads(text)
    except FileNotFoundError:
        raise error(
            "there is no manifest",
            at=store.place,
            hint="name the folder that was -o",
            code="batch-folder",
        ) from None
    except ValueError as problem:
        raise error(
            f"the manifest is spoilt: {problem}", at=store.place, code="batch-folder"
        ) from None


def zip_copies(out: Path) -> Path:
    """All copies and the manifest in one archive, the same bytes for the same copies."""
    names = [json.loads(t)["file"] for t in (out / MANIFEST).read_text("utf-8").splitlines()]
    path = out / f"{slug(out.resolve().name)}.zip"
    zip_files(path, ((name, out / name) for name in [*names, MANIFEST]))
    return path
