"""Define lengths in points, the papers that can be asked for, and colours."""

from __future__ import annotations

import re

UNITS = {"pt": 1.0, "mm": 72 / 25.4, "cm": 720 / 25.4, "in": 72.0}
MM = UNITS["mm"]
# Red, green and blue, from 0 to 1.
Color = tuple[float, float, float]

# Width and height in points: ISO 216, and ANSI/ASME Y14.1.
PAPERS = {
    "a4": (210 * MM, 297 * MM),
    "letter": (612.0, 792.0),
    "a5": (148 * MM, 210 * MM),
    "half-letter": (396.0, 612.0),
    # To read on glass: a phone shows it as wide as its screen, between its bars as a whole.
    "phone": (90 * MM, 170 * MM),
    # For certificates and the like.
    "a4-landscape": (297 * MM, 210 * MM),
    "letter-landscape": (792.0, 612.0),
}

_HEX = re.compile(r"#([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})\Z")


def parse_hex(text: str) -> Color | None:
    """Return the colour of six hexadecimal digits behind a `#`; None for any other text."""
    match = _HEX.match(text)
    if match is None:
        return None
    red, green, blue = (int(digits, 16) / 255 for digits in match.groups())
    return red, green, blue


def counted(number: int, what: str) -> str:
    """Return a number of things: 1 copy, 2,000 copies, no pages."""
    many = what[:-1] + "ies" if what.endswith("y") else what + "s"
    return f"{number:,} {what if number == 1 else many}" if number else f"no {many}"
