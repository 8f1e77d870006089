"""Open a roster as tables of text cells: separated text, JSON, or a workbook.

A line is read only when it is asked for, so a long roster needs no more memory than a short one.
A line that cannot be read carries the reason, and the next line is read as usual.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import field
from pathlib import Path
from typing import Any, BinaryIO

from ...core.diagnostics import error
from ...core.values import frozen

Opener = Callable[[], BinaryIO]
# A longer cell is the result of a quotation mark that is never closed.
LONGEST_CELL = 1 << 16
BLOCK = 1 << 20


@frozen
class Line:
    """The cells of one line; `problem` says why it cannot be used, `hidden` that no one sees it.

    `alone` says that the line has one cell where text ends: nothing follows, not even a delimiter.
    """

    cells: Sequence[str]
    problem: str = ""
    hidden: bool = False
    alone: bool = False


@frozen
class Table:
    """A way to read a roster: the sheet of a workbook, or text taken apart at one delimiter."""

    lines: Callable[[], Iterator[Line]]
    name: str = ""
    # What was decided while the file was opened, for the person who exported it.
    notes: tuple[str, ...] = field(default=())
    # Whether it comes from a spreadsheet, in which days may be numbers.
    spreadsheet: bool = False


def opener(path: str, stream: BinaryIO) -> Opener:
    """Return a function that opens the roster at `path` from its beginning.

    The path "-" is standard input, `stream`, which is kept in a temporary file.

    Raises:
        HandbookError: If there is no such file, or no room for what `stream` holds.
    """
    if path != "-":
        if Path(path).is_fifo():
            # As a shell gives it: `handbook batch <(make-roster)`.
            with Path(path).open("rb") as pipe:
                return _from_copy(_spooled(pipe, path))
        if not Path(path).is_file():
            raise error(
                "the roster is a folder" if Path(path).is_dir() else "no such roster",
                at=path,
                hint="name a file (CSV, XLSX, JSON), or - for standard input",
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
    return _from_copy(_spooled(stream, "standard input"))


def _from_copy(copy: Any) -> Opener:
    def from_copy() -> BinaryIO:
        copy.seek(0)
        return io.BufferedReader(_SharedFile(copy.raw))

    return from_copy


def _spooled(stream: BinaryIO, name: str) -> Any:
    try:
        copy = tempfile.TemporaryFile()  # noqa: SIM115
        while block := stream.read(BLOCK):
            copy.write(block)
        copy.flush()
    except OSError as problem:
        raise error(
            f"cannot keep {name}: {problem.strerror}",
            hint="free some space, or name another temporary folder in TMPDIR",
            code="roster",
        ) from None
    return copy


class _SharedFile(io.RawIOBase):
    """A view of a file that stays open when the view is closed."""

    def __init__(self, raw: Any) -> None:
        self.raw = raw

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return int(self.raw.readinto(buffer))

    def seek(self, offset: int, whence: int = 0) -> int:
        return int(self.raw.seek(offset, whence))
