"""Choose the left edge of the listings, tables and figures of a chapter, one width by kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby

from ...document.nodes import Block, CodeBlock, Division, Table
from .area import Area
from .code import listing_width
from .layouter import BlockLayouter
from .table_columns import fitting_area, head_of


def need_wide_frame(layouter: BlockLayouter, blocks: Iterable[Block], area: Area) -> bool:
    """Return whether this many listings and tables among `blocks` are wider than the text.

    Next to a side column that is the share that the theme names, elsewhere a single one.
    """
    if area.wide_width <= area.width:
        return False
    exhibits = list(_exhibits(blocks))
    allowed = layouter.context.theme.number("side.wide") if area.has_side else 0.0
    left = int(len(exhibits) * allowed)
    for block in exhibits:
        left -= _is_wide(layouter, block, area)
        if left < 0:
            return True
    return False


def _is_wide(layouter: BlockLayouter, block: CodeBlock | Table, area: Area) -> bool:
    """Return whether a listing or a table is wider than the text."""
    if isinstance(block, CodeBlock):
        return listing_width(layouter, block) > area.width
    pad = layouter.context.theme.number("table.padding")
    return fitting_area(layouter, block, area, pad)[2].width > area.width


def wide_neighbours(layouter: BlockLayouter, blocks: Iterable[Block], area: Area) -> frozenset[int]:
    """Return the `id` of each listing next to others of which one is wider than the text.

    Listings that follow one another are compared line by line: all of them begin at one edge.
    """
    wide: list[int] = []
    if area.wide_width > area.width and not area.in_columns:
        for together, run in groupby(blocks, lambda block: isinstance(block, CodeBlock)):
            listings = [block for block in run if isinstance(block, CodeBlock)] if together else []
            if len(listings) > 1 and any(_is_wide(layouter, block, area) for block in listings):
                wide += map(id, listings)
    return frozenset(wide)


def wide_kinds(
    layouter: BlockLayouter, blocks: Iterable[Block], area: Area
) -> frozenset[tuple[str, ...]]:
    """Return the headers of which several tables are among `blocks`, one wider than a column.

    Tables of one kind are of one width: all of them go across the columns then.
    """
    tables = [block for block in _exhibits(blocks) if isinstance(block, Table)]
    heads = Counter(head_of(table) for table in tables)
    pad = layouter.context.theme.number("table.padding")
    return frozenset(
        head
        for table in tables
        if heads[head := head_of(table)] > 1
        and any(head)
        and fitting_area(layouter, table, area, pad)[2].width > area.width
    )


def _exhibits(blocks: Iterable[Block]) -> Iterator[CodeBlock | Table]:
    for block in blocks:
        if isinstance(block, Division):
            yield from _exhibits(block.blocks)
        elif isinstance(block, (CodeBlock, Table)):
            yield block
