"""Write a page's items as a content stream.

Text is glyph codes inside the marked content of its element.  Everything written is either
content of an element or an artifact.  What a page has of its chapters is written first, and is
the same in each edition that has it; then come its running heads.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ...core.diagnostics import Source
from ...core.images import dots_for
from ...core.units import Color
from ...core.values import frozen
from ...fonts.face import KERN, Face, kern_of
from ...fonts.shaping import ShapedLine
from ...layout.page import (
    Box,
    Drawing,
    FieldPlaceholder,
    FormCheckbox,
    Glyphs,
    LinkArea,
    Page,
    PageField,
    PageItem,
    Path,
    Picture,
    Polygon,
    Segment,
    moved,
)
from ...layout.structure import StructElem
from ..font_embedding import CopyFonts
from .graphics import (
    END_CLIP,
    clip_operators,
    fill_operator,
    number,
    open_clips,
    shapes,
    stroke_operator,
)
from .text_runs import line_content

# Stroke width that makes a regular font bold, as a share of the font size.
BOLD_OUTLINE = 0.028


# What a literal string cannot hold as it is (7.3.4.2), the backslash first.
_ESCAPES = (("\\", r"\\"), ("(", r"\("), (")", r"\)"), ("\r", r"\r"), ("\n", r"\n"))


def show_operator(codes: str) -> str:
    """Return the operator that shows glyph codes, with kerning (9.4.3)."""
    text = codes
    for sign, escaped in _ESCAPES:
        if sign in text:
            text = text.replace(sign, escaped)
    kerns = () if codes.isascii() else set(KERN.findall(codes))
    if not kerns:
        return f"({text}) Tj"
    for kern in kerns:
        text = text.replace(kern, f"){-kern_of(kern)}(")
    return f"[({text})] TJ"


# How far (in points) the end of glyphs may be from where others begin that follow unmoved.
AT_PEN = 0.012
# The place of the text matrix when a text object begins; after shaped glyphs, which set it.
_START = (0.0, 0.0)
_UNKNOWN = (math.nan, math.nan)
SHAPES = (Box, Segment, Polygon, Path)


@frozen
class PageContent:
    """What a page has of its chapters, written: its content stream, and what must be known of it.

    `marks` has the elements in the order of their content, each with the height (points) at which
    the content of its next MCID begins, or None for what is not content.  There is one of the
    `parts` more than there are fields; a field's content goes between two of them.
    """

    parts: list[str]
    fonts: set[str]
    used_codes: dict[str, set[str]]
    marks: list[tuple[StructElem, float | None]]
    # The rectangles of figures.
    boxes: dict[StructElem, tuple[float, float, float, float]]
    # Names of pictures by file and width in pixels.
    drawn: dict[tuple[str, int], str]
    placeholders: list[tuple[FieldPlaceholder, int]]
    links: list[LinkArea]
    checkboxes: list[FormCheckbox]
    # Where figures are written that became smaller, and how large their words are now.
    shrunk: list[tuple[Source, float]]
    # The face and its size, and the colour, that are set at the end.
    state: tuple[str, float] | None
    color: Color | None
    # Pictures and fonts of shaped text are named by the place where an edition first uses them;
    # without any, the content is the same in each edition.
    is_shareable: bool


@frozen
class PageStreams:
    """The content of a page, with one part more than there are fields.

    A field's content goes between two parts.  `fonts` are those of the page, `codes` and
    `page_fields` those of its running heads.
    """

    parts: list[bytes]
    fonts: set[str]
    codes: dict[str, set[str]]
    page_fields: dict[str, FieldPlaceholder]


class ContentStreamWriter:
    """Writes one page's content stream, or a part of it; MCIDs go on from `first`."""

    def __init__(
        self,
        faces: dict[str, Face],
        images: dict[tuple[str, int], str],
        shaped_fonts: CopyFonts,
        first: int = 0,
    ) -> None:
        self.faces = faces
        self.shaped_fonts = shaped_fonts
        self.images = images
        self.fonts: set[str] = set()
        self.used_codes: dict[str, set[str]] = {}
        self.marks: list[tuple[StructElem, float | None]] = []
        self.boxes: dict[StructElem, tuple[float, float, float, float]] = {}
        self.drawn: dict[tuple[str, int], str] = {}
        self.placeholders: list[tuple[FieldPlaceholder, int]] = []
        self.page_fields: dict[str, FieldPlaceholder] = {}
        self._mcid = first
        self._is_shaped = False
        self._parts: list[list[str]] = [[]]
        self._out = self._parts[0]
        self._color: Color | None = None
        self._state: tuple[str, float] | None = None
        # Where the text matrix of the open text object is, from which a line is a short step.
        self._line: tuple[float, float] | None = None
        # Where the glyphs shown last begin on the line, and what they are.
        self._pen = 0.0
        self._shown: tuple[str, float, str] | None = None

    def body(self, page: Page) -> PageContent:
        """Return what `page` has of its chapters: pictures below all, shapes, content."""
        under = [item for item in page.background if isinstance(item, (Picture, Drawing))]
        self._contents(under)
        self._artifacts(under)
        self._shapes([*page.background, *page.items], "Layout")
        self._contents(page.items)
        self._artifacts(page.items)
        return PageContent(
            ["\n".join(part) for part in self._parts],
            self.fonts,
            self.used_codes,
            self.marks,
            self.boxes,
            self.drawn,
            self.placeholders,
            [item for item in page.items if isinstance(item, LinkArea)],
            [item for item in page.items if isinstance(item, FormCheckbox)],
            [item.shrunk for item in page.items if isinstance(item, Drawing) and item.shrunk],
            self._state,
            self._color,
            not self.drawn and not self._is_shaped,
        )

    def with_running_heads(self, body: PageContent, items: list[PageItem]) -> PageStreams:
        """Return the whole content of a page with this body and these running heads and feet."""
        self._state, self._color = body.state, body.color
        self._running_items(items)
        *parts, last = body.parts
        parts.append("\n".join([last, *self._out] if last else self._out))
        return PageStreams(
            [part.encode("latin-1") for part in parts],
            body.fonts | self.fonts,
            self.used_codes,
            self.page_fields,
        )

    def _placeholder(self, placeholder: FieldPlaceholder, element: StructElem) -> None:
        if placeholder.kind == "qr":
            side = placeholder.width
            x, y = placeholder.x, placeholder.y
            self.boxes[element] = (x, y, x + side, y + side)
        self.placeholders.append((placeholder, self._mark(element, placeholder.y)))
        self._parts.append([])
        self._out = self._parts[-1]
        # A copy's text sets its own font and colour, so what follows sets them again.
        self._state = self._color = None

    def _mark(self, element: StructElem, y: float) -> int:
        """Return a new MCID for content of `element` that begins at the height `y`."""
        self.marks.append((element, y))
        self._mcid += 1
        return self._mcid - 1

    # ------------------------------------------------------------------ shapes

    def _shapes(self, items: Sequence[PageItem], kind: str) -> None:
        drawn = [shape for shape in items if isinstance(shape, SHAPES)]
        if drawn:
            self._out.append(f"/Artifact <</Type /{kind}>> BDC\n{shapes(drawn)}\nEMC")

    # ----------------------------------------------------------------- content

    def _contents(self, items: Sequence[PageItem]) -> None:
        run: list[Glyphs] = []
        owner: StructElem | None = None
        for item in items:
            if isinstance(item, Glyphs) and item.element is not None:
                if item.element is not owner and run:
                    self._content(owner, run)
                    run = []
                owner = item.element
                run.append(item)
            elif isinstance(item, FormCheckbox):
                # The field is an annotation; here its element takes its place in reading order.
                self.marks.append((item.element, None))
            elif (
                isinstance(item, (Picture, Drawing, FieldPlaceholder)) and item.element is not None
            ):
                if run:
                    self._content(owner, run)
                run, owner = [], None
                self._end_text()
                if isinstance(item, FieldPlaceholder):
                    self._placeholder(item, item.element)
                else:
                    self._figure(item)
        if run:
            self._content(owner, run)
        self._end_text()

    def _content(self, element: StructElem | None, run: list[Glyphs]) -> None:
        assert element is not None
        mcid = self._mark(element, run[0].y)
        # Elements share a text object: a step from line to line takes less than a place.
        self._begin_text()
        self._out.append(f"/{element.tag} <</MCID {mcid}>> BDC")
        self._show(run)
        self._out.append("EMC")

    def _figure(self, item: Picture | Drawing) -> None:
        element = item.element
        assert element is not None
        mcid = self._mark(element, item.y)
        self._out.append(f"/{element.tag} <</MCID {mcid}>> BDC")
        self._picture(item)
        if element.tag == "Figure":
            self.boxes[element] = (item.x, item.y, item.x + item.width, item.y + item.height)
        self._out.append("EMC")

    def _picture(self, item: Picture | Drawing) -> None:
        if isinstance(item, Picture):
            key = (item.path, dots_for(item.path, item.width))
            name = self.images.setdefault(key, f"I{len(self.images)}")
            self.drawn[key] = name
            matrix = (
                f"{number(item.width)} 0 0 {number(item.height)} {number(item.x)} {number(item.y)}"
            )
            self._out.append(f"q {matrix} cm /{name} Do Q")
        else:
            self._drawing(item)

    def _drawing(self, drawing: Drawing) -> None:
        if not drawing.clipped:
            self._draw(drawing)
            return
        before = self._state, self._color
        box = " ".join(map(number, drawing[:4]))
        self._out.append(f"q {box} re W n")
        self._draw(drawing)
        self._out.append("Q")
        self._state, self._color = before

    def _draw(self, drawing: Drawing) -> None:
        items = [moved(item, drawing.x, drawing.y) for item in drawing.items]
        run: list[Any] = []
        for item in items:
            if isinstance(item, SHAPES):
                run.append(item)
            elif isinstance(item, Picture):
                # What was drawn before a picture is below it; clips go on after it.
                clips = open_clips(run)
                if run:
                    self._out.append(shapes([*run, *[END_CLIP] * len(clips)]))
                self._out += [operator for clip in clips for operator in clip_operators(clip)]
                self._picture(item)
                self._out += ["Q"] * len(clips)
                run = [*clips]
        self._out.append(shapes(run))
        self._text([item for item in items if isinstance(item, Glyphs)])

    def _begin_text(self) -> None:
        if self._line is None:
            self._out.append("BT")
            self._line, self._pen, self._shown = _START, 0.0, None

    def _end_text(self) -> None:
        if self._line is not None:
            self._out.append("ET")
            self._line = None

    def _text(self, run: list[Glyphs]) -> None:
        self._begin_text()
        self._show(run)
        self._end_text()

    def _show(self, run: list[Glyphs]) -> None:
        """Show glyphs in the open text object."""
        out = self._out
        assert self._line is not None
        left, down = self._line
        state = self._state
        color = self._color
        placed = self._line is not _UNKNOWN
        pen, shown = self._pen, self._shown
        # The length of the stream after the last glyphs, if only they could be added to.
        last = 0
        for x, y, face, size, fill, codes, _ in run:
            if not isinstance(codes, str):
                if fill != color:
                    color = fill
                    out.append(fill_operator(fill))
                self._shaped(x, y, face, size, fill, codes)
                state, placed, shown = None, False, None
                continue
            if (face, size) != state:
                state = (face, size)
                self.fonts.add(face)
                out.append(f"/{face} {size:.4g} Tf")
            if fill != color:
                color = fill
                out.append(fill_operator(fill))
            used = self.used_codes.get(face) or self.used_codes.setdefault(face, set())
            x, y = round(x, 2), round(y, 2)
            if not placed:
                # Shaped glyphs set the text matrix, so relative moves start again.
                out.append(f"1 0 0 1 {number(x)} {number(y)} Tm")
                left, down, pen, placed = x, y, x, True
            else:
                end = pen + self._width(shown) if shown and y == down else x
                if shown and y == down and abs(end - x) < AT_PEN:
                    # The glyphs before end here: the viewer's pen is in its place.
                    if len(out) == last:
                        used.add(codes)
                        shown = (face, size, shown[2] + codes)
                        out[-1] = show_operator(shown[2])
                        continue
                    pen = end
                elif x != left or y != down or shown:
                    out.append(f"{number(x - left)} {number(y - down)} Td")
                    left, down, pen = x, y, x
            shown = (face, size, codes)
            used.add(codes)
            out.append(show_operator(codes))
            last = len(out)
        self._state, self._color = state, color
        self._line = (left, down) if placed else _UNKNOWN
        self._pen, self._shown = pen, shown

    def _width(self, shown: tuple[str, float, str]) -> float:
        face, size, codes = shown
        return self.faces[face].width_of_codes(codes) * size / 1000

    def _shaped(
        self, x: float, y: float, face: str, size: float, color: Color, line: ShapedLine
    ) -> None:
        """Write shaped glyphs; if the font has no bold, stroke them as well."""
        out = self._out
        self._is_shaped = True
        face_file = str(self.faces[face].path)
        for run in line.runs:
            bold = "bold" in face and run.font.key != face_file
            if bold:
                out.append(f"2 Tr {number(size * BOLD_OUTLINE)} w {stroke_operator(color)}")
            out += line_content(ShapedLine((run,), line.width), x, y, size, self.shaped_fonts)
            if bold:
                out.append("0 Tr")
            self.fonts.add(self.shaped_fonts.name(run.font))

    # --------------------------------------------------------------- artifacts

    def _artifacts(self, items: Sequence[PageItem]) -> None:
        repeated = [g for g in items if isinstance(g, Glyphs) and g.element is None]
        if repeated:
            self._out.append("/Artifact <</Type /Pagination>> BDC")
            self._text(repeated)
            self._out.append("EMC")
        for item in items:
            if isinstance(item, (Picture, Drawing)) and item.element is None:
                self._out.append("/Artifact <</Type /Layout>> BDC")
                self._picture(item)
                self._out.append("EMC")

    def _running_items(self, items: list[PageItem]) -> None:
        for field in items:
            if isinstance(field, PageField):
                self.page_fields[field.slot.name] = field.slot
                self._out.append(
                    "/Artifact <</Type /Pagination /Subtype /Footer>> BDC\n"
                    f"q 1 0 0 1 {number(field.x)} {number(field.y)} cm /S{field.slot.name} Do Q\n"
                    "EMC"
                )
        glyphs: list[Any] = [item for item in items if isinstance(item, Glyphs)]
        if not glyphs:
            return
        middle = (min(g.y for g in glyphs) + max(g.y for g in glyphs)) / 2
        for kind, edge in (("Header", True), ("Footer", False)):
            part = [g for g in glyphs if (g.y > middle) == edge]
            if part:
                self._out.append(f"/Artifact <</Type /Pagination /Subtype /{kind}>> BDC")
                self._text(part)
                self._out.append("EMC")
