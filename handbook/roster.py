"""A roster -> rows: CSV in any usual dress, XLSX, JSON Lines, or standard input.

Columns are known by their names, whatever their case, order or spaces; what is no column of
ours is the value of a field, if the pack declares one of that name.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .diagnostics import error, suggest

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
ENCODINGS = ("utf-8-sig", "utf-16", "cp1252")


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One learner: `line` counts rows from 1, without the header; `problem` says what is wrong."""

    line: int
    values: Mapping[str, str]
    problem: str = ""
    raw: Sequence[str] = field(default=())


@dataclass(frozen=True, slots=True)
class Roster:
    """All rows, the columns as they were written, and those that mean nothing to the pack."""

    rows: tuple[RosterRow, ...]
    header: tuple[str, ...]
    ignored: tuple[str, ...]


def read_roster(
    path: str, fields: Mapping[str, Any] | None = None, names: Mapping[str, str] | None = None
) -> Roster:
    """The roster at `path` ("-" for standard input).

    `fields` are those of the pack; `names` maps our columns to the roster's own where they
    cannot be guessed.  Raises HandbookError for a file that is no roster.
    """
    if path == "-":
        data, suffix = sys.stdin.buffer.read(), ""
    else:
        file = Path(path)
        if not file.is_file():
            raise error("there is no such roster", file=path, code="roster")
        data, suffix = file.read_bytes(), file.suffix.lower()
    if suffix == ".xlsx" or data[:4] == b"PK\x03\x04":
        lines = _spreadsheet(data, path)
    elif suffix in (".jsonl", ".ndjson") or data.lstrip()[:1] == b"{":
        lines = _json_lines(data, path)
    else:
        lines = _separated(data, path)
    return _roster(lines, path, fields or {}, names or {})


def _roster(
    lines: list[list[str]], path: str, fields: Mapping[str, Any], names: Mapping[str, str]
) -> Roster:
    if not lines:
        raise error(
            "the roster is empty", file=path, hint="its first line names the columns", code="roster"
        )
    header = [cell.strip() for cell in lines[0]]
    keys = [_key(cell, fields, names) for cell in header]
    _check(keys, header, path)
    rows: list[RosterRow] = []
    for number, cells in enumerate(lines[1:], 1):
        if not any(cell.strip() for cell in cells):
            continue
        problem = ""
        if len(cells) > len(keys) and any(cell.strip() for cell in cells[len(keys) :]):
            problem = f"the row has {len(cells)} cells, the header {len(keys)}"
        pairs = zip(keys, cells, strict=False)
        values = {key: cell.strip() for key, cell in pairs if key and cell.strip()}
        # A column may be a choice and a field at once: the exam's day, printed on the cover.
        for name, key, cell in zip(header, keys, cells, strict=False):
            own = next((field for field in fields if _plain(field) == _plain(name)), "")
            if own and own != key and cell.strip():
                values.setdefault(own, cell.strip())
        rows.append(RosterRow(number, values, problem, tuple(cells)))
    ignored = tuple(name for name, key in zip(header, keys, strict=True) if name and not key)
    return Roster(tuple(rows), tuple(header), ignored)


def _check(keys: Sequence[str], header: Sequence[str], path: str) -> None:
    if not {"learner", "id"} & set(keys):
        raise error(
            f"no column of the roster is a name: {', '.join(header)[:200]}", file=path, line=1,
            hint="call a column 'name', or say which it is with --column learner=NAME",
            code="roster",
        )  # fmt: skip
    twice = next((key for key in keys if key and keys.count(key) > 1), "")
    if twice:
        both = [name for name, key in zip(header, keys, strict=True) if key == twice]
        raise error(
            f"two columns are {twice!r}: {', '.join(both)}", file=path, line=1,
            hint=f"say which it is with --column {twice}={both[0]!r}",
            code="roster",
        )  # fmt: skip


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


# ---------------------------------------------------------------------- formats


def _separated(data: bytes, path: str) -> list[list[str]]:
    text = _decoded(data, path)
    first = text.lstrip("\ufeff").partition("\n")[0]
    delimiter = max(",;\t|", key=first.count)
    csv.field_size_limit(1 << 20)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as problem:
        raise error(f"the roster cannot be read: {problem}", file=path, code="roster") from None


def _decoded(data: bytes, path: str) -> str:
    encodings = ENCODINGS if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", "replace")


def _json_lines(data: bytes, path: str) -> list[list[str]]:
    """Rows of one width: the keys of all objects, in the order in which they come."""
    objects: list[dict[str, Any]] = []
    for number, line in enumerate(_decoded(data, path).splitlines(), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except ValueError:
            raise error("this line is not JSON", file=path, line=number, code="roster") from None
        if not isinstance(value, dict):
            raise error("this line is not a JSON object", file=path, line=number, code="roster")
        objects.append(value)
    header = list(dict.fromkeys(key for value in objects for key in value))
    rows = [[_words(value.get(key)) for key in header] for value in objects]
    return [header, *rows] if header else []


def _spreadsheet(data: bytes, path: str) -> list[list[str]]:
    """The first sheet of a workbook."""
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise error(
            "reading XLSX needs the package openpyxl", file=path,
            hint="pip install 'handbook[xlsx]', or save the sheet as CSV",
            code="roster",
        ) from None  # fmt: skip
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except Exception as problem:
        raise error(f"the workbook cannot be read: {problem}", file=path, code="roster") from None
    sheet = book.worksheets[0]
    rows: Iterator[tuple[Any, ...]] = sheet.iter_rows(values_only=True)
    return [[_words(cell) for cell in row] for row in rows]


def _words(value: Any) -> str:
    if value is None:
        return ""
    if hasattr(value, "date") and hasattr(value, "hour"):
        value = value.date()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value)
