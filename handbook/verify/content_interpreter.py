"""Interpret content streams (ISO 32000-1, 8, 9 and 14.6).

The result is text with positions and characters, shapes and pictures with bounds, each with the
marked content it is in.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..core.matrices import IDENTITY, at, scale_of, times
from .graphics_state import GraphicsState
from .page_content import (
    BLACK,
    Glyph,
    Mark,
    PageContent,
    Picture,
    Run,
    Shape,
    Stream,
    bounds,
    color_of,
    matrix_of,
    meet,
)
from .pdf_fonts import PdfFont, read_font

if TYPE_CHECKING:
    import pikepdf

_DEEPEST = 12


class ContentInterpreter:
    """Reads pages of one file; fonts are read once."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self.pdf = pdf
        self._faces: dict[Any, PdfFont] = {}

    def face(self, font: Any) -> PdfFont:
        """Read a font dictionary."""
        key = font.objgen if font.is_indirect else id(font)
        if key not in self._faces:
            self._faces[key] = read_font(font)
        return self._faces[key]

    def page(self, index: int) -> PageContent:
        """Return the content of a page, counted from 0."""
        page = self.pdf.pages[index]
        content = PageContent()
        interpreter = _Interpreter(self, content, ("page", index))
        interpreter.run(
            page.obj, page.obj.get("/Resources") or _inherited(page.obj), GraphicsState()
        )
        return content


def _inherited(page: Any) -> Any:
    """Return the resources of the nearest ancestor that has them."""
    node = page.get("/Parent")
    for _ in range(50):
        if node is None:
            break
        if "/Resources" in node:
            return node.Resources
        node = node.get("/Parent")
    return {}


# ----------------------------------------------------------------- interpreter


