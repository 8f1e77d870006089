"""Draw formulas from MathML: outlines of a mathematical face, on a baseline at y = 0.

ziamath sets the formula (its face, STIX Two Math, is part of that package); what it draws as SVG
becomes paths here.  Nothing is imported until a book has a formula.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Iterator, Sequence
from copy import deepcopy
from functools import lru_cache
from typing import Any

from ...core.diagnostics import Source, error
from ...core.units import Color
from ...core.values import frozen
from ..page import Drawing, PageItem, Path, moved
from ..structure import StructElem

# Formulas wider than this (ems) may continue on the next line after an operator: "=" or "+".
BREAKABLE = 9.0
# Widths are asked of ziamath at this size, and scaled.
_SIZE = 100.0
# ziamath takes an em to be 4/3 of what it is.
_EM = 3 / 4
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?")
_COMMAND = re.compile(r"([MLQCZHVmlqczhv])([^MLQCZHVmlqczhv]*)")
_NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"
_RELATIONS = frozenset("=≠<>≤≥≪≫≈≡∼∝⇒⇔→←↦∈⊂⊆⟹⟺≜≔")
_BINARY = frozenset("+-−±∓×⋅·")
_OWN_INK = "black"


@frozen
class DrawnFormula:
    """A formula: its width, what it reaches above and below its baseline, its shapes."""

    width: float
    above: float
    below: float
    items: tuple[PageItem, ...]

    def drawing(self, x: float, baseline: float, element: StructElem | None) -> Drawing:
        """Return the formula with its left end at `x`, as content of `element`."""
        items = tuple(moved(item, 0.0, self.below) for item in self.items)
        height = self.above + self.below
        return Drawing(x, baseline - self.below, self.width, height, items, element, True)


def draw_formula(mathml: str, size: float, color: Color, source: Source) -> DrawnFormula:
    """Return a formula at `size` points; its parts without a colour of their own have `color`.

    Raises:
        HandbookError: if it has something that cannot be drawn.
    """
    try:
        drawn = _drawn(mathml)
    except Exception as problem:
        # ziamath raises exceptions of many kinds.
        raise error(
            f"a formula cannot be drawn: {type(problem).__name__}",
            at=source,
            hint="write it in another way, or in backticks to print its source",
            code="formula",
        ) from None
    scale = size / _SIZE
    items = tuple(_scaled(path, scale, color) for path in drawn.items)
    return DrawnFormula(drawn.width * scale, drawn.above * scale, drawn.below * scale, items)


def parts_of(mathml: str) -> list[str]:
    """Return the formula in parts, between which a line may end: after relations, before plus."""
    root = etree.fromstring(mathml)
    row = root
    while len(row) == 1 and _tag(row[0]) in ("mrow", "mstyle"):
        row = row[0]
    parts: list[list[etree.Element]] = [[]]
    depth = 0
    for kid in row:
        text = (kid.text or "").strip() if _tag(kid) == "mo" else ""
        depth += (text in "([{⟨|" and text != "") - (text in ")]}⟩" and text != "")
        if text in _BINARY and parts[-1] and depth == 0 and not _is_operator(parts[-1][-1]):
            parts.append([])
        parts[-1].append(kid)
        if text in _RELATIONS and depth == 0 and len(parts[-1]) > 1:
            parts.append([])
    return [_formula(root, part) for part in parts if part]


def _is_operator(node: etree.Element) -> bool:
    return _tag(node) == "mo"


def _formula(root: etree.Element, nodes: list[etree.Element]) -> str:
    """Return `nodes` as a formula; an operator at its edge keeps the space of one between terms."""
    formula = etree.Element(root.tag, root.attrib)
    row = etree.SubElement(formula, f"{_NAMESPACE}mrow")
    for node in nodes:
        node = deepcopy(node)
        if _tag(node) == "mo" and (node.text or "").strip() in _RELATIONS | _BINARY:
            node.set("form", "infix")
        row.append(node)
    return etree.tostring(formula, encoding="unicode")


def _tag(node: etree.Element) -> str:
    return node.tag.removeprefix(_NAMESPACE)


@lru_cache(maxsize=1)
def _ziamath() -> Any:
    from ziamath.config import config
    from ziamath.zmath import Math

    config.svg2 = False
    config.precision = 2
    return Math


@lru_cache(maxsize=1024)
def _drawn(mathml: str) -> DrawnFormula:
    math = _ziamath()(_prepared(mathml), size=_SIZE, margin=0)
    box = math.node.bbox
    # Letters keep the white that belongs to them.
    left = min(0.0, box.xmin)
    svg = etree.Element("svg")
    math.node.draw(-left, 0, svg)
    items = tuple(path for node in svg.iter() for path in _shape(node))
    width = max(box.xmax, math.node.xadvance()) - left
    return DrawnFormula(width, box.ymax, -box.ymin, items)


def _prepared(mathml: str) -> str:
    """Return MathML as ziamath draws it best."""
    root = etree.fromstring(mathml)
    display = root.get("display") == "block"
    _stretch_bars(root)
    for node in list(root.iter()):
        text = (node.text or "").strip()
        for key in ("width", "lspace", "rspace"):
            value = node.get(key, "")
            if value.endswith("em"):
                node.set(key, f"{float(value[:-2]) * _EM:.4g}em")
        if _tag(node) == "mtable":
            node.set("rowspacing", "0.55em")
            node.set("columnspacing", node.get("columnspacing", "0.6em"))
        if node.get("columnspacing") == "0em 2em":
            node.set("columnspacing", "0em 0.3em")
        if _tag(node) in ("mo", "mi") and text and text in _RIGID:
            node.set("stretchy", "false")
        if _tag(node) == "mo" and text in _BARS and node.get("stretchy") is None:
            node.set("stretchy", "false")
        if _tag(node) == "mo" and text in ("∼", "~"):
            node.attrib |= {"form": "infix", "lspace": "0.21em", "rspace": "0.21em"}
        if _tag(node) == "msub" and display and (node[0].text or "").strip() in _LIMITS:
            # ziamath leaves no room for what is wider than the word above it.
            node.tag = f"{_NAMESPACE}munder"
        if _tag(node) == "mtable":
            for row in [row for row in node if not "".join(row.itertext()).strip()]:
                node.remove(row)
        _set_signs(node)
        if _tag(node) == "mo" and text in _ACCENTS:
            node.text = _ACCENTS[text][node.get("stretchy") != "false"]
    return etree.tostring(root, encoding="unicode")


def _stretch_bars(root: etree.Element) -> None:
    """Let the bars next to a matrix be as high as it is: those of a determinant, of a norm."""
    for row in root.iter():
        for one, other in zip(row, list(row)[1:], strict=False):
            for bar, beside in ((one, other), (other, one)):
                if (bar.text or "").strip() in _BARS and _tag(beside) == "mtable":
                    bar.set("stretchy", "true")


def _set_signs(row: etree.Element) -> None:
    """Mark an operator at the beginning of a term: it has no space after it."""
    before: etree.Element | None = None
    for node in row:
        text = (node.text or "").strip() if _tag(node) == "mo" else ""
        if text in ("-", "−", "+", "±") and not node.get("form"):
            operator = before is not None and _tag(before) == "mo"
            after = (before.text or "").strip() if before is not None else ""
            if before is None or (operator and after not in _AFTER_TERM):
                node.set("form", "prefix")
        before = node


# Operators that ziamath would stretch although TeX does not, and those that end a term.
_RIGID = "↑↓⟨⟩∑∏∐∫∬∭∮⋃⋂⨁⨂⋁⋀"
_BARS = ("‖", "∥", "|", "∣")
_LIMITS = ("max", "min", "sup", "inf", "lim", "argmax", "argmin", "arg max", "arg min")
_AFTER_TERM = (")", "]", "}", "|", "!", "′", "⟩", "∞", "‖", "%")
_ACCENTS = {"^": ("ˆ", "\u0302"), "~": ("˜", "\u0303")}


def _shape(node: etree.Element) -> Iterator[Path]:
    stroke = _ink(node.get("stroke", "none"))
    fill = _ink(node.get("fill", _OWN_INK))
    line = float(node.get("stroke-width", "1"))
    if node.tag == "path":
        yield Path(tuple(_segments(node.get("d", ""))), fill, stroke, line)
    elif node.tag == "rect":
        x, y, width, height = (float(node.get(key, "0")) for key in ("x", "y", "width", "height"))
        corners = ((x, -y), (x + width, -y), (x + width, -y - height), (x, -y - height))
        lines = [(1 if number else 0, *point) for number, point in enumerate(corners)]
        yield Path((*lines, (3,)), fill, stroke, line)


def _ink(name: str | None) -> Color | None:
    """Return a colour; black means that of the text, and so does a negative one."""
    if not name or name == "none":
        return None
    if name == _OWN_INK:
        return (-1.0, -1.0, -1.0)
    from PIL import ImageColor

    try:
        red, green, blue = ImageColor.getrgb(name)[:3]
    except ValueError:
        return (-1.0, -1.0, -1.0)
    return (red / 255, green / 255, blue / 255)


def _segments(data: str) -> Iterator[tuple[float, ...]]:
    """Yield the segments of an SVG path in absolute commands, y upwards."""
    x = y = 0.0
    for match in _COMMAND.finditer(data):
        values = [float(value) for value in _NUMBER.findall(match[2])]
        points = [(px, -py) for px, py in zip(values[::2], values[1::2], strict=False)]
        if match[1] == "Z":
            yield (3,)
        elif match[1] == "Q":
            for (cx, cy), (ex, ey) in zip(points[::2], points[1::2], strict=True):
                yield (
                    2,
                    x + (cx - x) * 2 / 3,
                    y + (cy - y) * 2 / 3,
                    ex + (cx - ex) * 2 / 3,
                    ey + (cy - ey) * 2 / 3,
                    ex,
                    ey,
                )
                x, y = ex, ey
        elif match[1] == "C":
            for number in range(0, len(points), 3):
                curve = points[number : number + 3]
                yield (2, *(value for point in curve for value in point))
                x, y = curve[-1]
        else:
            for point in points:
                yield (0 if match[1] == "M" else 1, *point)
                x, y = point


def joined(parts: Sequence[DrawnFormula]) -> DrawnFormula:
    """Return formulas next to each other on one baseline, as one."""
    items: list[PageItem] = []
    x = 0.0
    for part in parts:
        items += [moved(item, x, 0) for item in part.items]
        x += part.width
    above, below = max(part.above for part in parts), max(part.below for part in parts)
    return DrawnFormula(x, above, below, tuple(items))


def _scaled(item: Any, scale: float, color: Color) -> Path:
    segments = tuple(
        (kind, *(round(value * scale, 3) for value in values)) for kind, *values in item.segments
    )

    def painted_box(item_color: Color | None) -> Color | None:
        return color if item_color is not None and item_color[0] < 0 else item_color

    return Path(segments, painted_box(item.fill), painted_box(item.stroke), item.line * scale)
