"""Find the font files of a brand's families for the faces of a theme.

One family goes through: where it lacks what running text needs, another one takes its place
everywhere, and not for single words.  A font is never fetched.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable, Sequence
from dataclasses import field, replace
from pathlib import Path

from ...core.diagnostics import Diagnostic, HandbookError, Source
from ...core.files import outside
from ...core.resources import FONTS
from ...core.values import frozen, record
from ...fonts.convert import drawable
from ...fonts.font_file import open_text_font
from ..theme import Theme
from .keys import brand_roots
from .model import Brand, Family, FontSource, Type
from .typography import FONT_FILES

# Styles of text that are set in the family of the headings.
HEADINGS = ("chapter-title", "heading-2", "heading-3", "heading-4", "heading-5", "heading-6",
            "pull-quote", "cover-title", "cover-kicker", "certificate-title",
            "certificate-learner")  # fmt: skip
_STYLES = {"regular": (400, False), "bold": (700, False), "italic": (400, True),
           "bold-italic": (700, True)}  # fmt: skip
_SPOKEN = {"regular": "upright", "bold": "bold", "italic": "italic", "bold-italic": "bold italic"}
# Where a family of this origin is found.
_SHOPS = {"google": "https://fonts.google.com", "bunny": "https://fonts.bunny.net"}


@frozen
class FontWeightStyle:
    """A font file: its weight, from 100 to 900, whether it is italic, the weights it spans."""

    path: Path
    weight: int
    italic: bool
    span: tuple[int, int]

    def distance(self, weight: int) -> int:
        """Return how far its weight is from the one wanted."""
        low, high = self.span
        return 0 if low <= weight <= high else min(abs(weight - low), abs(weight - high))


@record
class Chosen:
    """Tokens for the faces of a theme, and what the brand's fonts lack."""

    tokens: dict[str, str] = field(default_factory=dict)
    advice: list[Diagnostic] = field(default_factory=list)
    # The brand's own files for running text and headings, and what chose them.
    text: dict[Path, Type] = field(default_factory=dict)


# Families by the name of which a reader knows what their letters look like.
_SERIF = re.compile(
    r"(?i)serif(?!.*sans)|slab|times|georgia|garamond|merriweather|lora\b|playfair|crimson"
    r"|baskerville|palatino|bitter|caslon|cormorant|spectral|minion|cambria|charter"
    r"|alegreya(?! sans)|vollkorn|cardo\b|arvo|literata|newsreader|domine|gelasio|tinos"
    r"|book antiqua|bodoni|didot"
)
_SANS = re.compile(r"(?i)sans")
_CONDENSED = re.compile(r"(?i)condensed|narrow|oswald|compressed")
# What ships, by the look of its letters.
_SHIPPED = {
    "serif": "Source Serif Pro", "sans": "IBM Plex Sans", "condensed": "IBM Plex Sans Condensed",
}  # fmt: skip


def choose_faces(theme: Theme, brand: Brand) -> Chosen:
    """Return the faces of `theme` in the fonts of `brand`."""
    chosen = Chosen()
    kinds = brand.type
    base = kinds.get("base", Type())
    headings = kinds.get("headings", Type())
    if base.family:
        _running_text(theme, brand, base, chosen)
    family = headings.family or (base.family if headings.weight else "")
    if family:
        _titles(theme, brand, replace(headings, family=family), chosen)
    mono = kinds.get("monospace") or kinds.get("monospace-block") or kinds.get("monospace-inline")
    if mono and mono.family:
        _code(brand, mono, chosen)
    if chosen.tokens:
        # The theme's own come after the brand's, for characters these do not have.
        behind = {f"faces.behind-{face}": str(path) for face, path in theme.faces().items()}
        chosen.tokens |= behind
    return chosen


