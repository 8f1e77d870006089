"""Erase one learner from a folder of copies, so that what is left is still consistent.

The manifest is written last: a run that was stopped is repeated, and finds what it has to erase.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from ..core.diagnostics import error
from ..core.files import zip_files
from .handout import files_outside, forget_files, index_without
from .journal import FOLDER, recorded_files
from .models import FORMER, HANDOUT, INDEX, MANIFEST, REJECTS
from .reports import csv_row, manifest_lines
from .roster import plain_cell, plain_name
from .roster.columns import COLUMNS
from .run_database import entry_text, files_of
from .send import SENT
from .storage import WORK, Store


def forget(store: Store, query: str) -> list[str]:
    """Erase everything about a learner by id, copy number or file; return what was changed.

    Raises:
        HandbookError: If no one is found, or a run in the folder has not ended.
    """
    if store.names(FOLDER):
        raise error(
            "a run in this folder has not ended",
            at=store.place,
            hint="end it first: repeat its command",
            code="batch-folder",
        )
    copies = list(manifest_lines(store, former=True))
    erased = [c for c in copies if query in (str(c["id"]), str(c["copy"]), str(c["file"]))]
    ids = {str(c["id"]) for c in erased if c["id"]} or {query}
    changed = _rejects(store, ids)
    if not erased and not changed:
        raise error(
            f"there is no copy and no reject of {query!r}",
            at=store.place,
            hint="give an id of the roster, a copy number, or a file of the manifest",
            code="batch-folder",
        )
    if erased:
        changed += _without(store, copies, erased)
    store.remove(WORK)
    return changed


def _without(
    store: Store, copies: Sequence[dict[str, Any]], erased: Sequence[dict[str, Any]]
) -> list[str]:
    """Erase copies from all files of the folder; return the files that were changed."""
    files = {str(copy["file"]) for copy in erased}
    digest_of = {name: sha256 for copy in erased for name, _, sha256 in files_of(copy)}
    numbers = {str(copy["copy"]) for copy in erased}
    kept = [copy for copy in copies if str(copy["file"]) not in files]
    former = _names(store, FORMER)
    manifest = [entry_text(copy) for copy in kept if str(copy["file"]) not in former]
    changed = _table(store, HANDOUT, lambda row: row.get("file") in files)
    changed += _page(store, sorted(files))
    changed += _lines(store, SENT, lambda entry: entry.get("copy") in numbers)
    changed += _lines(store, FORMER, lambda entry: entry.get("file") in files)
    recorded = recorded_files(store)
    digests = set(digest_of.values())
    for name in sorted(recorded):
        if name.endswith(".zip"):
            changed += _archive(store, name, digests, "".join(manifest).encode())
        elif name.endswith(".pdf"):
            # A file for the press holds all copies, and is made again by the next run.
            store.remove(name)
            changed.append(f"{name} (removed: it held the copy)")
    for file in sorted(digest_of):
        store.remove(file)
        changed.append(f"{file} (removed)")
    store.remove_empty_folders()
    forget_files(store, [name for name in recorded if name.endswith(".pdf")])
    store.write_long(MANIFEST, [line.encode("utf-8", "replace") for line in manifest])
    outside = [
        f"{name} (not touched: it is elsewhere; delete it, it may hold the copy)"
        for name in files_outside(store)
    ]
    return [*changed, MANIFEST, *outside]


def _names(store: Store, name: str) -> set[str]:
    try:
        return {str(json.loads(text)["file"]) for text in store.lines(name)}
    except (FileNotFoundError, ValueError, KeyError):
        return set()


def _lines(store: Store, name: str, is_erased: Callable[[dict[str, Any]], bool]) -> list[str]:
    """Erase lines of a file of JSON objects."""
    try:
        lines = list(store.lines(name))
    except FileNotFoundError:
        return []
    kept: list[str] = []
    for line in lines:
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if not is_erased(entry):
            kept.append(line)
    if len(kept) == len(lines):
        return []
    if kept:
        store.write_long(name, [line.encode("utf-8", "replace") for line in kept])
    else:
        store.remove(name)
    return [name]


def _table(store: Store, name: str, is_erased: Callable[[dict[str, str]], bool]) -> list[str]:
    """Erase rows of a CSV file."""
    try:
        text = store.read(name).decode("utf-8-sig", "replace")
    except FileNotFoundError:
        return []
    rows = [[plain_cell(cell) for cell in row] for row in csv.reader(io.StringIO(text, ""))]
    if not rows:
        return []
    header, *cells = rows
    kept = [row for row in cells if not is_erased(dict(zip(header, row, strict=False)))]
    if len(kept) == len(cells):
        return []
    if kept:
        store.write_long(name, [b"\xef\xbb\xbf", *(csv_row(row) for row in (header, *kept))])
    else:
        store.remove(name)
    return [name]


def _rejects(store: Store, ids: Iterable[str]) -> list[str]:
    """Erase rejected rows with an id."""
    wanted = set(ids)

    def is_erased(row: dict[str, str]) -> bool:
        named = {plain_name(name): cell.strip() for name, cell in row.items()}
        return any(named.get(name) in wanted for name in COLUMNS["id"])

    return _table(store, REJECTS, is_erased)


def _page(store: Store, files: Sequence[str]) -> list[str]:
    try:
        page = store.read(INDEX).decode("utf-8", "replace")
    except FileNotFoundError:
        return []
    rest = index_without(page, files)
    if rest == page:
        return []
    store.write(INDEX, [rest.encode("utf-8", "replace")])
    return [INDEX]


def _archive(store: Store, name: str, digests: set[str], manifest: bytes) -> list[str]:
    """Write an archive again without some copies; one that held nothing else is removed."""
    import tempfile

    path = Path(store.place) / name
    if not store.shares_filesystem or not path.is_file():
        return []
    with tempfile.TemporaryDirectory(prefix="handbook-") as folder:
        files: list[tuple[str, Path]] = []
        erased = 0
        with zipfile.ZipFile(path) as archive:
            for number, info in enumerate(archive.infolist()):
                data = archive.read(info)
                if hashlib.sha256(data).hexdigest() in digests:
                    erased += 1
                    continue
                files.append((info.filename, Path(folder) / str(number)))
                files[-1][1].write_bytes(manifest if info.filename == MANIFEST else data)
        if not erased:
            return []
        if all(entry == MANIFEST for entry, _ in files):
            path.unlink()
            return [f"{name} (removed: it held nothing else)"]
        zip_files(path, files)
    return [name]
