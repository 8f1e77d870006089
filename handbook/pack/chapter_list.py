"""Read the list of chapters in handbook.yaml: files, titles, parts, and what is below what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from ..core.diagnostics import DiagnosticCollector, error
from ..core.values import frozen
from ..core.yaml_source import SourcedDict, SourcedStr
from ..document.nodes import UNPLACED, Placement


@frozen
class ListedChapter:
    """A file of the list, and its place there."""

    file: SourcedStr
    placement: Placement


def listed_chapters(
    listed: Sequence[Any], problems: DiagnosticCollector, place: Placement = UNPLACED
) -> Iterator[ListedChapter]:
    """Yield the chapters in order.

    An entry is a file, `Title: file`, `Title: [entries]` for a part, or a mapping:
    `Title: {file: …, numbered: false, chapters: [entries]}`.
    """
    for entry in listed:
        if not isinstance(entry, SourcedDict):
            yield ListedChapter(entry, place)
            continue
        for title, value in entry.items():
            given = value if isinstance(value, SourcedDict) else {"file": value}
            if isinstance(value, list):
                given = {"chapters": value}
            file, below = given.get("file"), given.get("chapters") or []
            if isinstance(file, SourcedStr):
                numbered = given.get("numbered") is not False
                yield ListedChapter(file, replace(place, label=str(title), numbered=numbered))
                above = place.chapters_above + 1
                inside = replace(place, depth=place.depth + 1, chapters_above=above)
                yield from listed_chapters(below, problems, inside)
            elif isinstance(below, list) and "chapters" in given and file is None:
                yield from _part(str(title), below, problems, place)
            else:
                with problems:
                    raise error(
                        f"the chapter {title!r} has no file",
                        at=entry.key_at(title),
                        hint="write 'Title: file.md', or a list of chapters below the title",
                        code="chapter-file",
                    )


def _part(
    title: str, entries: Sequence[Any], problems: DiagnosticCollector, place: Placement
) -> Iterator[ListedChapter]:
    """Yield the chapters of a part; the first one has its title."""
    inside = replace(place, depth=place.depth + 1, in_part=place.in_part or not place.depth)
    heading: tuple[tuple[int, str], ...] = ((place.depth, title),)
    for chapter in listed_chapters(entries, problems, inside):
        parts = (*heading, *chapter.placement.parts)
        yield replace(chapter, placement=replace(chapter.placement, parts=parts))
        heading = ()
