"""Draw the pages of a book, each when it is asked for.

What is on a page is planned when its chapters have been laid out; what is drawn takes more memory
than all the rest, so it is drawn for the one who reads it, and not kept.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import overload

from ..core.values import record
from ..document.nodes import Meta
from ..fonts.face import Face
from .area_colors import AreaColors
from .block.certificate import draw_certificate
from .chapter import COVERS, PlannedPage
from .flow.paginate import Geometry, draw_notes, draw_sheet
from .frame import PageFrames
from .imposition import add_marks
from .inline.runs import InlineContext
from .page import Box, Page, PageBody, Segment
from .right_to_left import mirror
from .running_heads import RunningHeads


@record
class PagePainter:
    """Draws the pages of one book; `labels` has the page numbers of ids."""

    frames: PageFrames
    meta: Meta
    context: InlineContext
    labels: Mapping[str, str]
    faces: Mapping[str, Face]
    colors: AreaColors
    heads: RunningHeads

    def without_heads(self, plan: PlannedPage, label: str, body: PageBody) -> Page:
        """Return a page that is drawn when it is asked for."""
        frame = self._frame(plan)
        return Page(
            frame.width, frame.height, label, body=body, draw=lambda page: self._draw(plan, page)
        )

    def page(self, plan: PlannedPage, label: str, body: PageBody) -> Page:
        """Return a page with its running heads; the rest is drawn when it is asked for."""
        page = self.without_heads(plan, label, body)
        self.heads.draw(plan, page)
        if self.context.mirrored:
            mirror(page.running_items, page.width, self.faces)
        return page

    def appearance(self, plan: PlannedPage) -> Hashable:
        """Return what the body of a page depends on, but for the page numbers printed on it."""
        sheet, places = plan.sheet, [*plan.sheet.placed, *plan.sheet.repeated]
        if sheet.blank or plan.first.layout == "certificate" or not sheet.placed:
            return None
        boxes = {box for placed in sheet.placed for box in placed.flowable.frames}
        return (
            tuple((placed.flowable, placed.offset) for placed in places),
            tuple(sheet.notes),
            sheet.landscape,
            self._frame(plan).left,
            plan.first.layout,
            tuple(self._tab(plan)),
            *(frozenset(boxes & others) for others in plan.around),
        )

    def _frame(self, plan: PlannedPage) -> Geometry:
        return self.frames.frame(plan.index, plan.sheet.landscape)

    def _draw(self, plan: PlannedPage, page: Page) -> None:
        """Draw what a page has of its chapters; its body hears which page numbers it shows."""
        shown: dict[str, str] = {}

        def label_of(target: str) -> str:
            label = shown[target] = self.labels.get(target, "")
            return label

        # Lines know the context that all books of one cache share.
        self.context.label_of = label_of
        self._draw_chapters(plan, page)
        if page.body is not None:
            page.body.labels = shown
        if self.context.mirrored:
            for items in (page.background, page.items):
                mirror(items, page.width, self.faces)
        add_marks(page, self.frames.print_options)

    def _draw_chapters(self, plan: PlannedPage, page: Page) -> None:
        sheet, frame, theme = plan.sheet, self._frame(plan), self.frames.theme
        if sheet.blank:
            self._draw_writing_lines(page, frame)
        elif plan.first.layout == "certificate":
            draw_certificate(page, theme, self.meta, self.frames.print_options.bleed)
        else:
            page.background.extend(self._tab(plan))
        left = frame.left + self.frames.indent
        draw_sheet(sheet, page, frame, theme.number("box.bar"), plan.around)
        rule = Segment(left, 0, left + 60, 0, theme.color("colors.hairline"))
        draw_notes(sheet, page, frame, rule)

    def _tab(self, plan: PlannedPage) -> Iterator[Box]:
        """Yield the tab of the area that the page begins in, if it shows one."""
        if plan.first.layout in COVERS or plan.sheet.landscape:
            return
        frame, options = self._frame(plan), self.frames.print_options
        outer_left = options.mirrored and plan.index % 2 == 1
        yield from self.colors.tab(frame, plan.chapter.id, outer_left, options.bleed)

    def _draw_writing_lines(self, page: Page, frame: Geometry) -> None:
        """Draw lines to write on, on a page that would be empty."""
        theme = self.frames.theme
        color, step = theme.color("colors.hairline"), theme.number("grid") * 4
        right = frame.left + self.frames.width(False)
        y = frame.top - step
        while y > frame.bottom:
            page.background.append(Segment(frame.left, y, right, y, color, 0.5))
            y -= step


class DrawnPages(Sequence[Page]):
    """The pages of a book, drawn each time that one is asked for.

    Unless it `keeps` what they are made of, each can be asked for once.
    """

    def __init__(
        self,
        plans: Iterable[PlannedPage],
        labels: Sequence[str],
        bodies: Sequence[PageBody],
        painter: PagePainter,
        keeps: bool,
    ) -> None:
        self.plans: list[PlannedPage | None] = [*plans]
        self.keeps = keeps
        self.labels = labels
        self.bodies = bodies
        self.painter = painter

    def __len__(self) -> int:
        return len(self.plans)

    @overload
    def __getitem__(self, index: int) -> Page: ...

    @overload
    def __getitem__(self, index: slice) -> list[Page]: ...

    def __getitem__(self, index: int | slice) -> Page | list[Page]:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        number = range(len(self))[index]
        plan = self.plans[number]
        assert plan is not None, "this page was asked for before"
        if not self.keeps:
            self.plans[number] = None
        return self.painter.page(plan, self.labels[number], self.bodies[number])