class _Interpreter:
    """Executes the operators of one content stream, and of the forms it draws."""

    def __init__(
        self,
        reader: ContentInterpreter,
        content: PageContent,
        stream: Stream,
        marks: tuple[Mark, ...] = (),
        depth: int = 0,
    ) -> None:
        self.reader = reader
        self.content = content
        self.stream = stream
        self.depth = depth
        self.marks = list(marks)
        self.inherited = len(marks)
        self.saved: list[GraphicsState] = []
        self.state = GraphicsState()
        self.resources: Any = {}
        self.matrix = self.line_matrix = IDENTITY
        self.points: list[tuple[float, float]] = []
        self.clipping = False

    def run(self, source: Any, resources: Any, state: GraphicsState) -> None:
        """Interpret a page or a form."""
        import pikepdf

        self.resources, self.state = resources, state
        for instruction in pikepdf.parse_content_stream(source):
            name = str(instruction.operator)
            if name == "INLINE IMAGE":
                self._picture((0, 0))
                continue
            method = _OPERATORS.get(name)
            if method is not None:
                try:
                    method(self, list(instruction.operands))
                except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
                    self.content.problems.append(
                        f"the operator {name} lacks an operand, or refers to what is not there"
                    )
        if len(self.marks) != self.inherited:
            self.content.problems.append("a marked-content sequence is not closed")

    def _resource(self, kind: str, name: Any) -> Any:
        return self.resources[kind][str(name)]

    # --------------------------------------------------------- graphics state

    def save(self, _: list[Any]) -> None:
        self.saved.append(replace(self.state))

    def restore(self, _: list[Any]) -> None:
        if self.saved:
            self.state = self.saved.pop()
        else:
            self.content.problems.append("Q without q")

    def concat(self, operands: list[Any]) -> None:
        self.state.ctm = times(matrix_of(operands), self.state.ctm)

    def line_width(self, operands: list[Any]) -> None:
        self.state.line = float(operands[0])

    def fill_color(self, operands: list[Any]) -> None:
        self.state.fill = color_of([float(part) for part in operands if not _is_name(part)])

    def stroke_color(self, operands: list[Any]) -> None:
        self.state.stroke = color_of([float(part) for part in operands if not _is_name(part)])

    def fill_space(self, _: list[Any]) -> None:
        self.state.fill = BLACK

    def stroke_space(self, _: list[Any]) -> None:
        self.state.stroke = BLACK

    def parameters(self, operands: list[Any]) -> None:
        entry = self._resource("/ExtGState", operands[0])
        if "/Font" in entry:
            font, size = entry.Font
            self.state.face, self.state.size = self.reader.face(font), float(size)

    # ------------------------------------------------------------------ paths

    def move(self, operands: list[Any]) -> None:
        values = [float(value) for value in operands]
        for x, y in zip(values[::2], values[1::2], strict=True):
            self.points.append(at(self.state.ctm, x, y))

    def rectangle(self, operands: list[Any]) -> None:
        x, y, width, height = (float(value) for value in operands)
        for corner in ((x, y), (x + width, y), (x, y + height), (x + width, y + height)):
            self.points.append(at(self.state.ctm, *corner))

    def clip(self, _: list[Any]) -> None:
        self.clipping = True

    def _paint(self, fill: bool, stroke: bool) -> None:
        state = self.state
        if self.points and (fill or stroke):
            self.content.items.append(
                Shape(
                    marks=tuple(self.marks),
                    clip=state.clip,
                    bounds=bounds(self.points),
                    fill=state.fill if fill else None,
                    stroke=state.stroke if stroke else None,
                    line=state.line * scale_of(state.ctm),
                )
            )
        if self.clipping and self.points:
            state.clip = meet(state.clip, bounds(self.points))
        self.points, self.clipping = [], False

    def fill_path(self, _: list[Any]) -> None:
        self._paint(True, False)

    def stroke_path(self, _: list[Any]) -> None:
        self._paint(False, True)

    def fill_and_stroke(self, _: list[Any]) -> None:
        self._paint(True, True)

    def end_path(self, _: list[Any]) -> None:
        self._paint(False, False)

    def shading(self, _: list[Any]) -> None:
        bounds = self.state.clip or (0.0, 0.0, 0.0, 0.0)
        self.content.items.append(
            Shape(tuple(self.marks), self.state.clip, bounds, fill=None, stroke=None, line=0)
        )

    # ------------------------------------------------------------------- text

    def begin_text(self, _: list[Any]) -> None:
        self.matrix = self.line_matrix = IDENTITY

    def font(self, operands: list[Any]) -> None:
        self.state.face = self.reader.face(self._resource("/Font", operands[0]))
        self.state.size = float(operands[1])

    def text_matrix(self, operands: list[Any]) -> None:
        self.matrix = self.line_matrix = matrix_of(operands)

    def next_line(self, operands: list[Any]) -> None:
        x, y = float(operands[0]), float(operands[1])
        self.matrix = self.line_matrix = times((1, 0, 0, 1, x, y), self.line_matrix)

    def next_line_leading(self, operands: list[Any]) -> None:
        self.state.leading = -float(operands[1])
        self.next_line(operands)

    def new_line(self, _: list[Any]) -> None:
        self.next_line([0, -self.state.leading])

    def char_space(self, operands: list[Any]) -> None:
        self.state.char_space = float(operands[0])

    def word_space(self, operands: list[Any]) -> None:
        self.state.word_space = float(operands[0])

    def stretch(self, operands: list[Any]) -> None:
        self.state.stretch = float(operands[0]) / 100

    def leading(self, operands: list[Any]) -> None:
        self.state.leading = float(operands[0])

    def rise(self, operands: list[Any]) -> None:
        self.state.rise = float(operands[0])

    def mode(self, operands: list[Any]) -> None:
        self.state.mode = int(operands[0])

    def show(self, operands: list[Any]) -> None:
        self._show([operands[0]])

    def show_array(self, operands: list[Any]) -> None:
        self._show(list(operands[0]))

    def show_line(self, operands: list[Any]) -> None:
        self.new_line([])
        self._show([operands[0]])

    def show_spaced(self, operands: list[Any]) -> None:
        self.word_space(operands[:1])
        self.char_space(operands[1:2])
        self.show_line(operands[2:])

    def _show(self, pieces: list[Any]) -> None:
        state = self.state
        if state.face is None:
            self.content.problems.append("text is shown before a font is set")
            return
        glyphs: list[Glyph] = []
        start = times(self.matrix, state.ctm)
        for piece in pieces:
            if _is_text(piece):
                self._show_string(bytes(piece), state.face, glyphs)
            else:
                self._advance(-float(piece) / 1000 * state.size * state.stretch)
        if not glyphs:
            return
        self.content.items.append(
            Run(
                marks=tuple(self.marks),
                clip=state.clip,
                text="".join(glyph.text for glyph in glyphs),
                glyphs=tuple(glyphs),
                x=glyphs[0].x,
                y=glyphs[0].y,
                end=glyphs[-1].x + glyphs[-1].width,
                size=state.size * math.hypot(start[2], start[3]),
                font=state.face.name,
                face=state.face,
                color=state.stroke if state.mode == 1 else state.fill,
                mode=state.mode,
            )
        )

    def _show_string(self, data: bytes, face: PdfFont, glyphs: list[Glyph]) -> None:
        state = self.state
        for char in face.decode(data):
            across = times(self.matrix, state.ctm)
            x, y = at(across, 0, state.rise)
            width = char.width * state.size * state.stretch
            ink = width * math.hypot(across[0], across[1])
            glyphs.append(Glyph(char.text, x, y, ink, char.code, char.mapped))
            extra = state.char_space
            if char.length == 1 and char.code == 32:
                extra += state.word_space
            self._advance(width + extra * state.stretch)

    def _advance(self, by: float) -> None:
        self.matrix = times((1, 0, 0, 1, by, 0), self.matrix)

    # --------------------------------------------------------- marked content

    def begin_mark(self, operands: list[Any]) -> None:
        self._open(Mark(str(operands[0])[1:], None, self.stream))

    def begin_mark_properties(self, operands: list[Any]) -> None:
        properties = operands[1]
        if _is_name(properties):
            properties = self._resource("/Properties", properties)
        mcid = properties.get("/MCID")
        actual = properties.get("/ActualText")
        mark = Mark(
            tag=str(operands[0])[1:],
            mcid=None if mcid is None else int(mcid),
            stream=self.stream,
            actual=None if actual is None else str(actual),
            lang=str(properties.get("/Lang", "")),
            kind=str(properties.get("/Type", ""))[1:],
        )
        self._open(mark)

    def _open(self, mark: Mark) -> None:
        self.marks.append(mark)
        self.content.marks.append(mark)

    def end_mark(self, _: list[Any]) -> None:
        if len(self.marks) > self.inherited:
            self.marks.pop()
        else:
            self.content.problems.append("EMC without BMC or BDC")

    # --------------------------------------------------------------- XObjects

    def draw(self, operands: list[Any]) -> None:
        thing = self._resource("/XObject", operands[0])
        if str(thing.get("/Subtype")) != "/Form":
            self._picture((int(thing.get("/Width", 0)), int(thing.get("/Height", 0))))
        elif self.depth >= _DEEPEST:
            self.content.problems.append("forms are nested too deeply to be read")
        else:
            self._form(thing)

    def _picture(self, pixels: tuple[int, int]) -> None:
        corners = [at(self.state.ctm, x, y) for x in (0, 1) for y in (0, 1)]
        self.content.items.append(
            Picture(tuple(self.marks), self.state.clip, bounds(corners), pixels)
        )

    def _form(self, form: Any) -> None:
        has_parents = "/StructParents" in form
        stream = ("form", int(form.objgen[0])) if has_parents else self.stream
        inner = _Interpreter(self.reader, self.content, stream, tuple(self.marks), self.depth + 1)
        matrix = matrix_of(form.get("/Matrix", IDENTITY))
        state = replace(self.state, ctm=times(matrix, self.state.ctm))
        if "/BBox" in form:
            x0, y0, x1, y1 = (float(value) for value in form.BBox)
            corners = [at(state.ctm, x, y) for x in (x0, x1) for y in (y0, y1)]
            state.clip = meet(state.clip, bounds(corners))
        inner.run(form, form.get("/Resources", self.resources), state)


