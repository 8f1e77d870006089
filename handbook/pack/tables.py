"""Read and check the tables of a pack, and the facts among them."""

from __future__ import annotations

import csv
import io
import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from ..core.diagnostics import (
    Diagnostic,
    DiagnosticCollector,
    HandbookError,
    Source,
    error,
    suggest,
)
from ..core.files import outside
from ..core.limits import limits, over_limit
from ..core.second_process import shared
from ..core.units import counted
from ..core.values import frozen
from ..core.yaml_source import (
    UNPRINTABLE,
    SourcedDict,
    SourcedStr,
    read_text,
    read_yaml,
    unprintable,
)
from .schema import AXES, ROWS
from .validation import validate

TABLES = "tables"

# What templates call something else by.
RESERVED = {
    "book",
    "brand",
    "role",
    "path",
    "plan",
    "edition",
    "provided_fields",
    "personal",
    "past",
    "day",
    "find",
    "checks",
    "schedule",
    "weekday",
}


def load_tables(
    folder: Path, problems: DiagnosticCollector, meanwhile: Callable[[], object] | None = None
) -> dict[str, Any]:
    """Return the tables of a pack by their names; their errors go to `problems`.

    A second process reads some of them if there is something to be done `meanwhile`.
    """
    tables: dict[str, Any] = {}
    paths = sorted((folder / TABLES).glob("*"))
    ahead = _read_ahead(folder, paths, meanwhile) if meanwhile else {}
    for path in paths:
        key = path.stem.replace("-", "_")
        with problems:
            if path.suffix not in (".yaml", ".yml", ".csv") or path.is_dir():
                continue
            if reason := outside(path, (folder,)):
                hint = "put it into the pack, or allow its folder: --allow-read DIR"
                raise error(
                    f"the table {path.name!r} {reason}",
                    at=Source(str(path), 1),
                    hint=hint,
                    code="outside",
                )
            if key in RESERVED or key in tables:
                what = "has a meaning of its own" if key in RESERVED else "names another table, too"
                raise error(
                    f"a table cannot be called {key!r}, which {what}",
                    at=path,
                    hint="rename the file",
                    code="table-name",
                )
            if path.suffix == ".csv":
                tables[key] = read_csv(path)
            else:
                data = ahead[path] if path in ahead else read_yaml(path, str(path))
                tables[key] = _table(data, str(path), key, problems)
            problems.found += _row_faults(tables[key], path, key)
    if not problems.found:
        _check_suggested_paths(tables, problems)
    return tables


def _read_ahead(
    folder: Path, paths: Sequence[Path], meanwhile: Callable[[], object]
) -> dict[Path, Any]:
    """Return the data of YAML files, some read by a second process; but for those with errors."""
    data: dict[Path, Any] = {}
    files = [
        path
        for path in paths
        if path.suffix in (".yaml", ".yml") and path.is_file() and not outside(path, (folder,))
    ]
    # The largest first, so that no process is left with one when the other has ended.
    files.sort(key=lambda path: -path.stat().st_size)

    def here(number: int) -> None:
        with suppress(HandbookError):
            data[files[number]] = read_yaml(files[number], str(files[number]))

    def other(numbers: Iterator[int]) -> bytes:
        for number in numbers:
            here(number)
        return pickle.dumps(data, protocol=5)

    if answer := shared(len(files), here, other, meanwhile):
        data |= pickle.loads(answer)
    return data


def _row_faults(table: Any, path: Path, key: str) -> Iterator[Diagnostic]:
    """Yield the errors in the rows of a table that handbooks are selected by."""
    if key not in AXES:
        return
    if not isinstance(table, list):
        place = getattr(table, "source", Source(str(path), 1))
        yield Diagnostic.at(
            place,
            f"{key} must be a list of rows",
            "write '- id: ...' and its other keys below",
            "type",
        )
        return
    for row in table:
        place = getattr(row, "source", Source(str(path), 1))
        errors = validate(row, ROWS[key], place, what=key)
        # All that CSV has is words.
        yield from (one for one in errors if path.suffix != ".csv" or one.code != "type")


def _table(data: Any, name: str, key: str, problems: DiagnosticCollector) -> Any:
    """Return a table's checked rows: a list, a mapping, or `{required: [...], rows: [...]}`."""
    if isinstance(data, SourcedDict) and "rows" in data:
        rows = data["rows"]
        required = data.get("required") or ()
        for part, value in (("rows", rows), ("required", required)):
            if not isinstance(value, (list, tuple)):
                at = data.key_at(part)
                raise error(
                    f"{part!r} must be a list", at=Source(name, at.line, at.column), code="type"
                )
        described = ROWS.get(key, {}).get("required", ())
        for row in rows:
            for required_key in required:
                if str(required_key) not in described:
                    with problems:
                        _require(row, str(required_key), Path(name).name)
        data = rows
    if isinstance(data, list):
        with problems:
            _check_ids(data, name)
    return data if data is not None else []


def _require(row: Any, key: str, table: str) -> None:
    if not isinstance(row, SourcedDict):
        place = getattr(row, "source", Source())
        raise error(
            f"a row of {table} must be a mapping",
            at=place,
            hint="write '- id: ...' and its other keys below",
            code="type",
        )
    if key not in row or row[key] is None:
        who = f"row {str(row['id'])!r}" if "id" in row else "a row"
        near = suggest(key, row) if row else ""
        raise error(
            f"{who} of {table} lacks the key {key!r}",
            at=row.source,
            hint=near.replace("known:", "it has:"),
            code="missing-key",
        )


