"""Put running heads, feet and the fields of every page on the pages of a book."""

from __future__ import annotations

import re
from dataclasses import field

from ..core.diagnostics import Source
from ..core.values import record
from ..document.fields import FieldSpec, FieldSpecs
from ..document.nodes import Meta, plain_text
from .chapter import COVERS, PlannedPage
from .frame import PageFrames
from .inline.encode import encode_runs
from .inline.runs import InlineContext, RunStyle, TextRun, glyphs_of
from .page import FieldPlaceholder, Page, PageField

# Between the two sides of a running head (points), and the share of its width that the inner side
# keeps at least.
SIDES_GAP = 12.0
INNER_SHARE = 0.3


@record
class RunningHeads:
    """Draws the running heads and feet of one document; `total` counts its main pages.

    It knows what they say, not the document, which is not needed once it is laid out.
    """

    meta: Meta
    fields: FieldSpecs
    provided_fields: frozenset[str]
    source: Source
    frames: PageFrames
    context: InlineContext
    total: int
    _runs: dict[str, list[TextRun]] = field(default_factory=dict)

    def draw(self, plan: PlannedPage, page: Page) -> None:
        """Draw head and foot of a page; none on covers, no head above a chapter's title."""
        meta = self.meta
        gettext = self.context.words.gettext
        foot = self.frames.length("foot")
        if plan.first.layout in COVERS and not plan.sheet.blank:
            return
        if not plan.begins:
            title = plan.chapter.short_title or plain_text(plan.chapter.title)
            height = page.height - self.frames.length("head")
            outer = gettext("Notes") if plan.sheet.blank else title
            self._line(page, plan.index, height, meta.title, outer)
        self._fields(page, plan.index, foot)
        if plan.first.matter == "front":
            number = gettext("Page {number}", number=page.label)
        else:
            number = gettext("Page {number} of {total}", number=page.label, total=self.total)
        self._line(page, plan.index, foot, meta.subtitle, number)

    def _place(self, page: Page, index: int) -> tuple[float, float]:
        """Return the left edge and the width of a page's frame."""
        landscape = page.width != self.frames.frame().width
        return self.frames.frame(index, landscape).left, self.frames.width(landscape)

    def _fields(self, page: Page, index: int, foot: float) -> None:
        """Put the fields that every page shows below the running foot."""
        style = self.frames.theme.style("running-head")
        left, width = self._place(page, index)
        y = foot - style.leading
        for name, spec in self.fields.items():
            if spec.place == "footer" and self._may_have_value(name, spec):
                placeholder = FieldPlaceholder(
                    0.0,
                    0.0,
                    name,
                    style.face,
                    style.size,
                    style.leading,
                    style.color,
                    width,
                    spec.lines,
                    spec.floor,
                    None,
                )
                page.running_items.append(PageField(left, y, placeholder))
                y -= style.leading * spec.lines

    def _may_have_value(self, name: str, spec: FieldSpec) -> bool:
        """Return whether copies of this document can have a value for a field."""
        named = re.findall(r"\{([\w-]+)\}", spec.default)
        provided = self.provided_fields
        return name in provided or bool(named and provided.issuperset(named))

    def _line(self, page: Page, index: int, y: float, inner: str, outer: str) -> None:
        """Draw a running head or foot; where both sides do not fit, they are shortened."""
        start, width = self._place(page, index)
        inner, outer = self._shortened(inner, outer, width)
        sides = [self._encoded(inner), self._encoded(outer)]
        widths = [sum(run.width for run in runs) for runs in sides]
        places = [start, start + width - widths[1]]
        if self.frames.print_options.mirrored and index % 2:
            places = [start + width - widths[0], start]
        page.running_items += glyphs_of(sides[0], places[0], y)
        page.running_items += glyphs_of(sides[1], places[1], y)

    def _shortened(self, inner: str, outer: str, width: float) -> tuple[str, str]:
        """Return both sides of a line so that they fit, the outer one as long as it can be."""
        widths = [sum(run.width for run in self._encoded(words)) for words in (inner, outer)]
        free = width - SIDES_GAP
        if sum(widths) <= free:
            return inner, outer
        least = min(widths[0], free * INNER_SHARE)
        outer = self._cut(outer, free - least)
        left = free - sum(run.width for run in self._encoded(outer))
        return self._cut(inner, left), outer

    def _cut(self, words: str, width: float) -> str:
        """Return the start and the end of `words`, as much of them as fits `width` points."""

        def fits(text: str) -> bool:
            return sum(run.width for run in self._encode(text)) <= width

        if fits(words):
            return words
        low, high = 0, len(words)
        while high - low > 1:
            middle = (low + high) // 2
            if fits(_start_and_end(words, middle)):
                low = middle
            else:
                high = middle
        return _start_and_end(words, low) if low else ""

    def _encode(self, words: str) -> list[TextRun]:
        style = self.frames.theme.style("running-head")
        run_style = RunStyle(style.face, style.size, style.color, 0.0, None, "", "")
        return encode_runs(self.context, words, run_style, self.source) if words else []

    def _encoded(self, words: str) -> list[TextRun]:
        """Return words as the runs of a line in the style of running heads."""
        if words not in self._runs:
            runs = self._encode(words)
            self._runs[words] = runs[::-1] if self.context.mirrored else runs
        return self._runs[words]


def _start_and_end(words: str, count: int) -> str:
    """Return `count` characters of `words`, the last third of them from its end."""
    tail = count // 3
    return words[: count - tail].rstrip() + "…" + (words[-tail:].lstrip() if tail else "")
