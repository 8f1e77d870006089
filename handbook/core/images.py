"""Read picture files: their size, their pixels for print, and whether they can be read."""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from .diagnostics import HandbookError
from .files import read_bytes
from .pixels import check_raster

# How names of pictures end; which of them can be printed, their reader says.
PICTURES = frozenset(
    {".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".svgz", ".bmp", ".tif", ".tiff", ".avif"}
)
# Pixels per inch where no size is given for a picture.
NATURAL = 150.0
# More pixels for an inch than this are not seen in print.
ENOUGH = 300.0
# This much more than enough is left as it is: making it less would gain little.
_SLACK = 1.2
_TURNED = (5, 6, 7, 8)
_ORIENTATION = 0x0112
# Wider or higher a JPEG cannot be.
_LARGEST_JPEG = 65_000
_QUALITY = 88
# What is no darker is not seen on white paper.
_NEARLY_WHITE = 245
# Bytes of pixels that are kept for the next place a picture is drawn at.
MOST_KEPT = 200_000_000
_RASTERS: dict[tuple[Any, ...], Raster] = {}


class Size(NamedTuple):
    """The natural width and height of a picture (points)."""

    width: float
    height: float


class Raster(NamedTuple):
    """Pixels: 8 bits for each of one (grey) or three (RGB) inks, as they are or as a JPEG file."""

    width: int
    height: int
    inks: int
    data: bytes
    jpeg: bool


class BrokenPicture(Exception):
    """A file that is not a picture, is damaged, or asks for too much; `reason` says which."""

    def __init__(self, path: str, reason: str = "") -> None:
        super().__init__(path)
        self.reason = reason


def is_drawing(path: str) -> bool:
    """Return whether the file is a vector drawing (SVG) by its name."""
    return path.casefold().endswith((".svg", ".svgz"))


def size_of(path: str) -> Size:
    """Return how large the picture is of itself.

    Raises BrokenPicture for a file that cannot be read as one.
    """
    stat = Path(path).stat()
    return _size(path, stat.st_mtime_ns, stat.st_size)


def picture_error(path: Path) -> str:
    """Say why a picture cannot be printed; "" if it can."""
    try:
        size = size_of(str(path.absolute()))
    except BrokenPicture as problem:
        return f"cannot be read: {problem.reason}" if problem.reason else "cannot be read"
    except OSError as problem:
        return f"cannot be read: {problem.strerror}" if problem.strerror else "cannot be read"
    return "" if size.width > 0 and size.height > 0 else "cannot be read"


def is_blank(path: str) -> bool:
    """Return whether a picture, unless it is a JPEG, is white or nearly so all over."""
    if is_drawing(path):
        return False
    pixels = raster(path, 200, True)
    return not pixels.jpeg and min(pixels.data) >= _NEARLY_WHITE


def raster(path: str, dots: int, grey: bool) -> Raster:
    """Return the pixels of a picture on white, no more than `dots` wide (0 for all it has).

    A JPEG file that needs no change stays as it is.  Pictures are turned as their camera says,
    of a moving one the first is taken.
    """
    stat = Path(path).stat()
    key = (path, stat.st_mtime_ns, stat.st_size, dots, grey)
    if key not in _RASTERS:
        _RASTERS[key] = _raster(path, dots, grey)
        while sum(len(kept.data) for kept in _RASTERS.values()) > MOST_KEPT and len(_RASTERS) > 1:
            del _RASTERS[next(iter(_RASTERS))]
    return _RASTERS[key]


def dots_for(path: str, width: float) -> int:
    """Return how many pixels wide a picture should be to be printed `width` points wide; 0: all."""
    pixels = round(width / 72 * ENOUGH)
    return pixels if size_of(path).width / 72 * NATURAL > pixels * _SLACK else 0


@lru_cache(maxsize=4096)
def _size(path: str, changed: int, length: int) -> Size:
    if is_drawing(path):
        from .svg import SvgError, load_svg, shape_objects

        try:
            drawing = load_svg(path)
            shape_objects(path)
        except HandbookError as problem:
            raise BrokenPicture(path, problem.diagnostics[0].message) from None
        except SvgError as problem:
            raise BrokenPicture(path, str(problem)) from None
        return Size(drawing.width * 0.75, drawing.height * 0.75)
    try:
        data = read_bytes(Path(path), "picture_bytes")
        with check_raster(data, path) as picture:
            width, height = picture.size
            rotated = picture.getexif().get(_ORIENTATION, 1) in _TURNED
            # A file may begin well and end too early.
            picture.load()
    except HandbookError as problem:
        raise BrokenPicture(path, problem.diagnostics[0].message) from None
    except Exception:
        # Pillow raises exceptions of many kinds; the file is to blame.
        raise BrokenPicture(path) from None
    if rotated:
        width, height = height, width
    return Size(width * 72 / NATURAL, height * 72 / NATURAL)


def _raster(path: str, dots: int, grey: bool) -> Raster:
    from PIL import Image, ImageOps

    data = read_bytes(Path(path), "picture_bytes")
    with check_raster(data, path) as picture:
        plain = picture.mode == "L" or (picture.mode == "RGB" and not grey)
        lossy = picture.format == "JPEG"
        rotated = picture.getexif().get(_ORIENTATION, 1) != 1
        if lossy and plain and not rotated and not dots:
            inks = 1 if picture.mode == "L" else 3
            return Raster(picture.width, picture.height, inks, data, jpeg=True)
        pixels = ImageOps.exif_transpose(_eight_bits(picture))
        mode = "L" if grey or pixels.mode in ("1", "L", "LA") else "RGB"
        if pixels.mode not in ("1", "L", "RGB"):
            flat = pixels.convert("RGBA")
            pixels = Image.alpha_composite(Image.new("RGBA", flat.size, "white"), flat)
        pixels = pixels.convert(mode)
        if dots and dots < pixels.width:
            height = max(1, round(pixels.height * dots / pixels.width))
            pixels = pixels.resize((dots, height), Image.Resampling.LANCZOS)
    inks = len(pixels.getbands())
    if lossy and max(pixels.size) <= _LARGEST_JPEG:
        out = io.BytesIO()
        pixels.save(out, "JPEG", quality=_QUALITY)
        return Raster(pixels.width, pixels.height, inks, out.getvalue(), jpeg=True)
    return Raster(pixels.width, pixels.height, inks, pixels.tobytes(), jpeg=False)


def _eight_bits(picture: Any) -> Any:
    """Return a picture of 16 or 32 bits an ink with 8; inks of a press as those of a screen."""
    if picture.mode.startswith("I"):
        return picture.convert("I").point(lambda value: value / 256).convert("L")
    if picture.mode in ("F", "CMYK", "LAB", "HSV", "YCbCr"):
        return picture.convert("L" if picture.mode == "F" else "RGB")
    return picture
