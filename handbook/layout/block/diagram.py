"""Lay out diagrams that are written as text."""

from __future__ import annotations

from dataclasses import replace

from ...core.diagnostics import HandbookError, Source
from ...document.nodes import CodeBlock, Diagram, plain_text
from ..figure.charts import Chart, scaled
from ..figure.diagram import SMALLEST, draw_diagram
from ..figure.legibility import LEAST_WORDS
from ..flow.flowables import ChartPiece, Flowable
from .area import Area
from .figure import with_caption
from .layouter import BlockLayouter

# A diagram takes at most this share of a page's height.
TALLEST = 0.82


def set_diagram(layouter: BlockLayouter, block: Diagram, area: Area) -> list[Flowable]:
    """Lay out a diagram and its caption: in the column, in the wide frame, or on a turned page."""
    context = layouter.context
    key = ("diagram", block.kind, block.text, block.alt, context.language)
    try:
        chart: Chart = context.drawing(
            key, lambda: draw_diagram(block.kind, block.text, block.alt, context, block.source)
        )
    except HandbookError:
        if not block.lenient:
            raise
        # The build has a warning of it: `diagram_problems`.
        code = CodeBlock(text=block.text, title=plain_text(block.caption), source=block.source)
        return layouter.lay_out_all((code,), area)
    element = area.element.child("Figure")
    element.alt = chart.alt
    fitted, x, landscape = _fitted(layouter, chart, area, block.source)
    flowable = ChartPiece(fitted, x, element)
    flowable.frames = area.frames
    flowable.landscape = landscape
    flowable.before = flowable.after = context.theme.style("body").after * 1.5
    if not block.caption:
        return [flowable]
    place = replace(area, x=x, width=max(fitted.width, area.width))
    caption_element = element.inline_child("Caption")
    return with_caption(layouter, flowable, block.caption, block, caption_element, place)


def _fitted(
    layouter: BlockLayouter, chart: Chart, area: Area, source: Source
) -> tuple[Chart, float, bool]:
    """Return the drawing as large as it fits, its left edge, and whether the page is turned."""
    size = layouter.context.theme.style("figure").size
    tallest = layouter.page_height * TALLEST
    wide = area.wide_width if area.top_level else area.width
    narrow = chart.width <= area.width and not area.exhibits_wide
    x = area.x if narrow or not area.top_level else area.wide_x
    scale = min(1.0, wide / chart.width, tallest / chart.height)
    long, turned = layouter.long_side, False
    if scale * size < SMALLEST and long > wide and area.top_level:
        lying = min(1.0, long / chart.width, wide / chart.height)
        turned, scale = lying > scale, max(lying, scale)
        x = area.wide_x if turned else x
    if scale == 1.0:
        return chart, x, turned
    shrunk = (source, scale * size) if scale * size < LEAST_WORDS else None
    return replace(scaled(chart, scale), shrunk=shrunk), x, turned
