"""A file -> lines of cells, one at a time: CSV in any usual dress, JSON Lines, a workbook.

Nothing is kept of lines that have been read, so the length of a roster costs no memory.  A line
that cannot be read has a problem in words, and the next one is read as if it were not there.
"""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from ...core.diagnostics import error

# Cells, and what is wrong with them.
Line = tuple[list[str], str]
Opened = Callable[[], BinaryIO]
# A cell of more characters is a quotation mark that nobody closed.
LONGEST_CELL = 1 << 16
_BLOCK = 1 << 20
_OPEN_QUOTE = "a quotation mark is opened in this row and never closed"


def opened(path: str, stream: BinaryIO) -> Opened:
    """How to open the roster at `path` from its beginning, as often as is wanted.

    What comes from `stream`, for the path "-", is kept in a file without a name.
    """
    if path != "-":
        if not Path(path).is_file():
            raise error(
                "there is no such roster",
                at=path,
                hint="name a file (CSV, XLSX, JSON Lines), or - for standard input",
                code="roster",
            )

        def from_disk() -> BinaryIO:
            try:
                return Path(path).open("rb")
            except OSError as problem:
                raise error(
                    f"cannot read the roster: {problem.strerror}", at=path, code="roster"
                ) from None

        return from_disk
    kept = tempfile.TemporaryFile()  # noqa: SIM115
    while block := stream.read(_BLOCK):
        kept.write(block)

    def again() -> BinaryIO:
        kept.seek(0)
        return io.BufferedReader(_Shared(kept.raw))

    return again


class _Shared(io.RawIOBase):
    """A view of a file that stays open when the view is closed."""

    def __init__(self, raw: Any) -> None:
        self.raw = raw

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return int(self.raw.readinto(buffer))

    def seek(self, place: int, whence: int = 0) -> int:
        return int(self.raw.seek(place, whence))


