"""Put a credential into a picture, as Open Badges 3.0 says ("baking").

A picture is read once; a copy's credential goes between its two halves.
"""

from __future__ import annotations

import zlib
from pathlib import Path

from ..core.diagnostics import error
from ..core.files import read_bytes
from ..core.svg_source import RefusedSvg, read_svg
from ..core.values import frozen

_NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
_KEYWORD = b"openbadgecredential"
_MARK = "the-credential-of-a-copy"
_BAKED = "it has a credential already; use the one without"
_PNG = b"\x89PNG\r\n\x1a\n"
# The signature and the first chunk (IHDR), which has 13 bytes.
_PNG_START = 8 + 12 + 13


@frozen
class BadgeImage:
    """A picture without a credential: what comes before it, and what after."""

    suffix: str
    before: bytes
    after: bytes

    def baked(self, token: str) -> bytes:
        """Return the picture with a credential, a compact JWS."""
        jws = token.encode("ascii")
        return b"".join([self.before, _chunk(jws) if self.suffix == ".png" else jws, self.after])


def badge_image(path: Path) -> BadgeImage:
    """Return a picture in SVG or PNG that credentials can be put into.

    Raises:
        HandbookError: If it is broken, or has a credential already.
    """
    try:
        return _svg(path) if path.suffix.lower() == ".svg" else _png(read_bytes(path))
    except (ValueError, RefusedSvg) as problem:
        raise error(f"the picture of the badge: {problem}", at=path, code="badge") from None


def _svg(path: Path) -> BadgeImage:
    root, _ = read_svg(path)
    if not str(root.tag).endswith("}svg"):
        raise ValueError("it is not an SVG file")
    if root.find(f"{{{_NAMESPACE}}}credential") is not None:
        raise ValueError(_BAKED)
    from lxml import etree

    # The prefix belongs to the outermost element, which cannot be given one later.
    names = {**root.nsmap, "openbadges": _NAMESPACE}
    outer = etree.Element(root.tag, dict(root.attrib), nsmap=names)
    outer.text = root.text
    etree.SubElement(outer, f"{{{_NAMESPACE}}}credential", verify=_MARK)
    outer.extend(list(root))
    text = etree.tostring(outer, encoding="utf-8", xml_declaration=True)
    before, _, after = text.partition(_MARK.encode())
    return BadgeImage(".svg", before, after)


def _png(data: bytes) -> BadgeImage:
    if data[:8] != _PNG or data[12:16] != b"IHDR":
        raise ValueError("it is not a PNG file")
    at = 8
    while at < len(data):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if kind == b"iTXt" and data[at + 8 :].startswith(_KEYWORD + b"\0"):
            raise ValueError(_BAKED)
        at += 12 + length
    return BadgeImage(".png", data[:_PNG_START], data[_PNG_START:])


def _chunk(token: bytes) -> bytes:
    """Return a chunk of international text, not compressed, in no language."""
    data = b"iTXt" + _KEYWORD + b"\0\0\0\0\0" + token
    return (len(data) - 4).to_bytes(4, "big") + data + zlib.crc32(data).to_bytes(4, "big")
