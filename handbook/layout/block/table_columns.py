"""Choose the widths of table columns."""

from __future__ import annotations

import re
from typing import Any

from ...core.values import changed
from ...document.nodes import Cell, Paragraph, Span, Table, plain_text, with_values
from ..inline.line_breaking import Stops, line_count
from .area import Area
from .layouter import BlockLayouter
from .table_unbroken import splittable, unbroken
from .table_widths import Measures, fitted


def _places(table: Table) -> list[list[tuple[int, Cell]]]:
    """Return for each row, header rows first, its cells with their columns.

    Spans end at the cells and at the last row they meet, and every row has all columns: what
    an author leaves out is an empty cell.
    """
    rows: list[list[tuple[int, Cell]]] = []
    for part in (table.header, table.rows):
        # How many rows more a column is spanned by a cell above.
        spanned: dict[int, int] = {}
        for number, row in enumerate(part):
            taken, spanned = set(spanned), {c: n - 1 for c, n in spanned.items() if n > 1}
            cells: list[tuple[int, Cell]] = []
            column = 0
            for cell in row.cells:
                while column in taken:
                    column += 1
                width = next((n for n in range(1, cell.colspan) if column + n in taken), 0)
                height = min(cell.rowspan, len(part) - number)
                cell = with_values(cell, colspan=width or cell.colspan, rowspan=height)
                cells.append((column, cell))
                if height > 1:
                    spanned |= dict.fromkeys(range(column, column + cell.colspan), height - 1)
                column += cell.colspan
            rows.append(cells)
    return _filled(table, rows)


def _filled(table: Table, rows: list[list[tuple[int, Cell]]]) -> list[list[tuple[int, Cell]]]:
    """Put empty cells where rows have none."""
    count = max(
        [len(table.columns), *(column + cell.colspan for row in rows for column, cell in row)]
    )
    spanned: dict[int, int] = {}
    for number, row in enumerate(rows):
        if number == len(table.header):
            spanned = {}
        filled = set(spanned) | {c + n for c, cell in row for n in range(cell.colspan)}
        spanned = {c: n - 1 for c, n in spanned.items() if n > 1}
        for column, cell in row:
            if cell.rowspan > 1:
                spanned |= dict.fromkeys(range(column, column + cell.colspan), cell.rowspan - 1)
        if len(filled) < count:
            row += [(column, Cell(())) for column in range(count) if column not in filled]
            row.sort(key=lambda place: place[0])
    return rows


def column_count(table: Table) -> int:
    """Return how many columns a table has, those without a column of the header too."""
    return max((c + cell.colspan for row in _places(table) for c, cell in row), default=0)


# A figure up to its decimal point, and the rest; with a decimal comma, points group the digits.
_FIGURES = {
    ".": re.compile(r"([^\d]*[\d\s,\u202f\u00a0]+)(.*)"),
    ",": re.compile(r"([^\d]*[\d\s.\u202f\u00a0]+)(.*)"),
}


def _before_point(layouter: BlockLayouter, cell: Cell) -> tuple[float, float] | None:
    """Return the width of a cell's figure before its decimal point and after; None for words."""
    words = " ".join(plain_text(b.content) for b in cell.blocks if isinstance(b, Paragraph))
    pattern = _FIGURES.get(layouter.context.words.decimal, _FIGURES["."])
    match = pattern.fullmatch(words)
    if not match:
        return None
    style = layouter.context.theme.style("table")
    face = layouter.context.faces[style.face]
    if not face.has(words):
        return None
    whole, rest = (face.width(part) * style.size / 1000 for part in match.groups())
    return whole, rest


def _decimal_points(layouter: BlockLayouter, table: Table) -> dict[int, tuple[float, float]]:
    """Return for each decimal column the greatest widths before and after the point."""
    points: dict[int, tuple[float, float]] = {}
    for column, kind in enumerate(table.columns):
        if kind.align == "decimal":
            body = _places(table)[len(table.header) :]
            cells = [cell for row in body for place, cell in row if place == column]
            parts = [part for cell in cells if (part := _before_point(layouter, cell))]
            if parts:
                points[column] = (max(p[0] for p in parts), max(p[1] for p in parts))
    return points


def _bold_header(cell: Cell) -> tuple[Any, ...]:
    return tuple(
        changed(block, content=(Span("strong", block.content),))
        if isinstance(block, Paragraph)
        else block
        for block in cell.blocks
    )


