"""Write bookmarks (ISO 32000-1, 12.3.3) and page labels (12.4.2)."""

from __future__ import annotations

from typing import Any

from ...layout.page import LaidOutBook, OutlineEntry
from ..syntax.objects import Name, Ref, Writer
from .link_annotations import Destinations


class _Node:
    def __init__(self, entry: OutlineEntry | None, ref: Ref) -> None:
        self.entry = entry
        self.ref = ref
        self.kids: list[_Node] = []


def write_outline(writer: Writer, book: LaidOutBook, destinations: Destinations) -> Ref | None:
    """Write the bookmarks, chapters collapsed; return None if there are none."""
    if not book.outline:
        return None
    root = _Node(None, writer.reserve())
    path = [root]
    for entry in book.outline:
        node = _Node(entry, writer.reserve())
        del path[max(1, entry.level) :]
        path[-1].kids.append(node)
        path.append(node)
    _put(writer, root, None, None, None, destinations)
    return root.ref


def _put(
    writer: Writer,
    node: _Node,
    parent: Ref | None,
    before: Ref | None,
    after: Ref | None,
    destinations: Destinations,
) -> None:
    entries: dict[str, Any] = {}
    if node.entry is None:
        entries["Type"] = Name("Outlines")
    else:
        entries["Title"] = node.entry.title
        entries |= destinations.entries(node.entry.target)
    for key, ref in (("Parent", parent), ("Prev", before), ("Next", after)):
        if ref is not None:
            entries[key] = ref
    if node.kids:
        entries["First"], entries["Last"] = node.kids[0].ref, node.kids[-1].ref
        entries["Count"] = len(node.kids) if node.entry is None else -len(node.kids)
    writer.put(node.ref, entries)
    for number, kid in enumerate(node.kids):
        previous = node.kids[number - 1].ref if number else None
        following = node.kids[number + 1].ref if number + 1 < len(node.kids) else None
        _put(writer, kid, node.ref, previous, following, destinations)


def page_labels(book: LaidOutBook) -> dict[str, Any]:
    """Return the PageLabels number tree: (first page index, style, start) for each range."""
    numbers: list[Any] = []
    for index, style, start in book.page_labels:
        label: dict[str, Any] = {"S": Name(style)}
        if start != 1:
            label["St"] = start
        numbers += [index, label]
    return {"Nums": numbers}
