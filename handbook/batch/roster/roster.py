"""Find the table, the header and the learners of a roster."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from itertools import islice
from typing import Any

from ...core.diagnostics import error
from ...core.values import frozen
from .cells import cell_problem, clean, is_empty, plain_cell
from .columns import ColumnMap, check_columns, header_score, plain_name
from .formats import open_tables
from .row_kinds import (
    FOOTER,
    HEADING,
    HIDDEN,
    OTHER_TABLE,
    UNSELECTED,
    are_last_first,
    kind_of,
    repeats_header,
)
from .source import Line, Table, opener
from .where import compile_condition

# The first columns of a list of rejects.
REJECT_COLUMNS = ("row", "reason")
# How many lines may come before the names of the columns.
DEEPEST_HEADER = 40
# How many rows are looked at for how names are written.
NAMES_LOOKED_AT = 200
# A column whose name says that it has states, and how many different ones are listed.
_STATUS = re.compile(r"(^| )(status|state|availability|approval|completion state)( |$)")
_MOST_STATES = 8


@frozen
class RosterOptions:
    """How to read a roster where it does not say so itself.

    `columns` maps our names to the roster's ("First name+Last name" joins two).
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    encoding: str = ""
    sheet: str = ""
    where: str = ""
    language: str = "en"


@frozen
class RosterRow:
    """One learner; `line` counts rows from 1 below the header; `problem` says what is wrong.

    `raw` has the cells as they were written, in the order of `Roster.header`.
    """

    line: int
    values: Mapping[str, str]
    problem: str = ""
    raw: Sequence[str] = field(default=())


