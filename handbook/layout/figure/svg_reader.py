"""Turn an SVG that a program drew into shapes and words of the theme's faces.

Pictures that authors drew become one picture each (see svg.py).  What a diagram engine writes is
known to be simple, and is drawn in the colours of the theme, so its shapes are read here: with its
style sheet, arrow heads (markers), and labels in HTML.
"""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as etree
from collections.abc import Iterator
from typing import Any

from ...core.matrices import IDENTITY, Matrix, at, numbers, scale_of, times
from ...core.units import Color
from ...core.values import frozen
from ..page import Path
from .svg_path import Segment, ellipse, rectangle, segments
from .svg_style import INHERITED, Style, StyleSheet, color_of, nodes_named, own_transform, pixels

_HREF = "{http://www.w3.org/1999/xlink}href"
_SKIPPED = frozenset(
    {"defs", "marker", "style", "title", "desc", "symbol", "clipPath", "mask", "filter",
     "linearGradient", "radialGradient", "metadata", "script"}
)  # fmt: skip
_BOLD = frozenset({"bold", "bolder", "600", "700", "800", "900"})
_URL = re.compile(r"url\(\s*['\"]?#([^'\")]+)['\"]?\s*\)")
_BASELINES = {"middle": 0.35, "central": 0.35, "hanging": 0.75, "text-before-edge": 0.8,
              "before-edge": 0.8, "text-after-edge": -0.2}  # fmt: skip
LINE = 1.35
# Fills with less opacity than this show what is below them.
SHEER = 0.5


@frozen
class TextItem:
    """Words on one baseline: `anchor` says whether x is their start, middle or end."""

    text: str
    matrix: Matrix
    x: float
    y: float
    size: float
    anchor: str
    bold: bool
    italic: bool
    mono: bool
    color: Color


@frozen
class ReadSvg:
    """What an SVG holds, in points from its lower left corner, at one point a pixel."""

    width: float
    height: float
    shapes: list[Path]
    words: list[TextItem]


def read_svg(text: str, measure: Any) -> ReadSvg:
    """Return the shapes and words of an SVG; `measure(words, bold)` gives a width in ems."""
    root = etree.fromstring(text)
    reader = _Reader(root, measure)
    box = numbers(root.get("viewBox", "")) or [
        0,
        0,
        pixels(root.get("width"), 14, 100),
        pixels(root.get("height"), 14, 100),
    ]
    x, y, width, height = box
    import cssselect2

    wrapper = cssselect2.ElementWrapper.from_xml_root(root)
    reader.children(wrapper, (1, 0, 0, -1, -x, y + height), reader.style(wrapper, {}))
    return ReadSvg(width, height, reader.shapes, reader.words)


