"""Crop marks: where a printed sheet is cut (ISO 32000-1, 14.11.3)."""

from __future__ import annotations

from ..press import Press
from ..units import MM
from .ink import Page, Segment

BLACK = (0.0, 0.0, 0.0)
# How far a mark stays from the trimmed edge at least, and how long it is (points).
DISTANCE = 2 * MM
LENGTH = 5 * MM


def add_marks(page: Page, press: Press) -> None:
    """Two lines at every corner of the trimmed page, outside of the bleed."""
    if not press.marks:
        return
    near = max(DISTANCE, press.bleed)
    for x, outward in ((0.0, -1), (page.width, 1)):
        for y, upward in ((0.0, -1), (page.height, 1)):
            start, end = x + outward * near, x + outward * (near + LENGTH)
            page.under.append(Segment(start, y, end, y, BLACK, 0.25))
            low, high = y + upward * near, y + upward * (near + LENGTH)
            page.under.append(Segment(x, low, x, high, BLACK, 0.25))
