"""Lay out quotes, admonitions and divisions."""

from __future__ import annotations

from dataclasses import replace

from ...document.nodes import (
    Admonition,
    Division,
    Inlines,
    Quote,
    Text,
    plain_text,
)
from ...theme.theme import TextStyle
from ..flow.flowables import (
    INSIDE_WHOLE,
    BoxDecoration,
    Flowable,
    Gap,
    RuleLine,
    drawn_height,
    keep_whole,
)
from ..structure import StructElem
from .area import SIDE_GAP, Area
from .icons import LEAST, SHARE, Icon
from .layouter import BlockLayouter
from .side_notes import next_to

# How far quoted words are from the line next to them (points).
QUOTE_INDENT = 14.0
# A box up to this share of a page's height stays whole; the cost of a page's end in a higher one.
WHOLE_BOX = 0.5
INSIDE_LONG_BOX = 24.0


def set_quote(layouter: BlockLayouter, block: Quote, area: Area) -> list[Flowable]:
    """Lay out a quotation, indented next to a line."""
    element = area.element.child("BlockQuote")
    if "pull" in block.classes:
        return _pull_quote(layouter, block, area, element)
    inner = area.inside(element, QUOTE_INDENT, style="quote")
    color = layouter.context.theme.color("colors.hairline")
    frame = BoxDecoration(inner.x - QUOTE_INDENT, inner.width + QUOTE_INDENT, None, color)
    inner = replace(inner, frames=(*area.frames, frame))
    return layouter.lay_out_all(block.blocks, inner)


def _pull_quote(
    layouter: BlockLayouter, block: Quote, area: Area, element: StructElem
) -> list[Flowable]:
    """Lay out a pull quote: large, below a rule."""
    rule = RuleLine(2.0, area.x, 42.0, layouter.context.theme.color("colors.accent"), 2.2)
    rule.keep_with_next = True
    rule.frames = area.frames
    rule.before = rule.after = layouter.context.theme.style("body").after
    flowables = layouter.lay_out_all(block.blocks, area.inside(element, style="pull-quote"))
    for flowable in flowables[:-1]:
        flowable.keep_with_next = True
    return [rule, *flowables]


def set_admonition(layouter: BlockLayouter, block: Admonition, area: Area) -> list[Flowable]:
    """Lay out a box; its title names its kind, in the side column where the theme says so."""
    box_style = layouter.context.theme.box(block.kind)
    element = area.element.child("Div")
    style = replace(layouter.context.theme.style("box-title"), color=box_style.ink)
    if box_style.form == "side" and area.has_side:
        box = _beside_label(layouter, block, area, element, style)
    else:
        box = _with_label(layouter, block, area, element, style)
    high = drawn_height(box) > layouter.page_height * WHOLE_BOX
    keep_whole(box, INSIDE_LONG_BOX if high else INSIDE_WHOLE)
    return box


def _label(layouter: BlockLayouter, block: Admonition) -> Inlines:
    """Return a box's title, which says its kind."""
    theme, words = layouter.context.theme, layouter.context.words
    label = words.gettext(theme.box(block.kind).label)
    implied = label.casefold() if theme.has(f"box.{block.kind}") else ""
    if block.title and implied not in plain_text(block.title).casefold():
        return (Text(words.gettext("{label}: ", label=label)), *block.title)
    return block.title or (Text(label),)


def _beside_label(
    layouter: BlockLayouter, block: Admonition, area: Area, element: StructElem, style: TextStyle
) -> list[Flowable]:
    """Lay out a box whose label is in the side column, with a bar between it and the words."""
    theme = layouter.context.theme
    side = area.side(element=element, frames=())
    label = layouter.lines(_label(layouter, block), style, element.child("P"), side, block.source)
    bar = theme.number("box.bar")
    frame = BoxDecoration(area.x - SIDE_GAP / 2 - bar / 2, area.width, None, style.color)
    inner = replace(area.inside(element, style="box"), frames=(*area.frames, frame))
    flowables = layouter.lay_out_all(block.blocks, inner)
    if not flowables:
        return label
    flowables[0].before = flowables[-1].after = 0.0
    for flowable in label:
        flowable.before = flowable.after = 0.0
    flowables = next_to(label, flowables)
    space = theme.style("body").after * 1.4
    flowables[0].before = flowables[-1].after = space
    return flowables


def _with_label(
    layouter: BlockLayouter, block: Admonition, area: Area, element: StructElem, style: TextStyle
) -> list[Flowable]:
    """Lay out a box with its label above the words, on a wash if that is its form."""
    theme = layouter.context.theme
    box_style = theme.box(block.kind)
    washed = box_style.form == "wash"
    pad, bar = theme.number("box.padding"), theme.number("box.bar")
    inner = area.inside(element, pad + bar, style="box")
    x, width = inner.x - pad - bar, inner.width + pad + bar
    frame = BoxDecoration(x, width, box_style.wash if washed else None, box_style.ink)
    inner = replace(inner, frames=(*area.frames, frame))
    inner = replace(inner, width=inner.width - pad, wide_width=inner.width - pad)
    if area.style == "table":
        inner = replace(inner, style="table")
    size = max(style.leading * SHARE, LEAST) if washed else 0.0
    narrow = replace(inner, width=inner.width - size - 4)
    title = layouter.lines(_label(layouter, block), style, element.child("P"), narrow, block.source)
    for flowable in title:
        flowable.keep_with_next = True
    if washed:
        edge = inner.x + inner.width
        icon = Icon(block.kind, edge, box_style.ink, layouter.context.faces["bold"], size)
        icon.frames = inner.frames
        title = [icon, *title]
    flowables = [*title, *layouter.lay_out_all(block.blocks, inner)]
    return boxed(layouter, flowables, inner, pad * (0.8 if washed else 0.2))


def boxed(
    layouter: BlockLayouter, flowables: list[Flowable], area: Area, pad: float
) -> list[Flowable]:
    """Return `flowables` between two gaps of `pad` points: the inside of a box."""
    top, bottom = layouter.framed(Gap(pad), area), layouter.framed(Gap(pad), area)
    top.keep_with_next = True
    if flowables:
        top.anchors, flowables[0].anchors = flowables[0].anchors, []
        flowables[0].before = 0.0
        flowables[-1].after = 0.0
        flowables[-1].keep_with_next = True
    top.before = bottom.after = layouter.context.theme.style("body").after * 1.5
    return [top, *flowables, bottom]


def set_division(layouter: BlockLayouter, block: Division, area: Area) -> list[Flowable]:
    """Lay out blocks that belong together; `together` keeps them on one page if they fit."""
    element = area.element.child("Div")
    inner = replace(area, element=element)
    if layouter.context.theme.has(f"text.{block.name}"):
        inner = replace(inner, style=block.name)
    if block.name == "together" and area.in_columns:
        # What stays together is in one column, not partly across all of them.
        inner = replace(inner, wide_x=inner.x, wide_width=inner.width)
    flowables = layouter.lay_out_all(block.blocks, inner)
    if block.name == "together" and drawn_height(flowables) <= layouter.page_height:
        for flowable in flowables[:-1]:
            flowable.keep_with_next = True
    return flowables
