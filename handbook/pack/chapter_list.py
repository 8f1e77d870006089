"""Read the list of chapters in handbook.yaml: files, titles, parts, and what is below what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..core.diagnostics import DiagnosticCollector, HandbookError, Source, error, suggest
from ..core.values import frozen
from ..core.yaml_source import SourcedDict, SourcedStr
from ..document.nodes import UNPLACED, Placement

NoneType = type(None)
_KEYS = ("file", "chapters", "numbered")


@frozen
class ListedChapter:
    """A file of the list, and its place there."""

    file: SourcedStr
    placement: Placement


def listed_chapters(
    listed: Sequence[Any],
    problems: DiagnosticCollector,
    place: Placement = UNPLACED,
    above: Source | None = None,
) -> Iterator[ListedChapter]:
    """Yield the chapters in order.

    An entry is a file, `Title: file`, `Title: [entries]` for a part, or a mapping:
    `Title: {file: …, numbered: false, chapters: [entries]}`.  `above` is what they are below.
    """
    for entry in listed:
        if isinstance(entry, SourcedStr):
            yield ListedChapter(entry, place)
            continue
        if not isinstance(entry, SourcedDict):
            # The schema of handbook.yaml knows the first level alone.
            if above is not None:
                with problems:
                    raise error(
                        "an entry of chapters must be words or a mapping",
                        at=above,
                        hint="write the name of a file, or 'Title: file.md'",
                        code="type",
                    )
            continue
        for title, value in entry.items():
            at = entry.key_at(title)
            mapping = value if isinstance(value, SourcedDict) else {"file": value}
            if isinstance(value, list):
                mapping = {"chapters": value}
            if wrong := _entry_error(title, mapping, at):
                problems.found += wrong.diagnostics
                continue
            file, below = mapping.get("file"), mapping.get("chapters") or []
            if file is None:
                yield from _part(str(title), below, problems, place, at)
                continue
            numbered = mapping.get("numbered") is not False
            yield ListedChapter(file, replace(place, label=str(title), numbered=numbered))
            count = place.chapters_above + 1
            inside = replace(place, depth=place.depth + 1, chapters_above=count)
            yield from listed_chapters(below, problems, inside, at)


def _entry_error(title: str, entry: Mapping[str, Any], at: Source) -> HandbookError | None:
    """Return what is wrong with what is given below a title, if anything is."""
    for key in entry:
        if key not in _KEYS:
            place = entry.key_at(key) if isinstance(entry, SourcedDict) else at
            message = f"unknown key {key!r} of the chapter {title!r}"
            return error(message, at=place, hint=suggest(key, _KEYS), code="unknown-key")
    file, below, numbered = (entry.get(key) for key in _KEYS)
    if (file is None and "chapters" not in entry) or not isinstance(file, (SourcedStr, NoneType)):
        hint = "write 'Title: file.md', or a list of chapters below the title"
        return error(f"the chapter {title!r} has no file", at=at, hint=hint, code="chapter-file")
    if not isinstance(below, (list, NoneType)):
        hint = "write - file.md on lines below, or [file.md]"
        return error(f"'chapters' of {title!r} must be a list", at=at, hint=hint, code="type")
    if not isinstance(numbered, (bool, NoneType)):
        message = f"'numbered' of {title!r} must be true or false"
        return error(message, at=at, code="type")
    return None


def _part(
    title: str,
    entries: Sequence[Any],
    problems: DiagnosticCollector,
    place: Placement,
    at: Source,
) -> Iterator[ListedChapter]:
    """Yield the chapters of a part; the first one has its title."""
    inside = replace(place, depth=place.depth + 1, in_part=place.in_part or not place.depth)
    heading: tuple[tuple[int, str], ...] = ((place.depth, title),)
    for chapter in listed_chapters(entries, problems, inside, at):
        parts = (*heading, *chapter.placement.parts)
        yield replace(chapter, placement=replace(chapter.placement, parts=parts))
        heading = ()
