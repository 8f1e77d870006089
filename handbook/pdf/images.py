"""Raster images -> image objects (ISO 32000-1, 8.9)."""

from __future__ import annotations

import zlib
from pathlib import Path

from .writer import Name, Ref, Writer


def add_image(writer: Writer, path: str, grey: bool = False) -> Ref:
    """Put the picture at `path`: JPEG as it is, anything else as flate-coded RGB on white.

    With `grey`, as greys alone.
    """
    from PIL import Image

    with Image.open(path) as picture:
        entries = {
            "Type": Name("XObject"),
            "Subtype": Name("Image"),
            "Width": picture.width,
            "Height": picture.height,
            "BitsPerComponent": 8,
        }
        if picture.format == "JPEG" and picture.mode in (("L",) if grey else ("RGB", "L")):
            color = "DeviceRGB" if picture.mode == "RGB" else "DeviceGray"
            jpeg = {**entries, "ColorSpace": Name(color), "Filter": Name("DCTDecode")}
            return writer.add_stream(jpeg, Path(path).read_bytes(), compress=False)
        flat = picture.convert("RGBA")
        ground = Image.new("RGBA", flat.size, "white")
        mode = "L" if grey else "RGB"
        pixels = Image.alpha_composite(ground, flat).convert(mode).tobytes()
    data = zlib.compress(pixels, 9)
    color = "DeviceGray" if grey else "DeviceRGB"
    coded = {**entries, "ColorSpace": Name(color), "Filter": Name("FlateDecode")}
    return writer.add_stream(coded, data, compress=False)
