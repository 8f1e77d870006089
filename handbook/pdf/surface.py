"""A page's ink -> a content stream.

ReportLab's canvas draws shapes and figures; text is written here, as glyph
codes inside the marked content of its element.  Whatever is neither content of
an element nor an artifact cannot be written: there is no third way.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from ..layout.fonts import Face, split_codes
from ..layout.ink import (
    Box,
    Drawing,
    Element,
    Glyphs,
    Ink,
    Page,
    Picture,
    Polygon,
    Segment,
    Slot,
    Stamp,
    Tick,
    moved,
)
from ..theme import Color
from .tags import Marks

_TABLE = str.maketrans({"\\": "\\\\", "(": "\\(", ")": "\\)", "\r": "\\r", "\n": "\\n"})


def escaped(codes: str) -> str:
    """Glyph codes as the inside of a literal string."""
    return codes.translate(_TABLE)


def shown(codes: str) -> str:
    """The operator that shows glyph codes, with the kerning between them (9.4.3)."""
    parts = split_codes(codes)
    if len(parts) == 1:
        return f"({escaped(codes)}) Tj"
    words = [f"({escaped(p)})" if isinstance(p, str) else str(-p) for p in parts if p != ""]
    return f"[{''.join(words)}] TJ"


def number(value: float) -> str:
    """A length to a hundredth of a point."""
    return f"{round(value, 2):.7g}"


def paint(color: Color) -> str:
    """The operator that fills in a colour; a grey is written as one, for black ink alone."""
    red, green, blue = (f"{round(part, 4):g}" for part in color)
    return f"{red} g" if red == green == blue else f"{red} {green} {blue} rg"


def _grey(color: Color) -> bool:
    return color[0] == color[1] == color[2]


class Surface(Canvas):  # type: ignore[misc]
    """ReportLab's canvas, used for its drawing operators alone; we write the file ourselves."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), pageCompression=0, invariant=1)
        self._code: list[str] = []

    def take(self) -> str:
        """The operators drawn since the last call."""
        code = "\n".join(self._code)
        self._code = []
        return code


