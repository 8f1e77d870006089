"""Say what a screen reader says: the structure tree of a PDF, read aloud as text.

The order, the words and the roles are those of the tags; nothing is taken from the look of a page.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pikepdf

from ..core.diagnostics import error
from ..core.units import counted
from ..core.values import frozen
from .checks.subject import PdfUnderTest
from .damaged import reading
from .structure_reader import HEADINGS, Content, Element, ObjectReference

# Roles whose children are read one after another, with nothing said of the role itself.
_SILENT = {"Document", "Part", "Art", "Sect", "Div", "NonStruct", "Private", "LBody", "THead",
           "TBody", "TFoot"}  # fmt: skip
_BLOCKS = {"P", "H", "L", "LI", "Table", "TOC", "TOCI", "Index", "BlockQuote", "Caption", "Figure",
           "Formula", "Note", *HEADINGS, *_SILENT}  # fmt: skip
_DECORATION = {"LineThrough": "deleted", "Underline": "underlined"}
_POSITION = {"Sup": "superscript", "Sub": "subscript"}


@frozen
class Utterance:
    """A line that is read aloud, with the index of its page (-1: unknown)."""

    page: int
    text: str


def listen(path: Path, pages: Collection[str] = ()) -> str:
    """Return what a screen reader says of a PDF, or of the pages with certain labels.

    Raises:
        HandbookError: the file is not a PDF, has no tags, or has no such page.
    """
    try:
        pdf = pikepdf.open(path)
    except pikepdf.PdfError as exception:
        raise error(f"the file cannot be read as a PDF: {exception}", at=path) from None
    with pdf, reading(path):
        subject = PdfUnderTest(pdf)
        if not subject.structure.top:
            raise error("the file has no tags, so a screen reader can only guess", at=path)
        labels = [str(page.label) for page in pdf.pages]
        unknown = [label for label in pages if label not in labels]
        if unknown:
            raise error(
                f"there is no page {unknown[0]}", at=path, hint=f"pages end at {labels[-1]}"
            )
        reader = _Reader(subject)
        for element in subject.structure.top:
            reader.block(element)
    return "\n".join(_with_pages(reader.lines, labels, pages))


def _with_pages(lines: list[Utterance], labels: list[str], pages: Collection[str]) -> Iterator[str]:
    """Yield the lines of `pages`, each page announced by its label."""
    last = -1
    for line in lines:
        page = line.page if line.page >= 0 else last
        if pages and (page < 0 or labels[page] not in pages):
            continue
        if page != last:
            yield f"--- page {labels[page]} ---"
        last = page
        yield line.text


@dataclass(slots=True)
class _Reader:
    """Reads elements, one line for each block."""

    subject: PdfUnderTest
    lines: list[Utterance] = field(default_factory=list)
    depth: int = 0
    # The header cells of the table's rows that have an identifier, and their words.
    row_heads: dict[str, str] = field(default_factory=dict)

    def say(self, element: Element, text: str) -> None:
        """Add a line."""
        page = next((content.page for content in element.contents()), element.page)
        self.lines.append(Utterance(page, "  " * self.depth + text))

    # ------------------------------------------------------------------ blocks

    def block(self, element: Element) -> None:
        """Read a block and what is in it."""
        role = element.role
        if role in HEADINGS:
            self.say(element, f"heading level {HEADINGS[role]}: {self.text(element)}")
            self.blocks_of(element)
        elif role == "L":
            self.list_(element)
        elif role == "Table":
            self.table(element)
        elif role in ("Figure", "Formula"):
            self.say(
                element, f"graphic: {element.alt or element.actual or 'without a description'}"
            )
            self.inside(element)
        elif role == "Note":
            self.item(element, "note ")
        elif role in _BLOCKS - {"P", *_SILENT}:
            self.group(element)
        else:
            text = self.text(element)
            if text:
                self.say(element, text)
            self.blocks_of(element)

    def group(self, element: Element) -> None:
        """Read a block that is announced, and what is in it."""
        names = {"BlockQuote": "quote", "TOC": "table of contents", "Index": "index",
                 "Caption": "caption"}  # fmt: skip
        name = names.get(element.role, "")
        text = self.text(element)
        if name or text:
            self.say(element, ": ".join(filter(None, (name, text))))
        self.inside(element)

    def inside(self, element: Element) -> None:
        """Read the blocks in an element, indented."""
        self.depth += 1
        self.blocks_of(element)
        self.depth -= 1

    def blocks_of(self, element: Element) -> None:
        """Read the blocks among an element's children, and in inline children."""
        for kid in element.elements:
            if kid.role in _BLOCKS:
                self.block(kid)
            else:
                self.blocks_of(kid)

    def list_(self, element: Element) -> None:
        """Read a list: how many items, then each with its label."""
        items = [kid for kid in element.elements if kid.role == "LI"]
        numbering = str(element.attributes.get("ListNumbering", "None"))
        kind = "" if numbering in ("None", "Disc", "Circle", "Square") else "numbered "
        self.say(element, f"{kind}list with {counted(len(items), 'item')}")
        self.depth += 1
        for kid in element.elements:
            self.item(kid) if kid.role == "LI" else self.block(kid)
        self.depth -= 1

    def item(self, element: Element, name: str = "") -> None:
        """Read an item on one line, what else it contains below it."""
        label = name + " ".join(self.text(kid) for kid in element.elements if kid.role == "Lbl")
        body = [kid for kid in element.elements if kid.role != "Lbl"]
        inner = _Reader(self.subject)
        for kid in body:
            inner.block(kid)
        first = inner.lines.pop(0) if inner.lines else Utterance(element.page, "")
        self.say(element, " ".join(filter(None, (label, first.text))) or "blank")
        indent = "  " * (self.depth + 1)
        self.lines += [Utterance(line.page, indent + line.text) for line in inner.lines]

    def table(self, element: Element) -> None:
        """Read a table row by row, each cell after its column's header."""
        rows = [part for part in _parts(element) if part.role == "TR"]
        for caption in (kid for kid in element.elements if kid.role == "Caption"):
            self.block(caption)
        grid = list(_grid(rows))
        columns = max((column + 1 for row in grid for column, _ in row), default=0)
        self.say(element, f"table with {counted(columns, 'column')}, {counted(len(rows), 'row')}")
        heads: dict[int, str] = {}
        self.row_heads = {
            cell.id: self.cell(cell)
            for row in rows
            for cell in row.elements
            if cell.id and cell.attributes.get("Scope") == "Row"
        }
        self.depth += 1
        for row, cells in zip(rows, grid, strict=True):
            self.row(row, cells, heads)
        self.depth -= 1

    def row(self, row: Element, cells: list[tuple[int, Element]], heads: dict[int, str]) -> None:
        """Read a row; header cells of columns are remembered for the rows below."""
        # Header cells that began in a row above are named by the cells that they head.
        named = (head for _, cell in cells for head in _listed(cell.attributes.get("Headers")))
        ids = {cell.id for _, cell in cells}
        above = [head for head in dict.fromkeys(named) if head not in ids]
        parts = [f"row header {self.row_heads[head]}" for head in above if head in self.row_heads]
        for column, cell in cells:
            text = self.cell(cell)
            if cell.role == "TH" and cell.attributes.get("Scope") != "Row":
                heads.update(dict.fromkeys(range(column, column + _span(cell, "ColSpan")), text))
                parts.append(f"column header {text or 'blank'}")
            elif cell.role == "TH":
                parts.append(f"row header {text or 'blank'}")
            else:
                head = heads.get(column, "")
                parts.append(f"{head}: {text or 'blank'}" if head else text or "blank")
        self.say(row, "; ".join(parts))

    def cell(self, cell: Element) -> str:
        """Return the text of a cell, its blocks on one line."""
        inner = _Reader(self.subject)
        inner.block(cell)
        return " ".join(line.text.strip() for line in inner.lines)

    # ----------------------------------------------------------------- inlines

    def text(self, element: Element) -> str:
        """Return an element's own running text, without the blocks in it."""
        if element.actual is not None:
            return element.actual
        return " ".join("".join(self.inlines(element)).split())

    def inlines(self, element: Element) -> Iterator[str]:
        """Yield the running text of an element, inline elements announced."""
        for kid in element.kids:
            if isinstance(kid, Content):
                yield self.subject.texts.get((kid.stream, kid.mcid), "")
            elif isinstance(kid, Element) and kid.role not in _BLOCKS:
                yield self.inline(kid)

    def inline(self, element: Element) -> str:
        """Return an inline element in words."""
        text = element.actual if element.actual is not None else "".join(self.inlines(element))
        if element.role == "Form":
            return " ".join(filter(None, (text.strip(), *map(_form_field, element.references()))))
        if element.role == "Link":
            return f"[link {text.strip()}]" if text.strip() else "[link without text]"
        if element.expansion:
            return f"{text} ({element.expansion})"
        shift = float(element.attributes.get("BaselineShift", 0))
        kinds = [
            _DECORATION.get(str(element.attributes.get("TextDecorationType"))),
            _POSITION.get(str(element.attributes.get("TextPosition")))
            or ("superscript" if shift > 0 else "subscript" if shift < 0 else None),
        ]
        named = " ".join(filter(None, kinds))
        return f"[{named} {text}]" if named and text.strip() else text


