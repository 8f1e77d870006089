"""Theme + Brand -> Theme: a brand over any theme, before it is adapted to how it is printed.

colors.py   a brand's few colours -> the many tokens of a theme
faces.py    a brand's families -> font files for a theme's faces
dress.py    both together, and what is wrong with them on paper
"""

from .dress import Dressed, dressed, glyph_advice

__all__ = ["Dressed", "dressed", "glyph_advice"]
