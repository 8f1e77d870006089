"""A brand's few colours -> the tokens of a theme.

Paper is white.  Colours of text are taken as they are, or not at all: what cannot be read is
told (dress.py), never made darker behind the brand's back.  Grounds, rules and the cover's
field are made from the brand's colours by mixing them with white or black.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.units import Color
from ..contrast import AA, contrast
from ..theme import Theme
from .model import Brand

WHITE: Color = (1.0, 1.0, 1.0)
BLACK: Color = (0.0, 0.0, 0.0)
# A cover's field and a chapter's title are this far from white, at least.
DEEP = 7.0
# Boxes by the role that their colour plays in a brand: (role, colour token, its ground).
SIGNALS = (
    ("success", "green", "wash-green"), ("warning", "warm", "wash-warm"),
    ("danger", "red", "wash-red"), ("secondary", "violet", "wash-violet"),
)  # fmt: skip


def rgb(value: str) -> Color:
    """`#rrggbb` as red, green and blue."""
    return (int(value[1:3], 16) / 255, int(value[3:5], 16) / 255, int(value[5:7], 16) / 255)


def digits(color: Color) -> str:
    """Red, green and blue as `#rrggbb`."""
    return "#" + "".join(f"{round(part * 255):02x}" for part in color)


def mixed(color: Color, other: Color, share: float) -> Color:
    """`color` with a `share` of the `other` in it."""
    red, green, blue = (a + (b - a) * share for a, b in zip(color, other, strict=True))
    return (red, green, blue)


def deep(color: Color) -> Color:
    """`color`, with as much black as sets it off from white."""
    steps = (mixed(color, BLACK, step / 20) for step in range(21))
    return next(c for c in steps if contrast(c, WHITE) >= DEEP)


def color_tokens(theme: Theme, brand: Brand) -> dict[str, Any]:
    """The colour tokens that `brand` sets in `theme`."""
    roles = {role: rgb(tint.value) for role, tint in brand.colors.items()}
    tokens: dict[str, Any] = {"colors.paper": WHITE}
    ink = _ink(roles)
    if ink:
        tokens |= {"colors.ink": ink, "colors.soft": _soft(ink)}
    if "primary" in roles:
        tokens |= _accents(theme, roles)
    link = brand.type["link"].color if "link" in brand.type else brand.colors.get("link")
    if link:
        tokens["inline.link.color"] = rgb(link.value)
    if "headings" in brand.type and brand.type["headings"].color:
        titles = rgb(brand.type["headings"].color.value)
        for name in ("chapter-title", "heading-2", "heading-3", "heading-4"):
            tokens[f"text.{name}.color"] = titles
    for role, signal, wash in SIGNALS:
        if role in roles and contrast(roles[role], WHITE) >= AA:
            tokens[f"colors.{signal}"] = roles[role]
            tokens[f"colors.{wash}"] = mixed(roles[role], WHITE, 0.92)
    if "info" in roles and contrast(roles["info"], WHITE) >= AA:
        ground = mixed(roles["info"], WHITE, 0.93)
        tokens |= {"box.note.ink": roles["info"], "box.note.wash": ground}
    return {key: digits(value) for key, value in tokens.items()}


def faint_signals(brand: Brand) -> list[str]:
    """The roles whose colour is too faint for the words of a box: the theme's own stays there."""
    names = [*(role for role, _, _ in SIGNALS if role != "secondary"), "info"]
    return [
        role for role in names
        if role in brand.colors and contrast(rgb(brand.colors[role].value), WHITE) < AA
    ]  # fmt: skip


def _ink(roles: Mapping[str, Color]) -> Color | None:
    """The colour of text: the darker one of foreground and background, as paper is white."""
    if "foreground" not in roles:
        return None
    both = [roles[role] for role in ("foreground", "background") if role in roles]
    return max(both, key=lambda color: contrast(color, WHITE))


def _soft(ink: Color) -> Color:
    """A quieter colour for captions and running heads: `ink` with white in it, well readable."""
    steps = (mixed(ink, WHITE, step / 20) for step in range(6, -1, -1))
    return next((c for c in steps if contrast(c, WHITE) >= 6.5), ink)


def _accents(theme: Theme, roles: Mapping[str, Color]) -> dict[str, Color]:
    primary = roles["primary"]
    dark = deep(primary)
    field = primary if contrast(primary, WHITE) >= AA else dark
    tokens = {
        "colors.accent": primary, "colors.accent-dark": dark,
        "colors.hairline": mixed(dark, WHITE, 0.7), "colors.wash": mixed(primary, WHITE, 0.92),
        "colors.wash-grey": mixed(dark, WHITE, 0.95),
        "cover.field": field, "cover.pattern": _pattern(field, roles),
        "inline.link.color": primary,
    }  # fmt: skip
    # Colours that only some themes have: almanac's slate, and its ground behind table heads.
    own = {
        "colors.slate": primary, "colors.wash-slate": mixed(primary, WHITE, 0.92),
        "colors.head": mixed(primary, WHITE, 0.84),
    }  # fmt: skip
    return {**tokens, **{key: value for key, value in own.items() if theme.has(key)}}


def _pattern(field: Color, roles: Mapping[str, Color]) -> Color:
    """The triangles on the field: the brand's second colour, else the field's own, shaded."""
    second = roles.get("secondary")
    if second and contrast(second, field) >= 1.25:
        return second
    return mixed(field, WHITE, 0.22) if contrast(field, WHITE) > 9 else mixed(field, BLACK, 0.28)
