"""Read SVG pictures: their shapes as PDF objects, their words with places and styles.

svg2pdf (a Rust library) draws everything but words: gradients, patterns, masks, clips, markers,
`use`, embedded pictures.  Words are taken out first, so that a book sets them in its own fonts.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

from .files import read_bytes
from .matrices import IDENTITY, NUMBER, Matrix, numbers, times, transform
from .svg_source import LARGEST, RefusedSvg, read_svg
from .units import Color, parse_hex
from .values import record

SVG = "{http://www.w3.org/2000/svg}"
XLINK = "{http://www.w3.org/1999/xlink}href"
# What is drawn only where something refers to it.
_DEFINITIONS = ("defs", "symbol", "clipPath", "mask", "pattern", "marker", "linearGradient",
                "radialGradient", "filter", "title", "desc", "metadata", "style")  # fmt: skip
_INHERITED = ("font-size", "font-family", "font-weight", "fill", "text-anchor", "visibility",
              "color", "fill-opacity", "dominant-baseline")  # fmt: skip
# How far the baseline is below the line that is named, in sizes of the font.
_BELOW = {"text-before-edge": 0.9, "text-top": 0.9, "before-edge": 0.9, "hanging": 0.8,
          "central": 0.34, "middle": 0.26, "mathematical": 0.5, "text-after-edge": -0.2,
          "text-bottom": -0.2, "after-edge": -0.2, "ideographic": -0.2}  # fmt: skip
_UNITS = {"px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
# This deep may `use` refer to what uses it.
_DEEPEST = 12


class SvgError(Exception):
    """A file that is not an SVG picture, or is damaged."""


class TextItem(NamedTuple):
    """Words of one style; lengths in the picture's pixels."""

    text: str
    size: float
    bold: bool
    mono: bool
    color: Color


class TextLine(NamedTuple):
    """Words on one baseline, placed by `anchor`: start, middle or end; `most` is their width."""

    matrix: Matrix
    x: float
    y: float
    anchor: str
    words: tuple[TextItem, ...]
    most: float = 0.0


@record
class SvgPicture:
    """A picture of `width` and `height` pixels: its shapes as SVG, its lines of text."""

    width: float
    height: float
    shapes: str
    lines: list[TextLine] = field(default_factory=list)
    # What of the picture is not printed, in words.
    left_out: list[str] = field(default_factory=list)


def load_svg(path: str) -> SvgPicture:
    """Read the picture at `path`.

    Raises:
        SvgError: The file is not an SVG picture, or may not be drawn.
        HandbookError: It is larger than a limit allows.
        OSError: The file cannot be read.
    """
    stat = Path(path).stat()
    return _read(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=64)
def _read(path: str, changed: int, length: int) -> SvgPicture:
    try:
        root, malformed = read_svg(Path(path))
    except RefusedSvg as problem:
        raise SvgError(str(problem)) from None
    if root.tag == "svg":
        raise SvgError(f'its <svg> has no xmlns="{SVG[1:-1]}"')
    if root.tag != f"{SVG}svg":
        raise SvgError("it is not an SVG file")
    picture = _Reader(root, Path(path), malformed).read()
    if not (0 < picture.width < LARGEST and 0 < picture.height < LARGEST):
        raise SvgError("it has no size")
    return picture


def shape_objects(path: str) -> bytes:
    """Return the picture's shapes as PDF objects; one is a form one unit wide and high.

    Raises:
        SvgError: The shapes cannot be drawn.
    """
    stat = Path(path).stat()
    return _shape_objects(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=64)
def _shape_objects(path: str, changed: int, length: int) -> bytes:
    try:
        import svg2pdf_py
    except ImportError:
        message = "it cannot be drawn without the package svg2pdf-py, which needs Python 3.11"
        raise SvgError(message) from None
    options = svg2pdf_py.ConversionOptions(compress=False)
    shapes = _read(path, changed, length).shapes
    try:
        return bytes(svg2pdf_py.svg_to_chunk(shapes, svg2pdf_py.FontDatabase(), options))
    except Exception:
        # The library raises exceptions of many kinds; the file is to blame.
        raise SvgError("it cannot be drawn") from None


