"""Measure the contrast of colours (WCAG 2.2, 1.4.3)."""

from __future__ import annotations

from ..core.diagnostics import Diagnostic
from ..core.units import Color, counted
from .theme import Theme

AA = 4.5


AA_LARGE = 3.0


def luminance(color: Color) -> float:
    """Return how light a colour is, from 0 to 1 (WCAG 2.2, relative luminance)."""
    parts = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in color]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: Color, other: Color) -> float:
    """Return the contrast of two colours, from 1 to 21 (WCAG 2.2, 1.4.3)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def text_pairs(theme: Theme) -> list[tuple[str, Color, Color, float]]:
    """Return each text colour with its background and size: (token, color, background, points)."""
    paper = theme.color("colors.paper")
    field = theme.color("cover.field")
    on_field = ("cover-kicker", "cover-title", "cover-subtitle")
    on_band = ("area-number", "area-title", "area-lead", "area-counts")
    areas = {key: theme.color(key) for key in ["colors.area", *theme.area_colors()]}
    pairs: list[tuple[str, Color, Color, float]] = []
    for name in theme.text_styles():
        style = theme.style(name)
        ground = field if name in on_field else paper
        if name in on_band:
            ground = max(areas.values(), key=luminance)
        if name == "table-head":
            ground = theme.color("table.head")
        pairs.append((f"text.{name}.color", style.color, ground, style.size))
    size = theme.style("body").size
    pairs += [(key, color, paper, size) for key, color in areas.items()]
    pairs.append(("inline.link.color", theme.color("inline.link.color"), paper, size))
    pairs.append(("inline.mark.color", theme.color("inline.mark.color"), paper, size))
    color = theme.style("box").color
    for kind in sorted({k.split(".")[1] for k in theme.keys() if k.endswith(".wash")}):  # noqa: SIM118
        if theme.has(f"box.{kind}.ink"):
            box = theme.box(kind)
            pairs.append((f"box.{kind}.ink", box.ink, box.wash, 9.0))
            pairs.append((f"box.{kind}.wash", color, box.wash, 9.0))
    tokens = theme.keys()
    for key in sorted(k for k in tokens if k.startswith("code.") and k.endswith(".color")):
        pairs.append((key, theme.color(key), theme.color("code.wash"), 8.5))
    for key in ("table.chosen", "table.retired"):
        pairs.append((key, theme.style("table").color, theme.color(key), 9.0))
    return pairs


def contrast_advice(theme: Theme) -> list[Diagnostic]:
    """Return a warning for each colour of text that is below WCAG's level AA somewhere."""
    alike: dict[Color, list[tuple[float, float, str]]] = {}
    for token, color, ground, size in text_pairs(theme):
        ratio = contrast(color, ground)
        required = AA_LARGE if size >= 18 else AA
        if ratio < required:
            alike.setdefault(color, []).append((ratio, required, token))
    return [_advice(theme, color, pairs) for color, pairs in alike.items()]


def _advice(theme: Theme, color: Color, pairs: list[tuple[float, float, str]]) -> Diagnostic:
    """Return the warning for one colour, at the token that gives it."""
    ratio, required, token = min(pairs)
    names = sorted({name for _, _, name in pairs}, key=lambda name: (name[:5] != "text.", name))
    also = ""
    if len(names) > 1:
        shared = (key for key in sorted(theme.keys()) if key.startswith("colors."))
        sources = [*(key for key in shared if theme.color(key) == color), *names]
        # What the file sets is its cause; the rest follows from it.
        token = next((key for key in sources if theme.at(key).line), sources[0])
        first, *others = (name for name in names if name != token)
        more = f" and {counted(len(others), 'more token')}" if others else ""
        also = f" (it colours {first}{more})"
    return Diagnostic.at(
        theme.at(token),
        f"{token} has a contrast of {ratio:.1f} to its background; "
        f"WCAG AA asks for {required:g}{also}",
        "make the text darker or its background lighter",
        "contrast",
        "warning",
    )
