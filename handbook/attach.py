"""What a handbook carries of its own data: tables as CSV, the selection as JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator

from .document import (
    Cell,
    Document,
    Paragraph,
    Row,
    Table,
    plain_text,
    walk,
)
from .layout.survey import number_key, survey
from .pdf.attachments import Attachment
from .selection import Selection, slug


def attachments(document: Document, selection: Selection) -> list[Attachment]:
    """A file for each table with a caption, and one that says what was chosen."""
    facts = survey(document)
    found: list[Attachment] = [_selection(document, selection)]
    for chapter in document.chapters:
        for block in walk(chapter.blocks):
            if isinstance(block, Table) and block.caption:
                number = facts.number_of[number_key(block)]
                title = f"{number}: {plain_text(block.caption)}"
                name = f"{slug(number)}-{slug(block.id.removeprefix('tbl-'))}.csv"
                found.append(Attachment(name, "text/csv", _csv(block), title))
    return found


def _selection(document: Document, selection: Selection) -> Attachment:
    def chosen(row: object) -> str | None:
        return str(row["id"]) if isinstance(row, dict) else None

    data = {
        "title": document.meta.title,
        "edition": document.meta.date,
        "role": chosen(selection.role),
        "path": chosen(selection.path),
        "plan": chosen(selection.plan),
        "paper": selection.paper,
        "language": document.meta.language,
    }
    text = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    words = "What this edition was chosen by"
    return Attachment("selection.json", "application/json", text.encode("utf-8"), words)


def _csv(table: Table) -> bytes:
    """RFC 4180, UTF-8; cells as plain text."""
    out = io.StringIO()
    writer = csv.writer(out)
    for row in (*table.header, *table.rows):
        writer.writerow(list(_cells(row)))
    return out.getvalue().encode("utf-8")


def _cells(row: Row) -> Iterator[str]:
    for cell in row.cells:
        yield " ".join(_words(cell).split())
        for _ in range(cell.colspan - 1):
            yield ""


def _words(cell: Cell) -> str:
    return " ".join(
        plain_text(block.content) for block in walk(cell.blocks) if isinstance(block, Paragraph)
    )
