"""Turn a theme's colours light, for figures on a dark ground such as a cover's field."""

from __future__ import annotations

from functools import lru_cache

from ..core.units import Color
from .brand.color_tokens import digits, mixed, readable
from .contrast import AA
from .theme import Theme

# Colours that words are written in, and how much of the ground is in other colours.
_SIGNALS = ("warm", "green", "red", "violet")
_WASHES = ("wash", "wash-warm", "wash-green", "wash-red", "wash-violet", "wash-grey")
SOFT, LINES, WASH = 0.18, 0.62, 0.88
# The contrast of the colours of areas to the ground: more than AA asks of graphics, for print.
LIT = 3.6


@lru_cache(maxsize=16)
def on_ground(theme: Theme, ground: Color) -> Theme:
    """Return `theme` with its ground instead of paper, and all colours readable on it."""
    paper = theme.color("colors.paper")
    colors: dict[str, Color] = {
        "colors.paper": ground,
        "colors.ink": paper,
        "colors.accent-dark": paper,
        "colors.soft": readable(mixed(paper, ground, SOFT), ground, AA),
        "colors.accent": readable(theme.color("colors.accent"), ground, AA),
        "colors.hairline": mixed(paper, ground, LINES),
    }
    for name in _SIGNALS:
        colors[f"colors.{name}"] = readable(theme.color(f"colors.{name}"), ground, AA)
    for name in _WASHES:
        colors[f"colors.{name}"] = mixed(paper, ground, WASH)
    for key in theme.area_colors():
        colors[key] = readable(theme.color(key), ground, LIT)
    return theme.changed({key: digits(color) for key, color in colors.items()})
