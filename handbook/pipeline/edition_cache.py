"""Build the edition that a request asks for, or take it from an earlier build.

Kept are packs as they were read, tokens of themes, compiled templates, lines of paragraphs and
whole editions.  A key holds everything the value depends on: this tool and what is installed, every
file of the pack and of its template folders, every option.  A theme's files, its fonts and the
pictures are listed in the edition's entry, and read again before it is used.
"""

from __future__ import annotations

import contextlib
import importlib
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..core.cache import (
    Cache,
    Exportable,
    digest_of_files,
    digest_of_folders,
    key_of,
    open_cache,
)
from ..core.files import CONFIG, allowed_folders, pack_roots
from ..core.second_process import in_background
from ..theme.print_options import PHONE
from .request import BuildRequest, BuiltEdition, selection_of

if TYPE_CHECKING:
    from ..pack.model import Pack
    from ..theme.theme import Theme
    from .chapter_store import ChapterStore
    from .edition_series import EditionSeries


class EditionCache:
    """What a cache (None: nothing) knows of the pack in `content`.

    In a `series`, the chapters of each edition are kept for the next.  A second process may
    `share` the work on an edition.
    """

    def __init__(
        self, content: Path, cache: Cache | None, series: bool = False, share: bool = False
    ) -> None:
        self.content = content
        self.cache = cache
        self.series, self.share = series, share
        self._series: EditionSeries | None = None
        # What is to be kept when there is a second process: kind, key, value.
        self._late: list[tuple[str, str, Any]] = []
        self.key = self._key() if cache else ""

    def _key(self, below: Path | None = None) -> str:
        """Return the key of the pack, or of what is `below` a folder of it.

        It is empty if there is too much to be looked through.
        """
        folders = (*pack_roots(self.content), *allowed_folders())
        files = digest_of_folders((below,) if below else folders, folders)
        place = str(self.content), str(self.content.absolute()), folders
        return key_of(place, files) if files else ""

    def pack(self) -> Pack:
        """Return the pack.

        Raises:
            HandbookError: for errors in its files.
        """
        from ..pack.loader import load_pack
        from ..pack.tables import TABLES

        # Tables take longest to read, and are edited less often than chapters.
        key = self._key(self.content / TABLES) if self.key else ""
        tables, known = self._get("tables", key), self._get("pack", self.key)
        if known is not None and tables is not None:
            kept: Pack = replace(known, tables=tables)
            return kept
        pack = load_pack(self.content, tables, _import_phases if self.share else None)
        # A file that was saved in between belongs to another key.
        if self.key and self.key == self._key():
            self._late.append(("pack", self.key, replace(pack, tables={})))
            if tables is None:
                self._late.append(("tables", key, dict(pack.tables)))
        if not self.share:
            self._put_late()
        return pack

    def _put_late(self) -> None:
        """Keep what waits for a second process to do it."""
        for kind, key, value in self._late:
            self._put(kind, key, value)
        self._late = []

    def edition(self, request: BuildRequest) -> BuiltEdition:
        """Return the edition that is asked for.

        Raises:
            HandbookError: for errors in the content or the choice.
        """
        known = self.known_edition(request)
        if known is not None:
            return known
        edition, files = self._build(request)
        key = self._edition_key(request)
        if key and self.key == self._key():
            self._put("edition", key, (edition, files, digest_of_files(map(Path, files))))
        return edition

    def known_edition(self, request: BuildRequest) -> BuiltEdition | None:
        """Return the edition that is asked for if an earlier build made it."""
        entry = self._get("edition", self._edition_key(request))
        if entry is None:
            return None
        edition, files, digest = entry
        known: BuiltEdition = edition
        return known if digest_of_files(map(Path, files)) == digest else None

    def _edition_key(self, request: BuildRequest) -> str:
        # A brand has its own files, so its editions are always laid out.
        return key_of(self.key, request) if self.key and request.brand is None else ""

    def _build(self, request: BuildRequest) -> tuple[BuiltEdition, list[str]]:
        """Return the edition, and the files beyond the pack that it depends on."""
        from ..pack.theme_styles import check_styles
        from . import phases
        from .edition_series import EditionSeries

        pack = self.pack()
        selection = selection_of(pack, request)
        series = self._series or EditionSeries(not self.series, self.share)
        if self.series:
            self._series = series
        store = self._store(request)
        if store:
            series.documents = store.documents(self._rendering_key(pack, request))
        chapters = series.chapters
        with self.templates():
            document = series.document(pack, selection, request.draft, request.strict)
        theme = self._theme(request.theme)
        check_styles(theme, pack)
        advice = phases.advice_of(document, request.theme, selection.brand)
        files = {*theme.files, *map(str, theme.faces().values())}
        fonts = digest_of_files(map(Path, sorted(files)))
        key = key_of(fonts, request.theme, request.print_options, request.paper == PHONE)
        # A brand has its own theme; a series has the lines of its first edition in memory.
        stored = request.brand is None and not chapters.chapters
        save_lines = self._opened("lines", key if stored else "", chapters)
        if store:
            store.open_layouts(
                chapters, key_of(key, request.paper, pack.language, sorted(document.fields.items()))
            )

        def save() -> None:
            self._put_late()
            save_lines()
            if store and series.documents:
                # A file that was saved since may be in what templates printed, or not.
                as_asked = self.key == self._key()
                store.save(series.documents, chapters, as_asked=as_asked)

        with contextlib.ExitStack() as saving:

            def laid_out() -> None:
                if self.share:
                    saving.enter_context(in_background(save))
                else:
                    save()

            edition = series.edition(document, selection, request.theme, request.attach, laid_out)
        advice += phases.edition_warnings(edition)
        if selection.schedule is not None:
            from ..select.schedule.advice import schedule_advice

            advice += schedule_advice(selection.schedule, selection.date)
        built = BuiltEdition(
            pack.title, selection.words, selection.file_stem, edition, tuple(advice)
        )
        return built, sorted({*files, *edition.pictures})

    def _store(self, request: BuildRequest) -> ChapterStore | None:
        """Return what is known of the chapters of the pack in the default brand."""
        from .chapter_store import ChapterStore

        if not (self.share and self.cache and self.key) or request.brand is not None:
            return None
        return ChapterStore(self.cache, key_of(str(self.content.absolute())))

    def _rendering_key(self, pack: Pack, request: BuildRequest) -> str:
        """Return a key of all that the templates of a pack can ask for."""
        from ..pack.tables import TABLES
        from ..select.template_environment import template_folders

        config = digest_of_files([pack.folder / CONFIG])
        templates = digest_of_folders(template_folders(pack), pack_roots(pack.folder))
        return key_of(request, config, templates, self._key(self.content / TABLES))

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

    @contextlib.contextmanager
    def _extending(self, kind: str, key: str, known: Exportable) -> Iterator[None]:
        save = self._opened(kind, key, known)
        yield
        save()

    def _opened(self, kind: str, key: str, known: Exportable) -> Callable[[], None]:
        """Give `known` what earlier processes learnt; return what keeps what it learns from now."""
        if not (self.cache and self.key and key):
            return lambda: None
        return self.cache.opened(kind, key, known)

    def _get(self, kind: str, key: str) -> Any:
        return self.cache.get(kind, key) if self.cache and key else None

    def _put(self, kind: str, key: str, value: Any) -> None:
        if self.cache and key:
            self.cache.put(kind, key, value)