def _form_field(reference: ObjectReference) -> str:
    """Return a form field in words: kind, state and name."""
    field_: Any = reference.target
    name = str(field_.get("/TU", field_.get("/T", "without a name")))
    if str(field_.get("/FT", "")) != "/Btn":
        return f"[field {name}]"
    checked = str(field_.get("/AS", "/Off")) != "/Off"
    return f"[checkbox {'checked' if checked else 'not checked'}: {name}]"


def _listed(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, (list, tuple)) else []


def _parts(element: Element) -> Iterator[Element]:
    """Yield the rows of a table, without those of tables in its cells."""
    for kid in element.elements:
        if kid.role == "TR":
            yield kid
        elif kid.role in ("THead", "TBody", "TFoot"):
            yield from _parts(kid)


def _grid(rows: list[Element]) -> Iterator[list[tuple[int, Element]]]:
    """Yield each row's cells with their columns, spans taken into account."""
    taken: dict[int, int] = {}
    for row in rows:
        column = 0
        cells: list[tuple[int, Element]] = []
        reach: dict[int, int] = {}
        for cell in row.elements:
            while taken.get(column, 0):
                column += 1
            cells.append((column, cell))
            for _ in range(_span(cell, "ColSpan")):
                reach[column] = _span(cell, "RowSpan") - 1
                column += 1
        taken = {at: left - 1 for at, left in taken.items() if left > 1} | {
            at: left for at, left in reach.items() if left
        }
        yield cells


def _span(cell: Element, name: str) -> int:
    return max(1, int(cell.attributes.get(name, 1)))


def page_labels_of(text: str) -> list[str]:
    """Return the labels in `12,14-16,iv`; ranges count in numbers."""
    labels: list[str] = []
    for part in filter(None, re.split(r"[,\s]+", text)):
        match = re.fullmatch(r"(\d+)-(\d+)", part)
        labels += map(str, range(int(match[1]), int(match[2]) + 1)) if match else [part]
    return labels
