"""Numbers and colours as content streams have them."""

from __future__ import annotations

from ..units import Color


def number(value: float) -> str:
    """A length to a hundredth of a point."""
    return f"{round(value, 2):.7g}"


def paint(color: Color) -> str:
    """The operator that fills in a colour; a grey is written as one, for black ink alone."""
    red, green, blue = (f"{round(part, 4):g}" for part in color)
    return f"{red} g" if red == green == blue else f"{red} {green} {blue} rg"


def outline(color: Color) -> str:
    """The operator that draws outlines in a colour."""
    red, green, blue = (f"{round(part, 4):g}" for part in color)
    return f"{red} G" if red == green == blue else f"{red} {green} {blue} RG"
