"""Stack the cells of a table that is too wide for a narrow page.

Each row becomes a group of rows, a cell in each, next to the words that head its column.
"""

from __future__ import annotations

from dataclasses import replace

from ...document.nodes import Cell, Checkbox, Column, Field, NoteReference, Row, Table, every_inline
from ..inline.line_breaking import line_count
from .table_columns import _places
from .table_widths import Measures

# Classes of a stacked table's rows: the first of a group, and those that another one follows.
FIRST, PAIR = "first-of-group", "pair"
# A table of two columns is narrow already.
FEWEST_COLUMNS = 3
# The share of the width that stacked cells have at least; the heads of columns have the rest.
CELLS = 0.64
# Where heights are not known: tables this many times as wide as the page are stacked.
WIDE = 2.0


def is_stacked(table: Table, measures: Measures, widths: list[float], most: float) -> bool:
    """Return whether the rows of `table` are better stacked than in columns of these widths.

    They are if a word does not fit its column, or if all becomes no more than `most` times as
    high.  A table whose cells span columns is never stacked.
    """
    count = len(widths)
    if not most or count < FEWEST_COLUMNS or not _is_plain(table):
        return False
    total = sum(widths)
    if sum(measures.least) > total + 0.1:
        return True
    # The heads of columns will be next to their cells.
    rows = [row for row in (measures.rows or ())[1:] if row]
    if not rows:
        return sum(measures.most) > total * WIDE
    inner = [width - measures.white for width in widths]
    narrow = total * CELLS
    now = stacked = 0
    for row in rows:
        cells = [
            (
                sum(line_count(s, inner[c]) for s in paragraphs),
                sum(line_count(s, narrow) for s in paragraphs),
            )
            for c, paragraphs in row
        ]
        now += max(lines for lines, _ in cells)
        stacked += sum(lines for _, lines in cells)
    return stacked <= now * most


def stacked(table: Table) -> Table:
    """Return the table with each row as a group: one cell a row, next to its column's head."""
    heads = [cell for _, cell in _places(table)[0]]
    rows = [
        row
        for table_row, cells in zip(table.rows, _whole_rows(table), strict=True)
        for row in _group(table_row, cells, heads)
    ]
    return replace(table, columns=(Column(), Column()), header=(), rows=tuple(rows))


def stacked_widths(measures: Measures, total: float) -> list[float]:
    """Return the widths of a stacked table: its heads on one line, if they leave room for cells."""
    heads = max(measures.least[0], min(measures.most[0], total * (1 - CELLS)))
    return [heads, total - heads]


def _is_plain(table: Table) -> bool:
    """Return whether a table has one row of heads, and only cells that may be said again."""
    rows = _places(table)
    whole = all(c.colspan == 1 and (c.rowspan == 1 or is_words(c)) for row in rows for _, c in row)
    heads = all(cell.rowspan == 1 for _, cell in rows[0]) if rows else False
    return len(table.header) == 1 and bool(table.rows) and whole and heads and len(rows[0]) > 1


def is_words(cell: Cell) -> bool:
    """Return whether a cell has nothing that a page has once: boxes, fields, notes."""
    return not any(
        isinstance(i, (Checkbox, Field, NoteReference)) for i in every_inline(cell.blocks)
    )


def _whole_rows(table: Table) -> list[list[Cell]]:
    """Return the cells of each row below the head; one that spans rows is in each of them."""
    above: dict[int, Cell] = {}
    rows: list[list[Cell]] = []
    for places in _places(table)[1:]:
        above |= {column: replace(cell, rowspan=1) for column, cell in places}
        rows.append([above[column] for column in sorted(above)])
    return rows


def _group(row: Row, cells: list[Cell], heads: list[Cell]) -> list[Row]:
    pairs: list[Row] = []
    for number, (head, cell) in enumerate(zip(heads, cells, strict=True)):
        classes = [*row.classes]
        if number == 0:
            classes.append(FIRST)
        if number < len(cells) - 1:
            classes.append(PAIR)
        value = replace(cell, header=number == 0)
        pairs.append(Row((replace(head, header=True), value), tuple(classes), row.source))
    return pairs
