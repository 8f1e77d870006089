"""Check elements: roles, nesting, headings, figures, tables, identifiers."""

from __future__ import annotations

from collections.abc import Iterator

from ...pdf.catalog.structure_rules import CHILDREN, PARENTS, row_widths
from ..structure_reader import HEADINGS, STANDARD, Content, Element
from .subject import PdfUnderTest, Problem


def roles(subject: PdfUnderTest) -> Iterator[Problem]:
    """Check that every tag is a standard type or mapped to one."""
    for element in subject.elements:
        if element.role not in STANDARD:
            yield Problem(
                f"the tag {element.tag} is not a standard one and is mapped to none",
                subject.place(element),
            )
    for tag in subject.structure.roles:
        if tag in STANDARD:
            yield Problem(f"the role map gives the standard tag {tag} another meaning")


def nesting(subject: PdfUnderTest) -> Iterator[Problem]:
    """Check that lists, tables and tables of contents have only permitted children."""
    for element in subject.elements:
        above = element.parent.role if element.parent else "nothing"
        if element.role in PARENTS and above not in PARENTS[element.role]:
            yield Problem(f"{element.role} is inside {above}", subject.place(element))
        allowed = CHILDREN.get(element.role)
        for kid in element.elements:
            if allowed is not None and kid.role not in allowed:
                yield Problem(f"{element.role} contains {kid.role}", subject.place(kid))
        if allowed is not None and any(isinstance(kid, Content) for kid in element.kids):
            yield Problem(f"{element.role} contains text", subject.place(element))


def headings(subject: PdfUnderTest) -> Iterator[Problem]:
    """Check that headings have text and skip no level."""
    last = 0
    for element in subject.elements:
        if element.role == "H" and last:
            yield Problem("headings with and without a level are mixed", subject.place(element))
        if element.role not in HEADINGS and element.role != "H":
            continue
        replaced = any(part.alt or part.actual for part in element.walk())
        if not subject.text(element).strip() and not replaced:
            yield Problem("a heading has no text", subject.place(element))
        level = HEADINGS.get(element.role, 0)
        if level > last + 1:
            after = f"after level {last}" if last else "as the first heading"
            yield Problem(f"a heading of level {level} comes {after}", subject.place(element))
        last = level or last


def figures(subject: PdfUnderTest) -> Iterator[Problem]:
    """Check that figures have alternative text and bounds."""
    for element in subject.of_role("Figure", "Formula"):
        if not (element.alt or "").strip() and not (element.actual or "").strip():
            yield Problem("a figure has no alternative text", subject.place(element))
        if element.role == "Figure" and "BBox" not in element.attributes:
            yield Problem("a figure has no bounds (BBox)", subject.place(element), "warning")


def _rows(table: Element) -> list[Element]:
    rows: list[Element] = []
    for kid in table.elements:
        if kid.role == "TR":
            rows.append(kid)
        elif kid.role in ("THead", "TBody", "TFoot"):
            rows += [row for row in kid.elements if row.role == "TR"]
    return rows


def table_headers(subject: PdfUnderTest) -> Iterator[Problem]:
    """Check that tables have header cells with a scope."""
    ids = {element.id for element in subject.elements if element.id}
    for table in subject.of_role("Table"):
        cells = [cell for row in _rows(table) for cell in row.elements]
        heads = [cell for cell in cells if cell.role == "TH"]
        if cells and not heads:
            yield Problem("a table has no header cells", subject.place(table))
        for cell in heads:
            if cell.attributes.get("Scope") not in ("Row", "Column", "Both"):
                yield Problem(
                    "a header cell does not say whether it heads a row or a column (Scope)",
                    subject.place(cell),
                )
        for cell in cells:
            if any(str(name) not in ids for name in cell.attributes.get("Headers", [])):
                yield Problem(
                    "a cell names a header that is not there (Headers)", subject.place(cell)
                )


def table_grid(subject: PdfUnderTest) -> Iterator[Problem]:
    """Check that all rows of a table have the same number of columns."""
    for table in subject.of_role("Table"):
        widths = row_widths(
            [
                [
                    (int(cell.attributes.get("ColSpan", 1)), int(cell.attributes.get("RowSpan", 1)))
                    for cell in row.elements
                ]
                for row in _rows(table)
            ]
        )
        if len(set(widths)) > 1:
            yield Problem(
                f"the rows of a table have {min(widths)} to {max(widths)} columns",
                subject.place(table),
            )


def identifiers(subject: PdfUnderTest) -> Iterator[Problem]:
    """Check that IDs are unique and that every note has one."""
    seen: set[str] = set()
    for element in subject.elements:
        if element.role == "Note" and not element.id:
            yield Problem("a note has no ID", subject.place(element))
        if element.id and element.id in seen:
            yield Problem(f"the ID {element.id!r} is used twice", subject.place(element))
        seen.add(element.id)
