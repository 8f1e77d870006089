"""Find the file of a picture, next to the chapter or in its pack, and read its size."""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from pathlib import Path

from ...core.diagnostics import DiagnosticCollector, Source, nearest
from ...core.images import BrokenPicture, size_of
from ...core.units import UNITS
from ...document.nodes import Image

SIZES = {**UNITS, "px": 0.75, "": 0.75}
_SHARE = re.compile(r"(\d+(?:\.\d+)?)%")
_LENGTH = re.compile(r"(\d+(?:\.\d+)?|\.\d+) ?(pt|mm|cm|in|px|)")


def picture(
    element: etree.Element, path: str, alt: str, folder: Path | None, source: Source,
    problems: DiagnosticCollector,
) -> Image:  # fmt: skip
    """Return the picture of an element `img`; a missing file is reported."""
    file = (folder or Path()) / path
    places = [file, folder.parent / path] if folder else [file]
    found = next((place for place in places if path and place.is_file()), None)
    missing = ""
    if found is None:
        problems.add(source, *_missing(path, places), "missing-image")
        missing = path
    elif not _readable(found):
        problems.add(
            source, f"the picture {path!r} cannot be read", "save it as PNG, JPEG or SVG again",
            "broken-image",
        )  # fmt: skip
        missing = path
    width, height, of = sizes(element, source, problems)
    return Image(
        str((found or file).absolute()), alt, width, height, element.get("title") or "", source, of,
        missing,
    )  # fmt: skip


def _readable(file: Path) -> bool:
    try:
        size = size_of(str(file.absolute()))
    except BrokenPicture:
        return False
    return size.width > 0 and size.height > 0


def sizes(
    element: etree.Element, source: Source, problems: DiagnosticCollector
) -> tuple[float, float, float]:
    """Return the width and height in points, and the width as a fraction of the column."""
    share = 0.0
    if match := _SHARE.fullmatch(element.get("data-width", "")):
        share = min(float(match[1]), 100.0) / 100
        element.set("data-width", "")
    if _SHARE.fullmatch(element.get("data-height", "")) or element.get("data-height") == "auto":
        element.set("data-height", "")
    width, height = (length(element, key, source, problems) for key in ("width", "height"))
    return width, height, share


def _missing(path: str, places: list[Path]) -> tuple[str, str]:
    if re.match(r"[a-z][a-z+.-]+:", path):
        return f"the picture {path!r} is not a file of this book", "save it next to the chapter"
    known = [f.name for p in places if p.parent.is_dir() for f in p.parent.iterdir()]
    near = nearest(Path(path).name, known)
    hint = f"did you mean {str(Path(path).with_name(near))!r}?" if near else ""
    return f"the picture {path!r} does not exist", hint or "put it next to the chapter"


def length(
    element: etree.Element, key: str, source: Source, problems: DiagnosticCollector
) -> float:
    """Return a width or height in points; 0 where none is given."""
    value = element.get(f"data-{key}", "")
    if not value:
        return 0.0
    match = _LENGTH.fullmatch(value)
    if not match:
        problems.add(
            source, f"{key}={value} is not a length", "write 60mm, 4cm, 200px or 50%", "length"
        )
        return 0.0
    return float(match[1]) * SIZES[match[2]]
