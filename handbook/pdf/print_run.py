"""Write many copies as one file for a printing press, streamed to disk.

What all copies of an edition share (content streams, fonts, pictures) is in the file once.  A
copy adds its page dictionaries and its field values; its pages form a branch of the page tree,
a bookmark and a document part (ISO 32000-2, 14.12).

A print run has no tags, links or forms.  It is PDF/A-2b.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, BinaryIO

from ..core.values import frozen
from ..document.nodes import Meta
from .catalog import metadata
from .catalog.conformance import STANDARDS
from .edition import Edition
from .syntax.object_reader import (
    END,
    STREAM,
    ObjectReader,
    StoredObject,
    entries,
    references,
    renumbered,
)
from .syntax.objects import Name, Ref, Writer, digest, serialise
from .syntax.stream_writer import StreamedFile

# Copies per node of the page tree.
COPIES_PER_NODE = 50
# Page entries that a run leaves out: the place in the tree, and what only viewers use.
_LEFT_OUT = {"Type", "Parent", "StructParents", "Tabs", "Annots"}


@frozen
class _Side:
    """A page of an edition, renumbered; an integer marks an object that copies replace."""

    parts: tuple[bytes | int, ...]
    box: bytes


@frozen
class _RunEdition:
    """An edition in a run, without its bytes, and the new numbers of its objects."""

    edition: Edition
    sides: tuple[_Side, ...]
    numbers: Mapping[int, int]


@frozen
class _Bookmark:
    """A copy's bookmark, written once the next one is known."""

    ref: Ref
    title: str
    page: Ref
    previous: Ref | None


class PrintRun:
    """A file to which copies are added; `meta` describes the whole run.

    Every copy has an even number of pages, so that each begins on the front of a sheet.
    """

    def __init__(self, out: BinaryIO, meta: Meta) -> None:
        self.file = StreamedFile(out)
        self.meta = meta
        reserve = self.file.reserve
        self.catalog, self.tree, self.outline, self.part = (reserve() for _ in range(4))
        self.parts: dict[str, _RunEdition] = {}
        self.leaves: list[Ref] = []
        self.branches: list[tuple[Ref, list[Ref], int]] = []
        self.digest = b""
        self._first: Ref | None = None
        self._last: _Bookmark | None = None

    # ------------------------------------------------------------------ editions

    def add_edition(self, key: str, edition: Edition) -> None:
        """Write what all copies of an edition share; copies refer to it by `key`."""
        objects = ObjectReader(edition.body, edition.xref_offset)
        copy_objects = {placed.stream for placed in edition.placed_fields} | {
            ref for _, ref in edition.page_fields
        }
        copy_objects |= {edition.fonts} if edition.fonts else set()
        pages = [
            {name: value for name, value in entries(page).items() if name not in _LEFT_OUT}
            for page in _pages(objects, edition.root)
        ]
        shared = _reachable(objects, [value for page in pages for value in page.values()])
        numbers = {number: self.file.reserve() for number in shared}
        for number, item in shared.items():
            value = renumbered(item.value, lambda other: numbers.get(other, 0))
            if item.stream is None:
                self.file.put(numbers[number], value)
            else:
                self.file.put_stream(numbers[number], value, item.stream)
        sides = tuple(
            _Side(_split(page, copy_objects, numbers), page["MediaBox"]) for page in pages
        )
        self.parts[key] = _RunEdition(replace(edition, body=b""), sides, numbers)
        self.digest = digest(self.digest, edition.identifier)

    # -------------------------------------------------------------------- copies

    def add_copy(
        self, key: str, values: Mapping[str, str], title: str, about: Mapping[str, str]
    ) -> None:
        """Write a copy; `title` is its bookmark, `about` the metadata of its document part.

        Raises:
            HandbookError: If a value does not fit its place, as `Edition.fill` does.
        """
        part = self.parts[key]
        field_objects = part.edition.field_objects(values)
        numbers = {
            number: self.file.reserve()
            for number in sorted({*field_objects.plain, *field_objects.streams})
        }

        def run_number(number: int) -> int:
            return numbers.get(number) or part.numbers.get(number, 0)

        for number, value in field_objects.plain.items():
            self.file.put(numbers[number], renumbered(value, run_number))
        for number, written in field_objects.streams.items():
            begin = written.index(b"\n") + 1
            end = written.index(STREAM, begin)
            data = written[end + len(STREAM) : -len(END)]
            self.file.put_stream(numbers[number], renumbered(written[begin:end], run_number), data)
        first = self._put_pages(part, run_number, about)
        self._add_bookmark(title, first)
        self.digest = digest(self.digest, repr(sorted(values.items())).encode("utf-8", "replace"))

    def _put_pages(
        self, part: _RunEdition, run_number: Callable[[int], int], about: Mapping[str, str]
    ) -> Ref:
        """Write a copy's pages, their tree node and document part; return the first page."""
        file = self.file
        if len(self.leaves) % COPIES_PER_NODE == 0:
            self.branches.append((file.reserve(), [], 0))
        branch, nodes, count = self.branches[-1]
        node, leaf = file.reserve(), file.reserve()
        tail = b"\n/Type /Page\n/Parent %d 0 R\n/DPart %d 0 R>>" % (node, leaf)
        pages: list[Ref] = []
        for side in part.sides:
            words = [p if isinstance(p, bytes) else b"%d 0 R" % run_number(p) for p in side.parts]
            pages.append(file.add(b"<<" + b"".join(words) + tail))
        if len(pages) % 2:
            empty = b"<</MediaBox %s\n/Resources <<>>" % part.sides[-1].box
            pages.append(file.add(empty + tail))
        tree = {"Type": Name("Pages"), "Parent": branch, "Kids": pages, "Count": len(pages)}
        file.put(node, serialise(tree))
        properties = {key: value for key, value in about.items() if value}
        ends = {"Start": pages[0], "End": pages[-1], "DPM": properties}
        file.put(leaf, serialise({"Type": Name("DPart"), "Parent": self.part, **ends}))
        nodes.append(node)
        self.branches[-1] = (branch, nodes, count + len(pages))
        if len(nodes) == COPIES_PER_NODE:
            self._put_branch()
        self.leaves.append(leaf)
        return pages[0]

    def _put_branch(self) -> None:
        """Write the last node of the page tree."""
        branch, nodes, count = self.branches[-1]
        tree = {"Type": Name("Pages"), "Parent": self.tree, "Kids": nodes, "Count": count}
        if nodes:
            self.file.put(branch, serialise(tree))
            self.branches[-1] = (branch, [], count)

    def _add_bookmark(self, title: str, page: Ref) -> None:
        """Write the previous bookmark, and hold this one until the next is known."""
        ref, last = self.file.reserve(), self._last
        if last is not None:
            self._put_bookmark(last, ref)
        self._first = self._first or ref
        self._last = _Bookmark(ref, title, page, last.ref if last else None)

    def _put_bookmark(self, bookmark: _Bookmark, after: Ref | None) -> None:
        siblings = {"Prev": bookmark.previous, "Next": after}
        entry = {
            "Title": bookmark.title,
            "Parent": self.outline,
            "Dest": [bookmark.page, Name("Fit")],
        }
        links = {key: ref for key, ref in siblings.items() if ref is not None}
        self.file.put(bookmark.ref, serialise({**entry, **links}))

    # ------------------------------------------------------------------ the file

    def finish(self) -> None:
        """Write the page tree, outline and catalog, and end the file."""
        file = self.file
        assert self._last is not None, "a print run needs a copy"
        self._put_bookmark(self._last, None)
        self._put_branch()
        kids = [branch for branch, _, _ in self.branches]
        count = sum(pages for _, _, pages in self.branches)
        file.put(self.tree, serialise({"Type": Name("Pages"), "Kids": kids, "Count": count}))
        marks = {"First": self._first, "Last": self._last.ref, "Count": len(self.leaves)}
        file.put(self.outline, serialise({"Type": Name("Outlines"), **marks}))
        root = file.reserve()
        file.put(
            self.part,
            serialise({"Type": Name("DPart"), "Parent": root, "DParts": [self.leaves]}),
        )
        levels = {"RecordLevel": 1, "NodeNameList": [Name("Run"), Name("Copy")]}
        top = {"Type": Name("DPartRoot"), "DPartRootNode": self.part, **levels}
        file.put(root, serialise(top))
        info = self._put_catalog(root)
        file.finish({"Root": self.catalog, "Info": info, "ID": [self.digest, self.digest]})

    def _put_catalog(self, document_parts: Ref) -> Ref:
        """Write the catalog and the metadata; return the reference of Info."""
        writer = Writer(self.file.next)
        info, xmp = writer.add(metadata.info(self.meta)), writer.reserve()
        packet = metadata.xmp(self.meta, STANDARDS["2b"])
        entry = {"Type": Name("Metadata"), "Subtype": Name("XML")}
        writer.put_stream(xmp, entry, packet, compress=False)
        catalog: dict[str, Any] = {
            "Type": Name("Catalog"),
            "Pages": self.tree,
            "Metadata": xmp,
            "DPartRoot": document_parts,
            "OutputIntents": [metadata.output_intent(writer)],
            "Lang": self.meta.language,
            "Outlines": self.outline,
            "PageMode": Name("UseOutlines"),
            "ViewerPreferences": {"DisplayDocTitle": True},
        }
        writer.put(self.catalog, catalog)
        self.file.put_all(writer)
        return info


