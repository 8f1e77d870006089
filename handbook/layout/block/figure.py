"""Lay out pictures, charts and captions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from ...core.diagnostics import error
from ...core.images import BrokenPicture, is_drawing, size_of
from ...document.nodes import (
    ChartBlock,
    Diagram,
    Directive,
    Figure,
    Image,
    Inlines,
    LineBreak,
    Span,
    Text,
    plain_text,
)
from ...document.numbering import number_key
from ..figure.legibility import as_high
from ..figure.pen import Chart
from ..flow.flowables import (
    AcrossPaper,
    BoxDecoration,
    ChartPiece,
    Flowable,
    Gap,
    ImagePiece,
    PictureRow,
)
from ..page import PageItem, Picture, moved
from ..structure import StructElem
from .area import Area
from .box import boxed
from .layouter import BlockLayouter
from .side_notes import AfterFigure

# A chart goes into the wide frame if it would be this many times as high next to a side column.
HIGHER = 1.3
# White above and below a drawing, by that between paragraphs; the least above its caption (points).
AROUND = 1.5
ABOVE_CAPTION = 6.0
# Lines that end where their words do take so much more than their words.
RAGGED = 1.08
# The greatest share of a page's height that pictures take.
TALLEST = 0.8


def set_chart(layouter: BlockLayouter, block: Directive, area: Area) -> list[Flowable]:
    """Lay out a chart as wide as the area, and its caption below it."""
    words = block.attributes.get("caption", "")
    group = figure_group(area.element, words)
    element = group.child("Figure")
    context = layouter.context
    room = room_for(layouter, (Text(words),) if words else (), area.width)

    def drawn(width: float) -> Chart:
        chart = layouter.paragraphs.chart(block.attributes, width, context, block.source)
        return as_high(chart, room, context.theme, block.source)

    chart, x = fitting_chart(area, drawn)
    element.alt = chart.alt
    flowable = ChartPiece(chart, x, element)
    flowable.frames = area.frames
    flowable.before = flowable.after = context.theme.style("body").after * AROUND
    if not words:
        return [flowable]
    place = replace(area, x=x, width=max(chart.width, area.width))
    return with_caption(layouter, flowable, (Text(words),), block, group.child("Caption"), place)


def set_figure(layouter: BlockLayouter, block: Figure, area: Area) -> list[Flowable]:
    """Lay out a picture, or several side by side, and their caption below."""
    if any(image.missing for image in block.images):
        return _set_incomplete(layouter, block, area)
    group = figure_group(area.element, block.caption)
    flowable = _pictures(layouter, block, area, group)
    x = flowable.x
    flowable = layouter.framed(flowable, area)
    flowable.x = x
    flowable.before = flowable.after = layouter.context.theme.style("body").after
    if not block.caption:
        return [flowable]
    return with_caption(layouter, flowable, block.caption, block, group.child("Caption"), area)


def _set_incomplete(layouter: BlockLayouter, block: Figure, area: Area) -> list[Flowable]:
    """Lay out a figure without some of its pictures: a box for each, the others, the caption."""
    missing = [image for image in block.images if image.missing]
    boxes = [f for image in missing for f in _missing_picture(layouter, image, area)]
    there = tuple(image for image in block.images if not image.missing)
    if there:
        rest = replace(block, image=there[0], beside=there[1:])
        return [*boxes, *set_figure(layouter, rest, area)]
    if not block.caption:
        return boxes
    boxes[-1].keep_with_next = True
    element = area.element.child("P")
    caption = set_caption(layouter, block.caption, number_key(block), element, area, block.source)
    return [*boxes, *caption]


def _pictures(layouter: BlockLayouter, block: Figure, area: Area, group: StructElem) -> Flowable:
    """Return the pictures of a figure: one on its own, across the paper, or several in a row."""
    wide = "wide" in block.classes
    limit = area.wide_width if area.top_level else area.width
    tallest = layouter.page_height * TALLEST
    if len(block.images) > 1:
        x, width = (area.wide_x, limit) if wide and area.top_level else (area.x, area.width)
        return _row(layouter, block.images, (x, width, tallest), group)
    image = block.image
    element = _figure_element(group, image)
    if "bleed" in block.classes and area.top_level and layouter.paper_width:
        width = layouter.paper_width + 2 * layouter.bleed
        shape = max(image.crop or ratio_of(image), width / tallest)
        picture = set_picture(
            layouter, replace(image, crop=shape), (0.0, width, width / shape), element
        )
        return AcrossPaper(picture, layouter.bleed)
    width, height = image_size(image, limit, tallest, area.width)
    if wide:
        width, height = min(limit, tallest * width / height), min(limit * height / width, tallest)
    x = area.wide_x if width > area.width and area.top_level else area.x
    return set_picture(layouter, image, (x, width, height), element)


def _figure_element(group: StructElem, image: Image) -> StructElem | None:
    """Return the element of a picture; a decorative one is an artifact, which has none."""
    if image.decorative:
        return None
    element = group.child("Figure")
    element.alt = image.alt
    return element


def _row(
    layouter: BlockLayouter,
    images: Sequence[Image],
    box: tuple[float, float, float],
    group: StructElem,
) -> Flowable:
    """Return pictures side by side, all of one height, in `box` (x, width, greatest height)."""
    x, width, tallest = box
    shapes = [image.crop or ratio_of(image) for image in images]
    gap = layouter.context.theme.number("grid")
    height = min((width - gap * (len(images) - 1)) / sum(shapes), tallest)
    pieces: list[Flowable] = []
    for image, shape in zip(images, shapes, strict=True):
        element = _figure_element(group, image)
        piece = set_picture(layouter, image, (x, height * shape, height), element)
        pieces.append(piece)
        x += height * shape + gap
    return PictureRow(pieces)


def figure_group(element: StructElem, caption: object) -> StructElem:
    """Return the element of a figure and its caption.

    The caption is next to the figure: what is inside one is not read, as its Alt is instead.
    """
    return element.child("Sect") if caption else element


def set_picture(
    layouter: BlockLayouter,
    image: Image,
    box: tuple[float, float, float],
    element: StructElem | None,
) -> Flowable:
    """Return a picture in `box` (x, width, height): pixels, or the lines of an SVG."""
    x, width, height = box
    if image.crop:
        return ChartPiece(_cropped(layouter, image, width, height), x, element)
    if not is_drawing(image.path):
        return ImagePiece(image.path, x, width, height, element)
    from ..figure.svg import draw_svg

    chart = draw_svg(image.path, width, image.alt, layouter.context, image.source)
    return ChartPiece(chart, x, element)


def _cropped(layouter: BlockLayouter, image: Image, width: float, height: float) -> Chart:
    """Return the part of a picture that fills a box, with its focus in sight."""
    shape = ratio_of(replace(image, crop=0.0))
    whole = max(width, height * shape)
    across, up = (whole - width) * image.focus[0], (whole / shape - height) * (1 - image.focus[1])
    items: Sequence[PageItem] = (Picture(0.0, 0.0, whole, whole / shape, image.path, None),)
    if is_drawing(image.path):
        from ..figure.svg import draw_svg

        items = draw_svg(image.path, whole, image.alt, layouter.context, image.source).items
    inside = tuple(moved(item, -across, -up) for item in items)
    return Chart(width, height, inside, image.alt, fixed=True, clipped=True)


def _missing_picture(layouter: BlockLayouter, image: Image, area: Area) -> list[Flowable]:
    """Lay out a box that names a missing picture and what it would show."""
    words = layouter.context.words.gettext("Picture missing: {name}", name=image.missing)
    element = area.element.child("Div")
    pad = layouter.context.theme.number("box.padding")
    frame = BoxDecoration(area.x, area.width, None, layouter.context.theme.color("colors.soft"))
    inner = area.inside(element, pad, frames=(*area.frames, frame))
    style = layouter.context.theme.style("caption")
    content = (Text(words), *((LineBreak(), Text(image.alt)) if image.alt else ()))
    lines = layouter.lines(content, style, element.child("P"), inner, image.source)
    return boxed(layouter, lines, inner, pad)


def set_caption(
    layouter: BlockLayouter,
    content: Inlines,
    target: str,
    element: StructElem,
    area: Area,
    source: Any,
) -> list[Flowable]:
    """Lay out a caption with its number."""
    content = _numbered(layouter, content, target, Text("\u2002"))
    return layouter.lines(content, layouter.context.theme.style("caption"), element, area, source)


def _numbered(
    layouter: BlockLayouter, content: Inlines, target: str, between: Text | LineBreak
) -> Inlines:
    """Return a caption with its number, if it has one."""
    number = layouter.context.number_of.get(target, "")
    return (Span("strong", (Text(number),)), between, *content) if number else content


def room_for(layouter: BlockLayouter, caption: Inlines, width: float) -> float:
    """Return how high a figure may be so that a page has room for its caption too (points).

    The caption is set in lines `width` wide, and takes about so much.
    """
    if not caption:
        return layouter.page_height
    style = layouter.context.theme.style("caption")
    words = layouter.context.words.gettext("Figure {number}", number="00") + plain_text(caption)
    wide = layouter.context.faces[style.face].width(words) * style.size / 1000
    lines = 1 + int(wide * RAGGED / width)
    above = max(ABOVE_CAPTION, layouter.context.theme.style("body").after * AROUND)
    return layouter.page_height - above - lines * style.leading


def fitting_chart(area: Area, draw: Callable[[float], Chart]) -> tuple[Chart, float]:
    """Return a chart that `draw` draws at a width, and its left edge.

    Next to a side column it is as wide as the text, unless it becomes much higher there.
    """
    if not area.top_level:
        return draw(area.width), area.x
    wide = draw(area.wide_width)
    if area.exhibits_wide:
        return wide, area.wide_x
    if area.has_side and wide.width > area.width:
        narrow = draw(area.width)
        if narrow.height <= wide.height * HIGHER:
            return narrow, area.x
    return wide, area.x if wide.width <= area.width else area.wide_x


def with_caption(
    layouter: BlockLayouter,
    figure: Flowable,
    content: Inlines,
    block: ChartBlock | Diagram | Directive | Figure,
    element: StructElem,
    area: Area,
) -> list[Flowable]:
    """Return a figure in `area` with its caption, which is next to it or below it."""
    if leaves_side(layouter, area, figure.x):
        above = AfterFigure(0.0)
        put_beside(layouter, content, number_key(block), element, area, block.source, above)
        return [figure]
    figure.keep_with_next = True
    caption = set_caption(layouter, content, number_key(block), element, area, block.source)
    caption[0].before = ABOVE_CAPTION
    caption[-1].after = max(caption[-1].after, figure.after)
    for line in caption:
        line.landscape = figure.landscape
    return [figure, *caption]


def leaves_side(layouter: BlockLayouter, area: Area, x: float) -> bool:
    """Return whether what begins at `x` leaves the side column to its caption."""
    free = area.has_side and x > area.x - 0.1
    return free and bool(layouter.context.theme.number("side.captions"))


def put_beside(
    layouter: BlockLayouter,
    content: Inlines,
    target: str,
    element: StructElem,
    area: Area,
    source: Any,
    above: Gap,
) -> None:
    """Lay out a caption for the side column, with white `above` it."""
    content = _numbered(layouter, content, target, LineBreak())
    style = layouter.context.theme.style("caption")
    lines = layouter.lines(content, style, element, area.side(), source)
    above.before, lines[0].before = lines[0].before, 0.0
    layouter.aside += [above, *lines]


def ratio_of(image: Image) -> float:
    """Return the width of a picture divided by its height.

    Raises:
        HandbookError: If the file is not a picture.
    """
    width, height = image_size(image, 1e6, 1e6)
    return width / height


def image_size(
    image: Image, max_width: float, max_height: float, column: float = 0.0
) -> tuple[float, float]:
    """Return width and height in points: as given or by its pixels, never over the limits.

    A share is one of the `column`'s width.

    Raises:
        HandbookError: If the file is not a picture.
    """
    try:
        natural = size_of(image.path)
    except (OSError, BrokenPicture):
        raise error(
            f"{image.path!r} is not a picture that can be read",
            at=image.source,
            hint="use PNG, JPEG or SVG",
            code="broken-image",
        ) from None
    ratio = 1 / image.crop if image.crop else natural.height / natural.width
    width = image.share * column or image.width or (image.height / ratio if image.height else 0.0)
    width = width or natural.width
    width = min(width, max_width, max_height / ratio)
    return width, width * ratio
