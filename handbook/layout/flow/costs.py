"""Define what it costs to end a page: white, split blocks, uneven feet of facing pages."""

from __future__ import annotations

# Costs: of a page, of what it leaves blank (times the square of the share), of a split row.
PAGE, BLANK, SPLIT = 12.0, 500.0, 30.0
# What a page costs in addition that is more than half blank (times what is above the half).
HALF_BLANK = 1500.0
# What white costs in addition, if it is more than a little, where more of a block that continues
# would have room in it (times the square of its share).
NEEDLESS, FEW_WHITE = 900.0, 0.1
# A page with no more white than this (points) at its foot is full.
FULL = 14.0
# What it costs that a part of a table's first or last row is alone on a page, and how high a part
# may be so (share).
LONE_ROW, HIGH_ROW = 160.0, 0.3
# The cost of leaving out lines to write on.
DROPPED = 15.0
# The cost of spaces that are drawn out or in as far as they may.
STRAINED = 6.0
# What it costs to end a page after a heading and fewer than three lines below it.
STRANDED = 240.0
# What is left of a section at a page's head is higher than this (points), or it costs this much.
SHORT_TAIL, LONE_TAIL = 34.0, 18.0
# ... and this much if it is no higher than one line (points).
LINE_TAIL, LONE_LINE = 20.0, 240.0
# What it costs that no more than this is left of a chapter above the next one's title.
LONE_END = 60.0
# What it costs to begin a page for a chapter that could run in (times the share that stays white).
UNUSED = 160.0
# Of facing pages one may end this much higher than the other (share); what more costs (times the
# share), what it costs where it is plain to see, and at most: nothing is split for this.
EVEN_ENOUGH, UNEVEN = 0.04, 500.0
PLAINLY_UNEVEN, PLAIN, MOST_UNEVEN = 0.2, 2500.0, 300.0
# The last page of a chapter is at least this full, or costs up to this much.
LEAST_LAST, SHORT_LAST = 0.34, 420.0
# What it costs to end a page where none may end, as nothing else is left.
FORCED = 420.0


def blankness(blank: float) -> float:
    """Return what it costs that this much of a page is white (share)."""
    return BLANK * blank**2 + HALF_BLANK * max(0.0, blank - 0.5)


def unevenness(left: float, right: float) -> float:
    """Return what it costs that this much of two facing pages is white (shares)."""
    apart = abs(left - right)
    cost = UNEVEN * max(0.0, apart - EVEN_ENOUGH) + PLAIN * max(0.0, apart - PLAINLY_UNEVEN)
    return min(MOST_UNEVEN, cost)
