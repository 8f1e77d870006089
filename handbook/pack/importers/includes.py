"""Take lines, sections and anchors out of the files that a page includes."""

from __future__ import annotations

import re
from pathlib import Path

from ...core.diagnostics import error
from ...core.files import exists
from .model import Book, Page

DEEPEST = 10
MOST_INCLUDES = 20_000
MOST_BYTES = 100_000_000
_ANCHOR = re.compile(r"ANCHOR(_END)?:\s*([\w-]+)")
_SECTION = re.compile(r"(?<!-)-+8<-+\s*\[\s*(start|end)\s*:\s*([\w-]+)\s*\]")


def find_file(book: Book, page: Page, name: str, *folders: Path) -> Path | None:
    """Return the file that a page includes, or None with a note in the report."""
    for folder in (page.path.parent, *folders):
        if name and (file := book.sources.file(folder / name.lstrip("/"))):
            return file
    outside = any(exists(folder / name.lstrip("/")) for folder in (page.path.parent, *folders))
    what = "of a file outside the folder" if outside else "whose file is not there"
    book.report.miss(f"an include {what} ({name})", page.name)
    return None


def note_include(book: Book, page: Page, path: Path) -> None:
    """Note a file whose text is now part of a page.

    Raises HandbookError if files that include one another would make a text without end.
    """
    report = book.report
    report.included.append(f"{book.sources.relative(path)} in {page.name}")
    report.included_bytes += path.stat().st_size
    if len(report.included) > MOST_INCLUDES or report.included_bytes > MOST_BYTES:
        raise error(
            f"the pages include more than {MOST_INCLUDES:,} files, or {MOST_BYTES:,} bytes",
            at=page.path,
            hint="let no file include itself",
        )


def anchored(text: str, name: str) -> str:
    """Return the lines between `ANCHOR: name` and `ANCHOR_END: name`, without any such marks."""
    kept: list[str] = []
    inside = False
    for line in text.split("\n"):
        mark = _ANCHOR.search(line)
        if mark:
            if mark[2] == name:
                inside = not mark[1]
        elif inside:
            kept.append(line)
    return "\n".join(kept)


def section(text: str, name: str) -> str:
    """Return the lines of a section of a snippet; all of them, without marks, if it has no name."""
    kept: list[str] = []
    inside = not name
    for line in text.split("\n"):
        mark = _SECTION.search(line)
        if mark:
            if mark[2] == name:
                inside = mark[1] == "start"
        elif inside:
            kept.append(line)
    return "\n".join(kept)


def line_range(text: str, first: str, last: str, counted: bool = True) -> str:
    """Return lines `first` to `last`, from 1; without `counted`, an empty `last` is `first`."""
    lines = text.split("\n")
    begin = int(first) if first.isdecimal() else 1
    end = int(last) if last.isdecimal() else (len(lines) if counted else begin)
    return "\n".join(lines[max(0, begin - 1) : end])
