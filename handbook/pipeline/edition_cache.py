"""What was asked for -> an edition: from an earlier build if there is one, else made and kept.

Three things are kept: a pack as it was read, its templates as they were compiled, editions as
they were written.  A key holds whatever the value depends on: this tool and what is installed,
every file of the pack and of its template folders, every choice.  What lies elsewhere (a theme's
file, its fonts, a picture) is listed in the edition's entry, and read again before it is used.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from handbook.core.resources import packaged_or_beside

from ..core.cache import Cache, digest_of_files, digest_of_folders, digest_of_tool, key_of
from .request import BuildRequest, BuiltEdition, selection_of

if TYPE_CHECKING:
    from ..layout.chapter_cache import ChapterCache
    from ..pack.model import Pack
    from ..theme.theme import Theme


class EditionCache:
    """What a cache (None: nothing) knows of the pack in `content`."""

    def __init__(self, content: Path, cache: Cache | None) -> None:
        self.content = content
        self.cache = cache
        self.key = self._key() if cache else ""

    def _key(self) -> str:
        """The key of the pack; empty if it is too large to be looked through."""
        folders = [self.content, self.content.parent / "templates", packaged_or_beside("templates")]
        files = digest_of_folders(folders)
        place = str(self.content), str(self.content.absolute())
        return key_of(digest_of_tool(), place, files) if files else ""

    def pack(self) -> Pack:
        """The pack; HandbookError if it is at fault."""
        from ..pack.loader import load_pack

        known = self._get("pack", self.key)
        if known is None:
            known = load_pack(self.content)
            self._put("pack", self.key, known)
        pack: Pack = known
        return pack

    def edition(self, wish: BuildRequest) -> BuiltEdition:
        """The edition that is wished for; HandbookError for a fault of content or choice."""
        # A brand brings files of its own, so its editions are made anew.
        key = key_of(self.key, wish) if self.key and wish.brand is None else ""
        entry = self._get("edition", key)
        if entry is not None:
            made, files, digest = entry
            if digest_of_files(map(Path, files)) == digest:
                known: BuiltEdition = made
                return known
        made, files = self._make(wish)
        if files is not None:
            self._put("edition", key, (made, files, digest_of_files(map(Path, files))))
        return made

    def _make(self, wish: BuildRequest) -> tuple[BuiltEdition, list[str]]:
        """The edition, and the files beyond the pack that it depends on."""
        from . import phases

        pack = self.pack()
        selection = selection_of(pack, wish)
        with self.templates():
            document = phases.document_of(pack, selection, wish.draft)
        theme = self._theme(wish.theme)
        advice = phases.advice_of(document, wish.theme, selection.brand)
        files = {*theme.files, *map(str, theme.faces().values())}
        with ParagraphCacheSession(self, wish, sorted(files)) as memory:
            edition = phases.edition_of(document, selection, wish.theme, wish.attach, memory)
        advice += phases.claim_warnings(edition)
        made = BuiltEdition(
            pack.title, selection.words, selection.file_stem, edition, tuple(advice)
        )
        return made, sorted({*files, *edition.pictures})

    def _theme(self, name: str) -> Theme:
        """The theme; its files are not parsed if they were before."""
        from ..theme import loader

        key = key_of(digest_of_tool()) if self.key else ""
        loader.import_cache(self._get("themes", key) or {})
        count = len(loader.export_cache())
        made = loader.load_theme(name)
        if len(loader.export_cache()) > count:
            self._put("themes", key, loader.export_cache())
        return made

    def templates(self) -> TemplateCacheSession:
        """Templates as they were compiled, for as long as the context lasts."""
        return TemplateCacheSession(self)

    def _get(self, kind: str, key: str) -> Any:
        return self.cache.get(kind, key) if self.cache and key else None

    def _put(self, kind: str, key: str, value: Any) -> None:
        if self.cache and key:
            self.cache.put(kind, key, value)


class ParagraphCacheSession:
    """Gives a layout the paragraphs of earlier ones in the same theme, and keeps its own."""

    def __init__(self, known: EditionCache, wish: BuildRequest, files: list[str]) -> None:
        from ..layout.chapter_cache import ChapterCache

        self.known = known
        self.memory = ChapterCache()
        options = wish.theme, wish.print_options, files
        digests = digest_of_tool(), digest_of_files(map(Path, files))
        # A brand is a theme of its own.
        self.key = key_of(*digests, options) if known.key and wish.brand is None else ""

    def __enter__(self) -> ChapterCache:
        from ..layout.block.paragraph_cache import ParagraphCache

        kept = self.known._get("lines", self.key)
        if kept is not None:
            self.memory.paragraphs = ParagraphCache(*kept)
        return self.memory

    def __exit__(self, *problem: object) -> None:
        if self.memory.paragraphs.misses:
            kept = self.memory.paragraphs.kept(self.memory.faces)
            self.known._put("lines", self.key, kept)


class TemplateCacheSession:
    """Hands compiled templates to the assembly, and keeps what it had to compile itself."""

    def __init__(self, known: EditionCache) -> None:
        self.known = known
        self.count = 0

    def __enter__(self) -> None:
        from ..select import template_environment

        code = self.known._get("templates", self.known.key)
        if code is not None:
            template_environment.import_cache(code)
        self.count = template_environment.cached_count()

    def __exit__(self, *problem: object) -> None:
        from ..select import template_environment

        if template_environment.cached_count() > self.count:
            self.known._put("templates", self.known.key, template_environment.export_cache())
