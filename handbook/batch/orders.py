"""The words of a batch: what all copies share, a copy to be made, a row that gives none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from ..diagnostics import HandbookError
from ..selection import Selection

# Names of what stands beside the copies in the output folder.
MANIFEST = "manifest.jsonl"
REJECTS = "rejects.csv"
WORK = ".handbook"
JOURNAL = "journal.jsonl"


@dataclass(frozen=True, slots=True)
class Settings:
    """What all copies of a run share."""

    content: str
    day: date
    theme: str = "default"
    paper: str = "a4"
    template: str = ""
    skip: tuple[str, ...] = ()
    brand: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """A copy to be made: its row, its edition, its values, and its file below the output folder."""

    line: int
    key: str
    values: Mapping[str, str]
    file: str
    id: str


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that gives no copy, by its number, and why."""

    line: int
    reason: str


@dataclass(slots=True)
class Plan:
    """What a roster comes to, before anything is written."""

    orders: list[Order] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    selections: dict[str, Selection] = field(default_factory=dict)
    digest: str = ""


@dataclass(slots=True)
class Result:
    """What a run did."""

    written: int = 0
    kept: int = 0
    rejects: list[Reject] = field(default_factory=list)


def reason_of(problem: HandbookError) -> str:
    """A mistake in one line, for a list of rejects."""
    first = problem.diagnostics[0]
    return f"{first.message} ({first.hint})" if first.hint else first.message
