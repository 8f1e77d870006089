"""Cache the lines of paragraphs by everything that they depend on.

A paragraph comes out as it did if its words, its style and its width are the same, and what the
book says to its links and references.  So a key holds these; theme, fonts and the way a book is
printed are its owner's concern.  Text that needs shaping or has notes is not cached.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from itertools import islice
from typing import Any

from ...core.diagnostics import Source
from ...core.values import record
from ...document.nodes import (
    Checkbox,
    Code,
    Field,
    IndexMark,
    Inlines,
    LineBreak,
    Link,
    Reference,
    Span,
    Text,
)
from ...fonts.face import Face
from ...theme.theme import TextStyle
from ..figure.charts import KINDS, Chart, draw_chart
from ..inline.compose import InlineLayouter
from ..inline.highlight import Part, code_rows
from ..inline.line_breaking import Stops, natural_widths
from ..inline.packed_lines import Packed, Unpackable, pack, unpacked
from ..inline.runs import InlineContext, Line, UnbreakableRun
from ..inline.total_fit import paragraph_lines
from ..page import Box, Glyphs, Path, Polygon, Segment
from ..structure import StructElem

# With this many times the paragraphs of the last book, all others are forgotten.
SPARE = 6


class Uncacheable(Exception):
    """Raised if a paragraph cannot be cached."""


@record
class ParagraphCache:
    """Lines and widths of paragraphs, for books in one theme; `faces` is known of fonts."""

    lines: dict[Any, Packed] = field(default_factory=dict)
    widths: dict[Any, tuple[float, float, Stops]] = field(default_factory=dict)
    faces: dict[str, Any] = field(default_factory=dict)
    code: dict[Any, list[list[Part]]] = field(default_factory=dict)
    charts: dict[Any, Any] = field(default_factory=dict)
    # How many were laid out because they were not here.
    misses: int = 0
    _used: set[Any] = field(default_factory=set)
    # What was put together to see how wide it is, and is to be broken into lines soon.
    _chunks: dict[Any, tuple[StructElem, list[UnbreakableRun]]] = field(default_factory=dict)

    def prepare(self, faces: Mapping[str, Face]) -> None:
        """Pass cached widths to the faces."""
        for name, face in faces.items():
            if known := self.faces.get(name):
                face.import_cache(known)

    def kept(self, faces: Mapping[str, Face]) -> tuple[Any, ...]:
        """Return what to keep for the next book, in plain values: `Paragraphs(*kept)`."""
        self.begin()
        known = {name: face.export_cache() for name, face in faces.items()}
        return self.lines, self.widths, known, self.code, self.charts

    def sizes(self) -> list[int]:
        """Return how much is known, for `export_since`."""
        return [len(table) for table in self._tables()]

    def export_since(self, sizes: list[int], faces: Mapping[str, Face]) -> tuple[Any, ...]:
        """Return what was learnt since, and the numbers of what was used, for `add`."""
        tables = self._tables()
        new = [dict(islice(t.items(), n, None)) for t, n in zip(tables, sizes, strict=True)]
        used = [
            [number for number, key in enumerate(islice(t, n)) if key in self._used]
            for t, n in zip(tables, sizes, strict=True)
        ]
        return new, used, {name: face.export_cache() for name, face in faces.items()}

    def add(self, learnt: tuple[Any, ...], faces: Mapping[str, Face]) -> None:
        """Know what another process learnt since its tables were the same as these."""
        new, used, characters = learnt
        for table, numbers, more in zip(self._tables(), used, new, strict=True):
            keys = [*islice(table, numbers[-1] + 1)] if numbers else []
            self._used.update(keys[number] for number in numbers)
            self._used.update(more)
            self.misses += len(more)
            table.update(more)
        for name, face in faces.items():
            face.add_cache(characters[name])

    def _tables(self) -> list[dict[Any, Any]]:
        return [self.lines, self.widths, self.code, self.charts]

    def begin(self) -> None:
        """Begin another book: drop what the last one did not use if there is too much."""
        used = self._used
        tables = self._tables()
        if used and sum(map(len, tables)) > SPARE * len(used):
            for table in tables:
                for key in table.keys() - used:
                    del table[key]
        self.misses, self._used, self._chunks = 0, set(), {}

    def set(
        self,
        content: Inlines,
        style: TextStyle,
        element: StructElem | None,
        width: float,
        context: InlineContext,
        source: Source,
    ) -> tuple[list[Line], list[str]]:
        """Return the lines of a paragraph, and the notes that it names."""
        marks: list[str] = []
        try:
            text = _key(content, style, context, marks)
        except Uncacheable:
            composer = InlineLayouter(context, style, element, source)
            return paragraph_lines(composer.compose(content), width, context, style), composer.notes
        align = style.align if style.align in ("justify", "balance") else ""
        key = (text, width, element is None, align)
        self._used.add(key)
        packed = self.lines.get(key)
        if packed is not None:
            return unpacked(packed, element, marks), []
        self.misses += 1
        base, chunks = self._chunks.get(text) or (element, None)
        if chunks is None or element is None:
            base, chunks = element, _compose(content, style, element, context, source)
        lines = paragraph_lines(chunks, width, context, style)
        try:
            packed = self.lines[key] = pack(lines, base, marks)
        except Unpackable:
            if base is not element:
                chunks = _compose(content, style, element, context, source)
                lines = paragraph_lines(chunks, width, context, style)
            return lines, []
        return unpacked(packed, element, marks), []

    def natural_widths(
        self, content: Inlines, style: TextStyle, context: InlineContext, source: Source
    ) -> tuple[float, float, Stops]:
        """Return the width of a paragraph's widest word, that of one line, and where words stop."""
        marks: list[str] = []
        try:
            key = _key(content, style, context, marks)
        except Uncacheable:
            return natural_widths(_compose(content, style, None, context, source))
        widths = self.widths.get(key)
        if widths is None:
            self.misses += 1
            base = StructElem("P")
            chunks = _compose(content, style, base, context, source)
            if not marks:
                self._chunks[key] = base, chunks
            widths = self.widths[key] = natural_widths(chunks)
        self._used.add(key)
        return widths

    def rows(self, text: str, language: str, limit: int) -> list[list[Part]]:
        """Return lines of code as `code_rows` has them."""
        key = text, language, limit
        if key not in self.code:
            self.misses += 1
            self.code[key] = code_rows(text, language, limit)
        self._used.add(key)
        return self.code[key]

    def drawing(self, key: Any, draw: Callable[[], Any]) -> Any:
        """Return what `draw` returns, from here if it was drawn earlier."""
        drawn = self.charts.get(key)
        if drawn is None:
            drawn = draw()
            if all(map(_simple, drawn.items)):
                self.misses += 1
                self.charts[key] = drawn
        self._used.add(key)
        return drawn

    def chart(
        self, attributes: Mapping[str, str], width: float, context: InlineContext, source: Source
    ) -> Chart:
        """Return the chart that `draw_chart` draws."""
        key = "chart", tuple(attributes.items()), width, context.language
        chart = self.charts.get(key)
        if chart is None:
            theme, faces, words = context.theme, context.faces, context.words
            chart = draw_chart(attributes, theme, faces, width, source, words)
            if attributes["kind"] in KINDS and all(map(_simple, chart.items)):
                self.misses += 1
                self.charts[key] = chart
        self._used.add(key)
        return chart


