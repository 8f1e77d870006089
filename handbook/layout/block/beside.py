"""TODO: a docstring."""

from __future__ import annotations

from typing import Any

from ..flow.flowables import Gap, Marker, Piece, draw_stack, drawn_height


class Beside(Marker):
    """Lines beside the first line of the pieces that follow; takes no height itself."""

    __slots__ = ("pieces",)

    def __init__(self, pieces: list[Piece]) -> None:
        Piece.__init__(self, 0.0)
        self.pieces = pieces
        self.keep = True

    def draw(self, page: Any, left: float, top: float, artifact: bool = False) -> None:
        """Draw the lines downwards from the top of what follows."""
        draw_stack(self.pieces, page, left, top, artifact)


def _with_aside(aside: list[Piece], body: list[Piece]) -> list[Piece]:
    """A margin note beside `body`, of which as much stays together as the note is high."""
    pieces = _beside(aside, body)
    height = drawn_height(aside)
    for count in range(1, len(pieces)):
        if drawn_height(pieces[1:count]) >= height:
            break
        pieces[count].keep = count < len(pieces) - 1 or pieces[count].keep
    return pieces


def _beside(terms: list[Piece], body: list[Piece]) -> list[Piece]:
    aside = Beside(terms)
    aside.before = max(terms[0].before if terms else 0.0, body[0].before)
    aside.frames = body[0].frames
    aside.snap, body[0].snap = body[0].snap, False
    body[0].before = 0.0
    needed = drawn_height(terms) - drawn_height(body)
    if needed > 0:
        gap = Gap(needed)
        gap.after, body[-1].after = body[-1].after, 0.0
        gap.frames = body[-1].frames
        body[-1].keep = True
        body = [*body, gap]
    return [aside, *body]
