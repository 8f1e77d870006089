"""Lay out a book: its chapters one after the other, page numbers, outline.

First every chapter is laid out on pages, which fixes the page of every id; when a page is
drawn, the page numbers that were left open are known.  One pass suffices, because no page number
decides where a line ends.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from typing import Any

from ..core.i18n import right_to_left
from ..core.second_process import shared
from ..core.units import PAPERS
from ..document.nodes import Chapter, Document, walk
from ..document.numbering import number_document
from ..theme.print_options import PHONE, PLAIN, PrintOptions
from ..theme.theme import Theme
from ..theme.variants import theme_variant
from .area_colors import AreaColors
from .block.generated_lists import Lists
from .block.layouter import BlockLayouter
from .block.registry import SETTERS
from .chapter import (
    ChapterContent,
    ChapterLayouter,
    LaidOutChapters,
    PlannedPage,
    chapters_with_pages,
)
from .chapter_archive import ChapterArchive
from .chapter_cache import ChapterCache, RecordingDict, WrittenPages
from .faces import load_faces
from .flow.flowables import Flowable
from .flow.paginate import PageContent
from .frame import PageFrames
from .imposition import impose
from .inline.runs import InlineContext
from .outline import outline_of
from .page import Destination, LaidOutBook, PageBody
from .page_numbers import label_ranges, roman
from .pages import DrawnPages, PagePainter
from .running_heads import RunningHeads
from .structure import StructElem
from .written_pages import BodyWriter, PageBodies

# Printed on both sides, chapters of these layouts start on a right-hand page.
RIGHT = ("cover", "chapter", "contents", "plain")


def lay_out(
    document: Document,
    theme: Theme,
    paper: str = "a4",
    print_options: PrintOptions = PLAIN,
    chapter_cache: ChapterCache | None = None,
    share: bool = False,
    write_ahead: BodyWriter | None = None,
    keep: bool = True,
) -> LaidOutBook:
    """Return the pages of `document` in `theme` on `paper`, with their structure.

    Chapters that `chapter_cache` knows are not laid out again; a second process may `share` the
    work.  Bodies of pages are written with `write_ahead`, if given.
    What pages are made of takes most of the memory; if it is not to be kept, each can be read once.

    Raises:
        HandbookError: A character has no glyph, or a picture cannot be read.
    """
    theme = theme_variant(
        theme,
        large_print=print_options.large_print,
        grayscale=print_options.grayscale,
        phone=paper == PHONE,
    )
    frames = PageFrames(theme, print_options.page(paper), print_options)
    frames.check()
    layouter = BookLayouter(document, frames, chapter_cache or ChapterCache(), write_ahead)
    if share:
        layouter.lay_out_ahead()
    book = layouter.make(keep)
    if print_options.booklet:
        return impose(book, PAPERS[paper], print_options.signature)
    return book


class BookLayouter:
    """Lays out one book: chapters on pages, page numbers, drawing."""

    def __init__(
        self,
        document: Document,
        frames: PageFrames,
        cache: ChapterCache,
        write: BodyWriter | None = None,
    ) -> None:
        self.document = document
        self.frames = frames
        self.print_options = frames.print_options
        self.cache = cache
        self.root = StructElem("Document")
        # What is asked of it while chapters are laid out is recorded.
        self.labels: RecordingDict[str] = RecordingDict({})
        self.destinations: dict[str, Destination] = {}
        # The numbers that are printed on pages.
        self.page_labels: list[str] = []
        self.counts = {"front": 0, "main": 0}
        by_chapter = frames.theme.text("footnotes.numbering") == "chapter"
        numbers = number_document(document, notes_by_chapter=by_chapter)
        tables: list[RecordingDict[Any]] = [
            RecordingDict(table)
            for table in (
                numbers.number_of,
                numbers.title_of,
                numbers.address_of,
                numbers.note_of,
                numbers.chapter_number,
                document.notes,
                numbers.section_number,
                numbers.meaning_of,
            )
        ]
        tables.append(self.labels)
        self._begin(tables)
        self.page_bodies = PageBodies(cache, self.faces, write)
        self.context = self._context(tables)
        self._ask_labels()
        lists = Lists(self.context, numbers, document, frames.frame().available_height)
        self.blocks = BlockLayouter(
            self.context,
            lists.directives,
            frames.frame().available_height,
            tables[5],
            frames.area,
            SETTERS,
            frames.landscape_width,
            frames.frame().width,
            frames.print_options.bleed,
            paragraphs=cache.paragraphs,
            meaning_of=tables[7],
        )
        self.colors = AreaColors(frames.theme)
        self.colors.add(document.chapters)
        self.chapters = ChapterLayouter(
            document, frames, self.blocks, tables[4], lists, self.colors
        )

    def _begin(self, tables: list[RecordingDict[Any]]) -> None:
        """Pass to the cache what this book depends on; load its fonts if they are not cached."""
        document, frames, cache = self.document, self.frames, self.cache
        key = (frames, document.fields, document.logos, document.meta.language)
        cache.begin(key, tables)
        if not cache.faces:
            cache.faces = load_faces(frames.theme)
            cache.paragraphs.prepare(cache.faces)
        self.faces = cache.faces

    def _context(self, tables: list[RecordingDict[Any]]) -> InlineContext:
        """Return the context of this book's text.

        Lines that were laid out earlier keep their context, which is therefore updated.
        """
        meta = self.document.meta
        context = self.cache.context or InlineContext(
            self.frames.theme,
            self.faces,
            self.document.fields,
            {},
            {},
            {},
            {},
            str,
            meta.language,
            self.print_options.form,
        )
        self.cache.context = context
        context.mirrored = right_to_left(meta.language)
        if context.mirrored:
            self.root.attributes = {"O": "Layout", "WritingMode": "RlTb"}
        context.number_of, context.title_of = tables[0], tables[1]
        context.address_of, context.note_of = tables[2], tables[3]
        context.section_of = tables[6]
        context.drawing = self.cache.paragraphs.drawing
        return context

    def _ask_labels(self) -> None:
        """Let what is laid out from now on ask for the page numbers that are known by then."""
        labels = self.labels
        # Not by way of this object, which would keep the pages of a book as long as its chapters.
        self.context.label_of = lambda target: labels.get(target, "")

    def make(self, keep: bool = True) -> LaidOutBook:
        """Return the book: chapters on numbered pages, to be read once unless they are kept."""
        self._ask_labels()
        parts: list[LaidOutChapters] = []
        for chapters in chapters_with_pages(self.document, self.frames.theme):
            part = LaidOutChapters(chapters, self._sheets(chapters))
            if parts:
                self._fill_up(parts[-1], part)
            self._number(part)
            parts.append(part)
        self._fill_up(parts[-1], None)
        return LaidOutBook(
            self._drawn([plan for part in parts for plan in part.plans()], keep),
            self.root,
            self.destinations,
            outline_of(
                self.document.chapters,
                self.destinations,
                self.frames.theme,
                self.context.section_of,
            ),
            dict(self.faces),
            label_ranges(parts),
            bleed=self.print_options.bleed,
            margin=self.print_options.margin,
            grey=self.print_options.grayscale,
            mirrored=self.context.mirrored,
        )

    def _drawn(self, plans: list[PlannedPage], keep: bool) -> DrawnPages:
        """Return the pages; those that look as in the cache's last book have the same body."""
        painter = self._painter()
        if keep or self.cache.bodies or self.cache.stored:
            bodies = self.cache.page_bodies(map(painter.appearance, plans), painter.labels)
        else:
            bodies = [PageBody() for _ in plans]
        # Where pages face one another, it is not known before which side chapters begin on.
        if self.cache.stored and not self.print_options.mirrored:
            self.cache.stored.finish = lambda: self._finish(painter, plans, bodies)
        drawn = plans
        if not (keep or self.print_options.booklet):
            # Where pages share a side, their bodies are written together.
            drawn = [
                plan if body.written is None else plan.without_flowables()
                for plan, body in zip(plans, bodies, strict=True)
            ]
        return DrawnPages(drawn, self.page_labels, bodies, painter, keep)

    def _finish(
        self, painter: PagePainter, plans: list[PlannedPage], bodies: list[PageBody]
    ) -> WrittenPages:
        """Write what is not written yet; return the pages for a build where they are the same."""
        self.page_bodies.write_rest(painter, plans, bodies)
        return self.page_bodies.written_pages(painter, plans, bodies)

    def _painter(self) -> PagePainter:
        """Return what draws the pages that are numbered by now."""
        document, context = self.document, self.context
        labels = dict(self.labels)
        source, total = document.chapters[0].source, self.counts["main"]
        heads = RunningHeads(
            document.meta, document.fields, document.provided_fields, source, self.frames, context,
            total,
        )  # fmt: skip
        return PagePainter(
            self.frames, document.meta, context, labels, self.faces, self.colors, heads
        )

    def _sheets(self, chapters: list[Chapter]) -> list[PageContent]:
        """Return the pages of chapters that share them, from the cache if nothing changed."""
        stored = self.cache.stored
        if stored and self._depend_on_pages(chapters) and not self._recall_stored(chapters):
            stored.add_new(tuple(chapter.id for chapter in chapters))
        contents = [self._content(c, n > 0, self.root) for n, c in enumerate(chapters)]
        return self._pages(chapters, contents, self._starts_right(chapters[0]))

    def _pages(
        self, chapters: list[Chapter], contents: list[ChapterContent], right: bool | None
    ) -> list[PageContent]:
        """Return the pages of chapters as they were laid out."""
        if contents[0].sheets is not None:
            return list(contents[0].sheets)
        name = f"{chapters[0].id} {right}"
        self.page_bodies.groups[chapters[0].id] = tuple(chapter.id for chapter in chapters), name
        sheets = self.cache.recall_pages(contents, name)
        if sheets is None:
            sheets = self.chapters.pages(chapters[0], contents, right)
            self.cache.keep_pages(contents, name, sheets)
        return sheets

    def _starts_right(self, chapter: Chapter) -> bool | None:
        """Return whether a chapter's next page is a right-hand one; None if pages have one side."""
        if not self.print_options.mirrored:
            return None
        if not self.print_options.booklet and chapter.layout in RIGHT:
            return True
        return len(self.page_labels) % 2 == 0

    def _content(self, chapter: Chapter, run_in: bool, root: StructElem) -> ChapterContent:
        """Return a chapter laid out, from the cache if it and what it asked are unchanged."""
        book_values = self.chapters.book_values(chapter)
        content = self.cache.recall(chapter, root, run_in, book_values)
        if content is not None:
            return content
        self.cache.listen()
        element = root.child("Sect")
        content = self.chapters.lay_out(chapter, element, run_in)
        self.cache.keep(chapter, content, element, book_values)
        return content

    def _depend_on_pages(self, chapters: list[Chapter]) -> bool:
        """Return whether chapters show what is only known when others are on pages."""
        return any(map(self.chapters.generated_lists, chapters))

    # ------------------------------------------------------------------- both cores

    def lay_out_ahead(self) -> None:
        """Lay out what no page number decides before `make` asks for it, with a second process.

        Pages that show no page number are written, too.
        """
        groups = [
            chapters
            for chapters in chapters_with_pages(self.document, self.frames.theme)
            if not self._depend_on_pages(chapters)
        ]
        self.cache.archive = ChapterArchive(self.context, self.colors)
        if self.cache.stored:
            self.cache.stored.add_codes(self.faces)
        groups = [chapters for chapters in groups if not self._recall_stored(chapters)]
        # The largest first, so that no process is left with one when the other has ended.
        groups.sort(key=lambda chapters: -sum(1 for c in chapters for _ in walk(c.blocks)))
        stored, names = self.cache.stored, [tuple(c.id for c in chapters) for chapters in groups]

        def ahead(number: int) -> None:
            sheets = self._group_ahead(groups[number])
            if sheets:
                part = LaidOutChapters(groups[number], sheets)
                self.page_bodies.write_ahead(self._painter(), part)

        def here(number: int) -> None:
            ahead(number)
            if stored is not None:
                stored.add_new(names[number])

        def other(numbers: Iterator[int]) -> bytes:
            before = self.cache.paragraphs.sizes()
            exported: dict[int, bytes] = {}
            for number in numbers:
                ahead(number)
                exported[number] = self.cache.export_chapters(names[number])
            learnt = self.cache.paragraphs.export_since(before, self.faces)
            return pickle.dumps((exported, learnt), protocol=5)

        if answer := shared(len(groups), here, other):
            exported, learnt = pickle.loads(answer)
            for number, data in exported.items():
                if data:
                    self.cache.add_chapters(data, groups[number])
                if data and stored is not None:
                    stored.add_new(names[number], data)
            self.cache.paragraphs.add(learnt, self.faces)

    def _recall_stored(self, chapters: list[Chapter]) -> bool:
        """Take chapters from what is stored; return whether all are as they would be now."""
        stored, names = self.cache.stored, tuple(chapter.id for chapter in chapters)
        if stored is None:
            return False
        data = stored.recall_pages(chapters)
        if data:
            self.cache.add_chapters(data, chapters)
            if self._are_known(chapters):
                stored.pages[names] = data
                return True
            self.cache.drop_chapters(names)
        data, same = stored.recall(chapters)
        if not same:
            return False
        self.cache.add_chapters(data, same)
        known = self._are_known(chapters)
        if known:
            stored.rewritten.add(names)
        return known

    def _are_known(self, chapters: list[Chapter]) -> bool:
        """Return whether the cache has these chapters as they would be now, on pages if it may."""
        apart = StructElem("Document")
        contents = [
            self.cache.recall(c, apart, n > 0, self.chapters.book_values(c))
            for n, c in enumerate(chapters)
        ]
        known = [content for content in contents if content is not None]
        if len(known) < len(contents):
            return False
        if self.print_options.mirrored or known[0].sheets is not None:
            return True
        part = LaidOutChapters(chapters, self._pages(chapters, known, None))
        return self.page_bodies.are_known(self._painter(), part)

    def _group_ahead(self, chapters: list[Chapter]) -> list[PageContent]:
        """Lay out chapters that share pages; return these if it is known where they begin."""
        apart = StructElem("Document")
        contents = [self._content(chapter, n > 0, apart) for n, chapter in enumerate(chapters)]
        if self.print_options.mirrored:
            return []
        return self._pages(chapters, contents, None)

    # ----------------------------------------------------------------- numbering

    def _number(self, part: LaidOutChapters) -> None:
        """Number the pages of a chapter, and add the destination of every anchor."""
        part.first_page = len(self.page_labels)
        for sheet in part.sheets:
            self._number_page(part.chapter)
            self._add_destinations(sheet, len(self.page_labels) - 1, self.page_labels[-1])

    def _number_page(self, chapter: Chapter) -> None:
        kind = "front" if chapter.matter == "front" else "main"
        self.counts[kind] += 1
        count = self.counts[kind]
        self.page_labels.append(roman(count) if kind == "front" else str(count))

    def _fill_up(self, before: LaidOutChapters, part: LaidOutChapters | None) -> None:
        """Add pages for notes after `before`, so that `part` (None: the end) begins rightly.

        Chapters start on right-hand pages, the back cover is the last page of a whole number
        of leaves or folded sheets.
        """
        leaf = 4 if self.print_options.booklet else 2 if self.print_options.duplex else 1
        if part is None or self._is_back_cover(part.chapter):
            ahead = len(part.sheets) if part else 0
        elif self.print_options.booklet or part.chapter.layout not in RIGHT:
            return
        else:
            ahead = 0
        for _ in range(-(len(self.page_labels) + ahead) % leaf):
            self._number_page(before.chapter)
            before.sheets.append(PageContent(blank=True))

    def _is_back_cover(self, chapter: Chapter) -> bool:
        return chapter is self.document.chapters[-1] and chapter.layout == "back-cover"

    def _add_destinations(self, sheet: PageContent, page: int, label: str) -> None:
        frame = self.frames.frame(page, sheet.landscape)
        for placed in sheet.placed:
            for flowable, offset in placed.flowable.places(placed.offset):
                self._add_destination(flowable, page, label, frame.top - offset + 6)
        for flowable in sheet.notes:
            self._add_destination(flowable, page, label, frame.bottom + 60)

    def _add_destination(self, flowable: Flowable, page: int, label: str, y: float) -> None:
        for anchor in flowable.all_anchors():
            self.labels.setdefault(anchor, label)
            self.destinations.setdefault(anchor, Destination(page, y))
