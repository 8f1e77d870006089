"""What workers do, wherever they are: lay an edition out; fill it for a chunk of orders; write.

An edition travels as bytes, and what is needed to lay it out travels as luggage where workers
do not see this machine's files.
"""

from __future__ import annotations

import gc
import hashlib
import json
import pickle
import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ..__version__ import __version__
from ..build.pipeline import document_of, edition_of
from ..core.diagnostics import HandbookError, error
from ..document.fields import FIELD
from ..pack.loader import load_pack
from ..pack.model import Pack
from ..pdf.edition import Edition
from ..select.selection import Selection
from .journal import write_part
from .models import CopyJob, Reject, Settings, reason_of
from .pack_archive import PackArchive, unpacked
from .storage import Store

# The manifest lines of copies that were written, by their rows, and what was rejected.
Made = tuple[list[tuple[int, str]], list[Reject]]
# The number of each copy with what comes behind the edition in it, and what was rejected.
Tails = tuple[list[tuple[CopyJob, str, bytes]], list[Reject]]
# The page builder was not made for threads, which workers of a cluster may be.
_ONE = threading.Lock()
_recent: dict[str, LoadedEdition] = {}


@dataclass(frozen=True, slots=True)
class FillTask:
    """A chunk: its number, its edition's key and bytes, its orders, and the run they belong to."""

    number: int
    key: str
    edition: bytes
    orders: tuple[CopyJob, ...]
    run: str


class LoadedEdition:
    """An edition, its name, and the digest of its body, worked out once."""

    def __init__(self, data: bytes) -> None:
        self.stem: str
        self.edition: Edition
        self.stem, self.edition = pickle.loads(data)
        self.state = hashlib.sha256(self.edition.body)

    def line(self, order: CopyJob, number: str, tail: bytes, run: str) -> str:
        """The line of the manifest for a copy."""
        state = self.state.copy()
        state.update(tail)
        entry = {
            "row": order.line, "id": order.id, "copy": number, "selection": self.stem,
            "file": order.file,
            "bytes": len(self.edition.body) + len(tail), "sha256": state.hexdigest(),
            "edition": self.edition.identifier.hex(), "tool": f"handbook {__version__}",
            "run": run,
        }  # fmt: skip
        return json.dumps(entry, ensure_ascii=False) + "\n"


@lru_cache(maxsize=2)
def pack_at(content: str) -> Pack:
    """The pack in a folder, read once a process."""
    return load_pack(Path(content))


def lay_out(selection: Selection, settings: Settings, luggage: PackArchive | None) -> bytes | str:
    """An edition as it travels; in words what is wrong, if it cannot be laid out."""
    if luggage is not None:
        _same_version(luggage.version)
        settings = unpacked(luggage, settings)
    try:
        with _ONE:
            document = document_of(pack_at(settings.content), selection)
            edition = edition_of(document, selection, settings.theme)
        made = pickle.dumps((selection.file_stem, edition))
    except HandbookError as problem:
        return reason_of(problem)
    # A book's tree is full of rings, which commands seldom look for: forty would pile up.
    del document, edition
    gc.collect()
    return made


def _same_version(version: str) -> None:
    if version != __version__:
        raise error(
            f"a worker has handbook {__version__}, and this is {version}",
            hint="install the same version on all workers",
            code="batch-run",
        )


def laid(task: FillTask) -> LoadedEdition:
    """The edition of a task; the last few are remembered."""
    name = f"{task.run} {task.key}"
    found = _recent.get(name)
    if found is None:
        while len(_recent) > 2:
            _recent.pop(next(iter(_recent)), None)
        found = _recent[name] = LoadedEdition(task.edition)
    return found


def fill(task: FillTask) -> Tails:
    """The tails of a task's copies."""
    edition = laid(task).edition
    made: list[tuple[CopyJob, str, bytes]] = []
    rejects: list[Reject] = []
    for order in task.orders:
        try:
            values = edition.with_copy_number(order.values, order.id or str(order.line))
            made.append((order, values[FIELD], edition.incremental_update(values)))
        except HandbookError as problem:
            rejects.append(Reject(order.line, reason_of(problem)))
    return made, rejects


def write(task: FillTask, tails: Tails, store: Store) -> Made:
    """Put the copies of a task into the store, and then its part of the journal."""
    source = laid(task)
    made, rejects = tails
    lines: list[tuple[int, str]] = []
    for order, number, tail in made:
        store.write(order.file, (source.edition.body, tail))
        lines.append((order.line, source.line(order, number, tail, task.run)))
    if lines:
        write_part(store, task.number, [words for _, words in lines])
    return lines, rejects


def fill_and_write(task: FillTask, store: Store) -> Made:
    """Both, for workers that reach the store."""
    return write(task, fill(task), store)
