"""Build the sRGB profile that output intents embed."""

from __future__ import annotations

import struct


def srgb_profile() -> bytes:
    """Build an ICC version 2 profile of sRGB from the constants of IEC 61966-2-1.

    Matrix and curve suffice for a display profile (ICC.1:2001-04, 6.3.1.2); the
    colorants are adapted to D50 by the Bradford transform.
    """

    def fixed(*values: float) -> bytes:
        return b"".join(struct.pack(">i", round(value * 65536)) for value in values)

    def xyz(*values: float) -> bytes:
        return b"XYZ \0\0\0\0" + fixed(*values)

    def curve() -> bytes:
        steps = 64
        points = [_linear(step / (steps - 1)) for step in range(steps)]
        data = b"".join(struct.pack(">H", round(point * 65535)) for point in points)
        return b"curv\0\0\0\0" + struct.pack(">I", steps) + data

    def words(text: str) -> bytes:
        raw = text.encode("ascii") + b"\0"
        return b"desc\0\0\0\0" + struct.pack(">I", len(raw)) + raw + b"\0" * (4 + 4 + 2 + 1 + 67)

    tone = curve()
    tags: list[tuple[bytes, bytes]] = [
        (b"desc", words("sRGB")),
        (b"cprt", b"text\0\0\0\0" + b"No copyright, use freely\0"),
        (b"wtpt", xyz(0.9642, 1.0, 0.8249)),
        (b"rXYZ", xyz(0.43607, 0.22249, 0.01392)),
        (b"gXYZ", xyz(0.38515, 0.71687, 0.09708)),
        (b"bXYZ", xyz(0.14307, 0.06061, 0.71410)),
        (b"rTRC", tone),
        (b"gTRC", tone),
        (b"bTRC", tone),
    ]
    offset = 128 + 4 + 12 * len(tags)
    table, body = bytearray(), bytearray()
    placed: dict[bytes, int] = {}
    for tag, data in tags:
        if data not in placed:
            placed[data] = offset + len(body)
            body += data + b"\0" * (-len(data) % 4)
        table += tag + struct.pack(">II", placed[data], len(data))
    size = offset + len(body)
    head = struct.pack(">I4sI", size, b"\0\0\0\0", 0x02100000) + b"mntrRGB XYZ "
    head += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + b"\0" * 28
    head += fixed(0.9642, 1.0, 0.8249) + b"\0" * 48
    return bytes(head) + struct.pack(">I", len(tags)) + bytes(table) + bytes(body)


def _linear(value: float) -> float:
    """Convert an sRGB value to linear light (IEC 61966-2-1, 5.2)."""
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)
