"""Lay out one chapter: its opener, its sections, its pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field, replace
from itertools import pairwise, zip_longest

from ..core.values import changed, frozen, record
from ..document.nodes import (
    Admonition,
    Block,
    Chapter,
    Checkbox,
    CodeBlock,
    DefinitionList,
    Directive,
    Division,
    Document,
    Heading,
    List,
    Paragraph,
    Table,
    Text,
    inlines_of,
    plain_text,
    walk,
)
from ..theme.theme import TextStyle, Theme
from .area_colors import AreaColors
from .block.area import Area
from .block.area_opener import area_opener, lead_of, opening_of
from .block.certificate import CertificatePage, certificate_pieces
from .block.code_notes import notes_of
from .block.cover import CoverPage, cover_pieces
from .block.exhibits import need_wide_frame, wide_kinds, wide_neighbours
from .block.generated_lists import Lists
from .block.layouter import BlockLayouter
from .block.listing_pairs import pairs_of, set_pair
from .block.side_notes import next_to
from .flow.columns import Columns
from .flow.flowables import BoxDecoration, Flowable, RuleLine, TextLine, keep_few_lines
from .flow.paginate import PageContent, Paginator, PositionedFlowable, boxes_of
from .frame import PageFrames
from .inline.line_breaking import end_with_space
from .page_runs import by_orientation, by_width
from .structure import StructElem

COVERS = ("cover", "back-cover", "certificate")
# Columns of text are at least this wide, in sizes of its letters, and this far apart.
LEAST_COLUMN, COLUMN_GAP = 17.5, 1.8
# Side-heads have this many characters on average, and at most; a chapter of fewer than this many is
# short; columns suit one in which no more of its blocks are code or tables (share).
LONG_HEAD, LONGEST_HEAD, SHORT_CHAPTER, MUCH_CODE = 52, 100, 1800, 0.15
# They are laid out again across all columns if nothing is next to them.
_AGAIN = (Admonition, CodeBlock, Table)
# A list of this many chapters is short enough for one column.
SHORT_CONTENTS = 24
# What a page's end costs before a list.
BEFORE_LIST = 16.0
# The same between a block and a checkbox that is about it.
BEFORE_TICK = 120.0


@record
class ChapterContent:
    """A chapter before it is on pages; a cover is one page already."""

    flowables: list[Flowable]
    sheets: list[PageContent] | None = None
    runs_in: bool = False
    notes: dict[str, list[Flowable]] = field(default_factory=dict)


@frozen
class _Exhibit:
    """A listing, a box or a table: its area, how many flowables it is, its place in the element."""

    block: Block
    area: Area
    count: int
    place: int


@record
class LaidOutChapters:
    """Chapters that share pages, as each runs in below the one before; often it is one.

    `first_page` is the index of their first page in the book.
    """

    chapters: list[Chapter]
    sheets: list[PageContent]
    first_page: int = 0

    @property
    def chapter(self) -> Chapter:
        """Return the first chapter."""
        return self.chapters[0]

    def plans(self) -> Iterator[PlannedPage]:
        """Yield the pages, each with the chapter that it begins with."""
        # Without their blocks, which no page needs.
        by_id = {chapter.id: changed(chapter, blocks=()) for chapter in self.chapters}
        leading = current = by_id[self.chapter.id]
        boxes: list[set[BoxDecoration]] = [set(), *map(boxes_of, self.sheets), set()]
        for offset, sheet in enumerate(self.sheets):
            begun = [by_id[a] for p in sheet.placed for a in p.flowable.anchors if a in by_id]
            first = sheet.placed[0].flowable.anchors if sheet.placed else []
            begins = bool(begun) and begun[0].id in first
            opening = begun[0] if begins else current
            around = boxes[offset], boxes[offset + 2]
            index = self.first_page + offset
            yield PlannedPage(index, sheet, leading, opening, begins, around)
            current = begun[-1] if begun else current


@frozen
class PlannedPage:
    """A page before it is drawn: its `index` in the book and its `sheet`.

    `first` is the first of the chapters that share pages, `chapter` the one that the page begins
    with, or `begins` to show.  Boxes that are on the sheet before or after go on there.
    """

    index: int
    sheet: PageContent
    first: Chapter
    chapter: Chapter
    begins: bool
    around: tuple[set[BoxDecoration], set[BoxDecoration]]

    def without_flowables(self) -> PlannedPage:
        """Return what running heads must know of a page whose body is written."""
        sheet = PageContent(blank=self.sheet.blank, landscape=self.sheet.landscape)
        return changed(self, sheet=sheet, around=(set(), set()))


def chapters_with_pages(document: Document, theme: Theme) -> list[list[Chapter]]:
    """Return the chapters in groups that share pages: one runs in if the theme allows it."""
    groups: list[list[Chapter]] = []
    for chapter in document.chapters:
        if groups and theme.number("chapter.run-in") and _runs_in(chapter, groups[-1][-1]):
            groups[-1].append(chapter)
        else:
            groups.append([chapter])
    return groups


def _runs_in(chapter: Chapter, before: Chapter) -> bool:
    if chapter.layout != "chapter" or before.layout != "chapter" or chapter.pages.own_page:
        return False
    # The index has the numbers of all pages before it.
    lists = any(isinstance(b, Directive) and b.name == "index" for b in chapter.blocks)
    return chapter.matter == before.matter and not chapter.pages.rank and not lists


@frozen
class ChapterLayouter:
    """Lays out the chapters of one document."""

    document: Document
    frames: PageFrames
    blocks: BlockLayouter
    chapter_number: Mapping[str, str]
    lists: Lists
    colors: AreaColors

    def lay_out(self, chapter: Chapter, element: StructElem, run_in: bool) -> ChapterContent:
        """Return the content of `chapter`, which goes below `element`, in its area's colour."""
        outer = self.blocks.context
        theme = self.colors.theme_of(chapter.id)
        if theme is not outer.theme:
            self.blocks.context = replace(
                outer, theme=theme, label_of=lambda target: outer.label_of(target)
            )
        content = self._lay_out(chapter, element, run_in)
        self.blocks.context = outer
        return content

    def book_values(self, chapter: Chapter) -> tuple[object, ...]:
        """Return what of its book a chapter shows, in addition to what it asks for."""
        shown: list[object] = [self.colors.areas.get(chapter.id)]
        if chapter.layout in COVERS:
            shown.append(self.document.meta)
        if chapter.layout == "contents":
            shown += [len(self.document.chapters) <= SHORT_CONTENTS, self._long_contents()]
        if chapter.pages.rank == "area":
            shown += self.lists.inside(chapter)
        for name in self.generated_lists(chapter):
            shown += self.lists.values(name)
        return tuple(shown)

    def generated_lists(self, chapter: Chapter) -> list[str]:
        """Return the names of the lists in a chapter that are made from the whole book."""
        return [
            block.name
            for block in walk(chapter.blocks)
            if isinstance(block, Directive) and block.name in self.blocks.special
        ]

    def _lay_out(self, chapter: Chapter, element: StructElem, run_in: bool) -> ChapterContent:
        frames = self.frames
        area = frames.area(element)
        earlier = set(self.blocks.footnotes)
        self.blocks.used_terms, self.blocks.stacked_kinds = set(), {}
        if chapter.layout in COVERS:
            placed = self._cover(chapter, area)
            return ChapterContent([], [PageContent([PositionedFlowable(*item) for item in placed])])
        if chapter.layout == "imprint":
            area = changed(area, style="imprint")
        count = self._columns(chapter, area)
        if count > 1:
            area = changed(area, x=0.0, left=0.0)
        blocks = chapter.blocks
        if chapter.pages.rank == "area" and chapter.layout == "chapter":
            number, bleed = self.chapter_number.get(chapter.id, ""), frames.print_options.bleed
            opener = area_opener(self.blocks, self.lists, chapter, number, area, bleed)
            blocks = opening_of(chapter).blocks
        else:
            opener = self._opener(chapter, area)
        if run_in:
            opener[0].opens = frames.theme.number("chapter.run-in")
            opener[0].before = frames.theme.number("chapter.before")
        area = changed(area, side_level=_side_level(chapter) if count == 1 else 0)
        if count == 1 and need_wide_frame(self.blocks, blocks, area):
            area = changed(area, exhibits_wide=True)
        if count > 1:
            text = self._in_columns(blocks, area, count)
        else:
            if area.has_side and not area.exhibits_wide:
                area = changed(area, wide_kinds=wide_kinds(self.blocks, blocks, area))
            text = self._sections(blocks, area)
        if lead_of(blocks)[0]:
            _join_lead(text, hard=count == 1)
        notes = {name: n for name, n in self.blocks.footnotes.items() if name not in earlier}
        return ChapterContent([*opener, *text], None, run_in, notes)

    def pages(
        self, first: Chapter, contents: list[ChapterContent], starts_right: bool | None = None
    ) -> list[PageContent]:
        """Return the pages of chapters that share them; `first` is the first of these.

        `starts_right` says whether they begin on a right-hand page, if pages face one another.
        """
        flowables = [flowable for content in contents for flowable in content.flowables]
        notes = {name: note for content in contents for name, note in content.notes.items()}
        drop = self.frames.length("opener") if first.layout == "chapter" else 0.0
        sheets = self._sheets(flowables, drop, notes, starts_right)
        if first.layout == "imprint":
            _sink(sheets[-1], self.frames.frame().available_height)
        return sheets

    def _cover(self, chapter: Chapter, area: Area) -> list[tuple[Flowable, float]]:
        logo = self.document.logos.get(chapter.layout)
        frame, top = self.frames.frame(), self.frames.length("top")
        if chapter.layout == "certificate":
            page = CertificatePage(frame.width, frame.height, frame.left, top, frame.bottom)
            return certificate_pieces(self.blocks, chapter, area, page, logo)
        bleed = self.frames.print_options.bleed
        meta = self.document.meta
        seed = sum(ord(c) * (n + 7) for n, c in enumerate(meta.subtitle + meta.identifier))
        paper = CoverPage(frame.width, frame.height, frame.left, top, bleed, max(1, seed))
        picture = self.document.logos.get("field") if chapter.layout == "cover" else None
        return cover_pieces(self.blocks, chapter, area, self.frames.theme, paper, logo, picture)

    def _columns(self, chapter: Chapter, area: Area) -> int:
        """Return how many columns a chapter has: those it asks for, if they are wide enough."""
        if chapter.layout not in ("chapter", "contents", "plain"):
            return 1
        theme = self.frames.theme
        size = theme.style("body").size
        asked = chapter.pages.columns or int(theme.number("chapter.columns"))
        if chapter.layout == "contents":
            alone = len(self.document.chapters) <= SHORT_CONTENTS
            if self._long_contents():
                asked = max(asked, int(theme.number("contents.columns")))
        else:
            alone = _uses_side(chapter)
        if not chapter.pages.columns and not alone:
            asked = max(asked, int(theme.number("chapter.columns-without-side")))
        gap = size * COLUMN_GAP
        fitting = int((area.wide_width + gap) / (LEAST_COLUMN * size + gap))
        return max(1, min(asked, fitting))

    def _long_contents(self) -> bool:
        """Return whether the contents list takes more than a page in one column."""
        return self.lists.contents_height() > self.frames.frame().available_height

    def _in_columns(self, blocks: tuple[Block, ...], area: Area, count: int) -> list[Flowable]:
        """Lay out a chapter in columns; its lead and what is wider than one go across all."""
        theme = self.frames.theme
        body = theme.style("body")
        gap = body.size * COLUMN_GAP
        width = (area.wide_width - gap * (count - 1)) / count
        column = changed(area, x=0.0, width=width, wide_x=0.0, in_columns=True)
        height = self.frames.frame().available_height
        kinds = wide_kinds(self.blocks, blocks, column)
        column = changed(column, wide_kinds=kinds)
        across = changed(area, x=area.wide_x, width=area.wide_width, wide_kinds=kinds)
        lead, blocks = lead_of(blocks)
        stacked = self._sections((lead,), across) if lead else []
        exhibits: dict[int, _Exhibit] = {}
        bar = theme.number("box.bar")

        def columns_of(run: list[Flowable]) -> Columns:
            columns = Columns(run, 0.0, width, gap, count, height, body.after, bar)
            columns.before, columns.after = run[0].before, max(run[-1].after, body.after)
            return columns

        for wide, run in by_width(self._sections(blocks, column, exhibits), width):
            if not wide and stacked and stacked[-1].level:
                keep_few_lines(run)
            stacked += run if wide else self._columned(run, columns_of, exhibits, across)
        return stacked

    def _columned(
        self, run: list[Flowable], columns_of: Callable[[list[Flowable]], Columns],
        exhibits: dict[int, _Exhibit], across: Area,
    ) -> list[Flowable]:  # fmt: skip
        """Return `run` in columns; an exhibit with almost nothing next to it goes across all."""
        columns = columns_of(run)
        for place, flowable in enumerate(run):
            exhibit = exhibits.get(id(flowable))
            flowables = run[place : place + exhibit.count] if exhibit else []
            if exhibit and len(flowables) == len(run) and columns.is_one_column():
                return self._across(exhibit, flowables, across)
            if exhibit and isinstance(exhibit.block, Table) and columns.is_lopsided(flowables):
                below = run[place + len(flowables) :]
                again = [*run[:place], *self._across(exhibit, flowables, across), *below]
                runs = by_width(again, columns.width)
                return [f for wide, part in runs for f in (part if wide else [columns_of(part)])]
        return [columns]

    def _sheets(
        self, flowables: list[Flowable], drop: float, notes: dict[str, list[Flowable]],
        starts_right: bool | None,
    ) -> list[PageContent]:  # fmt: skip
        rigid = self.frames.theme.style("body").after
        sheets: list[PageContent] = []
        upright = self.frames.frame().available_height
        for landscape, run in by_orientation(flowables, upright):
            height = self.frames.frame(0, landscape).available_height
            right = starts_right if starts_right is None else starts_right == (len(sheets) % 2 == 0)
            paginator = Paginator(height, rigid, 0.0 if sheets else drop, notes, right)
            for sheet in paginator.build(run):
                sheet.landscape = landscape
                sheets.append(sheet)
        return sheets

    def _opener(self, chapter: Chapter, area: Area) -> list[Flowable]:
        """Return a chapter's number and title, as one heading of level 1, below a rule."""
        theme = self.blocks.context.theme
        heading = area.element.child("H1")
        plain = chapter.layout == "imprint"
        style = theme.style("heading-3" if plain else "chapter-title")
        number = self.chapter_number.get(chapter.id, "")
        wide = changed(area, x=area.wide_x, width=area.wide_width)
        if plain and area.has_side:
            self.blocks.aside = self._beside_text(chapter, style, heading, area)
            return []
        beside = bool(number) and area.has_side
        content = chapter.title
        if number and not beside:
            content = (Text(f"{number}\u2002"), *content)
        label: list[Flowable] = []
        if beside:
            label = self._number(chapter, number, heading, area)
        title = self.blocks.lines(content, style, heading, area if beside else wide, chapter.source)
        flowables = next_to(label, title) if label else title
        if not plain:
            weight = theme.number("chapter.rule")
            rule = RuleLine(weight, wide.x, wide.width, theme.color("colors.area"), weight)
            rule.after = theme.number("chapter.below-rule")
            flowables = [rule, *flowables]
        for flowable in flowables:
            flowable.keep_with_next = True
            flowable.level = 1
        flowables[0].anchors.append(chapter.id)
        return flowables

    def _beside_text(
        self, chapter: Chapter, style: TextStyle, heading: StructElem, area: Area
    ) -> list[Flowable]:
        """Return the title of an imprint, in the side column next to its first lines."""
        title = self.blocks.lines(chapter.title, style, heading, area.side(), chapter.source)
        for flowable in title:
            flowable.level = 1
        title[0].anchors.append(chapter.id)
        return title

    def _number(
        self, chapter: Chapter, number: str, heading: StructElem, area: Area
    ) -> list[Flowable]:
        """Return a chapter's number, in the side column next to its title."""
        style = self.blocks.context.theme.style("chapter-number")
        label = self.blocks.lines((Text(number),), style, heading, area.side(), chapter.source)
        for flowable in label[-1:]:
            if isinstance(flowable, TextLine):
                # Number and title are one heading: "1 The start", not "1The start".
                end_with_space(flowable.line, self.blocks.context)
        return label

    def _across(self, exhibit: _Exhibit, run: list[Flowable], across: Area) -> list[Flowable]:
        """Lay out a listing or a box again, across all columns, as nothing would be next to it."""
        area = changed(across, element=exhibit.area.element, depth=exhibit.area.depth)
        kids = area.element.kids
        flowables = self.blocks.lay_out(exhibit.block, area)
        kids[exhibit.place] = kids.pop()
        flowables[-1].keep_with_next = run[-1].keep_with_next
        flowables[-1].break_cost = run[-1].break_cost
        return flowables

    def _sections(
        self, blocks: tuple[Block, ...], area: Area, exhibits: dict[int, _Exhibit] | None = None
    ) -> list[Flowable]:
        """Lay out top-level blocks, each below the section element that its heading opens.

        Note in `exhibits` what may be laid out again, by the first part of each.
        """
        flowables: list[Flowable] = []
        path: list[tuple[int, StructElem]] = [(1, area.element)]
        # The notes of a listing that are next to it.
        beside: List | None = None
        wide = wide_neighbours(self.blocks, blocks, area)
        pairs = pairs_of(self.blocks, blocks, area)
        paired = {id(second) for _, second in pairs.values()}
        for block, following in zip_longest(blocks, blocks[1:]):
            if block is beside or id(block) in paired:
                continue
            if isinstance(block, Heading):
                while len(path) > 1 and path[-1][0] >= block.level:
                    path.pop()
                path.append((block.level, path[-1][1].child("Sect")))
            inner = changed(area, element=path[-1][1], depth=len(path))
            if id(block) in wide:
                inner = changed(inner, exhibits_wide=True)
            if isinstance(block, Directive) and block.name == "lines" and flowables:
                flowables[-1].keep_with_next = True
            if isinstance(block, List) and flowables:
                flowables[-1].break_cost = max(flowables[-1].break_cost, BEFORE_LIST)
            if _is_tick(block) and flowables:
                flowables[-1].break_cost = max(flowables[-1].break_cost, BEFORE_TICK)
            self.blocks.code_notes = notes = notes_of(block, following)
            if pair := pairs.get(id(block)):
                block_flowables = set_pair(self.blocks, pair, inner)
            else:
                block_flowables = self.blocks.lay_out(block, inner)
            flowables += block_flowables
            # What has a footnote has given it its place already.
            noted = any(flowable.notes for flowable in block_flowables)
            if exhibits is not None and isinstance(block, _AGAIN) and not noted:
                place = len(inner.element.kids) - 1
                exhibits[id(block_flowables[0])] = _Exhibit(
                    block, inner, len(block_flowables), place
                )
            beside = notes if self.blocks.code_notes is None else None
            self.blocks.code_notes = None
        # A margin note at a chapter's end has no block next to it.
        return [*flowables, *self.blocks.take_aside()]


