"""Lay out charts of data."""

from __future__ import annotations

from dataclasses import replace

from ...document.nodes import ChartBlock
from ...document.numbering import number_key
from ..figure.charts import Chart
from ..flow.flowables import ChartPiece, Flowable
from .area import Area
from .figure import figure_group, set_caption
from .layouter import BlockLayouter


def set_chart_block(layouter: BlockLayouter, block: ChartBlock, area: Area) -> list[Flowable]:
    """Lay out a chart and its caption: in the column if it is narrow, else in the wide frame."""
    context = layouter.context
    x, width = (area.wide_x, area.wide_width) if area.top_level else (area.x, area.width)
    chart = _drawn(layouter, block, width)
    if chart.width <= area.width and not area.exhibits_wide:
        x = area.x
    group = figure_group(area.element, block.caption)
    element = group.child("Figure")
    element.alt = chart.alt
    flowable = ChartPiece(chart, x, element)
    flowable.frames = area.frames
    flowable.before = flowable.after = context.theme.style("body").after * 1.5
    if not block.caption:
        return [flowable]
    flowable.keep_with_next = True
    place = replace(area, x=x, width=max(chart.width, area.width))
    caption = set_caption(
        layouter, block.caption, number_key(block), group.child("Caption"), place, block.source
    )
    caption[0].before = 6.0
    caption[-1].after = flowable.after
    return [flowable, *caption]


def _drawn(layouter: BlockLayouter, block: ChartBlock, width: float) -> Chart:
    context = layouter.context
    key = ("marks", block.mark, block.channels, block.options, block.alt, width, context.language)

    def draw() -> Chart:
        from ..figure.marks.draw import draw_marks

        return draw_marks(block, context.theme, context.faces, width, context.words)

    chart: Chart = context.drawing(key, draw)
    return chart
