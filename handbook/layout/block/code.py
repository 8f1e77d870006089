"""Lay out code blocks."""

from __future__ import annotations

from dataclasses import replace

from ...document.nodes import (
    CodeBlock,
    Span,
    Text,
)
from ...theme.theme import TextStyle
from ..flow.flowables import (
    INSIDE_WHOLE,
    BoxDecoration,
    Flowable,
    Gap,
    baseline_drop,
    keep_whole,
    set_lines,
)
from ..inline.encode import encode_runs
from ..inline.highlight import CONTINUED, PROMPT, WIDE, Part, cells
from ..inline.runs import Line, RunStyle, TextRun
from ..structure import StructElem
from .area import Area
from .box import boxed
from .code_notes import notes_beside
from .figure import leaves_side, put_beside
from .layouter import BlockLayouter

# Code of this many lines stays on one page; the cost of a page's end inside longer code.
WHOLE_CODE = 30
INSIDE_LONG_CODE = 24.0
# What it costs more between a line and those that are further in and belong to it.
BELOW_ITS_HEAD = 30.0
# The same for code that is higher than this share of a page, in print too large for the above.
WHOLE_SHARE, INSIDE_HIGH_CODE = 0.5, 75.0
# White above and below the lines of a listing, by that next to them.
TOP = 0.75
# In columns, lines of code continue below up to this many columns wide.
LONG_LINE = 1.7


def set_code(layouter: BlockLayouter, block: CodeBlock, area: Area) -> list[Flowable]:
    """Lay out code on a tint; a line that is too long continues below, indented."""
    theme = layouter.context.theme
    style = theme.style("code")
    pad = theme.number("code.padding")
    unit = _unit(layouter)
    limit_width = area.width * (LONG_LINE if area.in_columns else 1)
    if area.top_level and (area.exhibits_wide or listing_width(layouter, block) > limit_width):
        area = replace(area, x=area.wide_x, width=area.wide_width)
    frame = BoxDecoration(area.x, area.width, theme.color("code.wash"))
    group = area.element.child("Div")
    inner = area.inside(group, pad, frames=(*area.frames, frame))
    inner = replace(inner, width=inner.width - pad)
    number = _gutter(block)
    limit = max(10, int(inner.width / unit) - number)
    rows = layouter.paragraphs.rows(block.text.rstrip("\n"), block.language, limit)
    title = _title(layouter, block, group, area, inner)
    lines: list[Line] = []
    of_row: list[int] = []
    element, count = group, 0
    for row in rows:
        continued = bool(row) and row[0][1] == CONTINUED
        if not continued:
            # A screen reader says line by line what is written line by line.
            element, count = group.child("P").child("Code"), count + 1
        line = _line(layouter, row, style, element, block, unit)
        if number:
            _number(layouter, line, "" if continued else str(block.first_line + count - 1), number,
                    style, block)  # fmt: skip
        lines.append(line)
        of_row.append(count)
    _add_callouts(layouter, block, lines, of_row, style)
    flowables = set_lines(lines, replace(style, after=0.0), layouter.context, inner.x, inner.width)
    for flowable in flowables:
        flowable.frames = inner.frames
    _keep_rows(flowables, of_row)
    _tint(layouter, block, flowables, of_row, rows, area)
    if layouter.code_notes is not None and leaves_side(layouter, area, area.x):
        flowables = notes_beside(layouter, block, flowables, of_row, area, pad * TOP)
    flowables = [*title, *flowables]
    # At least four lines on either side of a break.
    for flowable in (*flowables[:3], *flowables[-4:-1]):
        flowable.keep_with_next = True
    box = boxed(layouter, flowables, inner, pad * TOP)
    _charge_heads(block, flowables[len(title) :], of_row)
    keep_whole(box, _inside(len(lines), style.leading, layouter.page_height))
    box[0].before = box[-1].after = style.after
    return box


def _inside(count: int, leading: float, page: float) -> float:
    """Return what it costs to end a page inside code of `count` lines."""
    if count > WHOLE_CODE:
        return INSIDE_LONG_CODE
    large = WHOLE_CODE * leading > page and count * leading > page * WHOLE_SHARE
    return INSIDE_HIGH_CODE if large else INSIDE_WHOLE


def listing_width(layouter: BlockLayouter, block: CodeBlock) -> float:
    """Return how wide a listing is with its longest line on one row (points)."""
    lines = block.text.rstrip("\n").split("\n")
    pad = layouter.context.theme.number("code.padding")
    return max(map(cells, lines)) * _unit(layouter) + 2 * pad


def columns_of_code(layouter: BlockLayouter, area: Area) -> int:
    """Return how many characters a line of code has in `area`."""
    pad = layouter.context.theme.number("code.padding")
    return int((area.width - 2 * pad) / _unit(layouter))


def _unit(layouter: BlockLayouter) -> float:
    """Return the width of a character of code (points)."""
    style = layouter.context.theme.style("code")
    return layouter.context.faces[style.face].width("0") * style.size / 1000


