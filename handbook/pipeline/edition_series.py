"""Make editions of one pack one after the other: what they share is made once.

The chapters of the last edition are kept as they were read and laid out, and its pages as they
were written.  The next edition takes over those that are the same in it, and comes out as if it
were made alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from ..document.nodes import Document
from ..layout.chapter_cache import ChapterCache
from ..pack.model import Pack
from ..pdf.edition import Edition
from ..select.selection import Selection
from . import phases

Key = TypeVar("Key")


class EditionSeries:
    """Makes the editions of a pack; an edition that is made `alone` leaves nothing for another.

    A second process may `share` the work on each.
    """

    def __init__(self, alone: bool = False, share: bool = False) -> None:
        self.share = share
        self.documents = None if alone else phases.DocumentCache()
        self.chapters = ChapterCache()
        self._keep = not alone

    def document(
        self, pack: Pack, selection: Selection, draft: bool = False, coverage: bool = False
    ) -> Document:
        """Return the document of a selection; the arguments are those of `document_of`.

        Raises:
            HandbookError: If the content has errors.
        """
        return phases.document_of(pack, selection, draft, self.documents, coverage, self.share)

    def edition(
        self,
        document: Document,
        selection: Selection,
        theme: str,
        attach: bool = False,
        laid_out: Callable[[], object] = lambda: None,
    ) -> Edition:
        """Return the edition of a document; the arguments are those of `edition_of`."""
        return phases.edition_of(
            document, selection, theme, attach, self.chapters, self._keep, self.share,
            laid_out,
        )  # fmt: skip

    def edition_for(self, pack: Pack, selection: Selection, theme: str) -> Edition:
        """Return the edition of a selection.

        Raises:
            HandbookError: If the content has errors.
        """
        return self.edition(self.document(pack, selection), selection, theme)


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