class _Reader:
    """Takes the words out of a picture."""

    def __init__(self, root: Any, path: Path, left_out: Iterable[str]) -> None:
        self.root = root
        self.path = path
        self.ids = {e.get("id"): e for e in root.iter() if e.get("id")}
        self.rules = [rule for e in root.iter(f"{SVG}style") for rule in _rules(e.text or "")]
        self.lines: list[TextLine] = []
        self.left_out = [*left_out]

    def read(self) -> SvgPicture:
        """Return the picture."""
        from lxml import etree

        root = self.root
        box = numbers(root.get("viewBox", ""))
        width = _length(root.get("width", ""), box[2] if len(box) == 4 else 100.0)
        height = _length(root.get("height", ""), box[3] if len(box) == 4 else 100.0)
        if len(box) == 4 and box[2] > 0 and box[3] > 0:
            if not root.get("width") and root.get("height"):
                width = height * box[2] / box[3]
            elif root.get("width") and not root.get("height"):
                height = width * box[3] / box[2]
        root.set("width", f"{width:g}")
        root.set("height", f"{height:g}")
        style = self._style(root, {"font-size": "16", "fill": "#000", "text-anchor": "start"})
        matrix = _fit(root, width, height)
        for child in root:
            self._walk(child, matrix, style, 0)
        self._remove_words()
        shapes = etree.tostring(root, encoding="unicode")
        return SvgPicture(width, height, shapes, self.lines, sorted(set(self.left_out)))

    def _walk(self, element: Any, matrix: Matrix, above: Mapping[str, str], depth: int) -> None:
        tag = _tag(element)
        if not tag or tag in _DEFINITIONS or depth > 60 * _DEEPEST:
            return
        style = self._style(element, above)
        if style.get("display") == "none":
            return
        matrix = times(transform(element.get("transform", "")), matrix)
        if tag == "text":
            self._text(element, matrix, style)
        elif tag == "foreignObject":
            self._foreign(element, matrix, style)
        elif tag == "switch":
            parts = [e for e in element if _tag(e) != "foreignObject"] or list(element)
            for part in [part for part in parts if _is_in_english(part)][:1]:
                self._walk(part, matrix, style, depth + 1)
        elif tag == "use":
            target = self.ids.get((element.get("href") or element.get(XLINK) or "").lstrip("#"))
            if target is not None:
                x, y = _length(element.get("x", ""), 0), _length(element.get("y", ""), 0)
                moved = times((1, 0, 0, 1, x, y), matrix)
                self._used(element, target, moved, style, depth + 60)
        elif tag in ("svg", "g", "a"):
            if tag == "svg":
                matrix = self._nested(element, element, matrix)
            for child in element:
                self._walk(child, matrix, style, depth + 1)

    def _used(
        self, use: Any, target: Any, matrix: Matrix, style: Mapping[str, str], depth: int
    ) -> None:
        if _tag(target) != "symbol":
            self._walk(target, matrix, style, depth)
            return
        matrix = self._nested(target, use, matrix)
        for child in target:
            self._walk(child, matrix, self._style(target, style), depth)

    def _nested(self, element: Any, sized: Any, matrix: Matrix) -> Matrix:
        box = numbers(element.get("viewBox", ""))
        if len(box) != 4:
            return matrix
        width, height = (
            _length(sized.get(k, ""), box[n]) for k, n in (("width", 2), ("height", 3))
        )
        place: Matrix = IDENTITY
        if element is sized:
            place = (1, 0, 0, 1, _length(element.get("x", ""), 0), _length(element.get("y", ""), 0))
        return times(_fit(element, width, height), times(place, matrix))

    def _style(self, element: Any, above: Mapping[str, str]) -> dict[str, str]:
        """Return the properties of an element: inherited ones, attributes, rules, its style."""
        style = {key: above[key] for key in _INHERITED if key in above}
        declared = {key: value for key, value in element.attrib.items() if key in _PROPERTIES}
        names = {"." + name for name in element.get("class", "").split()}
        names |= {_tag(element), f"#{element.get('id', '')}", "*"}
        for selector, properties in self.rules:
            if selector in names:
                declared |= properties
        declared |= _declarations(element.get("style", ""))
        if "font-size" in declared:
            declared["font-size"] = str(
                _length(
                    declared["font-size"],
                    float(above.get("font-size", 16)),
                    float(above.get("font-size", 16)),
                )
            )
        return {**style, **declared}

    def _text(self, element: Any, matrix: Matrix, style: Mapping[str, str]) -> None:
        """Add the lines of a `text` element: a new one wherever x or y is given."""
        lines: list[list[Any]] = []
        x, y = _place(element, "x", 0.0), _place(element, "y", 0.0)
        dx, dy = _place(element, "dx", 0.0), _place(element, "dy", 0.0)
        lines.append([x + dx, y + dy, style.get("text-anchor", "start"), []])
        for part, text, part_style in self._parts(element, style):
            if part is not None and (part.get("x") or part.get("y") or part.get("dy")):
                last = lines[-1]
                x = _place(part, "x", last[0])
                y = _place(part, "y", last[1]) + _place(part, "dy", 0.0)
                if part.get("x") or not last[3]:
                    anchor = part_style.get("text-anchor", "start")
                    lines.append([x + _place(part, "dx", 0.0), y, anchor, []])
            if text and (words := _words(text, part_style)):
                lines[-1][3].append(words)
        for x, y, anchor, words in lines:
            if tidy := _tidied(words):
                below = _BELOW.get(style.get("dominant-baseline", ""), 0.0) * tidy[0].size
                self.lines.append(TextLine(matrix, x, y + below, anchor, tidy))

    def _parts(
        self, element: Any, style: Mapping[str, str]
    ) -> Iterator[tuple[Any, str, Mapping[str, str]]]:
        """Yield text with its style; with the element, where one begins."""
        yield None, element.text or "", style
        for child in element:
            tag = _tag(child)
            if tag in ("tspan", "a", "textPath"):
                if tag == "textPath":
                    self.left_out.append("words along a path are printed in a line")
                child_style = self._style(child, style)
                yield child, "", child_style
                yield from self._parts(child, child_style)
            yield None, child.tail or "", style

    def _foreign(self, element: Any, matrix: Matrix, style: Mapping[str, str]) -> None:
        """Add the words of HTML in a picture, in the middle of its box."""
        x, y = _length(element.get("x", ""), 0), _length(element.get("y", ""), 0)
        width, height = (_length(element.get(key, ""), 0) for key in ("width", "height"))
        rows = [" ".join(row.split()) for row in _html_rows(element).split("\n")]
        rows = [row for row in rows if row]
        size = float(style.get("font-size", 16))
        plain = {**style, "font-size": str(size)}
        top = y + height / 2 - (len(rows) - 1) * size * 0.6 + size * 0.35
        for number, row in enumerate(rows):
            if words := _words(row, plain):
                place = (x + width / 2, top + number * size * 1.2)
                self.lines.append(TextLine(matrix, *place, "middle", (words,), width))

    def _embed(self, element: Any, href: str) -> None:
        """Put the file that an element refers to, which has been checked, into the picture."""
        file = self.path.parent / unquote(href.partition("#")[0])
        kind = file.suffix.casefold().lstrip(".").replace("jpg", "jpeg")
        data = base64.b64encode(read_bytes(file, "picture_bytes")).decode("ascii")
        element.attrib.pop(XLINK, None)
        element.set("href", f"data:image/{kind};base64,{data}")

    def _remove_words(self) -> None:
        """Take words, and files that the picture refers to, out of its shapes."""
        for parent in list(self.root.iter()):
            for child in list(parent):
                tag = _tag(child)
                href = child.get("href") or child.get(XLINK) or ""
                outside = tag in ("image", "feImage") and not href.startswith(("data:", "#"))
                if outside:
                    self._embed(child, href)
                elif tag in ("animate", "animateTransform", "animateMotion", "script"):
                    self.left_out.append(f"<{tag}>")
                elif tag not in ("text", "foreignObject"):
                    continue
                if tag == "text" and _tag(parent) in ("clipPath", "mask", "pattern"):
                    self.left_out.append(f"words in a <{_tag(parent)}>")
                parent.remove(child)


