"""Pages -> sheets of a booklet: two to a side, in the order in which folded sheets read on."""

from __future__ import annotations

from dataclasses import replace

from ..press import booklet_order
from .ink import Book, Destination, Ink, Page, moved


def impose(book: Book, sheet: tuple[float, float], signature: int = 0) -> Book:
    """`book` on sheets that measure `sheet` (points, upright), to be folded in the middle.

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
    def shift(ink: list[Ink]) -> list[Ink]:
        return [moved(item, x, 0.0) for item in ink]

    under, own, furniture = shift(page.under), shift(page.ink), shift(page.furniture)
    return Page(width, height, page.label, under, own, furniture)
