"""List the entries of the PDF outline: parts, chapters, their headings, nested as they are."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence

from ..document.nodes import Chapter, plain_text
from ..document.numbering import headings
from ..theme.theme import Theme
from .chapter import COVERS
from .page import OutlineEntry


def outline_of(
    chapters: Sequence[Chapter],
    destinations: Container[str],
    theme: Theme,
    section_number: Mapping[str, str],
) -> list[OutlineEntry]:
    """Return the outline of the chapters that have a destination."""
    entries: list[OutlineEntry] = []
    for chapter in chapters:
        if chapter.id in destinations:
            place = chapter.placement
            entries += [OutlineEntry(1 + at, part, chapter.id) for at, part in place.parts]
            title, level = place.label or plain_text(chapter.title), 1 + place.depth
            entries.append(OutlineEntry(level, title, chapter.id))
            if chapter.layout not in COVERS:
                entries += _sections(chapter, level, theme, section_number)
    return entries


def _sections(
    chapter: Chapter, level: int, theme: Theme, section_number: Mapping[str, str]
) -> Iterator[OutlineEntry]:
    """Yield the bookmarks of a chapter's headings, each below the one it belongs to."""
    numbered = theme.number("headings.numbered")
    above: list[int] = []
    for heading in headings(chapter, int(theme.number("outline.depth"))):
        while above and above[-1] >= heading.level:
            above.pop()
        above.append(heading.level)
        title = plain_text(heading.content)
        if heading.level <= numbered and (number := section_number.get(heading.id)):
            title = f"{number} {title}"
        yield OutlineEntry(level + len(above), title, heading.id)
