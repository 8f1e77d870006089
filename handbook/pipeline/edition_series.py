"""Make editions of one pack one after the other: what they share is made once.

The chapters of the last edition are kept as they were read and laid out.  The next edition takes
over those that are the same in it, and comes out as if it were made alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from ..layout.chapter_cache import ChapterCache
from ..pack.model import Pack
from ..pdf.edition import Edition
from ..select.selection import Selection
from .phases import DocumentCache, document_of, edition_of

Key = TypeVar("Key")


class EditionSeries:
    """The editions of a pack in a theme, and the chapters of the last one."""

    def __init__(self, pack: Pack, theme: str) -> None:
        self.pack = pack
        self.theme = theme
        self._documents = DocumentCache()
        self._chapters = ChapterCache()

    def edition(self, selection: Selection) -> Edition:
        """Return the edition of a selection.

        Raises:
            HandbookError: If the content has errors.
        """
        document = document_of(self.pack, selection, cache=self._documents)
        return edition_of(document, selection, self.theme, cache=self._chapters)


def by_likeness(selections: Iterable[tuple[Key, Selection]]) -> list[tuple[Key, Selection]]:
    """Return selections so that neighbours have most in common.

    Pages of another size have no lines in common, and roles and plans differ in more chapters
    than paths do.
    """

    def choices(pair: tuple[Key, Selection]) -> tuple[object, ...]:
        one = pair[1]
        rows = (str(row["id"]) if row else "" for row in (one.role, one.plan, one.path))
        return (one.paper, sorted(one.provided_fields), *rows)

    return sorted(selections, key=choices)
