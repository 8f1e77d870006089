"""Read the sheets of an XLSX workbook as a person sees them."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import field
from typing import Any
from xml.etree import ElementTree

from ...core.diagnostics import HandbookError, error, suggest
from ...core.limits import limits, over_limit
from ...core.values import record
from .cells import UNCACHED
from .json_rows import cell_text
from .source import Line, Opener, Table

_DIGITS = re.compile(r"[0\- /.()]+")


def tables(open_file: Opener, path: str, sheet: str) -> list[Table]:
    """Return the sheets of a workbook, visible ones first, or the one called `sheet`.

    Raises:
        HandbookError: If the workbook cannot be read or has no such sheet.
    """
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise error(
            "reading XLSX needs the package openpyxl",
            at=path,
            hint="pip install 'handbook[xlsx]', or save the sheet as CSV",
            code="roster",
        ) from None
    with open_file() as file:
        try:
            _check_size(file, path)
            book = load_workbook(file, read_only=True)
            known = [(s.title, s.sheet_state == "visible") for s in book.worksheets]
            book.close()
        except Exception as problem:
            raise _unreadable(path, problem) from None
    names = [name for name, visible in known if visible] or [name for name, _ in known]
    hidden = [name for name, _ in known if name not in names]
    if sheet:
        every = [name for name, _ in known]
        if sheet not in every and sheet.isdecimal() and 0 < int(sheet) <= len(every):
            sheet = every[int(sheet) - 1]
        if sheet not in every:
            raise error(
                f"--sheet: the workbook has no sheet {sheet!r}",
                at=path,
                hint=suggest(sheet, every),
                code="roster",
            )
        return [_table(open_file, path, sheet, ())]
    return [_table(open_file, path, name, _notes(name, names, hidden)) for name in names]


def _notes(name: str, names: list[str], hidden: list[str]) -> tuple[str, ...]:
    others = [other for other in (*names, *hidden) if other != name]
    if not others:
        return ()
    return (
        f"the sheet {name!r} is read, of {len(others) + 1} in the workbook "
        f"({', '.join(map(repr, others))}); choose with --sheet",
    )


def _table(open_file: Opener, path: str, name: str, notes: tuple[str, ...]) -> Table:
    return Table(lambda: _lines(open_file, path, name), name, notes, spreadsheet=True)


def _check_size(file: Any, path: str) -> None:
    with zipfile.ZipFile(file) as archive:
        size = sum(entry.file_size for entry in archive.infolist())
    if size > limits().workbook_bytes:
        unpacked = f"the workbook is {size / 1e6:,.0f} MB when unpacked"
        raise over_limit(unpacked, "workbook_bytes", path, "save the sheet as CSV")
    file.seek(0)


def _unreadable(path: str, problem: Exception) -> Exception:
    if isinstance(problem, HandbookError):
        return problem
    if isinstance(problem, KeyError):
        message = "this is not an XLSX workbook"
    elif isinstance(problem, (zipfile.BadZipFile, EOFError)):
        message = "the workbook is damaged"
    else:
        reason = (str(problem).splitlines() or [type(problem).__name__])[0][:200]
        message = f"the workbook cannot be read: {reason}"
    return error(
        message,
        at=path,
        hint="save it again as XLSX, or export it as CSV",
        code="roster",
    )


def _lines(open_file: Opener, path: str, name: str) -> Iterator[Line]:
    from openpyxl import load_workbook

    with open_file() as file:
        try:
            book = load_workbook(file, read_only=True, data_only=True)
            sheet = book[name]
            facts = _facts(file, sheet)
            # What a file says about its size is not always true.
            sheet.reset_dimensions()
            below: dict[int, tuple[str, int]] = {}
            count = empty = 0
            for number, row in enumerate(sheet.iter_rows(), 1):
                empty = 0 if row else empty + 1
                if empty > limits().workbook_gap:
                    raise over_limit("there are too many empty rows", "workbook_gap", path)
                count += len(row)
                if count > limits().workbook_cells:
                    raise over_limit("the sheet has too many cells", "workbook_cells", path)
                cells = [_text(cell) for cell in row]
                _fill(cells, number, facts, below)
                yield Line(cells, hidden=number in facts.hidden)
            book.close()
        except GeneratorExit:
            raise
        except Exception as problem:
            # openpyxl, zipfile and expat each have errors of their own for a broken file.
            raise _unreadable(path, problem) from None


def _fill(
    cells: list[str], number: int, facts: _SheetFacts, below: dict[int, tuple[str, int]]
) -> None:
    """Write into the empty cells of a row what merged cells and formulas mean there."""
    for column, (text, last) in list(below.items()):
        if number > last:
            del below[column]
        elif column < len(cells) and not cells[column]:
            cells[column] = text
        elif column >= len(cells):
            cells.extend([""] * (column - len(cells)) + [text])
    for column, last in facts.merged.get(number, ()):
        if column < len(cells) and cells[column]:
            below[column] = (cells[column], last)
    for column in facts.uncached.get(number, ()):
        if column < len(cells) and not cells[column]:
            cells[column] = UNCACHED


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if hasattr(value, "date") and hasattr(value, "hour"):
        return str(value.date())
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        shown = _as_shown(value, str(cell.number_format or ""))
        if shown:
            return shown
        if abs(value) >= 1e15:
            # Of a longer number a spreadsheet keeps 15 digits.
            return f"{value:.14E}"
    return cell_text(value)


def _as_shown(value: float, number_format: str) -> str:
    """Return a number in a format made of zeros, as in 000123; "" for other formats."""
    pattern = number_format.split(";")[0].replace("\\", "").replace('"', "")
    if not _DIGITS.fullmatch(pattern) or "." in pattern or pattern.count("0") < 2:
        return ""
    if value < 0 or not float(value).is_integer():
        return ""
    digits = list(str(int(value)).zfill(pattern.count("0")))
    shown: list[str] = []
    for sign in reversed(pattern):
        shown.append(digits.pop() if sign == "0" else sign)
    return "".join([*digits, *reversed(shown)])


@record
class _SheetFacts:
    """What openpyxl does not say of a sheet that it reads row by row; columns count from 0."""

    hidden: set[int] = field(default_factory=set)
    # The columns of merged cells by their first row, each with the last row.
    merged: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    uncached: dict[int, list[int]] = field(default_factory=dict)


def _facts(file: Any, sheet: Any) -> _SheetFacts:
    """Read which rows are hidden, which cells merged, which formulas without a value."""
    facts = _SheetFacts()
    number = 0
    with zipfile.ZipFile(file) as archive, archive.open(sheet._worksheet_path.lstrip("/")) as xml:
        for event, element in ElementTree.iterparse(xml, ("start", "end")):
            tag = element.tag.rpartition("}")[2]
            if event == "start":
                if tag == "row":
                    number = int(element.get("r") or number + 1)
                    if element.get("hidden") in ("1", "true"):
                        facts.hidden.add(number)
                continue
            if tag == "c":
                _note_formula(element, number, facts)
            elif tag == "mergeCell":
                _note_merge(element.get("ref") or "", facts)
            if tag in ("row", "c", "mergeCell"):
                element.clear()
    return facts


def _note_formula(cell: Any, number: int, facts: _SheetFacts) -> None:
    kinds = {child.tag.rpartition("}")[2]: child.text for child in cell}
    if "f" in kinds and not kinds.get("v") and cell.get("t") != "str":
        column = re.match(r"[A-Z]+", cell.get("r") or "")
        if column:
            facts.uncached.setdefault(number, []).append(_column(column[0]))


def _note_merge(reference: str, facts: _SheetFacts) -> None:
    match = re.fullmatch(r"([A-Z]+)(\d+):[A-Z]+(\d+)", reference)
    if match and int(match[3]) > int(match[2]):
        facts.merged.setdefault(int(match[2]), []).append((_column(match[1]), int(match[3])))


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
