"""A folder -> a Pack: what an author wrote, typed and checked.

Whatever is missing or malformed is told at its file and line.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from .diagnostics import error, suggest
from .document import FieldSpec, FieldSpecs, Matter, Source
from .sourced import Row, Sourced, parse_yaml, read_text, read_yaml
from .units import MM

CONFIG = "handbook.yaml"
TABLES = "tables"

CONFIG_KEYS = {
    "title", "subtitle", "id", "language", "author", "publisher", "description", "keywords",
    "version", "licence", "chapters", "fields", "index", "extra",
}  # fmt: skip
FRONT_KEYS = {
    "title", "subtitle", "id", "matter", "layout", "listed", "depth", "short_title", "when",
    "author", "date", "lang", "description", "keywords",
}  # fmt: skip
LAYOUTS = ("chapter", "cover", "imprint", "contents", "plain", "back-cover")
MATTERS = ("front", "main", "back")
FIELD_KEYS = {"label", "width", "lines", "floor", "default", "place", "kind"}
RESERVED = {
    "book",
    "role",
    "path",
    "plan",
    "edition",
    "given",
    "personal",
    "past",
    "day",
    "find",
    "checks",
    "schedule",
    "weekday",
}
AXES = ("roles", "paths", "plans")


@dataclass(frozen=True, slots=True)
class ChapterFile:
    """A chapter as it stands on disk: its front matter, and its text from `first_line` on."""

    id: str
    title: str
    text: str
    first_line: int
    file: str
    path: Path
    matter: Matter
    layout: str
    listed: bool
    depth: int
    short_title: str
    when: str
    when_line: int
    source: Source


@dataclass(frozen=True, slots=True)
class Pack:
    """A content pack, loaded and checked."""

    folder: Path
    config: Row
    chapters: tuple[ChapterFile, ...]
    tables: Mapping[str, Any]
    fields: FieldSpecs

    @property
    def title(self) -> str:
        """The handbook's title."""
        return str(self.config["title"])

    def axis(self, name: str) -> Sequence[Row]:
        """The rows of `roles`, `paths` or `plans`; none if the pack has no such table."""
        rows: Sequence[Row] = self.tables.get(name, ())
        return rows


def load_pack(folder: Path) -> Pack:
    """The pack in `folder`.

    Raises HandbookError for whatever is missing or malformed: the folder, its
    handbook.yaml, a chapter, a table, a key.
    """
    if not folder.is_dir():
        raise error(f"there is no content folder {str(folder)!r}", hint="name one with --content")
    path = folder / CONFIG
    if not path.is_file():
        raise error(
            f"{CONFIG} is missing", file=str(folder), hint="a content pack needs one, with a title"
        )
    config = read_yaml(path, str(path))
    if not isinstance(config, Row):
        raise error("a handbook is described by a mapping", file=str(path), line=1)
    _check_config(config, str(path))
    tables = _load_tables(folder)
    chapters = tuple(_load_chapters(folder, config, path))
    return Pack(folder, config, chapters, tables, _fields(config))


# -------------------------------------------------------------- handbook.yaml


def _check_config(config: Row, name: str) -> None:
    for key in config:
        if key not in CONFIG_KEYS:
            raise error(
                f"unknown key {key!r}", file=name, line=config.lines[key],
                hint=suggest(key, CONFIG_KEYS),
            )  # fmt: skip
    if not config.get("title"):
        raise error("the key 'title' is missing", file=name, line=config.source.line)
    for key, kind in (
        ("chapters", list),
        ("keywords", list),
        ("index", list),
        ("fields", dict),
        ("title", str),
    ):
        value = config.get(key)
        if value is not None and not isinstance(value, kind):
            words = {list: "a list", dict: "a mapping", str: "words"}[kind]
            raise error(f"{key!r} must be {words}", file=name, line=config.lines[key])


def _fields(config: Row) -> FieldSpecs:
    specs = FieldSpecs()

    def number(row: Row, key: str, default: float, least: float) -> float:
        value = row.get(key, default)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value < least:
            raise error(
                f"{key!r} of a field must be a number of at least {least:g}",
                file=row.source.file, line=row.lines[key],
            )  # fmt: skip
        return float(value)

    for name, row in (config.get("fields") or {}).items():
        if not isinstance(row, Row):
            raise error(
                f"field {name!r} must be a mapping", file=config.source.file,
                line=config["fields"].lines[name],
                hint="give it a label and a width in millimetres",
            )  # fmt: skip
        for key in row:
            if key not in FIELD_KEYS:
                raise error(
                    f"unknown key {key!r} of field {name!r}", file=row.source.file,
                    line=row.lines[key], hint=suggest(key, FIELD_KEYS),
                )  # fmt: skip
        specs[name] = FieldSpec(
            name, str(row.get("label", name)), number(row, "width", 100, 5) * MM,
            int(number(row, "lines", 1, 1)), number(row, "floor", 8.5, 4),
            str(row.get("default", "")), _one_of(row, "place", ("text", "footer")),
            _one_of(row, "kind", ("text", "qr")),
        )  # fmt: skip
    return specs


