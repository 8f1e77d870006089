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
from .request import Made, Wish, selection_of

if TYPE_CHECKING:
    from ..layout.chapter_cache import Memory
    from ..pack.model import Pack
    from ..theme.theme import Theme


class Known:
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

    def edition(self, wish: Wish) -> Made:
        """The edition that is wished for; HandbookError for a fault of content or choice."""
        # A brand brings files of its own, so its editions are made anew.
        key = key_of(self.key, wish) if self.key and wish.brand is None else ""
        entry = self._get("edition", key)
        if entry is not None:
            made, files, digest = entry
            if digest_of_files(map(Path, files)) == digest:
                known: Made = made
                return known
        made, files = self._make(wish)
        if files is not None:
            self._put("edition", key, (made, files, digest_of_files(map(Path, files))))
        return made

    def _make(self, wish: Wish) -> tuple[Made, list[str]]:
        """The edition, and the files beyond the pack that it depends on."""
        from . import pipeline

        pack = self.pack()
        selection = selection_of(pack, wish)
        with self.templates():
            document = pipeline.document_of(pack, selection, wish.draft)
        theme = self._theme(wish.theme)
        advice = pipeline.advice_of(document, wish.theme, selection.brand)
        files = {*theme.files, *map(str, theme.faces().values())}
        with _Lines(self, wish, sorted(files)) as memory:
            edition = pipeline.edition_of(document, selection, wish.theme, wish.attach, memory)
        made = Made(pack.title, selection.words, selection.stem, edition, tuple(advice))
        return made, sorted({*files, *edition.pictures})

    def _theme(self, name: str) -> Theme:
        """The theme; its files are not parsed if they were before."""
        from ..theme import loader

        key = key_of(digest_of_tool()) if self.key else ""
        loader.take_read(self._get("themes", key) or {})
        count = len(loader.give_read())
        made = loader.load_theme(name)
        if len(loader.give_read()) > count:
            self._put("themes", key, loader.give_read())
        return made

    def templates(self) -> Compiled:
        """Templates as they were compiled, for as long as the context lasts."""
        return Compiled(self)

    def _get(self, kind: str, key: str) -> Any:
        return self.cache.get(kind, key) if self.cache and key else None

    def _put(self, kind: str, key: str, value: Any) -> None:
        if self.cache and key:
            self.cache.put(kind, key, value)


class _Lines:
    """Gives a layout the paragraphs of earlier ones in the same theme, and keeps its own."""

    def __init__(self, known: Known, wish: Wish, files: list[str]) -> None:
        from ..layout.chapter_cache import Memory

        self.known = known
        self.memory = Memory()
        press = wish.press
        ways = wish.theme, press.large, press.mono, press.form, files
        digests = digest_of_tool(), digest_of_files(map(Path, files))
        # A brand is a theme of its own.
        self.key = key_of(*digests, ways) if known.key and wish.brand is None else ""

    def __enter__(self) -> Memory:
        from ..layout.block.paragraph_cache import Paragraphs

        kept = self.known._get("lines", self.key)
        if kept is not None:
            self.memory.paragraphs = Paragraphs(*kept)
        return self.memory

    def __exit__(self, *problem: object) -> None:
        if self.memory.paragraphs.fresh:
            kept = self.memory.paragraphs.kept(self.memory.faces)
            self.known._put("lines", self.key, kept)


class Compiled:
    """Hands compiled templates to the assembly, and keeps what it had to compile itself."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.count = 0

    def __enter__(self) -> None:
        from ..select import template_environment

        code = self.known._get("templates", self.known.key)
        if code is not None:
            template_environment.take_compiled(code)
        self.count = template_environment.count_compiled()

    def __exit__(self, *problem: object) -> None:
        from ..select import template_environment

        if template_environment.count_compiled() > self.count:
            self.known._put("templates", self.known.key, template_environment.give_compiled())
