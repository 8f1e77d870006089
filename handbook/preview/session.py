"""Lay a content folder out again whenever a file in it is saved.

One thread works, browsers wait: each asks for the state after the one it has.  A mistake replaces
the findings and leaves the last good pages where they are.
"""

from __future__ import annotations

import gc
import threading
import time
from collections import OrderedDict
from dataclasses import field, replace
from datetime import date
from functools import partial
from pathlib import Path

from ..core.diagnostics import NOWHERE, Diagnostic, HandbookError, error
from ..core.values import frozen, record
from ..document.nodes import Chapter, Document
from ..layout.book import lay_out
from ..layout.chapter_cache import ChapterCache
from ..layout.page import LaidOutBook
from ..pack.loader import load_pack
from ..pack.model import Pack
from ..pack.schema import AXES
from ..pack.theme_styles import check_styles
from ..pdf.rasterize import page_picture
from ..pipeline import phases
from ..select.selection import Selection, select
from ..select.template_environment import TEMPLATES
from ..theme.loader import load_theme, shipped_themes
from ..theme.print_options import CHOICES
from .background_check import checked
from .page_images import page_digest, page_pdf, page_places

# Editions kept although they are not open, and pictures kept.
SPARE_EDITIONS = 2
PICTURES = 400
# Seconds without a save, after which every selection is checked.
QUIET = 1.0
# Widths of pictures (pixels) are multiples of this, so that windows of any size share them.
WIDTH_STEP = 64
WIDEST = 3200


@frozen
class PreviewSelection:
    """The selection of a viewer: ids from the pack, a paper and a theme."""

    role: str = ""
    path: str = ""
    plan: str = ""
    paper: str = "a4"
    theme: str = "default"


@frozen
class PagePreview:
    """A page as a browser knows it: its size in points, its place as chapter and page in it."""

    digest: str
    label: str
    width: float
    height: float
    place: str


@frozen
class State:
    """The pages and findings of one selection.

    `stale` pages are those of the last content that was right.  `seconds` is how long it took.
    `elsewhere` is what the last check of all selections found; while `checking`, another one runs.
    """

    serial: int = 0
    working: bool = True
    stale: bool = False
    words: str = ""
    pages: tuple[PagePreview, ...] = ()
    findings: tuple[Diagnostic, ...] = ()
    elsewhere: tuple[Diagnostic, ...] = ()
    checking: bool = True
    seconds: float = 0.0


@record
class _Open:
    """A choice that is or was looked at: its state, its last good book, what it was like."""

    state: State = field(default_factory=State)
    layouts: ChapterCache = field(default_factory=ChapterCache)
    reading: phases.DocumentCache = field(default_factory=phases.DocumentCache)
    chapters: dict[str, Chapter] = field(default_factory=dict)
    book: LaidOutBook | None = None
    document: Document | None = None
    watchers: int = 0
    done: int = -1


