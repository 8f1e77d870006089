"""Draw the icons next to the titles of boxes, as artifacts."""

from __future__ import annotations

from ...core.units import Color
from ...fonts.face import Face
from ..flow.flowables import Flowable
from ..page import Box, Glyphs, Page, PageItem, Polygon, Segment

# An icon's size, as a share of the leading of its title.
SHARE = 0.86
# Its letter is 0.84 of it, and no letter is smaller than 8.5 points.
LEAST = 10.2
LETTERS = {
    "note": "i",
    "caution": "!",
    "warning": "!",
    "important": "!",
    "trap": "!",
    "question": "?",
}


class Icon(Flowable):
    """An icon at the right edge of a box, next to its title; takes no height."""

    __slots__ = ("color", "face", "kind", "size")

    def __init__(self, kind: str, x: float, color: Color, face: Face, size: float) -> None:
        super().__init__(0.0, x)
        self.size = size
        self.kind = kind
        self.color = color
        self.face = face
        self.keep_with_next = True

    def draw(self, page: Page, left: float, top: float, artifact: bool = False) -> None:
        """Draw the icon with its top a little below `top`."""
        x, y = left + self.x - self.size, top - self.size - 0.6
        page.items.extend(_sign(self.kind, x, y, self.size, self.color, self.face))


def _sign(kind: str, x: float, y: float, size: float, color: Color, face: Face) -> list[PageItem]:
    """Return an icon in a square of `size` points with its lower left corner at x, y."""

    def at(*points: tuple[float, float]) -> tuple[tuple[float, float], ...]:
        return tuple((x + px * size, y + py * size) for px, py in points)

    def stroke(*points: tuple[float, float], closed: bool = False) -> Polygon:
        return Polygon(at(*points), None, color, 1.0, closed)

    circle = Box(x, y, size, size, None, color, 1.0, size / 2)
    if kind in ("caution", "warning", "trap"):
        outline: PageItem = stroke((0.5, 1.0), (0.0, 0.06), (1.0, 0.06), closed=True)
        return [outline, *_letter("!", x, y - 0.6, size, color, face)]
    if kind in LETTERS:
        return [circle, *_letter(LETTERS[kind], x, y + 0.4, size, color, face)]
    if kind == "retired":
        return [circle, stroke((0.16, 0.16), (0.84, 0.84))]
    if kind in ("answer", "tip"):
        return [circle, stroke((0.24, 0.5), (0.44, 0.28), (0.76, 0.72))]
    if kind == "exam":
        return [
            stroke((0.12, 0.0), (0.12, 1.0), (0.88, 1.0), (0.88, 0.0), closed=True),
            *(
                Segment(x + size * 0.28, y + size * h, x + size * 0.72, y + size * h, color, 0.9)
                for h in (0.72, 0.5, 0.28)
            ),
        ]
    if kind in ("facts", "key"):
        return [Polygon(at((0.5, 1.0), (1.0, 0.5), (0.5, 0.0), (0.0, 0.5)), color)]
    return [stroke((0.0, 0.3), (0.5, 0.8), (1.0, 0.3))]


def _letter(
    letter: str, x: float, y: float, size: float, color: Color, face: Face
) -> list[PageItem]:
    points = size * 0.84
    codes, units = face.encode(letter)
    middle = x + (size - units * points / 1000) / 2
    return [Glyphs(middle, y + size * 0.19, "bold", points, color, codes, None)]
