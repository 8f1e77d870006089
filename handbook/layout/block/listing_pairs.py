"""Set two listings that follow one another side by side, where their lines are short enough."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from ...core.values import changed
from ...document.nodes import Block, CodeBlock
from ..flow.columns import SideBySide
from ..flow.flowables import Flowable, Gap, drawn_height
from ..inline.highlight import cells, rows_of_line
from .area import Area
from .code import WHOLE_CODE, columns_of_code
from .layouter import BlockLayouter

# Between two listings (points).
GAP = 8.0
# A column of code has at least this many characters; a share of its lines may continue below.
LEAST_COLUMNS, CONTINUED_LINES = 30, 1 / 6
# Side by side they take at most this much of the height that they take one below the other.
LOWER = 0.72


def pairs_of(
    layouter: BlockLayouter, blocks: Sequence[Block], area: Area
) -> Mapping[int, tuple[CodeBlock, CodeBlock]]:
    """Return the pairs of listings that go side by side, by the `id` of the first."""
    if not layouter.context.theme.number("code.pairs") or area.in_columns:
        return {}
    columns = columns_of_code(layouter, _half(area))
    if columns < LEAST_COLUMNS:
        return {}
    pairs: dict[int, tuple[CodeBlock, CodeBlock]] = {}
    for listings, run in groupby(blocks, lambda block: isinstance(block, CodeBlock)):
        waiting: CodeBlock | None = None
        for block in run if listings else ():
            assert isinstance(block, CodeBlock)
            if waiting is not None and _fit(waiting, block, columns):
                pairs[id(waiting)], waiting = (waiting, block), None
            else:
                waiting = block
    return pairs


def _fit(first: CodeBlock, second: CodeBlock, columns: int) -> bool:
    """Return whether two listings are lower side by side, with few lines that go on below."""
    rows = [_rows(block, columns) for block in (first, second)]
    if not all(rows) or max(rows) > WHOLE_CODE:
        return False
    lines = [1 + block.text.rstrip("\n").count("\n") for block in (first, second)]
    # The insides of two boxes, and the white between them.
    return max(rows) + 2 <= LOWER * (sum(lines) + 4)


def _rows(block: CodeBlock, columns: int) -> int:
    """Return how many rows a listing has in this many columns; 0 if it is not to be set so."""
    if block.callouts or block.first_line:
        return 0
    lines = block.text.rstrip("\n").split("\n")
    long = [line for line in lines if cells(line) > columns]
    if len(long) > max(1, len(lines) * CONTINUED_LINES):
        return 0
    # They go on once, after a space, so that no word is split.
    if any(
        rows_of_line(line, columns) > 2 or " " not in _latter_half(line, columns) for line in long
    ):
        return 0
    return len(lines) + len(long)


def _latter_half(line: str, columns: int) -> str:
    """Return what of a line may end its first row."""
    return line.rstrip()[columns // 2 : columns]


def _half(area: Area, place: int = 0) -> Area:
    """Return the left or right half of the wide frame."""
    width = (area.wide_width - GAP) / 2
    x = area.wide_x + place * (width + GAP)
    return changed(area, x=x, width=width, wide_x=x, wide_width=width, top_level=False)


def set_pair(
    layouter: BlockLayouter, pair: tuple[CodeBlock, CodeBlock], area: Area
) -> list[Flowable]:
    """Lay out two listings side by side; their grounds are of one height."""
    stacks = [layouter.lay_out(block, _half(area, n)) for n, block in enumerate(pair)]
    height = max(map(drawn_height, stacks))
    before, after = stacks[0][0].before, stacks[0][-1].after
    for stack in stacks:
        foot = Gap(height - drawn_height(stack), stack[-1].x)
        foot.frames = stack[-1].frames
        stack[0].before = stack[-1].after = 0.0
        stack.append(foot)
    both = SideBySide(stacks)
    both.before, both.after = before, after
    return layouter.with_side([both], pair[0], area)
