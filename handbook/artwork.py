"""Picture files: how large they are, and whether they can be read."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

# Pixels for an inch where nobody says how large a picture is to be.
NATURAL = 150.0


class Size(NamedTuple):
    """Width and height in points, as large as a picture is of itself."""

    width: float
    height: float


class BrokenPicture(Exception):
    """A file that is no picture, or is damaged."""


def is_drawing(path: str) -> bool:
    """Whether the file is a vector drawing (SVG) by its name."""
    return path.casefold().endswith((".svg", ".svgz"))


def size_of(path: str) -> Size:
    """How large the picture is of itself.

    Raises BrokenPicture for a file that cannot be read as one.
    """
    stat = Path(path).stat()
    return _size(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=4096)
def _size(path: str, changed: int, length: int) -> Size:
    from PIL import Image

    try:
        with Image.open(path) as picture:
            width, height = picture.size
            turned = picture.getexif().get(0x0112, 1) in (5, 6, 7, 8)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise BrokenPicture(path) from None
    if turned:
        width, height = height, width
    return Size(width * 72 / NATURAL, height * 72 / NATURAL)
