"""Convert charts: a fence of `chart` holds a mark, data, and the columns that are drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from ...core.diagnostics import SHOWN_FILES, HandbookError, Source, error, nearest, suggest
from ...core.files import is_file, outside
from ...core.values import frozen
from ...core.yaml_source import SourcedDict, parse_yaml, read_yaml
from ...document.chart_marks import CHANNELS, MARKS, SYNONYMS, mark_named, options_of
from ...document.nodes import Channel, ChartBlock
from ...pack.tables import TABLES, read_csv

LANGUAGE = "chart"
# Numbers from here on are words, as so many digits are an id; so is what is not a number.
LARGEST = 1e15
# Keys of a chart beyond its channels and the options of its mark.
_KEYS = ("mark", "data", "alt", "encoding", "description")
_CHANNEL_KEYS = ("field", "title", "unit", "type", "sort")

Row = Mapping[str, Any]


@frozen
class ChartPlace:
    """Where a chart is: the source of each of its lines, and the folders that its files are in."""

    line: Callable[[int], Source]
    folders: tuple[Path, ...]
    root: Path | None


def is_chart(language: str) -> bool:
    """Return whether a fence of this language is a chart."""
    return language.strip("{}. ").lower() == LANGUAGE


def read_chart(text: str, place: ChartPlace, common: dict[str, Any]) -> ChartBlock:
    """Return the chart that a fence describes.

    Raises:
        HandbookError: For each mistake in it, at its line.
    """
    spec = _yaml(text, place)
    if not isinstance(spec, SourcedDict):
        raise error(
            "a chart is a mapping",
            at=place.line(1),
            hint="write `mark: bars`, `data:`, `x:` and `y:` on lines of their own",
            code="chart",
        )
    encoding = spec.get("encoding")
    if isinstance(encoding, SourcedDict):
        spec = SourcedDict(
            {**spec, **encoding},
            spec.source,
            {**spec.lines, **encoding.lines},
            {**spec.columns, **encoding.columns},
            {**spec.values_at, **encoding.values_at},
        )
    return _chart(spec, text, place, common)


def _yaml(text: str, place: ChartPlace) -> Any:
    try:
        return parse_yaml(str(text), "")
    except HandbookError as problem:
        first = problem.diagnostics[0]
        at = _at(place, Source("", first.line, first.column))
        raise error(first.message, at=at, hint=first.hint, code="chart") from None


def _at(place: ChartPlace, source: Source) -> Source:
    """Return a place in a file; one without a file is a line of the fence."""
    if source.file:
        return source
    line = place.line(max(1, source.line))
    return Source(line.file, line.line, source.column)


def _check_keys(row: SourcedDict, known: Sequence[str], what: str, place: ChartPlace) -> None:
    """Raise HandbookError for a key that is not known."""
    for key in row:
        if key not in known:
            raise error(
                f"{what} has no {key!r}",
                at=_at(place, row.key_at(key)),
                hint=suggest(key, known),
                code="chart",
            )


def _chart(spec: SourcedDict, text: str, place: ChartPlace, common: dict[str, Any]) -> ChartBlock:
    mark = _mark(spec, place)
    known = (*_KEYS, *MARKS[mark].needs, *MARKS[mark].may, *options_of(mark))
    _check_keys(spec, known, f"a chart with the mark {mark!r}", place)
    rows, where, from_file = _rows(spec, place)
    unit = str(spec.get("unit") or "")
    channels = tuple(_channels(spec, mark, rows, where, place))
    if unit:
        channels = tuple(_with_unit(channel, channels, mark, unit) for channel in channels)
    options = tuple(
        (key, _option(spec[key])) for key in options_of(mark) if spec.get(key) is not None
    )
    _check_highlight(spec, channels, place)
    alt = str(spec.get("alt") or spec.get("description") or "")
    return ChartBlock(
        mark=mark,
        channels=channels,
        options=options,
        alt=" ".join(alt.split()),
        text=text,
        from_file=from_file,
        **common,
    )


def _mark(spec: SourcedDict, place: ChartPlace) -> str:
    written = spec.get("mark")
    if isinstance(written, SourcedDict):
        written = written.get("type")
    if not written:
        raise error(
            "a chart needs a mark",
            at=_at(place, spec.source),
            hint=f"write `mark: bars`; known: {', '.join(sorted(MARKS))}",
            code="chart",
        )
    mark = mark_named(str(written))
    if not mark:
        near = nearest(str(written), {*MARKS, *SYNONYMS})
        hint = f"known: {', '.join(sorted(MARKS))}"
        raise error(
            f"unknown mark {str(written)!r}",
            at=_at(place, spec.value_at("mark")),
            hint=f"did you mean {near!r}? {hint}" if near else hint,
            code="chart",
        )
    return mark


def _option(value: Any) -> str:
    return "|".join(map(str, value)) if isinstance(value, list) else str(value)


def _with_unit(channel: Channel, channels: Sequence[Channel], mark: str, unit: str) -> Channel:
    """Return a channel with the chart's unit if it is the one that has the amounts."""
    amounts = {one.name for one in channels if one.kind == "number"}
    order = ("color", "size") if mark in ("heatmap", "matrix") else ("y", "x", "x2", "size")
    if mark == "range":
        order = ("x", "x2")
    first = next((name for name in order if name in amounts), "")
    if channel.unit or channel.name not in (first, "x2" if mark == "range" else first):
        return channel
    return replace(channel, unit=unit)