class Roster:
    """A roster whose columns are known; its rows are read again each time they are asked for.

    `header` has the columns as they were written, `unused` those that are for nothing, `notes`
    what was guessed; `left_out` counts rows that are not learners, once `rows` has been read, and
    `left_out_rows` has the first of each kind.
    """

    def __init__(self, path: str, fields: Mapping[str, Any], options: RosterOptions) -> None:
        self._path = path
        self._fields = fields
        self._options = options
        open_file = opener(path, sys.stdin.buffer)
        tables = open_tables(open_file, path, options.encoding, options.sheet)
        self._table, self._skipped, names = self._best(tables)
        written = [clean(cell) for cell in names]
        self._is_reject_list = tuple(written[:2]) == REJECT_COLUMNS
        self._columns: ColumnMap = check_columns(
            written, fields, options.columns, path, options.language, self._skipped + 1
        )
        start = len(REJECT_COLUMNS) if self._is_reject_list else 0
        self._start = start
        self.header = tuple(written[start:])
        self.unused = tuple(n for n in self._columns.unused if n not in written[:start])
        self._condition = compile_condition(options.where, written) if options.where else None
        self._turns_names = self._columns.sortable or are_last_first(self._first_names())
        self._status = [
            number for number, name in enumerate(written) if _STATUS.search(plain_name(name))
        ]
        self._states: dict[int, Counter[str]] = {}
        self.left_out: Counter[str] = Counter()
        self.left_out_rows: dict[str, int] = {}

    @property
    def spreadsheet(self) -> bool:
        """Return whether days may be plain numbers."""
        return self._table.spreadsheet

    @property
    def notes(self) -> list[str]:
        """Return what was guessed, and what could be chosen with an option."""
        notes = [*self._table.notes, *self._columns.notes]
        if self._skipped:
            notes.append(f"the names of the columns are in line {self._skipped + 1}")
        notes += self._columns.near_notes
        if self._turns_names:
            notes.append("names are written 'Last, First', and turned around")
        return [*notes, *self._state_notes()]

    @property
    def quiet_notes(self) -> list[str]:
        """Return the notes that say nothing about what is printed."""
        loud = {*self._table.notes, *self._columns.near_notes}
        return [note for note in self.notes if note not in loud]

    @property
    def used(self) -> dict[str, str]:
        """Return the roster's column for each of our names and fields."""
        written = [*REJECT_COLUMNS[: self._start], *self.header]
        return {
            key: " + ".join(written[number] for number in numbers)
            for key, numbers in self._columns.sources.items()
        }

    def _best(self, tables: Sequence[Table]) -> tuple[Table, int, Sequence[str]]:
        """Return the table with the best header, how many lines come before it, and the header."""
        best: tuple[tuple[int, int], Table, int, Sequence[str]] | None = None
        first: tuple[Table, Sequence[str]] | None = None
        for table in tables:
            for number, line in enumerate(islice(table.lines(), DEEPEST_HEADER)):
                cells = [clean(cell) for cell in line.cells]
                if not any(cells):
                    continue
                if first is None or (len(cells) > len(first[1]) and not number):
                    first = (table, cells)
                score = header_score(cells, self._fields, self._options.columns)
                if score[0] and (best is None or score > best[0]):
                    best = (score, table, number, cells)
            if best is not None and table.name:
                # Of several sheets the first that is a roster, not the one with most columns.
                break
        if best is not None:
            return best[1:]
        if first is None:
            raise error(
                "the roster is empty",
                at=self._path,
                hint="its first line names the columns",
                code="roster",
            )
        return first[0], 0, first[1]

    def _first_names(self) -> list[str]:
        """Return the names in the first rows, if one column has them."""
        numbers = self._columns.sources.get("learner", ())
        if len(numbers) != 1:
            return []
        lines = islice(self._table.lines(), self._skipped + 1, self._skipped + 1 + NAMES_LOOKED_AT)
        cells = [clean(line.cells[numbers[0]]) for line in lines if len(line.cells) > numbers[0]]
        return [cell for cell in cells if not is_empty(cell, "learner")]

    # ------------------------------------------------------------------------- rows

    @property
    def rows(self) -> Iterator[RosterRow]:
        """Yield every learner, from the first."""
        self.left_out = Counter()
        self.left_out_rows = {}
        self._states = {number: Counter() for number in self._status}
        lines = self._table.lines()
        for _ in islice(lines, self._skipped + 1):
            pass
        after_blank = in_other_table = False
        for number, line in enumerate(lines, 1):
            if not line.problem and not any(cell.strip() for cell in line.cells):
                after_blank = True
                continue
            row, kind = self._row(number, line, after_blank)
            after_blank = kind == FOOTER
            in_other_table = kind == OTHER_TABLE or (in_other_table and kind != HEADING)
            kind = OTHER_TABLE if in_other_table else kind
            if kind:
                self.left_out[kind] += 1
                self.left_out_rows.setdefault(kind, number)
            else:
                yield row

    def _row(self, number: int, line: Line, after_blank: bool) -> tuple[RosterRow, str]:
        cells = [clean(plain_cell(c) if self._is_reject_list else c) for c in line.cells]
        raw = [plain_cell(c) for c in line.cells] if self._is_reject_list else line.cells
        width = len(self.header) + self._start
        values, problem = self._values(cells)
        problem = line.problem or problem
        if len(cells) > width and any(cells[width:]):
            problem = problem or f"the row has {len(cells)} cells, the header {width}"
        row = RosterRow(number, values, problem, tuple(raw[self._start :]))
        if line.hidden:
            return row, HIDDEN
        if self._condition is not None and not self._condition(cells):
            return row, UNSELECTED
        filled = [cell for cell in cells[self._start :] if cell]
        if repeats_header(cells[self._start :], self.header):
            return row, HEADING
        if self._names_again(cells):
            return row, OTHER_TABLE
        if not line.problem:
            has_ids = "id" in self._columns.sources
            kind = kind_of(values, filled, width, after_blank, has_ids)
            if kind:
                return row, kind
        if line.alone and width > 2 and not problem:
            problem = f"the row has one cell, the header {width}"
            row = RosterRow(number, values, problem, row.raw)
        for column, states in self._states.items():
            if column < len(cells) and len(states) <= _MOST_STATES:
                states[cells[column]] += 1
        return row, ""

    def _names_again(self, cells: Sequence[str]) -> bool:
        """Return whether a row has the name of the learner's column: another table's header."""
        numbers = self._columns.sources.get("learner", ())
        written = [*REJECT_COLUMNS[: self._start], *self.header]
        return bool(numbers) and list(cells[numbers[0] : numbers[0] + 1]) == [written[numbers[0]]]

    def _values(self, cells: Sequence[str]) -> tuple[dict[str, str], str]:
        values: dict[str, str] = {}
        problem = ""
        written = [*REJECT_COLUMNS[: self._start], *self.header]
        for key, numbers in self._columns.sources.items():
            parts: list[str] = []
            for number in numbers:
                text = cells[number] if number < len(cells) else ""
                problem = problem or cell_problem(text, key, written[number])
                if not is_empty(text, key):
                    parts.append(text)
            text = _joined(parts)
            if key == "learner":
                text = " ".join((_turned(text) if self._turns_names else text).split())
            if text:
                values[key] = text
        return values, problem

    def _state_notes(self) -> Iterator[str]:
        written = [*REJECT_COLUMNS[: self._start], *self.header]
        for number, states in self._states.items():
            if self._options.where or not 1 < len(states) <= _MOST_STATES:
                continue
            shown = ", ".join(f"{state or 'empty'} ({count:,})" for state, count in states.items())
            most = states.most_common(1)[0][0]
            yield (
                f"{written[number]!r} has {shown}: all of them get a copy; to choose, say "
                f"--where '{written[number]} == \"{most}\"'"
            )


def _joined(parts: Sequence[str]) -> str:
    """Join the parts of a name: with a space, but not between Han characters or kana."""
    if len(parts) < 2:
        return parts[0] if parts else ""
    if all(re.fullmatch(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+", part) for part in parts):
        return "".join(parts)
    return " ".join(parts)


def _turned(name: str) -> str:
    last, comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}" if comma and first.strip() else name


def read_roster(
    path: str,
    fields: Mapping[str, Any] | None = None,
    options: RosterOptions | None = None,
) -> Roster:
    """Return the roster at `path` ("-" for standard input).

    `fields` are those of the pack.

    Raises:
        HandbookError: If the file is not a roster, or a column that was asked for is missing.
    """
    return Roster(path, fields or {}, options or RosterOptions())
