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


def _drawn_width(piece: TextRun, setting: InlineContext) -> float:
    """The width of a piece on the page: that of the page number that it waited for."""
    if not piece.late:
        return piece.width
    face = setting.faces[piece.look.face]
    return face.width(setting.label_of(piece.late)) * piece.look.size / 1000


def draw_line(
    line: Line,
    page: Page,
    x: float,
    baseline: float,
    style: TextStyle,
    setting: InlineContext,
    artifact: bool = False,
) -> None:
    """Put `line` on `page` with its first glyph at x; links become hot spots."""
    ink = page.items
    start = x
    along: Sequence[float] = ()
    if setting.mirrored or any(piece.look.level for piece in line.pieces):
        widths = [_drawn_width(piece, setting) for piece in line.pieces]
        along = visual_positions(line.pieces, widths, line.width, setting.mirrored)
    for count, piece in enumerate(line.pieces):
        look = piece.look
        width = piece.width
        if along:
            x = start + along[count]
        if piece.box:
            if piece.box.startswith("field:"):
                _slot(piece, ink, x, baseline, style, setting)
            elif not piece.box.startswith(MARK):
                ticked = piece.box == "ticked"
                _tick(page, x, baseline, look, ticked, artifact)
            x += width
            continue
        codes: str | ShapedLine = piece.shaped or piece.codes
        if piece.late:
            codes, units = setting.faces[look.face].encode(setting.label_of(piece.late))
            width = units * look.size / 1000
        element = None if artifact else look.element
        ink.append(
            Glyphs(x, baseline + look.rise, look.face, look.size, look.color, codes, element)
        )
        if look.stroke == "strike":
            middle = baseline + look.rise + look.size * 0.26
            ink.append(Segment(x, middle, x + width, middle, look.color, look.size * 0.06))
        elif look.stroke == "dotted":
            soft = setting.theme.color("inline.quiet.color")
            ink.append(Segment(x, baseline - 2.2, x + width, baseline - 2.2, soft, 0.6, 2.2))
        if look.target and not artifact:
            ink.append(
                LinkArea(
                    x,
                    baseline - look.size * 0.24,
                    width,
                    look.size * 1.1,
                    look.target,
                    look.contents,
                    look.link,
                )
            )
        x += width


def _slot(
    piece: TextRun,
    ink: list[PageItem],
    x: float,
    baseline: float,
    style: TextStyle,
    setting: InlineContext,
) -> None:
    name = piece.box.removeprefix("field:")
    spec = setting.fields[name]
    look = piece.look
    ink.append(
        FieldPlaceholder(
            x,
            baseline,
            name,
            look.face,
            look.size,
            style.leading,
            look.color,
            spec.width,
            spec.lines,
            spec.floor,
            look.element,
        )
    )


def _tick(
    page: Page, x: float, baseline: float, look: RunStyle, ticked: bool, artifact: bool
) -> None:
    """A box to tick: by pen, or on screen where it has an element of its own."""
    size = look.size * 0.86
    if look.element is None or artifact:
        draw_checkbox(page, x, baseline, size, look.color, ticked)
        return
    bottom = baseline - size * 0.1
    page.items.append(
        FormCheckbox(x, bottom, size, ticked, look.contents, look.color, look.element)
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