# ------------------------------------------------------------------------ data


def _rows(spec: SourcedDict, place: ChartPlace) -> tuple[list[Row], str, bool]:
    """Return the rows of the data, what to call them, and whether a file has them."""
    data = spec.get("data")
    at = _at(place, spec.value_at("data") if "data" in spec else spec.source)
    if isinstance(data, SourcedDict):
        for key in ("values", "url", "name"):
            if key in data:
                data = data[key]
                break
        else:
            return _columns(data, at), "the data", False
    if isinstance(data, list):
        return _checked(data, "the data", at), "the data", False
    if not data:
        raise error(
            "a chart needs data",
            at=at,
            code="chart",
            hint="name a table of the pack or a CSV file, or write rows: `- {x: 1, y: 2}`",
        )
    name, rows = _named(str(data), place, at)
    return _checked(rows, name, at), name, True


def _columns(data: SourcedDict, at: Source) -> list[Row]:
    """Return the rows of data that are written column by column."""
    lists = {key: value for key, value in data.items() if isinstance(value, list)}
    lengths = {len(value) for value in lists.values()}
    if len(lists) != len(data) or len(lengths) != 1:
        raise error(
            "the columns of a chart's data need equally many values",
            at=at,
            code="chart",
            hint="; ".join(
                f"{key}: {len(value) if isinstance(value, list) else 'no list'}"
                for key, value in data.items()
            ),
        )
    (length,) = lengths
    lines = dict.fromkeys(lists, at.line)
    return [
        SourcedDict({key: value[n] for key, value in lists.items()}, data.source, lines)
        for n in range(length)
    ]


def _checked(data: Any, name: str, at: Source) -> list[Row]:
    if isinstance(data, SourcedDict) and isinstance(data.get("rows"), list):
        data = data["rows"]
    if isinstance(data, SourcedDict) and data and all(isinstance(v, dict) for v in data.values()):
        # Rows by their ids.
        data = [SourcedDict({"id": key, **row}, row.source, row.lines) for key, row in data.items()]
    if not isinstance(data, list) or not data or not all(isinstance(one, dict) for one in data):
        raise error(
            f"{name} is not a list of rows",
            at=at,
            code="chart",
            hint="each row has names and values: `- {step: 1, share: 20}`",
        )
    return data


def _named(name: str, place: ChartPlace, at: Source) -> tuple[str, Any]:
    """Return the data of a table of the pack, or of a file, and what to call it."""
    table, *inner = name.split(".")
    file = None
    if name.endswith((".csv", ".yaml", ".yml")):
        file = next((f / name for f in place.folders if is_file(f / name)), None)
    elif place.root is not None:
        stems = (table, table.replace("_", "-"))
        names = [place.root / TABLES / f"{s}{e}" for s in stems for e in (".yaml", ".yml", ".csv")]
        file = next((one for one in names if is_file(one)), None)
    if file is None:
        tables = sorted((place.root / TABLES).glob("*")) if place.root else []
        known = [one.stem for one in tables if one.suffix in (".yaml", ".yml", ".csv")]
        hint = suggest(name, known, shown=SHOWN_FILES)
        raise error(f"there is no table or file {name!r}", at=at, hint=hint, code="chart")
    if place.root and (reason := outside(file, (place.root,))):
        hint = "move it into the pack, or allow its folder: --allow-read DIR"
        raise error(f"the data {name!r} {reason}", at=at, hint=hint, code="outside")
    status = file.stat()
    data = _read(file, status.st_mtime_ns, status.st_size)
    if file.suffix != ".csv":
        for key in inner if not name.endswith((".yaml", ".yml")) else ():
            if not isinstance(data, dict) or key not in data:
                hint = suggest(key, data if isinstance(data, dict) else ())
                raise error(f"{table} has no {key!r}", at=at, hint=hint, code="chart")
            data = data[key]
    return f"the table {name!r}", data


