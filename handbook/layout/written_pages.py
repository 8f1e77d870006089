"""Write the bodies of pages, and keep written pages without what they were drawn from.

Of a page whose body is written, and shows no page number, only the anchors are needed, and boxes
that go on on the next page.  A chapter in which nothing changed is read from disk in this form.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import TypeAlias

from ..core.values import changed
from ..fonts.face import Face
from .chapter import LaidOutChapters, PlannedPage
from .chapter_cache import ChapterCache, WrittenPages
from .flow.flowables import BoxDecoration, Flowable
from .flow.paginate import PageContent, PositionedFlowable, boxes_of
from .page import Page, PageBody
from .pages import PagePainter

# Returns the body of a page as a writer keeps it, or None.
BodyWriter: TypeAlias = "Callable[[Page, dict[str, Face]], object]"


# Ids, with the distance from the top of what they are in (points).
Places: TypeAlias = "tuple[tuple[list[str], float], ...]"


class WrittenFlowable(Flowable):
    """What is left of a flowable on a page that was written: its anchors, and some of its boxes.

    `inside` has all ids, of what is inside it too.
    """

    __slots__ = ("inside",)

    def __init__(
        self, anchors: list[str], frames: tuple[BoxDecoration, ...], inside: Places
    ) -> None:
        super().__init__(0.0)
        self.anchors, self.frames, self.inside = anchors, frames, inside

    def __reduce__(self) -> tuple[type, tuple[list[str], tuple[BoxDecoration, ...], Places]]:
        return WrittenFlowable, (self.anchors, self.frames, self.inside)

    def all_anchors(self) -> list[str]:
        """Return the ids of the flowable and of those inside it."""
        return [name for ids, _ in self.inside for name in ids]

    def places(self, offset: float) -> Iterator[tuple[Flowable, float]]:
        """Yield what has the ids, with its distance from the frame's top."""
        for ids, below in self.inside:
            place = Flowable(0.0)
            place.anchors = ids
            yield place, offset + below

    def draw(self, page: Page, left: float, top: float, artifact: bool = False) -> None:
        """Raise an error, as there is nothing to draw.

        Raises:
            AssertionError: Always.
        """
        raise AssertionError("this page was written before")


def without_flowables(plan: PlannedPage) -> PageContent:
    """Return a page's content without what is drawn, but for boxes that go on on other pages."""
    sheet = plan.sheet
    frames = tuple(box for box in boxes_of(sheet) if any(box in others for others in plan.around))
    placed: list[PositionedFlowable] = []
    for one in sheet.placed:
        written = _written(one.flowable, () if placed else frames)
        if written.inside or not placed:
            placed.append(PositionedFlowable(written, one.offset))
    notes: list[Flowable] = [_written(note, ()) for note in sheet.notes]
    return PageContent(placed, [], sheet.used, notes, sheet.blank, sheet.landscape)


def _written(flowable: Flowable, frames: tuple[BoxDecoration, ...]) -> WrittenFlowable:
    places = flowable.places(0.0)
    inside = tuple((ids, below) for one, below in places if (ids := one.all_anchors()))
    return WrittenFlowable(flowable.anchors, frames, inside)


class PageBodies:
    """Writes the bodies of pages with `write`, and lets the cache of their book keep them."""

    def __init__(
        self, cache: ChapterCache, faces: dict[str, Face], write: BodyWriter | None
    ) -> None:
        self.cache = cache
        self.faces = faces
        self.write = write
        # Chapters that share pages, and what the cache knows these by, by the first of them.
        self.groups: dict[str, tuple[tuple[str, ...], str]] = {}

    def write_ahead(self, painter: PagePainter, part: LaidOutChapters) -> None:
        """Write the bodies of pages that are the same whatever number they have."""
        for plan in part.plans() if self.write else ():
            self._write(painter, plan, PageBody(), numbered=False)

    def write_rest(
        self, painter: PagePainter, plans: Sequence[PlannedPage], bodies: Sequence[PageBody]
    ) -> None:
        """Write the bodies that have not been, for the next build that prints the same numbers."""
        for plan, body in zip(plans, bodies, strict=True):
            if self.write and body.written is None:
                self._write(painter, plan, body, numbered=True)

    def _write(
        self, painter: PagePainter, plan: PlannedPage, body: PageBody, *, numbered: bool
    ) -> None:
        """Write the body of a page, and let the cache know it; those with numbers if `numbered`."""
        names, pages = self.groups.get(plan.first.id, ((), ""))
        appearance = painter.appearance(plan)
        if not names or appearance is None or self.write is None:
            return
        known = self.cache.bodies.get(appearance)
        if known is not None and known.written is not None and not known.labels:
            body = known
        else:
            page = painter.without_heads(plan, "", body)
            if page.items and (numbered or not body.labels):
                body.written = self.write(page, self.faces)
        if body.written is not None:
            self.cache.keep_body(pages, appearance, body)
            if numbered and self.cache.stored:
                self.cache.stored.rewritten.add(names)

    def written_pages(
        self, painter: PagePainter, plans: Sequence[PlannedPage], bodies: Sequence[PageBody]
    ) -> WrittenPages:
        """Return the pages of each chapter and those that share them, without what was drawn."""
        sheets: dict[str, list[PageContent]] = {}
        known: dict[str, dict[Hashable, PageBody]] = {}
        for plan, body in zip(plans, bodies, strict=True):
            drawn = body.written is not None and not body.labels
            sheet = without_flowables(plan) if drawn else plan.sheet
            sheets.setdefault(plan.first.id, []).append(sheet)
            kept = known.setdefault(plan.first.id, {})
            if body.written is not None:
                kept[painter.appearance(changed(plan, sheet=sheet))] = body
        return {
            names: (pages, sheets[first], known[first])
            for first, (names, pages) in self.groups.items()
        }

    def are_known(self, painter: PagePainter, part: LaidOutChapters) -> bool:
        """Return whether the cache has the body of each page that cannot be drawn again."""
        return all(
            painter.appearance(plan) in self.cache.bodies
            for plan in part.plans()
            if any(isinstance(p.flowable, WrittenFlowable) for p in plan.sheet.placed)
        )