def _running_text(theme: Theme, brand: Brand, base: Type, chosen: Chosen) -> None:
    """Choose four faces of one family: the brand's, or the nearest that has what text needs."""
    name = _first_name(base)
    styles, from_brand = _styles(brand, base, chosen, _STYLES), True
    missing = [face for face in ("regular", "bold") if face not in styles]
    if missing:
        instead = _nearest_shipped(theme, name)
        shown = instead or "the theme's own"
        words = " and ".join(_SPOKEN[face] for face in missing)
        why = f"has no file that is {words}" if styles else "was not found"
        _report(chosen, brand, base, f"the font {name!r} {why}: {shown} is used for all text")
        if not instead:
            return
        styles, from_brand = (
            _styles(brand, replace(base, family=instead, weight=0), chosen, _STYLES),
            False,
        )
    elif "italic" not in styles:
        _report(
            chosen,
            brand,
            base,
            f"the font {name!r} has no file that is italic: emphasis is printed bold",
        )
    styles.setdefault("italic", styles["bold"])
    styles.setdefault("bold-italic", styles["bold"])
    chosen.tokens |= {f"faces.{face}": path for face, path in styles.items()}
    if from_brand:
        chosen.text[Path(styles["regular"])] = base
    _labels(theme, chosen, styles)


def _titles(theme: Theme, brand: Brand, kind: Type, chosen: Chosen) -> None:
    """Choose one face for titles."""
    weight = kind.weight or 700
    wanted_styles = {"bold": (weight, False)}
    style = _styles(brand, replace(kind, weight=weight), chosen, wanted_styles)
    from_brand = bool(style)
    if not style:
        name = _first_name(kind)
        instead = _nearest_shipped(theme, name)
        if name != _first_name(brand.type.get("base", Type())):
            shown = instead or "the theme's own"
            _report(
                chosen, brand, kind, f"the font {name!r} was not found: {shown} is used for titles"
            )
        style = (
            _styles(brand, replace(kind, family=instead), chosen, wanted_styles) if instead else {}
        )
    if not style:
        return
    if from_brand:
        chosen.text[Path(style["bold"])] = kind
    chosen.tokens["faces.bold-headings"] = style["bold"]
    names = [name for name in HEADINGS if theme.has(f"text.{name}")]
    chosen.tokens |= {f"text.{name}.face": "bold-headings" for name in names}


def _code(brand: Brand, kind: Type, chosen: Chosen) -> None:
    """Choose two faces for code; one may do for both."""
    wanted_styles = {face: _STYLES[face] for face in ("regular", "bold")}
    styles = _styles(brand, replace(kind, weight=400), chosen, wanted_styles)
    if "regular" not in styles:
        name = _first_name(kind)
        _report(
            chosen,
            brand,
            kind,
            f"the font {name!r} was not found: the theme's own is used for code",
        )
        return
    chosen.tokens["faces.mono"] = styles["regular"]
    chosen.tokens["faces.mono-bold"] = styles.get("bold", styles["regular"])


def _labels(theme: Theme, chosen: Chosen, styles: dict[str, str]) -> None:
    """Let a theme's further faces (labels, condensed ones) follow the brand's, but not code."""
    known = {*_STYLES, "mono", "mono-bold"}
    for face in theme.faces():
        if face not in known:
            style = "bold" if face.startswith("bold") else "regular"
            chosen.tokens[f"faces.{face}"] = styles[style]


def _nearest_shipped(theme: Theme, name: str) -> str:
    """Return the family that ships and looks most like `name`; "" if it is the theme's own."""
    sans = bool(_SANS.search(name))
    kind = "condensed" if _CONDENSED.search(name) else "sans"
    kind = "serif" if not sans and _SERIF.search(name) else kind
    family = _SHIPPED[kind] if kind != "condensed" else _SHIPPED["sans"]
    theme_font = _folded(theme.faces()["regular"].stem)
    return "" if theme_font.startswith(_folded(family)) else family


def _first_name(kind: Type) -> str:
    """Return the first family of a list as CSS has it."""
    return kind.family.split(",")[0].strip().strip("'\"")


