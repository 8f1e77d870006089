"""Find the file of a picture, next to the chapter or in its pack, and read its size."""

from __future__ import annotations

import contextlib
import re
import xml.etree.ElementTree as etree
from collections.abc import Sequence
from pathlib import Path
from unicodedata import normalize
from urllib.parse import unquote

from ...core.diagnostics import DiagnosticCollector, Source, nearest
from ...core.files import is_file, is_folder, outside
from ...core.images import picture_error
from ...core.patterns import late
from ...core.units import UNITS
from ...document.nodes import Image

SIZES = {**UNITS, "px": 0.75, "": 0.75}
_SHARE = late(r"(\d+(?:\.\d+)?)%")
_SHAPE = late(r"(\d+(?:\.\d+)?)(?: ?[:/x] ?(\d+(?:\.\d+)?))?")
_POINT = late(r"(\d+(?:\.\d+)?)% (\d+(?:\.\d+)?)%")
_LENGTH = late(r"(\d+(?:\.\d+)?|\.\d+) ?(pt|mm|cm|in|px|)")


def picture(
    element: etree.Element,
    path: str,
    alt: str,
    folder: Path | None,
    root: Path | None,
    source: Source,
    problems: DiagnosticCollector,
) -> Image:
    """Return the picture of an `img`; report one that is missing or outside `root`."""
    file = (folder or Path()) / path
    folders = [folder, folder.parent] if folder else [Path()]
    existing = _existing(path, folders)
    missing = ""
    if reason := outside(existing, (root,)) if existing and root else "":
        hint = "move it into the pack, or allow its folder: --allow-read DIR"
        problems.add(source, f"the picture {path!r} {reason}", hint, "outside")
        missing = path or "?"
    elif existing is None:
        problems.add(source, *_missing(path, folders, root), "missing-image")
        missing = path or "?"
    elif problem := picture_error(existing):
        problems.add(
            source,
            f"the picture {path!r} {problem}",
            "save it as PNG, JPEG or SVG again",
            "broken-image",
        )
        missing = path or "?"
    width, height, share = sizes(element, source, problems)
    crop, focus = cropping(element, source, problems)
    return Image(
        str((existing or file).absolute()),
        alt,
        width,
        height,
        element.get("title") or "",
        source,
        share,
        missing,
        "decorative" in element.get("class", "").split(),
        crop,
        focus,
    )


def _existing(path: str, folders: Sequence[Path]) -> Path | None:
    """Return the file that an address means.

    Addresses may be percent-encoded, and have a `?query` or a `#fragment`; file names may be
    composed or decomposed Unicode.
    """
    plain = re.split(r"[?#]", path, maxsplit=1)[0]
    names = dict.fromkeys((path, unquote(path), plain, unquote(plain)))
    for name in names:
        for form in dict.fromkeys((name, normalize("NFC", name), normalize("NFD", name))):
            for folder in folders:
                if name and is_file(file := folder / form):
                    return file
    return None


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


def cropping(
    element: etree.Element, source: Source, problems: DiagnosticCollector
) -> tuple[float, tuple[float, float]]:
    """Return the shape of the part of a picture that is printed, and its focus."""
    text, point = element.get("data-crop", ""), element.get("data-focus", "")
    shape, place = _SHAPE.fullmatch(text), _POINT.fullmatch(point)
    if text and not (shape and float(shape[1]) and float(shape[2] or 1)):
        problems.add(source, f"crop={text} is not a shape", "write crop=16:9", "length")
    if point and not place:
        hint = 'write focus="30% 20%", from the left and from the top'
        problems.add(source, f"focus={point} is not a place", hint, "length")
    crop = float(shape[1]) / float(shape[2] or 1) if shape and float(shape[2] or 1) else 0.0
    x, y = (min(float(part), 100.0) / 100 for part in place.groups()) if place else (0.5, 0.5)
    return crop, (x, y)


def _missing(path: str, folders: Sequence[Path], root: Path | None) -> tuple[str, str]:
    if re.match(r"[a-z][a-z+.-]+:", path):
        return f"the picture {path!r} is not a file of this book", "save it next to the chapter"
    if not path:
        return "a picture names no file", "write its path"
    if any(is_folder(folder / path) for folder in folders):
        return f"the picture {path!r} is a folder", "name a file in it"
    known: list[str] = []
    with contextlib.suppress(OSError, ValueError):
        places = dict.fromkeys((folder / path).parent for folder in folders)
        # Of what is outside the pack, not even the names are for readers of messages.
        inside = [one for one in places if one.is_dir() and not (root and outside(one, (root,)))]
        known = [file.name for one in inside for file in one.iterdir()]
    near = nearest(Path(path).name, known)
    hint = f"did you mean {(Path(path).parent / near).as_posix()!r}?" if near else ""
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
