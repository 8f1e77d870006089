"""A theme in a brand's colours and fonts, and what of it cannot be read on paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ...core.diagnostics import Diagnostic, HandbookError, Source
from ...core.units import Color
from ...document.nodes import Document, inlines_of, plain_text, walk
from ...fonts.font_file import open_font
from ..contrast import AA, AA_LARGE, contrast, text_pairs
from ..theme import Theme
from .color_tokens import color_tokens, digits, faint_signals
from .font_matching import choose_faces
from .model import Brand, SourcedColor

# So many characters that a font lacks are named; of more, their number.
NAMED = 12


@dataclass(frozen=True, slots=True)
class BrandedTheme:
    """A theme in a brand; what its provider should hear of; the brand's own font files."""

    theme: Theme
    advice: tuple[Diagnostic, ...]
    fonts: tuple[tuple[Path, Source], ...]


@lru_cache(maxsize=8)
def apply_brand(theme: Theme, brand: Brand) -> BrandedTheme:
    """`theme` in the colours and fonts of `brand`.

    Raises HandbookError for text that nobody could read: a contrast below 3 to 1.
    """
    faces = choose_faces(theme, brand)
    made = theme.changed({**color_tokens(theme, brand), **faces.tokens})
    found = list(_contrasts(made, brand))
    wrong = [told for told in found if told.severity == "error"]
    if wrong:
        raise HandbookError(*wrong)
    advice = [*brand.advice, *faces.advice, *found, *_signals(brand)]
    fonts = tuple((path, kind.source) for path, kind in faces.text.items())
    return BrandedTheme(made, tuple(sorted(set(advice))), fonts)


def _contrasts(theme: Theme, brand: Brand) -> Iterator[Diagnostic]:
    """The faintest use of each of the brand's colours, where WCAG asks for more."""
    tints = _tints(brand)
    worst: dict[str, tuple[float, str, Color]] = {}
    for token, ink, ground, size in text_pairs(theme):
        role = next(
            (r for r, tint in tints.items() if tint.value in (digits(ink), digits(ground))), ""
        )
        ratio = contrast(ink, ground)
        faint = role and ratio < (AA_LARGE if size >= 18 else AA)
        if faint and (role not in worst or ratio < worst[role][0]):
            worst[role] = (ratio, token, ground)
    for role, (ratio, token, ground) in worst.items():
        severe = ratio < AA_LARGE
        place = tints[role].source
        what = token.removeprefix("text.").removesuffix(".color").replace(".", " ")
        yield Diagnostic.at(
            place,
            f"{role} {tints[role].value} has a contrast of {ratio:.1f} to 1 to what it stands on "
            f"({what}, on {digits(ground)}); WCAG AA asks for {AA:g}",
            f'give another for print: defaults: handbook: color: {role.rpartition(".")[2]}: "#…"',
            "contrast",
            "error" if severe else "warning",
        )


def _tints(brand: Brand) -> dict[str, SourcedColor]:
    """Every colour of text that the brand gives, by what it is called."""
    named = {f"color.{role}": tint for role, tint in brand.colors.items()
             if role in ("primary", "foreground", "background", "link", "secondary")}  # fmt: skip
    for kind in ("headings", "link"):
        color = brand.type[kind].color if kind in brand.type else None
        if color:
            named[f"typography.{kind}.color"] = color
    return named


def _signals(brand: Brand) -> Iterator[Diagnostic]:
    for role in faint_signals(brand):
        tint = brand.colors[role]
        yield Diagnostic.at(
            tint.source,
            f"color.{role} {tint.value} is too faint for words: boxes keep the theme's own colour",
            f'give a darker one for print: defaults: handbook: color: {role}: "#…"',
            "contrast",
            "warning",
        )


def glyph_advice(made: BrandedTheme, document: Document) -> list[Diagnostic]:
    """A warning for each font of the brand that lacks characters of `document`."""
    said = _characters(document)
    found: list[Diagnostic] = []
    for path, place in made.fonts:
        known = open_font(path).characters
        lacking = sorted(c for c in said if ord(c) not in known)
        if not lacking:
            continue
        shown = " ".join(lacking[:NAMED])
        more = f" and {len(lacking) - NAMED} more" if len(lacking) > NAMED else ""
        found.append(
            Diagnostic.at(
                place,
                f"the font file {path.name!r} has no {shown}{more}: the theme's shows them",
                "use a fuller cut of the font, if there is one",
                "brand-glyphs",
                "warning",
            )
        )
    return found


# Blanks and dashes that are drawn as their plain twins.
_TWINNED = frozenset("\u00ad\u2010\u2011")


def _characters(document: Document) -> set[str]:
    found: set[str] = set()
    for chapter in document.chapters:
        found.update(plain_text(chapter.title))
        for block in walk(chapter.blocks):
            for inlines in inlines_of(block):
                found.update(plain_text(inlines))
    return {c for c in found if not c.isspace()} - _TWINNED
