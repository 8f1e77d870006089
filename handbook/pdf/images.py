"""Raster images -> image objects (ISO 32000-1, 8.9)."""

from __future__ import annotations

import zlib
from pathlib import Path

from .writer import Name, Ref, Writer


def add_image(writer: Writer, path: str) -> Ref:
    """Put the picture at `path`: JPEG as it is, anything else as flate-coded RGB on white."""
    from PIL import Image

    with Image.open(path) as picture:
        entries = {
            "Type": Name("XObject"),
            "Subtype": Name("Image"),
            "Width": picture.width,
            "Height": picture.height,
            "BitsPerComponent": 8,
        }
        if picture.format == "JPEG" and picture.mode in ("RGB", "L"):
            color = "DeviceRGB" if picture.mode == "RGB" else "DeviceGray"
            jpeg = {**entries, "ColorSpace": Name(color), "Filter": Name("DCTDecode")}
            return writer.add_stream(jpeg, Path(path).read_bytes(), compress=False)
        flat = picture.convert("RGBA")
        ground = Image.new("RGBA", flat.size, "white")
        pixels = Image.alpha_composite(ground, flat).convert("RGB").tobytes()
    data = zlib.compress(pixels, 9)
    rgb = {**entries, "ColorSpace": Name("DeviceRGB"), "Filter": Name("FlateDecode")}
    return writer.add_stream(rgb, data, compress=False)
