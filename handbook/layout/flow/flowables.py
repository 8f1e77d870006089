"""Define flowables, the parts of a column, and the boxes around them.

Blocks become flowables: a line of text, a table row, a rule.  The paginator stacks them and breaks
between them where they allow it.  A flowable knows its height, the white space above and below it,
whether it must stay with the next one, and how to draw itself with its top at a given y.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...core.units import Color
from ...theme.theme import TextStyle
from ..figure.charts import Chart
from ..inline.draw import draw_line
from ..inline.runs import InlineContext, Line
from ..page import Box, Drawing, Page, Picture, Segment
from ..structure import StructElem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


# What it costs to end a page here: inside a paragraph; inside something that should stay whole.
INSIDE_PARAGRAPH = 3.0
INSIDE_WHOLE = 320.0
# Fewer lines than these look lost below a heading; what is not text has lines this high (points).
FEW_LINES, LINE = 3, 14.0


class BoxDecoration:
    """A box around flowables; where these break over pages, so does the box."""

    __slots__ = ("bar", "fill", "width", "x")

    def __init__(
        self,
        x: float,
        width: float,
        fill: Color | None,
        bar: Color | None = None,
    ) -> None:
        self.x = x
        self.width = width
        self.fill = fill
        self.bar = bar

    def draw(self, page: Page, left: float, top: float, bottom: float, bar: float) -> None:
        """Draw the part of the box that lies on `page`, from `top` down to `bottom`."""
        x = left + self.x
        if self.fill:
            page.background.append(Box(x, bottom, self.width, top - bottom, self.fill))
        if self.bar:
            page.background.append(Box(x, bottom, bar, top - bottom, self.bar))


class Flowable:
    """One part of a column; lengths in points, x from the left of the wide frame."""

    __slots__ = (
        "after",
        "anchors",
        "before",
        "break_cost",
        "drop_at_page_start",
        "frames",
        "height",
        "keep_with_next",
        "landscape",
        "level",
        "notes",
        "opens",
        "read_after",
        "repeated_header",
        "x",
    )

    def __init__(self, height: float, x: float = 0.0) -> None:
        self.height = height
        self.x = x
        self.before = 0.0
        self.after = 0.0
        self.keep_with_next = False
        # What it costs to end a page after this one; 0 where one subject ends.
        self.break_cost = 0.0
        # Of a heading's line, its level (1: a chapter's title): enough of its text is below it.
        self.level = 0
        # The first of a chapter: the share of a page that must be left for it, else it begins one.
        self.opens = 0.0
        self.landscape = False
        # Left out where it would begin a new page: lines to write on.
        self.drop_at_page_start = False
        self.frames: tuple[BoxDecoration, ...] = ()
        self.anchors: list[str] = []
        self.notes: list[str] = []
        self.repeated_header: Sequence[Flowable] = ()
        # On the same page, this is read after the other, although it is above or next to it.
        self.read_after: Flowable | None = None

    def draw(self, page: Page, left: float, top: float, artifact: bool = False) -> None:
        """Draw on `page`: `left` is the wide frame's edge, `top` the top of the flowable."""

    def draw_first(self, page: Page, left: float, top: float) -> None:
        """Draw what is repeated when this is the first flowable of its page."""

    def all_anchors(self) -> list[str]:
        """Return the ids of this flowable and of those inside it."""
        return self.anchors

    def right_edge(self) -> float:
        """Return how far this reaches to the right, from the left of the wide frame."""
        width = float(getattr(self, "width", 0.0))
        return max([self.x + width, *(box.x + box.width for box in self.frames)])

    def places(self, offset: float) -> Iterator[tuple[Flowable, float]]:
        """Yield this and what is inside it, each with its distance from the frame's top."""
        yield self, offset

    def split(self, available_height: float) -> tuple[Flowable, Flowable] | None:
        """Return this in two, the first at most `available_height` high, or None if it is one."""
        return None


class PageBreak(Flowable):
    """A page break: what follows begins on a new page."""

    __slots__ = ()


class Gap(Flowable):
    """White space that is kept at a page's head and foot too: the inside of a box."""

    __slots__ = ()


