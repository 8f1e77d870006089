"""Lay out one chapter: its opener, its sections, its pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ..core.values import frozen
from ..document.nodes import Block, Chapter, Document, Heading, Text
from .block.area import Area
from .block.certificate import CertificatePage, certificate_pieces
from .block.cover import cover_pieces
from .block.layouter import BlockLayouter
from .flow.flowables import Flowable, RuleLine, TextLine
from .flow.paginate import PageContent, Paginator, PositionedFlowable
from .frame import PageFrames
from .inline.line_breaking import end_with_space
from .structure import StructElem

COVERS = ("cover", "back-cover", "certificate")


@dataclass(slots=True)
class LaidOutChapter:
    """A chapter on its pages; `first_page` is the index of its first page in the book."""

    chapter: Chapter
    sheets: list[PageContent]
    first_page: int = 0


@frozen
class ChapterLayouter:
    """Lays out the chapters of one document."""

    document: Document
    frames: PageFrames
    blocks: BlockLayouter
    chapter_number: Mapping[str, str]

    def lay_out(self, chapter: Chapter, element: StructElem) -> list[PageContent]:
        """Return the pages of `chapter`, whose content goes below `element`."""
        frames = self.frames
        area = frames.area(element)
        if chapter.layout in COVERS:
            return [PageContent([PositionedFlowable(*item) for item in self._cover(chapter, area)])]
        if chapter.layout == "imprint":
            area = replace(area, style="imprint")
        flowables = [*self._opener(chapter, area), *self._sections(chapter.blocks, area)]
        drop = frames.length("opener") if chapter.layout == "chapter" else 0.0
        sheets = self._sheets(flowables, drop)
        if chapter.layout == "imprint":
            _sink(sheets[-1], frames.frame().available_height)
        return sheets

    def _cover(self, chapter: Chapter, area: Area) -> list[tuple[Flowable, float]]:
        logo = self.document.logos.get(chapter.layout)
        frame, top = self.frames.frame(), self.frames.length("top")
        if chapter.layout == "certificate":
            page = CertificatePage(frame.width, frame.height, frame.left, top, frame.bottom)
            return certificate_pieces(self.blocks, chapter, area, page, logo)
        return cover_pieces(self.blocks, chapter, area, self.frames.theme, frame.height, top, logo)

    def _sheets(self, flowables: list[Flowable], drop: float) -> list[PageContent]:
        rigid = self.frames.theme.style("body").after
        sheets: list[PageContent] = []
        for landscape, run in _by_orientation(flowables):
            height = self.frames.frame(0, landscape).available_height
            paginator = Paginator(height, rigid, 0.0 if sheets else drop, self.blocks.footnotes)
            for sheet in paginator.build(run):
                sheet.landscape = landscape
                sheets.append(sheet)
        return sheets

    def _opener(self, chapter: Chapter, area: Area) -> list[Flowable]:
        """Return a chapter's number and title, as one heading of level 1."""
        flowables: list[Flowable] = []
        theme = self.frames.theme
        wide = replace(area, x=area.wide_x, width=area.wide_width)
        heading = area.element.child("H1")
        number = self.chapter_number.get(chapter.id, "")
        if number:
            rule = RuleLine(2.0, wide.x, 42.0, theme.color("colors.accent"), 2.2)
            rule.after = 12.0
            style = theme.style("chapter-number")
            label = self.blocks.lines((Text(number),), style, heading, wide, chapter.source)
            for flowable in label[-1:]:
                if isinstance(flowable, TextLine):
                    # Number and title are one heading: "1 The start", not "1The start".
                    end_with_space(flowable.line, self.blocks.context)
            flowables += [rule, *label]
        name = "heading-3" if chapter.layout == "imprint" else "chapter-title"
        flowables += self.blocks.lines(
            chapter.title, theme.style(name), heading, wide, chapter.source
        )
        for flowable in flowables:
            flowable.keep_with_next = True
        flowables[0].anchors.append(chapter.id)
        return flowables

    def _sections(self, blocks: tuple[Block, ...], area: Area) -> list[Flowable]:
        """Lay out top-level blocks, each below the section element that its heading opens."""
        flowables: list[Flowable] = []
        path: list[tuple[int, StructElem]] = [(1, area.element)]
        for block in blocks:
            if isinstance(block, Heading):
                while len(path) > 1 and path[-1][0] >= block.level:
                    path.pop()
                path.append((block.level, path[-1][1].child("Sect")))
            inner = replace(area, element=path[-1][1], depth=len(path))
            flowables += self.blocks.lay_out(block, inner)
        # A margin note at a chapter's end has no block next to it.
        flowables += self.blocks.aside
        self.blocks.aside = []
        return flowables


def _by_orientation(flowables: list[Flowable]) -> list[tuple[bool, list[Flowable]]]:
    """Return runs of flowables for upright (False) and for landscape pages (True).

    A heading goes with what it announces.
    """
    landscape = [flowable.landscape for flowable in flowables]
    for place in range(len(flowables) - 2, -1, -1):
        if landscape[place + 1] and flowables[place].keep_with_next:
            landscape[place] = True
    runs: list[tuple[bool, list[Flowable]]] = []
    for flowable, wide in zip(flowables, landscape, strict=True):
        if not runs or runs[-1][0] != wide:
            runs.append((wide, []))
        runs[-1][1].append(flowable)
    return runs


def _sink(sheet: PageContent, height: float) -> None:
    """Move a page's text to the foot of a frame `height` points high, as for an imprint."""
    drop = height - sheet.used
    for placed in sheet.placed:
        placed.offset += drop
