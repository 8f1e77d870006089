"""Put what a term of the glossary means next to the paragraph that first uses it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...document.nodes import IndexMark, Inline, Inlines, Paragraph, Span, Text, plain_text
from ..flow.flowables import Flowable, drawn_height
from .area import Area
from .layouter import BlockLayouter
from .side_notes import AfterFigure

# A paragraph with more terms than this lists them.
MOST_TERMS = 4
# A word without capitals but for its first letter.
_ORDINARY = re.compile(r"\w[^\W\d_A-Z]*")
# Between a definition and what is above it in the side column (points).
APART = 5.0


def define_terms(
    layouter: BlockLayouter, block: Paragraph, lines: list[Flowable], area: Area
) -> None:
    """Put into the side column what the terms mean that a chapter uses here for the first time.

    Only if the column is free, and has room for it next to the paragraph: no page is longer for it.
    """
    for term in _new_terms(layouter, block):
        meaning = layouter.meaning_of.get(term)
        free = area.has_side and not layouter.overhang
        if meaning and free and layouter.context.theme.number("side.definitions"):
            note = _definition(layouter, term, meaning, area, block)
            waiting = [*layouter.aside, *note]
            if drawn_height(waiting) <= drawn_height(lines):
                layouter.aside = waiting
            else:
                area.element.kids.pop()


def _new_terms(layouter: BlockLayouter, block: Paragraph) -> list[str]:
    """Return the terms of a paragraph that are new in its chapter; a list of terms uses none.

    One ordinary word may mean something else ("feed"), so it counts where it is emphasised.
    """
    marks: list[str] = []
    emphasised: set[str] = set()
    for inline in _outside_links(block.content):
        if isinstance(inline, IndexMark):
            marks.append(inline.term)
        elif isinstance(inline, Span):
            emphasised.add(plain_text(inline.children).casefold().rstrip(".s"))
    if len(marks) > MOST_TERMS:
        return []
    terms = [t for t in marks if t.casefold() in emphasised or not _ORDINARY.fullmatch(t)]
    new_terms = [term for term in dict.fromkeys(terms) if term not in layouter.used_terms]
    layouter.used_terms.update(new_terms)
    return new_terms


def _outside_links(content: Inlines) -> Iterator[Inline]:
    """Yield inlines, but none of the words of links: they name what is elsewhere."""
    for inline in content:
        yield inline
        if isinstance(inline, Span):
            yield from _outside_links(inline.children)


def _definition(
    layouter: BlockLayouter, term: str, meaning: Inlines, area: Area, block: Paragraph
) -> list[Flowable]:
    """Return the lines of a definition, which is read after the paragraph."""
    context = layouter.context
    label = context.words.gettext("{label}: ", label=term)
    content = (Span("strong", (Text(label),)), *meaning)
    element = area.element.child("Div").child("P")
    style = context.theme.style("margin")
    lines = layouter.lines(content, style, element, area.side(), block.source)
    above = AfterFigure(0.0)
    if layouter.aside:
        above.before = APART
    lines[0].before = 0.0
    return [above, *lines]