class PageInk:
    """Writes one page's content stream and its resources."""

    def __init__(
        self,
        surface: Surface,
        faces: dict[str, Face],
        used: dict[str, set[str]],
        marks: Marks,
        index: int,
        images: dict[str, str],
    ) -> None:
        self.surface = surface
        self.faces = faces
        self.used = used
        self.marks = marks
        self.index = index
        self.fonts: set[str] = set()
        self.images = images
        self.drawn: dict[str, str] = {}
        self.slots: list[tuple[Slot, int]] = []
        self.stamps: dict[str, Slot] = {}
        self._parts: list[list[str]] = [[]]
        self._out = self._parts[0]
        self._color: Color | None = None
        self._state: tuple[str, float] | None = None

    def write(self, page: Page) -> list[bytes]:
        """The content of `page`: shapes first, then content, then furniture.

        One part more than there are slots: a slot's own content goes between two parts.
        """
        self._shapes([*page.under, *page.ink], "Layout")
        self._contents(page.ink)
        self._artifacts(page.ink)
        self._furniture(page.furniture)
        return ["\n".join(part).encode("latin-1") for part in self._parts]

    def _slot(self, slot: Slot, element: Element) -> None:
        if slot.kind == "qr":
            side = slot.width
            element.bbox = (self.index, slot.x, slot.y, slot.x + side, slot.y + side)
        self.slots.append((slot, self.marks.mark(element, self.index)))
        self._parts.append([])
        self._out = self._parts[-1]
        # A copy's text sets its own font and colour; what follows sets them again.
        self._state = self._color = None

    # ------------------------------------------------------------------ shapes

    def _shapes(self, ink: list[Ink], kind: str) -> None:
        drawn = [shape for shape in ink if isinstance(shape, (Box, Segment, Polygon))]
        if not drawn:
            return
        canvas = self.surface
        canvas.saveState()
        self._draw(drawn)
        canvas.restoreState()
        self._out.append(f"/Artifact <</Type /{kind}>> BDC\n{canvas.take()}\nEMC")

    def _draw(self, shapes: Sequence[Ink]) -> None:
        for shape in shapes:
            if isinstance(shape, Box):
                self._box(self.surface, shape)
            elif isinstance(shape, Segment):
                self._segment(self.surface, shape)
            elif isinstance(shape, Polygon):
                self._polygon(self.surface, shape)

    def _paint(
        self, canvas: Surface, fill: Color | None, stroke: Color | None, line: float
    ) -> None:
        if fill:
            self._fill(canvas, fill)
        if stroke:
            self._stroke(canvas, stroke)
            canvas.setLineWidth(line)

    def _fill(self, canvas: Surface, color: Color) -> None:
        if _grey(color):
            canvas.setFillGray(color[0])
        else:
            canvas.setFillColorRGB(*color)

    def _stroke(self, canvas: Surface, color: Color) -> None:
        if _grey(color):
            canvas.setStrokeGray(color[0])
        else:
            canvas.setStrokeColorRGB(*color)

    def _box(self, canvas: Surface, box: Box) -> None:
        self._paint(canvas, box.fill, box.stroke, box.line)
        fill, stroke = int(bool(box.fill)), int(bool(box.stroke))
        x, y, w, h = (round(v, 2) for v in box[:4])
        if box.radius:
            canvas.roundRect(x, y, w, h, box.radius, stroke=stroke, fill=fill)
        else:
            canvas.rect(x, y, w, h, stroke=stroke, fill=fill)

    def _segment(self, canvas: Surface, line: Segment) -> None:
        self._stroke(canvas, line.color)
        canvas.setLineWidth(line.width)
        if line.dash:
            canvas.setDash(line.width, line.dash - line.width)
        canvas.line(*(round(v, 2) for v in line[:4]))
        if line.dash:
            canvas.setDash()

    def _polygon(self, canvas: Surface, shape: Polygon) -> None:
        self._paint(canvas, shape.fill, shape.stroke, shape.line)
        path = canvas.beginPath()
        path.moveTo(*shape.points[0])
        for point in shape.points[1:]:
            path.lineTo(*point)
        if shape.closed:
            path.close()
        canvas.drawPath(path, stroke=int(bool(shape.stroke)), fill=int(bool(shape.fill)))

    # ----------------------------------------------------------------- content

    def _contents(self, ink: list[Ink]) -> None:
        run: list[Glyphs] = []
        owner: Element | None = None
        for item in ink:
            if isinstance(item, Glyphs) and item.element is not None:
                if item.element is not owner and run:
                    self._content(owner, run)
                    run = []
                owner = item.element
                run.append(item)
            elif isinstance(item, Tick):
                # The field itself is an annotation; here it takes its place in the order.
                item.element.attach()
            elif isinstance(item, (Picture, Drawing, Slot)) and item.element is not None:
                if run:
                    self._content(owner, run)
                run, owner = [], None
                if isinstance(item, Slot):
                    self._slot(item, item.element)
                else:
                    self._figure(item)
        if run:
            self._content(owner, run)

    def _content(self, element: Element | None, run: list[Glyphs]) -> None:
        assert element is not None
        mcid = self.marks.mark(element, self.index)
        self._out.append(f"/{element.tag} <</MCID {mcid}>> BDC")
        self._text(run)
        self._out.append("EMC")

    def _figure(self, item: Picture | Drawing) -> None:
        element = item.element
        assert element is not None
        mcid = self.marks.mark(element, self.index)
        self._out.append(f"/{element.tag} <</MCID {mcid}>> BDC")
        if isinstance(item, Picture):
            name = self.images.setdefault(item.path, f"I{len(self.images)}")
            self.drawn[item.path] = name
            matrix = (
                f"{number(item.width)} 0 0 {number(item.height)} {number(item.x)} {number(item.y)}"
            )
            self._out.append(f"q {matrix} cm /{name} Do Q")
        else:
            self._drawing(item)
        if isinstance(item, (Picture, Drawing)):
            element.bbox = (
                self.index, item.x, item.y, item.x + item.width, item.y + item.height
            )  # fmt: skip
        self._out.append("EMC")

    def _drawing(self, drawing: Drawing) -> None:
        items = [moved(item, drawing.x, drawing.y) for item in drawing.items]
        canvas = self.surface
        canvas.saveState()
        self._draw([item for item in items if not isinstance(item, Glyphs)])
        canvas.restoreState()
        self._out.append(canvas.take())
        self._text([item for item in items if isinstance(item, Glyphs)])

    def _text(self, run: list[Glyphs]) -> None:
        out = self._out
        out.append("BT")
        left = down = 0.0
        state = self._state
        color = self._color
        for x, y, face, size, ink, codes, _ in run:
            if (face, size) != state:
                state = (face, size)
                self.fonts.add(face)
                out.append(f"/{face} {size:.4g} Tf")
            if ink != color:
                color = ink
                out.append(paint(ink))
            x, y = round(x, 2), round(y, 2)
            if x != left or y != down:
                out.append(f"{number(x - left)} {number(y - down)} Td")
                left, down = x, y
            self.used[face].add(codes)
            out.append(shown(codes))
        out.append("ET")
        self._state, self._color = state, color

    # --------------------------------------------------------------- artifacts

    def _artifacts(self, ink: list[Ink]) -> None:
        repeated = [g for g in ink if isinstance(g, Glyphs) and g.element is None]
        if repeated:
            self._out.append("/Artifact <</Type /Pagination>> BDC")
            self._text(repeated)
            self._out.append("EMC")

    def _furniture(self, ink: list[Ink]) -> None:
        for stamp in ink:
            if isinstance(stamp, Stamp):
                self.stamps[stamp.slot.name] = stamp.slot
                self._out.append(
                    "/Artifact <</Type /Pagination /Subtype /Footer /Attached [/Bottom]>> BDC\n"
                    f"q 1 0 0 1 {number(stamp.x)} {number(stamp.y)} cm /S{stamp.slot.name} Do Q\n"
                    "EMC"
                )
        glyphs: list[Any] = [item for item in ink if isinstance(item, Glyphs)]
        if not glyphs:
            return
        middle = (min(g.y for g in glyphs) + max(g.y for g in glyphs)) / 2
        for kind, edge in (("Header", True), ("Footer", False)):
            part = [g for g in glyphs if (g.y > middle) == edge]
            if part:
                attached = "Top" if edge else "Bottom"
                self._out.append(
                    f"/Artifact <</Type /Pagination /Subtype /{kind} /Attached [/{attached}]>> BDC"
                )
                self._text(part)
                self._out.append("EMC")