def _styles(
    brand: Brand, kind: Type, chosen: Chosen, wanted_styles: dict[str, tuple[int, bool]]
) -> dict[str, str]:
    """Return a file for each style of `wanted_styles` that the family has."""
    name = _first_name(kind)
    family = brand.families.get(name) or Family(name, "google", (), kind.source)
    cuts = _cuts(brand, family, chosen)
    styles: dict[str, str] = {}
    for face, (usual, italic) in wanted_styles.items():
        weight = kind.weight if kind.weight and face in ("regular", "italic") else usual
        cut = _nearest(cuts, weight, italic)
        file = _drawable(cut, weight, chosen, kind) if cut else None
        if file is not None:
            styles[face] = str(file)
    return styles


def _report(chosen: Chosen, brand: Brand, kind: Type, message: str) -> None:
    """Warn that a font is replaced, and say where it can be found."""
    family = brand.families.get(_first_name(kind))
    shop = _SHOPS.get(family.origin if family else "google", "")
    source = f"get its TTF files from {shop}, and put" if shop else "put its TTF files"
    hint = f"{source} them into a folder fonts/ next to the brand file"
    _warn(
        chosen,
        kind.source.file,
        kind.source.line,
        message,
        hint if shop else hint.replace(" them", ""),
    )


def _warn(chosen: Chosen, file: str, line: int, message: str, hint: str) -> None:
    warning = Diagnostic.at(Source(file, line), message, hint, "brand-font", "warning")
    if warning not in chosen.advice:
        chosen.advice.append(warning)


def _nearest(cuts: Sequence[FontWeightStyle], weight: int, italic: bool) -> FontWeightStyle | None:
    """Return the file nearest to `weight`; never a light one for a bold one."""
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
    """Return the files of a family: those that the brand names, otherwise those that are found."""
    if family.files:
        return [cut for cut in (_cut(f, chosen) for f in family.files) if cut]
    places = [brand.folder, brand.folder / "fonts", FONTS]
    roots = (*brand_roots(Path(brand.file)), FONTS)
    named = [path for path in at_hand(family.name, places) if not outside(path, roots)]
    sources = [FontSource(path, 0, "", family.source) for path in named]
    return [cut for cut in (_cut(f, chosen) for f in sources) if cut]


def at_hand(name: str, places: Iterable[Path]) -> list[Path]:
    """Return font files whose name begins with the family's, from the first place with any."""
    folded_name = _folded(name)
    for place in places:
        files = sorted(place.glob("**/*" if place == FONTS else "*")) if place.is_dir() else []
        fonts = [path for path in files if path.suffix.lower() in FONT_FILES]
        matches = [
            path for path in fonts if _folded(re.split(r"[-_\[]", path.stem)[0]) == folded_name
        ]
        if matches:
            return matches
    return []


def _folded(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.casefold())


def _cut(source: FontSource, chosen: Chosen) -> FontWeightStyle | None:
    """Return what a font file says of itself; what the brand says of it goes before that."""
    where, name = source.source, source.path.name
    try:
        font = open_text_font(source.path)
    except HandbookError as problem:
        message = f"{name!r} cannot be used: {problem.diagnostics[0].message}"
        _warn(chosen, where.file, where.line, message, "use a TTF or OTF file")
        return None
    if not font.may_be_embedded:
        message = f"the licence of the font {name!r} does not allow a PDF to have it inside"
        hint = "ask its maker for one that may be embedded, or use another font"
        _warn(chosen, where.file, where.line, message, hint)
    table = font.table("OS/2")
    weight = source.weight or int.from_bytes(table[4:6], "big")
    italic = source.style == "italic" if source.style else bool(table[63] & 1)
    return FontWeightStyle(
        source.path, weight, italic, _span(font.table("fvar")) or (weight, weight)
    )


def _span(table: bytes) -> tuple[int, int] | None:
    """Return the weights of a variable font (OpenType, fvar); None for other fonts."""
    if not table:
        return None
    start, _, count, size = struct.unpack(">HHHH", table[4:12])
    for number in range(count):
        place = start + number * size
        tag, low, _, high = struct.unpack(">4siii", table[place : place + 16])
        if tag == b"wght":
            return round(low / 65536), round(high / 65536)
    return None
