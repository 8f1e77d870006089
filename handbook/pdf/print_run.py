"""Editions and their copies -> one file for the press, written as it grows.

What is the same in all copies of an edition (content streams, fonts, pictures) is in the file
once.  A copy adds its pages, which are small dictionaries, and what its fields hold; its pages
are a branch of the page tree, a bookmark, and a document part (ISO 32000-2, 14.12) of their own.

A run is for a press, not for reading: no tags, no links, no forms.  It is PDF/A-2b.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

from handbook.pdf.catalog.conformance import PARTS

from ..document.nodes import Meta
from .catalog import metadata
from .edition import Edition
from .syntax.object_reader import END, STREAM, Objects, Written, entries, references, renumbered
from .syntax.objects import Name, Ref, Writer, digest, serialise
from .syntax.stream_writer import StreamedFile

# Copies below one node of the page tree.
BRANCH = 50
# What a page of a run leaves out: its place in the tree, and what only readers use.
_LEFT_OUT = {"Type", "Parent", "StructParents", "Tabs", "Annots"}


@dataclass(frozen=True, slots=True)
class _Side:
    """A page of an edition in the run's numbers; a number stands for what a copy may own."""

    parts: tuple[bytes | int, ...]
    box: bytes


@dataclass(frozen=True, slots=True)
class _Part:
    """An edition in a run, without its bytes, and the run's numbers of its objects."""

    edition: Edition
    sides: tuple[_Side, ...]
    numbers: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class _Bookmark:
    """A copy's line of the outline, put when the next one is known."""

    ref: Ref
    title: str
    page: Ref
    before: Ref | None


class PrintRun:
    """A file that copies are added to; `meta` describes the whole run.

    Every copy has an even number of pages, so that each begins on the front of a leaf.
    """

    def __init__(self, out: BinaryIO, meta: Meta) -> None:
        self.file = StreamedFile(out)
        self.meta = meta
        reserve = self.file.reserve
        self.catalog, self.tree, self.outline, self.part = (reserve() for _ in range(4))
        self.parts: dict[str, _Part] = {}
        self.leaves: list[Ref] = []
        self.branches: list[tuple[Ref, list[Ref], int]] = []
        self.digest = b""
        self._first: Ref | None = None
        self._last: _Bookmark | None = None

    # ------------------------------------------------------------------ editions

    def add_edition(self, key: str, edition: Edition) -> None:
        """Put what all copies of an edition share; `key` is what copies name it by."""
        objects = Objects(edition.body, edition.start)
        own = {placed.stream for placed in edition.slots} | {ref for _, ref in edition.page_fields}
        own |= {edition.fonts} if edition.fonts else set()
        pages = [
            {name: value for name, value in entries(page).items() if name not in _LEFT_OUT}
            for page in _pages(objects, edition.root)
        ]
        shared = _reached(objects, [value for page in pages for value in page.values()])
        numbers = {number: self.file.reserve() for number in shared}
        for number, found in shared.items():
            value = renumbered(found.value, lambda other: numbers.get(other, 0))
            if found.stream is None:
                self.file.put(numbers[number], value)
            else:
                self.file.put_stream(numbers[number], value, found.stream)
        sides = tuple(_Side(_split(page, own, numbers), page["MediaBox"]) for page in pages)
        self.parts[key] = _Part(replace(edition, body=b""), sides, numbers)
        self.digest = digest(self.digest, edition.identifier)

    # -------------------------------------------------------------------- copies

    def add_copy(
        self, key: str, values: Mapping[str, str], title: str, about: Mapping[str, str]
    ) -> None:
        """Put a copy of an edition; `title` is its bookmark, `about` what its part is known by.

        Raises HandbookError if a value does not fit its place, as `Edition.fill` does.
        """
        part = self.parts[key]
        own = part.edition.fields_alone(values)
        numbers = {number: self.file.reserve() for number in sorted({*own.plain, *own.streams})}

        def placed(number: int) -> int:
            return numbers.get(number) or part.numbers.get(number, 0)

        for number, value in own.plain.items():
            self.file.put(numbers[number], renumbered(value, placed))
        for number, written in own.streams.items():
            begin = written.index(b"\n") + 1
            end = written.index(STREAM, begin)
            data = written[end + len(STREAM) : -len(END)]
            self.file.put_stream(numbers[number], renumbered(written[begin:end], placed), data)
        first = self._put_pages(part, placed, about)
        self._mark(title, first)
        self.digest = digest(self.digest, repr(sorted(values.items())).encode("utf-8", "replace"))

    def _put_pages(
        self, part: _Part, placed: Callable[[int], int], about: Mapping[str, str]
    ) -> Ref:
        """The pages of a copy, the node above them, and their document part; the first page."""
        file = self.file
        if len(self.leaves) % BRANCH == 0:
            self.branches.append((file.reserve(), [], 0))
        branch, nodes, count = self.branches[-1]
        node, leaf = file.reserve(), file.reserve()
        tail = b"\n/Type /Page\n/Parent %d 0 R\n/DPart %d 0 R>>" % (node, leaf)
        pages: list[Ref] = []
        for side in part.sides:
            words = [p if isinstance(p, bytes) else b"%d 0 R" % placed(p) for p in side.parts]
            pages.append(file.add(b"<<" + b"".join(words) + tail))
        if len(pages) % 2:
            empty = b"<</MediaBox %s\n/Resources <<>>" % part.sides[-1].box
            pages.append(file.add(empty + tail))
        tree = {"Type": Name("Pages"), "Parent": branch, "Kids": pages, "Count": len(pages)}
        file.put(node, serialise(tree))
        known = {key: value for key, value in about.items() if value}
        ends = {"Start": pages[0], "End": pages[-1], "DPM": known}
        file.put(leaf, serialise({"Type": Name("DPart"), "Parent": self.part, **ends}))
        nodes.append(node)
        self.branches[-1] = (branch, nodes, count + len(pages))
        if len(nodes) == BRANCH:
            self._put_branch()
        self.leaves.append(leaf)
        return pages[0]

    def _put_branch(self) -> None:
        """Put the last node of the page tree, which is full or will get no more."""
        branch, nodes, count = self.branches[-1]
        tree = {"Type": Name("Pages"), "Parent": self.tree, "Kids": nodes, "Count": count}
        if nodes:
            self.file.put(branch, serialise(tree))
            self.branches[-1] = (branch, [], count)

    def _mark(self, title: str, page: Ref) -> None:
        """Put the bookmark before this one; keep this one until the next is known."""
        ref, last = self.file.reserve(), self._last
        if last is not None:
            self._put_mark(last, ref)
        self._first = self._first or ref
        self._last = _Bookmark(ref, title, page, last.ref if last else None)

    def _put_mark(self, mark: _Bookmark, after: Ref | None) -> None:
        beside = {"Prev": mark.before, "Next": after}
        entry = {"Title": mark.title, "Parent": self.outline, "Dest": [mark.page, Name("Fit")]}
        known = {key: ref for key, ref in beside.items() if ref is not None}
        self.file.put(mark.ref, serialise({**entry, **known}))

    # ------------------------------------------------------------------ the file

    def finish(self) -> None:
        """Write what holds the copies together, and the file's end."""
        file = self.file
        assert self._last is not None, "a print run needs a copy"
        self._put_mark(self._last, None)
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

    def _put_catalog(self, parts: Ref) -> Ref:
        """The catalog and the metadata; the reference of Info."""
        own = Writer(self.file.next)
        info, xmp = own.add(metadata.info(self.meta)), own.reserve()
        packet = metadata.xmp(self.meta, PARTS["2b"])
        entry = {"Type": Name("Metadata"), "Subtype": Name("XML")}
        own.put_stream(xmp, entry, packet, compress=False)
        catalog: dict[str, Any] = {
            "Type": Name("Catalog"), "Pages": self.tree, "Metadata": xmp, "DPartRoot": parts,
            "OutputIntents": [metadata.output_intent(own)], "Lang": self.meta.language,
            "Outlines": self.outline, "PageMode": Name("UseOutlines"),
            "ViewerPreferences": {"DisplayDocTitle": True},
        }  # fmt: skip
        own.put(self.catalog, catalog)
        self.file.put_all(own)
        return info


