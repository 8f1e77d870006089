"""Read rosters in JSON: one object on each line, or an array of objects."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from ...core.diagnostics import error
from .separated import checked, open_text
from .source import LONGEST_CELL, Line, Opener, Table

# An array is read at once; a longer roster is written one object a line.
LONGEST_ARRAY = 1 << 28


def tables(open_file: Opener, path: str) -> list[Table]:
    """Return the one table that the file is.

    Raises:
        HandbookError: If no object is found in it.
    """
    objects = _array(open_file)
    if objects is not None:
        lines = _lines_of_array(objects, path)
        return [Table(lambda: iter(lines))]
    return [Table(lambda: _lines_of_objects(open_file, path))]


def cell_text(value: Any) -> str:
    """Return a value as it would be written in a CSV file."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, list) and not any(isinstance(item, (list, dict)) for item in value):
        return ", ".join(map(cell_text, value))
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def _array(open_file: Opener) -> Sequence[Any] | None:
    """Return the objects of an array, or of the one array in an object; None for other files."""
    with open_file() as file:
        start = file.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n")
    with open_text(open_file, "utf-8-sig", None) as text:
        # An object a line, unless the only line is an object around an array.
        if start[:1] != b"[" and _object(text.readline()) is not None and text.read(1):
            return None
    with open_text(open_file, "utf-8-sig", None) as text:
        try:
            value = json.loads(text.read(LONGEST_ARRAY))
        except (ValueError, RecursionError):
            return None
    if isinstance(value, dict):
        lists = [item for item in value.values() if isinstance(item, list) and item]
        value = lists[0] if len(lists) == 1 else None
    return value if isinstance(value, list) else None


def _lines_of_array(objects: Sequence[Any], path: str) -> list[Line]:
    rows = [_flat(value) if isinstance(value, dict) else None for value in objects]
    keys = list(dict.fromkeys(key for row in rows if row for key in row))
    if not keys:
        raise _no_object(path)
    lines = [Line(keys)]
    for value, row in zip(objects, rows, strict=True):
        if row is None:
            lines.append(checked([str(value)[:LONGEST_CELL]], "the entry is not a JSON object"))
        else:
            lines.append(checked([cell_text(row.get(key)) for key in keys]))
    return lines


def _lines_of_objects(open_file: Opener, path: str) -> Iterator[Line]:
    """Yield lines of one width: the keys of all objects, in the order in which they come."""
    keys: dict[str, None] = {}
    with open_text(open_file, "utf-8-sig", None) as text:
        for line in text:
            keys.update(dict.fromkeys(_object(line) or {}))
    if not keys:
        raise _no_object(path)
    yield Line(list(keys))
    with open_text(open_file, "utf-8-sig", None) as text:
        for line in text:
            value = _object(line)
            if value is not None:
                yield checked([cell_text(value.get(key)) for key in keys])
            elif line.strip():
                yield checked([line.strip()[:LONGEST_CELL]], "the line is not a JSON object")
            else:
                yield Line([])


def _no_object(path: str) -> Exception:
    return error(
        "no line of the roster is a JSON object",
        at=path,
        hint='write one learner on each line, as in {"name": "Asha Rao"}, or an array of them',
        code="roster",
    )


def _object(line: str) -> dict[str, Any] | None:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return _flat(value) if isinstance(value, dict) else None


def _flat(value: dict[Any, Any]) -> dict[str, Any]:
    """Return an object whose objects are taken apart: `{"name": {"first": 1}}` has "name first"."""
    flat: dict[str, Any] = {}
    for key, item in value.items():
        if isinstance(item, dict) and item:
            flat |= {f"{key} {inner}": deep for inner, deep in item.items()}
        else:
            flat[str(key)] = item
    return flat
