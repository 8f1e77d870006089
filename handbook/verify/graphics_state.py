"""Define the graphics state of a content stream (ISO 32000-1, 8.4)."""

from __future__ import annotations

from dataclasses import dataclass

from ..core.matrices import IDENTITY, Matrix
from .page_content import BLACK, Bounds, Rgb
from .pdf_fonts import PdfFont


@dataclass(slots=True)
class GraphicsState:
    """The graphics state: what q saves and Q restores."""

    ctm: Matrix = IDENTITY
    clip: Bounds | None = None
    fill: Rgb | None = BLACK
    stroke: Rgb | None = BLACK
    line: float = 1.0
    face: PdfFont | None = None
    size: float = 0.0
    char_space: float = 0.0
    word_space: float = 0.0
    stretch: float = 1.0
    leading: float = 0.0
    rise: float = 0.0
    mode: int = 0
