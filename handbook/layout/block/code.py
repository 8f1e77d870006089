"""Lay out code blocks."""

from __future__ import annotations

from dataclasses import replace

from ...document.nodes import (
    CodeBlock,
)
from ...theme.theme import TextStyle
from ..flow.flowables import (
    BoxDecoration,
    Flowable,
    set_lines,
)
from ..inline.encode import encode_runs
from ..inline.highlight import CONTINUATION, CONTINUED, WIDE, Part, cells
from ..inline.runs import Line, RunStyle, TextRun
from ..structure import StructElem
from .area import Area
from .box import boxed
from .layouter import BlockLayouter


def set_code(layouter: BlockLayouter, block: CodeBlock, area: Area) -> list[Flowable]:
    """Lay out code on a tint; a line that is too long continues below, indented."""
    theme = layouter.context.theme
    style = theme.style("code")
    pad = theme.number("code.padding")
    face = layouter.context.faces[style.face]
    unit = face.width("0") * style.size / 1000
    text_lines = block.text.rstrip("\n").split("\n")
    longest = max(map(cells, text_lines)) * unit + 2 * pad
    if area.top_level and longest > area.width:
        area = replace(area, x=area.wide_x, width=area.wide_width)
    frame = BoxDecoration(area.x, area.width, theme.color("code.wash"))
    group = area.element.child("Div")
    inner = area.inside(group, pad, frames=(*area.frames, frame))
    inner = replace(inner, width=inner.width - pad)
    limit = max(10, int(inner.width / unit))
    rows = layouter.paragraphs.rows(block.text.rstrip("\n"), block.language, limit)
    lines: list[Line] = []
    element = group
    for row in rows:
        if row[:1] != [(CONTINUATION, CONTINUED)]:
            # A screen reader says line by line what is written line by line.
            element = group.child("P").child("Code")
        lines.append(_line(layouter, row, style, element, block, unit))
    flowables = set_lines(lines, replace(style, after=0.0), layouter.context, inner.x, inner.width)
    for flowable in flowables:
        flowable.frames = inner.frames
    # At least four lines on either side of a break.
    for flowable in (*flowables[:3], *flowables[-4:-1]):
        flowable.keep_with_next = True
    box = boxed(layouter, flowables, inner, pad * 0.75)
    box[0].before = box[-1].after = style.after
    return box


def _line(
    layouter: BlockLayouter,
    parts: list[Part],
    style: TextStyle,
    element: StructElem,
    block: CodeBlock,
    unit: float,
) -> Line:
    runs: list[TextRun] = []
    for words, kind in [*parts, (" ", "")]:
        run_style = _run_style(layouter, kind, style, element)
        for part in WIDE.split(words) if not words.isascii() else [words]:
            if part:
                new = encode_runs(layouter.context, part, run_style, block.source, base=0)
                if len(part) == 1 and cells(part) == 2:
                    new = [new[0]._replace(width=2 * unit)]
                runs += new
    return Line(runs, sum(run.width for run in runs))


def _run_style(
    layouter: BlockLayouter, kind: str, style: TextStyle, element: StructElem
) -> RunStyle:
    theme = layouter.context.theme
    face, color = style.face, style.color
    if kind and kind != CONTINUED:
        face = theme.text(f"code.{kind}.face")
        color = theme.color(f"code.{kind}.color")
    return RunStyle(face, style.size, color, 0.0, element, "", "")
