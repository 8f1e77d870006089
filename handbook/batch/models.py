"""Hold the values of a batch: what all copies share, a copy to make, a row that gives none."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date
from pathlib import Path

from ..core.diagnostics import HandbookError
from ..core.files import files_below, is_file, outside
from ..core.values import frozen, record
from ..pdf.protection import UNPROTECTED, Protection
from .open_badges import BadgeRun

# Files next to the copies in the output folder.
MANIFEST = "manifest.jsonl"
# Copies of learners who are no longer on the roster, until they are pruned.
FORMER = "former.jsonl"
REJECTS = "rejects.csv"
# What all copies of the folder share, and the files that were made of them.
RUN = "run.json"
INDEX = "index.html"
HANDOUT = "handout.csv"
BADGE_KEY = "badge-key.json"


@frozen
class Settings:
    """What all copies of a run share."""

    content: str
    day: date
    theme: str = "default"
    paper: str = "a4"
    template: str = ""
    skip: tuple[str, ...] = ()
    brand: str = ""
    protection: Protection = UNPROTECTED
    # The column of the roster with the passwords of copies; "" for none.
    password_column: str = ""
    badge: BadgeRun | None = None


@frozen
class CopyJob:
    """A copy to make: its row, its edition, its values, and its file below the output folder.

    `inputs` is a digest of all that sets it apart from other copies of the run, `badge` what only
    its Open Badge says: the learner's address, and the day.
    """

    line: int
    key: str
    values: Mapping[str, str]
    file: str
    id: str
    inputs: str = ""
    password: str = field(default="", repr=False)
    badge: Mapping[str, str] = field(default_factory=dict, repr=False)


@frozen
class Reject:
    """A rejected row, by its number, and why; `raw` has its cells as they were."""

    line: int
    reason: str
    raw: Sequence[str] = ()


@record
class Result:
    """How many copies a run wrote and kept, how many rows gave none, which copies fell away."""

    written: int = 0
    kept: int = 0
    rejected: int = 0
    former: tuple[str, ...] = ()
    pruned: tuple[str, ...] = ()


@frozen
class Progress:
    """How far a run is, in rows; `edition` is the one that was filled last."""

    done: int
    rejected: int
    total: int
    edition: str = ""


# What editors and file managers leave in a folder.
_CLUTTER = re.compile(r"\.DS_Store|\.#.*|.*~|.*\.sw[op]|Thumbs\.db|desktop\.ini")


def pack_files(folder: Path, roots: Sequence[Path]) -> list[Path]:
    """Return the files that a pack may be read from in a folder, in order.

    Links are followed as far as `roots` reach, and hidden files count, as when a pack is read.
    """
    return [
        path
        for path in files_below(folder, roots)
        if not _CLUTTER.fullmatch(path.name) and is_file(path) and not outside(path, roots)
    ]


def reason_of(problem: HandbookError) -> str:
    """Return an error in one line, for a list of rejects."""
    first = problem.diagnostics[0]
    return f"{first.message} ({first.hint})" if first.hint else first.message