def _keep_rows(flowables: list[Flowable], of_row: list[int]) -> None:
    """Keep the first two rows of a line of code together, and its last two."""
    for place in range(len(of_row) - 1):
        near = of_row[max(0, place - 1) : place + 3]
        if of_row[place] == of_row[place + 1] and near.count(of_row[place]) < 4:
            flowables[place].keep_with_next = True


def _charge_heads(block: CodeBlock, flowables: list[Flowable], of_row: list[int]) -> None:
    """Make it cost more to end a page between a line and those that are further in below it."""
    depths = [len(line) - len(line.lstrip(" ")) for line in block.text.rstrip("\n").split("\n")]
    for flowable, number in zip(flowables, of_row, strict=False):
        if number < len(depths) and depths[number - 1] < depths[number]:
            flowable.break_cost = INSIDE_LONG_CODE + BELOW_ITS_HEAD


def _gutter(block: CodeBlock) -> int:
    """Return how many characters the numbers of lines take, with the white after them."""
    if not block.first_line:
        return 0
    return len(str(block.first_line + block.text.count("\n"))) + 2


def _title(
    layouter: BlockLayouter, block: CodeBlock, group: StructElem, area: Area, inner: Area
) -> list[Flowable]:
    """Return the name of the file above its lines, or put it into the side column."""
    if not block.title:
        return []
    style = layouter.context.theme.style("caption")
    content = (Span("strong", (Text(block.title),)),)
    if leaves_side(layouter, area, area.x):
        theme, context = layouter.context.theme, layouter.context
        drop = baseline_drop(theme.style("code"), context) - baseline_drop(style, context)
        down = theme.number("code.padding") * TOP + drop
        put_beside(layouter, content, "", group.child("P"), area, block.source, Gap(down))
        return []
    flowables = layouter.lines(content, style, group.child("P"), inner, block.source)
    for flowable in flowables:
        flowable.keep_with_next = True
    return flowables


def _number(
    layouter: BlockLayouter, line: Line, number: str, width: int, style: TextStyle, block: CodeBlock
) -> None:
    """Put the number of a line before it, where it is neither copied nor read aloud."""
    color = layouter.context.theme.color("colors.soft")
    look = RunStyle(style.face, style.size, color, 0.0, None, "", "")
    text = number.rjust(width - 2) + "  "
    runs = encode_runs(layouter.context, text, look, block.source, base=0)
    line.runs[:0] = runs
    line.width += sum(run.width for run in runs)


def _add_callouts(
    layouter: BlockLayouter,
    block: CodeBlock,
    lines: list[Line],
    of_row: list[int],
    style: TextStyle,
) -> None:
    """Put the numbers of notes behind the lines that they are about."""
    color = layouter.context.theme.color("colors.accent")
    for number, mark in block.callouts:
        if number not in of_row:
            continue
        line = lines[len(of_row) - 1 - of_row[::-1].index(number)]
        run_style = line.runs[-1].style
        look = run_style._replace(face="bold", color=color, size=style.size)
        runs = encode_runs(layouter.context, f" ({mark}) ", look, block.source, base=0)
        line.runs += runs
        line.width += sum(run.width for run in runs)


def _tint(
    layouter: BlockLayouter,
    block: CodeBlock,
    flowables: list[Flowable],
    of_row: list[int],
    rows: list[list[Part]],
    area: Area,
) -> None:
    """Tint the lines to look at, with a bar for print in grey, and those that a change concerns."""
    theme = layouter.context.theme
    frame: BoxDecoration | None = None
    last = ""
    for flowable, number, row in zip(flowables, of_row, rows, strict=True):
        kind = "marked" if number in block.marked else _change(row)
        if kind != last:
            wash = theme.color(f"colors.{_WASHES[kind]}") if kind else None
            bar = theme.color("colors.accent") if kind == "marked" else None
            frame = BoxDecoration(area.x, area.width, wash, bar) if kind else None
            last = kind
        if frame is not None:
            flowable.frames = (*flowable.frames, frame)


_WASHES = {"marked": "wash-warm", "inserted": "wash-green", "deleted": "wash-red"}
# The colours of what is not in every theme's `code`.
_COLORS = {"inserted": "green", "deleted": "red", "prompt": "soft"}


def _change(row: list[Part]) -> str:
    kinds = {kind for _, kind in row}
    return next((kind for kind in ("inserted", "deleted") if kind in kinds), "")


def _line(
    layouter: BlockLayouter,
    parts: list[Part],
    style: TextStyle,
    element: StructElem,
    block: CodeBlock,
    unit: float,
) -> Line:
    runs: list[TextRun] = []
    for words, kind in parts or [(" ", "")]:
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
    if kind in _COLORS:
        # The prompt of a console is not part of what is typed there.
        color, owner = theme.color(f"colors.{_COLORS[kind]}"), None if kind == PROMPT else element
        return RunStyle(face, style.size, color, 0.0, owner, "", "")
    if kind and kind != CONTINUED:
        face = theme.text(f"code.{kind}.face")
        color = theme.color(f"code.{kind}.color")
    return RunStyle(face, style.size, color, 0.0, element, "", "")