def _pages(objects: Objects, root: int) -> Iterator[bytes]:
    """The pages of an edition, in order: its tree has one level."""
    catalog = objects.get(root)
    assert catalog is not None
    tree = objects.get(next(references(entries(catalog.value)["Pages"])))
    assert tree is not None
    for number in references(entries(tree.value)["Kids"]):
        page = objects.get(number)
        assert page is not None
        yield page.value


def _reached(objects: Objects, values: Sequence[bytes]) -> dict[int, Written]:
    """All objects that `values` need, by number; those left to copies are not among them."""
    found: dict[int, Written] = {}
    queue = [number for value in values for number in references(value)]
    seen: set[int] = set()
    while queue:
        number = queue.pop()
        if number in seen:
            continue
        seen.add(number)
        item = objects.get(number)
        if item is not None:
            found[number] = item
            queue += references(item.value)
    return dict(sorted(found.items()))


def _split(
    page: Mapping[str, bytes], own: set[int], numbers: Mapping[int, int]
) -> tuple[bytes | int, ...]:
    """A page's entries in the run's numbers, cut where they name what a copy may own."""
    text = b"\n".join(b"/" + key.encode("ascii") + b" " + value for key, value in page.items())
    parts: list[bytes | int] = []
    mark = b"\0own\0"
    held: list[int] = []

    def number(other: int) -> int:
        if other in own:
            held.append(other)
            return -1
        return numbers.get(other, 0)

    for piece in renumbered(text, number).replace(b"-1 0 R", mark).split(mark):
        parts.append(piece)
        if held:
            parts.append(held.pop(0))
    return tuple(parts)
