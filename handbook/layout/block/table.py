"""Lay out tables: columns that fit the content, rows that break over pages.

A header row is drawn again after a page break (as an artifact: a screen reader
hears it once), below the words "Table 4 (continued)".
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from math import inf
from typing import Any

from ...core.units import Color
from ...core.values import changed
from ...document.nodes import Cell, Row, Table, Text, inlines_of, plain_text, walk
from ...document.numbering import number_key
from ..flow.flowables import Flowable, Gap, TextLine, baseline_drop, drawn_height, keep_whole
from ..inline.runs import name_checkboxes
from ..structure import StructElem
from .area import Area
from .figure import leaves_side, put_beside, set_caption
from .layouter import BlockLayouter
from .side_notes import Beside
from .table_columns import (
    ROUNDING,
    WHOLE_TABLE,
    _before_point,
    _bold_header,
    _decimal_points,
    _places,
    column_widths,
    fitting_area,
    head_of,
    padded_widths,
)
from .table_row import BAR, BAR_WHITE, WHOLE_LINES, CellBox, RowPiece
from .table_split import FEWEST_COLUMNS, split_by_columns
from .table_stack import FIRST, PAIR, is_stacked, is_words, stacked, stacked_widths
from .table_widths import Measures

# The cost of a page's end in a high table, and of one that separates a single row from the others.
INSIDE_TABLE = 8.0
ONE_ROW = 160.0
# A group of stacked rows up to this share of a page's height stays whole; what a page's end costs
# in a higher one: after its first two rows, and after more.
WHOLE_GROUP = 0.2
AFTER_TWO, INSIDE_GROUP = 40.0, 20.0


def set_table(layouter: BlockLayouter, table: Table, area: Area) -> list[Flowable]:
    """Lay out a table; one with too many columns becomes several, one below the other."""
    pad = layouter.context.theme.number("table.padding")
    key = number_key(table)
    upright = area
    table, measures, area = fitting_area(layouter, table, area, pad)
    most = layouter.context.theme.number("table.stack")
    if _is_stacked(layouter, table, measures, column_widths(table, measures, area), most):
        if area.landscape and "landscape" not in table.classes:
            # No page is turned for rows that are as narrow as this.
            area = changed(upright, x=upright.wide_x, width=upright.wide_width)
        table = stacked(table)
        widths = stacked_widths(padded_widths(layouter, table, pad), area.width)
        return _set_part(layouter, table, area, widths, key, pad, continued=False)
    flowables: list[Flowable] = []
    fewest = 3 if most else FEWEST_COLUMNS
    for number, part in enumerate(split_by_columns(table, measures.least, area.width, fewest)):
        if part is not table:
            measures = padded_widths(layouter, part, pad)
        widths = column_widths(part, measures, area)
        white = (measures.white - ROUNDING) / 2
        flowables += _set_part(layouter, part, area, widths, key, white, continued=number > 0)
    return flowables


def _is_stacked(
    layouter: BlockLayouter, table: Table, measures: Measures, widths: list[float], most: float
) -> bool:
    """Return whether the rows of a table are stacked: as those of the first one with its head."""
    head = head_of(table)
    first = layouter.stacked_kinds.get(head, False) if head else False
    rows_stacked = is_stacked(table, measures, widths, inf if first else most)
    if head and most:
        layouter.stacked_kinds.setdefault(head, rows_stacked)
    return rows_stacked


def _set_part(
    layouter: BlockLayouter,
    table: Table,
    area: Area,
    widths: list[float],
    key: str,
    pad: float,
    *,
    continued: bool,
) -> list[Flowable]:
    """Lay out a table's caption, header rows and body rows; `key` is that of its number.

    `pad` is the white to the left and right of a cell's text.
    """
    theme = layouter.context.theme
    element = area.element.child("Table")
    caption_element = element.child("Caption") if table.caption else None
    builder = _Rows(layouter, table, area, widths, pad, element)
    header = builder.header()
    rows = builder.body()
    caption: list[Flowable] = []
    beside = leaves_side(layouter, area, area.x)
    if caption_element is not None and beside:
        down = head_drop(layouter)
        put_beside(layouter, table.caption, key, caption_element, area, table.source, Gap(down))
    elif caption_element is not None:
        caption = set_caption(layouter, table.caption, key, caption_element, area, table.source)
    elif continued:
        caption = builder.continued(key)
    for flowable in caption:
        flowable.keep_with_next = True
    flowables: list[Flowable] = [*caption, *header, *rows]
    _keep(flowables, header, rows, layouter.page_height)
    repeat = [*builder.continued(key), *header]
    for row, head in zip(rows, builder.group_heads(rows), strict=True):
        row.repeated_header = [*repeat, *head] if head else repeat
    space = theme.style("body").after
    if flowables:
        flowables[0].before = max(flowables[0].before, space)
        flowables[-1].after = space * 1.5
    for flowable in flowables:
        flowable.frames = area.frames
        flowable.landscape = area.landscape
    return flowables


def head_drop(layouter: BlockLayouter) -> float:
    """Return how far below a table's top a caption has the baseline of its head."""
    context, theme = layouter.context, layouter.context.theme
    head, caption = theme.style("table-head"), theme.style("caption")
    drop = baseline_drop(head, context) - baseline_drop(caption, context)
    return theme.number("table.row") + drop


