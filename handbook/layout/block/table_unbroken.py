"""Keep dates, and figures with their unit, on one line in the cells of a table."""

from __future__ import annotations

import re

from ...document.nodes import Cell, Inline, Inlines, Paragraph, Row, Span, Table, Text, with_values

# "27 July 2026", "27. Juli 2026", "July 27, 2026"; "165 USD", "USD 165", "99.9 %", "30 min".
_TOGETHER = re.compile(
    r"\b\d{1,2}\.? [^\W\d_]{3,}\.? \d{4}\b"
    r"|\b[^\W\d_]{3,}\.? \d{1,2}, \d{4}\b"
    r"|\b\d[\d.,]{0,15} (?:[A-Z]{3}|[kKMGT]i?B|[kM]?W|°C|ms|s|min|h|d|mm|cm|km|m|kg|g|pt)(?![\w-])"
    r"|\b\d[\d.,]{0,15} [%€£$]"
    r"|\b[A-Z]{3} \d[\d.,]{0,15}\b"
)
_DIGIT = re.compile(r"\d")


def unbroken(table: Table) -> Table:
    """Return `table` with its dates and figures marked as unbroken, or itself if it has none."""
    return with_values(table, header=_rows(table.header), rows=_rows(table.rows))


def _rows(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    return tuple([with_values(row, cells=tuple(map(_cell, row.cells))) for row in rows])


def _cell(cell: Cell) -> Cell:
    if cell.colspan > 1:
        # No column is made wider for it.
        return cell
    blocks = [
        with_values(block, content=_inlines(block.content))
        if isinstance(block, Paragraph)
        else block
        for block in cell.blocks
    ]
    return with_values(cell, blocks=tuple(blocks))


def _inlines(content: Inlines) -> Inlines:
    return tuple([part for inline in content for part in _inline(inline)])


def _inline(inline: Inline) -> Inlines:
    if isinstance(inline, Text):
        return _text(inline)
    if isinstance(inline, Span):
        return (with_values(inline, children=_inlines(inline.children)),)
    return (inline,)


def _text(text: Text) -> Inlines:
    words = text.text
    parts: list[Inline] = []
    end = 0
    for match in _TOGETHER.finditer(words) if _DIGIT.search(words) else ():
        if match.start() > end:
            parts.append(Text(words[end : match.start()]))
        parts.append(Span("together", (Text(match[0]),)))
        end = match.end()
    if not parts:
        return (text,)
    return (*parts, Text(words[end:])) if end < len(words) else tuple(parts)