class TextLine(Flowable):
    """One line of text."""

    __slots__ = ("context", "line", "raised", "style", "width")

    def __init__(
        self, line: Line, style: TextStyle, context: InlineContext, x: float, width: float
    ) -> None:
        super().__init__(style.leading, x)
        # How much a formula reaches above what the leading has room for (points).
        self.raised = 0.0
        if formulas := line.formulas():
            drop = baseline_drop(style, context)
            self.raised = max(0.0, max(one.above for one in formulas) - drop + 1)
            below = max(one.below for one in formulas) - (style.leading - drop) + 1
            self.height += self.raised + max(0.0, below)
        self.line = line
        self.style = style
        self.context = context
        self.width = width

    def draw(self, page: Page, left: float, top: float, artifact: bool = False) -> None:
        """Draw the line, its white space shared above and below."""
        x = left + self.x
        align = self.style.align
        if align in ("left", "justify", "balance") and _against(self.line, self.context):
            align = "right"
        if align == "right":
            x += self.width - self.line.width
        elif align == "center":
            x += (self.width - self.line.width) / 2
        baseline = top - baseline_drop(self.style, self.context) - self.raised
        draw_line(self.line, page, x, baseline, self.style, self.context, artifact)


def _against(line: Line, context: InlineContext) -> bool:
    """Return whether a line runs against the direction of the book's pages."""
    base = line.runs[0].style.base if line.runs else 0
    return (base == 1) != context.mirrored


def baseline_drop(style: TextStyle, context: InlineContext) -> float:
    """Return the distance from a line's top to its baseline (points)."""
    face = context.faces[style.face]
    height = (face.ascent - face.descent) / 1000 * style.size
    return float((style.leading - height) / 2 + face.ascent / 1000 * style.size)


class Marker(Flowable):
    """A list item's bullet or number, left of the first line of its body: takes no height."""

    __slots__ = ("context", "marker", "raised", "style")

    def __init__(self, marker: Line, style: TextStyle, context: InlineContext, x: float) -> None:
        super().__init__(0.0, x)
        self.marker = marker
        self.style = style
        self.context = context
        self.keep_with_next = True
        self.raised = 0.0

    def draw(self, page: Page, left: float, top: float, artifact: bool = False) -> None:
        """Draw the marker on the first baseline of the line that follows."""
        baseline = top - baseline_drop(self.style, self.context) - self.raised
        draw_line(self.marker, page, left + self.x, baseline, self.style, self.context, artifact)


class RuleLine(Flowable):
    """A horizontal rule."""

    __slots__ = ("color", "weight", "width")

    def __init__(
        self,
        height: float,
        x: float,
        width: float,
        color: Color,
        weight: float = 0.6,
    ) -> None:
        super().__init__(height, x)
        self.width = width
        self.color = color
        self.weight = weight

    def draw(self, page: Page, left: float, top: float, artifact: bool = False) -> None:
        """Draw the rule at the foot of its height."""
        y = top - self.height
        x = left + self.x
        page.items.append(Segment(x, y, x + self.width, y, self.color, self.weight))


class ImagePiece(Flowable):
    """A picture of a fixed size."""

    __slots__ = ("element", "path", "width")

    def __init__(
        self, path: str, x: float, width: float, height: float, element: StructElem | None
    ) -> None:
        super().__init__(height, x)
        self.path = path
        self.width = width
        self.element = element

    def draw(self, page: Page, left: float, top: float, artifact: bool = False) -> None:
        """Draw the picture."""
        x = left + self.x
        page.items.append(
            Picture(
                x,
                top - self.height,
                self.width,
                self.height,
                self.path,
                None if artifact else self.element,
            )
        )


class ChartPiece(Flowable):
    """A drawn figure."""

    __slots__ = ("chart", "element")

    def __init__(self, chart: Chart, x: float, element: StructElem | None) -> None:
        super().__init__(chart.height, x)
        self.chart = chart
        self.element = element

    def right_edge(self) -> float:
        """Return how far the figure reaches to the right."""
        return self.x + self.chart.width

    def draw(self, page: Page, left: float, top: float, artifact: bool = False) -> None:
        """Draw the figure with its top at `top`."""
        chart = self.chart
        place = (left + self.x, top - chart.height, chart.width, chart.height)
        element = None if artifact else self.element
        page.items.append(
            Drawing(*place, chart.items, element, chart.fixed, chart.shrunk, chart.clipped)
        )


class PictureRow(Flowable):
    """Pictures side by side, all of one height."""

    __slots__ = ("pieces",)

    def __init__(self, pieces: Sequence[Flowable]) -> None:
        super().__init__(max(piece.height for piece in pieces), pieces[0].x)
        self.pieces = pieces

    def right_edge(self) -> float:
        """Return how far the last picture reaches to the right."""
        return max(piece.right_edge() for piece in self.pieces)

    def draw(self, page: Page, left: float, top: float, artifact: bool = False) -> None:
        """Draw the pictures from left to right."""
        for piece in self.pieces:
            piece.draw(page, left, top, artifact)