class _Reader:
    """Walks through the elements of one SVG."""

    def __init__(self, root: etree.Element, measure: Any) -> None:
        self.sheet = StyleSheet(root)
        self.named = dict(nodes_named(root))
        self.wrapped: dict[etree.Element, Any] = {}
        self.measure = measure
        self.shapes: list[Path] = []
        self.words: list[TextItem] = []
        # How many shapes are sheer, and below all others.
        self.sheer = 0
        self._depth = 0

    def style(self, wrapper: Any, outer: Style) -> Style:
        """Return the style of an element inside one of the style `outer`."""
        self.wrapped[wrapper.etree_element] = wrapper
        declared = self.sheet.declared(wrapper)
        style = {key: value for key, value in outer.items() if key in INHERITED}
        style |= {key: value for key, value in declared.items() if value != "inherit"}
        size = pixels(outer.get("font-size"), 14, 14.0)
        if "font-size" in declared:
            style["font-size"] = f"{pixels(declared['font-size'], size, size)}px"
        seen = float(pixels(declared.get("opacity", "1"), 1, 1.0)) * float(outer.get("seen", "1"))
        style["seen"] = f"{seen}"
        return style

    def children(self, wrapper: Any, matrix: Matrix, style: Style) -> None:
        """Draw what is inside an element."""
        self._depth += 1
        if self._depth < 60:
            for child in wrapper.iter_children():
                self.element(child, matrix, style)
        self._depth -= 1

    def element(self, wrapper: Any, matrix: Matrix, outer: Style) -> None:
        """Draw one element."""
        node = wrapper.etree_element
        tag = node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""
        style = self.style(wrapper, outer)
        if tag in _SKIPPED or style.get("display") == "none":
            return
        if style.get("visibility") == "hidden":
            return
        matrix = times(own_transform(node, style), matrix)
        if tag in ("g", "a", "svg", "switch"):
            if tag == "svg":
                matrix = times(_window(node), matrix)
            self.children(wrapper, matrix, style)
        elif tag == "use":
            self._use(node, matrix, style)
        elif tag == "text":
            self._text(wrapper, matrix, style)
        elif tag == "foreignObject":
            self._html(wrapper, matrix, style)
        elif path := _outline(tag, node):
            self._shape(path, matrix, style)
            self._markers(path, matrix, style)

    def _use(self, node: etree.Element, matrix: Matrix, style: Style) -> None:
        target = self.named.get((node.get("href") or node.get(_HREF) or "").lstrip("#"))
        if target is None:
            return
        x, y = (pixels(node.get(key), 14) for key in ("x", "y"))
        import cssselect2

        wrapper = cssselect2.ElementWrapper.from_xml_root(target)
        matrix = times((1, 0, 0, 1, x, y), matrix)
        if target.tag.rpartition("}")[2] == "symbol":
            self.children(wrapper, matrix, self.style(wrapper, style))
        else:
            self.element(wrapper, matrix, style)

    # ------------------------------------------------------------------ shapes

    def _paint(self, name: str, style: Style, default: str) -> Color | None:
        text = style.get(name, default)
        if match := _URL.match(text):
            gradient = self.named.get(match[1])
            stops = [one for one in gradient.iter() if one.get("stop-color")] if gradient else []
            text = stops[0].get("stop-color", "none") if stops else "none"
        if text == "currentColor":
            text = style.get("color", "black")
        return color_of(text, self._opacity(name, style))

    def _opacity(self, name: str, style: Style) -> float:
        return pixels(style.get(f"{name}-opacity", "1"), 1, 1.0) * float(style.get("seen", "1"))

    def _shape(self, path: list[Segment], matrix: Matrix, style: Style) -> None:
        fill, stroke = self._paint("fill", style, "black"), self._paint("stroke", style, "none")
        scale = scale_of(matrix)
        line = pixels(style.get("stroke-width", "1"), 14, 1.0) * scale
        if line <= 0:
            stroke = None
        if not fill and not stroke:
            return
        dash = tuple(value * scale for value in numbers(style.get("stroke-dasharray", "")))
        # Engines hide the end of a line under its arrow head by one long dash.
        if not any(dash) or len(dash) > 3 or max(dash) > 40 * scale or not all(dash):
            dash = ()
        even = style.get("fill-rule") == "evenodd"
        moved = tuple(_placed(path, matrix))
        shape = Path(moved, fill, stroke, line, dash, even)
        if stroke is None and self._opacity("fill", style) < SHEER:
            # Colours have no opacity here, so what lets others show goes below them.
            self.shapes.insert(self.sheer, shape)
            self.sheer += 1
        else:
            self.shapes.append(shape)

    def _markers(self, path: list[Segment], matrix: Matrix, style: Style) -> None:
        for kind in ("marker-start", "marker-end"):
            match = _URL.match(style.get(kind, ""))
            marker = self.named.get(match[1]) if match else None
            if marker is not None:
                self._marker(marker, path, matrix, style, kind == "marker-start")

    def _marker(
        self, marker: etree.Element, path: list[Segment], matrix: Matrix, style: Style, start: bool
    ) -> None:
        points = _ends(path, start)
        if points is None:
            return
        (x, y), angle = points
        orient = marker.get("orient", "0")
        if orient == "auto-start-reverse" and start:
            angle += math.pi
        elif not orient.startswith("auto"):
            angle = math.radians(pixels(orient.removesuffix("deg"), 1))
        scale = 1.0
        if marker.get("markerUnits") != "userSpaceOnUse":
            scale = pixels(style.get("stroke-width", "1"), 14, 1.0)
        box = numbers(marker.get("viewBox", ""))
        zoom = 1.0
        if len(box) == 4 and box[2] and box[3]:
            width, height = (pixels(marker.get(f"marker{k}"), 14, 3) for k in ("Width", "Height"))
            zoom = min(width / box[2], height / box[3])
        rx, ry = (pixels(marker.get(key), 14) for key in ("refX", "refY"))
        marker_matrix = times((1, 0, 0, 1, -rx, -ry), (scale * zoom, 0, 0, scale * zoom, 0, 0))
        cos, sin = math.cos(angle), math.sin(angle)
        marker_matrix = times(marker_matrix, (cos, sin, -sin, cos, x, y))
        wrapper = self._wrapper(marker)
        plain = {"seen": style.get("seen", "1")}
        self.children(wrapper, times(marker_matrix, matrix), self.style(wrapper, plain))

    def _wrapper(self, node: etree.Element) -> Any:
        """Return an element as the style sheet sees it: inside its document."""
        if node not in self.wrapped:
            import cssselect2

            for wrapper in cssselect2.ElementWrapper.from_xml_root(self._root(node)).iter_subtree():
                self.wrapped.setdefault(wrapper.etree_element, wrapper)
        return self.wrapped[node]

    def _root(self, node: etree.Element) -> etree.Element:
        return next(
            (root for root in self.wrapped if root.tag.endswith("}svg") and node in root.iter()),
            node,
        )

    # ------------------------------------------------------------------- words

    def _add(
        self, text: str, matrix: Matrix, x: float, y: float, style: Style, anchor: str
    ) -> None:
        words = " ".join(text.split())
        color = self._paint("fill", style, "black")
        size = pixels(style.get("font-size"), 14, 14.0)
        if not words or color is None or size <= 0:
            return
        family = style.get("font-family", "").lower()
        self.words.append(
            TextItem(
                words,
                matrix,
                x,
                y,
                size,
                anchor,
                style.get("font-weight", "") in _BOLD,
                style.get("font-style") == "italic",
                "mono" in family or "courier" in family,
                color,
            )
        )

    def _text(self, wrapper: Any, matrix: Matrix, style: Style) -> None:
        """Draw a text element: each part with its own position starts again."""
        parts = _TextParts(wrapper.etree_element, style)
        self._walk_text(wrapper, style, parts)
        parts.flush()
        for text, x, y, part_style in parts.found:
            baseline = (
                part_style.get("dominant-baseline") or part_style.get("alignment-baseline") or ""
            )
            shift = _BASELINES.get(baseline, 0.0) * pixels(part_style.get("font-size"), 14, 14.0)
            self._add(
                text, matrix, x, y + shift, part_style, part_style.get("text-anchor", "start")
            )

    def _walk_text(self, wrapper: Any, style: Style, parts: _TextParts) -> None:
        parts.run.append(wrapper.etree_element.text or "")
        for child in wrapper.iter_children():
            node = child.etree_element
            if node.tag.rpartition("}")[2] in ("tspan", "a", "textPath"):
                child_style = self.style(child, style)
                parts.begin(node, child_style)
                self._walk_text(child, child_style, parts)
            parts.run.append(node.tail or "")

    def _html(self, wrapper: Any, matrix: Matrix, style: Style) -> None:
        """Draw a label in HTML in the middle of its box."""
        node = wrapper.etree_element
        x, y, width, height = (pixels(node.get(key), 14) for key in ("x", "y", "width", "height"))
        lines: list[list[tuple[str, Style]]] = [[]]
        self._collect(wrapper, style, lines)
        lines = [line for line in lines if "".join(text for text, _ in line).strip()]
        if not lines:
            return
        first = lines[0][0][1]
        size = pixels(first.get("font-size"), 14, 14.0)
        rows = [row for line in lines for row in self._folded(line, max(width, size * 2), size)]
        center = first.get("text-align", "center") in ("center", "-webkit-center")
        step = min(LINE * size, height / len(rows)) if len(rows) > 1 else size
        self._ground(wrapper, [text for text, _ in rows], (x, y, width, height), matrix, first)
        top = y + height / 2 - step * (len(rows) - 1) / 2 + size * 0.35
        for number, (text, row_style) in enumerate(rows):
            row_style = row_style | {"fill": row_style.get("color", row_style.get("fill", "black"))}
            place = x + width / 2 if center else x
            anchor = "middle" if center else "start"
            self._add(text, matrix, place, top + number * step, row_style, anchor)

    def _ground(
        self,
        wrapper: Any,
        rows: list[str],
        box: tuple[float, float, float, float],
        matrix: Matrix,
        style: Style,
    ) -> None:
        """Draw what lies below a label, so that no line strikes through it."""
        grounds = [self.style(one, {}).get("background-color") for one in wrapper.iter_subtree()]
        ground = next((color_of(text) for text in grounds if text), None)
        if ground is None:
            return
        x, y, width, height = box
        size = pixels(style.get("font-size"), 14, 14.0)
        inner = min(width, max(self.measure(row, False) * size for row in rows) + 4)
        path = rectangle(x + (width - inner) / 2, y + 1, inner, height - 2, 0, 0)
        self.shapes.append(Path(tuple(_placed(path, matrix)), ground))

    def _collect(self, wrapper: Any, style: Style, lines: list[list[tuple[str, Style]]]) -> None:
        node = wrapper.etree_element
        if node.text:
            lines[-1].append((node.text, style))
        for child in wrapper.iter_children():
            kid = child.etree_element
            tag = kid.tag.rpartition("}")[2]
            child_style = self.style(child, style)
            if tag in ("b", "strong"):
                child_style["font-weight"] = "bold"
            elif tag in ("i", "em"):
                child_style["font-style"] = "italic"
            elif tag == "code":
                child_style["font-family"] = "monospace"
            if tag in ("br", "p", "div", "li") and lines[-1]:
                lines.append([])
            self._collect(child, child_style, lines)
            if tag in ("p", "div", "li") and lines[-1]:
                lines.append([])
            if kid.tail:
                lines[-1].append((kid.tail, style))

    def _folded(
        self, line: list[tuple[str, Style]], width: float, size: float
    ) -> Iterator[tuple[str, Style]]:
        """Yield a line in rows that fit; a row has the style of its first words."""
        row, row_style = "", line[0][1]
        for text, style in line:
            for word in text.split():
                bold = style.get("font-weight", "") in _BOLD
                if row and self.measure(f"{row} {word}", bold) * size > width + 1:
                    yield row, row_style
                    row, row_style = "", style
                row_style = row_style if row else style
                row = f"{row} {word}".strip()
        if row:
            yield row, row_style


