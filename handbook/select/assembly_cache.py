"""Render a chapter once for all selections that it looks the same in, one after the other.

A chapter's template uses few of the names that differ from selection to selection.  While their
values stay the same, so does its text.  From one process to the next a chapter is known by its file
and by all that any template can ask for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..core.cache import key_of
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
        # What templates can ask for, in another process too; "" if that is not known.
        self.key = ""
        # Chapters as they were rendered now, and before; each with a digest of what it came from.
        self._rendered: dict[str, tuple[str, AssembledChapter]] = {}
        self._stored: Mapping[str, AssembledChapter] = {}

    def remember(self, key: str, stored: Mapping[str, AssembledChapter]) -> None:
        """Know chapters that another process rendered, by their digests."""
        self.key, self._stored = key, stored

    def digest_of(self, chapter: AssembledChapter) -> str:
        """Return the digest of what a chapter was rendered from; "" if something was taken out."""
        digest, rendered = self._rendered.get(chapter.id, ("", None))
        return digest if rendered == chapter else ""

    def assemble(
        self, pack: Pack, selection: Selection, share: bool = False
    ) -> tuple[AssembledChapter, ...]:
        """Return the chapters of a selection; as `assemble` does.

        Which names a chapter uses is looked up when a pack is used for the second time.
        """
        if pack is not self._pack:
            self._pack, self._needs, self._chapters = pack, {}, {}
            if not self.key:
                return assemble(pack, selection, share)
            digests = {chapter.id: key_of(self.key, chapter) for chapter in pack.chapters}
            chapters = assembled_by(_Recaller(pack, selection, digests, self._stored), share)
            self._rendered = {chapter.id: (digests[chapter.id], chapter) for chapter in chapters}
            return chapters
        self._needs = self._needs or needs_of(pack)
        return assembled_by(_CachingRenderer(pack, selection, self._needs, self._chapters))


class _Recaller(ChapterRenderer):
    def __init__(
        self,
        pack: Pack,
        selection: Selection,
        digests: Mapping[str, str],
        stored: Mapping[str, AssembledChapter],
    ) -> None:
        super().__init__(pack, selection)
        self.digests = digests
        self.stored = stored

    def recall(self, chapter: ChapterFile) -> AssembledChapter | None:
        return self.stored.get(self.digests[chapter.id])


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
