"""Set pictures and figures."""

from __future__ import annotations

from ...core.diagnostics import error
from ...core.images import BrokenPicture, size_of
from ...document.nodes import Image


# folded from layout/figures
def ratio_of(image: Image) -> float:
    """How many times as wide as high a picture is.

    Raises HandbookError if the file is not a picture.
    """
    width, height = image_size(image, 1e6, 1e6)
    return width / height


def image_size(
    image: Image, max_width: float, max_height: float, column: float = 0.0
) -> tuple[float, float]:
    """Width and height in points: as asked for, else by its pixels; never larger than allowed.

    A share is one of the `column`'s width.  Raises HandbookError if the file is not a picture.
    """
    try:
        natural = size_of(image.path)
    except (OSError, BrokenPicture):
        raise error(
            f"{image.path!r} is not a picture that can be read",
            at=image.source,
            hint="use PNG, JPEG or SVG",
            code="broken-image",
        ) from None
    ratio = natural.height / natural.width
    width = image.share * column or image.width or (image.height / ratio if image.height else 0.0)
    width = width or natural.width
    width = min(width, max_width, max_height / ratio)
    return width, width * ratio
