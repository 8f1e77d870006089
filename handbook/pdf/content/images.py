"""Write raster images as image objects (ISO 32000-1, 8.9)."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from ...core.images import is_drawing, raster
from ...core.svg import shape_objects
from ..syntax.objects import Name, Raw, Ref, Writer


def add_image(writer: Writer, path: str, dots: int = 0, grey: bool = False) -> Ref:
    """Write the picture at `path`: JPEG unchanged, other formats as flate-coded pixels on white.

    It is scaled down to `dots` pixels wide if that is not 0, and to greyscale with `grey`.
    """
    if is_drawing(path):
        return _add_drawing(writer, path)
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


# Objects as a library writes them (ISO 32000-1, 7.3.10).
_BEGIN = re.compile(rb"(\d+) 0 obj\s*")
_REFERENCE = re.compile(rb"\b(\d+) 0 R\b")
_LENGTH = re.compile(rb"/Length (\d+)")


def _add_drawing(writer: Writer, path: str) -> Ref:
    """Write the shapes of an SVG picture: a form, and what it refers to, with new numbers."""
    objects = list(_objects(shape_objects(path)))
    refs = {number: writer.reserve() for number, _, _ in objects}

    def renumber(match: re.Match[bytes]) -> bytes:
        return b"%d 0 R" % refs[int(match[1])]

    for number, head, data in objects:
        head = _REFERENCE.sub(renumber, head)
        if data is None:
            writer.put(refs[number], Raw(head))
        else:
            writer.put_raw_stream(refs[number], head, data)
    # The picture is the form that no other object refers to.
    named = {int(number) for _, head, _ in objects for number in _REFERENCE.findall(head)}
    return refs[next(n for n, head, _ in objects if b"/Form" in head and n not in named)]


def _objects(chunk: bytes) -> Iterator[tuple[int, bytes, bytes | None]]:
    """Yield objects as number, value or dictionary without its length, data of a stream."""
    place = 0
    while match := _BEGIN.search(chunk, place):
        start, end = match.end(), chunk.index(b"endobj", match.end())
        stream = chunk.find(b"stream\n", start, end)
        if stream < 0:
            yield int(match[1]), chunk[start:end].strip(), None
            place = end
            continue
        head = chunk[start:stream].strip()
        length = _LENGTH.search(head)
        assert length is not None
        first = stream + len(b"stream\n")
        data = chunk[first : first + int(length[1])]
        yield int(match[1]), _LENGTH.sub(b"", head, count=1), data
        place = chunk.index(b"endobj", first + len(data))
