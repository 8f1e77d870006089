"""A brand's families -> font files for a theme's faces.

What the brand's files do not have, the theme's own faces give: a style, a whole family, a
character.  A font is never fetched.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from handbook.core.resources import FONTS

from ...core.diagnostics import Diagnostic, HandbookError, Source
from ...fonts.convert import drawable
from ...fonts.font_file import open_font
from ..theme import Theme
from .model import Brand, Family, FontSource, Type
from .typography import FONT_FILES

# Styles of text that are set in the family of the headings.
HEADINGS = ("chapter-title", "heading-2", "heading-3", "heading-4", "heading-5", "heading-6",
            "pull-quote", "cover-title", "cover-kicker")  # fmt: skip
_STYLES = {"regular": (400, False), "bold": (700, False), "italic": (400, True),
           "bold-italic": (700, True)}  # fmt: skip
_SPOKEN = {"regular": "upright", "bold": "bold", "italic": "italic", "bold-italic": "bold italic"}
# Where a family of this origin is to be had.
_SHOPS = {"google": "https://fonts.google.com", "bunny": "https://fonts.bunny.net"}


@dataclass(frozen=True, slots=True)
class FontWeightStyle:
    """A font file: its weight, from 100 to 900, whether it is italic, the weights it spans."""

    path: Path
    weight: int
    italic: bool
    span: tuple[int, int]

    def distance(self, weight: int) -> int:
        """How far its weight is from the one wanted."""
        low, high = self.span
        return 0 if low <= weight <= high else min(abs(weight - low), abs(weight - high))


@dataclass(slots=True)
class Chosen:
    """Tokens for the faces of a theme, and what the brand's fonts lack."""

    tokens: dict[str, str] = field(default_factory=dict)
    advice: list[Diagnostic] = field(default_factory=list)
    # The brand's own files for running text and headings, and what chose them.
    text: dict[Path, Type] = field(default_factory=dict)


def choose_faces(theme: Theme, brand: Brand) -> Chosen:
    """The faces of `theme` in the fonts of `brand`."""
    chosen = Chosen()
    kinds = brand.type
    base = kinds.get("base", Type())
    heads = kinds.get("headings", Type())
    if base.family:
        styles = _styles(brand, base, chosen, _STYLES, base.weight or 400)
        chosen.tokens |= {f"faces.{face}": path for face, path in styles.items()}
        chosen.text |= {Path(path): base for face, path in styles.items() if face == "regular"}
        _labels(theme, chosen, styles)
    family = heads.family or (base.family if heads.weight else "")
    if family:
        wanted = heads.weight or 700
        title = Type(family, wanted, source=heads.source)
        style = _styles(brand, title, chosen, {"bold": (wanted, False)}, wanted)
        if style:
            chosen.text[Path(style["bold"])] = title
            chosen.tokens["faces.bold-headings"] = style["bold"]
            names = [name for name in HEADINGS if theme.has(f"text.{name}")]
            chosen.tokens |= {f"text.{name}.face": "bold-headings" for name in names}
    mono = kinds.get("monospace") or kinds.get("monospace-block") or kinds.get("monospace-inline")
    if mono and mono.family:
        styles = _styles(brand, mono, chosen, {k: _STYLES[k] for k in ("regular", "bold")}, 400)
        codes = {"regular": "mono", "bold": "mono-bold"}
        chosen.tokens |= {f"faces.{codes[face]}": path for face, path in styles.items()}
    if chosen.tokens:
        # The theme's own stay behind the brand's, for characters these do not have.
        own = {f"faces.behind-{face}": str(path) for face, path in theme.faces().items()}
        chosen.tokens |= own
    return chosen


def _labels(theme: Theme, chosen: Chosen, styles: dict[str, str]) -> None:
    """A theme's further faces (labels, condensed ones) follow the brand's, all but code."""
    known = {*_STYLES, "mono", "mono-bold"}
    for face in theme.faces():
        if face not in known:
            style = "bold" if face.startswith("bold") else "regular"
            if style in styles:
                chosen.tokens[f"faces.{face}"] = styles[style]