class _TextParts:
    """The parts of a text element, each with its place."""

    def __init__(self, node: etree.Element, style: Style) -> None:
        size = pixels(style.get("font-size"), 14, 14.0)
        self.x = _first(node.get("x"), size) + _first(node.get("dx"), size)
        self.y = _first(node.get("y"), size)
        # The element's own shift holds for its first character, unless a part within has one.
        self.shift = _first(node.get("dy"), size)
        self.style = style
        self.run: list[str] = []
        self.found: list[tuple[str, float, float, Style]] = []

    def begin(self, node: etree.Element, style: Style) -> None:
        """Begin a part inside the element, if it has a place of its own."""
        if not any(node.get(key) for key in ("x", "y", "dy")):
            return
        self.flush()
        size = pixels(style.get("font-size"), 14, 14.0)
        if node.get("x"):
            self.x = _first(node.get("x"), size)
        if node.get("y"):
            self.y = _first(node.get("y"), size)
        if node.get("dy"):
            self.shift = 0.0
        self.x += _first(node.get("dx"), size)
        self.y += _first(node.get("dy"), size)
        self.style = style

    def flush(self) -> None:
        """End a part."""
        if text := "".join(self.run).strip():
            self.y += self.shift
            self.shift = 0.0
            self.found.append((text, self.x, self.y, self.style))
        self.run = []