def _pages(objects: ObjectReader, root: int) -> Iterator[bytes]:
    """Yield an edition's pages in order; its page tree has one level."""
    catalog = objects.get(root)
    assert catalog is not None
    tree = objects.get(next(references(entries(catalog.value)["Pages"])))
    assert tree is not None
    for number in references(entries(tree.value)["Kids"]):
        page = objects.get(number)
        assert page is not None
        yield page.value


def _reachable(objects: ObjectReader, values: Sequence[bytes]) -> dict[int, StoredObject]:
    """Return the objects that `values` refer to, directly or not, without those of copies."""
    reached: dict[int, StoredObject] = {}
    queue = [number for value in values for number in references(value)]
    seen: set[int] = set()
    while queue:
        number = queue.pop()
        if number in seen:
            continue
        seen.add(number)
        item = objects.get(number)
        if item is not None:
            reached[number] = item
            queue += references(item.value)
    return dict(sorted(reached.items()))


def _split(
    page: Mapping[str, bytes], copy_objects: set[int], numbers: Mapping[int, int]
) -> tuple[bytes | int, ...]:
    """Return a page's entries, renumbered, split at references that copies replace."""
    text = b"\n".join(b"/" + key.encode("ascii") + b" " + value for key, value in page.items())
    parts: list[bytes | int] = []
    separator = b"\0own\0"
    numbers_cut: list[int] = []

    def number(other: int) -> int:
        if other in copy_objects:
            numbers_cut.append(other)
            return -1
        return numbers.get(other, 0)

    for piece in renumbered(text, number).replace(b"-1 0 R", separator).split(separator):
        parts.append(piece)
        if numbers_cut:
            parts.append(numbers_cut.pop(0))
    return tuple(parts)
