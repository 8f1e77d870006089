"""Lay out charts of data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from ...core.values import changed
from ...document.nodes import Channel, ChartBlock
from ..figure.charts import Chart
from ..figure.legibility import as_high
from ..flow.flowables import ChartPiece, Flowable
from .area import Area
from .figure import AROUND, figure_group, fitting_chart, room_for, with_caption
from .layouter import BlockLayouter

# Histories are next to one another if together they are so much less high than each on its own.
ABREAST = 0.75


def set_chart_block(layouter: BlockLayouter, block: ChartBlock, area: Area) -> list[Flowable]:
    """Lay out a chart and its caption: in the column if it is narrow, else in the wide frame.

    Histories that are too high for a page become figures one below the other.
    """
    context = layouter.context
    room = room_for(layouter, block.caption, area.width)
    group = figure_group(area.element, block.caption)
    space = context.theme.style("body").after * AROUND
    pieces: list[Flowable] = []
    for part in _parts(layouter, block, area, room):
        chart, x = fitting_chart(area, partial(_drawn, layouter, part, room))
        element = group.child("Figure")
        element.alt = chart.alt
        piece = ChartPiece(chart, x, element)
        piece.frames = area.frames
        piece.before = piece.after = space
        pieces.append(piece)
    if not block.caption:
        return pieces
    place = replace(area, x=x, width=max(chart.width, area.width))
    caption = group.child("Caption")
    last = with_caption(layouter, piece, block.caption, block, caption, place)
    return [*pieces[:-1], *last]


def _parts(
    layouter: BlockLayouter, block: ChartBlock, area: Area, room: float
) -> Sequence[ChartBlock]:
    """Return a chart in parts that fit a page: a git graph parts between its histories."""
    row = next((one for one in block.channels if one.name == "row"), None)
    if block.mark != "git" or row is None:
        return (block,)
    width = area.wide_width if area.top_level else area.width
    whole = _close(layouter, block, width, room).height
    if whole <= room:
        return (block,)
    names = list(dict.fromkeys(map(str, row.values)))
    singles = [_close(layouter, _of_rows(block, row, [n]), width, room).height for n in names]
    # Two next to one another stay so.
    step = 2 if whole < sum(singles) * ABREAST else 1
    parts = [names[at : at + step] for at in range(0, len(names), step)]
    first, *others = (_of_rows(block, row, names) for names in parts)
    # What the author says of all of them is said once.
    return [first, *(changed(part, alt="") for part in others)]


def _of_rows(block: ChartBlock, row: Channel, names: Sequence[str]) -> ChartBlock:
    """Return a chart with only some of its rows; each branch keeps the colour that it has."""
    kept = [number for number, value in enumerate(row.values) if str(value) in names]

    def rest(channel: Channel) -> Channel:
        order = channel.order or tuple(dict.fromkeys(map(str, channel.values)))
        values = tuple(channel.values[number] for number in kept)
        return changed(channel, values=values, order=order if channel.name == "branch" else ())

    return changed(block, channels=tuple(map(rest, block.channels)))


def _drawn(layouter: BlockLayouter, block: ChartBlock, room: float, width: float) -> Chart:
    """Return a chart no higher than `room` (points): with less white, or smaller."""
    chart = _close(layouter, block, width, room)
    return as_high(chart, room, layouter.context.theme, block.source)


def _close(layouter: BlockLayouter, block: ChartBlock, width: float, room: float) -> Chart:
    """Return a chart, with less white if it is higher than `room` (points)."""
    chart = _set(layouter, block, width, False)
    return chart if chart.height <= room else _set(layouter, block, width, True)


def _set(layouter: BlockLayouter, block: ChartBlock, width: float, close: bool) -> Chart:
    context = layouter.context
    key = (
        "marks", block.mark, block.channels, block.options, block.alt, width, close,
        context.language,
    )  # fmt: skip

    def draw() -> Chart:
        from ..figure.marks.draw import draw_marks

        return draw_marks(block, context.theme, context.faces, width, context.words, close=close)

    chart: Chart = context.drawing(key, draw)
    return chart
