"""Write rejects and archives, check a folder of copies, estimate a run."""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import json
import re
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ..core.diagnostics import Source, error
from ..core.files import zip_files
from ..core.slugs import file_slug
from ..pdf.copy_number import read_number
from ..pipeline.phases import document_of, edition_of
from .journal import grouped, recorded_files
from .models import FORMER, MANIFEST, REJECTS, Reject, Settings
from .plan import Plan
from .roster import safe_cell
from .run_database import files_of
from .storage import Store, is_inside
from .worker import pack_at


def measure(plan: Plan, settings: Settings) -> dict[str, float]:
    """Return how large (megabytes) and how long (seconds) a run will be.

    One edition is laid out and one copy filled to see.
    """
    jobs = plan.database.first()
    if not jobs:
        return {"megabytes": 0, "seconds": 0}
    job = jobs[0]
    start = time.perf_counter()
    document = document_of(pack_at(settings.content), plan.selections[job.key])
    edition = edition_of(document, plan.selections[job.key], settings.theme)
    laid_out = time.perf_counter()
    size = len(edition.fill(job.values))
    filled = time.perf_counter()
    seconds = (laid_out - start) * len(plan.selections) + (filled - laid_out) * plan.copies
    megabytes = size * plan.copies / 1e6
    rounded = round(megabytes) if megabytes >= 10 else max(0.1, round(megabytes, 1))
    return {"megabytes": rounded, "seconds": max(1, round(seconds))}


def write_rejects(plan: Plan, store: Store) -> None:
    """Write rows that gave no copy, with number and reason; no file if there are none.

    It can be opened in a spreadsheet, which runs none of it; corrected, it is a roster itself.
    """
    if not plan.database.count("rejects"):
        store.remove(REJECTS)
        return
    store.write_long(REJECTS, grouped(_rejected(plan.header, plan.database.rejects())))


def _rejected(header: Iterable[str], rejects: Iterable[Reject]) -> Iterator[bytes]:
    # The mark of UTF-8, without which Excel takes it for something else.
    yield b"\xef\xbb\xbf"
    yield csv_row(["row", "reason", *header])
    for reject in rejects:
        yield csv_row([str(reject.line), reject.reason, *reject.raw])


def csv_row(cells: Iterable[str]) -> bytes:
    """Return a line of a CSV file that a spreadsheet shows and does not run."""
    text = io.StringIO()
    csv.writer(text).writerow([safe_cell(cell) for cell in cells])
    return text.getvalue().encode("utf-8", "replace")


def check(store: Store) -> list[str]:
    """Return what is wrong with a folder of copies, by its manifest."""
    problems: list[str] = []
    known: set[str] = set()
    for entry in manifest_lines(store, former=True):
        for name, _, sha256 in files_of(entry):
            known.add(name)
            problems += _changed(store, name, sha256, entry["row"])
    for name, sha256 in recorded_files(store).items():
        known.add(name)
        problems += _changed(store, name, sha256, None)
    extra = [name for name in store.names() if name.endswith(".pdf") and name not in known]
    return problems + [f"{name}: not in the manifest" for name in extra]


def _changed(store: Store, name: str, sha256: str, row: Any) -> list[str]:
    where = f" (row {row})" if row is not None else ""
    try:
        data = store.read(name)
    except FileNotFoundError:
        return [f"{name}: missing{where}"]
    if hashlib.sha256(data).hexdigest() == sha256:
        return []
    return [f"{name}: changed since it was written{where}"]


def find_copy(store: Store, query: str) -> dict[str, Any]:
    """Return the manifest entry of a copy, by its number or by its file.

    Raises:
        HandbookError: If the number is mistyped or no copy of this run has it, or if the file is
            not as it was written.
    """
    entries = {str(entry["copy"]): entry for entry in manifest_lines(store, former=True)}
    if not Path(query).is_file():
        number = read_number(query)
        if not number:
            raise error(
                f"{query!r} is neither a copy number nor a file",
                hint="it has fourteen characters, as in 7K3D-9QXA-M2TF-4Z; one of them is mistyped",
                code="batch-folder",
            )
        if number not in entries:
            raise error(
                f"no copy of this run has the number {number}",
                at=store.place,
                hint="it may be of another run, or made up",
                code="batch-folder",
            )
        return entries[number]
    data = Path(query).read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    for entry in entries.values():
        if any(sha256 == digest for _, _, sha256 in files_of(entry)):
            return entry
    match = re.search(rb"urn:handbook:copy:([0-9A-Z-]+)", data)
    number = match[1].decode() if match else ""
    if number in entries:
        raise error(
            f"not as it was written, though it says that it is copy {number}",
            at=query,
            hint=f"that copy is {entries[number]['file']}, row {entries[number]['row']}",
            code="batch-folder",
        )
    raise error(
        "not a copy of this run",
        at=query,
        hint="it may be of another run, or made up",
        code="batch-folder",
    )


def manifest_lines(store: Store, former: bool = False) -> Iterator[dict[str, Any]]:
    """Yield the entries of a folder's manifest, in the order of the roster.

    With `former`, those of copies that fell away come after them.

    Raises:
        HandbookError: If there is no manifest, or it is damaged.
    """
    try:
        yield from _entries(store, MANIFEST)
    except FileNotFoundError:
        raise error(
            "there is no manifest",
            at=store.place,
            hint="name the folder that was -o, after its run has ended",
            code="batch-folder",
        ) from None
    if former:
        with contextlib.suppress(FileNotFoundError):
            yield from _entries(store, FORMER)


def _entries(store: Store, name: str) -> Iterator[dict[str, Any]]:
    for number, text in enumerate(store.lines(name), 1):
        try:
            entry = json.loads(text)
            if not entry.keys() >= _KEYS or not is_inside(entry["file"]):
                raise ValueError
        except (ValueError, AttributeError):
            raise error(
                f"{name} is damaged",
                at=Source(store.place, number),
                hint="repeat the run to write it again",
                code="batch-folder",
            ) from None
        yield entry


_KEYS = {"row", "id", "copy", "file", "sha256", "bytes", "selection"}


def zip_copies(out: Path) -> Path:
    """Write all copies and the manifest into one archive, the same bytes for the same copies."""
    lines = (out / MANIFEST).read_text("utf-8").splitlines()
    names = [name for text in lines for name, *_ in files_of(json.loads(text))]
    path = out / f"{file_slug(out.resolve().name)}.zip"
    zip_files(path, ((name, out / name) for name in [*names, MANIFEST]))
    return path
