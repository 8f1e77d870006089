"""A book while it is written: its edition again and again, with as little work as it takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from .content import Pack, load_pack
from .diagnostics import Diagnostic
from .document import Chapter, Document
from .layout.book import lay_out
from .layout.memory import Memory
from .pdf.edition import Edition, make_edition
from .pipeline import Memory as Reading
from .pipeline import advice_of, document_of, theme_of
from .selection import Selection, select


@dataclass(frozen=True, slots=True)
class Proof:
    """An edition, what it was made of, and which pages (by index) look different from the last."""

    pack: Pack
    selection: Selection
    document: Document
    edition: Edition
    pages: int
    changed: tuple[int, ...]
    advice: tuple[Diagnostic, ...]

    def pdf(self, values: Mapping[str, str] | None = None) -> bytes:
        """A copy of the edition: the whole file."""
        return self.edition.fill(values)


class Session:
    """Makes the editions of the pack in `content`, one after the other, in one `theme`.

    What did not change since the last edition is not done again.  An edition is the same, byte for
    byte, as one that is made alone.
    """

    def __init__(self, content: Path, theme: str = "default") -> None:
        self.content = content
        self.theme = theme
        self._memory = Memory()
        self._reading = Reading()
        self._chapters: dict[str, Chapter] = {}
        self._looks: dict[str, tuple[bytes, ...]] = {}

    def edition(self, day: date, **choice: Any) -> Proof:
        """The edition of a choice (what `handbook.selection.select` takes) from the pack as it is.

        Raises HandbookError for what is wrong with the pack or the choice; the session goes on.
        """
        pack = load_pack(self.content)
        selection = select(pack, day=day, **choice)
        document = self._known(document_of(pack, selection, memory=self._reading))
        theme = theme_of(self.theme, selection.brand)
        book = lay_out(document, theme, selection.paper, selection.press, self._memory)
        edition = make_edition(book, document.meta, document.fields)
        advice = tuple(advice_of(document, self.theme, selection.brand))
        changed = self._changed(edition, selection.stem)
        return Proof(pack, selection, document, edition, len(edition.looks), changed, advice)

    def _known(self, document: Document) -> Document:
        """`document` with the chapters that are as they were, as the objects they were."""
        chapters = tuple(
            known if (known := self._chapters.get(chapter.id)) == chapter else chapter
            for chapter in document.chapters
        )
        self._chapters |= {chapter.id: chapter for chapter in chapters}
        return replace(document, chapters=chapters)

    def _changed(self, edition: Edition, stem: str) -> tuple[int, ...]:
        before = self._looks.get(stem, ())
        self._looks[stem] = edition.looks
        return tuple(
            number for number, look in enumerate(edition.looks)
            if number >= len(before) or before[number] != look
        )  # fmt: skip
