"""Read an SVG file, and refuse what would read other files, fetch pages, or never end."""

from __future__ import annotations

import base64
import binascii
import io
import math
import re
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from .files import is_file, outside, owning_folder, read_bytes
from .limits import limits, over_limit
from .pixels import check_raster

_HREFS = ("href", "{http://www.w3.org/1999/xlink}href")
# Elements that draw what their address names.
_DRAWN = frozenset(
    [
        "image",
        "use",
        "feImage",
        "tref",
        "textPath",
        "pattern",
        "linearGradient",
        "radialGradient",
        "filter",
        "mpath",
    ]
)
# Attributes that are numbers, and the numbers in them.
_NUMERIC = frozenset(
    [
        "x",
        "y",
        "x1",
        "y1",
        "x2",
        "y2",
        "cx",
        "cy",
        "r",
        "rx",
        "ry",
        "width",
        "height",
        "d",
        "points",
        "transform",
        "viewBox",
        "font-size",
        "dx",
        "dy",
        "stroke-width",
        "offset",
        "opacity",
        "gradientTransform",
        "patternTransform",
    ]
)
_NUMBER = re.compile(r"nan|inf|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?", re.IGNORECASE)
_VARIABLE = re.compile(r"(--[\w-]{1,99})\s{0,9}:([^;{}]{0,999})")
_USE = re.compile(
    r"var\(\s{0,9}(--[\w-]{1,99})\s{0,9}(?:,([^()]{0,99}(?:\([^()]{0,99}\))?[^()]{0,99}))?\)"
)
_LONGEST_VALUE = 200
# No coordinate is larger; a page is some hundred.
LARGEST = 1e7


_OVER_LIMITS = {"ERR_RESOURCE_LIMIT", "ERR_ENTITY_LOOP"}


class RefusedSvg(Exception):
    """An SVG file that cannot be drawn; the message says why."""


def read_svg(path: Path) -> tuple[Any, list[str]]:
    """Return an SVG file's root element, and where it is malformed, so that some of it is lost.

    Raises:
        RefusedSvg: if it is not an SVG, or refers to what it may not.
        HandbookError: if it is larger than a limit allows.
        OSError: if it cannot be read.
    """
    data = read_bytes(path, "svg_bytes")
    if data[:2] == b"\x1f\x8b":
        data = _unpacked(data, path)
    root, malformed = _parsed(data)
    elements = [element for element in root.iter() if isinstance(element.tag, str)]
    if len(elements) > limits().svg_elements:
        raise over_limit(f"{path.name!r} has too many elements", "svg_elements", str(path))
    for element in elements:
        _check_numbers(element)
        _check_address(element, path)
    _check_depth(root, path)
    _check_copies(elements, path)
    return root, [*malformed, *_put_in_variables(elements)]


def _put_in_variables(elements: list[Any]) -> list[str]:
    """Replace `var(--name, fallback)` of style sheets and attributes; return what has no value."""
    sheets = [one for one in elements if _name(one) == "style" and one.text]
    styles = [str(one.text) for one in sheets] + [one.get("style", "") for one in elements]
    variables = {key: value.strip() for text in styles for key, value in _VARIABLE.findall(text)}
    missing: set[str] = set()

    def value(match: re.Match[str]) -> str:
        replacement = _given(match, variables)
        # One that is made of another has that put in; one that refers to itself is not a colour.
        replacement = _USE.sub(lambda inner: _given(inner, variables), replacement)
        if not replacement or "var(" in replacement or len(replacement) > _LONGEST_VALUE:
            missing.add(f"the value of {match[1]}")
            return "currentColor"
        return replacement

    for sheet in sheets:
        sheet.text = _USE.sub(value, sheet.text)
    for element in elements:
        for key, text in element.attrib.items():
            if "var(" in text:
                element.set(key, _USE.sub(value, text))
    return sorted(missing)


def _given(use: re.Match[str], variables: Mapping[str, str]) -> str:
    """Return the value of a variable, or its fallback."""
    name, instead = use.groups("")
    return variables.get(name, instead).strip()