_PROPERTIES = {*_INHERITED, "display", "opacity"}


def _is_in_english(element: Any) -> bool:
    """Return whether an alternative is for any language or English, as for the shapes."""
    languages = element.get("systemLanguage", "en").split(",")
    return any(language.strip().split("-")[0].lower() == "en" for language in languages)


def _tag(element: Any) -> str:
    tag = element.tag
    return tag.removeprefix(SVG) if isinstance(tag, str) and tag.startswith(SVG) else ""


def _html_rows(element: Any) -> str:
    text = element.text or ""
    for child in element:
        name = str(child.tag).rpartition("}")[2]
        inner = _html_rows(child)
        text += "\n" if name == "br" else f"\n{inner}\n" if name in ("div", "p", "li") else inner
        text += child.tail or ""
    return text


def _words(text: str, style: Mapping[str, str]) -> TextItem | None:
    color = _color(style)
    size = float(style.get("font-size", 16))
    if color is None or size <= 0 or style.get("visibility") == "hidden":
        return None
    weight = style.get("font-weight", "")
    bold = weight in ("bold", "bolder") or (weight.isdecimal() and int(weight) >= 600)
    family = style.get("font-family", "").casefold()
    mono = "mono" in family or "courier" in family or "consol" in family
    return TextItem(re.sub(r"\s+", " ", text), size, bold, mono, color)


