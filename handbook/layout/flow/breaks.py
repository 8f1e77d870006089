"""Choose where pages end: the cheapest breaks for a whole chapter, looking ahead.

Every page costs what it leaves blank and where it ends: inside code or a box, after a heading with
too little below it, a last page of a few lines.  The cheapest sequence of pages is found page by
page: of all ways to fill that many pages the best few are kept (a beam).  Heights between any
two breaks come from running sums, so a chapter takes time in proportion to its length.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from ...core.values import frozen
from .costs import (
    BLANK,
    DROPPED,
    FEW_WHITE,
    FORCED,
    FULL,
    HIGH_ROW,
    LEAST_LAST,
    LINE_TAIL,
    LONE_END,
    LONE_LINE,
    LONE_ROW,
    LONE_TAIL,
    MOST_UNEVEN,
    NEEDLESS,
    PAGE,
    SHORT_LAST,
    SHORT_TAIL,
    SPLIT,
    STRAINED,
    STRANDED,
    UNUSED,
    blankness,
    unevenness,
)
from .flowables import FEW_LINES, INSIDE_WHOLE, Flowable, PageBreak, lines_of
from .notes import NOTE_RULE, NotePlacer

# Do not start splitting a row in less than this (points).
SPLIT_ROOM = 60.0
# How much of the white space above headings, boxes and tables may be added, and taken away.
STRETCH, SHRINK = 0.45, 0.25
# Ways of filling pages that are carried on, and ends that are tried for each page.
BEAM, ENDS = 8, 7
# White that no ends are sought in: a page is at least this full, if it can be (share).
LEAST_FULL = 0.35


@frozen
class PageStart:
    """Where a page begins: at a flowable, or with `rest`, what is left of it.

    `continued` is what is left of notes that began on the page before.
    """

    index: int
    rest: Flowable | None = None
    continued: tuple[Flowable, ...] = ()


@frozen
class PagePlan:
    """One page: where it begins, the flowable it ends before, the part of that which it holds.

    `strain` is the share of the flexible space that is added or (negative) taken away, `blank` that
    of the page's height which is white at its foot.  The `last` page of a chapter may end anywhere.
    """

    start: PageStart
    end: int
    head: Flowable | None = None
    strain: float = 0.0
    cost: float = 0.0
    blank: float = 0.0
    last: bool = False


@frozen
class _Node:
    """The best way to come to a page start; its pages are followed backwards."""

    cost: float
    start: PageStart
    plan: PagePlan | None = None
    before: _Node | None = None


class PageBreaker:
    """Finds the breaks of one run of flowables on pages `height` high (points).

    The first page begins `drop` lower.  White up to `rigid` is never drawn out.  Facing pages end
    alike, where `starts_right` says whether the first page is a right-hand one; None: none face.
    """

    def __init__(
        self, flowables: Sequence[Flowable], height: float, drop: float, rigid: float,
        notes: Mapping[str, list[Flowable]], starts_right: bool | None = None,
    ) -> None:  # fmt: skip
        self.flowables = flowables
        self.height = height
        self.drop = drop
        self.placer = NotePlacer(height, notes)
        self.left = PageStart(len(flowables))
        self.starts_right = starts_right
        # The pages that may begin at a flowable, for those who come to it with other pages before.
        self.known: dict[int, list[tuple[PagePlan, PageStart]]] = {}
        self._measure(rigid)

    def _measure(self, rigid: float) -> None:
        """Sum up heights, flexible space and notes; list the places where pages may end."""
        flowables = self.flowables
        self.gaps, self.flex = [0.0], [0.0]
        self.tops, self.bottoms = [0.0], []
        self.feet = [0.0]
        self.openers: list[int] = []
        self.forced: list[int] = []
        y = stretch = foot = 0.0
        before: Flowable | None = None
        for place, flowable in enumerate(flowables):
            if before is not None:
                # A heading and what it heads are one unit.
                gap = before.after if before.level > 1 else max(before.after, flowable.before)
                y += gap
                if gap > rigid + 0.5 and not before.keep_with_next:
                    stretch += gap
                self.gaps.append(gap)
                self.flex.append(stretch)
                self.tops.append(y)
            y += flowable.height
            self.bottoms.append(y)
            if flowable.notes:
                foot += self.placer.least_height(flowable.notes)
            self.feet.append(foot)
            if flowable.opens:
                self.openers.append(place)
            if isinstance(flowable, PageBreak):
                self.forced.append(place)
            before = flowable
        self._list_ends()

    def _list_ends(self) -> None:
        """List the ends that are allowed, with what each costs."""
        self.ends: list[int] = []
        self.costs: list[float] = []
        level, below = 0, FEW_LINES
        flowables = self.flowables
        for place, (flowable, following) in enumerate(pairwise(flowables)):
            if flowable.level:
                level, below = flowable.level, 0
            else:
                below += lines_of(flowable)
                if following.opens:
                    self._charge_tails(self.bottoms[place], LONE_END)
                elif following.level > 1:
                    self._charge_tails(self.bottoms[place], LONE_TAIL)
            if flowable.keep_with_next:
                continue
            cost = flowable.break_cost + (DROPPED if following.drop_at_page_start else 0.0)
            if cost >= INSIDE_WHOLE and self.starts_right is not None:
                cost += MOST_UNEVEN
            if below < FEW_LINES and not 0 < following.level <= level:
                # A section as short as this may end where the next one begins.
                cost += STRANDED
            self.ends.append(place + 1)
            self.costs.append(cost)

    def cost_of(self, end: int) -> float:
        """Return what the place costs that a page ends at, and more where none may end."""
        if end >= len(self.flowables):
            return 0.0
        place = bisect_right(self.ends, end) - 1
        return self.costs[place] if place >= 0 and self.ends[place] == end else FORCED

    def _charge_tails(self, bottom: float, cost: float) -> None:
        """Add to the cost of ends shortly before `bottom`, where a section or a chapter ends."""
        for place in range(len(self.ends) - 1, -1, -1):
            end = self.ends[place]
            if self.flowables[end].level > 1 or bottom - self.tops[end] > SHORT_TAIL:
                break
            alone = bottom - self.tops[end] <= LINE_TAIL
            self.costs[place] += LONE_LINE if alone else cost

    def plan(self, most: int = 0) -> list[PagePlan]:
        """Return the cheapest pages; at most this many, where `left` says what they do not hold."""
        layer = [_Node(0.0, PageStart(self._skip(0)))]
        best: _Node | None = None
        # What a left-hand page really costs is known when the one next to it is.
        beam = BEAM if self.starts_right is None else 4 * BEAM
        pages = 0
        while layer and not (most and pages == most):
            pages += 1
            following: dict[tuple[int, float, int], _Node] = {}
            # Page 1 is a right-hand page, or page 2 is.
            faces = self.starts_right is not None and pages % 2 == int(self.starts_right)
            for node in layer:
                for plan, start in self._pages(node.start, node.before is None):
                    cost = node.cost + plan.cost
                    if faces and node.plan and not (node.plan.last or plan.last):
                        cost += unevenness(node.plan.blank, plan.blank)
                    if start.index >= len(self.flowables) and not start.continued:
                        if best is None or cost < best.cost:
                            best = _Node(cost, start, plan, node)
                        continue
                    rest = round(start.rest.height, 2) if start.rest else 0.0
                    key = (start.index, rest, len(start.continued))
                    known = following.get(key)
                    if known is None or cost < known.cost:
                        following[key] = _Node(cost, start, plan, node)
            layer = sorted(following.values(), key=lambda node: (node.cost, node.start.index))
            layer = [
                node
                for place, node in enumerate(layer)
                if (place < beam or self._is_near_end(node.start.index))
                and (best is None or node.cost < best.cost)
            ]
        if best is None or (layer and layer[0].cost < best.cost - STRANDED / 2):
            # Better a part of it than all with something split.
            best = layer[0]
        self.left = best.start
        plans: list[PagePlan] = []
        while best is not None and best.plan is not None:
            plans.append(best.plan)
            best = best.before
        return plans[::-1]

    def _is_near_end(self, index: int) -> bool:
        """Return whether a page that begins here may be the last one: all of them are tried."""
        forced = bisect_right(self.forced, index)
        end = self.forced[forced] if forced < len(self.forced) else len(self.flowables)
        return end > index and self.bottoms[end - 1] - self.tops[index] < self.height

    def _skip(self, index: int) -> int:
        """Return where the next page begins: page breaks and what is dropped are passed over."""
        while index < len(self.flowables) and (
            isinstance(self.flowables[index], PageBreak)
            or (index and self.flowables[index].drop_at_page_start)
        ):
            index += 1
        return index

    def first_top(self, start: PageStart, first: bool) -> float:
        """Return the height of what is repeated at a page's head, and of an opener's drop."""
        flowable = start.rest or self.flowables[start.index]
        above = sum(row.height + row.after for row in flowable.repeated_header)
        return above + (self.drop if first else 0.0)

    def _pages(self, start: PageStart, first: bool) -> Iterator[tuple[PagePlan, PageStart]]:
        """Yield the pages that may begin at `start`, each with where the next one begins."""
        if start.index >= len(self.flowables):
            yield PagePlan(start, start.index, cost=PAGE), self._next(start, start.index, None)
            return
        if first or start.rest or start.continued:
            yield from self._filled(start, first)
            return
        known = self.known.get(start.index)
        if known is None:
            known = self.known[start.index] = list(self._filled(start, False))
        yield from known

    def _filled(self, start: PageStart, first: bool) -> Iterator[tuple[PagePlan, PageStart]]:
        """Yield the pages that begin at `start`, where something is left."""
        page = _Page(self, start, first)
        for end, cost in page.ends():
            plan = page.plan(end, cost)
            yield plan, self._next(start, self._skip(end), None, page, end)
        shares = [1.0]
        while shares:
            share = shares.pop()
            split = page.split(share)
            if split is None:
                continue
            end, head, rest, blank = split
            cost = PAGE + SPLIT + head.break_cost + blankness(blank)
            cost += LONE_ROW if page.leaves_lone_row(end, head, rest) else 0.0
            plan = PagePlan(start, end, head, 0.0, cost, blank)
            yield plan, self._next(start, end, rest, page, end, head)
            few = rest.height < self.height * LEAST_LAST and page.is_last(end + 1)
            if share == 1.0 and (few or self.starts_right is not None):
                # So that the last page has more than a few lines, and facing pages end alike.
                shares = [0.7, 0.85]

    def _next(
        self, start: PageStart, index: int, rest: Flowable | None,
        page: _Page | None = None, end: int = 0, head: Flowable | None = None,
    ) -> PageStart:  # fmt: skip
        """Return where the page after one begins that ends at `end`, with `head` at its foot."""
        notes = head.notes if head else []
        if not start.continued and not notes and self.feet[end] == self.feet[start.index]:
            return PageStart(index, rest)
        names = [*page.notes(end), *notes] if page else []
        if not start.continued and not self.placer.has_long(names):
            return PageStart(index, rest)
        used = page.used(end, head) if page else 0.0
        _, left = self.placer.place(start.continued, names, used, bool(page))
        return PageStart(index, rest, tuple(left))


class _Page:
    """What fits on one page that begins at `start`."""

    def __init__(self, breaker: PageBreaker, start: PageStart, first: bool) -> None:
        self.breaker = breaker
        self.start = start
        self.head = breaker.first_top(start, first)
        rest = start.rest
        index = start.index
        self.base = breaker.bottoms[index] - rest.height if rest else breaker.tops[index]
        self.foot = breaker.placer.continued_height(start.continued)
        forced = bisect_right(breaker.forced, index)
        self.limit = (
            breaker.forced[forced] if forced < len(breaker.forced) else len(breaker.flowables)
        )
        self.most = self._most()

    def used(self, end: int, head: Flowable | None = None) -> float:
        """Return the height of everything up to `end`, and of a `head`, with no space drawn out."""
        used = self.head
        if end > self.start.index:
            used += self.breaker.bottoms[end - 1] - self.base
        if head is not None:
            used += head.height + (self.breaker.gaps[end] if end > self.start.index else 0.0)
        return used

    def notes(self, end: int) -> list[str]:
        """Return the notes of everything up to `end`."""
        flowables = [*self.breaker.flowables[self.start.index : end]]
        if self.start.rest is not None:
            flowables[:1] = [self.start.rest] if flowables else []
        return [name for flowable in flowables for name in flowable.notes]

    def _flex(self, end: int) -> float:
        return self.breaker.flex[end - 1] - self.breaker.flex[self.start.index]

    def _foot(self, end: int) -> float:
        notes = self.breaker.feet[end] - self.breaker.feet[self.start.index]
        return self.foot + notes + (NOTE_RULE if notes and not self.foot else 0.0)

    def _slack(self, end: int) -> float:
        return self.breaker.height - self._foot(end) - self.used(end)

    def _fits(self, end: int) -> bool:
        return self._slack(end) + SHRINK * self._flex(end) > -0.01

    def _most(self) -> int:
        """Return the last end that fits; the start itself if nothing does."""
        breaker, index = self.breaker, self.start.index
        reach = self.base + breaker.height - self.head
        end = min(bisect_right(breaker.bottoms, reach, index), self.limit)
        while end < self.limit and self._fits(end + 1):
            end += 1
        while end > index and not self._fits(end):
            end -= 1
        return self._before_opener(end)

    def _before_opener(self, end: int) -> int:
        """Return the end, or that before a chapter that would begin too far down the page."""
        breaker = self.breaker
        for place in breaker.openers[bisect_right(breaker.openers, self.start.index) :]:
            if place >= end:
                break
            needed = breaker.flowables[place].opens * breaker.height
            if self.head + breaker.tops[place] - self.base > breaker.height - needed:
                return place
        return end

    def is_last(self, end: int) -> bool:
        """Return whether a chapter ends here."""
        return end == self.limit or bool(self.breaker.flowables[end].opens)

    def _left(self) -> float:
        """Return the height of what is left of the chapter if this page is full."""
        breaker = self.breaker
        opener = bisect_right(breaker.openers, self.most)
        end = min([*breaker.openers[opener : opener + 1], self.limit])
        return breaker.bottoms[end - 1] - breaker.tops[min(self.most, end - 1)]

    def ends(self) -> Iterator[tuple[int, float]]:
        """Yield the ends worth trying, the last one first, each with the cost of that place."""
        breaker, index = self.breaker, self.start.index
        if self.most > index and self.is_last(self.most):
            yield self.most, 0.0
            if self.most == self.limit:
                return
        place = bisect_right(breaker.ends, self.most) - 1
        ends_seen, cheapest = 0, 1e9
        tried = ENDS if self._left() > breaker.height * LEAST_LAST else 4 * ENDS
        if breaker.starts_right is not None:
            tried = 4 * ENDS
        while place >= 0 and breaker.ends[place] > index:
            end, cost = breaker.ends[place], breaker.costs[place]
            if ends_seen and (
                self.used(end) < breaker.height * LEAST_FULL or ends_seen >= 4 * ENDS
            ):
                break
            if ends_seen < tried or cost < cheapest:
                yield end, cost
                cheapest = min(cheapest, cost)
            ends_seen += 1
            place -= 1
        if not ends_seen and not self.is_last(self.most) and self.split() is None:
            # Nothing may part here, but the page is full.
            yield max(self.most, index + 1), FORCED

    def plan(self, end: int, cost: float) -> PagePlan:
        """Return the page that ends at `end`, with its cost."""
        slack, flex = self._slack(end), self._flex(end)
        height = self.breaker.height
        if self.is_last(end) and slack >= -0.01:
            full = 1 - slack / height
            short = max(0.0, LEAST_LAST - full) / LEAST_LAST
            cost += SHORT_LAST * short if self.start.index or self.head else 0.0
            cost += PAGE + BLANK * 0.02 * (1 - full)
            if end < self.limit and 1 - full > self.breaker.flowables[end].opens:
                cost += UNUSED * (1 - full)
            return PagePlan(self.start, end, None, 0.0, cost, last=True)
        strain = slack / flex if flex and slack <= STRETCH * flex else 0.0
        strain = max(strain, -SHRINK)
        blank = 0.0 if strain else max(0.0, slack - FULL) / height
        bound = STRETCH if strain > 0 else SHRINK
        cost += PAGE + blankness(blank) + STRAINED * (strain / bound) ** 2
        if blank > FEW_WHITE and self._goes_on(end):
            cost += NEEDLESS * blank**2
        return PagePlan(self.start, end, None, strain, cost, blank)

    def _goes_on(self, end: int) -> bool:
        """Return whether a page that ends inside a block has room for more of it.

        Facing pages may end so, to end alike.
        """
        breaker = self.breaker
        if breaker.starts_right is not None or not breaker.flowables[end - 1].break_cost:
            return False
        place = bisect_right(breaker.ends, end)
        return place < len(breaker.ends) and breaker.ends[place] <= self.most

    def leaves_lone_row(self, end: int, head: Flowable, rest: Flowable) -> bool:
        """Return whether a row split at `end` leaves a low part of it alone with its header."""
        flowables = self.breaker.flowables
        header = flowables[end].repeated_header
        if not header:
            return False
        low = self.breaker.height * HIGH_ROW
        last = end + 1 == self.limit or flowables[end + 1].repeated_header is not header
        first = self.start.rest is None and flowables[end - 1].repeated_header is not header
        return (last and rest.height < low) or (first and head.height < low)

    def split(self, share: float = 1.0) -> tuple[int, Flowable, Flowable, float] | None:
        """Return the flowable that does not fit, in two, if it can be split here.

        The first half takes up to `share` of the room there is.  The last value is the share of the
        page's height that is white below it.
        """
        breaker, end = self.breaker, self.most
        if end >= self.limit or (end > self.start.index and self.is_last(end)):
            return None
        flowable = (self.start.rest if end == self.start.index else None) or breaker.flowables[end]
        top = self.head
        if end > self.start.index:
            top = self.used(end) + breaker.gaps[end]
        room = (breaker.height - self._foot(end) - top) * share
        if room <= SPLIT_ROOM and end > self.start.index:
            return None
        halves = flowable.split(room)
        if halves and halves[0].notes:
            room -= breaker.placer.least_height(halves[0].notes) + (0 if self.foot else NOTE_RULE)
            halves = flowable.split(room)
        if not halves:
            return None
        white = room / share - halves[0].height
        return (end, *halves, max(0.0, white - FULL) / breaker.height)
