"""Write raster images as image objects (ISO 32000-1, 8.9)."""

from __future__ import annotations

import zlib

from ...core.images import raster
from ..syntax.objects import Name, Ref, Writer


def add_image(writer: Writer, path: str, dots: int = 0, grey: bool = False) -> Ref:
    """Write the picture at `path`: JPEG unchanged, other formats as flate-coded pixels on white.

    It is scaled down to `dots` pixels wide if that is not 0, and to greyscale with `grey`.
    """
    picture = raster(path, dots, grey)
    entries = {
        "Type": Name("XObject"),
        "Subtype": Name("Image"),
        "Width": picture.width,
        "Height": picture.height,
        "BitsPerComponent": 8,
        "ColorSpace": Name("DeviceGray" if picture.inks == 1 else "DeviceRGB"),
        "Filter": Name("DCTDecode" if picture.jpeg else "FlateDecode"),
    }
    data = picture.data if picture.jpeg else zlib.compress(picture.data, 9)
    return writer.add_stream(entries, data, compress=False)
