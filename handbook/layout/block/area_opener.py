"""Lay out the page on which an area of the book begins: a band, and what is in the area."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from ...document.nodes import Block, Chapter, ChartBlock, Paragraph, Text
from ..flow.columns import Columns
from ..flow.flowables import Flowable, Gap, drawn_height
from ..inline.line_breaking import end_with_space
from ..page import Box, Page
from .area import Area
from .generated_lists import Lists
from .ground_figure import ground_figure, set_ground_figure
from .layouter import BlockLayouter
from .side_notes import next_to

# Below the words on the band, and below the band (points).
BAND_FOOT, BELOW_BAND = 16.0, 14.0
# The figure on the band is at most this high (points), and takes at most this share of a page; the
# white above it.
FIGURE, FIGURE_SHARE, ABOVE_FIGURE = 62.0, 0.11, 16.0
# Fewer headings than these are seen at a glance: they are not listed.
FEWEST_LISTED = 3
LIST_GAP = 18.0


class Band(Flowable):
    """The band's ground, from the page's upper edge down to `depth` below this."""

    __slots__ = ("bleed", "color", "depth")

    def __init__(self, depth: float, color: tuple[float, float, float], bleed: float) -> None:
        super().__init__(0.0)
        self.depth = depth
        self.color = color
        self.bleed = bleed
        self.keep_with_next = True

    def draw(self, page: Page, left: float, top: float, artifact: bool = False) -> None:
        """Draw the ground across the whole page, into the bleed."""
        bottom = top - self.depth
        width, height = page.width + 2 * self.bleed, page.height + self.bleed - bottom
        page.background.append(Box(-self.bleed, bottom, width, height, self.color))


class Opening(NamedTuple):
    """What a chapter begins with: a figure, a lead, a line of counts; and its other blocks."""

    figure: ChartBlock | None
    lead: Paragraph | None
    counts: Paragraph | None
    blocks: tuple[Block, ...]


def opening_of(chapter: Chapter) -> Opening:
    """Return what is on the band of an area, and what is below it."""
    figure = ground_figure(chapter)
    lead, blocks = lead_of(chapter.blocks[1 if figure else 0 :])
    first = blocks[0] if blocks else None
    if isinstance(first, Paragraph) and "counts" in first.classes:
        return Opening(figure, lead, first, blocks[1:])
    return Opening(figure, lead, None, blocks)


def lead_of(blocks: tuple[Block, ...]) -> tuple[Paragraph | None, tuple[Block, ...]]:
    """Return the leading paragraph of a chapter's blocks, and its other blocks."""
    first = blocks[0] if blocks else None
    if isinstance(first, Paragraph) and "lead" in first.classes:
        return first, blocks[1:]
    return None, blocks


def area_opener(
    layouter: BlockLayouter, lists: Lists, chapter: Chapter, number: str, area: Area, bleed: float
) -> list[Flowable]:
    """Return number, title and lead on a band, and below it the area's sections with pages."""
    theme = layouter.context.theme
    heading = area.element.child("H1")
    side = area.has_side
    place = area if side else replace(area, x=area.wide_x, width=area.wide_width)
    title = chapter.title if side or not number else (Text(f"{number}\u2002"), *chapter.title)
    words: list[Flowable] = []
    if number and side:
        column = area.side()
        style = theme.style("area-number")
        words = layouter.lines((Text(number),), style, heading, column, chapter.source)
        end_with_space(words[-1].line, layouter.context)  # type: ignore[attr-defined]
    lines = layouter.lines(title, theme.style("area-title"), heading, place, chapter.source)
    flowables = next_to(words, lines) if words else lines
    figure, lead, counts, _ = opening_of(chapter)
    for block, name in ((lead, "area-lead"), (counts, "area-counts")):
        if block is not None:
            element, style = area.element.child("P"), theme.style(name)
            flowables += layouter.lines(block.content, style, element, place, block.source)
    if figure is not None:
        flowables.append(_figure(layouter, figure, area))
    foot = Gap(BAND_FOOT)
    foot.after = BELOW_BAND
    band = Band(drawn_height([*flowables, foot]), theme.color("colors.area"), bleed)
    flowables = [band, *flowables, foot]
    for flowable in flowables:
        flowable.keep_with_next = True
    band.anchors.append(chapter.id)
    return [*flowables, *_sections(layouter, lists, chapter, area)]


def _figure(layouter: BlockLayouter, block: ChartBlock, area: Area) -> Flowable:
    """Return the figure of an area, at the foot of its band."""
    ground = layouter.context.theme.color("colors.area")
    height = min(FIGURE, layouter.page_height * FIGURE_SHARE)
    box = (area.wide_x, area.wide_width, height)
    figure = set_ground_figure(layouter, block, box, ground, area.element.child("Figure"))
    figure.before = ABOVE_FIGURE
    return figure


def _sections(
    layouter: BlockLayouter, lists: Lists, chapter: Chapter, area: Area
) -> list[Flowable]:
    """Return the headings of an area and the chapters in it with their pages, in two columns."""
    count = 2 if area.wide_width > 2 * layouter.context.theme.style("body").size * 19 else 1
    width = (area.wide_width - LIST_GAP * (count - 1)) / count
    column = replace(area, x=0.0, width=width, wide_x=0.0, wide_width=width)
    lines = lists.sections(chapter, column, FEWEST_LISTED)
    if not lines:
        return []
    columns = Columns(lines, area.wide_x, width, LIST_GAP, count, layouter.page_height)
    columns.after = layouter.context.theme.style("heading-2").before
    return [columns]