def _check_ids(rows: Sequence[Any], name: str) -> None:
    seen: dict[str, int] = {}
    for row in rows:
        if isinstance(row, SourcedDict) and "id" in row:
            key, at = str(row["id"]), row.value_at("id")
            if key in seen:
                raise error(
                    f"two rows have the id {key!r}",
                    at=Source(name, at.line, at.column),
                    hint=f"the first is on line {seen[key]}",
                    code="row-id",
                )
            seen[key] = at.line


def _check_suggested_paths(tables: Mapping[str, Any], problems: DiagnosticCollector) -> None:
    known = [str(row["id"]) for row in tables.get("paths", ())]
    for row in tables.get("roles", ()):
        path = row.get("path")
        if path not in (None, "") and str(path) not in known:
            at = row.value_at("path")
            problems.found.append(
                Diagnostic.at(
                    at,
                    f"role {str(row['id'])!r} suggests the unknown path {str(path)!r}",
                    suggest(str(path), known),
                    "unknown-path",
                )
            )


def read_csv(path: Path) -> list[SourcedDict]:
    """Return the rows of a CSV file, whose first line names the columns.

    Raises:
        HandbookError: If its rows and columns do not fit.
    """
    name = str(path)
    text = read_text(path, name)
    if match := UNPRINTABLE.search(text):
        line = text.count("\n", 0, match.start()) + 1
        raise unprintable(match[0], Source(name, line))
    reader = csv.reader(io.StringIO(text), strict=True)
    rows: list[SourcedDict] = []
    header: list[str] = []
    for line, values in _lines(reader, name):
        if not header:
            header = [value.strip() for value in values]
            _check_header(header, name, line)
            continue
        if not any(values):
            continue
        if len(rows) >= limits().table_rows:
            raise over_limit("the table has too many rows", "table_rows", Source(name, line))
        if len(values) != len(header):
            raise error(
                f"{counted(len(values), 'value')}, but the header names "
                f"{counted(len(header), 'column')}",
                at=Source(name, line),
                hint="quote values that hold commas",
                code="csv",
            )
        source = Source(name, line)
        cells = {key: SourcedStr(v, source) for key, v in zip(header, values, strict=True)}
        rows.append(SourcedDict(cells, source, dict.fromkeys(header, line)))
    return rows


def _lines(reader: Any, name: str) -> Iterator[tuple[int, list[str]]]:
    first = 1
    try:
        for values in reader:
            yield reader.line_num, values
            first = reader.line_num + 1
    except csv.Error as problem:
        raise error(
            f"the table cannot be read: {problem}",
            at=Source(name, first),
            hint="is a quotation mark never closed? in a quoted value, write it twice",
            code="csv",
        ) from None


def _check_header(header: Sequence[str], name: str, line: int) -> None:
    if len(header) > limits().table_columns:
        raise over_limit("the table has too many columns", "table_columns", Source(name, line))
    for number, column in enumerate(header, 1):
        if not column or column in header[: number - 1]:
            what = "has no name" if not column else f"is called {column!r} like another"
            raise error(
                f"column {number} {what}",
                at=Source(name, line),
                hint="the first row names the columns, each once",
                code="csv",
            )


# ----------------------------------------------------------------------- facts


@frozen
class Fact:
    """A fact that changes in the world: when it was checked, and when it is due again."""

    name: str
    checked: date
    review_by: date
    sources: tuple[str, ...]
    source: Source


def checks_of(tables: Mapping[str, Any]) -> dict[str, date]:
    """Return the days of the first and the last check of all facts; none if there are no facts."""
    days = [fact.checked for fact in facts_of(tables)]
    return {"first": min(days), "last": max(days)} if days else {}


def facts_of(tables: Mapping[str, Any]) -> list[Fact]:
    """Return every mapping of the tables that says when it was `checked`, soonest due first."""
    facts: list[Fact] = []
    for table, data in tables.items():
        facts += _facts(data, table)
    return sorted(facts, key=lambda fact: (fact.review_by, fact.name))


def _facts(data: Any, name: str) -> Iterator[Fact]:
    if isinstance(data, SourcedDict):
        checked = data.get("checked")
        if checked is not None:
            yield _fact(checked, name, data)
        for key, value in data.items():
            if key != "checked":
                yield from _facts(value, f"{name}.{key}")
    elif isinstance(data, list):
        for number, item in enumerate(data, 1):
            key = str(item["id"]) if isinstance(item, SourcedDict) and "id" in item else str(number)
            yield from _facts(item, f"{name}.{key}")


def _fact(checked: Any, name: str, row: SourcedDict) -> Fact:
    line = row.lines["checked"]
    on = checked.get("on") if isinstance(checked, SourcedDict) else None
    due = checked.get("review_by") if isinstance(checked, SourcedDict) else None
    if not isinstance(on, date) or not isinstance(due, date):
        raise error(
            f"{name} must say when it was checked and when it is due again",
            at=Source(row.source.file, line),
            hint="checked: {on: 2026-09-28, review_by: 2027-03-31, sources: [...]}",
            code="fact",
        )
    named = checked.get("sources") or ()
    sources = map(str, named if isinstance(named, (list, tuple)) else (named,))
    return Fact(name, on, due, tuple(sources), Source(row.source.file, line))