# Added to the width of a column's white, so that no rounding splits a word (points).
ROUNDING = 0.1
# A table up to this share of a page's height stays whole.
WHOLE_TABLE = 0.35
# Next to a side column a table is in the wide frame only if on single lines it would be this many
# times as wide as the text.
LOOSE = 1.7
# Before a page is turned for a table, the white next to its words becomes this much less (share).
LEAST_WHITE = 0.45
# Figures are at most this far from what they are said of (points), however wide the frame is.
NEAR = 42.0
# A word holds a column wide if it takes this much of the table (share); it is split where its parts
# meet if the rows have at most this many of their lines then (share).
HELD, LOWER = 0.34, 0.88
# A table goes across all columns if on single lines it would be this many of them wide.
TOWERS = 2.6
# ... or if its rows have this many lines on average, and are too high together to stay whole.
WRAPPED = 1.3


def fitting_area(
    layouter: BlockLayouter, table: Table, area: Area, pad: float
) -> tuple[Table, Measures, Area]:
    """Return the table with its dates unbroken if that fits, its measures, and its area.

    That is the text column, the wide frame if the table is wider, or a landscape page.
    """
    bound = unbroken(table)
    measures = padded_widths(layouter, bound, pad)
    place = _area(layouter, table, area, measures)
    room = area.width if area.in_columns else place.width
    if bound is not table and sum(measures.least) > room:
        bound, measures = table, padded_widths(layouter, table, pad)
        place = _area(layouter, table, area, measures)
    if place.landscape and "landscape" not in table.classes:
        # A page is turned only if the words fit no upright one, however they are set there.
        tried = splittable(bound)
        closer = _closer(padded_widths(layouter, tried, pad), pad, area.wide_width)
        upright = _area(layouter, table, area, closer)
        if not upright.landscape:
            return tried, closer, upright
    if not place.landscape and _is_held(measures, place):
        # Code that is long holds its column wide, and the words of the others become towers.
        tried = splittable(bound)
        looser = padded_widths(layouter, tried, pad)
        if _line_count(tried, looser, place) <= LOWER * _line_count(bound, measures, place):
            return tried, looser, place
    return bound, measures, place


def _is_held(measures: Measures, area: Area) -> bool:
    """Return whether the longest word of a column takes much of a table that has no room."""
    held = max(measures.least, default=0.0) > HELD * area.width
    return held and len(measures.least) > 2 and sum(measures.most) > area.width


def _closer(measures: Measures, pad: float, room: float) -> Measures:
    """Return the measures of a table with as little less white as its longest words need."""
    over = max(0.0, sum(measures.least) - room)
    less = min(over / len(measures.least) + 0.1, 2 * pad * (1 - LEAST_WHITE))
    least = [width - less for width in measures.least]
    most = [width - less for width in measures.most]
    return Measures(least, most, measures.white - less, measures.rows)


def head_of(table: Table) -> tuple[str, ...]:
    """Return the words of a table's header, by which tables of one kind are known."""
    return tuple(
        plain_text(block.content)
        for row in table.header
        for cell in row.cells
        for block in cell.blocks
        if isinstance(block, Paragraph)
    )


def _area(layouter: BlockLayouter, table: Table, area: Area, measures: Measures) -> Area:
    low, needed = sum(measures.least), sum(measures.most)
    if area.has_side:
        needed = max(low, needed / LOOSE)
    # Out of a column only if the words of its cells would be towers there, or the table in pieces.
    if area.in_columns and low <= area.width and needed <= area.width * TOWERS:
        needed = area.width + 1 if _is_tall(layouter, table, area, measures) else 0.0
    wide = area.exhibits_wide or (area.wide_kinds and head_of(table) in area.wide_kinds)
    if area.top_level and (wide or needed > area.width):
        area = changed(area, x=area.wide_x, width=area.wide_width)
        long = layouter.long_side
        if long and ("landscape" in table.classes or low > area.width + 0.1):
            area = changed(area, x=0.0, width=long, wide_x=0.0, wide_width=long, landscape=True)
    return area


