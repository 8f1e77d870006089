"""Lay an edition out, fill it for a chunk of jobs, write the copies: what workers do.

An edition travels as bytes; where workers do not see this machine's files, the pack travels as an
archive.
"""

from __future__ import annotations

import hashlib
import pickle
import threading
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..__version__ import __version__
from ..core.diagnostics import HandbookError, error
from ..core.values import frozen
from ..document.fields import FIELD
from ..pack.loader import load_pack
from ..pack.model import Pack
from ..pdf.edition import Edition
from ..pdf.protection import UNPROTECTED, Protection
from ..pipeline.edition_series import EditionSeries
from ..select.selection import Selection
from .journal import write_part, write_plan
from .models import CopyJob, Reject, Settings, reason_of
from .open_badges import BadgeRun
from .pack_archive import PackArchive, unpacked
from .run_database import entry_text
from .storage import Store

# The manifest entries of copies that were written, by their rows, and what was rejected.
Written = tuple[list[tuple[int, str]], list[Reject]]
# Each copy's number, with the bytes that follow the edition in it, whether these are all of it,
# and what was rejected.
Updates = tuple[list[tuple[CopyJob, str, bytes, bool]], list[Reject]]
# Laying out was not made for threads, which workers of a cluster may be.
_LAYOUT_LOCK = threading.Lock()
_recent: dict[str, LoadedEdition] = {}


@frozen
class FillTask:
    """A chunk: its number, its edition's key and bytes, its jobs, and the run they belong to."""

    number: int
    key: str
    edition: bytes
    jobs: tuple[CopyJob, ...]
    run: str
    protection: Protection = UNPROTECTED
    badge: BadgeRun | None = None


class LoadedEdition:
    """An edition, its name, and the digest of its body, worked out once."""

    def __init__(self, data: bytes) -> None:
        self.stem: str
        self.edition: Edition
        self.stem, self.edition = pickle.loads(data)
        self.state = hashlib.sha256(self.edition.body)

    def entry(
        self,
        job: CopyJob,
        number: str,
        parts: tuple[bytes, bytes],
        run: str,
        badges: Mapping[str, bytes],
    ) -> str:
        """Return the manifest entry of a copy, whose first part is the edition or nothing."""
        body, update = parts
        state = self.state.copy() if body else hashlib.sha256()
        state.update(update)
        return entry_text(
            {
                "row": job.line,
                "id": job.id,
                "copy": number,
                "selection": self.stem,
                "file": job.file,
                "bytes": len(body) + len(update),
                "sha256": state.hexdigest(),
                "edition": self.edition.identifier.hex(),
                "tool": f"handbook {__version__}",
                "run": run,
                "inputs": job.inputs,
                **({"badges": {n: _facts(data) for n, data in badges.items()}} if badges else {}),
            }
        )


def _facts(data: bytes) -> dict[str, Any]:
    return {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


@lru_cache(maxsize=2)
def pack_at(content: str) -> Pack:
    """Return the pack in a folder, read once a process."""
    return load_pack(Path(content))


@lru_cache(maxsize=1)
def _series(content: str) -> tuple[Pack, EditionSeries]:
    return pack_at(content), EditionSeries()


def lay_out(selection: Selection, settings: Settings, archive: PackArchive | None) -> bytes | str:
    """Return an edition as it travels; if it cannot be laid out, the reason in words."""
    if archive is not None:
        _check_version(archive.version)
        settings = unpacked(archive, settings)
    try:
        with _LAYOUT_LOCK:
            pack, series = _series(settings.content)
            edition = series.edition_for(pack, selection, settings.theme)
        return pickle.dumps((selection.file_stem, edition))
    except HandbookError as problem:
        return reason_of(problem)


def _check_version(version: str) -> None:
    if version != __version__:
        raise error(
            f"a worker has handbook {__version__}, and this is {version}",
            hint="install the same version on all workers",
            code="batch-run",
        )


def _loaded(task: FillTask) -> LoadedEdition:
    """Return the edition of a task; the last few are remembered."""
    name = f"{task.run} {task.key}"
    edition = _recent.get(name)
    if edition is None:
        while len(_recent) > 2:
            _recent.pop(next(iter(_recent)), None)
        edition = _recent[name] = LoadedEdition(task.edition)
    return edition


def fill(task: FillTask) -> Updates:
    """Return what the copies of a task add to their edition."""
    edition = _loaded(task).edition
    updates: list[tuple[CopyJob, str, bytes, bool]] = []
    rejects: list[Reject] = []
    for job in task.jobs:
        try:
            values = edition.with_copy_number(job.values, job.id or str(job.line))
            protection = replace(task.protection, password=job.password)
            body, update = protection.copy(edition, values)
            updates.append((job, values[FIELD], update, not body))
        except HandbookError as problem:
            rejects.append(Reject(job.line, reason_of(problem)))
    return updates, rejects


def write(task: FillTask, updates: Updates, store: Store) -> Written:
    """Put the copies of a task into the store, and then its part of the journal."""
    source = _loaded(task)
    copies, rejects = updates
    entries: list[tuple[int, str]] = []
    write_plan(store, task.number, [job.file for job, *_ in copies])
    for job, number, update, whole in copies:
        parts = (b"" if whole else source.edition.body, update)
        metadata = {"copy": number, "edition": source.edition.identifier.hex()}
        store.write(job.file, parts, metadata)
        badges = task.badge.files(job, number) if task.badge else {}
        for name, data in badges.items():
            store.write(name, [data], metadata)
        entries.append((job.line, source.entry(job, number, parts, task.run, badges)))
    if entries:
        write_part(store, task.number, [text for _, text in entries])
    return entries, rejects


def fill_and_write(task: FillTask, store: Store) -> Written:
    """Do both, for workers that reach the store."""
    return write(task, fill(task), store)
