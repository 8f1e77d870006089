"""Lay out charts of data."""

from __future__ import annotations

from dataclasses import replace

from ...document.nodes import ChartBlock
from ..figure.charts import Chart
from ..flow.flowables import ChartPiece, Flowable
from .area import Area
from .figure import figure_group, fitting_chart, with_caption
from .layouter import BlockLayouter


def set_chart_block(layouter: BlockLayouter, block: ChartBlock, area: Area) -> list[Flowable]:
    """Lay out a chart and its caption: in the column if it is narrow, else in the wide frame."""
    context = layouter.context
    chart, x = fitting_chart(area, lambda width: _drawn(layouter, block, width))
    group = figure_group(area.element, block.caption)
    element = group.child("Figure")
    element.alt = chart.alt
    flowable = ChartPiece(chart, x, element)
    flowable.frames = area.frames
    flowable.before = flowable.after = context.theme.style("body").after * 1.5
    if not block.caption:
        return [flowable]
    place = replace(area, x=x, width=max(chart.width, area.width))
    caption = group.child("Caption")
    return with_caption(layouter, flowable, block.caption, block, caption, place)


def _drawn(layouter: BlockLayouter, block: ChartBlock, width: float) -> Chart:
    context = layouter.context
    key = ("marks", block.mark, block.channels, block.options, block.alt, width, context.language)

    def draw() -> Chart:
        from ..figure.marks.draw import draw_marks

        return draw_marks(block, context.theme, context.faces, width, context.words)

    chart: Chart = context.drawing(key, draw)
    return chart