def _import_phases() -> None:
    """Import what every build needs sooner or later, as long as another process reads tables."""
    importlib.import_module("..layout.book", __package__)
    importlib.import_module("..pdf.edition_writer", __package__)
    importlib.import_module("..markdown.handbook.reader", __package__)


def build_editions(
    editions: EditionCache, requests: Sequence[BuildRequest], jobs: int
) -> Iterator[BuiltEdition]:
    """Yield the editions that are asked for, in their order; `jobs` processes make what is new.

    Raises:
        HandbookError: for errors in the content or the choice.
    """
    from .executors import executor

    known = [editions.known_edition(request) for request in requests]
    new = [request for request, one in zip(requests, known, strict=True) if one is None]
    with executor(max(1, min(jobs, len(new)))) as pool:
        cached = editions.cache is not None
        run = secrets.token_hex()
        builds = iter([pool.submit(_build_in_series, one, cached, run) for one in new])
        for one in known:
            yield next(builds).result() if one is None else one


def _build_in_series(request: BuildRequest, cached: bool, run: str) -> BuiltEdition:
    return _series(request.content, cached, run).edition(request)


@lru_cache(maxsize=1)
def _series(content: Path, cached: bool, run: str) -> EditionCache:
    """Return the series of one run; files may change before the next."""
    return EditionCache(content, open_cache() if cached else None, series=True)
