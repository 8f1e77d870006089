"""Check marked content: tags, MCIDs, the parent tree, the reading order."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

from ..page_content import Painted, Picture, Run, Shape, Stream
from ..structure_reader import GROUPING, Content, Element
from .fonts import resources_of
from .subject import PdfUnderTest, Problem, page_name, short


def everything_tagged(subject: PdfUnderTest) -> Iterator[Problem]:
    """Check that everything painted is content of an element or an artifact."""
    for index, content in enumerate(subject.contents):
        for item in content.items:
            if not item.tagged:
                kind, words = _describe_item(item)
                yield Problem(f"{kind} is neither tagged nor an artifact", page_name(index) + words)


def _describe_item(item: Painted) -> tuple[str, str]:
    if isinstance(item, Run):
        return "text", f": “{short(item.text)}”"
    if isinstance(item, Picture):
        return "a picture", f" at {_spot(item)}"
    return "a shape", f" at {_spot(item)}"


def _spot(item: Shape | Picture) -> str:
    return f"x {item.bounds[0]:.0f}, y {item.bounds[1]:.0f}"


def marks_nest(subject: PdfUnderTest) -> Iterator[Problem]:
    """Check that artifacts and tagged content are not nested, and that marks are closed."""
    for index, content in enumerate(subject.contents):
        reported: set[tuple[Any, ...]] = set()
        for item in content.items:
            kinds = tuple(mark.tag == "Artifact" for mark in item.marks)
            ties = [mark for mark in item.marks if mark.mcid is not None]
            if item.marks in reported:
                continue
            reported.add(item.marks)
            if any(kinds) and any(mark.tag != "Artifact" for mark in ties):
                yield Problem("an artifact and tagged content contain each other", page_name(index))
            elif len(ties) > 1:
                yield Problem("tagged content is inside other tagged content", page_name(index))
        for message in content.problems:
            yield Problem(f"the content stream is faulty: {message}", page_name(index))


def marks_once(subject: PdfUnderTest) -> Iterator[Problem]:
    """Check that every MCID occurs once on its page and once in the tree."""
    for index, content in enumerate(subject.contents):
        seen: set[tuple[Stream, int]] = set()
        for mark in content.marks:
            if mark.mcid is None:
                continue
            key = (mark.stream, mark.mcid)
            if key in seen and mark.stream[0] == "page":
                yield Problem(
                    "a marked-content number is used twice", f"{page_name(index)}: MCID {mark.mcid}"
                )
            seen.add(key)
    claimed: set[tuple[Stream, int]] = set()
    for element, content_ in _claims(subject):
        key = (content_.stream, content_.mcid)
        if key in claimed:
            yield Problem(
                "two elements claim the same content",
                f"{page_name(content_.page)}: MCID {content_.mcid}, {element.tag}",
            )
        claimed.add(key)
    yield from _unclaimed(subject, claimed)


def _claims(subject: PdfUnderTest) -> Iterator[tuple[Element, Content]]:
    for element in subject.elements:
        for kid in element.kids:
            if isinstance(kid, Content):
                yield element, kid


def _unclaimed(subject: PdfUnderTest, claimed: set[tuple[Stream, int]]) -> Iterator[Problem]:
    painted: set[tuple[Stream, int]] = set()
    for index, content in enumerate(subject.contents):
        for mark in content.marks:
            if mark.mcid is not None:
                key = (mark.stream, mark.mcid)
                if key not in claimed and key not in painted:
                    yield Problem(
                        "tagged content belongs to no element",
                        f"{page_name(index)}: MCID {mark.mcid}, {mark.tag}"
                        f" “{short(subject.texts.get(key, ''))}”",
                    )
                painted.add(key)
    for element, kid in _claims(subject):
        if (kid.stream, kid.mcid) not in painted:
            yield Problem(
                "an element claims content that is not on the page",
                f"{page_name(kid.page)}: MCID {kid.mcid}, {element.tag}",
            )


def parent_tree(subject: PdfUnderTest) -> Iterator[Problem]:
    """Check that the parent tree leads from content to the element that claims it."""
    parents = subject.structure.parents
    if not subject.elements:
        return
    forms = _form_keys(subject)
    for element, kid in _claims(subject):
        kind, number = kid.stream
        key = subject.pdf.pages[number].obj.get("/StructParents") if kind == "page" else None
        if kind == "form":
            key = forms.get(number)
        owner = _owner(parents, key, kid.mcid)
        if owner != element.number:
            yield Problem(
                "the parent tree does not lead from content back to its element",
                f"{page_name(kid.page)}: MCID {kid.mcid}, {element.tag}",
            )
    for element in subject.elements:
        for reference in element.references():
            key = reference.target.get("/StructParent")
            parent = parents.get(int(key)) if key is not None else None
            if parent is None or int(parent.objgen[0]) != element.number:
                yield Problem(
                    "the parent tree does not lead from an annotation back to its element",
                    subject.place(element),
                )


def _owner(parents: dict[int, Any], key: Any, mcid: int) -> int:
    entry = parents.get(int(key)) if key is not None else None
    try:
        return int(entry[mcid].objgen[0]) if entry is not None else -1
    except (AttributeError, IndexError, TypeError, ValueError):
        return -1


def _form_keys(subject: PdfUnderTest) -> dict[int, Any]:
    keys: dict[int, Any] = {}
    for page in subject.pdf.pages:
        for resources in resources_of(page.obj.get("/Resources", {})):
            for _, thing in resources.get("/XObject", {}).items():
                if "/StructParents" in thing:
                    keys[int(thing.objgen[0])] = thing.StructParents
    return keys


def page_order(subject: PdfUnderTest) -> Iterator[Problem]:
    """Check that the reading order follows the pages."""
    last = -1
    for element in subject.elements:
        within = element.parent is None or element.parent.role in GROUPING
        if not within or element.role in GROUPING:
            continue
        page = next((content.page for content in element.contents()), -1)
        if 0 <= page < last:
            yield Problem(
                f"the reading order goes back from page {last + 1}",
                subject.place(element),
                "warning",
            )
        last = max(last, page)


def paint_order(subject: PdfUnderTest) -> Iterator[Problem]:
    """Check that pages are painted in reading order, for readers that ignore tags."""
    read: dict[int, list[tuple[Stream, int]]] = {}
    for element in subject.structure.top:
        for content in element.contents():
            read.setdefault(content.page, []).append((content.stream, content.mcid))
    for index, keys in read.items():
        rank = {key: place for place, key in enumerate(keys)}
        painted = [
            rank[mark.stream, mark.mcid]
            for mark in subject.contents[index].marks
            if mark.mcid is not None and (mark.stream, mark.mcid) in rank
        ]
        if _rising(painted) < 0.8 * len(painted):
            yield Problem("a page is not painted in reading order", page_name(index), "warning")


def _rising(numbers: list[int]) -> int:
    """Return the length of the longest rising subsequence."""
    ends: list[int] = []
    for number in numbers:
        place = bisect_left(ends, number)
        ends[place : place + 1] = [number]
    return len(ends)