class AcrossPaper(Flowable):
    """A picture from one edge of the paper to the other, wherever the frame begins."""

    __slots__ = ("bleed", "picture")

    def __init__(self, picture: Flowable, bleed: float) -> None:
        super().__init__(picture.height)
        self.picture = picture
        self.bleed = bleed

    def right_edge(self) -> float:
        """Return the width of the paper: no column is as wide."""
        return self.picture.right_edge()

    def draw(self, page: Page, left: float, top: float, artifact: bool = False) -> None:
        """Draw the picture, which continues into the bleed."""
        self.picture.draw(page, -self.bleed, top, artifact)


class Leader(TextLine):
    """A line of the contents list: text, dots, and a page number at the right edge."""

    __slots__ = ("tail",)

    def __init__(
        self,
        line: Line,
        tail: Line,
        style: TextStyle,
        context: InlineContext,
        x: float,
        width: float,
    ) -> None:
        super().__init__(line, style, context, x, width)
        self.tail = tail

    def draw(self, page: Page, left: float, top: float, artifact: bool = False) -> None:
        """Draw text, leader dots (an artifact) and number."""
        super().draw(page, left, top, artifact)
        baseline = top - baseline_drop(self.style, self.context)
        flowable = self.tail.runs[0]
        face = self.context.faces[flowable.style.face]
        number = self.context.label_of(flowable.late)
        width = face.width(number) * flowable.style.size / 1000
        right = left + self.x + self.width
        self._dots(page, left + self.x + self.line.width + 5, right - width - 5, baseline)
        tail = Line(self.tail.runs, width)
        draw_line(tail, page, right - width, baseline, self.style, self.context, artifact)

    def _dots(self, page: Page, start: float, end: float, baseline: float) -> None:
        step = 4.2
        end = end - end % step
        start = start + (step - start % step)
        count = int((end - start) / step)
        if count < 1:
            return
        soft = self.context.theme.color("colors.soft")
        first = Segment(
            start, baseline + 0.5, start + count * step, baseline + 0.5, soft, 0.7, step
        )
        page.items.append(first)


def set_lines(
    lines: list[Line], style: TextStyle, context: InlineContext, x: float, width: float
) -> list[Flowable]:
    """Return lines as flowables, without widows and orphans."""
    flowables: list[Flowable] = [TextLine(line, style, context, x, width) for line in lines]
    if flowables:
        flowables[0].before = style.before
        flowables[-1].after = style.after
        for flowable in flowables[:-1]:
            flowable.break_cost = INSIDE_PARAGRAPH
        if len(flowables) > 1:
            flowables[0].keep_with_next = True
            flowables[-2].keep_with_next = True
    return flowables


def keep_whole(flowables: Sequence[Flowable], cost: float = INSIDE_WHOLE) -> None:
    """Make it cost this much to end a page between these flowables."""
    for flowable in flowables[:-1]:
        flowable.break_cost = max(flowable.break_cost, cost)


def keep_few_lines(flowables: Sequence[Flowable]) -> None:
    """Keep the first lines together that a heading above `flowables` needs next to it."""
    lines = 0
    for flowable in flowables[:-1]:
        lines += lines_of(flowable)
        if lines >= FEW_LINES:
            break
        flowable.keep_with_next = True


def lines_of(flowable: Flowable) -> int:
    """Return how many lines of text this is, or is as high as; white has none."""
    if isinstance(flowable, Gap) or not flowable.height:
        return 0
    return 1 if isinstance(flowable, TextLine) else max(1, int(flowable.height / LINE))


def drawn_height(flowables: Sequence[Flowable]) -> float:
    """Return the height of a stack; the larger of two white spaces counts between neighbours."""
    total = 0.0
    after = 0.0
    for number, flowable in enumerate(flowables):
        if number:
            total += max(after, flowable.before)
        total += flowable.height
        after = flowable.after
    return total


def fitting(flowables: Sequence[Flowable], available_height: float) -> tuple[int, int]:
    """Return how many of `flowables` fit, and how many of these before the last good break."""
    good = count = 0
    for number in range(1, len(flowables) + 1):
        if drawn_height(flowables[:number]) > available_height + 0.01:
            break
        count = number
        if not flowables[number - 1].keep_with_next or number == len(flowables):
            good = number
    return count, good


def draw_stack(
    flowables: Sequence[Flowable], page: Page, left: float, top: float, artifact: bool = False
) -> float:
    """Draw a stack from `top` downwards; return the y at which it ends."""
    y = top
    after = 0.0
    for number, flowable in enumerate(flowables):
        if number:
            y -= max(after, flowable.before)
        flowable.draw(page, left, y, artifact)
        y -= flowable.height
        after = flowable.after
    return y