@lru_cache(maxsize=32)
def _read(file: Path, changed: int, size: int) -> Any:
    return read_csv(file) if file.suffix == ".csv" else read_yaml(file, str(file))


# -------------------------------------------------------------------- channels


def _channels(
    spec: SourcedDict, mark: str, rows: Sequence[Row], where: str, place: ChartPlace
) -> Iterator[Channel]:
    described = MARKS[mark]
    columns = list(dict.fromkeys(key for row in rows for key in row))
    for name in CHANNELS:
        if name not in (*described.needs, *described.may):
            continue
        written = spec.get(name)
        field, title, unit = name, "", ""
        order: tuple[str, ...] = ()
        if isinstance(written, SourcedDict):
            _check_keys(written, _CHANNEL_KEYS, name, place)
            field = str(written.get("field") or name)
            title, unit = str(written.get("title") or ""), str(written.get("unit") or "")
            order = _order(written)
        elif written is not None:
            field = str(written)
        if field not in columns:
            if written is None and name not in described.needs:
                continue
            raise _no_column(spec, name, field, mark, columns, where, place)
        values, kind = _values(field, name, mark, rows, where, place)
        yield Channel(name, values, kind, title, unit, order)


def _order(written: SourcedDict) -> tuple[str, ...]:
    """Return the order that a channel asks for: a list of words."""
    order = written.get("sort")
    return tuple(str(one) for one in order) if isinstance(order, list) else ()


def _no_column(
    spec: SourcedDict,
    name: str,
    field: str,
    mark: str,
    columns: Sequence[str],
    where: str,
    place: ChartPlace,
) -> HandbookError:
    if name in spec:
        at = spec.value_at(name)
        message = f"{where} has no column {field!r}".replace("data has", "data have")
        near = suggest(field, columns).replace("known:", "its columns:")
        return error(
            message, at=_at(place, at), hint=near.replace("its columns", "columns"), code="chart"
        )
    return error(
        f"a chart with the mark {mark!r} needs {name!r}",
        at=_at(place, spec.source),
        hint=f"name its column: `{name}: …`; columns: {', '.join(columns)}",
        code="chart",
    )


def _values(
    field: str, name: str, mark: str, rows: Sequence[Row], where: str, place: ChartPlace
) -> tuple[tuple[float | str | None, ...], Any]:
    """Return the values of a column, and whether they are numbers, days or words."""
    described = MARKS[mark]
    values = [_value(row.get(field)) for row in rows]
    kinds = {type(value) for value in values if value is not None}
    kind = "number" if kinds == {float} else "date" if kinds == {date} else "word"
    wanted = "number" if name in described.amounts else ""
    if name in described.numbers and kind == "word":
        wanted = "number"
    for row, value in zip(rows, values, strict=True):
        lacking = value is None and name not in described.gaps
        if lacking or (wanted and value is not None and not isinstance(value, float)):
            at = row.value_at(field) if isinstance(row, SourcedDict) else Source()
            shown = "nothing" if value is None else repr(str(row.get(field)))
            what = "a number" if wanted else "a value"
            raise error(
                f"the column {field!r} needs {what}, but a row has {shown}",
                at=_at(place, at),
                hint="correct the row, or take it out",
                code="chart",
            )
    if kind == "date":
        return tuple(v.toordinal() if isinstance(v, date) else None for v in values), kind
    if kind == "word":
        return tuple(_word(row.get(field)) for row in rows), kind
    return tuple(v if isinstance(v, float) else None for v in values), kind


def _value(value: Any) -> float | date | str | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return float(value) if abs(value) < LARGEST else str(value)
    if isinstance(value, date):
        return value
    words = str(value).strip()
    try:
        number = float(words)
        return number if abs(number) < LARGEST else words
    except ValueError:
        pass
    try:
        return date.fromisoformat(words)
    except ValueError:
        return words or None


def _word(value: Any) -> str | None:
    if value is None or value == "":
        return None
    return str(value).lower() if isinstance(value, bool) else " ".join(str(value).split())


def _check_highlight(spec: SourcedDict, channels: Sequence[Channel], place: ChartPlace) -> None:
    """Raise an error if what is highlighted is in none of the columns."""
    wanted = spec.get("highlight")
    if wanted is None:
        return
    names = [str(one) for one in (wanted if isinstance(wanted, list) else [wanted])]
    known = {
        f"{value:g}" if isinstance(value, float) else str(value)
        for channel in channels
        for value in channel.values
        if value is not None
    }
    for name in names:
        if name and name not in known:
            near = nearest(name, known)
            hint = f"did you mean {near!r}?" if near else "name a value of a column that is drawn"
            raise error(
                f"nothing in the chart is called {name!r}",
                at=_at(place, spec.value_at("highlight")),
                hint=hint,
                code="chart",
            )
