"""Read tables of web pages, and of Excel's XML of 2003: exports that are called `.xls`."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from typing import Any

from ...core.diagnostics import error
from ...core.limits import limits, over_limit
from .encodings import check_encoding, find_encoding
from .source import Line, Opener, Table

_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
_CHARSET = re.compile(rb"charset\s*=|encoding\s*=", re.IGNORECASE)
_EXCEL = "{urn:schemas-microsoft-com:office:spreadsheet}"
# A cell that reaches over more rows or columns than this is not one of a roster.
_LONGEST_SPAN = 1000


def is_markup(start: bytes) -> bool:
    """Return whether a file begins with a tag, in UTF-8 or UTF-16."""
    if start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        text = start[: len(start) & ~1].decode("utf-16", "replace")
    else:
        text = start.removeprefix(codecs.BOM_UTF8).decode("latin-1")
    return text.lstrip().startswith("<")


def tables(open_file: Opener, path: str, encoding: str) -> list[Table]:
    """Return the tables of a page, or the sheets of a workbook in XML.

    Raises:
        HandbookError: If there is none, or the file is too large.
    """
    most = limits().text_bytes
    with open_file() as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise over_limit("the roster is too large for a web page", "text_bytes", path)
    sheets = _sheets(data) if _EXCEL[1:-1].encode() in data else ()
    rows = [
        _bounded(lines, path)
        for lines in sheets or _tables(data, _encoding(open_file, data, encoding))
    ]
    if not any(rows):
        raise error(
            "the roster is a web page without a table, whatever its name says",
            at=path,
            hint="open it in a browser: it may ask you to sign in",
            code="roster",
        )
    return [_table(lines) for lines in rows if lines]


def _table(lines: list[Line]) -> Table:
    return Table(lambda: iter(lines))


def _bounded(lines: Iterable[Line], path: str) -> list[Line]:
    """Return lines as long as their cells are no more than a workbook may have."""
    kept: list[Line] = []
    count = 0
    for line in lines:
        count += len(line.cells)
        if count > limits().workbook_cells or len(line.cells) > limits().table_columns:
            raise over_limit("the table has too many cells", "workbook_cells", path)
        kept.append(line)
    return kept


def _encoding(open_file: Opener, data: bytes, asked: str) -> str | None:
    """Return the encoding of a page; None where it says so itself."""
    if asked:
        return check_encoding(asked)
    return None if _CHARSET.search(data[:4096]) else find_encoding(open_file)[0]


# ----------------------------------------------------------------------- web pages


def _tables(data: bytes, encoding: str | None) -> list[Iterator[Line]]:
    from lxml import etree

    name = encoding.removesuffix("-sig") if encoding else None
    root = etree.fromstring(data, etree.HTMLParser(encoding=name, remove_comments=True))
    if root is None:
        return []
    return [_lines(table) for table in root.iter("table")]


def _lines(table: Any) -> Iterator[Line]:
    """Yield the rows of a table, but not those of tables in its cells."""
    # What cells of earlier rows say in a column, and for how many rows still.
    below: dict[int, tuple[str, int]] = {}
    for row in table.iter("tr"):
        if next(row.iterancestors("table")) is not table:
            continue
        cells: list[str] = []
        for cell in row.iterchildren("td", "th"):
            _fill(cells, below)
            text, down, across = _text(cell), _span(cell, "rowspan"), _span(cell, "colspan")
            if down > 1:
                below[len(cells)] = (text, down - 1)
            cells += [text, *[""] * (across - 1)]
            if len(cells) > limits().table_columns:
                break
        _fill(cells, below)
        yield Line(cells, hidden=_is_hidden(row))


def _fill(cells: list[str], below: dict[int, tuple[str, int]]) -> None:
    while len(cells) in below:
        column = len(cells)
        text, left = below.pop(column)
        if left > 1:
            below[column] = (text, left - 1)
        cells.append(text)


def _text(cell: Any) -> str:
    """Return the words of a cell as a browser shows them in one line."""
    return " ".join("".join(_in_order(cell)).split())


def _in_order(element: Any) -> Iterator[str]:
    if element.tag in ("script", "style"):
        return
    yield " " if element.tag in ("br", "p", "div", "li") else ""
    yield element.text or ""
    for child in element:
        yield from _in_order(child) if isinstance(child.tag, str) else ()
        yield child.tail or ""


def _span(cell: Any, name: str) -> int:
    text = str(cell.get(name) or "1").strip()
    return min(max(int(text), 1), _LONGEST_SPAN) if text.isascii() and text.isdigit() else 1


def _is_hidden(row: Any) -> bool:
    return "hidden" in row.attrib or bool(_HIDDEN.search(row.get("style") or ""))


# --------------------------------------------------------------- Excel's XML of 2003


def _sheets(data: bytes) -> list[Iterator[Line]]:
    """Return the rows of each sheet; nothing if it is not XML."""
    from lxml import etree

    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError:
        return []
    return [_sheet_lines(sheet) for sheet in root.iter(f"{_EXCEL}Worksheet")]


def _sheet_lines(sheet: Any) -> Iterator[Line]:
    for row in sheet.iter(f"{_EXCEL}Row"):
        cells: list[str] = []
        for cell in row.iterchildren(f"{_EXCEL}Cell"):
            # An index counts from 1, and says that cells before it are empty.
            index = str(cell.get(f"{_EXCEL}Index") or "")
            if index.isascii() and index.isdigit():
                cells += [""] * (min(int(index), limits().table_columns) - 1 - len(cells))
            data = cell.find(f"{_EXCEL}Data")
            kind = data.get(f"{_EXCEL}Type") if data is not None else ""
            text = "".join(data.itertext()).strip() if data is not None else ""
            cells.append(text.partition("T")[0] if kind == "DateTime" else text)
        yield Line(cells, hidden=row.get(f"{_EXCEL}Hidden") == "1")
