"""Draw lines of text on a page."""

from __future__ import annotations

from collections.abc import Sequence

from ...core.units import Color
from ...fonts.shaping import ShapedLine
from ...theme.theme import TextStyle
from ..page import (
    Box,
    FieldPlaceholder,
    FormCheckbox,
    Glyphs,
    LinkArea,
    Page,
    PageItem,
    Polygon,
    Segment,
)
from .complex_text import visual_positions
from .runs import MARK, InlineContext, Line, RunStyle, TextRun


def _drawn_width(run: TextRun, context: InlineContext) -> float:
    """The width of a piece on the page: that of the page number that it waited for."""
    if not run.late:
        return run.width
    face = context.faces[run.style.face]
    return face.width(context.label_of(run.late)) * run.style.size / 1000


def draw_line(
    line: Line,
    page: Page,
    x: float,
    baseline: float,
    style: TextStyle,
    context: InlineContext,
    artifact: bool = False,
) -> None:
    """Put `line` on `page` with its first glyph at x; links become hot spots."""
    items = page.items
    start = x
    along: Sequence[float] = ()
    if context.mirrored or any(run.style.level for run in line.runs):
        widths = [_drawn_width(run, context) for run in line.runs]
        along = visual_positions(line.runs, widths, line.width, context.mirrored)
    for count, run in enumerate(line.runs):
        run_style = run.style
        width = run.width
        if along:
            x = start + along[count]
        if run.box:
            if run.box.startswith("field:"):
                _slot(run, items, x, baseline, style, context)
            elif not run.box.startswith(MARK):
                ticked = run.box == "ticked"
                _tick(page, x, baseline, run_style, ticked, artifact)
            x += width
            continue
        codes: str | ShapedLine = run.shaped or run.codes
        if run.late:
            codes, units = context.faces[run_style.face].encode(context.label_of(run.late))
            width = units * run_style.size / 1000
        element = None if artifact else run_style.element
        items.append(
            Glyphs(
                x,
                baseline + run_style.rise,
                run_style.face,
                run_style.size,
                run_style.color,
                codes,
                element,
            )
        )
        if run_style.stroke == "strike":
            middle = baseline + run_style.rise + run_style.size * 0.26
            items.append(
                Segment(x, middle, x + width, middle, run_style.color, run_style.size * 0.06)
            )
        elif run_style.stroke == "dotted":
            soft = context.theme.color("inline.quiet.color")
            items.append(Segment(x, baseline - 2.2, x + width, baseline - 2.2, soft, 0.6, 2.2))
        if run_style.target and not artifact:
            items.append(
                LinkArea(
                    x,
                    baseline - run_style.size * 0.24,
                    width,
                    run_style.size * 1.1,
                    run_style.target,
                    run_style.contents,
                    run_style.link,
                )
            )
        x += width


def _slot(
    run: TextRun,
    items: list[PageItem],
    x: float,
    baseline: float,
    style: TextStyle,
    context: InlineContext,
) -> None:
    name = run.box.removeprefix("field:")
    spec = context.fields[name]
    run_style = run.style
    items.append(
        FieldPlaceholder(
            x,
            baseline,
            name,
            run_style.face,
            run_style.size,
            style.leading,
            run_style.color,
            spec.width,
            spec.lines,
            spec.floor,
            run_style.element,
        )
    )


def _tick(
    page: Page, x: float, baseline: float, run_style: RunStyle, ticked: bool, artifact: bool
) -> None:
    """A box to tick: by pen, or on screen where it has an element of its own."""
    size = run_style.size * 0.86
    if run_style.element is None or artifact:
        draw_checkbox(page, x, baseline, size, run_style.color, ticked)
        return
    bottom = baseline - size * 0.1
    page.items.append(
        FormCheckbox(
            x, bottom, size, ticked, run_style.contents, run_style.color, run_style.element
        )
    )


def draw_checkbox(
    page: Page, x: float, baseline: float, size: float, color: Color, ticked: bool = False
) -> None:
    """A box to tick by pen, standing on the baseline."""
    bottom = baseline - size * 0.1
    page.items.append(Box(x, bottom, size, size, None, color, 0.75, size * 0.14))
    if ticked:
        points = (
            (x + size * 0.2, bottom + size * 0.5),
            (x + size * 0.42, bottom + size * 0.25),
            (x + size * 0.82, bottom + size * 0.78),
        )
        page.items.append(Polygon(points, None, color, 1.2, closed=False))
