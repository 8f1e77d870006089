"""Describe the area that blocks are laid out in."""

from __future__ import annotations

from typing import Any

from ...core.values import changed, frozen
from ..flow.flowables import BoxDecoration
from ..structure import StructElem

# What is deeply nested is at least this wide (points).
LEAST_WIDTH = 72.0
# A side column narrower than this (points) has no room for words: they go into the text.
LEAST_SIDE = 84.0
# Between the side column and the text (points).
SIDE_GAP = 14.0


@frozen
class Area:
    """The area for blocks: a column of `width` points at `x`, and a wider one around it.

    A `landscape` one is on a page that is wider than high.
    """

    x: float
    width: float
    wide_x: float
    wide_width: float
    element: StructElem
    style: str = "body"
    top_level: bool = True
    frames: tuple[BoxDecoration, ...] = ()
    depth: int = 1
    direct: bool = False
    landscape: bool = False
    # Headings of this level go into the side column; 0: none do.
    side_level: int = 0
    # The area is one of several columns, out of which only what cannot be narrower reaches.
    in_columns: bool = False
    # Listings, tables and figures are all in the wide frame, as those of the chapter need it.
    exhibits_wide: bool = False
    # The headers of tables that are all in the wide frame, or across the columns, in a chapter.
    wide_kinds: frozenset[tuple[str, ...]] = frozenset()
    # Where text may begin at the left, if deep nesting leaves it no room: that of the column.
    left: float = 0.0

    @property
    def has_side(self) -> bool:
        """Return whether there is a side column next to the area, wide enough for words."""
        return self.top_level and self.x - self.wide_x > LEAST_SIDE

    def side(self, **changes: Any) -> Area:
        """Return the side column, which has no side column of its own."""
        width = self.x - self.wide_x - SIDE_GAP
        return changed(
            self, x=self.wide_x, width=width, wide_width=width, side_level=0, **changes
        )  # fmt: skip

    def inside(self, element: StructElem, indent: float = 0.0, **changes: Any) -> Area:
        """Return a narrower area inside this one, with no wider one around it.

        Where it would be too narrow for words, it begins further to the left instead.
        """
        x, width = self.x + indent, self.width - indent
        if width < LEAST_WIDTH:
            shift = max(0.0, min(LEAST_WIDTH - width, x - indent - self.left))
            x, width = x - shift, width + shift
        return changed(
            self, x=x, width=width, wide_x=x, wide_width=width, element=element,
            top_level=False, direct=False, **changes,
        )  # fmt: skip
