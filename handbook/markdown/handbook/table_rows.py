"""Pipe tables: Python-Markdown's, with classes for rows and no cell lost unnoticed."""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Sequence
from typing import Any

from markdown.blockparser import BlockParser
from markdown.extensions.tables import TableProcessor

# The text of a cell that joins the cell to its left, or the one above.
JOINS = ("<<", "^^")
_CLASSES = re.compile(r"\{\.([\w. -]+)\}[ ]*")


class TableRows(TableProcessor):
    """Builds rows: `{.class}` that begins a row is the row's, `\\|` is a bar in the text."""

    def __init__(self, parser: BlockParser) -> None:
        super().__init__(parser, {"use_align_attribute": True})

    def _build_row(self, row: str, parent: etree.Element, align: Sequence[str | None]) -> None:
        """Return a row of as many cells as the table has columns; `cells` tells how many it had."""
        split: Any = self._split_row  # type: ignore[attr-defined]
        cells = [cell.strip(" ").replace("\\|", "|") for cell in split(row)]
        element = etree.SubElement(parent, "tr", {"cells": str(len(cells))})
        if match := _CLASSES.match(cells[0]):
            element.set("class", match[1].replace(".", " "))
            cells[0] = cells[0][match.end() :]
        tag = "th" if parent.tag == "thead" else "td"
        for number, side in enumerate(align):
            cell = etree.SubElement(element, tag, {"align": side or ""})
            words = cells[number] if number < len(cells) else ""
            if words in JOINS:
                cell.set("join", words)
            cell.text = words
        surplus = [cell for cell in cells[len(align) :] if cell]
        element.set("surplus", ", ".join(map(repr, surplus)))