def _tidied(words: list[TextItem]) -> tuple[TextItem, ...]:
    """Return words with one space between them and none at either end."""
    tidy: list[TextItem] = []
    for one in words:
        text = one.text
        if not tidy or tidy[-1].text.endswith(" "):
            text = text.lstrip()
        if text:
            tidy.append(one._replace(text=text))
    if tidy:
        tidy[-1] = tidy[-1]._replace(text=tidy[-1].text.rstrip())
    return tuple(one for one in tidy if one.text)


def _color(style: Mapping[str, str]) -> Color | None:
    """Return the colour of words; what shines through is lighter, as if on white."""
    name = style.get("fill", "#000").strip()
    if name == "currentColor":
        name = style.get("color", "#000")
    if name in ("none", "transparent"):
        return None
    from reportlab.lib import colors

    try:
        if name.startswith("#") and len(name) in (4, 5):
            name = "#" + "".join(digit * 2 for digit in name[1:])
        known = parse_hex(name[:7]) or (0.0, 0.0, 0.0)
        plain = name.startswith(("#", "url"))
        color = colors.Color(*known) if plain else colors.toColor(name)
        share = float(style.get("opacity", 1)) * float(style.get("fill-opacity", 1))
    except ValueError:
        return (0.0, 0.0, 0.0)
    if not isinstance(color, colors.Color):
        return (0.0, 0.0, 0.0)
    share *= float(color.alpha)
    if share <= 0:
        return None
    red, green, blue = (
        round(1 - (1 - part) * min(1.0, share), 4) for part in (color.red, color.green, color.blue)
    )
    return red, green, blue


def _rules(sheet: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the rules of a style sheet whose selector is a class, an element or an id."""
    sheet = re.sub(r"/\*.*?\*/", "", sheet, flags=re.S)
    for selectors, body in re.findall(r"(?<![^{}])([^{}]+)\{([^{}]*)\}", sheet):
        for selector in selectors.split(","):
            # Of `#diagram .label text` the last part says what it is about.
            parts = selector.split()
            if parts:
                yield parts[-1], _declarations(body)


def _declarations(text: str) -> dict[str, str]:
    pairs = (part.partition(":") for part in text.split(";"))
    return {
        key.strip(): value.replace("!important", "").strip()
        for key, _, value in pairs
        if key.strip() in _PROPERTIES
    }


def _length(text: str, default: float, em: float = 16.0) -> float:
    """Return a length in pixels; a share of `default`, or that, if there is no number."""
    match = NUMBER.match(text.strip())
    if not match:
        return default
    unit = text.strip()[match.end() :].strip()
    value = float(match[0])
    if unit == "%":
        return default * value / 100
    return value * (em if unit in ("em", "rem") else _UNITS.get(unit, 1.0))


def _place(element: Any, name: str, default: float) -> float:
    """Return a place of text: the first of a list, which may be one for each letter."""
    return _length(element.get(name, ""), default)


def _fit(element: Any, width: float, height: float) -> Matrix:
    """Return the matrix from a view box to a box of this size."""
    box = numbers(element.get("viewBox", ""))
    if len(box) != 4 or box[2] <= 0 or box[3] <= 0:
        return IDENTITY
    sx, sy = width / box[2], height / box[3]
    aspect = element.get("preserveAspectRatio", "xMidYMid")
    if "none" in aspect:
        return (sx, 0, 0, sy, -box[0] * sx, -box[1] * sy)
    scale = max(sx, sy) if "slice" in aspect else min(sx, sy)
    share = {"Min": 0.0, "Mid": 0.5, "Max": 1.0}
    across = share.get(aspect[1:4], 0.5) * (width - box[2] * scale)
    down = share.get(aspect[5:8], 0.5) * (height - box[3] * scale)
    return (scale, 0, 0, scale, across - box[0] * scale, down - box[1] * scale)
