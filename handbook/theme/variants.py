"""Derive themes for large print and for grey printers from any theme.

Large print follows the habits of RNIB's Clear Print guidelines: nothing below 18 points, no
italics, no text in grey, white between the lines, wide columns.  Greys keep the luminance of
the colours they replace, so every contrast stays what it was (WCAG 2.2, 1.4.3).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from ..core.units import MM, parse_hex
from .contrast import luminance
from .theme import Theme, is_color

LARGE = 18.0
LEADING = 1.4
# A heading's size grows by less than the text's: it has to fit its line.
GROWTH = 0.9


@lru_cache(maxsize=8)
def theme_variant(theme: Theme, *, large_print: bool, grayscale: bool) -> Theme:
    """Return `theme` as it is, in large print, in greys, or both."""
    tokens: dict[str, Any] = {key: theme.raw(key) for key in theme.keys()}  # noqa: SIM118
    if large_print:
        tokens |= _large(theme)
    if grayscale:
        tokens |= {key: _grey(value) for key, value in tokens.items() if is_color(value)}
    return (
        Theme(theme.name, tokens, theme.file, places=theme.places)
        if large_print or grayscale
        else theme
    )


def _large(theme: Theme) -> dict[str, Any]:
    body = theme.style("body")
    grown: dict[str, Any] = {"grid": LARGE * LEADING / 2}
    for name in theme.text_styles():
        style = theme.style(name)
        size = max(LARGE, LARGE + (style.size - body.size) * GROWTH)
        # Headings are set closer than running text, here as in the theme.
        ratio = LEADING if size == LARGE else max(1.12, style.leading / style.size)
        own = {
            "size": size, "leading": size * ratio,
            "before": style.before * 1.5, "after": style.after * 1.5,
        }  # fmt: skip
        grown |= {f"text.{name}.{key}": round(value, 2) for key, value in own.items()}
    for face, upright in (("italic", "bold"), ("bold-italic", "bold")):
        grown[f"faces.{face}"] = theme.raw(f"faces.{upright}")
    for kind in ("code", "keyboard", "small", "superscript", "subscript"):
        grown[f"inline.{kind}.scale"] = 1.0
    for key in ("list.indent", "list.gap", "table.padding"):
        grown[key] = theme.number(key) * 1.6
    grown["colors.soft"] = theme.raw("colors.ink")
    return grown | _wide(theme)


def _wide(theme: Theme) -> dict[str, Any]:
    """Return page tokens without a margin column: large print needs the whole width."""
    edge = min(theme.number("page.wide-left"), 17 * MM)
    return {
        "page.left": edge,
        "page.wide-left": edge,
        "page.right": edge,
        "page.inner": edge + 3 * MM,
        "page.outer": edge - 3 * MM,
        "page.top": 27 * MM,
        "page.head": 14 * MM,
        "page.bottom": 24 * MM,
        "page.foot": 12 * MM,
        "page.opener": 10 * MM,
    }


def _grey(value: str) -> str:
    """Return the grey that is as light as the colour `value` ("#rrggbb")."""
    color = parse_hex(value)
    assert color is not None
    light = luminance(color)
    level = light * 12.92 if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055
    return f"#{round(level * 255):02x}" + 2 * f"{round(level * 255):02x}"
