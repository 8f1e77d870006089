"""Turn a brand's few colours into the tokens of a theme.

Paper is white.  Grounds, rules and the cover's field are mixed from the brand's colours with white
or black; a colour too light for text is darkened (see apply.py), with a warning.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.units import Color, parse_hex
from ..contrast import AA, contrast
from ..theme import Theme
from .model import Brand, SourcedColor

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
    """Return `#rrggbb` as red, green and blue."""
    color = parse_hex(value)
    assert color is not None
    return color


def digits(color: Color) -> str:
    """Return red, green and blue as `#rrggbb`."""
    return "#" + "".join(f"{round(part * 255):02x}" for part in color)


def mixed(color: Color, other: Color, share: float) -> Color:
    """Return `color` with a `share` of the `other` in it."""
    red, green, blue = (a + (b - a) * share for a, b in zip(color, other, strict=True))
    return (red, green, blue)


def deep(color: Color) -> Color:
    """Return `color`, with as much black as sets it off from white."""
    steps = (mixed(color, BLACK, step / 20) for step in range(21))
    return next(c for c in steps if contrast(c, WHITE) >= DEEP)


def readable(text_color: Color, ground: Color, ratio: float) -> Color:
    """Return `text_color`, darkened or lightened until its contrast to `ground` is `ratio` to 1."""
    end = BLACK if contrast(ground, BLACK) >= contrast(ground, WHITE) else WHITE
    steps = (mixed(text_color, end, step / 50) for step in range(51))
    return next((color for color in steps if _rounded_contrast(color, ground) >= ratio), end)


def _rounded_contrast(text_color: Color, ground: Color) -> float:
    """Return the contrast of a colour as it is written, in six digits."""
    return contrast(rgb(digits(text_color)), ground)


def color_tokens(theme: Theme, brand: Brand) -> dict[str, Any]:
    """Return the colour tokens that `brand` sets in `theme`."""
    roles = {role: rgb(color.value) for role, color in brand.colors.items()}
    tokens: dict[str, Color] = {"colors.paper": WHITE}
    text_color = _text_color(brand, roles)
    if text_color:
        tokens |= {"colors.ink": text_color, "colors.soft": _soft(text_color)}
    if "primary" in roles:
        tokens |= _accents(theme, roles)
    for kind, names in _KIND_TOKENS.items():
        color = color_of(brand, kind)
        if color:
            tokens |= {name: rgb(color.value) for name in names if theme.has(name) or kind in _NEW}
    block = brand.type.get("monospace-block")
    if block and block.background:
        tokens["code.wash"] = rgb(block.background.value)
    for role, signal, wash in SIGNALS:
        # A second colour is for ornaments: boxes take it only if it can be read.
        if role in roles and (role != "secondary" or contrast(roles[role], WHITE) >= AA):
            tokens[f"colors.{wash}"] = mixed(roles[role], WHITE, 0.92)
            tokens[f"colors.{signal}"] = readable(roles[role], tokens[f"colors.{wash}"], AA)
    if "info" in roles:
        ground = mixed(roles["info"], WHITE, 0.93)
        tokens |= {"box.note.ink": readable(roles["info"], ground, AA), "box.note.wash": ground}
    return {key: digits(value) for key, value in tokens.items()}


_TITLES = tuple(f"text.{n}.color" for n in ("chapter-title", "heading-2", "heading-3", "heading-4"))
# The tokens of each kind of text that a brand may give a colour.
_KIND_TOKENS = {
    "headings": _TITLES,
    "link": ("inline.link.color",),
    "monospace-block": ("text.code.color",),
    "monospace-inline": ("inline.code.color",),
}
# Kinds whose token a theme need not have.
_NEW = ("monospace-inline", "monospace-block")


def color_of(brand: Brand, kind: str) -> SourcedColor | None:
    """Return the colour of a kind of text: for print, of the kind itself, or of its role."""
    color = brand.print_colors.get(kind)
    for name in (kind, "monospace") if kind.startswith("monospace") else (kind,):
        if color is None and name in brand.type:
            color = brand.type[name].color
    return color or (brand.colors.get("link") if kind == "link" else None)


def darkened_signals(brand: Brand) -> list[tuple[str, str]]:
    """Return the roles of boxes whose colour is too light for text, and what is printed."""
    names = [*(role for role, _, _ in SIGNALS if role != "secondary"), "info"]
    changed: list[tuple[str, str]] = []
    for role in names:
        if role in brand.colors:
            color = rgb(brand.colors[role].value)
            printed = readable(color, mixed(color, WHITE, 0.92), AA)
            if printed != color:
                changed.append((role, digits(printed)))
    return changed


def _text_color(brand: Brand, roles: Mapping[str, Color]) -> Color | None:
    """Return the colour of text: of the typography, for print, or the darker one of two roles."""
    base = brand.type["base"].color if "base" in brand.type else None
    if base and "foreground" not in brand.print_colors:
        return rgb(base.value)
    if "foreground" not in roles:
        return None
    both = [roles[role] for role in ("foreground", "background") if role in roles]
    return max(both, key=lambda color: contrast(color, WHITE))


def _soft(text_color: Color) -> Color:
    """Return a quieter colour for captions and running heads."""
    steps = (mixed(text_color, WHITE, step / 20) for step in range(6, -1, -1))
    return next((c for c in steps if contrast(c, WHITE) >= 6.5), text_color)


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
    optional = {
        "colors.slate": primary, "colors.wash-slate": mixed(primary, WHITE, 0.92),
        "colors.head": mixed(primary, WHITE, 0.84),
    }  # fmt: skip
    return {**tokens, **{key: value for key, value in optional.items() if theme.has(key)}}


def _pattern(field: Color, roles: Mapping[str, Color]) -> Color:
    """Return the colour of the cover's pattern: the second one, otherwise a shade of the field."""
    second = roles.get("secondary")
    if second and contrast(second, field) >= 1.25:
        return second
    return mixed(field, WHITE, 0.22) if contrast(field, WHITE) > 9 else mixed(field, BLACK, 0.28)