def _one_of(row: Row, key: str, known: tuple[str, ...]) -> Any:
    """A key that takes one of some words, the first if it is not given."""
    value = str(row.get(key, known[0]))
    if value not in known:
        raise error(
            f"{key!r} of a field is {value!r}", file=row.source.file, line=row.lines[key],
            hint=suggest(value, known),
        )  # fmt: skip
    return value


# -------------------------------------------------------------------- chapters


def _load_chapters(folder: Path, config: Row, path: Path) -> Iterator[ChapterFile]:
    listed = config.get("chapters")
    if listed is None:
        files = sorted(p.relative_to(folder).as_posix() for p in folder.glob("**/*.md"))
        listed = [Sourced(file, Source(str(path), 1)) for file in files]
    if not listed:
        raise error(
            "the handbook has no chapters", file=str(path), hint="list them under 'chapters'"
        )
    seen: dict[str, str] = {}
    for entry in listed:
        place = getattr(entry, "source", Source(str(path)))
        file = folder / str(entry)
        if not file.is_file():
            known = [p.relative_to(folder).as_posix() for p in folder.glob("**/*.md")]
            raise error(
                f"the chapter {str(entry)!r} does not exist", file=place.file, line=place.line,
                hint=suggest(str(entry), known),
            )  # fmt: skip
        chapter = load_chapter(file)
        if chapter.id in seen:
            raise error(
                f"two chapters have the id {chapter.id!r}", file=chapter.file, line=1,
                hint=f"the other is {seen[chapter.id]}; give one of them an id of its own",
            )  # fmt: skip
        seen[chapter.id] = chapter.file
        yield chapter


_FRONT = re.compile(r"---[ \t]*\n(.*?)^---[ \t]*\n", re.DOTALL | re.MULTILINE)


def load_chapter(path: Path) -> ChapterFile:
    """A chapter's file, split into front matter and text."""
    name = str(path)
    text = read_text(path, name).replace("\r\n", "\n")
    front, body, first = Row({}, Source(name, 1), {}), text, 1
    match = _FRONT.match(text)
    if match:
        data = parse_yaml(match.group(1), name, 1)
        if data is not None and not isinstance(data, Row):
            raise error("front matter is a mapping of keys", file=name, line=2)
        front = data or front
        body, first = text[match.end() :], text[: match.end()].count("\n") + 1
    elif text.startswith("---\n"):
        raise error("the front matter is not closed", file=name, line=1, hint="end it with ---")
    title, body, first = _title(front, body, first, name)
    _check_front(front, name)
    stem = re.sub(r"^[\d_-]+", "", path.stem) or path.stem
    return ChapterFile(
        id=str(front.get("id", stem)), title=title, text=body, first_line=first, file=name,
        path=path, matter=front.get("matter", "main"), layout=str(front.get("layout", "chapter")),
        listed=bool(front.get("listed", True)), depth=int(front.get("depth", 2)),
        short_title=str(front.get("short_title", "")), when=str(front.get("when", "")),
        when_line=front.lines.get("when", first),
        source=Source(name, front.lines.get("title", first)),
    )  # fmt: skip


_FIRST_HEADING = re.compile(r"(\s*)# +(.+?)\s*#*\s*(?:\n|\Z)")


def _title(front: Row, body: str, first: int, name: str) -> tuple[str, str, int]:
    if "title" in front:
        return str(front["title"]), body, first
    match = _FIRST_HEADING.match(body)
    if not match:
        raise error(
            "the chapter has no title", file=name, line=first,
            hint="give it one in its front matter (title: ...), or begin it with '# Title'",
        )  # fmt: skip
    return match.group(2), body[match.end() :], first + match.group(0).count("\n")


def _check_front(front: Row, name: str) -> None:
    for key in front:
        if key not in FRONT_KEYS:
            raise error(
                f"unknown key {key!r} in the front matter", file=name, line=front.lines[key],
                hint=suggest(key, FRONT_KEYS),
            )  # fmt: skip
    for key, known in (("matter", MATTERS), ("layout", LAYOUTS)):
        value = front.get(key)
        if value is not None and value not in known:
            raise error(
                f"{key} cannot be {str(value)!r}", file=name, line=front.lines[key],
                hint=suggest(str(value), known),
            )  # fmt: skip
    for key, kind, words in (("listed", bool, "true or false"), ("depth", int, "a number")):
        if key in front and not isinstance(front[key], kind):
            raise error(f"{key} must be {words}", file=name, line=front.lines[key])


# ---------------------------------------------------------------------- tables


