"""Lay out pictures, charts and captions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ...core.diagnostics import error
from ...core.images import BrokenPicture, is_drawing, size_of
from ...document.nodes import (
    Directive,
    Figure,
    Image,
    Inlines,
    LineBreak,
    Span,
    Text,
)
from ...document.numbering import number_key
from ..flow.flowables import (
    BoxDecoration,
    ChartPiece,
    Flowable,
    ImagePiece,
)
from ..structure import StructElem
from .area import Area
from .box import boxed
from .layouter import BlockLayouter


def set_chart(layouter: BlockLayouter, block: Directive, area: Area) -> list[Flowable]:
    """Lay out a chart as wide as the area, and its caption below it."""
    x, width = (area.wide_x, area.wide_width) if area.top_level else (area.x, area.width)
    words = block.attributes.get("caption", "")
    group = figure_group(area.element, words)
    element = group.child("Figure")
    context = layouter.context
    chart = layouter.paragraphs.chart(block.attributes, width, context, block.source)
    element.alt = chart.alt
    flowable = ChartPiece(chart, x, element)
    flowable.frames = area.frames
    flowable.before = flowable.after = context.theme.style("body").after * 1.5
    if not words:
        return [flowable]
    flowable.keep_with_next = True
    place = replace(area, x=x, width=width)
    caption = set_caption(
        layouter,
        (Text(words),),
        number_key(block),
        group.child("Caption"),
        place,
        block.source,
    )
    caption[0].before = 6.0
    return [flowable, *caption]


def set_figure(layouter: BlockLayouter, block: Figure, area: Area) -> list[Flowable]:
    """Lay out a picture and its caption below it."""
    if block.image.missing:
        return _missing_picture(layouter, block, area)
    group = figure_group(area.element, block.caption)
    # A decorative picture is an artifact: nothing in the structure represents it.
    element = None if block.image.decorative else group.child("Figure")
    if element is not None:
        element.alt = block.image.alt
    limit = area.wide_width if area.top_level else area.width
    width, height = image_size(block.image, limit, layouter.page_height * 0.8, area.width)
    x = area.wide_x if width > area.width and area.top_level else area.x
    flowable = layouter.framed(
        set_picture(layouter, block.image, (x, width, height), element), area
    )
    flowable.x = x
    flowable.before = flowable.after = layouter.context.theme.style("body").after
    if element is None or not block.caption:
        return [flowable]
    flowable.keep_with_next = True
    caption = set_caption(
        layouter,
        block.caption,
        number_key(block),
        group.child("Caption" if element is not None else "P"),
        area,
        block.source,
    )
    return [flowable, *caption]


def figure_group(element: StructElem, caption: object) -> StructElem:
    """Return the element of a figure and its caption.

    The caption is next to the figure: what is inside one is not read, as its Alt is instead.
    """
    return element.child("Div") if caption else element


def set_picture(
    layouter: BlockLayouter,
    image: Image,
    box: tuple[float, float, float],
    element: StructElem | None,
) -> Flowable:
    """Return a picture in `box` (x, width, height): pixels, or the lines of an SVG."""
    x, width, height = box
    if not is_drawing(image.path):
        return ImagePiece(image.path, x, width, height, element)
    from ..figure.svg import draw_svg

    chart = draw_svg(image.path, width, image.alt, layouter.context, image.source)
    return ChartPiece(chart, x, element)


def _missing_picture(layouter: BlockLayouter, block: Figure, area: Area) -> list[Flowable]:
    """Lay out a box that names a missing picture and what it would show."""
    words = layouter.context.words.gettext("Picture missing: {name}", name=block.image.missing)
    element = area.element.child("Div")
    pad = layouter.context.theme.number("box.padding")
    frame = BoxDecoration(area.x, area.width, None, layouter.context.theme.color("colors.soft"))
    inner = area.inside(element, pad, frames=(*area.frames, frame))
    style = layouter.context.theme.style("caption")
    content = (Text(words), *((LineBreak(), Text(block.image.alt)) if block.image.alt else ()))
    lines = layouter.lines(content, style, element.child("P"), inner, block.source)
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
    number = layouter.context.number_of.get(target, "")
    if number:
        label = Span("strong", (Text(number),))
        content = (label, Text("\u2002"), *content)
    return layouter.lines(content, layouter.context.theme.style("caption"), element, area, source)


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
    ratio = natural.height / natural.width
    width = image.share * column or image.width or (image.height / ratio if image.height else 0.0)
    width = width or natural.width
    width = min(width, max_width, max_height / ratio)
    return width, width * ratio