def _is_tick(block: Block) -> bool:
    """Return whether a paragraph begins with a checkbox: it is about what is above it."""
    return isinstance(block, Paragraph) and isinstance(next(iter(block.content), None), Checkbox)


def _side_level(chapter: Chapter) -> int:
    """Return which headings go into the side column: those of level 3, or 2 where none are.

    Return 0 if there are none, or if they are sentences, which would be towers there.
    """
    headings = [block for block in chapter.blocks if isinstance(block, Heading)]
    level = 3 if any(heading.level == 3 for heading in headings) else 2
    lengths = [len(plain_text(h.content)) for h in headings if h.level == level]
    tall = lengths and (sum(lengths) > len(lengths) * LONG_HEAD or max(lengths) > LONGEST_HEAD)
    return level if lengths and not tall else 0


def _join_lead(text: list[Flowable], *, hard: bool) -> None:
    """Count the lines of a lead, which come first, as lines of the title: text is below them.

    They stay together, and if `hard` with the text below too, whatever it costs.
    """
    style = text[0].style if text and isinstance(text[0], TextLine) else None
    for flowable, following in pairwise(text):
        if not isinstance(flowable, TextLine) or flowable.style != style:
            return
        goes_on = isinstance(following, TextLine) and following.style == style
        flowable.level, flowable.keep_with_next = 1, hard or goes_on


def _uses_side(chapter: Chapter) -> bool:
    """Return whether a chapter has something for the side column, or is too short to tell."""
    kinds = (DefinitionList, Division)
    noted = any(
        isinstance(block, kinds) and getattr(block, "name", "margin") == "margin"
        for block in chapter.blocks
    )
    wide = sum(isinstance(block, (CodeBlock, Table)) for block in chapter.blocks)
    much = wide > len(chapter.blocks) * MUCH_CODE
    return noted or much or bool(_side_level(chapter)) or _length(chapter) < SHORT_CHAPTER


def _length(chapter: Chapter) -> int:
    """Return how many characters a chapter has, more or less."""
    return sum(
        len(plain_text(inlines)) for block in walk(chapter.blocks) for inlines in inlines_of(block)
    )


def _sink(sheet: PageContent, height: float) -> None:
    """Move a page's text to the foot of a frame `height` points high, as for an imprint."""
    drop = height - sheet.used
    for placed in sheet.placed:
        placed.offset += drop
