"""Lay out a certificate: a coloured band at the left, large words, and facts in columns below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ...core.diagnostics import error
from ...core.values import frozen
from ...document.nodes import Block, Chapter, DefinitionList, Heading, Image, Meta, Paragraph
from ...theme.brand.logos import COVER, fitted
from ...theme.theme import Theme
from ..flow.flowables import Flowable, RuleLine, drawn_height
from ..page import Box, Page, Polygon
from .area import Area
from .cover import stacked
from .figure import ratio_of, set_picture
from .layouter import BlockLayouter

# The band's share of the page's width, and the words' distance from it and from the right edge.
BAND = 0.235
GAP = 48.0
MARGIN = 48.0
# Between the columns of facts, and between these and the rule above them (points).
GUTTER = 18.0
ABOVE_FACTS = 16.0
_STYLES = {"kicker": "kicker", "subtitle": "subtitle", "learner": "learner"}
_COLUMNS = 4

Positioned = list[tuple[Flowable, float]]


@frozen
class CertificatePage:
    """The paper and the frame that offsets count from (points)."""

    width: float
    height: float
    left: float
    top: float
    bottom: float

    @property
    def column(self) -> tuple[float, float]:
        """Return where words begin, from the frame's left edge, and their width."""
        x = self.width * BAND + GAP
        return x - self.left, self.width - x - MARGIN


def certificate_pieces(
    layouter: BlockLayouter, chapter: Chapter, area: Area, page: CertificatePage,
    logo: Image | None = None,
) -> Positioned:  # fmt: skip
    """Return a certificate's words with the distance of each from the top of the page's frame.

    Without a heading it has the chapter's title.  The last list of definitions is its facts: a
    column for each at the foot of the page.
    """
    x, width = page.column
    area = replace(
        area, x=x, width=width, wide_x=x, wide_width=width, left=x, style="certificate-text",
        top_level=False,
    )  # fmt: skip
    head: list[Flowable] = []
    if logo is not None:
        size = fitted(ratio_of(logo), COVER)
        figure = area.element.child("Figure")
        figure.alt = logo.alt
        head = [set_picture(layouter, logo, (x, *size), figure)]
    last = chapter.blocks[-1] if chapter.blocks else None
    facts = last if isinstance(last, DefinitionList) else None
    blocks = chapter.blocks[:-1] if facts else chapter.blocks
    if not any(isinstance(block, Heading) for block in blocks):
        blocks = (Heading(2, chapter.title, source=chapter.source), *blocks)
    words = _words(layouter, blocks, area)
    words[0].anchors.append(chapter.id)
    below = _facts(layouter, facts, area) if facts else []
    height = page.height - page.top - page.bottom
    foot = height - max((offset + item.height for item, offset in below), default=0.0)
    start = drawn_height(head) + 14 if head else 0.0
    room = foot - start - drawn_height(words)
    if room < 0 or any(flowable.notes for flowable in words):
        raise error(
            "the certificate has no room for its words"
            if room < 0
            else "a certificate has no room for footnotes",
            at=chapter.source,
            hint="put less on it, or make its styles smaller in the theme (text.certificate-…)",
            code="cover",
        )
    return [
        *((flowable, 0.0) for flowable in head),
        *stacked(words, start + room / 2),
        *((flowable, foot + offset) for flowable, offset in below),
    ]


def _words(layouter: BlockLayouter, blocks: Sequence[Block], area: Area) -> list[Flowable]:
    theme = layouter.context.theme
    words: list[Flowable] = []
    for block in blocks:
        if not isinstance(block, (Heading, Paragraph)):
            words += layouter.lay_out(block, area)
            continue
        heading = isinstance(block, Heading)
        kind = next((_STYLES[name] for name in block.classes if name in _STYLES), "text")
        style = theme.style(f"certificate-{'title' if heading else kind}")
        element = area.element.child("H1" if heading else "P")
        words += layouter.lines(block.content, style, element, area, block.source)
    return words


def _facts(layouter: BlockLayouter, facts: DefinitionList, area: Area) -> Positioned:
    """Lay out facts side by side, a label above each."""
    theme = layouter.context.theme
    element = area.element.child("L")
    element.attributes = {"O": "List", "ListNumbering": "None"}
    rule = RuleLine(0.0, area.x, area.width, theme.color("colors.hairline"))
    placed: Positioned = [(rule, 0.0)]
    width = (area.width - GUTTER * (len(facts.items) - 1)) / len(facts.items)
    for number, fact in enumerate(facts.items):
        item = element.child("LI")
        column = replace(area, x=area.x + number * (width + GUTTER), width=width)
        column = replace(column, wide_x=column.x, wide_width=width, left=column.x)
        style = theme.style("certificate-label")
        flowables: list[Flowable] = []
        for term in fact.terms:
            flowables += layouter.lines(term, style, item.child("Lbl"), column, fact.source)
        inner = replace(column, element=item.child("LBody"), style="certificate-fact")
        flowables += layouter.lay_out_all(fact.blocks, inner)
        placed += stacked(flowables, ABOVE_FACTS)
    return placed


def draw_certificate(page: Page, theme: Theme, meta: Meta, bleed: float) -> None:
    """Draw the band and its pattern, which continues into the `bleed` (points)."""
    field, accent = theme.color("cover.field"), theme.color("cover.pattern")
    width = page.width * BAND
    page.background.append(Box(-bleed, -bleed, width + bleed, page.height + 2 * bleed, field))
    step = width / _COLUMNS
    rows = int(page.height / step) + 1
    seed = sum(ord(char) * (place + 7) for place, char in enumerate(meta.title + meta.identifier))
    for row in range(rows):
        for column in range(_COLUMNS):
            seed = (seed * 1103515245 + 12345) % 2147483648
            # Dense at the foot, and open at the top.
            if seed // 65536 % rows < row:
                continue
            left, low = column * step, row * step
            edge = -bleed if column == 0 else left
            base = -bleed if row == 0 else low
            corners = ((edge, base), (left + step, base), (left + step, low + step),
                       (edge, low + step))  # fmt: skip
            points = tuple(corners[(seed // 1024 + turn) % 4] for turn in range(3))
            page.background.append(Polygon(points, accent))