def _first(text: str | None, size: float) -> float:
    return pixels((text or "").replace(",", " ").split(" ")[0], size)


def _window(node: etree.Element) -> Matrix:
    """Return where an SVG inside an SVG is drawn."""
    x, y = (pixels(node.get(key), 14) for key in ("x", "y"))
    box = numbers(node.get("viewBox", ""))
    width, height = (pixels(node.get(key), 14) for key in ("width", "height"))
    if len(box) == 4 and box[2] and box[3] and width and height:
        zoom = min(width / box[2], height / box[3])
        return (zoom, 0, 0, zoom, x - box[0] * zoom, y - box[1] * zoom)
    return (1, 0, 0, 1, x, y) if x or y else IDENTITY


def _outline(tag: str, node: etree.Element) -> list[Segment]:
    def length(key: str) -> float:
        return pixels(node.get(key), 14)

    if tag == "path":
        return segments(node.get("d", ""))
    if tag == "rect":
        rx = length("rx") or length("ry")
        width, height = length("width"), length("height")
        if width <= 0 or height <= 0:
            return []
        return rectangle(length("x"), length("y"), width, height, rx, length("ry") or rx)
    if tag == "circle":
        return ellipse(length("cx"), length("cy"), length("r"), length("r"))
    if tag == "ellipse":
        return ellipse(length("cx"), length("cy"), length("rx"), length("ry"))
    if tag == "line":
        return [(0, length("x1"), length("y1")), (1, length("x2"), length("y2"))]
    if tag in ("polygon", "polyline"):
        flat = numbers(node.get("points", ""))
        points = list(zip(flat[::2], flat[1::2], strict=False))
        path: list[Segment] = [(1 if n else 0, x, y) for n, (x, y) in enumerate(points)]
        return [*path, (3,)] if tag == "polygon" and path else path
    return []


def _placed(path: list[Segment], matrix: Matrix) -> Iterator[Segment]:
    for kind, *values in path:
        pairs = zip(values[::2], values[1::2], strict=True)
        yield (kind, *(value for x, y in pairs for value in at(matrix, x, y)))


def _ends(path: list[Segment], start: bool) -> tuple[tuple[float, float], float] | None:
    """Return where a path begins or ends, and in which direction it goes there."""
    points: list[tuple[float, float]] = []
    for _, *values in path:
        points += zip(values[::2], values[1::2], strict=True)
    if not start:
        points.reverse()
    if not points:
        return None
    here = points[0]
    there = next((p for p in points if math.dist(p, here) > 1e-3), None)
    if there is None:
        return here, 0.0
    (x, y), (ox, oy) = here, there
    return here, math.atan2(oy - y, ox - x) if start else math.atan2(y - oy, x - ox)
