"""What processes do: lay an edition out and keep it; fill it for a chunk of orders."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from .. import __version__
from ..content import Pack, load_pack
from ..copy_number import FIELD
from ..diagnostics import HandbookError
from ..output import write_whole
from ..pdf.edition import Edition
from ..pipeline import document_of, edition_of
from ..selection import Selection
from .orders import WORK, Order, Reject, Settings, reason_of

# The manifest lines of copies that were written, and what was rejected.
Made = tuple[list[dict[str, Any]], list[Reject]]


@lru_cache(maxsize=2)
def pack_at(content: str) -> Pack:
    """The pack in a folder, read once a process."""
    return load_pack(Path(content))


def lay_out(selection: Selection, settings: Settings, target: str) -> str:
    """Lay an edition out and keep it as a file; what is wrong, if it cannot be done."""
    try:
        document = document_of(pack_at(settings.content), selection)
        edition = edition_of(document, selection, settings.theme)
        write_whole(Path(target), pickle.dumps((selection.stem, edition)), sync=False)
    except HandbookError as problem:
        return reason_of(problem)
    return ""


@lru_cache(maxsize=3)
def _edition(path: str, run: str) -> tuple[str, Edition]:
    """The edition kept at `path` by the run of this digest."""
    stem, edition = pickle.loads(Path(path).read_bytes())
    return stem, edition


def fill(path: str, orders: Sequence[Order], out: str, run: str) -> Made:
    """Fill and write the copies of one edition; a manifest line, or a reason, for each."""
    stem, edition = _edition(path, run)
    lines: list[dict[str, Any]] = []
    rejects: list[Reject] = []
    for order in orders:
        try:
            values = edition.numbered(order.values, order.id or str(order.line))
            data = edition.fill(values)
        except HandbookError as problem:
            rejects.append(Reject(order.line, reason_of(problem)))
            continue
        write_whole(Path(out) / order.file, data, sync=False, workshop=Path(out) / WORK)
        lines.append(
            {
                "row": order.line, "id": order.id, "copy": values[FIELD], "selection": stem,
                "file": order.file,
                "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest(),
                "edition": edition.identifier.hex(), "tool": f"handbook {__version__}", "run": run,
            }
        )  # fmt: skip
    return lines, rejects
