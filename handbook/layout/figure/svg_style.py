"""Work out what a style sheet says of the elements of an SVG that a program drew."""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from ...core.matrices import Matrix, numbers, times, transform
from ...core.units import Color

# Properties that an element has from those around it.
INHERITED = frozenset(
    {"fill", "stroke", "stroke-width", "stroke-dasharray", "font-size", "font-weight", "font-style",
     "font-family", "text-anchor", "dominant-baseline", "color", "visibility", "fill-opacity",
     "stroke-opacity", "fill-rule", "text-align", "white-space", "line-height"}
)  # fmt: skip
_OWN = frozenset({"opacity", "display", "marker-start", "marker-mid", "marker-end", "stop-color",
                  "alignment-baseline", "background-color", "transform"})  # fmt: skip
PROPERTIES = INHERITED | _OWN
_PIXELS = re.compile(r"(-?[\d.]+)(px|em|ex|pt|%|rem)?\s*$")

Style = dict[str, str]


class StyleSheet:
    """The rules of a document's `<style>` elements."""

    def __init__(self, root: etree.Element) -> None:
        text = "".join("".join(node.itertext()) for node in root.iter() if _is_style(node))
        self._matcher = _matcher(text)

    def declared(self, wrapper: Any) -> Style:
        """Return what rules, attributes and the `style` of an element say of it."""
        element = wrapper.etree_element
        # An empty attribute is as if it were not written.
        normal = {k: value for k, value in element.attrib.items() if k in PROPERTIES and value}
        important: Style = {}
        for _, _, _, declared in sorted(self._matcher.match(wrapper), key=lambda one: one[:2]):
            for name, value, strong in declared:
                (important if strong else normal)[name] = value
        if written := element.get("style"):
            for name, value, strong in _written(written):
                (important if strong else normal)[name] = value
        return normal | important


@lru_cache(maxsize=32)
def _matcher(text: str) -> Any:
    """Return the rules of a style sheet, ready to be matched; engines write the same ones often."""
    import cssselect2
    import tinycss2

    matcher = cssselect2.Matcher()
    for rule in tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True):
        if rule.type != "qualified-rule":
            continue
        declared = [
            (one.lower_name, tinycss2.serialize(one.value).strip(), one.important)
            for one in tinycss2.parse_blocks_contents(rule.content)
            if one.type == "declaration"
            and one.lower_name in PROPERTIES
            and not _is_invalid(one.lower_name, tinycss2.serialize(one.value).strip())
        ]
        try:
            selectors = cssselect2.compile_selector_list(rule.prelude) if declared else []
        except cssselect2.SelectorError:
            continue
        for selector in selectors:
            if selector.pseudo_element is None:
                matcher.add_selector(selector, declared)
    return matcher


def _is_invalid(name: str, value: str) -> bool:
    """Return whether a browser would pass over a value: Mermaid writes negative widths."""
    return name == "stroke-width" and value.startswith("-")


@lru_cache(maxsize=1024)
def _written(text: str) -> list[tuple[str, str, bool]]:
    """Return the declarations of a `style` attribute."""
    declarations: list[tuple[str, str, bool]] = []
    for part in text.split(";"):
        name, _, value = part.partition(":")
        name, value = name.strip().lower(), value.strip()
        strong = value.endswith("!important")
        if name in PROPERTIES and value:
            declarations.append((name, value.removesuffix("!important").strip(), strong))
    return declarations


def _is_style(node: etree.Element) -> bool:
    return isinstance(node.tag, str) and node.tag.rpartition("}")[2] == "style"


def pixels(text: str | None, size: float, default: float = 0.0) -> float:
    """Return a length in pixels; `size` is that of the text, for lengths in em."""
    match = _PIXELS.match((text or "").strip())
    if not match:
        return default
    value = float(match[1])
    factor = {"em": size, "ex": size / 2, "rem": 14.0, "pt": 4 / 3, "%": size / 100}.get(
        match[2] or "", 1.0
    )
    return value * factor


@lru_cache(maxsize=512)
def color_of(text: str, opacity: float = 1.0) -> Color | None:
    """Return a colour on white paper; None if there is none."""
    from tinycss2.color3 import parse_color

    if text.strip().lower() in ("none", "transparent", ""):
        return None
    # As in a browser, a colour that is none is as if it were not written.
    color = parse_color(text) or parse_color("black")
    if color is None or isinstance(color, str):
        return None
    share = color.alpha * opacity
    if share <= 0.01:
        return None
    red, green, blue = (round(1 - (1 - ink) * share, 4) for ink in color[:3])
    return red, green, blue


def nodes_named(root: etree.Element) -> Iterator[tuple[str, etree.Element]]:
    """Yield elements with an id."""
    for node in root.iter():
        if name := node.get("id"):
            yield name, node


def own_transform(node: etree.Element, style: Style) -> Matrix:
    """Return an element's transform: that of its style, about its origin, or its attribute."""
    written = node.get("transform", "")
    styled = style.get("transform", written)
    if styled in (written, "none"):
        return transform(written)
    x, y = [*numbers(node.get("transform-origin", "")), 0.0, 0.0][:2]
    about = times((1, 0, 0, 1, -x, -y), transform(styled))
    return times(about, (1, 0, 0, 1, x, y))
