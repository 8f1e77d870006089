"""Choose one left edge for the listings, tables and figures of a chapter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...document.nodes import Block, CodeBlock, Division, Table
from .area import Area
from .code import listing_width
from .layouter import BlockLayouter
from .table_columns import fitting_area


def needs_wide_frame(layouter: BlockLayouter, blocks: Iterable[Block], area: Area) -> bool:
    """Return whether a listing or a table among `blocks` is wider than the text."""
    if area.wide_width <= area.width:
        return False
    exhibits = list(_exhibits(blocks))
    listings = (block for block in exhibits if isinstance(block, CodeBlock))
    if any(listing_width(layouter, block) > area.width for block in listings):
        return True
    pad = layouter.context.theme.number("table.padding")
    tables = (block for block in exhibits if isinstance(block, Table))
    return any(fitting_area(layouter, table, area, pad)[2].width > area.width for table in tables)


def _exhibits(blocks: Iterable[Block]) -> Iterator[Block]:
    for block in blocks:
        if isinstance(block, Division):
            yield from _exhibits(block.blocks)
        elif isinstance(block, (CodeBlock, Table)):
            yield block