def _styles(
    brand: Brand, kind: Type, chosen: Chosen, wanted: dict[str, tuple[int, bool]], weight: int
) -> dict[str, str]:
    """A file for each style of `wanted` that the family has; what it lacks is told."""
    name = kind.family.split(",")[0].strip().strip("'\"")
    family = brand.families.get(name) or Family(name, "google", (), kind.source)
    cuts = _cuts(brand, family, chosen)
    found: dict[str, str] = {}
    missing: list[str] = []
    for face, (usual, italic) in wanted.items():
        aim = weight if face in ("regular", "italic") else usual
        cut = _nearest(cuts, aim, italic)
        made = _drawable(cut, aim, chosen, kind) if cut else None
        if made is None:
            missing.append(face)
        else:
            found[face] = str(made)
    place = kind.source
    if not cuts:
        _tell(chosen, family, place.file, place.line)
    elif missing:
        words = " and ".join(_SPOKEN[face] for face in missing)
        message = f"the font {name!r} has no file that is {words}: the theme's own is used"
        _warn(chosen, place.file, place.line, message, "name a file for it below typography.fonts")
    return found


def _tell(chosen: Chosen, family: Family, file: str, line: int) -> None:
    shop = _SHOPS.get(family.origin, "")
    where = f"get its TTF files from {shop}, and put" if shop else "put its TTF files"
    _warn(chosen, file, line, f"the font {family.name!r} is not at hand: the theme's own is used",
          f"{where} them into a folder fonts/ beside the brand file" if shop
          else f"{where} into a folder fonts/ beside the brand file")  # fmt: skip


def _warn(chosen: Chosen, file: str, line: int, message: str, hint: str) -> None:
    told = Diagnostic.at(Source(file, line), message, hint, "brand-font", "warning")
    if told not in chosen.advice:
        chosen.advice.append(told)


def _nearest(cuts: Sequence[FontWeightStyle], weight: int, italic: bool) -> FontWeightStyle | None:
    """The cut nearest to `weight`; a bold one is never stood in for by a light one."""
    fit = [cut for cut in cuts if cut.italic == italic]
    if weight >= 600:
        fit = [cut for cut in fit if cut.span[1] >= 550]
    return min(fit, key=lambda cut: (cut.distance(weight), cut.weight, cut.path.name), default=None)


def _drawable(cut: FontWeightStyle, weight: int, chosen: Chosen, kind: Type) -> Path | None:
    try:
        return drawable(cut.path, min(max(weight, cut.span[0]), cut.span[1]))
    except HandbookError as problem:
        first = problem.diagnostics[0]
        _warn(chosen, kind.source.file, kind.source.line, first.message, first.hint)
        return None


# ------------------------------------------------------------------ looking for files


def _cuts(brand: Brand, family: Family, chosen: Chosen) -> list[FontWeightStyle]:
    """The files of a family: those that the brand names, else those that lie at hand."""
    if family.files:
        return [cut for cut in (_cut(f, chosen) for f in family.files) if cut]
    places = [brand.folder, brand.folder / "fonts", FONTS]
    found = [FontSource(path, 0, "", family.source) for path in at_hand(family.name, places)]
    return [cut for cut in (_cut(f, chosen) for f in found) if cut]


def at_hand(name: str, places: Iterable[Path]) -> list[Path]:
    """Font files whose name begins with the family's, in the first of `places` with any."""
    wanted = _folded(name)
    for place in places:
        files = sorted(place.glob("**/*" if place == FONTS else "*")) if place.is_dir() else []
        fonts = [path for path in files if path.suffix.lower() in FONT_FILES]
        found = [path for path in fonts if _folded(re.split(r"[-_\[]", path.stem)[0]) == wanted]
        if found:
            return found
    return []


def _folded(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.casefold())


def _cut(source: FontSource, chosen: Chosen) -> FontWeightStyle | None:
    """What a font file says of itself; what the brand says of it goes before that."""
    where = source.source
    try:
        font = open_font(source.path)
        table = font.table("OS/2")
        weight = source.weight or int(struct.unpack(">H", table[4:6])[0])
        italic = source.style == "italic" if source.style else bool(table[63] & 1)
    except (OSError, HandbookError, ValueError, struct.error, LookupError):
        message = f"{source.path.name!r} is not a font that can be read"
        _warn(chosen, where.file, where.line, message, "use a TTF or OTF file")
        return None
    return FontWeightStyle(
        source.path, weight, italic, _span(font.table("fvar")) or (weight, weight)
    )


def _span(table: bytes) -> tuple[int, int] | None:
    """The weights of a variable font (OpenType, fvar); None if it has but one."""
    if not table:
        return None
    start, _, count, size = struct.unpack(">HHHH", table[4:12])
    for number in range(count):
        place = start + number * size
        tag, low, _, high = struct.unpack(">4siii", table[place : place + 16])
        if tag == b"wght":
            return round(low / 65536), round(high / 65536)
    return None
