"""Tables -> pieces: column widths that fit the content, rows that break where they may.

A header row is drawn again after a page break (as an artifact: a screen reader
hears it once), below the words "Table 4 (continued)".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..document import Cell, Paragraph, Row, Span, Table, Text, plain_text
from ..units import Color
from .flow import Piece, draw_stack, drawn_height
from .ink import Box, Element, Page, Segment
from .survey import number_key

if TYPE_CHECKING:
    from .blocks import Blocks, Room

# Rows of up to so many lines stay whole; a taller one may go on on the next page.
WHOLE_LINES = 12.7
# The width of the bar that marks a row (points).
BAR = 2.5


@dataclass(slots=True)
class CellBox:
    """A cell laid out: its pieces, its place in the row; `rows` is how many it spans."""

    x: float
    width: float
    pieces: list[Piece]
    rows: int = 1


class RowPiece(Piece):
    """A row of cells, with its background and the rule below it.

    The bar at its left is whole, or `broken`: told apart without colour.
    """

    __slots__ = (
        "bar",
        "broken",
        "carried",
        "cells",
        "fill",
        "open",
        "pad",
        "rule",
        "whole",
        "width",
    )

    def __init__(
        self, cells: list[CellBox], x: float, width: float, pad: float,
        fill: Color | None, rule: Color | None, bar: Color | None = None, broken: bool = False,
    ) -> None:  # fmt: skip
        own = (drawn_height(cell.pieces) for cell in cells if cell.rows == 1)
        tallest = max(own, default=0.0)
        super().__init__(tallest + 2 * pad, x)
        self.cells = cells
        self.notes = [note for cell in cells for piece in cell.pieces for note in piece.notes]
        self.width = width
        self.pad = pad
        self.fill = fill
        self.rule = rule
        self.bar = bar
        self.broken = broken
        # Cells from rows above that reach into this one, and those that reach beyond it.
        self.whole = 0.0
        self.carried: list[CellBox] = []
        self.open: list[CellBox] = []

    def draw(self, page: Page, left: float, top: float, artifact: bool = False) -> None:
        """Draw background, rule and cells."""
        x = left + self.x
        bottom = top - self.height
        if self.fill:
            page.under.append(Box(x, bottom, self.width, self.height, self.fill))
        if self.bar and self.broken:
            edge = x + BAR / 2
            page.under.append(
                Segment(edge, bottom + 1, edge, bottom + self.height, self.bar, BAR, 2 * BAR)
            )
        elif self.bar:
            page.under.append(Box(x, bottom, BAR, self.height, self.bar))
        if self.rule:
            for start, end in self._below():
                page.under.append(Segment(left + start, bottom, left + end, bottom, self.rule, 0.5))
        for cell in self.cells:
            draw_stack(cell.pieces, page, left, top - self.pad, artifact)

    def _below(self) -> list[tuple[float, float]]:
        """Where the rule below the row runs: not through a cell that goes on below it."""
        stretches: list[tuple[float, float]] = []
        start = self.x
        for cell in sorted(self.open, key=lambda cell: cell.x):
            if cell.x > start:
                stretches.append((start, cell.x))
            start = cell.x + cell.width
        end = self.x + self.width
        return [*stretches, (start, end)] if start < end - 0.1 else stretches

    def draw_first(self, page: Page, left: float, top: float) -> None:
        """At the head of a page, say again what spans this row from the page before."""
        for cell in self.carried:
            draw_stack(cell.pieces, page, left, top - self.pad, artifact=True)

    def all_anchors(self) -> list[str]:
        """Its own ids and those of its cells."""
        inner = [a for cell in self.cells for piece in cell.pieces for a in piece.all_anchors()]
        return [*self.anchors, *inner]

    def split(self, room: float) -> tuple[Piece, Piece] | None:
        """The lines that fit, and the rest; each cell with lines left gives at least one."""
        if self.height <= self.whole:
            return None
        inner = room - 2 * self.pad
        heads: list[CellBox] = []
        tails: list[CellBox] = []
        for cell in self.cells:
            count = _fitting(cell.pieces, inner)
            if count == 0 and cell.pieces:
                return None
            heads.append(replace(cell, pieces=cell.pieces[:count]))
            tails.append(replace(cell, pieces=cell.pieces[count:]))
        if not any(cell.pieces for cell in tails):
            return None
        look = (self.x, self.width, self.pad, self.fill)
        first = RowPiece(heads, *look, None, self.bar, self.broken)
        rest = RowPiece(tails, *look, self.rule, self.bar, self.broken)
        for part in (first, rest):
            part.frames, part.repeat, part.carried = self.frames, self.repeat, self.carried
            part.whole = self.whole
        first.open, rest.open = [*self.carried, *heads], self.open
        first.anchors, first.before = self.anchors, self.before
        rest.after, rest.keep = self.after, self.keep
        return first, rest


def _fitting(pieces: Sequence[Piece], room: float) -> int:
    """How many pieces fit into `room`, ending where a break is allowed if one is near."""
    best = count = 0
    for number in range(1, len(pieces) + 1):
        if drawn_height(pieces[:number]) > room + 0.01:
            break
        count = number
        if not pieces[number - 1].keep or number == len(pieces):
            best = number
    return best or count


def set_table(blocks: Blocks, table: Table, room: Room) -> list[Piece]:
    """The pieces of a table: caption, header rows, body rows."""
    theme = blocks.setting.theme
    element = room.element.child("Table")
    caption_element = element.child("Caption") if table.caption else None
    pad = theme.number("table.padding")
    widths, room = _widths(blocks, table, room, pad)
    turned = room.turned
    builder = _Rows(blocks, table, room, widths, pad, element)
    header = builder.header()
    rows = builder.body()
    caption: list[Piece] = []
    if caption_element is not None:
        caption = blocks.caption(
            table.caption, number_key(table), caption_element, room, table.source
        )
        for piece in caption:
            piece.keep = True
    pieces: list[Piece] = [*caption, *header, *rows]
    _keep(pieces, header, rows, blocks.page_height)
    repeat = builder.repeat(header)
    for piece in rows[1:]:
        piece.repeat = repeat
    if rows and isinstance(rows[0], RowPiece):
        rows[0].repeat = repeat
    space = theme.style("body").after
    if pieces:
        pieces[0].before = max(pieces[0].before, space)
        pieces[-1].after = space * 1.5
    for piece in pieces:
        piece.frames = room.frames
        piece.turned = turned
    return pieces


def _keep(pieces: list[Piece], header: list[Piece], rows: list[Piece], page: float) -> None:
    """Header with the first row; the last two rows together; a small table whole."""
    for piece in header:
        piece.keep = True
    if len(rows) > 2:
        rows[-2].keep = True
        first = rows[0]
        first.keep = isinstance(first, RowPiece) and first.height < first.whole
    if sum(piece.height for piece in pieces) < page * 0.3:
        for piece in pieces[:-1]:
            piece.keep = True


class _Rows:
    """Builds the rows of one table."""

    def __init__(
        self,
        blocks: Blocks,
        table: Table,
        room: Room,
        widths: list[float],
        pad: float,
        element: Element,
    ) -> None:
        self.blocks = blocks
        self.table = table
        self.room = room
        self.widths = widths
        self.pad = pad
        self.element = element
        self.theme = blocks.setting.theme
        self.width = sum(widths)
        every = (*table.header, *table.rows)
        self.places = {id(row): cells for row, cells in zip(every, _places(table), strict=True)}
        self.points = _decimal_points(blocks, table)

    def header(self) -> list[Piece]:
        """The header rows, on a dark ground."""
        if not self.table.header:
            return []
        head = self.element.child("THead")
        fill = self.theme.color("table.head")
        return [
            self._row(row, head.child("TR"), fill, None, header=True) for row in self.table.header
        ]

    def body(self) -> list[Piece]:
        """The body rows; marked rows are tinted and carry a bar, so that grey print shows them."""
        body = self.element.child("TBody")
        rule = self.theme.color("table.rule")
        rows: list[RowPiece] = []
        for row in self.table.rows:
            fill, bar = self._mark(row)
            rows.append(self._row(row, body.child("TR"), fill, rule, bar=bar))
        self._stretch(rows)
        return [*rows]

    def _stretch(self, rows: list[RowPiece]) -> None:
        """Give a cell that spans rows its height, and say which rows it runs through."""
        for number, row in enumerate(rows):
            for cell in row.cells:
                spanned = rows[number : number + cell.rows]
                if len(spanned) < 2:
                    continue
                tall = drawn_height(cell.pieces) + 2 * row.pad
                spanned[-1].height += max(0.0, tall - sum(part.height for part in spanned))
                self._carry(cell, spanned, tall)

    def _carry(self, cell: CellBox, rows: list[RowPiece], tall: float) -> None:
        before = 0.0
        for place, row in enumerate(rows):
            rest = sum(part.height for part in rows[place:])
            if place:
                # Its words stay on one page; below, they are said again if there is room.
                rows[place - 1].keep = rows[place - 1].keep or before < tall
                rows[place - 1].open.append(cell)
                if rest >= tall - 0.1:
                    row.carried.append(cell)
            before += row.height

    def repeat(self, header: list[Piece]) -> list[Piece]:
        """What a page begins with that goes on with this table."""
        number = self.blocks.setting.number_of.get(number_key(self.table), "")
        if not number:
            return header
        style = self.theme.style("caption")
        said = self.blocks.setting.words.say("{table} (continued)", table=number)
        words = (Text(said),)
        room = self.room
        line = self.blocks.lines(words, style, None, room, self.table.source)
        return [*line, *header]

    def _mark(self, row: Row) -> tuple[Color | None, Color | None]:
        if "retired" in row.classes:
            return self.theme.color("table.retired"), self.theme.color("colors.red")
        if "chosen" in row.classes:
            return self.theme.color("table.chosen"), self.theme.color("colors.green")
        return None, None

    def _row(
        self, row: Row, element: Element, fill: Color | None, rule: Color | None,
        header: bool = False, bar: Color | None = None,
    ) -> RowPiece:  # fmt: skip
        cells: list[CellBox] = []
        for column, cell in self.places[id(row)]:
            x = self.room.x + sum(self.widths[:column])
            width = sum(self.widths[column : column + cell.colspan])
            cells.append(self._cell(cell, element, x, width, column, header))
        broken = "retired" in row.classes
        made = RowPiece(cells, self.room.x, self.width, 4.0, fill, rule, bar, broken)
        made.whole = self.theme.style("table").leading * WHOLE_LINES
        return made

    def _cell(
        self,
        cell: Cell,
        row: Element,
        x: float,
        width: float,
        column: int,
        header: bool,
    ) -> CellBox:
        is_header = header or cell.header
        element = row.child("TH" if is_header else "TD")
        attributes: dict[str, Any] = {"O": "Table"}
        if is_header:
            attributes["Scope"] = "Column" if header else "Row"
        if cell.colspan > 1:
            attributes["ColSpan"] = cell.colspan
        if cell.rowspan > 1:
            attributes["RowSpan"] = cell.rowspan
        element.table = attributes if len(attributes) > 1 else None
        room = self.room.inside(element, style="table-head" if header else "table", frames=())
        inner_x = x + self.pad
        inner_width = width - 2 * self.pad
        room = replace(room, x=inner_x, width=inner_width, wide_x=inner_x, wide_width=inner_width)
        align = self.table.columns[column].align if column < len(self.table.columns) else ""
        pieces = self.blocks.set(
            _bold_header(cell) if cell.header and not header else cell.blocks, room
        )
        if align == "decimal" and header:
            align = "right"
        if self.blocks.setting.mirrored:
            # What an author puts to the right stays there.
            align = "" if align == "right" else "right" if align == "left" else align
        if align in ("right", "center"):
            for piece in pieces:
                style = getattr(piece, "style", None)
                if style is not None:
                    piece.style = replace(style, align=align)  # type: ignore[attr-defined]
        if align == "decimal" and not header and column in self.points:
            self._align_at_point(cell, pieces, column, inner_width)
        if pieces:
            pieces[0].before = pieces[-1].after = 0.0
        return CellBox(x, width, pieces, cell.rowspan)

    def _align_at_point(self, cell: Cell, pieces: list[Piece], column: int, width: float) -> None:
        """Move a figure so that its decimal point stands below that of the others."""
        widest, after = self.points[column]
        own = _before_point(self.blocks, cell)
        if own is None or widest + after > width:
            return
        shift = widest - own[0] + (width - widest - after)
        if self.blocks.setting.mirrored:
            shift = after - own[1]
        for piece in pieces:
            piece.x += shift


def _places(table: Table) -> list[list[tuple[int, Cell]]]:
    """For each row, header rows first, the column of each of its cells."""
    rows: list[list[tuple[int, Cell]]] = []
    for part in (table.header, table.rows):
        # How many rows more a column is spanned by a cell above.
        spanned: dict[int, int] = {}
        for row in part:
            taken, spanned = set(spanned), {c: n - 1 for c, n in spanned.items() if n > 1}
            column = 0
            cells: list[tuple[int, Cell]] = []
            for cell in row.cells:
                while column in taken:
                    column += 1
                cells.append((column, cell))
                if cell.rowspan > 1:
                    columns = range(column, column + cell.colspan)
                    spanned |= dict.fromkeys(columns, cell.rowspan - 1)
                column += cell.colspan
            rows.append(cells)
    return rows


# A figure up to its decimal point, and the rest; with a decimal comma, points group the digits.
_FIGURES = {
    ".": re.compile(r"([^\d]*[\d\s,\u202f\u00a0]+)(.*)"),
    ",": re.compile(r"([^\d]*[\d\s.\u202f\u00a0]+)(.*)"),
}


def _before_point(blocks: Blocks, cell: Cell) -> tuple[float, float] | None:
    """The width of a cell's figure up to its decimal point, and of the rest; None for words."""
    words = " ".join(plain_text(b.content) for b in cell.blocks if isinstance(b, Paragraph))
    pattern = _FIGURES.get(blocks.setting.words.decimal, _FIGURES["."])
    match = pattern.fullmatch(words)
    if not match:
        return None
    style = blocks.setting.theme.style("table")
    face = blocks.setting.faces[style.face]
    if not face.has(words):
        return None
    whole, rest = (face.width(part) * style.size / 1000 for part in match.groups())
    return whole, rest


