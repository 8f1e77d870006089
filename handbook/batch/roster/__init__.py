"""A roster -> rows: CSV in any usual dress, XLSX, JSON Lines, or standard input.

Columns are known by their names, whatever their case, order or spaces; what is no column of
ours is the value of a field, if the pack declares one of that name.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...core.diagnostics import Source, error, suggest
from .readers import Opened, lines_of, opened

# What we call a column, and what learning systems call it.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "learner id", "user id", "student id", "number", "no"),
    "learner": ("learner", "name", "full name", "learner name", "student", "user"),
    "role": ("role", "job role", "job"),
    "path": ("path", "learning path", "track"),
    "plan": ("plan", "study plan"),
    "start": ("start", "start date", "begins"),
    "hours": ("hours", "hours a week", "hours per week"),
    "days": ("days", "study days", "weekdays"),
    "exam": ("exam", "exam date", "exam day"),
    "country": ("country", "country code"),
}
# The first columns of a list of rejects.
RETURNED = ("row", "reason")
# A spreadsheet would take such a cell for a formula; an apostrophe before it says that it is none.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One learner: `line` counts rows from 1, without the header; `problem` says what is wrong."""

    line: int
    values: Mapping[str, str]
    problem: str = ""
    raw: Sequence[str] = field(default=())


class Roster:
    """A roster whose columns are known; its rows are read anew whenever they are asked for.

    `header` has the columns as they were written, `ignored` those that mean nothing to the pack.
    """

    def __init__(
        self, open_: Opened, path: str, fields: Mapping[str, Any], names: Mapping[str, str]
    ) -> None:
        self._open = open_
        self._path = path
        first, _ = next(lines_of(open_, path), ([], ""))
        if not first:
            raise error(
                "the roster is empty",
                at=path,
                hint="its first line names the columns",
                code="roster",
            )
        written = [cell.strip() for cell in first]
        self._returned = tuple(written[:2]) == RETURNED
        self._keys = [_key(cell, fields, names) for cell in written]
        _check(self._keys, written, path)
        # A column may be a choice and a field at once: the exam's day, printed on the cover.
        self._own = [
            next((field for field in fields if _plain(field) == _plain(name) and field != key), "")
            for name, key in zip(written, self._keys, strict=True)
        ]
        known = zip(written, self._keys, self._own, strict=True)
        self.ignored = tuple(n for n, *used in known if n and not any(used) and n not in self._left)
        self.header = tuple(written[len(self._left) :])

    @property
    def _left(self) -> tuple[str, ...]:
        """The columns that a list of rejects has beside those of the roster it came from."""
        return RETURNED if self._returned else ()

    @property
    def rows(self) -> Iterator[RosterRow]:
        """Every row that has anything in it, from the first."""
        lines = lines_of(self._open, self._path)
        next(lines, None)
        for number, (cells, problem) in enumerate(lines, 1):
            if problem or any(cell.strip() for cell in cells):
                yield self._row(number, cells, problem)

    def _row(self, number: int, cells: list[str], problem: str) -> RosterRow:
        keys = self._keys
        if self._returned:
            cells = [plain_cell(cell) for cell in cells]
        if len(cells) > len(keys) and any(cell.strip() for cell in cells[len(keys) :]):
            problem = problem or f"the row has {len(cells)} cells, the header {len(keys)}"
        values: dict[str, str] = {}
        for key, own, cell in zip(keys, self._own, cells, strict=False):
            text = cell.strip()
            if text and key:
                values[key] = text
            if text and own:
                values.setdefault(own, text)
        return RosterRow(number, values, problem, tuple(cells[len(self._left) :]))


def read_roster(
    path: str, fields: Mapping[str, Any] | None = None, names: Mapping[str, str] | None = None
) -> Roster:
    """The roster at `path` ("-" for standard input).

    `fields` are those of the pack; `names` maps our columns to the roster's own where they
    cannot be guessed.  Raises HandbookError for a file that is no roster.
    """
    return Roster(opened(path, sys.stdin.buffer), path, fields or {}, names or {})


def safe_cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def plain_cell(text: str) -> str:
    """What `safe_cell` was given."""
    return text[1:] if text[:1] == "'" and _FORMULA.match(text) else text


def _check(keys: Sequence[str], header: Sequence[str], path: str) -> None:
    if not {"learner", "id"} & set(keys):
        raise error(
            f"no column of the roster is a name: {', '.join(header)[:200]}",
            at=Source(path, 1),
            hint="call a column 'name', or say which it is with --column learner=NAME",
            code="roster",
        )
    twice = next((key for key in keys if key and keys.count(key) > 1), "")
    if twice:
        both = [name for name, key in zip(header, keys, strict=True) if key == twice]
        raise error(
            f"two columns are {twice!r}: {', '.join(both)}",
            at=Source(path, 1),
            hint=f"say which it is with --column {twice}={both[0]!r}",
            code="roster",
        )


def _key(name: str, fields: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """What a column is called here; empty if it is nothing of ours."""
    for key, own in names.items():
        if name == own:
            return key
    plain = _plain(name)
    for key, known in COLUMNS.items():
        if plain in known and key not in names:
            return key
    return next((field for field in fields if _plain(field) == plain), "")


def _plain(name: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", name.casefold()).split())


def parse_columns(given: Sequence[str]) -> dict[str, str]:
    """`learner=Participant` as a mapping from our columns to the roster's."""
    found: dict[str, str] = {}
    for words in given:
        key, equals, name = words.partition("=")
        if not equals or not name:
            raise error(f"--column {words!r}: write it as learner=COLUMN", code="roster")
        if key not in COLUMNS:
            raise error(f"unknown column {key!r}", hint=suggest(key, COLUMNS), code="roster")
        found[key] = name
    return found
