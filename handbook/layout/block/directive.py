"""Lay out the places that the layout fills: page breaks, lines to write on, QR codes."""

from __future__ import annotations

from ...document.nodes import (
    Directive,
)
from ..flow.flowables import (
    Flowable,
    PageBreak,
    RuleLine,
)
from ..page import FieldPlaceholder, Page
from .area import Area
from .figure import set_chart
from .layouter import BlockLayouter

# At least this many lines to write on stay together; others are left out at a page's foot.
FEWEST_LINES = 3


def set_directive(layouter: BlockLayouter, block: Directive, area: Area) -> list[Flowable]:
    """Lay out a directive by its name; nothing for an unknown one."""
    if block.name == "page-break":
        return [PageBreak(0.0)]
    if block.name == "field-qr":
        return _field_code(layouter, block, area)
    if block.name == "lines":
        return _writing_lines(layouter, int(block.attributes.get("count", "6")), area)
    if block.name == "figure":
        return set_chart(layouter, block, area)
    special = layouter.special.get(block.name)
    return special(block, area) if special else []


def _field_code(layouter: BlockLayouter, block: Directive, area: Area) -> list[Flowable]:
    """Return the place of a QR code that differs from copy to copy."""
    name = block.attributes.get("name", "")
    if name not in layouter.context.fields:
        return []
    spec = layouter.context.fields[name]
    element = area.element.child("Figure")
    # The edition is the same for all, so the code's content is in the text next to it.
    element.alt = layouter.context.words.gettext("{label}, as a QR code.", label=spec.label)
    color = layouter.context.theme.color("colors.ink")
    slot = FieldPlaceholder(
        0.0, 0.0, spec.name, "regular", 0.0, 0.0, color, spec.width, 1, 0.0, element, "qr"
    )
    flowable = PlaceholderFlowable(slot, area.x)
    flowable.before = flowable.after = layouter.context.theme.style("body").after
    return [layouter.framed(flowable, area)]


def _writing_lines(layouter: BlockLayouter, count: int, area: Area) -> list[Flowable]:
    color = layouter.context.theme.color("colors.hairline")
    height = layouter.context.theme.number("grid") * 3
    flowables: list[Flowable] = [RuleLine(height, area.x, area.width, color) for _ in range(count)]
    for flowable in flowables:
        flowable.frames = area.frames
    for flowable in flowables[FEWEST_LINES:]:
        flowable.drop_at_page_start = True
    for flowable in flowables[: FEWEST_LINES - 1]:
        flowable.keep_with_next = True
    flowables[-1].after = layouter.context.theme.style("body").after * 2
    return flowables


class PlaceholderFlowable(Flowable):
    """The place of a field that is drawn, not written: a QR code."""

    __slots__ = ("slot",)

    def __init__(self, slot: FieldPlaceholder, x: float) -> None:
        super().__init__(slot.width, x)
        self.slot = slot

    def draw(self, page: Page, left: float, top: float, artifact: bool = False) -> None:
        """Put the placeholder on the page."""
        page.items.append(self.slot._replace(x=left + self.x, y=top - self.height))
