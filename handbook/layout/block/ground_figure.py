"""Set a chart on a coloured ground: a cover's field, the band of an area."""

from __future__ import annotations

from ...core.units import Color
from ...document.nodes import Chapter, ChartBlock
from ...theme.grounds import on_ground
from ..figure.pen import scaled
from ..flow.flowables import ChartPiece
from ..structure import StructElem
from .layouter import BlockLayouter

# Words of a figure on a page wider than this (points) are this much larger than in the text.
WIDE, LARGER = 400.0, 1.2


def ground_figure(chapter: Chapter) -> ChartBlock | None:
    """Return the chart that a chapter begins with, which is on its coloured ground."""
    first = chapter.blocks[0] if chapter.blocks else None
    return first if isinstance(first, ChartBlock) and not first.caption else None


def set_ground_figure(
    layouter: BlockLayouter,
    block: ChartBlock,
    box: tuple[float, float, float],
    ground: Color,
    element: StructElem,
    size: float = 1.0,
) -> ChartPiece:
    """Return a chart in a box (x, width, height) on a ground, its words `size` times as large.

    What it says is the author's words alone if there are any: the book has the data.
    """
    from ..figure.marks.draw import draw_marks

    x, width, height = box
    context = layouter.context
    theme = on_ground(context.theme, ground)
    key = (
        "ground", block.mark, block.channels, block.options, block.alt, box, ground, size,
        context.language,
    )  # fmt: skip
    chart = context.drawing(
        key,
        lambda: draw_marks(block, theme, context.faces, width / size, context.words, height / size),
    )
    chart = scaled(chart, min(size, height / chart.height))
    element.alt = block.alt or chart.alt
    return ChartPiece(chart, x, element)
