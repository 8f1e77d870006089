"""Build the edition that a request asks for, or take it from an earlier build.

Kept are packs as they were read, tokens of themes, compiled templates, lines of paragraphs and
whole editions.  A key holds everything the value depends on: this tool and what is installed, every
file of the pack and of its template folders, every option.  A theme's files, its fonts and the
pictures are listed in the edition's entry, and read again before it is used.
"""

from __future__ import annotations

import contextlib
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..core.cache import (
    Cache,
    Exportable,
    digest_of_files,
    digest_of_folders,
    digest_of_tool,
    key_of,
)
from ..core.files import allowed_folders, pack_roots
from ..theme.print_options import PHONE
from .request import BuildRequest, BuiltEdition, selection_of

if TYPE_CHECKING:
    from ..pack.model import Pack
    from ..theme.theme import Theme


class EditionCache:
    """What a cache (None: nothing) knows of the pack in `content`."""

    def __init__(self, content: Path, cache: Cache | None) -> None:
        self.content = content
        self.cache = cache
        self.key = self._key() if cache else ""

    def _key(self) -> str:
        """Return the key of the pack; empty if it is too large to be looked through."""
        folders = (*pack_roots(self.content), *allowed_folders())
        files = digest_of_folders(folders, folders)
        place = str(self.content), str(self.content.absolute()), folders
        return key_of(digest_of_tool(), place, files) if files else ""

    def pack(self) -> Pack:
        """Return the pack.

        Raises:
            HandbookError: for errors in its files.
        """
        from ..pack.loader import load_pack

        known = self._get("pack", self.key)
        if known is None:
            known = load_pack(self.content)
            # A file that was saved in between belongs to another key.
            if self.key and self.key == self._key():
                self._put("pack", self.key, known)
        pack: Pack = known
        return pack

    def edition(self, request: BuildRequest) -> BuiltEdition:
        """Return the edition that is asked for.

        Raises:
            HandbookError: for errors in the content or the choice.
        """
        # A brand has its own files, so its editions are always laid out.
        key = key_of(self.key, request) if self.key and request.brand is None else ""
        entry = self._get("edition", key)
        if entry is not None:
            edition, files, digest = entry
            if digest_of_files(map(Path, files)) == digest:
                known: BuiltEdition = edition
                return known
        edition, files = self._build(request)
        if key and self.key == self._key():
            self._put("edition", key, (edition, files, digest_of_files(map(Path, files))))
        return edition

    def _build(self, request: BuildRequest) -> tuple[BuiltEdition, list[str]]:
        """Return the edition, and the files beyond the pack that it depends on."""
        from ..layout.chapter_cache import ChapterCache
        from . import phases

        pack = self.pack()
        selection = selection_of(pack, request)
        with self.templates():
            document = phases.document_of(pack, selection, request.draft, coverage=request.strict)
        theme = self._theme(request.theme)
        advice = phases.advice_of(document, request.theme, selection.brand)
        files = {*theme.files, *map(str, theme.faces().values())}
        chapters = ChapterCache()
        fonts = digest_of_files(map(Path, sorted(files)))
        key = key_of(fonts, request.theme, request.print_options, request.paper == PHONE)
        # A brand has its own theme.
        with self._extending("lines", key if request.brand is None else "", chapters):
            edition = phases.edition_of(
                document, selection, request.theme, request.attach, chapters
            )
        advice += phases.edition_warnings(edition)
        built = BuiltEdition(
            pack.title, selection.words, selection.file_stem, edition, tuple(advice)
        )
        return built, sorted({*files, *edition.pictures})

    def _theme(self, name: str) -> Theme:
        """Return the theme; its files are not parsed if they were before."""
        from ..theme.loader import TOKENS, load_theme

        with self._extending("themes", "all", TOKENS):
            return load_theme(name)

    def templates(self) -> AbstractContextManager[None]:
        """Know templates as they were compiled, for as long as the context lasts."""
        from ..select.template_environment import TEMPLATE_CACHE

        # They are known by their own text, so those of an edited pack are those of before but one.
        place = str(self.content.absolute()) if self.key else ""
        return self._extending("templates", place, TEMPLATE_CACHE)

    def _extending(self, kind: str, key: str, known: Exportable) -> AbstractContextManager[None]:
        if not (self.cache and self.key and key):
            return contextlib.nullcontext()
        return self.cache.extending(kind, key_of(digest_of_tool(), key), known)

    def _get(self, kind: str, key: str) -> Any:
        return self.cache.get(kind, key) if self.cache and key else None

    def _put(self, kind: str, key: str, value: Any) -> None:
        if self.cache and key:
            self.cache.put(kind, key, value)
