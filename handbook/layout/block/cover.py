"""Lay out the cover and the back cover: full-bleed shapes with the chapter's words on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ...core.diagnostics import Source, error
from ...core.units import MM
from ...core.values import frozen
from ...document.nodes import Chapter, ChartBlock, Figure, Heading, Image, Paragraph
from ...theme.brand.logos import BACK, COVER, fitted
from ...theme.theme import Theme
from ..flow.flowables import Flowable, drawn_height
from ..page import Box, Page, Polygon
from ..structure import StructElem
from .area import Area
from .figure import ratio_of, set_picture
from .ground_figure import LARGER, WIDE, ground_figure, set_ground_figure
from .layouter import BlockLayouter

# The coloured field takes this share of a cover's height; the rest is the learner's.  It is larger
# where little is below it.
FIELD, LARGEST_FIELD = 0.66, 0.76
# ... and this one on a page that is wider than high, where the pattern's cells are smaller.
WIDE_FIELD = 0.5
# White space below a logo on the cover (points).
FOOT = 44.0
# White between the field's words and its foot, between its figure and the words, and the least
# height that a figure there has.
FIELD_FOOT, BELOW_FIGURE, LEAST_FIGURE = 40.0, 30.0, 60.0
ON_FIELD = {"kicker": "cover-kicker", "subtitle": "cover-subtitle"}
BELOW = {"learner": "cover-learner"}


@frozen
class CoverPage:
    """The paper of a cover, the margins at the left and above its frame, the bleed (points).

    The `seed` decides the pattern of a cover without a figure.
    """

    width: float
    height: float
    left: float
    top: float
    bleed: float
    seed: int


def cover_pieces(
    layouter: BlockLayouter,
    chapter: Chapter,
    area: Area,
    theme: Theme,
    page: CoverPage,
    logo: Image | None = None,
    picture: Image | None = None,
) -> list[tuple[Flowable, float]]:
    """Return the cover's words with the distance of each from the top of the page's frame.

    A `logo` is on white: at the cover's foot, on the back page above the words.  A picture of the
    class `bleed` is at the foot, as wide as the paper; the coloured field is on it.  On the field
    is the chart that the chapter begins with, or a `picture` in its place, else a pattern.
    """
    page_height, top = page.height, page.top
    wide = replace(area, x=area.wide_x, width=area.wide_width * 0.86)
    upper: list[Flowable] = []
    lower: list[Flowable] = []
    bleeding: list[Figure] = []

    def put(where: list[Flowable], block: Heading | Paragraph, style: str, tag: str) -> None:
        element = area.element.child(tag)
        flowables = layouter.lines(block.content, theme.style(style), element, wide, block.source)
        if block.id and flowables:
            flowables[0].anchors.append(block.id)
        where += flowables

    title = next((block for block in chapter.blocks if isinstance(block, Heading)), None)
    if title is None and chapter.layout == "cover":
        put(upper, Heading(2, chapter.title, source=chapter.source), "cover-title", "H1")
    figure = ground_figure(chapter) if chapter.layout == "cover" else None
    for block in chapter.blocks[1 if figure else 0 :]:
        on_field = next((ON_FIELD[c] for c in block.classes if c in ON_FIELD), "")
        if block is title:
            put(upper, title, "cover-title", "H1")
        elif isinstance(block, Paragraph) and on_field:
            put(upper, block, on_field, "P")
        elif isinstance(block, Paragraph):
            name = next((BELOW[c] for c in block.classes if c in BELOW), "cover-text")
            put(lower, block, name, "P")
        elif isinstance(block, Figure) and "bleed" in block.classes:
            bleeding.append(block)
        else:
            lower += layouter.lay_out(block, replace(wide, style="cover-text"))
    if any(flowable.notes for flowable in (*upper, *lower)):
        raise error(
            "a cover has no room for footnotes",
            at=chapter.source,
            hint="write the note out, or put it on another page",
            code="cover",
        )
    for block in bleeding[1:]:
        raise error(
            "a cover has two pictures as wide as the paper, one on the other",
            at=block.source,
            hint="take the class bleed from one of them",
            code="cover",
        )
    for flowable in (upper or lower)[:1]:
        flowable.anchors.append(chapter.id)
    depth = _field_depth(area, page, lower, logo, bleeding)
    edge = depth - top
    below = edge + 26 if upper else page_height * 0.3
    start = max(0.0, edge - drawn_height(upper) - FIELD_FOOT)
    placed = [*stacked(upper, start), *stacked(lower, below)]
    _check_fits(chapter, placed, page_height - top)
    if upper and placed[len(upper) - 1][1] + upper[-1].height > below:
        raise error(
            "the words on the cover's coloured field are higher than it", at=chapter.source,
            hint="make the title shorter", code="cover",
        )  # fmt: skip
    words = placed[len(upper) :]
    placed += [_bleeding(layouter, block, area.element, words, page) for block in bleeding]
    if logo is not None:
        placed.append(_logo(layouter, logo, chapter, wide, placed, (page_height, top, below)))
    room = start - BELOW_FIGURE
    if picture is not None:
        placed.append(_field_picture(layouter, picture, area, page, room))
    elif figure is not None:
        placed.append((_on_field(layouter, figure, area, room), 0.0))
    if chapter.layout == "back-cover":
        return [*placed, (_Foot(theme, page.bleed), 0.0)]
    return [*placed, (_Field(depth, theme, page.bleed, 0 if figure or picture else page.seed), 0.0)]


def _field_picture(
    layouter: BlockLayouter, image: Image, area: Area, page: CoverPage, available_height: float
) -> tuple[Flowable, float]:
    """Return a picture that fills the field above its words, as wide as the paper, and its place.

    Raises:
        HandbookError: The words leave it no room.
    """
    _check_room(available_height, image.source)
    width = page.width + 2 * page.bleed
    height = page.top + available_height + page.bleed
    element = area.element.child("Figure")
    element.alt = image.alt
    box = (-page.left - page.bleed, width, height)
    flowable = set_picture(layouter, replace(image, crop=width / height), box, element)
    return flowable, -page.top - page.bleed


def _check_room(available_height: float, source: Source) -> None:
    """Check that the words on the field leave its figure this much height (points).

    Raises:
        HandbookError: They do not.
    """
    if available_height < LEAST_FIGURE:
        raise error(
            "the words on the cover's coloured field leave no room for its figure",
            at=source, hint="make the title shorter, or put the figure below it", code="cover",
        )  # fmt: skip


def _on_field(
    layouter: BlockLayouter, block: ChartBlock, area: Area, available_height: float
) -> Flowable:
    """Return the figure on the coloured field, above the words.

    Raises:
        HandbookError: The words leave it no room.
    """
    _check_room(available_height, block.source)
    size = LARGER if area.wide_width > WIDE else 1.0
    box = (area.wide_x, area.wide_width, available_height)
    ground = layouter.context.theme.color("cover.field")
    return set_ground_figure(layouter, block, box, ground, area.element.child("Figure"), size)


def _field_depth(
    area: Area,
    page: CoverPage,
    lower: Sequence[Flowable],
    logo: Image | None,
    bleeding: Sequence[Figure],
) -> float:
    """Return the height of the coloured field: as much as what is below it leaves free."""
    if page.height <= area.wide_width:
        return page.height * WIDE_FIELD
    needed = FIELD_FOOT + drawn_height(lower) + FOOT
    if logo is not None:
        needed += fitted(ratio_of(logo), COVER)[1] + FOOT
    most = page.height * (FIELD if bleeding else LARGEST_FIELD)
    return max(page.height * FIELD, min(most, page.height - needed))


class _Under(Flowable):
    """A picture that is drawn under everything else on its page."""

    __slots__ = ("picture",)

    def __init__(self, picture: Flowable) -> None:
        super().__init__(picture.height, picture.x)
        self.picture = picture

    def draw(self, page: Page, left: float, top: float, artifact: bool = False) -> None:
        """Draw the picture."""
        before = len(page.items)
        self.picture.draw(page, left, top, artifact)
        page.background[:0] = page.items[before:]
        del page.items[before:]


def _bleeding(
    layouter: BlockLayouter,
    block: Figure,
    element: StructElem,
    words: list[tuple[Flowable, float]],
    page: CoverPage,
) -> tuple[Flowable, float]:
    """Return a picture as wide as the paper and its place at the foot, both with the bleed.

    Raises:
        HandbookError: It is higher than the paper, or `words` would be on it.
    """
    width = page.width + 2 * page.bleed
    height = width / ratio_of(block.image)
    offset = page.height + page.bleed - height - page.top
    end = max((start + flowable.height for flowable, start in words), default=offset)
    if height > page.height + 2 * page.bleed or offset < end:
        room = (page.height + page.bleed - page.top - end) / MM if words else page.height / MM
        raise error(
            "the picture on the cover is too high" + (": words would be on it" if words else ""),
            at=block.source, hint=f"crop it to {width / MM:.0f} × {room:.0f} mm", code="cover",
        )  # fmt: skip
    figure = None
    if not block.image.decorative:
        figure = element.child("Figure")
        figure.alt = block.image.alt
    box = (-page.left - page.bleed, width, height)
    return _Under(set_picture(layouter, block.image, box, figure)), offset


def _check_fits(chapter: Chapter, placed: list[tuple[Flowable, float]], height: float) -> None:
    """Check that a cover's content ends on the page, `height` points below its frame's top.

    Raises:
        HandbookError: Some of it would be below the page's edge.
    """
    end = max((offset + flowable.height for flowable, offset in placed), default=0.0)
    if end > height:
        raise error(
            f"the cover's content is {(end - height) / MM:.0f} mm taller than the page",
            at=chapter.source,
            hint="make pictures smaller, or put less on the cover",
            code="cover",
        )


def _logo(
    layouter: BlockLayouter,
    logo: Image,
    chapter: Chapter,
    area: Area,
    placed: list[tuple[Flowable, float]],
    sides: tuple[float, float, float],
) -> tuple[Flowable, float]:
    """Return the logo and its place; it gives way to words that fill the page."""
    page_height, top, below = sides
    front = chapter.layout == "cover"
    width, height = fitted(ratio_of(logo), COVER if front else BACK)
    element = area.element.child("Figure")
    element.alt = logo.alt
    flowable = set_picture(layouter, logo, (area.x, width, height), element)
    if not front:
        return flowable, max(0.0, below - height - 26)
    end = max((offset + other.height for other, offset in placed), default=0.0)
    return flowable, max(page_height - top - FOOT - height, end + 14)


def stacked(flowables: Sequence[Flowable], offset: float) -> list[tuple[Flowable, float]]:
    """Return flowables one below the other from `offset` on, each with its place."""
    placed: list[tuple[Flowable, float]] = []
    after = 0.0
    for number, flowable in enumerate(flowables):
        if number:
            offset += max(after, flowable.before)
        placed.append((flowable, offset))
        offset += flowable.height
        after = flowable.after
    return placed


class _Field(Flowable):
    """The coloured field of a cover, `depth` points high, with a pattern if `seed` is not 0."""

    __slots__ = ("accent", "bleed", "color", "depth", "seed")

    def __init__(self, depth: float, theme: Theme, bleed: float, seed: int) -> None:
        super().__init__(0.0)
        self.depth = depth
        self.color = theme.color("cover.field")
        self.accent = theme.color("cover.pattern")
        self.bleed = bleed
        self.seed = seed

    def draw(self, page: Page, left: float, top: float, artifact: bool = False) -> None:
        """Draw the field; what touches the page's edge continues into the bleed."""
        bleed, bottom = self.bleed, page.height - self.depth
        wide, tall = page.width + 2 * bleed, self.depth + bleed
        page.background.append(Box(-bleed, bottom, wide, tall, self.color))
        if self.seed:
            self._pattern(page)

    def _pattern(self, page: Page) -> None:
        columns, rows = (12, 4) if page.height >= page.width else (20, 3)
        step, seed, bleed = page.width / columns, self.seed, self.bleed
        for row in range(rows):
            for column in range(columns):
                seed = (seed * 1103515245 + 12345) % 2147483648
                if seed % 7 < 3:
                    left, right = column * step, (column + 1) * step
                    low, high = page.height - (row + 1) * step, page.height - row * step
                    left -= bleed if column == 0 else 0.0
                    right += bleed if column == columns - 1 else 0.0
                    high += bleed if row == 0 else 0.0
                    corners = ((left, low), (right, low), (right, high), (left, high))
                    points = tuple(corners[(seed + n) % 4] for n in range(3))
                    page.background.append(Polygon(points, self.accent))


class _Foot(Flowable):
    """The coloured foot of a back cover."""

    __slots__ = ("bleed", "color")

    def __init__(self, theme: Theme, bleed: float) -> None:
        super().__init__(0.0)
        self.color = theme.color("cover.field")
        self.bleed = bleed

    def draw(self, page: Page, left: float, top: float, artifact: bool = False) -> None:
        """Draw the foot, into the bleed."""
        bleed = self.bleed
        foot = page.height * 0.12 + bleed
        page.background.append(Box(-bleed, -bleed, page.width + 2 * bleed, foot, self.color))
