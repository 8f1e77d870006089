"""Put running heads, feet and the fields of every page on the pages of a book."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ..document.fields import FieldSpec
from ..document.nodes import Document, plain_text
from .chapter import COVERS, LaidOutChapter
from .frame import PageFrames
from .inline.encode import encode_runs
from .inline.runs import InlineContext, RunStyle, TextRun
from .page import FieldPlaceholder, Glyphs, Page, PageField, PageItem


@dataclass(slots=True)
class RunningHeads:
    """Draws the running heads and feet of one document; `total` counts its main pages."""

    document: Document
    frames: PageFrames
    context: InlineContext
    total: int
    _runs: dict[str, list[TextRun]] = field(default_factory=dict)

    def draw(self, part: LaidOutChapter, pages: list[Page]) -> None:
        """Draw heads and feet of a chapter; none on covers, no head above its title."""
        title = part.chapter.short_title or plain_text(part.chapter.title)
        meta = self.document.meta
        gettext = self.context.words.gettext
        foot = self.frames.length("foot")
        for offset, sheet in enumerate(part.sheets):
            index = part.first_page + offset
            page = pages[index]
            if part.chapter.layout in COVERS and not sheet.blank:
                continue
            if offset:
                height = page.height - self.frames.length("head")
                self._line(
                    page, index, height, meta.title, gettext("Notes") if sheet.blank else title
                )
            self._fields(page, index, foot)
            if part.chapter.matter == "front":
                number = gettext("Page {number}", number=page.label)
            else:
                number = gettext("Page {number} of {total}", number=page.label, total=self.total)
            self._line(page, index, foot, meta.subtitle, number)

    def _place(self, page: Page, index: int) -> tuple[float, float]:
        """Return the left edge and the width of a page's frame."""
        landscape = page.width != self.frames.frame().width
        return self.frames.frame(index, landscape).left, self.frames.width(landscape)

    def _fields(self, page: Page, index: int, foot: float) -> None:
        """Put the fields that every page shows below the running foot."""
        style = self.frames.theme.style("running-head")
        left, width = self._place(page, index)
        y = foot - style.leading
        for name, spec in self.document.fields.items():
            if spec.place == "footer" and self._may_have_value(name, spec):
                placeholder = FieldPlaceholder(
                    0.0, 0.0, name, style.face, style.size, style.leading, style.color, width,
                    spec.lines, spec.floor, None,
                )  # fmt: skip
                page.running_items.append(PageField(left, y, placeholder))
                y -= style.leading * spec.lines

    def _may_have_value(self, name: str, spec: FieldSpec) -> bool:
        """Return whether copies of this document can have a value for a field."""
        named = re.findall(r"\{([\w-]+)\}", spec.default)
        provided = self.document.provided_fields
        return name in provided or bool(named and provided.issuperset(named))

    def _line(self, page: Page, index: int, y: float, inner: str, outer: str) -> None:
        """Draw a running head or foot; if both sides do not fit, only the outer one."""
        start, width = self._place(page, index)
        sides = [self._encoded(inner), self._encoded(outer)]
        widths = [sum(run.width for run in runs) for runs in sides]
        places = [start, start + width - widths[1]]
        if self.frames.print_options.mirrored and index % 2:
            places = [start + width - widths[0], start]
        if sum(widths) + 12 <= width:
            page.running_items += _glyphs(sides[0], places[0], y)
        page.running_items += _glyphs(sides[1], places[1], y)

    def _encoded(self, words: str) -> list[TextRun]:
        """Return words as the runs of a line in the style of running heads."""
        if words not in self._runs:
            style = self.frames.theme.style("running-head")
            run_style = RunStyle(style.face, style.size, style.color, 0.0, None, "", "")
            source = self.document.chapters[0].source
            runs = encode_runs(self.context, words, run_style, source) if words else []
            self._runs[words] = runs[::-1] if self.context.mirrored else runs
        return self._runs[words]


def _glyphs(runs: list[TextRun], x: float, y: float) -> list[PageItem]:
    items: list[PageItem] = []
    for run in runs:
        style = run.style
        codes = run.shaped or run.codes
        items.append(Glyphs(x, y, style.face, style.size, style.color, codes, None))
        x += run.width
    return items