def _decimal_points(blocks: Blocks, table: Table) -> dict[int, tuple[float, float]]:
    """For each column of decimal figures: the most that stands before a point, and behind one."""
    found: dict[int, tuple[float, float]] = {}
    for column, kind in enumerate(table.columns):
        if kind.align == "decimal":
            body = _places(table)[len(table.header) :]
            cells = [cell for row in body for place, cell in row if place == column]
            parts = [part for cell in cells if (part := _before_point(blocks, cell))]
            if parts:
                found[column] = (max(p[0] for p in parts), max(p[1] for p in parts))
    return found


def _bold_header(cell: Cell) -> tuple[Any, ...]:
    return tuple(
        replace(block, content=(Span("strong", block.content),))
        if isinstance(block, Paragraph)
        else block
        for block in cell.blocks
    )


# --------------------------------------------------------------- column widths


def _widths(blocks: Blocks, table: Table, room: Room, pad: float) -> tuple[list[float], Room]:
    """The width of each column, and the room the table takes: the text column or the wide one."""
    count = len(table.columns)
    least, most = _natural(blocks, table, count)
    least = [width + 2 * pad + 0.1 for width in least]
    most = [width + 2 * pad + 0.1 for width in most]
    narrow_enough = sum(most) <= room.width
    if room.top_level and not narrow_enough:
        room = replace(room, x=room.wide_x, width=room.wide_width)
        if blocks.long_side and ("landscape" in table.classes or sum(least) > room.width + 0.1):
            long = blocks.long_side
            room = replace(room, x=0.0, width=long, wide_x=0.0, wide_width=long, turned=True)
    shares = [column.width for column in table.columns]
    if any(shares):
        return _shared(shares, least, room.width), room
    return _fitted(least, most, room.width), room


