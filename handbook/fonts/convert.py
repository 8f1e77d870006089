"""Convert variable fonts and PostScript outlines to plain TrueType files.

fontTools does so once; the result is kept in the user's cache.
"""

from __future__ import annotations

import hashlib
from io import BytesIO
from pathlib import Path
from typing import Any

from ..core.cache import kept_folder
from ..core.diagnostics import error
from ..core.slugs import file_slug
from .font_file import open_font

# How far (in units of the em, a thousandth) a TrueType curve may be from the PostScript one.
TOLERANCE = 0.001


def drawable(path: Path, weight: int) -> Path:
    """Return a file with TrueType outlines of one weight: `path`, or one made from it.

    Raises:
        HandbookError: fontTools is needed and not installed.
    """
    font = open_font(path)
    variable = "fvar" in font.tables
    if not variable and not font.postscript and "CFF2" not in font.tables:
        return path
    digest = hashlib.sha256(font.data + f"{weight}".encode()).hexdigest()[:16]
    name = f"{path.stem.split('[')[0]}-{weight}" if variable else path.stem

    def make(folder: Path) -> None:
        (folder / f"{name}.ttf").write_bytes(_instance(path, weight, variable))

    return kept_folder("fonts", f"{digest}-{file_slug(name)}", make) / f"{name}.ttf"


def _instance(path: Path, weight: int, variable: bool) -> bytes:
    try:
        from fontTools.ttLib import TTFont
        from fontTools.varLib import instancer
    except ImportError:
        what = "a variable font" if variable else "a font with PostScript outlines"
        raise error(
            f"{path.name!r} is {what}, which needs fontTools",
            hint="pip install 'handbook[brand]', or use TTF files of one weight each",
            code="brand",
        ) from None
    font = TTFont(str(path), recalcTimestamp=False)
    if variable:
        places = {
            axis.axisTag: min(max(weight, axis.minValue), axis.maxValue)
            if axis.axisTag == "wght"
            else axis.defaultValue
            for axis in font["fvar"].axes
        }
        font = instancer.instantiateVariableFont(font, places)
    if "glyf" not in font:
        _with_curves(font)
    out = BytesIO()
    font.save(out)
    return out.getvalue()


def _with_curves(font: Any) -> None:
    """Exchange PostScript outlines for TrueType's (OpenType, glyf and loca)."""
    from fontTools.pens.cu2quPen import Cu2QuPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen
    from fontTools.ttLib import newTable

    glyphs, order = font.getGlyphSet(), font.getGlyphOrder()
    converted = {}
    for name in order:
        pen = TTGlyphPen(None)
        most = TOLERANCE * font["head"].unitsPerEm
        glyphs[name].draw(Cu2QuPen(pen, most, reverse_direction=True))
        converted[name] = pen.glyph()
    font["loca"] = newTable("loca")
    font["glyf"] = table = newTable("glyf")
    table.glyphOrder, table.glyphs = order, converted
    for name in order:
        converted[name].recalcBounds(table)
        font["hmtx"][name] = (font["hmtx"][name][0], getattr(converted[name], "xMin", 0))
    maxp = font["maxp"]
    maxp.tableVersion = 0x00010000
    for key in (
        "maxTwilightPoints",
        "maxStorage",
        "maxFunctionDefs",
        "maxInstructionDefs",
        "maxStackElements",
        "maxSizeOfInstructions",
    ):
        setattr(maxp, key, 0)
    maxp.maxZones = 1
    font["post"].formatType = 3.0
    for tag in ("CFF ", "CFF2", "VORG"):
        if tag in font:
            del font[tag]
    font.sfntVersion = "\000\001\000\000"
