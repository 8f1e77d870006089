"""Tell the format of a roster by its first bytes, and open it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ...core.diagnostics import error
from . import json_rows, markup, separated, workbook
from .source import Opener, Table

_NO_ROSTERS = {b"%PDF-": "a PDF", b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture"}


def open_tables(
    open_file: Opener, path: str, encoding: str = "", sheet: str = ""
) -> Sequence[Table]:
    """Return every way to read the roster, the likeliest first.

    Raises:
        HandbookError: If the file is in a format that cannot be read, or has no such sheet.
    """
    with open_file() as file:
        start = file.read(4096)
    suffix = Path(path).suffix.lower()
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    for signature, what in _NO_ROSTERS.items():
        if text.startswith(signature):
            raise error(f"this is {what}", at=path, hint="export it as XLSX or CSV", code="roster")
    if start[:4] == b"PK\x03\x04":
        return workbook.tables(open_file, path, sheet)
    if sheet:
        raise error(
            f"--sheet {sheet}: the roster is not a workbook",
            at=path,
            hint="leave --sheet out, or name a file in XLSX",
            code="roster",
        )
    if start[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise error(
            "the workbook is in the format of Excel 97",
            at=path,
            hint="save it as XLSX or CSV",
            code="roster",
        )
    if text[:1] == b"[" or text[:1] == b"{" or suffix in (".jsonl", ".ndjson"):
        return json_rows.tables(open_file, path)
    if markup.is_markup(start):
        return markup.tables(open_file, path, encoding)
    return separated.tables(open_file, path, encoding)