def _simple(item: object) -> bool:
    """Return whether ink is made of plain values."""
    if isinstance(item, Glyphs):
        return isinstance(item.codes, str) and item.element is None
    return isinstance(item, (Box, Path, Segment, Polygon))


def _compose(
    content: Inlines,
    style: TextStyle,
    element: StructElem | None,
    context: InlineContext,
    source: Source,
) -> list[UnbreakableRun]:
    return InlineLayouter(context, style, element, source).compose(content)


# ---------------------------------------------------------------------- keys


def _key(content: Inlines, style: TextStyle, context: InlineContext, marks: list[str]) -> Any:
    """Return what the chunks of a paragraph depend on; add the ids of its marks to `marks`."""
    parts = _parts(content, context, marks)
    return (style.face, style.size, style.color, context.language, context.mirrored, *parts)


def _parts(content: Inlines, context: InlineContext, marks: list[str]) -> list[Any]:
    parts: list[Any] = []
    for inline in content:
        if isinstance(inline, Text):
            parts.append(inline.text)
        elif isinstance(inline, Code):
            parts.append(("code", inline.text))
        elif isinstance(inline, Span):
            inner = _parts(inline.children, context, marks)
            parts.append(("span", inline.kind, inline.lang, inline.expansion, *inner))
        elif isinstance(inline, Link):
            inner = _parts(inline.children, context, marks)
            number = context.address_of.get(inline.target)
            parts.append(("link", inline.target, inline.title, inline.quiet, number, *inner))
        elif isinstance(inline, Reference):
            target = inline.target
            answer = context.title_of.get(target), context.number_of.get(target)
            parts.append(("to", target, inline.form, *answer))
        elif isinstance(inline, IndexMark):
            marks.append(inline.id)
            parts.append(("mark",))
        elif isinstance(inline, LineBreak):
            parts.append(("break",))
        elif isinstance(inline, Checkbox):
            parts.append(("box", inline.checked))
        elif isinstance(inline, Field):
            parts.append(("field", inline.name, context.fields[inline.name].width))
        else:
            raise Uncacheable
    return parts
