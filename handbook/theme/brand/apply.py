"""Apply a brand's colours and fonts to a theme, so that all of it can be read on paper."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from ...core.diagnostics import Diagnostic, Source
from ...core.units import Color
from ...core.values import frozen, record
from ...document.nodes import Document, inlines_of, plain_text, walk
from ...fonts.font_file import open_font
from ..contrast import AA, AA_LARGE, contrast, text_pairs
from ..theme import Theme
from .color_tokens import WHITE, color_tokens, darkened_signals, digits, readable
from .font_matching import choose_faces
from .keys import ROLES
from .model import Brand, SourcedColor

# This many characters that a font lacks are named; of more, their number.
NAMED = 12


@frozen
class BrandedTheme:
    """A theme in a brand; what its provider should know; the brand's own font files."""

    theme: Theme
    advice: tuple[Diagnostic, ...]
    fonts: tuple[tuple[Path, Source], ...]


@lru_cache(maxsize=8)
def apply_brand(theme: Theme, brand: Brand) -> BrandedTheme:
    """Return `theme` in the colours and fonts of `brand`.

    A colour that is too light for text is darkened, with a warning.
    """
    faces = choose_faces(theme, brand)
    branded = theme.changed({**color_tokens(theme, brand), **faces.tokens})
    branded, darkened = _darkened(branded, brand)
    advice = [*brand.advice, *faces.advice, *darkened, *_signals(brand)]
    fonts = tuple((path, kind.source) for path, kind in faces.text.items())
    return BrandedTheme(branded, tuple(sorted(set(advice))), fonts)


@record
class _Faint:
    """A colour of the brand that is too faint where text has it: its worst use."""

    ratio: float
    token: str
    ground: Color
    printed: Color
    tokens: list[str]


def _darkened(theme: Theme, brand: Brand) -> tuple[Theme, list[Diagnostic]]:
    """Return the theme with readable text in all its colours, and what was changed."""
    names = {color.value: role for role, color in reversed(_text_colors(brand).items())}
    faint: dict[str, _Faint] = {}
    for token, text_color, ground, size in text_pairs(theme):
        needed = AA_LARGE if size >= 18 else AA
        ratio = contrast(text_color, ground)
        name = names.get(digits(text_color), "")
        if ratio >= needed:
            continue
        printed = readable(text_color, ground, needed)
        use = faint.setdefault(digits(text_color), _Faint(ratio, token, ground, printed, []))
        use.tokens.append(_ink_token(token))
        if contrast(printed, WHITE) > contrast(use.printed, WHITE):
            use.printed = printed
        if name and ratio < use.ratio:
            use.ratio, use.token, use.ground = ratio, token, ground
    changes = {t: digits(use.printed) for use in faint.values() for t in use.tokens}
    advice = [
        _darkened_advice(names[value], _text_colors(brand)[names[value]], use)
        for value, use in faint.items()
        if value in names
    ]
    return (theme.changed(changes) if changes else theme), advice


def _ink_token(token: str) -> str:
    """Return the token of the text of a pair that is called after its ground."""
    if token.endswith(".wash"):
        return "text.box.color"
    return "text.table.color" if token in ("table.chosen", "table.retired") else token


def _darkened_advice(role: str, color: SourcedColor, use: _Faint) -> Diagnostic:
    what = use.token.removeprefix("text.").removesuffix(".color").replace(".", " ")
    key = "headings" if role == "typography.headings.color" else role.split(".")[-1]
    key = "link" if role == "typography.link.color" else key
    key = key if key in ("headings", *ROLES) else "foreground"
    return Diagnostic(
        color.source.file,
        color.source.line,
        0,
        f"{role} {color.value} has a contrast of {use.ratio:.1f} to 1 on {digits(use.ground)} "
        f"({what}), and is printed as {digits(use.printed)}; WCAG AA asks for {AA:g} to 1",
        f'give another for print: defaults: handbook: color: {key}: "#…"',
        "contrast",
        "warning",
    )


def _text_colors(brand: Brand) -> dict[str, SourcedColor]:
    """Return every colour of text that the brand gives, by what messages call it."""
    colors = {
        f"color.{role}": color
        for role, color in brand.colors.items()
        if role in ("primary", "foreground", "background", "link", "secondary", "headings")
    }
    for kind in ("base", "headings", "link", "monospace", "monospace-inline", "monospace-block"):
        color = brand.type[kind].color if kind in brand.type else None
        if color and kind not in brand.print_colors:
            colors[f"typography.{kind}.color"] = color
    return colors


def _signals(brand: Brand) -> Iterator[Diagnostic]:
    for role, printed in darkened_signals(brand):
        color = brand.colors[role]
        yield Diagnostic(
            color.source.file,
            color.source.line,
            0,
            f"color.{role} {color.value} is too light for text, and is printed as {printed}",
            f'give a darker one for print: defaults: handbook: color: {role}: "#…"',
            "contrast",
            "warning",
        )


def glyph_advice(branded: BrandedTheme, document: Document) -> list[Diagnostic]:
    """Return a warning for each font of the brand that lacks characters of `document`."""
    reported = _characters(document)
    advice: list[Diagnostic] = []
    for path, place in branded.fonts:
        known = open_font(path).characters
        lacking = sorted(c for c in reported if ord(c) not in known)
        if not lacking:
            continue
        shown = " ".join(lacking[:NAMED])
        more = f" and {len(lacking) - NAMED} more" if len(lacking) > NAMED else ""
        advice.append(
            Diagnostic.at(
                place,
                f"the font file {path.name!r} has no {shown}{more}: the theme's font shows them",
                "use a font file with more characters, if there is one",
                "brand-glyphs",
                "warning",
            )
        )
    return advice


# Spaces and dashes that are drawn as their plain counterparts.
_ALIASES = frozenset("\u00ad\u2010\u2011")


def _characters(document: Document) -> set[str]:
    characters: set[str] = set()
    for chapter in document.chapters:
        characters.update(plain_text(chapter.title))
        for block in walk(chapter.blocks):
            for inlines in inlines_of(block):
                characters.update(plain_text(inlines))
    return {c for c in characters if not c.isspace()} - _ALIASES
