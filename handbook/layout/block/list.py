"""Lay out lists with bullets, numbers or checkboxes."""

from __future__ import annotations

from ...document.nodes import (
    Checkbox,
    List,
    ListItem,
    Paragraph,
    plain_text,
)
from ...document.numbering import item_label
from ...theme.theme import TextStyle
from ..flow.flowables import (
    Flowable,
    Gap,
    Marker,
    keep_whole,
)
from ..inline.compose import InlineLayouter
from ..inline.line_breaking import one_line
from ..inline.runs import Line
from ..structure import StructElem
from .area import Area
from .layouter import BlockLayouter

# A list of this many items is short; the cost of a page's end inside it.
SHORT_LIST = 6
INSIDE_SHORT_LIST = 10.0


def set_list(layouter: BlockLayouter, block: List, area: Area) -> list[Flowable]:
    """Lay out items with bullets, numbers or checkboxes."""
    element = area.element.child("L")
    kind = "".join(word.capitalize() for word in block.numbering.split("-"))
    element.attributes = {"O": "List", "ListNumbering": kind if block.ordered else "Disc"}
    flowables: list[Flowable] = []
    bullet = layouter.context.theme.text("list.bullet")
    markers = [bullet] * len(block.items)
    if block.ordered:
        markers = [f"{item_label(number, block.numbering)}." for number in block.numbers()]
    style = layouter.style(area)
    indent = layouter.context.theme.number("list.indent")
    if block.ordered:
        face = layouter.context.faces[style.face]
        widths = [face.width(f"{marker} ") for marker in markers]
        widest = max(widths, default=0.0) * style.size / 1000
        indent = max(indent, widest + 2)
    gap = layouter.context.theme.number("list.gap") if block.tight else style.after
    for marker, item in zip(markers, block.items, strict=True):
        item_flowables = set_item(layouter, item, marker, element.child("LI"), area, indent)
        if flowables and item_flowables:
            flowables[-1].after = min(flowables[-1].after, gap) if block.tight else gap
            item_flowables[0].before = 0.0
        flowables += item_flowables
    if flowables:
        flowables[-1].after = max(style.after, flowables[-1].after)
    if len(block.items) <= SHORT_LIST:
        keep_whole(flowables, INSIDE_SHORT_LIST)
    return flowables


def set_item(
    layouter: BlockLayouter,
    item: ListItem,
    marker: str,
    element: StructElem,
    area: Area,
    indent: float,
) -> list[Flowable]:
    """Lay out an item of a list, its body `indent` points to the right of its marker."""
    style = layouter.style(area)
    label = element.child("Lbl")
    body = element.child("LBody")
    inner = area.inside(body, indent)
    flowables = layouter.lay_out_all(item.blocks, inner)
    if not flowables:
        flowables = [layouter.framed(Gap(style.leading), area)]
    if item.checked is None:
        line = layouter.marker_line(marker, style, label, item)
    else:
        first = next((b for b in item.blocks if isinstance(b, Paragraph)), None)
        line = _checkbox(layouter, item.checked, style, label, first)
    mark = Marker(line, style, layouter.context, inner.x - indent)
    mark.raised = getattr(flowables[0], "raised", 0.0)
    mark.frames = area.frames
    mark.before = flowables[0].before
    flowables[0].before = 0.0
    if item.id:
        mark.anchors.append(item.id)
    return [mark, *flowables]


def _checkbox(
    layouter: BlockLayouter,
    checked: bool,
    style: TextStyle,
    element: StructElem,
    first: Paragraph | None,
) -> Line:
    """Return an item's checkbox; in a form, a field named by the item's first paragraph."""
    composer = InlineLayouter(layouter.context, style, element, Paragraph(()).source)
    composer.label = plain_text(first.content) if first else ""
    return one_line(composer.compose((Checkbox(checked),)))
