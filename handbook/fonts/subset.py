"""Cut fonts down to the glyphs that are used, with HarfBuzz."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import uharfbuzz as hb

from .font_file import FontFile

# What a viewer needs to draw glyphs by their numbers.
_KEPT = ("CFF ", "glyf", "head", "hhea", "hmtx", "loca", "maxp")
_FLAGS = (
    hb.SubsetFlags.NO_HINTING | hb.SubsetFlags.NO_LAYOUT_CLOSURE | hb.SubsetFlags.NOTDEF_OUTLINE
)


def subset(
    font: FontFile, glyphs: Iterable[int], *, keep_numbers: bool = False
) -> tuple[bytes, dict[int, int]]:
    """Return a font program with `glyphs` alone, and their numbers in it.

    A PostScript font's program is its table `CFF `, in which glyphs keep their names.
    """
    wanted = hb.SubsetInput()
    wanted.glyph_set.update({0, *glyphs})
    if font.postscript:
        return _table(hb.subset(font.face, wanted).blob.data, b"CFF "), {}
    wanted.drop_table_tag_set.update(_dropped(font))
    wanted.flags = _FLAGS | hb.SubsetFlags.RETAIN_GIDS if keep_numbers else _FLAGS
    plan = hb.SubsetPlan(font.face, wanted)
    return bytes(plan.execute().blob.data), dict(plan.old_to_new_glyph_mapping)


@lru_cache(maxsize=64)
def _dropped(font: FontFile) -> list[int]:
    names = [name.encode("latin-1") for name in font.tables if name not in _KEPT]
    return [int.from_bytes(name, "big") for name in names]


def _table(data: bytes, name: bytes) -> bytes:
    """Return the bytes of one table of a font file."""
    count = int.from_bytes(data[4:6], "big")
    for place in range(12, 12 + 16 * count, 16):
        if data[place : place + 4] == name:
            offset, length = (
                int.from_bytes(data[place + n : place + n + 4], "big") for n in (8, 12)
            )
            return bytes(data[offset : offset + length])
    raise ValueError(f"no table {name!r}")