def _keep(
    flowables: list[Flowable], header: list[Flowable], rows: Sequence[RowPiece], page: float
) -> None:
    """Keep the header with the first row, the last two rows together, a small table whole."""
    for flowable in header:
        flowable.keep_with_next = True
    if len(rows) > 2:
        rows[-2].keep_with_next = True
        first = rows[0]
        first.keep_with_next = first.height < first.whole
        keep_whole(rows, INSIDE_TABLE)
        rows[0].break_cost = rows[-2].break_cost = ONE_ROW
    if drawn_height(flowables) < page * WHOLE_TABLE:
        keep_whole(flowables)


def _words(cell: Cell) -> str:
    """Return the words of a cell; checkboxes are none."""
    words = (plain_text(part) for block in walk(cell.blocks) for part in inlines_of(block))
    return " ".join(" ".join(words).split())


class _Rows:
    """Lays out the rows of one table."""

    def __init__(
        self,
        layouter: BlockLayouter,
        table: Table,
        area: Area,
        widths: list[float],
        pad: float,
        element: StructElem,
    ) -> None:
        self.layouter = layouter
        self.table = table
        self.area = area
        self.widths = widths
        self.pad = pad
        self.element = element
        self.theme = layouter.context.theme
        self.width = sum(widths)
        every = (*table.header, *table.rows)
        self.places = {id(row): cells for row, cells in zip(every, _places(table), strict=True)}
        self.points = _decimal_points(layouter, table)
        # The header cells of each column, their words, and the cells that head several rows.
        self.column_heads: dict[int, list[StructElem]] = {}
        self.head_words = {
            column: _words(cell) for row in table.header for column, cell in self.places[id(row)]
        }
        # Header cells with the rows below their own that they head, and the current row.
        self.row_heads: list[tuple[range, StructElem]] = []
        self.number = -1
        self.stacked = any(FIRST in row.classes for row in table.rows)
        # What a group of stacked rows is about.
        self.group = ""

    def header(self) -> list[Flowable]:
        """Lay out the header rows, on a dark background."""
        if not self.table.header:
            return []
        # A table without rows has no header of its own (ISO 14289-1, 7.2).
        head = self.element.child("THead" if self.table.rows else "TBody")
        fill: Color | None = self.theme.color("table.head")
        if fill == self.theme.color("colors.paper"):
            fill = None
        rows = [
            self._row(row, head.child("TR"), fill, None, header=True) for row in self.table.header
        ]
        weight = self.theme.number("table.head-rule")
        if weight:
            rows[-1].rule, rows[-1].weight = self.theme.color("table.head-rule-color"), weight
        return [*rows]

    def body(self) -> list[RowPiece]:
        """Lay out the body rows; marked ones are tinted and have a bar, for print in grey."""
        if not self.table.rows:
            return []
        body = self.element.child("TBody")
        rows_as = self.theme.text("table.rows")
        rule = self.theme.color("table.rule") if rows_as == "ruled" else None
        zebra = rows_as == "zebra"
        rows: list[RowPiece] = []
        groups = 0
        for number, row in enumerate(self.table.rows):
            self.number = number
            fill, bar = self._mark(row)
            groups += number == 0 or PAIR not in self.table.rows[number - 1].classes
            if fill is None and zebra and groups % 2 == 0:
                fill = self.theme.color("table.zebra")
            inside = PAIR in row.classes
            row_rule = None if inside else rule
            rows.append(self._row(row, body.child("TR"), fill, row_rule, bar=bar))
            rows[-1].keep_with_next = inside
        self._stretch(rows)
        self._loosen(rows)
        return rows

    def group_heads(self, rows: Sequence[RowPiece]) -> list[list[RowPiece]]:
        """Return for each row the one that begins its group, to be said again above it.

        There is none for a row that begins a group itself, nor for one whose head has what a page
        has once: a checkbox, a field, a note.
        """
        heads: list[list[RowPiece]] = []
        head: list[RowPiece] = []
        for row, piece in zip(self.table.rows, rows, strict=True):
            begins = FIRST in row.classes
            heads.append([] if begins else head)
            if begins:
                head = [piece] if all(map(is_words, row.cells)) else []
        return heads

    def _loosen(self, rows: list[RowPiece]) -> None:
        """Let a page end inside a group of rows that is high."""
        group: list[RowPiece] = []
        for row in rows:
            group.append(row)
            if not row.keep_with_next:
                if drawn_height(group) > self.layouter.page_height * WHOLE_GROUP:
                    for number, one in enumerate(group[1:-1]):
                        one.keep_with_next = False
                        one.break_cost = INSIDE_GROUP if number else AFTER_TWO
                group = []

    def _stretch(self, rows: list[RowPiece]) -> None:
        """Give cells that span rows their height, and tell the rows they span."""
        for number, row in enumerate(rows):
            for cell in row.cells:
                spanned = rows[number : number + cell.rows]
                if len(spanned) < 2:
                    continue
                tall = drawn_height(cell.flowables) + 2 * row.pad
                spanned[-1].height += max(0.0, tall - sum(part.height for part in spanned))
                self._carry(cell, spanned, tall)

    def _carry(self, cell: CellBox, rows: list[RowPiece], tall: float) -> None:
        before = 0.0
        for place, row in enumerate(rows):
            rest = sum(part.height for part in rows[place:])
            if place:
                # Its words stay on one page; below, they are said again if there is room.
                rows[place - 1].keep_with_next = rows[place - 1].keep_with_next or before < tall
                rows[place - 1].open.append(cell)
                if rest >= tall - 0.1:
                    row.spanning_cells.append(cell)
            before += row.height

    def continued(self, key: str) -> list[Flowable]:
        """Return the line above the rest of a numbered table, on its next page or below."""
        number = self.layouter.context.number_of.get(key, "")
        if not number:
            return []
        style = self.theme.style("caption")
        words = self.layouter.context.words.gettext("{table} (continued)", table=number)
        beside = leaves_side(self.layouter, self.area, self.area.x)
        area = self.area.side() if beside else self.area
        lines = self.layouter.lines((Text(words),), style, None, area, self.table.source)
        return [Beside([Gap(head_drop(self.layouter)), *lines])] if beside else lines

    def _remember(self, cell: Cell, column: int, element: StructElem, header: bool) -> None:
        """Remember a header cell for the cells that it heads."""
        if header:
            for place in range(column, column + cell.colspan):
                self.column_heads.setdefault(place, []).append(element)
        elif cell.header and cell.rowspan > 1:
            self.row_heads.append((range(self.number + 1, self.number + cell.rowspan), element))

    def _name_headers(self, element: StructElem, heads: list[StructElem], column: int) -> None:
        """Name the headers of a cell that no scope leads to (ISO 32000-1, 14.8.5.7)."""
        assert element.parent is not None
        heads_in_row = [kid for kid in element.parent.kids if kid.tag == "TH"]
        headers = [*heads, *heads_in_row, *self.column_heads.get(column, ())]
        element.attributes = {"O": "Table", **(element.attributes or {}), "Headers": headers}

    def _name_fields(self, box: CellBox, row: Row, cell: Cell, column: int) -> None:
        """Name the checkboxes of a cell without words by their row and column."""
        if _words(cell):
            return
        parts = [next(filter(None, map(_words, row.cells)), "")]
        if self.group:
            parts.insert(0, self.group)
        if column in self.column_heads:
            parts.append(self.head_words.get(column, ""))
        label = self.layouter.context.words.comma.join(filter(None, parts))
        for flowable in box.flowables:
            if isinstance(flowable, TextLine):
                flowable.line = name_checkboxes(flowable.line, label)

    def _mark(self, row: Row) -> tuple[Color | None, Color | None]:
        if "retired" in row.classes:
            return self.theme.color("table.retired"), self.theme.color("colors.red")
        if "chosen" in row.classes:
            return self.theme.color("table.chosen"), self.theme.color("colors.green")
        return None, None

    def _row(
        self, row: Row, element: StructElem, fill: Color | None, rule: Color | None,
        header: bool = False, bar: Color | None = None,
    ) -> RowPiece:  # fmt: skip
        cells: list[CellBox] = []
        heads = [head for rows, head in self.row_heads if self.number in rows]
        for column, cell in self.places[id(row)]:
            x = self.area.x + sum(self.widths[:column])
            width = sum(self.widths[column : column + cell.colspan])
            cells.append(self._cell(cell, element, x, width, column, header))
            self._remember(cell, column, element.kids[-1], header)
            if heads and not header and not cell.header:
                self._name_headers(element.kids[-1], heads, column)
            if self.layouter.context.form:
                self._name_fields(cells[-1], row, cell, column)
        broken = "retired" in row.classes
        piece = RowPiece(
            cells, self.area.x, self.width, self.theme.number("table.row"), fill, rule, bar, broken
        )
        piece.hang = max(0.0, BAR + BAR_WHITE - self.pad)
        if FIRST in row.classes:
            self._open_group(row, element)
        if bar and (FIRST in row.classes or not self.stacked):
            piece.bar_element = self._bar_element(row, element)
        piece.whole = self.theme.style("table").leading * WHOLE_LINES
        return piece

    def _open_group(self, row: Row, element: StructElem) -> None:
        """Remember what the group of stacked rows that begins here is about."""
        self.group = _words(row.cells[-1])
        following = takewhile(lambda one: PAIR in one.classes, self.table.rows[self.number :])
        last = self.number + sum(1 for _ in following)
        self.row_heads.append((range(self.number + 1, last + 1), element.kids[-1]))

    def _bar_element(self, row: Row, element: StructElem) -> StructElem | None:
        """Return the element that says in words how a row is marked, first in its first cell."""
        first = next((kid for kid in element.kids if kid.tag in ("TD", "TH")), None)
        if first is None:
            return None
        span = StructElem("Span", first, inline=True)
        gettext = self.layouter.context.words.gettext
        word = gettext("Retired") if "retired" in row.classes else gettext("Chosen")
        span.actual_text = f"{word}: "
        return span

    def _cell(
        self,
        cell: Cell,
        row: StructElem,
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
        element.attributes = attributes if len(attributes) > 1 else None
        as_head = header or (self.stacked and column == 0)
        area = self.area.inside(element, style="table-head" if as_head else "table", frames=())
        inner_x = x + self.pad
        inner_width = width - 2 * self.pad
        area = changed(
            area, x=inner_x, width=inner_width, wide_x=inner_x, wide_width=inner_width, left=inner_x
        )
        align = self.table.columns[column].align if column < len(self.table.columns) else ""
        flowables = self.layouter.lay_out_all(
            _bold_header(cell) if cell.header and not as_head else cell.blocks, area
        )
        if align == "decimal" and header:
            align = "right"
        if self.layouter.context.mirrored:
            # What an author puts to the right stays there.
            align = "" if align == "right" else "right" if align == "left" else align
        if align in ("right", "center"):
            for flowable in flowables:
                style = getattr(flowable, "style", None)
                if style is not None:
                    flowable.style = changed(style, align=align)  # type: ignore[attr-defined]
        if align == "decimal" and not header and column in self.points:
            self._align_at_point(cell, flowables, column, inner_width)
        if flowables:
            flowables[0].before = flowables[-1].after = 0.0
        return CellBox(x, width, flowables, cell.rowspan)

    def _align_at_point(
        self, cell: Cell, flowables: list[Flowable], column: int, width: float
    ) -> None:
        """Move a figure so that its decimal point is below those of the others."""
        widest, after = self.points[column]
        widths = _before_point(self.layouter, cell)
        if widths is None or widest + after > width:
            return
        shift = widest - widths[0] + (width - widest - after)
        if self.layouter.context.mirrored:
            shift = after - widths[1]
        for flowable in flowables:
            flowable.x += shift
