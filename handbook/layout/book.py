"""Chapters -> a book: openers, running heads, page numbers.

First every chapter is stacked on sheets, which fixes the page of every id; then
everything is drawn, and the page numbers that were left open are known.  One
pass suffices, because no page number decides where a line ends.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from ..core.diagnostics import error
from ..core.i18n import right_to_left
from ..core.units import PAPERS
from ..document.fields import FieldSpec
from ..document.nodes import Block, Chapter, Directive, Document, Heading, Text, plain_text, walk
from ..document.numbering import headings, number_document
from ..theme.print_options import PLAIN, PrintOptions
from ..theme.theme import Theme
from ..theme.variants import theme_variant
from .block.area import Area
from .block.cover import cover_pieces, draw_cover
from .block.generated_lists import Lists
from .block.layouter import BlockLayouter
from .block.registry import SETTERS
from .chapter_cache import ChapterCache, RecordingDict
from .faces import load_faces
from .flow.flowables import Flowable, RuleLine
from .flow.paginate import (
    Geometry,
    PageContent,
    Paginator,
    PositionedFlowable,
    draw_notes,
    draw_sheet,
    frames_of,
)
from .imposition import add_marks, impose
from .inline.encode import encode_runs
from .inline.runs import InlineContext, RunStyle, TextRun
from .page import (
    Destination,
    FieldPlaceholder,
    Glyphs,
    LaidOutBook,
    OutlineEntry,
    Page,
    PageField,
    PageItem,
    Segment,
)
from .right_to_left import mirror
from .structure import StructElem

COVERS = ("cover", "back-cover")
# Printed on both sides, chapters of these layouts start on a right-hand page.
RIGHT = ("cover", "chapter", "contents", "plain")
# A frame lower or narrower than an inch (points) holds no words.
LEAST = 72.0
# A chapter's last page below this share of its height is worth saving.
SHORT_PAGE = 0.22


@dataclass(slots=True)
class LaidOutChapter:
    """A chapter on its sheets; `first_page` is the index of its first page in the book."""

    chapter: Chapter
    sheets: list[PageContent]
    first_page: int = 0


def lay_out(
    document: Document,
    theme: Theme,
    paper: str = "a4",
    print_options: PrintOptions = PLAIN,
    memory: ChapterCache | None = None,
) -> LaidOutBook:
    """The pages of `document` in `theme` on `paper`, with their structure.

    Chapters that `memory` knows are not stacked again.  Raises HandbookError if a character has
    no glyph or a picture cannot be read.
    """
    theme = theme_variant(
        theme, large_print=print_options.large_print, grayscale=print_options.grayscale
    )
    book = BookLayouter(
        document, theme, print_options.page(paper), print_options, memory or ChapterCache()
    ).make()
    if print_options.booklet:
        return impose(book, PAPERS[paper], print_options.signature)
    return book


class BookLayouter:
    """Lays out one book: stacks chapters, numbers pages, draws."""

    def __init__(
        self,
        document: Document,
        theme: Theme,
        paper: str,
        print_options: PrintOptions,
        memory: ChapterCache,
    ) -> None:
        self.document = document
        self.theme = theme
        self.paper = paper
        self.print_options = print_options
        self.facts = facts = number_document(document)
        asked: list[RecordingDict[Any]] = [
            RecordingDict(table)
            for table in (facts.number_of, facts.title_of, facts.address_of, facts.note_of,
                          facts.chapter_number, document.notes)
        ]  # fmt: skip
        numbers, titles, addresses, marks, self.chapter_number, notes = asked
        self.memory = memory
        around = (
            theme,
            paper,
            print_options,
            document.fields,
            document.logos,
            document.meta.language,
        )
        memory.begin(around, asked)
        if not memory.faces:
            memory.faces = load_faces(theme)
            memory.paragraphs.prepare(memory.faces)
        self.faces = memory.faces
        self.labels: dict[str, str] = {}
        self.destinations: dict[str, Destination] = {}
        self.root = StructElem("Document")
        self.geometry = self._frame()
        self._check_room()
        # Lines that were stacked before ask their own setting when they are drawn.
        self.context = memory.context or InlineContext(
            theme, self.faces, document.fields, numbers, titles, addresses, marks, str,
            document.meta.language, print_options.form,
        )  # fmt: skip
        context = memory.context = self.context
        context.mirrored = right_to_left(document.meta.language)
        if context.mirrored:
            self.root.table = {"O": "Layout", "WritingMode": "RlTb"}
        context.number_of, context.title_of = numbers, titles
        context.address_of, context.note_of = addresses, marks
        context.label_of = lambda target: self.labels.get(target, "")
        lists = Lists(self.context, self.facts, document)
        special: dict[str, Callable[[Directive, Area], list[Flowable]]] = {
            "contents": lists.contents,
            "links": lists.links,
            "tables": lists.tables,
            "figures": lists.figures,
            "index": lists.index,
        }
        self.blocks = BlockLayouter(
            self.context,
            special,
            self.geometry.available_height,
            notes,
            self._room,
            SETTERS,
            self._long_side(),
            paragraphs=memory.paragraphs,
        )
        self.pages: list[Page] = []
        self.counts = {"front": 0, "main": 0}
        self.heads: dict[str, list[TextRun]] = {}

    def make(self) -> LaidOutBook:
        """Stack and number, draw."""
        laid: list[LaidOutChapter] = []
        for chapter in self.document.chapters:
            part = self._part(chapter)
            if laid:
                self._fill_up(laid[-1], part)
            self._number(part)
            laid.append(part)
        self._fill_up(laid[-1], None)
        for part in laid:
            self._draw(part)
            self._furnish(part)
        for page in self.pages:
            if self.context.mirrored:
                mirror(page, self.faces)
            add_marks(page, self.print_options)
        return LaidOutBook(
            self.pages, self.root, self.destinations, self._outline(), dict(self.faces),
            _label_ranges(laid), bleed=self.print_options.bleed, margin=self.print_options.margin,
            grey=self.print_options.grayscale, mirrored=self.context.mirrored,
        )  # fmt: skip

    # ------------------------------------------------------------------ geometry

    def _page(self, key: str) -> float:
        return self.theme.page(self.paper, key)

    def _frame(self, index: int = 0, turned: bool = False) -> Geometry:
        """The frame of the page `index`; bound pages are wider at the side that is bound."""
        width, height = PAPERS[self.paper]
        left = self._page("wide-left")
        if turned:
            width, height = height, width
        if self.print_options.mirrored:
            left = self._page("outer" if index % 2 else "inner")
        return Geometry(width, height, left, height - self._page("top"), self._page("bottom"))

    def _check_room(self) -> None:
        """Raise HandbookError for margins that leave no place for words."""
        wide = self._room(self.root)
        for area, side in ((self.geometry.available_height, "top"), (wide.width, "left")):
            if area < LEAST:
                raise error(
                    f"the margins leave no room for words on {self.paper}",
                    at=self.theme.at(f"page.{side}"),
                    hint="make page.top, bottom, left, right, inner, outer smaller",
                    code="theme-value",
                )

    def _room(self, element: StructElem, style: str = "body") -> Area:
        sides = ("inner", "outer") if self.print_options.mirrored else ("wide-left", "right")
        wide = self.geometry.width - sum(map(self._page, sides))
        indent = self._page("left") - self._page("wide-left")
        return Area(indent, wide - indent, 0.0, wide, element, style)

    def _long_side(self) -> float:
        """The width of the frame on a page in landscape; 0 where pages are not to be turned."""
        if self.print_options.booklet:
            return 0.0
        sides = ("inner", "outer") if self.print_options.mirrored else ("wide-left", "right")
        return self.geometry.height - sum(map(self._page, sides))

    # ------------------------------------------------------------------ stacking

    def _part(self, chapter: Chapter) -> LaidOutChapter:
        """The chapter on its sheets, as it was the last time if it can be."""
        sheets = self.memory.recall(chapter, self.root)
        if sheets is not None:
            return LaidOutChapter(chapter, sheets)
        self.memory.listen()
        element = self.root.child("Sect")
        part = self._stack(chapter, element)
        if not any(
            isinstance(block, Directive) and block.name in self.blocks.special
            for block in walk(chapter.blocks)
        ):
            self.memory.keep(chapter, part.sheets, element)
        return part

    def _stack(self, chapter: Chapter, element: StructElem) -> LaidOutChapter:
        area = self._room(element)
        if chapter.layout in COVERS:
            height, top = self.geometry.height, self._page("top")
            logo = self.document.logos.get(chapter.layout)
            placed = cover_pieces(self.blocks, chapter, area, self.theme, height, top, logo)
            return LaidOutChapter(
                chapter,
                [
                    PageContent(
                        [PositionedFlowable(flowable, offset) for flowable, offset in placed]
                    )
                ],
            )
        if chapter.layout == "imprint":
            area = replace(area, style="imprint")
        flowables = [*self._opener(chapter, area), *self._sections(chapter.blocks, area)]
        sheets = self._sheets(
            flowables, self._page("opener") if chapter.layout == "chapter" else 0.0
        )
        if chapter.layout == "imprint":
            _sink(sheets[-1], self.geometry.available_height)
        return LaidOutChapter(chapter, sheets)

    def _sheets(self, flowables: list[Flowable], drop: float) -> list[PageContent]:
        """The sheets of a chapter; its opener gives way if that saves a page of a few lines."""
        grid = self.theme.number("grid")

        def build(share: float) -> list[PageContent]:
            made: list[PageContent] = []
            for turned, run in _runs(flowables):
                area = self._frame(0, turned).available_height
                own = Paginator(area, grid, 0.0 if made else drop * share, self.blocks.footnotes)
                for sheet in own.build(run):
                    sheet.landscape = turned
                    made.append(sheet)
            return made

        sheets = build(1.0)
        if len(sheets) > 1 and sheets[-1].used < self.geometry.available_height * SHORT_PAGE:
            for share in (0.6, 0.3, 0.0):
                closer = build(share)
                if len(closer) < len(sheets):
                    return closer
        return sheets

    def _opener(self, chapter: Chapter, area: Area) -> list[Flowable]:
        """A chapter's number and title, as one heading of level 1."""
        flowables: list[Flowable] = []
        wide = replace(area, x=area.wide_x, width=area.wide_width)
        heading = area.element.child("H1")
        number = self.chapter_number.get(chapter.id, "")
        if number:
            rule = RuleLine(2.0, wide.x, 42.0, self.theme.color("colors.accent"), 2.2)
            rule.after = 12.0
            style = self.theme.style("chapter-number")
            label = self.blocks.lines((Text(number + " "),), style, heading, wide, chapter.source)
            flowables += [rule, *label]
        name = "heading-3" if chapter.layout == "imprint" else "chapter-title"
        style = self.theme.style(name)
        flowables += self.blocks.lines(chapter.title, style, heading, wide, chapter.source)
        for flowable in flowables:
            flowable.keep_with_next = True
        flowables[0].anchors.append(chapter.id)
        return flowables

    def _sections(self, blocks: tuple[Block, ...], area: Area) -> list[Flowable]:
        """Top-level blocks, each below the section element that its heading opens."""
        flowables: list[Flowable] = []
        path: list[tuple[int, StructElem]] = [(1, area.element)]
        for block in blocks:
            if isinstance(block, Heading):
                while len(path) > 1 and path[-1][0] >= block.level:
                    path.pop()
                path.append((block.level, path[-1][1].child("Sect")))
            inner = replace(area, element=path[-1][1], depth=len(path))
            flowables += self.blocks.lay_out(block, inner)
        # A margin note at a chapter's end has nothing to stand beside.
        flowables += self.blocks.aside
        self.blocks.aside = []
        return flowables

    # ----------------------------------------------------------------- numbering

    def _number(self, part: LaidOutChapter) -> None:
        """An empty page for every sheet, with its label, and the destination of every anchor."""
        part.first_page = len(self.pages)
        for sheet in part.sheets:
            page = self._new_page(part.chapter, sheet.landscape)
            self._note_anchors(sheet, len(self.pages) - 1, page.label)

    def _new_page(self, chapter: Chapter, turned: bool = False) -> Page:
        kind = "front" if chapter.matter == "front" else "main"
        self.counts[kind] += 1
        label = roman(self.counts[kind]) if kind == "front" else str(self.counts[kind])
        frame = self._frame(0, turned)
        self.pages.append(Page(frame.width, frame.height, label))
        return self.pages[-1]

    def _fill_up(self, before: LaidOutChapter, part: LaidOutChapter | None) -> None:
        """Pages for notes behind `before`, so that `part` (None: the book's end) comes out right.

        Chapters start on right-hand pages, the back cover is the last page of a whole number
        of leaves or folded sheets.
        """
        leaf = 4 if self.print_options.booklet else 2 if self.print_options.duplex else 1
        last = part is None or part is self._last(part)
        ahead = len(part.sheets) if part is not None and last else 0
        if not last and (self.print_options.booklet or part.chapter.layout not in RIGHT):  # type: ignore[union-attr]
            return
        for _ in range(-(len(self.pages) + ahead) % leaf):
            self._new_page(before.chapter)
            before.sheets.append(PageContent(blank=True))

    def _last(self, part: LaidOutChapter) -> LaidOutChapter | None:
        """`part`, if it is a back cover, which nothing follows."""
        ends = part.chapter is self.document.chapters[-1] and part.chapter.layout == "back-cover"
        return part if ends else None

    def _note_anchors(self, sheet: PageContent, page: int, label: str) -> None:
        top = self._frame(page, sheet.landscape).top
        for placed in sheet.placed:
            self._place(placed.flowable, page, label, top - placed.offset + 6)
        for flowable in sheet.notes:
            self._place(flowable, page, label, self.geometry.bottom + 60)

    def _place(self, flowable: Flowable, page: int, label: str, y: float) -> None:
        for anchor in flowable.all_anchors():
            self.labels.setdefault(anchor, label)
            self.destinations.setdefault(anchor, Destination(page, y))

    # ------------------------------------------------------------------- drawing

    def _draw(self, part: LaidOutChapter) -> None:
        bar = self.theme.number("box.bar")
        hairline = self.theme.color("colors.hairline")
        indent = self._page("left") - self._page("wide-left")
        frames: list[set[int]] = [set(), *(frames_of(sheet) for sheet in part.sheets), set()]
        for offset, sheet in enumerate(part.sheets):
            index = part.first_page + offset
            page, geometry = self.pages[index], self._frame(index, sheet.landscape)
            if sheet.blank:
                draw_lines(page, geometry, self._room(self.root), self.theme)
            elif part.chapter.layout in COVERS:
                draw_cover(
                    page, part.chapter, self.theme, self.document.meta, self.print_options.bleed
                )
            left = geometry.left + indent
            draw_sheet(sheet, page, geometry, bar, (frames[offset], frames[offset + 2]))
            draw_notes(sheet, page, geometry, Segment(left, 0, left + 60, 0, hairline))

    def _furnish(self, part: LaidOutChapter) -> None:
        """Running heads and feet; none on covers, no head above a chapter's title."""
        title = part.chapter.short_title or plain_text(part.chapter.title)
        meta = self.document.meta
        gettext = self.context.words.gettext
        foot = self._page("foot")
        for offset, sheet in enumerate(part.sheets):
            index = part.first_page + offset
            page = self.pages[index]
            if part.chapter.layout in COVERS and not sheet.blank:
                continue
            if offset:
                self._line(
                    index,
                    page.height - self._page("head"),
                    meta.title,
                    gettext("Notes") if sheet.blank else title,
                )
            front = part.chapter.matter == "front"
            total = self.counts["main"]
            self._stamp(page, index, foot)
            number = gettext("Page {number}", number=page.label)
            if not front:
                number = gettext("Page {number} of {total}", number=page.label, total=total)
            self._line(index, foot, meta.subtitle, number)

    def _stamp(self, page: Page, index: int, foot: float) -> None:
        """The places of fields that stand on every page, below the running foot."""
        style = self.theme.style("running-head")
        turned = page.width != self.geometry.width
        wide = self._long_side() if turned else self._room(self.root).wide_width
        y = foot - style.leading
        for name, spec in self.document.fields.items():
            if spec.place == "footer" and self._wanted(name, spec):
                slot = FieldPlaceholder(
                    0.0, 0.0, name, style.face, style.size, style.leading, style.color, wide,
                    spec.lines, spec.floor, None,
                )  # fmt: skip
                page.running_items.append(PageField(self._frame(index, turned).left, y, slot))
                y -= style.leading * spec.lines

    def _wanted(self, name: str, spec: FieldSpec) -> bool:
        """Whether copies of this document can have a value for a field."""
        named = re.findall(r"\{([\w-]+)\}", spec.default)
        given = self.document.provided_fields
        return name in given or bool(named and given.issuperset(named))

    def _line(self, index: int, y: float, inner: str, outer: str) -> None:
        """A running head or foot; where both sides do not fit, the outer one matters more."""
        turned = self.pages[index].width != self.geometry.width
        wide = self._long_side() if turned else self._room(self.root).wide_width
        start = self._frame(index, turned).left
        own, other = self._furniture(inner), self._furniture(outer)
        widths = [sum(flowable.width for flowable in flowables) for flowables in (own, other)]
        places = [start, start + wide - widths[1]]
        if self.print_options.mirrored and index % 2:
            places = [start + wide - widths[0], start]
        furniture = self.pages[index].running_items
        if sum(widths) + 12 <= wide:
            furniture += self._set(own, places[0], y)
        furniture += self._set(other, places[1], y)

    def _furniture(self, words: str) -> list[TextRun]:
        """Words as pieces of a line in the style of running heads."""
        if words not in self.heads:
            self.heads[words] = self._head(words)
        return self.heads[words]

    def _head(self, words: str) -> list[TextRun]:
        style = self.theme.style("running-head")
        run_style = RunStyle(style.face, style.size, style.color, 0.0, None, "", "")
        source = self.document.chapters[0].source
        flowables = encode_runs(self.context, words, run_style, source) if words else []
        return flowables[::-1] if self.context.mirrored else flowables

    def _set(self, flowables: list[TextRun], x: float, y: float) -> list[PageItem]:
        items: list[PageItem] = []
        for flowable in flowables:
            run_style = flowable.style
            codes = flowable.shaped or flowable.codes
            items.append(Glyphs(x, y, run_style.face, run_style.size, run_style.color, codes, None))
            x += flowable.width
        return items

    def _outline(self) -> list[OutlineEntry]:
        entries: list[OutlineEntry] = []
        for chapter in self.document.chapters:
            if chapter.id in self.destinations:
                entries.append(OutlineEntry(1, plain_text(chapter.title), chapter.id))
                entries += [
                    OutlineEntry(2, plain_text(heading.content), heading.id)
                    for heading in headings(chapter)
                    if chapter.layout not in COVERS
                ]
        return entries


