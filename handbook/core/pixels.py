"""Open pictures of pixels, as far as the limits allow."""

from __future__ import annotations

import io
from typing import Any

from .limits import limits, over_limit

# The pixels of each picture that was read in this process.
_PIXELS: dict[str, int] = {}


def check_raster(data: bytes, name: str) -> Any:
    """Open a picture of pixels, if it has no more of them than the limits allow.

    Raises:
        HandbookError: for one picture that is too large, or when all together are.
        OSError: for data that is not a picture.
    """
    from PIL import Image

    # The limits are ours.
    Image.MAX_IMAGE_PIXELS = None
    picture = Image.open(io.BytesIO(data))
    pixels = picture.width * picture.height
    if pixels > limits().picture_pixels:
        raise over_limit(f"it has {pixels:,} pixels", "picture_pixels", name)
    _PIXELS[name] = pixels
    if sum(_PIXELS.values()) > limits().all_pixels:
        raise over_limit("all pictures together have too many pixels", "all_pixels", name)
    return picture