def _natural(blocks: Blocks, table: Table, count: int) -> tuple[list[float], list[float]]:
    least, most = [0.0] * count, [0.0] * count
    for number, row in enumerate(_places(table)):
        style_name = "table-head" if number < len(table.header) else "table"
        style = blocks.setting.theme.style(style_name)
        for column, cell in row:
            if cell.colspan == 1 and column < count:
                low, high = _cell_widths(blocks, cell, style)
                least[column] = max(least[column], low)
                most[column] = max(most[column], high)
    for column, (whole, rest) in _decimal_points(blocks, table).items():
        least[column] = max(least[column], whole + rest)
        most[column] = max(most[column], whole + rest)
    return least, most


def _cell_widths(blocks: Blocks, cell: Cell, style: Any) -> tuple[float, float]:
    low = high = 0.0
    for block in _bold_header(cell) if cell.header else cell.blocks:
        if isinstance(block, Paragraph):
            widths = blocks.paragraphs.natural_widths(
                block.content, style, blocks.setting, block.source
            )
            low, high = max(low, widths[0]), max(high, widths[1])
        else:
            low, high = max(low, 60.0), max(high, 160.0)
    return low, high


def _shared(shares: list[float], least: list[float], total: float) -> list[float]:
    """Columns by the author's shares, but none narrower than its longest word if that can be."""
    given = sum(shares) or 1.0
    widths = [total * share / given for share in shares]
    if sum(least) > total:
        return widths
    short = [max(0.0, low - width) for low, width in zip(least, widths, strict=True)]
    spare = [max(0.0, width - low) for low, width in zip(least, widths, strict=True)]
    factor = sum(short) / sum(spare) if sum(spare) else 0.0
    return [
        width + lack - extra * factor
        for width, lack, extra in zip(widths, short, spare, strict=True)
    ]


def _fitted(least: list[float], most: list[float], total: float) -> list[float]:
    """Columns by their content: all of it on one line if that fits, else by how much there is."""
    if sum(most) <= total:
        extra = total - sum(most)
        return [width + extra * width / sum(most) for width in most]
    low = sum(least)
    if low >= total:
        return [width * total / low for width in least]
    wish = [(high - lo) ** 0.7 for lo, high in zip(least, most, strict=True)]
    spare = total - low
    return [lo + spare * w / sum(wish) for lo, w in zip(least, wish, strict=True)]
