"""Attach a handbook's own data: tables as CSV, the selection as JSON."""

from __future__ import annotations

import csv
import io
import json

from ..core.i18n import translations_for
from ..core.slugs import file_slug
from ..document.nodes import Cell, Document, Paragraph, Row, Table, plain_text, walk
from ..document.numbering import number_document, number_key
from ..pdf.catalog.attachments import Attachment
from ..select.schedule.ical import schedule_to_ical
from ..select.selection import Selection


def attachments(document: Document, selection: Selection) -> list[Attachment]:
    """Return a file for each table with a caption, and one that says what was chosen."""
    facts = number_document(document)
    files: list[Attachment] = [_selection(document, selection)]
    for chapter in document.chapters:
        for block in walk(chapter.blocks):
            if isinstance(block, Table) and block.caption:
                number = facts.number_of[number_key(block)]
                title = f"{number}: {plain_text(block.caption)}"
                count = facts.captions[number_key(block)][1]
                name = f"table-{count}-{file_slug(block.id.removeprefix('tbl-'))}.csv"
                files.append(Attachment(name, "text/csv", _csv(block), title))
    if selection.schedule is not None:
        files.append(_calendar(document, selection))
    return files


def _calendar(document: Document, selection: Selection) -> Attachment:
    title = f"{document.meta.title}: {document.meta.subtitle}"
    assert selection.schedule is not None
    words = translations_for(document.meta.language)
    data = schedule_to_ical(
        selection.schedule, title=title, key=selection.file_stem, stamp=selection.date, words=words
    )
    about = words.gettext("The dates of the study plan")
    return Attachment("calendar.ics", "text/calendar", data, about)


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
    words = translations_for(document.meta.language).gettext("What this edition was chosen by")
    return Attachment("selection.json", "application/json", text.encode("utf-8"), words)


def _csv(table: Table) -> bytes:
    """Return RFC 4180, UTF-8; cells as plain text, what spans several rows in each of them."""
    out = io.StringIO()
    writer = csv.writer(out)
    for part in (table.header, table.rows):
        # Column -> words and rows left of a cell that reaches down.
        spanned: dict[int, tuple[str, int]] = {}
        for row in part:
            writer.writerow(_filled(row, spanned))
    return out.getvalue().encode("utf-8")


def _filled(row: Row, spanned: dict[int, tuple[str, int]]) -> list[str]:
    """Return a row's cells, with those of rows above that reach into it."""
    line: list[str] = []

    def reach() -> None:
        while len(line) in spanned:
            words, left = spanned.pop(len(line))
            if left > 1:
                later[len(line)] = (words, left - 1)
            line.append(words)

    later: dict[int, tuple[str, int]] = {}
    for cell in row.cells:
        reach()
        words = " ".join(_words(cell).split())
        for column in range(cell.colspan):
            if cell.rowspan > 1:
                later[len(line)] = (words, cell.rowspan - 1)
            line.append("" if column else words)
    reach()
    spanned.update(later)
    return line


def _words(cell: Cell) -> str:
    return " ".join(
        plain_text(block.content) for block in walk(cell.blocks) if isinstance(block, Paragraph)
    )
