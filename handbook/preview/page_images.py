"""Render single pages of a book, and find those that have changed.

A picture needs one page, not the book: the page is written as its own PDF, without links
and structure, which takes a hundredth of the time.
"""

from __future__ import annotations

import hashlib
import marshal
import os
from dataclasses import replace
from typing import Any

from ..document.fields import FieldSpecs
from ..document.nodes import Document, Meta
from ..layout.page import (
    Box,
    Drawing,
    FieldPlaceholder,
    FormCheckbox,
    Glyphs,
    LaidOutBook,
    LinkArea,
    Page,
    PageField,
    PageItem,
    Picture,
    Segment,
)
from ..layout.structure import StructElem
from ..pdf.edition_writer import make_edition


def page_digest(page: Page) -> str:
    """Return a key that differs for every page that looks different."""
    items = [
        tuple(_looks(item) for item in part if type(item) is not LinkArea)
        for part in (page.background, page.items, page.running_items)
    ]
    seen: Any = (page.width, page.height, *items)
    try:
        # Version 2 writes equal values as equal bytes, whether or not they are one object.
        data = marshal.dumps(seen, 2)
    except ValueError:
        data = repr(seen).encode()
    return hashlib.blake2b(data, digest_size=12).hexdigest()


def page_places(book: LaidOutBook, document: Document) -> list[str]:
    """Return the place of each page: its chapter's id and its number in the chapter.

    A window keeps its place by this when pages before it come and go.
    """
    starts = {
        book.destinations[chapter.id].page: chapter.id
        for chapter in document.chapters
        if chapter.id in book.destinations
    }
    places: list[str] = []
    chapter, first = "", 0
    for index in range(len(book.pages)):
        if index in starts:
            chapter, first = starts[index], index
        places.append(f"{chapter}/{index - first}")
    return places


def _looks(item: Any) -> Any:
    """Return what of a piece of ink can be seen; its element cannot."""
    if type(item) is Glyphs:
        return item[:-1]
    if type(item) is Box or type(item) is Segment:
        return item[:]
    if isinstance(item, Drawing):
        return (*item[:4], tuple(_looks(part) for part in item.items))
    if isinstance(item, PageField):
        return (item.x, item.y, _looks(item.slot))
    seen = tuple(part for part in item if not isinstance(part, StructElem))
    return (*seen, _stamp(item.path)) if isinstance(item, Picture) else seen


def _stamp(path: str) -> tuple[int, int]:
    """Return what changes when a picture's file does."""
    try:
        file = os.stat(path)
    except OSError:
        return (0, 0)
    return (file.st_size, file.st_mtime_ns)


def page_pdf(book: LaidOutBook, index: int, meta: Meta, fields: FieldSpecs) -> bytes:
    """Return the page `index` of `book` as a PDF for the screen; its fields are empty."""
    page = book.pages[index]
    root = StructElem("Document")
    words, figure = root.child("P"), root.child("Figure")

    def retagged(item: PageItem) -> PageItem:
        if isinstance(item, (Picture, Drawing)):
            return item._replace(element=figure)
        if isinstance(item, (Glyphs, FieldPlaceholder)) and item.element is not None:
            return item._replace(element=words)
        return item

    items = [
        retagged(item) for item in page.items if not isinstance(item, (LinkArea, FormCheckbox))
    ]
    shown = Page(page.width, page.height, page.label, page.background, items, page.running_items)
    single = replace(
        book,
        pages=[shown],
        root=root,
        destinations={},
        outline=[],
        page_labels=[],
        sheets=(),
    )
    return make_edition(single, meta, fields).fill()
