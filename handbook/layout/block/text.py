"""Lay out paragraphs, headings and rules."""

from __future__ import annotations

from dataclasses import replace

from ...document.nodes import (
    Heading,
    Paragraph,
    Rule,
    Text,
    plain_text,
)
from ..flow.flowables import (
    Flowable,
    RuleLine,
)
from .area import Area
from .definitions import define_terms
from .layouter import BlockLayouter


def set_paragraph(layouter: BlockLayouter, block: Paragraph, area: Area) -> list[Flowable]:
    """Lay out a paragraph."""
    element = area.element if area.direct else area.element.child("P")
    element.lang = block.lang or element.lang
    style = layouter.style(area, block.classes)
    flowables = layouter.lines(block.content, style, element, area, block.source)
    if flowables and plain_text(block.content).endswith(":"):
        # It announces what follows, so it is not left at a page's foot.
        flowables[-1].keep_with_next = True
    define_terms(layouter, block, flowables, area)
    return flowables


def set_heading(layouter: BlockLayouter, block: Heading, area: Area) -> list[Flowable]:
    """Lay out a heading, which stays with what follows; level 2 extends into the margin."""
    # Tags go down one level at a time (ISO 14289-1, 7.4.2), even if the author skipped one.
    level = area.depth if area.top_level else min(block.level, area.depth + 1)
    element = area.element.child(f"H{min(6, level)}")
    style = layouter.context.theme.style(f"heading-{min(6, max(2, block.level))}")
    if block.level <= 2 and area.top_level:
        area = replace(area, x=area.wide_x, width=area.wide_width)
    content = block.content
    number = layouter.context.section_of.get(block.id, "")
    if number and block.level <= layouter.context.theme.number("headings.numbered"):
        content = (Text(f"{number}\u2002"), *content)
    flowables = layouter.lines(content, style, element, area, block.source)
    for flowable in flowables:
        flowable.keep_with_next = True
        flowable.level = block.level
    return flowables


def set_rule(layouter: BlockLayouter, block: Rule, area: Area) -> list[Flowable]:
    """Lay out a rule between two subjects."""
    color = layouter.context.theme.color("colors.hairline")
    flowable = RuleLine(1.0, area.x, area.width, color)
    flowable.before = flowable.after = layouter.context.theme.style("body").after * 2
    return [layouter.framed(flowable, area)]
