"""Read text in which a delimiter separates the cells of a line."""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterator
from itertools import chain

from ...core.diagnostics import error
from .encodings import check_encoding, find_encoding
from .source import LONGEST_CELL, Line, Opener, Table

DELIMITERS = ",;\t|"
# Characters at the start of a file that tell whether it is text.
_START = 4096
_OPEN_QUOTE = "a quotation mark is opened in this row and never closed"
_LONG_CELL = f"a cell of this row has more than {LONGEST_CELL:,} characters"


def tables(open_file: Opener, path: str, encoding: str) -> list[Table]:
    """Return one table for each delimiter; a first line `sep=;` names the only one."""
    guessed = False
    if encoding:
        name = check_encoding(encoding)
        name = "utf-8-sig" if name == "utf-8" else name
    else:
        name, guessed = find_encoding(open_file)
    with open_text(open_file, name) as text:
        first = text.readline(20).strip().strip('"')
        text.seek(0)
        if _is_binary(text.read(_START)):
            raise error(
                "the roster is neither a workbook nor text; it may be damaged",
                at=path,
                hint="export it again, as XLSX or CSV",
                code="roster",
            )
    notes = _notes(open_file, name) if guessed else ()
    named = first[4:5] if first[:4].lower() == "sep=" else ""

    def table(delimiter: str) -> Table:
        def lines() -> Iterator[Line]:
            with open_text(open_file, name) as text:
                if named:
                    text.readline()
                yield from _Rows(text, delimiter)

        return Table(lines, notes=notes)

    return [table(delimiter) for delimiter in named or DELIMITERS]


def _is_binary(start: str) -> bool:
    """Tell whether a file is not text: control characters are one in eight of random bytes."""
    controls = sum(char < " " and char not in "\t\n\v\f\r" for char in start)
    return controls > 2 + len(start) // 50


def open_text(open_file: Opener, encoding: str, newline: str | None = "") -> io.TextIOWrapper:
    """Open a roster as text; bytes that are none in `encoding` are marked, or replaced."""
    errors = "surrogateescape" if encoding == "utf-8-sig" else "replace"
    return io.TextIOWrapper(open_file(), encoding=encoding, errors=errors, newline=newline)


def _notes(open_file: Opener, encoding: str) -> tuple[str, ...]:
    with open_text(open_file, encoding) as text:
        first = text.readline(200)
        sample = next((line for line in chain([first], text) if not line.isascii()), first).strip()[
            :80
        ]
    return (
        f"the roster is not UTF-8 and is read as {encoding}: {sample!r}; "
        "if that is wrong, name its encoding with --encoding",
    )


def checked(cells: list[str], problem: str = "", alone: bool = False) -> Line:
    """Return a line whose cells are text; one in another encoding is read as Windows writes it."""
    if all(cell.isascii() for cell in cells) or not any(map(_is_broken, cells)):
        return Line(cells, problem, alone=alone)
    readable = [
        c.encode("utf-8", "surrogateescape").decode("cp1252", "replace") if _is_broken(c) else c
        for c in cells
    ]
    return Line(
        readable, problem or "the row is not in the encoding of the rest of the file", alone=alone
    )


def _is_broken(cell: str) -> bool:
    return any("\udc80" <= char <= "\udcff" for char in cell)


class _Rows:
    """The rows of separated text.

    A quotation mark that is never closed would swallow all rows after it: such a row is reported,
    and reading continues with the next line.
    """

    def __init__(self, text: Iterator[str], delimiter: str) -> None:
        self.pending: deque[str] = deque()
        self.text = text
        self.delimiter = delimiter
        # The physical lines of the row that is being read.
        self.row_lines: list[str] = []

    def _feed(self) -> Iterator[str]:
        while True:
            line = self.pending.popleft() if self.pending else next(self.text, "")
            if not line:
                return
            self.row_lines.append(line)
            yield line.replace("\0", "")

    def __iter__(self) -> Iterator[Line]:
        csv.field_size_limit(LONGEST_CELL)
        while True:
            reader = csv.reader(self._feed(), delimiter=self.delimiter)
            try:
                for cells in reader:
                    if len(self.row_lines) > 1 and self._is_unclosed():
                        break
                    self.row_lines.clear()
                    yield checked(cells, alone=len(cells) == 1)
                else:
                    return
            except csv.Error:
                pass
            first, *rest = self.row_lines
            self.pending.extendleft(reversed(rest))
            self.row_lines.clear()
            cells = first.replace("\0", "").replace('"', "").rstrip("\r\n").split(self.delimiter)
            problem = _OPEN_QUOTE if '"' in first else _LONG_CELL
            yield checked([cell[:LONGEST_CELL] for cell in cells], problem)

    def _is_unclosed(self) -> bool:
        """Return whether a row of several lines is a mistake: its quotation marks do not pair."""
        try:
            lines = [line.replace("\0", "") for line in self.row_lines]
            list(csv.reader(lines, delimiter=self.delimiter, strict=True))
        except csv.Error:
            return True
        return False
