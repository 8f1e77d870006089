"""Render a chapter once for all selections that it looks the same in, one after the other.

A chapter's template uses few of the names that differ from selection to selection.  While their
values stay the same, so does its text.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..pack.model import ChapterFile, Pack
from .assemble import AssembledChapter, ChapterRenderer, assemble, assembled_by
from .selection import Selection
from .template_names import Needs, needs_of


class AssemblyCache:
    """The chapters of one pack as they were last rendered."""

    def __init__(self) -> None:
        self._pack: Pack | None = None
        self._needs: Mapping[str, Needs] = {}
        # Each with the values that it was rendered with.
        self._chapters: dict[str, tuple[dict[str, Any], AssembledChapter]] = {}

    def assemble(
        self, pack: Pack, selection: Selection, share: bool = False
    ) -> tuple[AssembledChapter, ...]:
        """Return the chapters of a selection; as `assemble` does.

        Which names a chapter uses is looked up when a pack is used for the second time.
        """
        if pack is not self._pack:
            self._pack, self._needs, self._chapters = pack, {}, {}
            return assemble(pack, selection, share)
        self._needs = self._needs or needs_of(pack)
        return assembled_by(_CachingRenderer(pack, selection, self._needs, self._chapters))


class _CachingRenderer(ChapterRenderer):
    def __init__(
        self,
        pack: Pack,
        selection: Selection,
        needs: Mapping[str, Needs],
        known: dict[str, tuple[dict[str, Any], AssembledChapter]],
    ) -> None:
        super().__init__(pack, selection)
        self.needs = needs
        self.known = known
        self.values = _values(selection)

    def chapter(self, chapter: ChapterFile) -> AssembledChapter:
        names = self.needs[chapter.id].names
        values = {name: value for name, value in self.values.items() if name in names}
        before = self.known.get(chapter.id)
        if before is not None and before[0] == values:
            return before[1]
        rendered = super().chapter(chapter)
        self.known[chapter.id] = values, rendered
        return rendered


def _values(selection: Selection) -> dict[str, Any]:
    """Return the values that names of templates have, of those that differ by selection."""
    day = selection.date
    return {
        "role": selection.role,
        "path": selection.path,
        "plan": selection.plan,
        "brand": selection.brand,
        "personal": selection.personal,
        "schedule": selection.schedule,
        "provided_fields": selection.provided_fields,
        "edition": (day, selection.paper, selection.words, selection.title),
        "past": day,
    }