def _runs(flowables: list[Flowable]) -> list[tuple[bool, list[Flowable]]]:
    """Pieces in runs for upright and for turned pages; a heading goes with what it announces."""
    turned = [flowable.landscape for flowable in flowables]
    for place in range(len(flowables) - 2, -1, -1):
        if turned[place + 1] and flowables[place].keep_with_next:
            turned[place] = True
    runs: list[tuple[bool, list[Flowable]]] = []
    for flowable, way in zip(flowables, turned, strict=True):
        if not runs or runs[-1][0] != way:
            runs.append((way, []))
        runs[-1][1].append(flowable)
    return runs


def draw_lines(page: Page, geometry: Geometry, area: Area, theme: Theme) -> None:
    """Lines to write on, on a page that would be empty."""
    color, step = theme.color("colors.hairline"), theme.number("grid") * 4
    left = geometry.left
    y = geometry.top - step
    while y > geometry.bottom:
        page.background.append(Segment(left, y, left + area.wide_width, y, color, 0.5))
        y -= step


def _sink(sheet: PageContent, area: float) -> None:
    """Let a sheet's text stand at the page's foot, as an imprint does."""
    drop = area - sheet.used
    for placed in sheet.placed:
        placed.offset += drop


def _label_ranges(laid: list[LaidOutChapter]) -> list[tuple[int, str, int]]:
    ranges: list[tuple[int, str, int]] = []
    seen: set[str] = set()
    for part in laid:
        kind = "r" if part.chapter.matter == "front" else "D"
        if kind not in seen:
            seen.add(kind)
            ranges.append((part.first_page, kind, 1))
    return ranges


def roman(number: int) -> str:
    """A number in small Roman numerals."""
    values = (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1)
    signs = ("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i")
    out = ""
    for value, sign in zip(values, signs, strict=True):
        count, number = divmod(number, value)
        out += sign * count
    return out
