"""Define what a diagram engine receives, and what it returns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from ...core.values import frozen

# Labels are at this size (pixels) in the drawing of an engine.
SIZE = 14.0


@frozen
class DiagramStyle:
    """What an engine receives of the theme: colours as `#rrggbb`, and how wide words are (ems)."""

    ink: str
    paper: str
    line: str
    grid: str
    wash: str
    border: str
    accent: str
    series: tuple[str, ...]
    washes: tuple[str, ...]
    width: Callable[[str, bool], float]


class DiagramProblem(Exception):
    """What an engine says of a source that it cannot draw: `line` counts from 1, or is 0."""

    def __init__(self, message: str, line: int = 0) -> None:
        self.message, self.line = message, line
        super().__init__(message)


class DiagramEngine(Protocol):
    """Draws one kind of diagram."""

    def draw(self, source: str, style: DiagramStyle) -> tuple[str, str]:
        """Return an SVG and what it shows, in words.

        Raises:
            DiagramProblem: if the source cannot be drawn.
        """