def _load_tables(folder: Path) -> dict[str, Any]:
    tables: dict[str, Any] = {}
    for path in sorted((folder / TABLES).glob("*")):
        key = path.stem.replace("-", "_")
        if key in RESERVED or key in tables:
            what = "has a meaning of its own" if key in RESERVED else "names another table, too"
            raise error(
                f"a table cannot be called {key!r}, which {what}", file=str(path),
                hint="rename the file",
            )  # fmt: skip
        if path.suffix in (".yaml", ".yml"):
            tables[key] = _table(read_yaml(path, str(path)), str(path))
        elif path.suffix == ".csv":
            tables[key] = _csv(path)
    for axis in AXES:
        for row in tables.get(axis, ()):
            for key in ("id", "name"):
                _require(row, key, axis)
    _check_suggested_paths(tables)
    return tables


def _table(data: Any, name: str) -> Any:
    """A table's rows: a plain list or mapping, or `{required: [...], rows: [...]}`, checked."""
    if isinstance(data, Row) and "rows" in data:
        rows = data["rows"]
        if not isinstance(rows, list):
            raise error("'rows' must be a list", file=name, line=data.lines["rows"])
        for row in rows:
            for key in data.get("required", ()):
                _require(row, str(key), Path(name).name)
        data = rows
    if isinstance(data, list):
        _check_ids(data, name)
    return data


def _require(row: Any, key: str, table: str) -> None:
    if not isinstance(row, Row):
        place = getattr(row, "source", Source())
        raise error(
            f"a row of {table} must be a mapping", file=place.file, line=place.line,
            hint="write '- id: ...' and its other keys below",
        )  # fmt: skip
    if key not in row or row[key] is None:
        who = f"row {str(row['id'])!r}" if "id" in row else "a row"
        near = suggest(key, row) if row else ""
        raise error(
            f"{who} of {table} lacks the key {key!r}", file=row.source.file, line=row.source.line,
            hint=near.replace("known:", "it has:"),
        )  # fmt: skip


def _check_ids(rows: Sequence[Any], name: str) -> None:
    seen: dict[str, int] = {}
    for row in rows:
        if isinstance(row, Row) and "id" in row:
            key = str(row["id"])
            if key in seen:
                raise error(
                    f"two rows have the id {key!r}", file=name, line=row.lines["id"],
                    hint=f"the first is on line {seen[key]}",
                )  # fmt: skip
            seen[key] = row.lines["id"]


def _check_suggested_paths(tables: Mapping[str, Any]) -> None:
    known = [str(row["id"]) for row in tables.get("paths", ())]
    for row in tables.get("roles", ()):
        path = row.get("path")
        if path is not None and str(path) not in known:
            raise error(
                f"role {str(row['id'])!r} suggests the unknown path {str(path)!r}",
                file=row.source.file, line=row.lines["path"], hint=suggest(str(path), known),
            )  # fmt: skip


def _csv(path: Path) -> list[Row]:
    name = str(path)
    reader = csv.reader(io.StringIO(read_text(path, name)))
    rows: list[Row] = []
    header: list[str] = []
    for values in reader:
        line = reader.line_num
        if not header:
            header = [value.strip() for value in values]
            continue
        if not any(values):
            continue
        if len(values) != len(header):
            raise error(
                f"{len(values)} values, but the header names {len(header)} columns",
                file=name, line=line, hint="quote values that hold commas",
            )  # fmt: skip
        source = Source(name, line)
        cells = {key: Sourced(v, source) for key, v in zip(header, values, strict=True)}
        rows.append(Row(cells, source, dict.fromkeys(header, line)))
    return rows


# ----------------------------------------------------------------------- facts


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that changes in the world: when it was checked, and when it is due again."""

    name: str
    checked: date
    review_by: date
    sources: tuple[str, ...]
    source: Source


def facts(pack: Pack) -> list[Fact]:
    """Every mapping of the pack's tables that says when it was `checked`, soonest due first."""
    found: list[Fact] = []
    for table, data in pack.tables.items():
        found += _facts(data, table)
    return sorted(found, key=lambda fact: (fact.review_by, fact.name))


def _facts(data: Any, name: str) -> Iterator[Fact]:
    if isinstance(data, Row):
        checked = data.get("checked")
        if checked is not None:
            yield _fact(checked, name, data)
        for key, value in data.items():
            if key != "checked":
                yield from _facts(value, f"{name}.{key}")
    elif isinstance(data, list):
        for number, item in enumerate(data, 1):
            key = str(item["id"]) if isinstance(item, Row) and "id" in item else str(number)
            yield from _facts(item, f"{name}.{key}")


def _fact(checked: Any, name: str, row: Row) -> Fact:
    line = row.lines["checked"]
    on = checked.get("on") if isinstance(checked, Row) else None
    due = checked.get("review_by") if isinstance(checked, Row) else None
    if not isinstance(on, date) or not isinstance(due, date):
        raise error(
            f"{name} must say when it was checked and when it is due again",
            file=row.source.file, line=line,
            hint="checked: {on: 2026-09-28, review_by: 2027-03-31, sources: [...]}",
        )  # fmt: skip
    sources = tuple(str(source) for source in checked.get("sources", ()))
    return Fact(name, on, due, sources, Source(row.source.file, line))