class PreviewSession:
    """The open previews of one folder.

    `day` is the editions' date.  `run` works until `stop`; the other methods may be called from
    any thread.
    """

    def __init__(self, folder: Path, day: date, theme: str = "default") -> None:
        self.folder = folder
        self.day = day
        self.theme = theme
        self.pack: Pack | None = None
        self._open: OrderedDict[PreviewSelection, _Open] = OrderedDict()
        self._news = threading.Condition()
        self._drawing = threading.Lock()
        self._pictures: OrderedDict[tuple[str, int], bytes] = OrderedDict()
        self._elsewhere: tuple[Diagnostic, ...] = ()
        self._checked = -1
        self._change = 0
        self._stopped = False

    # ------------------------------------------------------------ what browsers ask

    def enter(self, choice: PreviewSelection) -> None:
        """Note that a viewer opens `choice`."""
        with self._news:
            self._open.setdefault(choice, _Open()).watchers += 1
            self._open.move_to_end(choice)
            self._news.notify_all()

    def leave(self, choice: PreviewSelection) -> None:
        """Note that a viewer has left."""
        with self._news:
            if choice in self._open:
                self._open[choice].watchers -= 1
            idle = [key for key, entry in self._open.items() if not entry.watchers]
            for key in idle[: max(0, len(idle) - SPARE_EDITIONS)]:
                del self._open[key]

    def after(self, choice: PreviewSelection, serial: int, patience: float) -> State | None:
        """Return the state of `choice` once it is another than `serial`; None after `patience`
        seconds.
        """
        with self._news:
            self._news.wait_for(
                lambda: self._stopped or self._state(choice).serial > serial, patience
            )
            state = self._state(choice)
            return state if state.serial > serial and not self._stopped else None

    def _state(self, choice: PreviewSelection) -> State:
        entry = self._open.get(choice)
        return entry.state if entry else State()

    @property
    def stopped(self) -> bool:
        """Return whether the session is closed."""
        return self._stopped

    def choices(self) -> dict[str, list[tuple[str, str]]]:
        """Return what can be chosen: (id, name) by the names of `PreviewSelection`."""
        choices: dict[str, list[tuple[str, str]]] = {}
        for axis in AXES:
            rows = self.pack.axis(axis) if self.pack else ()
            choices[axis[:-1]] = [(str(row["id"]), str(row["name"])) for row in rows]
        choices["paper"] = [(name, name.replace("-", " ").capitalize()) for name in CHOICES]
        themes = dict.fromkeys((self.theme, *shipped_themes()))
        choices["theme"] = [(name, Path(name).stem) for name in themes]
        return choices

    def picture(self, choice: PreviewSelection, digest: str, width: int) -> bytes | None:
        """Return a page as PNG, `width` pixels wide or a little more; None if it is no longer
        there.
        """
        width = min(WIDEST, -(-max(width, 1) // WIDTH_STEP) * WIDTH_STEP)
        key = (digest, width)
        with self._news:
            if key in self._pictures:
                self._pictures.move_to_end(key)
                return self._pictures[key]
            entry = self._open.get(choice)
            if entry is None or entry.book is None or entry.document is None:
                return None
            book, document = entry.book, entry.document
            index = next(
                (n for n, page in enumerate(entry.state.pages) if page.digest == digest), -1
            )
        if not 0 <= index < len(book.pages):
            return None
        # PDFium is not for several threads at once.
        with self._drawing:
            data = page_picture(page_pdf(book, index, document.meta, document.fields), width)
        with self._news:
            self._pictures[key] = data
            while len(self._pictures) > PICTURES:
                self._pictures.popitem(last=False)
        return data

    def pdf(self, choice: PreviewSelection) -> tuple[str, bytes]:
        """Return the whole edition as a file, and its name.

        Raises:
            HandbookError: If the content has errors.
        """
        self._check_theme(choice)
        pack = load_pack(self.folder)
        selection = self._selection(pack, choice)
        return f"{selection.file_stem}.pdf", phases.build(pack, selection, theme=choice.theme)

    # --------------------------------------------------------------------- the work

    def places(self) -> list[Path]:
        """Return the folders and files that decide how pages come out."""
        beside = self.folder.absolute().parent / TEMPLATES
        theme = [Path(self.theme)] if self.theme.endswith((".yaml", ".yml")) else []
        return [place for place in (self.folder, beside, *theme) if place.exists()]

    def changed(self) -> None:
        """Note that a file was saved."""
        with self._news:
            self._change += 1
            self._news.notify_all()

    def stop(self) -> None:
        """Release all waiting requests."""
        with self._news:
            self._stopped = True
            self._news.notify_all()

    def run(self) -> None:
        """Lay out what is looked at, whenever something changed, until the session is stopped."""
        while True:
            with self._news:
                self._news.wait_for(lambda: self._stopped or self._waiting() is not None)
                if self._stopped:
                    return
                choice = self._waiting()
                assert choice is not None
                entry = self._open[choice]
                entry.done = self._change
                self._tell(entry, replace(entry.state, working=True))
            self._lay_out(choice, entry)

    def check(self) -> None:
        """Check the other editions after each pause in the work, until stopped."""
        while True:
            with self._news:
                self._news.wait_for(lambda: self._stopped or self._at_rest())
                if self._stopped:
                    return
                current = partial(self._current, self._change)
                change = self._change
                # Wait for a pause: an author often saves again soon.
                self._news.wait_for(lambda: not current(), QUIET)  # noqa: B023
            findings = checked(self.folder, self.day, self.theme, current) if current() else None
            with self._news:
                if not current():
                    continue
                self._checked = change
                if findings is not None:
                    self._elsewhere = findings
                for entry in self._open.values():
                    refreshed = replace(entry.state, elsewhere=self._elsewhere, checking=False)
                    self._tell(entry, refreshed)

    def _current(self, change: int) -> bool:
        return self._change == change and not self._stopped

    def _at_rest(self) -> bool:
        """Return whether every open edition is laid out without errors and not yet checked."""
        looked = [entry for entry in self._open.values() if entry.watchers]
        return (
            self._change != self._checked
            and bool(looked)
            and self._waiting() is None
            and all(not (entry.state.working or entry.state.stale) for entry in looked)
            and all(entry.state.pages for entry in looked)
        )

    def _waiting(self) -> PreviewSelection | None:
        """Return the choice to be laid out next: what was opened last goes first."""
        for choice, entry in reversed(self._open.items()):
            if entry.watchers and entry.done != self._change:
                return choice
        return None

    def _tell(self, entry: _Open, state: State) -> None:
        with self._news:
            entry.state = replace(state, serial=entry.state.serial + 1)
            self._news.notify_all()

    def _lay_out(self, choice: PreviewSelection, entry: _Open) -> None:
        began = time.perf_counter()
        try:
            state, book, document = self._laid_out(choice, entry)
        except Exception as problem:
            findings = tuple(sorted(_diagnostics_of(problem)))
            self._tell(
                entry,
                replace(
                    entry.state,
                    working=False,
                    stale=bool(entry.state.pages),
                    findings=findings,
                    seconds=time.perf_counter() - began,
                ),
            )
            return
        if entry.book is None:
            # What stays need not be looked through for garbage at every save.
            gc.freeze()
        with self._news:
            entry.book, entry.document = book, document
            self._tell(
                entry,
                replace(state, seconds=time.perf_counter() - began, serial=entry.state.serial),
            )

    def _laid_out(
        self, choice: PreviewSelection, entry: _Open
    ) -> tuple[State, LaidOutBook, Document]:
        self._check_theme(choice)
        if choice.theme.endswith((".yaml", ".yml")):
            load_theme.cache_clear()
        self.pack = pack = load_pack(self.folder)
        selection = self._selection(pack, choice)
        document = _known_again(
            phases.document_of(pack, selection, draft=True, cache=entry.reading),
            entry.chapters,
        )
        theme = load_theme(choice.theme)
        check_styles(theme, pack)
        book = lay_out(document, theme, selection.paper, selection.print_options, entry.layouts)
        # The window asks for pages while the next book is laid out.
        book = replace(book, pages=[*book.pages])
        pages = tuple(
            PagePreview(page_digest(page), page.label, page.width, page.height, place)
            for page, place in zip(book.pages, page_places(book, document), strict=True)
        )
        advice = tuple(phases.advice_of(document, choice.theme))
        state = State(
            working=False,
            words=selection.words,
            pages=pages,
            findings=advice,
            elsewhere=self._elsewhere,
        )
        return state, book, document

    def _check_theme(self, choice: PreviewSelection) -> None:
        """Raise HandbookError for a theme that is neither packaged nor that of --theme."""
        if choice.theme not in (self.theme, *shipped_themes()):
            raise error(f"unknown theme {choice.theme!r}", hint="name it with --theme")

    def _selection(self, pack: Pack, choice: PreviewSelection) -> Selection:
        return select(
            pack,
            role=choice.role,
            path=choice.path,
            plan=choice.plan,
            paper=choice.paper,
            day=self.day,
        )


def _known_again(document: Document, known: dict[str, Chapter]) -> Document:
    """Return `document` with the chapters that are as they were as the objects they were."""
    chapters = tuple(
        before if (before := known.get(chapter.id)) == chapter else chapter
        for chapter in document.chapters
    )
    known.update({chapter.id: chapter for chapter in chapters})
    return replace(document, chapters=chapters)


def _diagnostics_of(problem: Exception) -> tuple[Diagnostic, ...]:
    """Return the diagnostics for the author; a defect of the program must not end the preview."""
    if isinstance(problem, HandbookError):
        return problem.diagnostics
    words = f"unexpected {type(problem).__name__}: {problem}"
    return (Diagnostic.at(NOWHERE, words, "this is a bug in handbook; please report it"),)