def _is_name(value: Any) -> bool:
    import pikepdf

    return isinstance(value, pikepdf.Name)


def _is_text(value: Any) -> bool:
    import pikepdf

    return isinstance(value, pikepdf.String)


_I = _Interpreter
_OPERATORS = {
    "q": _I.save,
    "Q": _I.restore,
    "cm": _I.concat,
    "w": _I.line_width,
    "gs": _I.parameters,
    "g": _I.fill_color,
    "rg": _I.fill_color,
    "k": _I.fill_color,
    "sc": _I.fill_color,
    "scn": _I.fill_color,
    "cs": _I.fill_space,
    "G": _I.stroke_color,
    "RG": _I.stroke_color,
    "K": _I.stroke_color,
    "SC": _I.stroke_color,
    "SCN": _I.stroke_color,
    "CS": _I.stroke_space,
    "m": _I.move,
    "l": _I.move,
    "c": _I.move,
    "v": _I.move,
    "y": _I.move,
    "re": _I.rectangle,
    "W": _I.clip,
    "W*": _I.clip,
    "n": _I.end_path,
    "sh": _I.shading,
    "f": _I.fill_path,
    "F": _I.fill_path,
    "f*": _I.fill_path,
    "S": _I.stroke_path,
    "s": _I.stroke_path,
    "B": _I.fill_and_stroke,
    "B*": _I.fill_and_stroke,
    "b": _I.fill_and_stroke,
    "b*": _I.fill_and_stroke,
    "BT": _I.begin_text,
    "Tf": _I.font,
    "Tm": _I.text_matrix,
    "Td": _I.next_line,
    "TD": _I.next_line_leading,
    "T*": _I.new_line,
    "Tc": _I.char_space,
    "Tw": _I.word_space,
    "Tz": _I.stretch,
    "TL": _I.leading,
    "Ts": _I.rise,
    "Tr": _I.mode,
    "Tj": _I.show,
    "TJ": _I.show_array,
    "'": _I.show_line,
    '"': _I.show_spaced,
    "BMC": _I.begin_mark,
    "BDC": _I.begin_mark_properties,
    "EMC": _I.end_mark,
    "Do": _I.draw,
}