def _is_tall(layouter: BlockLayouter, table: Table, area: Area, measures: Measures) -> bool:
    """Return whether a table is too high in one column to stay whole, as its words wrap there."""
    theme = layouter.context.theme
    lines = _lines(table, measures, area)
    if sum(lines) < len(lines) * WRAPPED:
        return False
    height = sum(lines) * theme.style("table").leading + len(lines) * 2 * theme.number("table.row")
    if table.caption:
        caption = theme.style("caption")
        height += caption.leading + caption.after
    return height > layouter.page_height * WHOLE_TABLE


def _lines(table: Table, measures: Measures, area: Area) -> list[int]:
    """Return how many lines each row of a table has in `area`."""
    widths = [width - measures.white for width in column_widths(table, measures, area)]
    return [
        max(
            (sum(line_count(stops, widths[column]) for stops in cell) for column, cell in row),
            default=1,
        )
        for row in measures.rows or ()
    ]


def _line_count(table: Table, measures: Measures, area: Area) -> int:
    return sum(_lines(table, measures, area))


def column_widths(table: Table, measures: Measures, area: Area) -> list[float]:
    """Return the width of each column: by the author's shares, or by what is in it."""
    shares = [column.width for column in table.columns]
    if any(shares) and len(shares) == len(measures.least):
        return _shared(shares, measures.least, area.width)
    spare = area.width - sum(measures.most)
    if spare > 0 and _counts(table):
        first, *figures = measures.most
        white = min(NEAR, spare / len(figures))
        return [first, *(width + white for width in figures)]
    return fitted(measures, area.width)


def _counts(table: Table) -> bool:
    """Return whether a table says figures of words: all columns but the first are at the right."""
    first, *others = (column.align for column in table.columns)
    figures = bool(others) and all(align in ("right", "decimal") for align in others)
    return figures and first not in ("right", "decimal")


def padded_widths(layouter: BlockLayouter, table: Table, pad: float) -> Measures:
    """Return the measures of each column with the white around its text."""
    measures = _natural(layouter, table, column_count(table))
    measures.white = white = 2 * pad + ROUNDING
    measures.least = [width + white for width in measures.least]
    measures.most = [width + white for width in measures.most]
    return measures


def _natural(layouter: BlockLayouter, table: Table, count: int) -> Measures:
    least, most = [0.0] * count, [0.0] * count
    measures = Measures(least, most)
    rows: list[list[tuple[int, list[Stops]]]] = []
    only_words = True
    for number, row in enumerate(_places(table)):
        style_name = "table-head" if number < len(table.header) else "table"
        style = layouter.context.theme.style(style_name)
        rows.append([])
        for column, cell in row:
            if cell.colspan == 1 and column < count:
                low, high, stops = _cell_widths(layouter, cell, style)
                least[column] = max(least[column], low)
                most[column] = max(most[column], high)
                only_words = only_words and stops is not None
                if stops and cell.rowspan == 1:
                    rows[-1].append((column, stops))
    measures.rows = rows if only_words else None
    for column, (whole, rest) in _decimal_points(layouter, table).items():
        least[column] = max(least[column], whole + rest)
        most[column] = max(most[column], whole + rest)
    return measures


def _cell_widths(
    layouter: BlockLayouter, cell: Cell, style: Any
) -> tuple[float, float, list[Stops] | None]:
    low = high = 0.0
    stops: list[Stops] | None = []
    for block in _bold_header(cell) if cell.header else cell.blocks:
        if isinstance(block, Paragraph):
            widths = layouter.paragraphs.natural_widths(
                block.content, style, layouter.context, block.source
            )
            low, high = max(low, widths[0]), max(high, widths[1])
            if stops is not None:
                stops.append(widths[2])
        else:
            low, high, stops = max(low, 60.0), max(high, 160.0), None
    return low, high, stops


def _shared(shares: list[float], least: list[float], total: float) -> list[float]:
    """Return widths by the author's shares, none narrower than its longest word if possible."""
    all_shares = sum(shares) or 1.0
    widths = [total * share / all_shares for share in shares]
    if sum(least) > total:
        return widths
    short = [max(0.0, low - width) for low, width in zip(least, widths, strict=True)]
    spare = [max(0.0, width - low) for low, width in zip(least, widths, strict=True)]
    factor = sum(short) / sum(spare) if sum(spare) else 0.0
    return [
        width + lack - extra * factor
        for width, lack, extra in zip(widths, short, spare, strict=True)
    ]
