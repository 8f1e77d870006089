"""Place finished pages on folded sheets, and add printer's marks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..core.units import MM
from ..theme.print_options import PrintOptions
from .page import Destination, LaidOutBook, Page, PageItem, Segment, moved


def booklet_order(count: int, signature: int = 0) -> list[tuple[int, int]]:
    """Return the pages (from 0, left and right) of each printed side, for folded sheets.

    Sides come front, back, front, back ...; `count` is a multiple of four.  With a
    `signature`, every this many pages are folded together, otherwise all of them.
    """
    sides: list[tuple[int, int]] = []
    size = signature or count
    for first in range(0, count, size):
        last = min(first + size, count) - 1
        for step in range((last - first + 1) // 4):
            low, high = first + 2 * step, last - 2 * step
            sides += [(high, low), (low + 1, high - 1)]
    return sides


def impose(book: LaidOutBook, sheet: tuple[float, float], signature: int = 0) -> LaidOutBook:
    """Return `book` on sheets that measure `sheet` (points, upright), to be folded in the middle.

    The pages stay in reading order, and so does the structure; only their places change.
    """
    height, width = sheet
    sides = booklet_order(len(book.pages), signature)
    side_of: dict[int, tuple[int, float]] = {}
    for number, (left, right) in enumerate(sides):
        if book.mirrored:
            # Bound at the right edge, the book opens the other way.
            left, right = right, left
        side_of[left] = (number, 0.0)
        side_of[right] = (number, width / 2)
    pages = [_shifted(page, side_of[n][1], width, height) for n, page in enumerate(book.pages)]
    destinations = {
        target: Destination(side_of[place.page][0], place.y)
        for target, place in book.destinations.items()
    }
    return replace(
        book, pages=pages, destinations=destinations, sheets=tuple(sides), page_labels=[(0, "D", 1)]
    )


def _shifted(page: Page, x: float, width: float, height: float) -> Page:
    def shift(items: Iterable[PageItem]) -> list[PageItem]:
        return [moved(item, x, 0.0) for item in items]

    background, items, running_items = (
        shift(page.background),
        shift(page.items),
        shift(page.running_items),
    )
    return Page(width, height, page.label, background, items, running_items)


BLACK = (0.0, 0.0, 0.0)
# How far a mark stays from the trimmed edge at least, and how long it is (points).
DISTANCE = 2 * MM
LENGTH = 5 * MM


def add_marks(page: Page, print_options: PrintOptions) -> None:
    """Draw two lines at every corner of the trimmed page, outside the bleed."""
    if not print_options.marks:
        return
    near = max(DISTANCE, print_options.bleed)
    for x, outward in ((0.0, -1), (page.width, 1)):
        for y, upward in ((0.0, -1), (page.height, 1)):
            start, end = x + outward * near, x + outward * (near + LENGTH)
            page.background.append(Segment(start, y, end, y, BLACK, 0.25))
            low, high = y + upward * near, y + upward * (near + LENGTH)
            page.background.append(Segment(x, low, x, high, BLACK, 0.25))