def lines_of(open_: Opened, path: str) -> Iterator[Line]:
    """All lines of a roster, the names of its columns first."""
    with open_() as file:
        start = file.read(4096)
    suffix = Path(path).suffix.lower()
    if suffix == ".xlsx" or start[:4] == b"PK\x03\x04":
        return _workbook(open_, path)
    if suffix in (".jsonl", ".ndjson") or start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{":
        return _json_lines(open_, path)
    return _separated(open_)


# -------------------------------------------------------------------------- text


def _encoding(open_: Opened) -> str:
    """UTF-8 if any of its characters beyond ASCII are; what is not is left to the row."""
    alien = False
    with open_() as file:
        if file.read(2) in (b"\xff\xfe", b"\xfe\xff"):
            return "utf-16"
        file.seek(0)
        while block := file.read(_BLOCK):
            block += file.readline()
            try:
                if not block.isascii():
                    block.decode("utf-8")
                    return "utf-8-sig"
            except UnicodeDecodeError:
                alien = True
                if any(map(_is_utf_8, block.split(b"\n"))):
                    return "utf-8-sig"
    return "cp1252" if alien else "utf-8-sig"


def _is_utf_8(line: bytes) -> bool:
    if line.isascii():
        return False
    try:
        return bool(line.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def _text(open_: Opened, newline: str | None) -> io.TextIOWrapper:
    encoding = _encoding(open_)
    errors = "replace" if encoding == "utf-16" else "surrogateescape"
    return io.TextIOWrapper(open_(), encoding=encoding, errors=errors, newline=newline)


def _checked(cells: list[str], problem: str = "") -> Line:
    """Cells without what is no text; a row in another encoding is read as Windows has it."""
    if all(cell.isascii() for cell in cells) or not any(map(_broken, cells)):
        return cells, problem
    shown = [
        c.encode("utf-8", "surrogateescape").decode("cp1252", "replace") if _broken(c) else c
        for c in cells
    ]
    return shown, problem or "the row is not in the encoding of the rest of the file"


def _broken(cell: str) -> bool:
    return any("\udc80" <= char <= "\udcff" for char in cell)


# --------------------------------------------------------------------------- CSV


def _separated(open_: Opened) -> Iterator[Line]:
    csv.field_size_limit(LONGEST_CELL)
    with _text(open_, "") as text:
        first = text.readline()
        delimiter = max(",;\t|", key=first.count)
        yield from _Rows(first, text, delimiter)


class _Rows:
    """The rows of separated text.

    A quotation mark that is never closed would swallow all rows behind it: such a row is told,
    and reading goes on with the line below it.
    """

    def __init__(self, first: str, rest: Iterator[str], delimiter: str) -> None:
        self.held = deque([first] if first else [])
        self.rest = rest
        self.delimiter = delimiter
        # The physical lines of the row that is being read.
        self.taken: list[str] = []

    def _feed(self) -> Iterator[str]:
        while True:
            line = self.held.popleft() if self.held else next(self.rest, "")
            if not line:
                return
            self.taken.append(line)
            yield line.replace("\0", "")

    def __iter__(self) -> Iterator[Line]:
        while True:
            reader = csv.reader(self._feed(), delimiter=self.delimiter)
            try:
                for cells in reader:
                    if len(self.taken) > 1 and self._unclosed():
                        break
                    self.taken.clear()
                    yield _checked(cells)
                else:
                    return
            except csv.Error:
                pass
            first, *behind = self.taken
            self.held.extendleft(reversed(behind))
            self.taken.clear()
            cells = first.replace("\0", "").replace('"', "").rstrip("\r\n").split(self.delimiter)
            yield _checked([cell[:LONGEST_CELL] for cell in cells], _OPEN_QUOTE)

    def _unclosed(self) -> bool:
        """Whether a row of several lines is one by mistake: its quotation marks do not pair."""
        try:
            lines = [line.replace("\0", "") for line in self.taken]
            list(csv.reader(lines, delimiter=self.delimiter, strict=True))
        except csv.Error:
            return True
        return False


# -------------------------------------------------------------------- JSON Lines


def _json_lines(open_: Opened, path: str) -> Iterator[Line]:
    """Lines of one width: the keys of all objects, in the order in which they come."""
    keys: dict[str, None] = {}
    with _text(open_, None) as text:
        for line in text:
            keys.update(dict.fromkeys(_object(line) or {}))
    if not keys:
        raise error(
            "no line of the roster is a JSON object",
            at=path,
            hint='write a learner a line, as in {"name": "Asha Rao"}',
            code="roster",
        )
    yield list(keys), ""
    with _text(open_, None) as text:
        for line in text:
            value = _object(line)
            if value is not None:
                yield _checked([words(value.get(key)) for key in keys])
            elif line.strip():
                yield _checked([line.strip()[:LONGEST_CELL]], "the line is not a JSON object")
            else:
                yield [], ""


def _object(line: str) -> dict[str, Any] | None:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return {str(key): item for key, item in value.items()} if isinstance(value, dict) else None


# --------------------------------------------------------------------- workbooks


def _workbook(open_: Opened, path: str) -> Iterator[Line]:
    """The first sheet of a workbook, row by row; its strings are kept, as the format has them."""
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise error(
            "reading XLSX needs the package openpyxl",
            at=path,
            hint="pip install 'handbook[xlsx]', or save the sheet as CSV",
            code="roster",
        ) from None
    with open_() as file:
        try:
            book = load_workbook(file, read_only=True, data_only=True)
            sheet = book.worksheets[0]
            # What a file says of its size is not always so.
            sheet.reset_dimensions()
            for row in sheet.iter_rows(values_only=True):
                yield [words(cell) for cell in row], ""
            book.close()
        except (OSError, ValueError, KeyError, IndexError, SyntaxError, EOFError) as problem:
            raise _spoilt(path, problem) from None
        except Exception as problem:
            # Archives that are none, and what else zipfile and openpyxl have of their own.
            if type(problem).__module__.partition(".")[0] not in ("zipfile", "openpyxl", "zlib"):
                raise
            raise _spoilt(path, problem) from None


def _spoilt(path: str, problem: Exception) -> Exception:
    return error(
        f"the workbook cannot be read: {problem}",
        at=path,
        hint="save it again as XLSX, or export it as CSV",
        code="roster",
    )


def words(value: Any) -> str:
    """A cell's value as it would stand in a CSV file."""
    if value is None:
        return ""
    if hasattr(value, "date") and hasattr(value, "hour"):
        value = value.date()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value)
