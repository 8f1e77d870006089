"""Pictures: how large they are on the page."""

from __future__ import annotations

from ..diagnostics import error
from ..document import Image

PIXELS_PER_INCH = 150.0


def ratio_of(image: Image) -> float:
    """How many times as wide as high a picture is.

    Raises HandbookError if the file is not a picture.
    """
    width, height = image_size(image, 1e6, 1e6)
    return width / height


def image_size(image: Image, max_width: float, max_height: float) -> tuple[float, float]:
    """Width and height in points: as asked for, else by its pixels; never larger than allowed.

    Raises HandbookError if the file is not a picture.
    """
    from PIL import Image as Pillow

    try:
        with Pillow.open(image.path) as picture:
            pixels = picture.size
    except (OSError, ValueError):
        raise error(
            f"{image.path!r} is not a picture that can be read",
            file=image.source.file,
            line=image.source.line,
            hint="use PNG or JPEG",
        ) from None
    ratio = pixels[1] / pixels[0]
    width = image.width or (image.height / ratio if image.height else 0.0)
    width = width or pixels[0] * 72 / PIXELS_PER_INCH
    width = min(width, max_width, max_height / ratio)
    return width, width * ratio
