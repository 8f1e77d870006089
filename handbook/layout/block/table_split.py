"""Split a table that is too wide into tables one below the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ...document.nodes import Cell, Column, Row, Table
from .table_columns import _places

# Tables of fewer columns are not split: their words are hyphenated.
FEWEST_COLUMNS = 7


def split_by_columns(
    table: Table, least: Sequence[float], width: float, fewest: int = FEWEST_COLUMNS
) -> list[Table]:
    """Return tables whose columns fit `width`, each with the first column of `table`.

    `least` has the width of each column's longest word (points).  A table that fits, or that has
    fewer than `fewest` columns, is returned as it is.
    """
    if sum(least) <= width + 0.1 or len(least) < fewest:
        return [table]
    groups: list[list[int]] = [[0]]
    used = least[0]
    for column in range(1, len(least)):
        if used + least[column] > width and len(groups[-1]) > 1:
            groups.append([0])
            used = least[0]
        groups[-1].append(column)
        used += least[column]
    parts = [_part(table, group) for group in groups]
    return [parts[0], *(replace(part, id="", caption=()) for part in parts[1:])]


def _part(table: Table, group: list[int]) -> Table:
    columns = [*table.columns, *[Column()] * max(0, max(group) + 1 - len(table.columns))]
    places = iter(_places(table))
    header, rows = (
        tuple(_row(row, next(places), group, index == 0) for row in rows)
        for index, rows in enumerate((table.header, table.rows))
    )
    return replace(
        table, columns=tuple(columns[column] for column in group), header=header, rows=rows
    )


def _row(row: Row, places: list[tuple[int, Cell]], group: list[int], header: bool) -> Row:
    """Return the cells of `group`; what spans into it from before is said again in headers."""
    cells: list[Cell] = []
    for start, cell in places:
        columns = [column for column in group if start <= column < start + cell.colspan]
        if columns:
            blocks = cell.blocks if header or start in columns else ()
            cells.append(replace(cell, blocks=blocks, colspan=len(columns)))
    return replace(row, cells=tuple(cells))
