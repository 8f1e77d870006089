"""Derive themes for phones, for large print and for grey printers from any theme.

On a phone 90 mm of page are as wide as 65 to 75 mm of glass: text of 10.5 points is then as large
as that of web pages.

Large print follows the habits of RNIB's Clear Print guidelines: nothing below 18 points, no
italics, no text in grey, white between the lines, wide columns.  Greys keep the luminance of
the colours they replace, so every contrast stays what it was (WCAG 2.2, 1.4.3).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from ..core.units import MM, PAPERS, parse_hex
from .contrast import luminance
from .theme import Theme, is_color

LARGE = 18.0
LEADING = 1.4
# A heading's size grows by less than the text's: it has to fit its line.
GROWTH = 0.9
# The text of a phone's page, and its smallest notes (points).
PHONE_TEXT, PHONE_LEAST = 10.5, 9.0
# What is larger than this (points) is on a phone by this much of it only.
PHONE_LARGE, PHONE_GROWTH = 12.5, 0.4
# Rows of a table are stacked if they become no more than this many times as high.
STACKED = 1.5
# The same in large print, whose pages are wider.
STACKED_LARGE = 1.2
# Entries of lists that one taps on are a finger apart: 7 mm.
FINGER = 7 * MM
# What has little room already: words of figures, heads and feet.
AS_THEY_ARE = ("figure", "running-head")
# White that takes no more than this of a phone's page (points).
PHONE_WHITE = {
    "list.indent": 12.0, "table.padding": 3.0, "table.row": 2.0, "box.padding": 7.0,
    "code.padding": 5.0, "chapter.before": 18.0, "chapter.below-rule": 5.0,
    "area.tab-width": 2 * MM, "area.tab-height": 12 * MM,
}  # fmt: skip
TAPPED = ("contents-chapter", "contents-section", "index", "web-address")


@lru_cache(maxsize=8)
def theme_variant(
    theme: Theme, *, large_print: bool, grayscale: bool, phone: bool = False
) -> Theme:
    """Return `theme` as it is, in large print or for a phone, in greys, or both."""
    tokens: dict[str, Any] = {key: theme.raw(key) for key in theme.keys()}  # noqa: SIM118
    if large_print:
        tokens |= _large(theme)
    if phone:
        tokens |= _phone(theme)
    if grayscale:
        tokens |= {key: _grey(value) for key, value in tokens.items() if is_color(value)}
    return (
        Theme(theme.name, tokens, theme.file, places=theme.places)
        if large_print or grayscale or phone
        else theme
    )


def _large(theme: Theme) -> dict[str, Any]:
    body = theme.style("body")
    grown: dict[str, Any] = {"grid": LARGE * LEADING / 2, "table.stack": STACKED_LARGE}
    for name in theme.text_styles():
        style = theme.style(name)
        size = max(LARGE, LARGE + (style.size - body.size) * GROWTH)
        # Headings are set closer than running text, here as in the theme.
        ratio = LEADING if size == LARGE else max(1.12, style.leading / style.size)
        metrics = {
            "size": size, "leading": size * ratio,
            "before": style.before * 1.5, "after": style.after * 1.5,
        }  # fmt: skip
        grown |= {f"text.{name}.{key}": round(value, 2) for key, value in metrics.items()}
    for face, upright in (("italic", "bold"), ("bold-italic", "bold")):
        grown[f"faces.{face}"] = theme.raw(f"faces.{upright}")
    for kind in ("code", "keyboard", "small", "superscript", "subscript"):
        grown[f"inline.{kind}.scale"] = 1.0
    for key in ("list.indent", "list.gap", "table.padding"):
        grown[key] = theme.number(key) * 1.6
    ink, soft = theme.raw("colors.ink"), theme.raw("colors.soft")
    # A token's reference was followed: whatever has this colour.
    grown |= {key: ink for key in theme.keys() if theme.raw(key) == soft}  # noqa: SIM118
    return grown | _wide(theme)


def _phone(theme: Theme) -> dict[str, Any]:
    """Return tokens for a page as wide as a phone: larger text, smaller headings and margins."""
    grown = max(0.0, PHONE_TEXT - theme.style("body").size)
    tokens: dict[str, Any] = {"grid": 7.2, "inline.link.height": FINGER, "table.stack": STACKED}
    for name in theme.text_styles():
        style = theme.style(name)
        size = style.size if style.face.startswith("mono") else style.size + grown
        size = max(PHONE_LEAST, min(size, PHONE_LARGE + (size - PHONE_LARGE) * PHONE_GROWTH))
        if name in AS_THEY_ARE:
            size = style.size
        leading = size * style.leading / style.size
        metrics = {"size": size, "leading": leading}
        metrics |= {key: min(getattr(style, key), size) for key in ("before", "after")}
        if name in TAPPED:
            # Below only: the number of an address is next to its first line.
            metrics |= {"before": 0.0, "after": max(0.0, FINGER - leading)}
        tokens |= {f"text.{name}.{key}": round(value, 2) for key, value in metrics.items()}
    for key, most in PHONE_WHITE.items():
        tokens[key] = min(theme.number(key), most)
    return tokens


def _wide(theme: Theme) -> dict[str, Any]:
    """Return page tokens without a margin column: large print needs the whole width.

    A paper with margins of its own has no such column either.
    """
    edge = min(theme.number("page.wide-left"), 17 * MM)
    of_papers: dict[str, float] = {}
    for paper in PAPERS:
        if theme.has(f"page.{paper}.left") or theme.has(f"page.{paper}.wide-left"):
            wide_left = min(theme.page(paper, "wide-left"), 17 * MM)
            of_papers |= {f"page.{paper}.left": wide_left, f"page.{paper}.wide-left": wide_left}
            if theme.has(f"page.{paper}.right"):
                of_papers[f"page.{paper}.right"] = min(theme.page(paper, "right"), 17 * MM)
    return of_papers | {
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
