"""Lay out terms with their definitions."""

from __future__ import annotations

from dataclasses import replace

from ...document.nodes import (
    Definition,
    DefinitionList,
)
from ..flow.flowables import (
    Flowable,
)
from ..structure import StructElem
from .area import Area
from .layouter import BlockLayouter
from .side_notes import next_to


def set_definition_list(
    layouter: BlockLayouter, block: DefinitionList, area: Area
) -> list[Flowable]:
    """Lay out terms with their meanings: the term in the margin, or above if there is none."""
    element = area.element.child("L")
    element.attributes = {"O": "List", "ListNumbering": "None"}
    flowables: list[Flowable] = []
    for definition in block.items:
        flowables += _definition(layouter, definition, element.child("LI"), area)
    return flowables


def _definition(
    layouter: BlockLayouter, definition: Definition, element: StructElem, area: Area
) -> list[Flowable]:
    style = layouter.context.theme.style("term")
    margin = area.x - area.wide_x
    beside = area.has_side
    column = replace(area, x=area.wide_x, width=margin - 10) if beside else area
    terms: list[Flowable] = []
    for term in definition.terms:
        label = element.child("Lbl")
        terms += layouter.lines(term, style, label, column, definition.source)
    body = element.child("LBody")
    inner = area.inside(body, 0 if beside else layouter.context.theme.number("list.indent"))
    flowables = layouter.lay_out_all(definition.blocks, inner)
    for flowable in terms:
        flowable.keep_with_next = True
    if beside and flowables:
        flowables = next_to(terms, flowables)
    else:
        flowables = [*terms, *flowables]
    if flowables and definition.id:
        flowables[0].anchors.append(definition.id)
    return flowables
