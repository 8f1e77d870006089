"""Lay out formulas on lines of their own."""

from __future__ import annotations

from ...document.nodes import FormulaBlock, ListItem
from ...theme.theme import TextStyle
from ..figure.formula import DrawnFormula, draw_formula, joined, parts_of
from ..flow.flowables import Flowable
from ..inline.draw import draw_line
from ..inline.runs import InlineContext, Line
from ..page import Page
from ..structure import StructElem
from .area import Area
from .layouter import BlockLayouter

# A formula that is too wide is set smaller, down to this share, before it is broken.
SMALLEST = 0.8
# Points between a formula and its number, and above and below it.
GAP, WHITE = 12.0, 2.0


def set_formula(layouter: BlockLayouter, block: FormulaBlock, area: Area) -> list[Flowable]:
    """Lay out a formula in the middle of its column, its number at the right edge."""
    style = layouter.style(area)
    paragraph = area.element.child("P")
    element = paragraph.inline_child("Formula")
    layouter.context.describe(element, block.formula)
    number = layouter.context.number_of.get(block.id, "") if block.id else ""
    label = layouter.marker_line(number, style, paragraph, ListItem(())) if number else None
    width = area.width - (label.width + GAP if label else 0.0)
    flowables: list[Flowable] = []
    for row in _rows(layouter, block, style, width):
        flowable = FormulaRow(row, width, element)
        flowable.keep_with_next = True
        flowables.append(layouter.framed(flowable, area))
    if label is not None:
        last = flowables[-1]
        assert isinstance(last, FormulaRow)
        last.number = FormulaNumber(label, area.width - label.width, style, layouter.context)
    flowables[-1].keep_with_next = False
    flowables[0].before = flowables[-1].after = max(style.after, 4.0)
    return flowables


def _rows(
    layouter: BlockLayouter, block: FormulaBlock, style: TextStyle, width: float
) -> list[DrawnFormula]:
    """Return the formula in as many rows as it needs, none wider than `width`."""
    formula, context = block.formula, layouter.context

    def fitted(drawn: DrawnFormula, mathml: str) -> DrawnFormula:
        if drawn.width <= width:
            return drawn
        size = style.size * width / drawn.width
        return draw_formula(mathml, size, style.color, block.source)

    whole = context.formula(formula, style.size, style.color)
    parts = parts_of(formula.mathml) if whole.width * SMALLEST > width else []
    if len(parts) < 2:
        return [fitted(whole, formula.mathml)]
    rows: list[list[DrawnFormula]] = [[]]
    for part in parts:
        drawn = fitted(draw_formula(part, style.size, style.color, block.source), part)
        if rows[-1] and sum(one.width for one in rows[-1]) + drawn.width > width:
            rows.append([])
        rows[-1].append(drawn)
    return [joined(row) for row in rows]


class FormulaNumber:
    """The number of a formula, `x` points from the left edge of its column."""

    __slots__ = ("context", "line", "style", "x")

    def __init__(self, line: Line, x: float, style: TextStyle, context: InlineContext) -> None:
        self.line = line
        self.x = x
        self.style = style
        self.context = context


class FormulaRow(Flowable):
    """A formula, or a row of one, in the middle of `width` points."""

    __slots__ = ("drawn", "element", "number", "width")

    def __init__(self, drawn: DrawnFormula, width: float, element: StructElem) -> None:
        super().__init__(drawn.above + drawn.below + 2 * WHITE)
        self.drawn = drawn
        self.width = width
        self.element = element
        self.number: FormulaNumber | None = None

    def draw(self, page: Page, left: float, top: float, artifact: bool = False) -> None:
        """Draw the formula, then its number on the same baseline."""
        x = left + self.x
        baseline = top - WHITE - self.drawn.above
        indent = max(0.0, (self.width - self.drawn.width) / 2)
        element = None if artifact else self.element
        page.items.append(self.drawn.drawing(x + indent, baseline, element))
        if number := self.number:
            line, style, context = number.line, number.style, number.context
            draw_line(line, page, x + number.x, baseline, style, context, artifact)
