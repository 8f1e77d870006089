"""Put the notes of a listing's call-outs into the side column, each next to its line."""

from __future__ import annotations

from collections.abc import Sequence

from ...document.nodes import Block, CodeBlock, List
from ..flow.flowables import Flowable, Gap, drawn_height
from .area import Area
from .layouter import BlockLayouter
from .list import set_item
from .side_notes import Beside, keep_beside

# Between two notes; how far the words of a note are from its number's left edge (points).
APART, INDENT = 4.0, 14.0


def notes_of(block: Block, following: Block | None) -> List | None:
    """Return the list with the notes of a listing's call-outs, if it follows the listing."""
    if not isinstance(block, CodeBlock) or not block.callouts or not isinstance(following, List):
        return None
    numbers = {int(mark) for _, mark in block.callouts}
    return following if following.ordered and set(following.numbers()) == numbers else None


def notes_beside(
    layouter: BlockLayouter, block: CodeBlock, rows: list[Flowable], of_row: Sequence[int],
    area: Area, above: float,
) -> list[Flowable]:  # fmt: skip
    """Return `rows` with the notes that wait, each next to its line or below the note before.

    The rows are those of the lines `of_row`, and begin `above` points below the listing's top.
    """
    notes, layouter.code_notes = layouter.code_notes, None
    assert notes is not None
    element = area.element.child("L")
    element.attributes = {"O": "List", "ListNumbering": "Decimal"}
    side = area.side(element=element, style="margin", frames=())
    line_of = {int(mark): line for line, mark in reversed(block.callouts)}
    free = drawn_height(layouter.aside) + APART if layouter.aside else layouter.overhang
    notes_of_row: dict[int, list[Flowable]] = {}
    for number, item in sorted(zip(notes.numbers(), notes.items, strict=True)):
        row = of_row.index(line_of[number])
        top = above + sum(flowable.height for flowable in rows[:row])
        words = set_item(layouter, item, f"({number})", element.child("LI"), side, INDENT)
        words[0].before = words[-1].after = 0.0
        note = Beside([Gap(max(0.0, free - top)), *words])
        note.read_after = rows[-1]
        note.frames, note.x = rows[row].frames, rows[row].x
        keep_beside(rows[row:], drawn_height(note.flowables))
        free = max(free, top) + drawn_height(words) + APART
        notes_of_row.setdefault(row, []).append(note)
    layouter.reach = free - above - drawn_height(rows)
    return [f for place, row_ in enumerate(rows) for f in (*notes_of_row.get(place, ()), row_)]
