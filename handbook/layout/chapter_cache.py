"""Cache chapters of a book that is laid out again and again while it is written.

What a chapter looks like depends on its own blocks and on what it asks of the book: the number
of a table, the title a reference names, a note.  `ChapterCache` records what was asked while a
chapter was laid out; it is used again for as long as the chapter and the answers are the same.
Page numbers are asked when lines are drawn, so they need not be the same.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import field
from operator import is_
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

from ..core.values import record
from ..document.nodes import Chapter
from ..fonts.face import Codes, Face
from .block.paragraph_cache import ParagraphCache
from .chapter import ChapterContent
from .flow.paginate import PageContent
from .inline.runs import InlineContext
from .page import PageBody
from .structure import StructElem

if TYPE_CHECKING:
    from .chapter_archive import ChapterArchive

V = TypeVar("V")
# Chapters that share pages: what identifies each, and all as bytes.
Group: TypeAlias = "tuple[tuple[str, ...], bytes]"
# The same by the ids of the chapters.
Groups: TypeAlias = "dict[tuple[str, ...], Group]"
# By these ids: what the cache knows the pages by, their contents, and their bodies.
WrittenPages: TypeAlias = (
    "dict[tuple[str, ...], tuple[str, list[PageContent], dict[Hashable, PageBody]]]"
)
# What the codes of each face in these bytes mean.
FaceCodes: TypeAlias = "dict[str, Codes]"


class _ABSENT:
    """The answer where there is none; the class itself, as that is the same in each process."""


class RecordingDict(dict[str, V], Generic[V]):
    """A mapping that records what it was asked for, and what it answered."""

    def __init__(self, known: Mapping[str, V]) -> None:
        super().__init__(known)
        self.answers: dict[str, object] = {}

    def _note(self, key: str) -> object:
        answer = self.answers[key] = super().get(key, _ABSENT)
        return answer

    def __getitem__(self, key: str) -> V:
        self._note(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        return self._note(str(key)) is not _ABSENT

    def get(self, key: str, default: Any = None) -> Any:
        """Return the value of `key`, or `default`."""
        answer = self._note(key)
        return default if answer is _ABSENT else answer

    def agrees(self, answers: dict[str, object]) -> bool:
        """Return whether everything that was answered would be answered the same now."""
        return all(dict.get(self, key, _ABSENT) == answer for key, answer in answers.items())


@record
class CachedChapter:
    """A chapter laid out, its element, and what it asked of the book around it."""

    chapter: Chapter
    content: ChapterContent
    element: StructElem
    answers: list[dict[str, object]]
    # What of its book it shows without asking.
    book_values: tuple[object, ...]


@record
class CachedPages:
    """The pages of chapters that share them, with the content they were made of.

    `bodies` has those that were written before it was known which numbers the pages have.
    """

    contents: list[ChapterContent]
    sheets: list[PageContent]
    bodies: dict[Hashable, PageBody] = field(default_factory=dict)


class StoredChapters:
    """Chapters that share pages as another process laid them out, in bytes, by their ids.

    Of each there are the `written` pages, whose `codes` are known, and on demand (`fetch`) all that
    these were made from, with its codes.  `identify` says which chapter of that process a chapter
    is the same as; an empty text: none.
    """

    def __init__(
        self,
        written: Groups,
        codes: FaceCodes,
        fetch: Callable[[tuple[str, ...]], tuple[Group, FaceCodes] | None],
        identify: Callable[[Chapter], str],
    ) -> None:
        self._written = written
        self._codes = codes
        self._faces: Mapping[str, Face] = {}
        self._fetch = fetch
        self.identify = identify
        # What of this is in this book, and what is still to be stored; None: not in bytes yet.
        self.pages: dict[tuple[str, ...], bytes] = {}
        self.new: dict[tuple[str, ...], bytes | None] = {}
        # Chapters whose written pages are not stored as they are now.
        self.rewritten: set[tuple[str, ...]] = set()
        # Writes the bodies that are not written yet, and returns the pages.
        self.finish: Callable[[], WrittenPages] = dict

    def add_codes(self, faces: Mapping[str, Face]) -> None:
        """Let the faces of this book know the codes in what is stored."""
        self._faces = faces
        _add_codes(faces, self._codes)

    def recall_pages(self, chapters: list[Chapter]) -> bytes:
        """Return the written pages of chapters in bytes, if all of them are still the same."""
        names = tuple(chapter.id for chapter in chapters)
        identities, data = self._written.get(names, ((), b""))
        return data if identities == tuple(map(self.identify, chapters)) else b""

    def recall(self, chapters: list[Chapter]) -> tuple[bytes, list[Chapter]]:
        """Return chapters that share pages in bytes, and those of them that are still the same."""
        names = tuple(chapter.id for chapter in chapters)
        (identities, data), codes = self._fetch(names) or (((), b""), {})
        same = [
            c
            for c, identity in zip(chapters, identities, strict=False)
            if self.identify(c) == identity
        ]
        if same:
            _add_codes(self._faces, codes)
        return data, same

    def add_new(self, names: tuple[str, ...], data: bytes | None = None) -> None:
        """Let the chapters of these ids, which share pages, be stored."""
        self.new[names] = data


def _add_codes(faces: Mapping[str, Face], known: FaceCodes) -> None:
    for name, codes in known.items():
        faces[name].add_codes(codes)


def _identified(groups: dict[tuple[str, ...], bytes], identify: Callable[[str], str]) -> Groups:
    """Return chapters in bytes with what identifies each, if all can be identified."""
    identified = {
        names: (tuple(map(identify, names)), data) for names, data in groups.items() if data
    }
    return {names: group for names, group in identified.items() if "" not in group[0]}


def _shows(body: PageBody, labels: Mapping[str, str]) -> bool:
    """Return whether the page numbers on a page that was drawn are those of `labels`."""
    shown = body.labels
    return shown is not None and all(labels.get(t, "") == label for t, label in shown.items())


@record
class ChapterCache:
    """The layout of one book when it was last laid out; `key` is what it depends on."""

    key: Hashable = None
    faces: dict[str, Face] = field(default_factory=dict)
    context: InlineContext | None = None
    chapters: dict[str, CachedChapter] = field(default_factory=dict)
    asked: list[RecordingDict[Any]] = field(default_factory=list)
    paragraphs: ParagraphCache = field(default_factory=ParagraphCache)
    # By the first chapter on the pages.
    pages: dict[str, CachedPages] = field(default_factory=dict)
    # What is on each page, by all that it depends on but for page numbers.
    bodies: dict[Hashable, PageBody] = field(default_factory=dict)
    # How many chapters the last layout took from here.
    used: int = 0
    # What other processes laid out, and how it is written; None where nothing is kept.
    stored: StoredChapters | None = None
    archive: ChapterArchive | None = None

    def begin(self, key: Hashable, asked: list[RecordingDict[Any]]) -> None:
        """Begin a layout, in which `asked` are the mappings that chapters may ask."""
        if key != self.key:
            if self.key is not None:
                self.paragraphs = ParagraphCache()
            self.key, self.faces, self.context, self.chapters = key, {}, None, {}
            self.pages, self.bodies = {}, {}
        self.paragraphs.begin()
        self.asked = asked
        self.used = 0

    def export(self) -> tuple[Any, ...]:
        """Return the paragraphs, in plain values, for another process."""
        return self.paragraphs.kept(self.faces)

    def load(self, value: tuple[Any, ...]) -> None:
        """Know the paragraphs that another process laid out."""
        self.paragraphs = ParagraphCache(*value)

    def is_changed(self) -> bool:
        """Return whether a paragraph was laid out since `load`."""
        return self.paragraphs.misses > 0

    def recall(
        self, chapter: Chapter, root: StructElem, run_in: bool, book_values: tuple[object, ...]
    ) -> ChapterContent | None:
        """Return the content of `chapter` if nothing changed, its element below `root`."""
        known = self.chapters.get(chapter.id)
        if known is None or known.chapter is not chapter or known.content.runs_in != run_in:
            return None
        if known.book_values != book_values:
            return None
        if not all(a.agrees(answer) for a, answer in zip(self.asked, known.answers, strict=True)):
            return None
        known.element.parent = root
        root.kids.append(known.element)
        self.used += 1
        return known.content

    def forget(self) -> None:
        """Know nothing of the last layout any more, as no other will be like it."""
        self.key, self.context, self.stored, self.archive = None, None, None, None
        self.faces, self.chapters, self.pages, self.bodies = {}, {}, {}, {}
        self.paragraphs = ParagraphCache()

    def listen(self) -> None:
        """Begin to record what a chapter asks."""
        for asked in self.asked:
            asked.answers = {}

    def recall_pages(self, contents: list[ChapterContent], first: str) -> list[PageContent] | None:
        """Return the pages of chapters that share them, if they have this same content."""
        known = self.pages.get(first)
        if known is None or len(known.contents) != len(contents):
            return None
        return list(known.sheets) if all(map(is_, known.contents, contents)) else None

    def export_chapters(self, names: Sequence[str]) -> bytes:
        """Return chapters that share pages, and these, as bytes; nothing if that cannot be done."""
        pages = {key: known for key, known in self.pages.items() if key.split()[0] == names[0]}
        return self._dump(names, [self.chapters[name].content for name in names], pages)

    def _export_written(
        self, names: Sequence[str], key: str, sheets: list[PageContent],
        bodies: dict[Hashable, PageBody],
    ) -> bytes:  # fmt: skip
        """Return chapters with no more than their written pages as bytes; as `export_chapters`."""
        contents = [
            ChapterContent([], runs_in=self.chapters[name].content.runs_in) for name in names
        ]
        return self._dump(names, contents, {key: CachedPages(contents, sheets, bodies)})

    def _dump(
        self, names: Sequence[str], contents: list[ChapterContent], pages: dict[str, CachedPages]
    ) -> bytes:
        assert self.archive is not None
        kept = [self.chapters[name] for name in names]
        parts = [
            (name, content, k.element, k.answers, k.book_values)
            for name, content, k in zip(names, contents, kept, strict=True)
        ]
        parents = [one.element.parent for one in kept]
        for one in kept:
            # The book is not written with its chapter.
            one.element.parent = None
        try:
            return self.archive.dump((parts, pages))
        except (pickle.PicklingError, TypeError, RecursionError, StopIteration):
            return b""
        finally:
            for one, parent in zip(kept, parents, strict=True):
                one.element.parent = parent

    def add_chapters(self, data: bytes, chapters: list[Chapter]) -> None:
        """Know these of the chapters that another process exported, and the pages that they share.

        The pages of chapters that are not all known are never recalled.
        """
        assert self.archive is not None
        parts, pages = self.archive.load(data)
        by_id = {chapter.id: chapter for chapter in chapters}
        for name, *kept in parts:
            if name in by_id:
                self.chapters[name] = CachedChapter(by_id[name], *kept)
        self.pages |= pages
        for known in pages.values():
            self.bodies |= known.bodies

    def drop_chapters(self, names: Sequence[str]) -> None:
        """Know these chapters, which share pages, no more."""
        for name in names:
            self.chapters.pop(name, None)
        for key in [key for key in self.pages if key.split()[0] == names[0]]:
            del self.pages[key]

    def export_stored(self, identify: Callable[[str], str]) -> tuple[Groups, Groups, FaceCodes]:
        """Return what other processes can use: written pages, all of what is new, codes.

        `identify` returns what identifies a chapter by its id.
        """
        stored = self.stored
        if stored is None:
            return {}, {}, {}
        finished = stored.finish()
        pages, new = dict(stored.pages), {}
        for names, data in stored.new.items():
            new[names] = data or self.export_chapters(names)
        for names in finished.keys() & {*stored.new, *stored.rewritten}:
            pages[names] = self._export_written(names, *finished[names])
        codes = {name: face.export_codes() for name, face in self.faces.items()}
        return _identified(pages, identify), _identified(new, identify), codes

    def keep_pages(
        self, contents: list[ChapterContent], first: str, sheets: list[PageContent]
    ) -> None:
        """Remember the pages of chapters that share them."""
        self.pages[first] = CachedPages(contents, list(sheets))

    def keep_body(self, first: str, appearance: Hashable, body: PageBody) -> None:
        """Remember the body of one of these pages."""
        self.pages[first].bodies[appearance] = self.bodies[appearance] = body

    def page_bodies(
        self, appearances: Iterable[Hashable], labels: Mapping[str, str]
    ) -> list[PageBody]:
        """Return the body of each page, that of the last book where it would be drawn the same."""
        bodies: list[PageBody] = []
        kept: dict[Hashable, PageBody] = {}
        for appearance in appearances:
            body = self.bodies.get(appearance)
            if body is None or not _shows(body, labels):
                body = PageBody()
            bodies.append(body)
            if appearance is not None:
                kept[appearance] = body
        self.bodies = kept
        return bodies

    def keep(
        self,
        chapter: Chapter,
        content: ChapterContent,
        element: StructElem,
        book_values: tuple[object, ...],
    ) -> None:
        """Remember a chapter as it was laid out."""
        answers = [asked.answers for asked in self.asked]
        self.chapters[chapter.id] = CachedChapter(chapter, content, element, answers, book_values)
