"""Say where blocks are set."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from ..flow.flowables import BoxDecoration
from ..structure import StructElem


@dataclass(frozen=True, slots=True)
class Area:
    """Where blocks may stand: a column of `width` points at `x`, and a wider one around it.

    A `turned` one lies on a page that is wider than high.
    """

    x: float
    width: float
    wide_x: float
    wide_width: float
    element: StructElem
    style: str = "body"
    top_level: bool = True
    frames: tuple[BoxDecoration, ...] = ()
    depth: int = 1
    direct: bool = False
    landscape: bool = False

    def inside(self, element: StructElem, indent: float = 0.0, **changes: Any) -> Area:
        """A narrower room inside this one, with no wider room around it."""
        x, width = self.x + indent, self.width - indent
        return replace(
            self, x=x, width=width, wide_x=x, wide_width=width, element=element,
            top_level=False, direct=False, **changes,
        )  # fmt: skip