def _unpacked(data: bytes, path: Path) -> bytes:
    unpacker = zlib.decompressobj(wbits=31)
    largest = limits().svg_bytes
    try:
        unpacked = unpacker.decompress(data, largest + 1)
    except zlib.error:
        raise RefusedSvg("it is a damaged gzip file") from None
    if len(unpacked) > largest:
        raise over_limit(f"{path.name!r} unpacks to too much", "svg_bytes", str(path))
    return unpacked


def _parsed(data: bytes) -> tuple[Any, list[str]]:
    from lxml import etree

    parser = etree.XMLParser(
        remove_comments=True, recover=True, resolve_entities=False, no_network=True
    )
    try:
        root = etree.parse(io.BytesIO(data), parser).getroot()
    except (etree.LxmlError, ValueError):
        root = None
    if root is None:
        raise RefusedSvg("it is not an SVG file")
    for one in parser.error_log:
        if one.type_name in _OVER_LIMITS:
            deep = "depth" in one.message
            reason = (
                "its elements are nested too deeply" if deep else "it has entities that multiply"
            )
            raise RefusedSvg(reason)
    for entity in root.iter(etree.Entity):
        raise RefusedSvg(f"it has the entity {entity.text}, and none is put in")
    fatal = [one for one in parser.error_log if one.level_name == "FATAL"]
    return root, [f"what a mistake in line {one.line} hides ({one.message})" for one in fatal[:1]]


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _address(element: Any) -> str:
    return next((str(element.get(key)).strip() for key in _HREFS if element.get(key)), "")


def _check_numbers(element: Any) -> None:
    for key, value in element.attrib.items():
        if key in _NUMERIC:
            for number in _NUMBER.findall(value):
                if not abs(float(number)) <= LARGEST or math.isnan(float(number)):
                    raise RefusedSvg(f"the number {number[:20]} is too large")


def _check_address(element: Any, path: Path) -> None:
    address = _address(element) if _name(element) in _DRAWN else ""
    if not address or address.startswith("#"):
        return
    if address.startswith("data:"):
        _check_embedded(address)
        return
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+:", address) or address.startswith("//"):
        raise RefusedSvg(f"it refers to {address[:60]!r}, and nothing is fetched")
    file = path.parent / unquote(address.partition("#")[0])
    if reason := outside(file, (owning_folder(path),)):
        raise RefusedSvg(f"it refers to {address[:60]!r}, which {reason}")
    if not is_file(file):
        raise RefusedSvg(f"it refers to {address[:60]!r}, which does not exist")
    if file.suffix.casefold() in (".svg", ".svgz"):
        raise RefusedSvg(f"it refers to another drawing, {address[:60]!r}: put it into this one")
    check_raster(read_bytes(file, "picture_bytes"), str(file))


def _check_embedded(address: str) -> None:
    head, _, body = address.partition(",")
    if ";base64" in head and "svg" not in head:
        try:
            data = base64.b64decode(unquote(body))
        except (binascii.Error, ValueError):
            return
        try:
            check_raster(data, "an embedded picture")
        except OSError:
            raise RefusedSvg("a picture in it cannot be read") from None


def _check_depth(root: Any, path: Path) -> None:
    level = [root]
    for _ in range(limits().svg_depth):
        level = [child for element in level for child in element if isinstance(child.tag, str)]
        if not level:
            return
    raise over_limit(f"{path.name!r} is nested too deeply", "svg_depth", str(path))


def _check_copies(elements: list[Any], path: Path) -> None:
    """Refuse elements that `use` draws too often, or inside themselves."""
    named = {element.get("id"): element for element in elements if element.get("id")}
    largest = limits().svg_elements
    sizes: dict[Any, int] = {}
    open_: set[Any] = set()

    def size(element: Any, depth: int) -> int:
        if element in sizes:
            return sizes[element]
        if element in open_ or depth > 2 * limits().svg_depth:
            raise RefusedSvg("an element draws itself")
        open_.add(element)
        count = 1 + sum(size(child, depth + 1) for child in element if isinstance(child.tag, str))
        if (
            _name(element) == "use"
            and (used := named.get(_address(element).lstrip("#"))) is not None
        ):
            count += size(used, depth + 1)
        open_.discard(element)
        sizes[element] = count
        if count > largest:
            raise over_limit(f"{path.name!r} draws too many elements", "svg_elements", str(path))
        return count

    size(elements[0], 0)
    for element in elements:
        size(element, 0)
