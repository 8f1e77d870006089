"""Find what keeps a file from claiming PDF/UA and level A of PDF/A.

The structure tree and the fonts are known before anything is claimed; what they lack is reported
in words, and the claim is dropped.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeAlias

from ...document.nodes import Meta
from ...layout.structure import StructElem
from ..syntax.objects import Ref
from .conformance import Standard
from .structure_rules import CHILDREN, PARENTS, row_widths

Kids: TypeAlias = Callable[[StructElem], list[Any]]

_HEADINGS = {"H1", "H2", "H3", "H4", "H5", "H6"}
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
# Characters that a glyph must not be mapped to (ISO 14289-1, 7.21.7; ISO 19005-2, 6.2.11.7.2).
_NO_CHARACTER = {"", "\0", "\ufeff", "\ufffe"}


def barriers(
    elements: Sequence[StructElem], meta: Meta, kids: Kids, standard: Standard
) -> list[str]:
    """Return why a book with this structure is not accessible, in words; nothing if it is.

    `elements` are all that are written, in reading order; `kids` gives what one of them holds,
    text included.
    """
    counts = Counter(_metadata(meta))
    counts.update(_tree(elements, kids))
    counts.update(_forbidden(elements, standard))
    return [
        f"{message} ({count} times)" if count > 1 else message for message, count in counts.items()
    ]


def character_barriers(texts: Iterable[str]) -> list[str]:
    """Return why glyphs that read as `texts` are not archival, in words."""
    if any(text in _NO_CHARACTER for text in texts):
        return ["a glyph represents no character"]
    return []


def private_characters(texts: Iterable[str]) -> list[str]:
    """Return why glyphs that read as `texts` are not accessible: private characters."""
    private = sorted({char for text in texts for char in text if "\ue000" <= char <= "\uf8ff"})
    return [
        f"U+{ord(char):04X} is a private character, which cannot be read aloud" for char in private
    ]


def _metadata(meta: Meta) -> Iterator[str]:
    if not meta.title.strip():
        yield "the book has no title"
    if not _LANGUAGE.fullmatch(meta.language):
        yield "the language of the book is not known"


def _tree(elements: Iterable[StructElem], kids: Kids) -> Iterator[str]:
    """Yield a message for each violation, in reading order."""
    level = 0
    identifiers: set[str] = set()
    for element in elements:
        above = element.parent.tag if element.parent is not None else ""
        if above not in PARENTS.get(element.tag, (above,)):
            yield f"{element.tag} is inside {above}"
        if element.tag in CHILDREN:
            yield from _wrong_kids(element, kids)
        if element.tag in ("Figure", "Formula") and not element.alt.strip():
            yield "a picture has no alternative text"
        if element.tag == "Table":
            yield from _table(element, kids)
        if element.tag == "Link" and not any(_contents(element, kids)):
            yield "a link has no text"
        if element.tag == "Note" and not element.id:
            yield "a note has no identifier"
        if element.id in identifiers:
            yield f"two elements have the identifier {element.id!r}"
        if element.id:
            identifiers.add(element.id)
        if element.tag in _HEADINGS:
            if int(element.tag[1]) > level + 1:
                yield f"a heading skips from level {level} to level {element.tag[1]}"
            level = int(element.tag[1])


def _forbidden(elements: Iterable[StructElem], standard: Standard) -> Iterator[str]:
    """Yield a message for each element that the standard does not allow where it is."""
    for element in elements if standard.forbidden else ():
        if element.parent is not None and (element.tag, element.parent.tag) in standard.forbidden:
            yield f"{element.tag} is inside {element.parent.tag}"


def _wrong_kids(element: StructElem, kids: Kids) -> Iterator[str]:
    allowed = CHILDREN[element.tag]
    for kid in kids(element):
        if not isinstance(kid, StructElem):
            yield f"{element.tag} contains text"
        elif kid.tag not in allowed:
            yield f"{element.tag} contains {kid.tag}"


def _table(table: StructElem, kids: Kids) -> Iterator[str]:
    groups = [kid.tag for kid in kids(table) if isinstance(kid, StructElem)]
    if ("THead" in groups or "TFoot" in groups) and "TBody" not in groups:
        yield "a table has a header and no rows"
    rows = [element for element in _walk(table, kids, into_tables=False) if element.tag == "TR"]
    cells = [[kid for kid in kids(row) if isinstance(kid, StructElem)] for row in rows]
    spans = [[(_span(cell, "ColSpan"), _span(cell, "RowSpan")) for cell in row] for row in cells]
    if len(set(row_widths(spans))) > 1:
        yield "the rows of a table have different numbers of columns"
    heads = [cell for row in cells for cell in row if cell.tag == "TH"]
    if not heads:
        yield "a table has no header cells"
    if any(
        "Scope" not in (cell.attributes or {}) and "Headers" not in (cell.attributes or {})
        for cell in heads
    ):
        yield "a header cell does not say what it heads"


def _span(cell: StructElem, name: str) -> int:
    return int((cell.attributes or {}).get(name, 1))


def _walk(element: StructElem, kids: Kids, *, into_tables: bool = True) -> Iterator[StructElem]:
    """Yield an element and those below it, in reading order."""
    waiting = [element]
    while waiting:
        element = waiting.pop()
        yield element
        waiting += [
            kid
            for kid in reversed(kids(element))
            if isinstance(kid, StructElem) and (into_tables or kid.tag != "Table")
        ]


def _contents(element: StructElem, kids: Kids) -> Iterator[Any]:
    """Yield True for each piece of content of an element and of those below it."""
    for part in _walk(element, kids):
        yield from (
            True
            for kid in kids(part)
            if not isinstance(kid, StructElem) and not isinstance(kid[1], Ref)
        )
