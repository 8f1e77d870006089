"""Look up the reader of a Markdown dialect.

A dialect is a row in `_READERS`.  Its reader turns a chapter's text into the element tree that
`convert/` understands, so that everything after reading is the same for all dialects.
"""

from __future__ import annotations

import xml.etree.ElementTree as etree
from collections.abc import Callable, Collection, Mapping
from typing import Protocol

from ..pack.dialects import OWN
from .elements import ParsedChapter


class MarkdownReader(Protocol):
    """Reads the chapters of one dialect; one instance serves a whole document.

    With `file_scoped_ids`, an id that an author gave holds in its own file only.
    """

    file_scoped_ids: bool

    def read(self, text: str) -> ParsedChapter:
        """Return the element tree of a chapter."""
        ...

    def line(self, text: str, notes: Collection[str] = ()) -> etree.Element:
        """Return one line of Markdown, such as a title, as an element; it may refer to `notes`."""
        ...


def _handbook(language: str) -> MarkdownReader:
    from .handbook.reader import HandbookReader

    return HandbookReader()


def _gfm(language: str) -> MarkdownReader:
    from .gfm.reader import GfmReader

    return GfmReader(language)


# Each imports its libraries only when a pack uses the dialect.
_READERS: Mapping[str, Callable[[str], MarkdownReader]] = {OWN: _handbook, "gfm": _gfm}


def reader_for(dialect: str, language: str = "en") -> MarkdownReader:
    """Return a new reader for `dialect`; `language` is that of its built-in words."""
    return _READERS[dialect](language)
