"""Validate data against a schema, with messages at the place of each error."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from ..core.diagnostics import Diagnostic, Source, suggest
from ..core.yaml_source import SourcedDict, SourcedStr
from .schema import Schema


def validate(
    value: Any, schema: Schema, place: Source, name: str = "", what: str = ""
) -> list[Diagnostic]:
    """Return everything about `value` that `schema` does not allow.

    `place` is its place, `name` its key ("" for a whole file), `what` the thing it is a
    part of, for messages: "unknown key 'x' of WHAT".
    """
    return list(_faults(value, schema, place, name, what))


def _faults(
    value: Any, schema: Schema, place: Source, name: str, what: str
) -> Iterator[Diagnostic]:
    if "anyOf" in schema:
        fitting = [one for one in schema["anyOf"] if _is(value, one.get("type", "object"))]
        if not fitting:
            schema = {"type": [one["type"] for one in schema["anyOf"]], **schema}
        else:
            yield from _faults(value, fitting[0], place, name, what)
            return
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    subject = repr(name) if name else "an entry" if what else "this"
    of = f" of {what}" if what else ""
    if kinds and not any(_is(value, kind) for kind in kinds):
        words = "a day, as in 2026-12-01" if schema.get("format") else _kind_words(kinds, schema)
        hint = _TYPE_HINTS.get(kinds[0], "")
        yield _fault(place, f"{subject}{of} must be {words}", hint, "type")
        return
    if isinstance(value, SourcedDict):
        yield from _mapping_faults(value, schema, name, what)
    elif isinstance(value, list):
        for item in value:
            at = item.source if isinstance(item, (SourcedDict, SourcedStr)) else place
            yield from _faults(item, schema.get("items", {}), at, "", what or name)
    else:
        yield from _scalar_faults(value, schema, place, subject + of)


def _mapping_faults(row: SourcedDict, schema: Schema, name: str, what: str) -> Iterator[Diagnostic]:
    known = schema.get("properties", {})
    others = schema.get("additionalProperties", True)
    named = _named(row, schema, name, what)
    of = f" of {named}" if named else ""
    for key, value in row.items():
        if key in known:
            if value is not None or key in schema.get("required", ()):
                yield from _faults(value, known[key], row.value_at(key), key, named)
        elif others is False:
            yield _fault(
                row.key_at(key), f"unknown key {key!r}{of}", suggest(key, known), "unknown-key"
            )
        elif isinstance(others, dict):
            yield from _faults(value, others, row.value_at(key), key, named)
    for key in schema.get("required", ()):
        if key not in row:
            near = suggest(key, row, 0.7) if row else ""
            yield _fault(
                row.source,
                f"the key {key!r}{of} is missing",
                near.replace("known:", "it has:"),
                "missing-key",
            )


def _named(row: SourcedDict, schema: Schema, name: str, what: str) -> str:
    """Return what messages call a mapping: role 'sre', a unit, 'settings'."""
    thing = schema.get("title", "")
    row_id = row.get("id", name)
    if thing:
        return f"{thing} {str(row_id)!r}" if row_id else f"a {thing}"
    return repr(name) if name else what


def _scalar_faults(value: Any, schema: Schema, place: Source, subject: str) -> Iterator[Diagnostic]:
    if "enum" in schema and value not in schema["enum"]:
        hint = suggest(str(value), schema["enum"])
        yield _fault(place, f"{subject} cannot be {str(value)!r}", hint, "value")
    elif schema.get("format") == "date" and not _is_day(value):
        yield _fault(
            place, f"{subject} must be a day, not {str(value)!r}", "write it as 2026-12-01", "value"
        )
    elif "minimum" in schema and isinstance(value, (int, float)) and value < schema["minimum"]:
        least = f"{schema['minimum']:g}"
        yield _fault(
            place, f"{subject} must be a number of at least {least}, not {value:g}", "", "value"
        )
    elif "maximum" in schema and isinstance(value, (int, float)) and value > schema["maximum"]:
        most = f"{schema['maximum']:g}"
        yield _fault(
            place, f"{subject} must be a number of at most {most}, not {value:g}", "", "value"
        )
    elif "minLength" in schema and not str(value):
        yield _fault(place, f"{subject} is empty", "write some words", "value")
    elif "pattern" in schema and not re.search(schema["pattern"], str(value)):
        hint = f"write it as {schema['examples'][0]}"
        yield _fault(place, f"{subject} cannot be {str(value)!r}", hint, "value")


def _fault(place: Source, message: str, hint: str, code: str) -> Diagnostic:
    return Diagnostic.at(place, message, hint, code)


_KINDS: Mapping[str, tuple[str, tuple[type, ...]]] = {
    "string": ("words", (str, date)),
    "number": ("a number", (int, float)),
    "integer": ("a whole number", (int,)),
    "boolean": ("true or false", (bool,)),
    "array": ("a list", (list,)),
    "object": ("a mapping", (dict,)),
}
_TYPE_HINTS = {
    "string": "write words; in quotes if they look like a number, or like yes or no",
    "boolean": "write true or false",
    "array": "write '- ' before each entry, or put them into [ ]",
    "object": "write its keys, each with a colon, on lines below",
}


def _is(value: Any, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, _KINDS[kind][1])


def _is_day(value: Any) -> bool:
    if isinstance(value, date):
        return True
    try:
        date.fromisoformat(str(value))
    except ValueError:
        return False
    return True


def _kind_words(kinds: Sequence[str], schema: Schema) -> str:
    words = [_KINDS[kind][0] for kind in kinds]
    if "minimum" in schema:
        words[-1] += f" of at least {schema['minimum']:g}"
    return " or ".join(words)
