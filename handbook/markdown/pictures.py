"""Pictures: `![words](file){width=60mm}`, looked for beside the chapter and in its pack."""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from pathlib import Path

from ..diagnostics import nearest
from ..document import Image, Source
from ..units import UNITS
from .targets import Problems

SIZES = {**UNITS, "px": 0.75, "": 0.75}
_LENGTH = re.compile(r"(\d+(?:\.\d+)?|\.\d+) ?(pt|mm|cm|in|px|)")


def picture(
    element: etree.Element, path: str, alt: str, folder: Path | None, source: Source,
    problems: Problems,
) -> Image:  # fmt: skip
    """The image that an element `img` asks for; a problem if there is no such file."""
    file = (folder or Path()) / path
    places = [file, folder.parent / path] if folder else [file]
    found = next((place for place in places if path and place.is_file()), None)
    if found is None:
        problems.add(source, *_missing(path, places), "missing-image")
    return Image(
        str((found or file).absolute()), alt, length(element, "width", source, problems),
        length(element, "height", source, problems), element.get("title") or "", source,
    )  # fmt: skip


def _missing(path: str, places: list[Path]) -> tuple[str, str]:
    if re.match(r"[a-z][a-z+.-]+:", path):
        return f"the picture {path!r} is not a file of this book", "save it beside the chapter"
    known = [f.name for p in places if p.parent.is_dir() for f in p.parent.iterdir()]
    near = nearest(Path(path).name, known)
    hint = f"did you mean {str(Path(path).with_name(near))!r}?" if near else ""
    return f"the picture {path!r} does not exist", hint or "put it beside the chapter"


def length(element: etree.Element, key: str, source: Source, problems: Problems) -> float:
    """A width or height in points; 0 where none is given."""
    value = element.get(f"data-{key}", "")
    if not value:
        return 0.0
    match = _LENGTH.fullmatch(value)
    if not match:
        problems.add(source, f"{key}={value} is not a length", "write 60mm, 4cm or 200px", "length")
        return 0.0
    return float(match[1]) * SIZES[match[2]]
