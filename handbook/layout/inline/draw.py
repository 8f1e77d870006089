"""Draw lines of text on a page."""

from __future__ import annotations

from collections.abc import Sequence

from ...core.diagnostics import NOWHERE
from ...core.images import is_drawing
from ...core.units import Color
from ...fonts.shaping import ShapedLine
from ...theme.theme import TextStyle
from ..figure.svg import draw_svg
from ..page import (
    Box,
    Drawing,
    FieldPlaceholder,
    FormCheckbox,
    Glyphs,
    LinkArea,
    Page,
    PageItem,
    Picture,
    Polygon,
    Segment,
    moved,
)
from .complex_text import visual_positions
from .runs import MARK, PICTURE, InlineContext, Line, RunStyle, TextRun, drawn_width
from .total_fit import filled


def draw_line(
    line: Line,
    page: Page,
    x: float,
    baseline: float,
    style: TextStyle,
    context: InlineContext,
    artifact: bool = False,
) -> None:
    """Put `line` on `page` with its first glyph at x; links become link areas."""
    if line.spaces:
        line = filled(line, context)
    items = page.items
    start = x
    along: Sequence[float] = ()
    if context.mirrored or any(run.style.level for run in line.runs):
        widths = [drawn_width(run, context) for run in line.runs]
        along = visual_positions(line.runs, widths, line.width, context.mirrored)
    for count, run in enumerate(line.runs):
        run_style = run.style
        width = run.width
        if along:
            x = start + along[count]
        if run.box:
            if run.box.startswith("field:"):
                _slot(run, items, x, baseline, style, context)
            elif run.box.startswith(PICTURE):
                _picture(run, page, x, baseline, context, artifact)
            elif not run.box.startswith(MARK):
                _checkbox(page, x, baseline, run_style, run.box == "ticked", artifact)
            x += width
            continue
        if run.formula is not None:
            _formula(run, page, x, baseline, artifact)
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
            items.append(_link_area(run_style, x, baseline, width, context))
        x += width


def _link_area(
    run_style: RunStyle, x: float, baseline: float, width: float, context: InlineContext
) -> LinkArea:
    """Return the area to click for a run, as high as the theme asks for fingers."""
    height = run_style.size * 1.1
    more = max(0.0, context.theme.number("inline.link.height") - height)
    y = baseline - run_style.size * 0.24 - more / 2
    target, contents = run_style.target, run_style.contents
    return LinkArea(x, y, width, height + more, target, contents, run_style.link)


def _formula(run: TextRun, page: Page, x: float, baseline: float, artifact: bool) -> None:
    """Draw a formula in the line; its link, if it has one, is drawn around it."""
    drawn, run_style = run.formula, run.style
    assert drawn is not None
    element = None if artifact else run_style.element
    drawing = drawn.drawing(x, baseline + run_style.rise, element)
    page.items.append(drawing)
    if run_style.target and not artifact:
        area = drawing[:4]
        page.items.append(LinkArea(*area, run_style.target, run_style.contents, run_style.link))


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


def _picture(
    run: TextRun, page: Page, x: float, baseline: float, context: InlineContext, artifact: bool
) -> None:
    """Draw a picture in a line, a fifth of it below the baseline."""
    size, _, path = run.box.removeprefix(PICTURE).partition(":")
    height = float(size)
    element = None if artifact else run.style.element
    box = (x, baseline - height * 0.2, run.width, height)
    if is_drawing(path):
        alt = element.alt if element is not None else ""
        drawing = draw_svg(path, run.width, alt, context, NOWHERE)
        page.items.append(Drawing(*box, drawing.items, element, True))
    else:
        page.items.append(Picture(*box, path, element))


def _checkbox(
    page: Page, x: float, baseline: float, run_style: RunStyle, checked: bool, artifact: bool
) -> None:
    """Draw a checkbox: a form field if its element is one, else a drawing that says its state."""
    size = run_style.size * 0.86
    bottom = baseline - size * 0.1
    element = run_style.element
    if element is not None and element.tag == "Form" and not artifact:
        page.items.append(
            FormCheckbox(x, bottom, size, checked, run_style.contents, run_style.color, element)
        )
        return
    if element is None or artifact:
        page.items.extend(moved(item, x, bottom) for item in _box(size, run_style.color, checked))
        return
    items = _box(size, run_style.color, checked)
    page.items.append(Drawing(x, bottom, size, size, items, element))


def _box(size: float, color: Color, checked: bool) -> tuple[PageItem, ...]:
    """Return a checkbox to tick by pen, its lower left corner at 0, 0."""
    box = Box(0.0, 0.0, size, size, None, color, 0.75, size * 0.14)
    if not checked:
        return (box,)
    points = ((size * 0.2, size * 0.5), (size * 0.42, size * 0.25), (size * 0.82, size * 0.78))
    return (box, Polygon(points, None, color, 1.2, closed=False))
