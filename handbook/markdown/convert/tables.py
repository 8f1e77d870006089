"""Convert a table with its caption."""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from ...core.diagnostics import DiagnosticCollector, Source
from ...core.units import counted
from ...core.values import changed
from ...document.nodes import Align, Block, Cell, Column, Inlines, Row, Table
from .inlines import InlineReader
from .runs import split_images

Blocks: TypeAlias = Callable[[etree.Element], tuple[Block, ...]]

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_ALIGN: dict[str, Align] = {"left": "left", "center": "center", "right": "right"}


def convert_table(
    element: etree.Element,
    inlines: InlineReader,
    caption: Inlines,
    attributes: Mapping[str, str],
    source: Source,
    common: Mapping[str, Any],
    read_blocks: Blocks,
) -> Table:
    """Convert a table; `attributes` is the attribute list at `source`.

    `read_blocks` converts the blocks of a cell that contains any.
    """
    problems = inlines.problems
    header_rows = element.findall("thead/tr")
    columns = [Column(_ALIGN.get(cell.get("align", ""), "")) for cell in header_rows[0]]
    widths = _widths(attributes.get("widths", ""), len(columns), source, problems)
    count = attributes.get("header-columns", "0")
    if not count.isdecimal() or int(count) > len(columns):
        problems.add(
            source,
            f"header-columns={count} does not fit a table of {counted(len(columns), 'column')}",
            "write header-columns=1 where the first column names the rows",
            "table-attributes",
        )
        count = "0"
    header = tuple(
        row
        for row in (_row(head, inlines, 0, read_blocks) for head in header_rows)
        if _has_words(row)
    )
    body = [row for row in element.findall("tbody/tr") if row.get("lines")]
    rows = tuple(_row(row, inlines, int(count), read_blocks) for row in body)
    decimal = _decimal(attributes.get("decimal", ""), len(columns), source, problems)
    sized = tuple(
        Column("decimal" if number in decimal else column.align, width)
        for number, (column, width) in enumerate(zip(columns, widths, strict=True), 1)
    )
    header = _spanned(header, header_rows if header else (), problems)
    rows = _spanned(rows, body, problems)
    return Table(columns=sized, header=header, rows=rows, caption=caption, **common)


def _spanned(
    rows: tuple[Row, ...], elements: Sequence[etree.Element], problems: DiagnosticCollector
) -> tuple[Row, ...]:
    """Merge cells: `<<` joins the cell to its left, `^^` the one above.

    Joined cells that make no rectangle stay apart, and are reported.
    """
    owner: dict[tuple[int, int], tuple[int, int]] = {}
    for line, element in enumerate(elements):
        for place, cell in enumerate(element):
            mark = cell.get("join", "")
            origin = (line, place - 1) if mark == "<<" else (line - 1, place)
            if mark and min(origin) >= 0:
                owner[line, place] = owner.get(origin, origin)
            elif mark:
                where = "to its left" if mark == "<<" else "above it"
                problems.add(
                    rows[line].source,
                    f"there is no cell {where} that {mark} could join; it is printed as text",
                    f"write `{mark}` in backticks if it is meant as text",
                    "table-span",
                )
    grid = [list(row.cells) for row in rows]
    for origin in dict.fromkeys(owner.values()):
        top, left = origin
        joined = {cell for cell, its in owner.items() if its == origin}
        bottom, right = (max(cell[n] for cell in joined) for n in (0, 1))
        area = {(y, x) for y in range(top, bottom + 1) for x in range(left, right + 1)}
        if area != joined | {origin}:
            problems.add(
                rows[bottom].source,
                "cells that << and ^^ join make no rectangle; they stay apart",
                "join whole rows and columns of cells",
                "table-span",
            )
            for y, x in joined:
                del owner[y, x]
                grid[y][x] = changed(grid[y][x], blocks=())
            continue
        grid[top][left] = changed(
            grid[top][left], rowspan=bottom - top + 1, colspan=right - left + 1
        )
    return tuple(
        changed(row, cells=tuple(c for n, c in enumerate(grid[line]) if (line, n) not in owner))
        for line, row in enumerate(rows)
    )


def _decimal(words: str, count: int, source: Source, problems: DiagnosticCollector) -> set[int]:
    """Return the columns (from 1) whose numbers are aligned at the decimal point."""
    numbers = words.replace(",", " ").split()
    if not all(number.isdecimal() and 1 <= int(number) <= count for number in numbers):
        problems.add(
            source,
            f'decimal="{words}" does not fit a table of {count} columns',
            'name columns by their numbers, as in decimal="2 3"',
            "table-attributes",
        )
        return set()
    return {int(number) for number in numbers}


def _row(element: etree.Element, inlines: InlineReader, headers: int, read: Blocks) -> Row:
    line = element.get("lines", "0")
    source = inlines.context.source_at(int(line))
    cells: list[Cell] = []
    for number, child in enumerate(element):
        child.set("lines", line)
        if child.get("blocks"):
            cells.append(Cell(read(child), header=number < headers))
            continue
        content = inlines.read(child, "any")
        blocks = tuple(split_images(content, {"source": source}))
        cells.append(Cell(blocks, header=number < headers))
    return Row(tuple(cells), tuple(element.get("class", "").split()), source)


def _has_words(row: Row) -> bool:
    return any(cell.blocks for cell in row.cells)


def _widths(
    words: str, count: int, source: Source, problems: DiagnosticCollector
) -> Sequence[float]:
    """Return the relative widths of the columns; 0 for each where none are given."""
    shares = words.replace(",", " ").split()
    if not shares:
        return [0.0] * count
    if len(shares) != count or not all(_NUMBER.fullmatch(share) for share in shares):
        problems.add(
            source,
            f'widths="{words}" does not fit a table of {count} columns',
            'give one number for each column, such as widths="3 1 2"',
            "table-attributes",
        )
        return [0.0] * count
    return [float(share) for share in shares]
