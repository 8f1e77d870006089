"""Rules of where pages end: how full they are, and what stays together.

Each rule is a function from the facts of all pages (`page_facts`) to findings: pages, with words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

from page_facts import HEADINGS, INLINE, Element, Mark, Sheet, baselines, near

Finding = tuple[int, str]

# A page is this full (share of its frame); where a chapter ends it may be a little less so.
LEAST, LEAST_AT_END = 1 / 3, 1 / 4
# A heading has this many lines below it on its page.
LINES_BELOW = 3
# A listing of this many lines stays on one page, and so does a box that is no higher (share).
SHORT_LISTING, SHORT_BOX = 30, 0.5
# Text that continues this much higher and to the right (points) is in the next column.
COLUMN_RISE, COLUMN_STEP = 20.0, 160.0
# A row of a table that is higher than this (share of a page's height) may be alone on one.
HIGH_ROW = 0.3
# The feet of facing pages are this near to one another (share), unless one must end earlier.
EVEN_FEET = 0.25


def starts_chapter(sheet: Sheet) -> bool:
    """Whether the first text on a page is a heading of level 1."""
    first = min(sheet.tagged(), key=lambda pair: pair[0].y, default=None)
    return first is not None and first[1].inside("H1")


def ends_chapter(sheet: Sheet, following: Sheet | None) -> bool:
    """Whether what follows begins a page of its own, or is a page for notes."""
    return following is None or following.cover or not following.marks or starts_chapter(following)


def with_next(sheets: list[Sheet]) -> Iterable[tuple[Sheet, Sheet | None]]:
    """Each page with the next one."""
    return zip(sheets, [*sheets[1:], None], strict=True)


def full_enough(sheets: list[Sheet]) -> Iterator[Finding]:
    """A page with little on it looks like a mistake, and is only good where a chapter ends.

    A chapter that is shorter than this and has a page of its own is as its author wants it.
    """
    for sheet, following in with_next(sheets):
        if sheet.cover or not sheet.filled:
            continue
        ends = ends_chapter(sheet, following)
        if ends and starts_chapter(sheet):
            continue
        if sheet.filled_to < (LEAST_AT_END if ends else LEAST):
            more = "where a chapter ends" if ends else "and the chapter continues"
            yield sheet.number, f"only {sheet.filled_to:.0%} full, {more}"


# ------------------------------------------------------------------------ headings

# The marks of one block, each with the number of its page.
Placed = list[tuple[int, Mark | None]]


def blocks_in_order(sheets: list[Sheet]) -> list[tuple[Element, Placed]]:
    """The blocks of text and the pictures, as they are read; footnotes are apart."""
    found: dict[Element, Placed] = defaultdict(list)
    for sheet in sheets:
        shown = {mark.mcid for mark in sheet.marks}
        for mark, element in sheet.tagged():
            found[element.block].append((sheet.number, mark))
        for mcid, element in sheet.owners.items():
            if mcid not in shown:
                found[element.block].append((sheet.number, None))
    blocks = [pair for pair in found.items() if not pair[0].inside("Note")]
    return sorted(blocks, key=lambda pair: pair[0].place)


def headings_have_text(sheets: list[Sheet]) -> Iterator[Finding]:
    """A heading with a line or two below it is torn from what it announces.

    A section may be as short as that, but then it is whole.
    """
    blocks = blocks_in_order(sheets)
    for place, (heading, marks) in enumerate(blocks):
        own = [mark for page, mark in marks if mark and page == marks[-1][0]]
        if not heading.inside(*HEADINGS) or heading.inside("TOC") or not own:
            continue
        page = marks[-1][0]
        if sheets[page - 1].cover:
            continue
        lines = _lines_below(page, own, blocks[place + 1 :], _level(heading))
        if lines is not None and lines < LINES_BELOW:
            text = near(sheets, {page: own}, page)
            yield page, f"the heading {text} has {lines} lines below it, and more elsewhere"


def _lines_below(
    page: int, own: list[Mark], blocks: Iterable[tuple[Element, Placed]], level: int
) -> int | None:
    """How many lines follow a heading before its page or column ends; None if its text does."""
    top = min(mark.y for mark in own) - 0.7 * max(mark.size for mark in own)
    found: list[float] = []
    for block, marks in blocks:
        if block.inside(*HEADINGS) and _level(block) <= level:
            return None
        for number, mark in marks:
            if number != page:
                return _distinct(found)
            if mark is None or block.inside("Figure", "Formula"):
                return None
            if mark.y < top:  # in the next column
                return _distinct(found)
            found.append(mark.y)
        if _distinct(found) >= LINES_BELOW:
            return None
    return None


def _level(element: Element) -> int:
    heading = element.above(*HEADINGS)
    return int((heading.tag if heading else "H")[1:] or 1)


def _distinct(places: list[float]) -> int:
    ordered = sorted(places)
    return len(ordered[:1]) + sum(1 for one, two in pairwise(ordered) if two - one > 5)


# --------------------------------------------------------------- what stays together

Pages = dict[int, list[Mark]]


def listing_of(element: Element) -> Element | None:
    """The block of a listing that a line of code belongs to."""
    while element.tag in INLINE and element.parent:
        if element.tag == "Code" and element.parent.tag == "P" and element.parent.parent:
            group = element.parent.parent
            return group if group.tag == "Div" else None
        element = element.parent
    return None


def nothing_split(sheets: list[Sheet]) -> Iterator[Finding]:
    """A listing or a box that fits on a page is not split unless it is long."""
    listings: dict[Element, Pages] = defaultdict(lambda: defaultdict(list))
    boxes: dict[Element, Pages] = defaultdict(lambda: defaultdict(list))
    for sheet in sheets:
        for mark, element in sheet.tagged():
            listing = listing_of(element)
            if listing is not None:
                listings[listing][sheet.number].append(mark)
            for box in _boxes_around(element, listing):
                boxes[box][sheet.number].append(mark)
    for pages in listings.values():
        lines = sum(map(_rows, pages.values()))
        if lines <= SHORT_LISTING and (where := _split(pages)):
            yield min(pages), f"a listing of {lines} lines is split{where}"
    for pages in boxes.values():
        first = min(pages)
        parts = [part for marks in pages.values() for part in _in_columns(marks)]
        share = sum(map(_height, parts)) / sheets[first - 1].frame.rise
        if share <= SHORT_BOX and (where := _split(pages)):
            text = near(sheets, pages, first)
            yield first, f"a box of {share:.0%} of a page is split{where} ({text})"


def _split(pages: Pages) -> str:
    """In words, where something is split; nothing if it is whole."""
    if len(pages) > 1:
        return " over pages"
    return " over columns" if any(len(_in_columns(marks)) > 1 for marks in pages.values()) else ""


def _in_columns(marks: list[Mark]) -> list[list[Mark]]:
    """The marks of one page in the order of writing, a list for each column of text."""
    parts = [marks[:1]]
    for one, two in pairwise(marks):
        if two.y < one.y - COLUMN_RISE and two.x > marks[0].x + COLUMN_STEP:
            parts.append([])
        parts[-1].append(two)
    return parts


def _boxes_around(element: Element, listing: Element | None) -> Iterator[Element]:
    """The boxes that an element is in: divisions but for listings."""
    box = element.above("Div")
    while box is not None:
        if box is not listing:
            yield box
        box = box.parent and box.parent.above("Div")


def _rows(marks: list[Mark]) -> int:
    """The lines of code in the order of writing, in however many columns."""
    return 1 + sum(1 for one, two in pairwise(marks) if abs(two.y - one.y) > 5)


def _height(marks: list[Mark]) -> float:
    low, high = min(mark.y for mark in marks), max(mark.y for mark in marks)
    return high - low + 1.4 * max(mark.size for mark in marks)


def no_lone_rows(sheets: list[Sheet]) -> Iterator[Finding]:
    """A table that continues has more than one row on its first page and on its last."""
    tables: dict[Element, dict[int, dict[Element, list[Mark]]]] = defaultdict(
        lambda: defaultdict(lambda: defaultdict(list))
    )
    for sheet in sheets:
        for mark, element in sheet.tagged():
            table, row = element.above("Table"), element.above("TR")
            if table and row and element.inside("TBody"):
                tables[table][sheet.number][row].append(mark)
    for pages in tables.values():
        for page in sorted({min(pages), max(pages)}) if len(pages) > 1 else ():
            rows = pages[page]
            marks = [mark for row in rows.values() for mark in row]
            if len(rows) == 1 and _height(marks) < HIGH_ROW * sheets[page - 1].frame.rise:
                yield page, f"one row of a table alone ({near(sheets, {page: marks}, page)})"


def no_widows(sheets: list[Sheet]) -> Iterator[Finding]:
    """One line of a paragraph alone on a page, first or last, tears it from its sense."""
    lines: dict[Element, Pages] = defaultdict(lambda: defaultdict(list))
    for sheet in sheets:
        for mark, element in sheet.tagged():
            if element.block.tag in ("P", "LBody"):
                lines[element.block][sheet.number].append(mark)
    for pages in lines.values():
        counts = {page: baselines(marks) for page, marks in pages.items()}
        if len(counts) > 1 and sum(counts.values()) > 2:
            for page, place in ((min(counts), "foot"), (max(counts), "top")):
                if counts[page] == 1:
                    text = near(sheets, pages, page)
                    yield page, f"one line of a paragraph alone at the {place} ({text})"


RULES: tuple[Callable[[list[Sheet]], Iterator[Finding]], ...] = (
    full_enough, headings_have_text, nothing_split, no_lone_rows, no_widows,
)  # fmt: skip


def even_feet(sheets: list[Sheet]) -> Iterator[Finding]:
    """Facing pages of a book that is printed on both sides end at the same height, or nearly.

    Not where a chapter ends, or before a page that is turned.
    """
    for left, right in zip(sheets[1::2], sheets[2::2], strict=False):
        following = sheets[right.number] if right.number < len(sheets) else None
        ends = ends_chapter(left, right) or ends_chapter(right, following)
        widths = {sheet.frame.width for sheet in (left, right, following) if sheet}
        apart = abs(left.filled_to - right.filled_to)
        if not ends and len(widths) == 1 and left.body and right.body and apart > EVEN_FEET:
            yield left.number, f"facing pages end {apart:.0%} of a page apart"
