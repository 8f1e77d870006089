"""Keep dates, and figures with their unit, on one line in the cells of a table.

In a table that is too wide, commands and names in code may end a line where their parts do.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ...document.nodes import (
    Cell,
    Code,
    Inline,
    Inlines,
    Link,
    Paragraph,
    Row,
    Span,
    Table,
    Text,
    inlines_of,
    with_values,
)

# "27 July 2026", "27. Juli 2026", "July 27, 2026"; "165 USD", "USD 165", "99.9 %", "30 min".
_TOGETHER = re.compile(
    r"\b\d{1,2}\.? [^\W\d_]{3,}\.? \d{4}\b"
    r"|\b[^\W\d_]{3,}\.? \d{1,2}, \d{4}\b"
    r"|\b\d[\d.,]{0,15} (?:[A-Z]{3}|[kKMGT]i?B|[kM]?W|°C|ms|s|min|h|d|mm|cm|km|m|kg|g|pt)(?![\w-])"
    r"|\b\d[\d.,]{0,15} [%€£$]"
    r"|\b[A-Z]{3} \d[\d.,]{0,15}\b"
)
_DIGIT = re.compile(r"\d")
# Where the parts of a literal meet: "repo:|org/|name", "Manual|Validation@1".
_JOINT = re.compile(r"(?<=[/?&=_.:@#-])(?=[^\W_]{3})|(?<=[a-z]{2})(?=[A-Z][a-z])")

# Words of code are split that are at least this long, of the longest one (share).
LONG = 0.62

Change = Callable[[Inline], Inlines]


def unbroken(table: Table) -> Table:
    """Return `table` with its dates and figures marked as unbroken, or itself if it has none."""
    return _changed(table, _together)


def splittable(table: Table) -> Table:
    """Return `table` with places in its long code where a line may end."""
    words = [
        len(word)
        for row in (*table.header, *table.rows)
        for cell in row.cells
        for block in cell.blocks
        if isinstance(block, Paragraph)
        for inline in inlines_of(block)
        if isinstance(inline, Code)
        for word in inline.text.split()
    ]
    least = max(words, default=0) * LONG
    return _changed(table, lambda inline: _jointed(inline, least))


def _changed(table: Table, change: Change) -> Table:
    header, rows = _rows(table.header, change), _rows(table.rows, change)
    return with_values(table, header=header, rows=rows)


def _rows(rows: tuple[Row, ...], change: Change) -> tuple[Row, ...]:
    return tuple(
        [with_values(row, cells=tuple([_cell(c, change) for c in row.cells])) for row in rows]
    )


def _cell(cell: Cell, change: Change) -> Cell:
    if cell.colspan > 1:
        # No column is made wider for it.
        return cell
    blocks = [
        with_values(block, content=_inlines(block.content, change))
        if isinstance(block, Paragraph)
        else block
        for block in cell.blocks
    ]
    return with_values(cell, blocks=tuple(blocks))


def _inlines(content: Inlines, change: Change) -> Inlines:
    return tuple([part for inline in content for part in _inline(inline, change)])


def _inline(inline: Inline, change: Change) -> Inlines:
    if isinstance(inline, (Span, Link)):
        return (with_values(inline, children=_inlines(inline.children, change)),)
    return change(inline)


def _jointed(inline: Inline, least: float) -> Inlines:
    """Return code with joints in its words of at least `least` characters."""
    if not isinstance(inline, Code):
        return (inline,)
    words = (_JOINT.sub("\u200b", w) if len(w) >= least else w for w in inline.text.split(" "))
    return (with_values(inline, text=" ".join(words)),)


def _together(inline: Inline) -> Inlines:
    return _text(inline) if isinstance(inline, Text) else (inline,)


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
