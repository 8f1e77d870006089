"""Check a pack as a whole: its tables, fields, files, dates and conditions."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from fnmatch import fnmatchcase
from typing import Any

from ..core.diagnostics import Diagnostic, HandbookError, Source, suggest
from ..core.files import files_below, outside, pack_roots
from ..core.yaml_source import SourcedDict, SourcedStr, read_text
from ..pack.loader import facts
from ..pack.model import Pack
from ..pack.schema import AXES
from ..pack.tables import TABLES
from ..pack.theme_styles import unused_styles
from ..select.selection import select
from ..select.template_environment import template_folders
from ..theme.contrast import contrast_advice
from ..theme.loader import load_theme
from ..theme.sizes import size_advice
from .figures import figure_findings
from .glyphs import missing_characters
from .selections import START, SelectionMatrix

# Tables that the program itself asks for: the exam's areas weigh a dated plan.
_OWN = frozenset({*AXES, "areas"})


def pack_findings(
    pack: Pack, matrix: SelectionMatrix, day: date, theme: str
) -> Iterator[Diagnostic]:
    """Yield every finding that is about no selection in particular."""
    yield from _unused_tables(pack, matrix)
    yield from _unused_fields(pack)
    yield from _unknown_in_defaults(pack)
    yield from _unused_terms(pack, matrix)
    yield from _unlisted(pack, matrix)
    yield from _overdue(pack, day)
    yield from _retired(pack, day)
    yield from _never(pack, matrix)
    yield from _undatable(pack, day)
    try:
        chosen = load_theme(theme)
        yield from (*unused_styles(chosen, pack), *contrast_advice(chosen), *size_advice(chosen))
        yield from missing_characters(matrix, chosen)
        yield from figure_findings(matrix, chosen)
    except HandbookError as problem:
        yield from problem.diagnostics


def _warning(at: Source, message: str, hint: str, code: str) -> Diagnostic:
    return Diagnostic.at(at, message, hint, code, "warning")


def _unused_tables(pack: Pack, matrix: SelectionMatrix) -> Iterator[Diagnostic]:
    used = set(_OWN)
    for chapter in pack.chapters:
        used |= matrix.needs[chapter.id].names
    for file in sorted((pack.folder / TABLES).glob("*")):
        key = file.stem.replace("-", "_")
        if key in pack.tables and key not in used:
            yield _warning(
                Source(str(file), 1),
                f"no chapter uses the table {key!r}",
                "use it in a chapter, or remove the file",
                "unused-table",
            )


def _unused_fields(pack: Pack) -> Iterator[Diagnostic]:
    texts = [chapter.text for chapter in pack.chapters]
    roots = pack_roots(pack.folder)
    texts += [
        read_text(file, str(file))
        for folder in template_folders(pack)
        for file in files_below(folder, roots)
        if not outside(file, roots)
    ]
    texts += [spec.default for spec in pack.fields.values()]
    words = {word for text in texts for word in re.findall(r"[\w-]+", text)}
    declared: SourcedDict = pack.config.get("fields") or SourcedDict({}, Source(), {})
    for name, row in declared.items():
        if row.get("place") == "footer":
            continue
        if not any(fnmatchcase(word, name) for word in words) and not _stem_used(name, texts):
            yield _warning(
                declared.key_at(name),
                f"no chapter uses the field {name!r}",
                f"put :field[{name}] into one, or remove it",
                "unused-field",
            )


def _unknown_in_defaults(pack: Pack) -> Iterator[Diagnostic]:
    """Yield `default: "Copy of {lerner}"`: a field that fills in one which is not there."""
    for name, row in (pack.config.get("fields") or {}).items():
        for name_in_default in re.findall(r"\{([\w-]+)\}", str(row.get("default", ""))):
            if name_in_default not in pack.fields:
                at = row.value_at("default")
                yield Diagnostic.at(
                    at,
                    f"the default of field {name!r} fills in an unknown field: {name_in_default!r}",
                    suggest(name_in_default, pack.fields),
                    "unknown-field",
                )


def _unused_terms(pack: Pack, matrix: SelectionMatrix) -> Iterator[Diagnostic]:
    """Yield terms for the index that no chapter has, in any selection."""
    terms = [term for term in pack.config.get("index") or () if isinstance(term, SourcedStr)]
    texts = {" ".join(v.text.casefold().split()) for v in matrix.variants()} if terms else set()
    for term in terms:
        if not any(term.casefold() in text for text in texts):
            yield _warning(
                term.source,
                f"no chapter contains the index term {str(term)!r}",
                "write it as the text does, or remove it",
                "unused-term",
            )


def _stem_used(name: str, texts: list[str]) -> bool:
    """Return whether a family of fields (`session-*`) is used with a name made by a template."""
    stem = name.split("*")[0]
    return "*" in name and any(f":field[{stem}" in text for text in texts)


def _unlisted(pack: Pack, matrix: SelectionMatrix) -> Iterator[Diagnostic]:
    """Yield Markdown files among the chapters that are not listed, most often by mistake."""
    listed = {chapter.path.resolve() for chapter in pack.chapters}
    included = {name for c in pack.chapters for name in matrix.needs[c.id].templates}
    folders = sorted({chapter.path.parent for chapter in pack.chapters})
    for file in [file for folder in folders for file in sorted(folder.glob("*.md"))]:
        about = file.stem.upper() in ("README", "CHANGELOG", "LICENSE", "CONTRIBUTING", "SUMMARY")
        if file.resolve() not in listed and file.name not in included and not about:
            yield _warning(
                Source(str(file), 1),
                "the file is not listed as a chapter",
                "list it under 'chapters' in handbook.yaml, or move it",
                "unlisted-file",
            )


def _overdue(pack: Pack, day: date) -> Iterator[Diagnostic]:
    """Yield what should have been looked at again before `day`."""
    for fact in facts(pack):
        if fact.review_by < day:
            yield _warning(
                fact.source,
                f"{fact.name} was due for another check on {fact.review_by}",
                f"check it, and set 'on' and 'review_by' (it was last checked on {fact.checked})",
                "review-due",
            )
    for chapter in pack.chapters:
        due = chapter.front.get("review_by")
        when = due if isinstance(due, date) else date.fromisoformat(due) if due else None
        if when and when < day:
            message = f"the chapter was due for review on {when}"
            yield _warning(
                chapter.front.key_at("review_by"),
                message,
                "read it, and set a new 'review_by'",
                "review-due",
            )


# ---------------------------------------------------------------- retired items


def _retired(pack: Pack, day: date) -> Iterator[Diagnostic]:
    """Yield rows of roles, paths and plans that name something which has been retired by `day`.

    A row of any table is retired from the day of its key `retired` (a day, or a mapping with
    `on`).  Naming it means its id, code or name as a value of its own, not a word in a sentence.
    """
    gone: dict[str, tuple[str, date]] = {}
    for table in pack.tables.values():
        for row in table if isinstance(table, list) else ():
            since = _since(row)
            if since is not None and since <= day:
                for key in ("id", "code", "name"):
                    if key in row:
                        gone[str(row[key])] = (str(row.get("code") or row.get("name")), since)
    for axis in AXES:
        for row in pack.axis(axis):
            for key, value in _values(row):
                if str(value) in gone:
                    what, since = gone[str(value)]
                    yield _warning(
                        value.source,
                        f"{axis[:-1]} {str(row['id'])!r} names {what}, retired on {since}, "
                        f"under {key!r}",
                        "name what takes its place",
                        "retired",
                    )


def _since(row: Any) -> date | None:
    retired = row.get("retired") if isinstance(row, SourcedDict) else None
    when = retired.get("on") if isinstance(retired, SourcedDict) else retired
    if isinstance(when, str):
        with contextlib.suppress(ValueError):
            return date.fromisoformat(when)
    return when if isinstance(when, date) else None


def _values(row: Mapping[str, Any], key: str = "") -> Iterator[tuple[str, SourcedStr]]:
    """Yield every word of a row, with its key."""
    for name, value in row.items():
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, SourcedDict):
                yield from _values(item, key or name)
            elif isinstance(item, SourcedStr) and name not in ("id", "name"):
                yield key or name, item


# -------------------------------------------------------------- plans, conditions


def _undatable(pack: Pack, day: date) -> Iterator[Diagnostic]:
    """Yield plans whose sessions need what is not there, or one another."""
    for row in pack.axis("plans"):
        if not row.get("units"):
            continue
        try:
            select(pack, plan=str(row["id"]), day=day, calendar=START)
        except HandbookError as problem:
            for one in problem.diagnostics:
                at = row.source
                yield replace(one, file=at.file, line=at.line, column=at.column)


def _never(pack: Pack, matrix: SelectionMatrix) -> Iterator[Diagnostic]:
    """Yield chapters and blocks that no selection gets."""
    got = {variant.chapter.id for variant in matrix.variants()}
    for chapter in pack.chapters:
        if chapter.id not in got:
            key = "only" if chapter.only else "when"
            yield _warning(
                chapter.front.value_at(key),
                f"no selection gets this chapter: {key}: {chapter.only or chapter.when}",
                "fix the condition, or remove the chapter",
                "condition-never",
            )
    held: dict[tuple[Source, str], bool] = {}
    for variant in matrix.variants():
        for judged in variant.judged:
            key_ = (judged.verdict.source, judged.verdict.condition)
            held[key_] = held.get(key_, False) or judged.verdict.is_met
    for (source, condition), is_met in held.items():
        if not is_met:
            yield _warning(
                source,
                f"no selection gets this block: only {condition}",
                "fix the condition, or remove the block",
                "condition-never",
            )
