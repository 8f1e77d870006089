"""Define a `Theme`: lengths, colours and text styles from design tokens.

A theme is data.  Tokens refer to one another (`$colors.ink`), compute lengths
(`$text.body.size * 1.4`, `19mm + 2pt`), and `extends: default` takes everything
that a theme does not say itself from another theme.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import takewhile
from pathlib import Path
from typing import Any

from ..core.diagnostics import DiagnosticCollector, HandbookError, Source, error, suggest
from ..core.files import is_file, outside, owning_folder
from ..core.resources import FONTS
from ..core.units import Color, parse_hex
from ..core.values import frozen
from .expressions import _Arithmetic

_REFERENCE = re.compile(r"\$([a-z0-9][\w.-]*)")
_QUANTITY = re.compile(r"(\d+(?:\.\d+)?|\.\d+)\s*(pt|mm|cm|in)?")
# Numbers of a theme are lengths in points, or factors; none is larger.
LARGEST = 10_000.0
# Numbers that are more than 0, and those that may be less.
POSITIVE = frozenset({"size", "leading", "scale", "grid"})
SIGNED = frozenset({"rise"})
# What some tokens may be, by their group and their last word.
CHOICES = {
    ("box", "form"): ("side", "plain", "wash"),
    ("table", "rows"): ("ruled", "zebra", "plain"),
    ("footnotes", "numbering"): ("book", "chapter"),
    ("text", "align"): ("left", "right", "center", "justify", "balance"),
}


@frozen
class TextStyle:
    """The style of a run of text; sizes, leading and spaces in points."""

    face: str
    size: float
    leading: float
    color: Color
    before: float = 0.0
    after: float = 0.0
    align: str = "left"


@frozen
class BoxStyle:
    """The style of an admonition of one kind."""

    ink: Color
    wash: Color
    label: str
    form: str = "wash"


class Theme:
    """The tokens of one theme, by dotted key, with everything it extends filled in."""

    def __init__(
        self,
        name: str,
        tokens: Mapping[str, Any],
        file: str,
        base: Theme | None = None,
        places: Mapping[str, tuple[int, int]] | None = None,
    ) -> None:
        self.name = name
        self.file = file
        # The line and column of each key and group of its own file.
        self.places = dict(places or {})
        # The files it was read from, those of the themes it extends first.
        self.files: tuple[str, ...] = (*(base.files if base else ()), file)
        self.tokens = dict(tokens)
        self._styles: dict[str, TextStyle] = {}
        self._numbers: dict[str, float] = {}
        self._colors: dict[str, Color] = {}
        self._groups: set[str] = set()
        self._computing: set[str] = set()

    def changed(self, tokens: Mapping[str, Any]) -> Theme:
        """Return this theme with other tokens; what refers to them follows."""
        return Theme(self.name, {**self.tokens, **tokens}, self.file, places=self.places)

    def keys(self) -> list[str]:
        """Return all tokens by their dotted keys."""
        return list(self.tokens)

    def text_styles(self) -> list[str]:
        """Return the names of all text styles."""
        return sorted({k.split(".")[1] for k in self.tokens if k.startswith("text.")})

    def at(self, key: str) -> Source:
        """Return the place in the theme's file that sets `key`, or the nearest part of it."""
        while key and key not in self.places:
            key = key.rpartition(".")[0]
        return Source(self.file, *self.places.get(key, (0, 0)))

    def written(self, key: str) -> Any:
        """Return the token as its file has it."""
        return self.tokens[key]

    def raw(self, key: str) -> Any:
        """Return the token as written, with a whole-value reference (`$other`) followed."""
        return self._followed(key)[1]

    def _not_set(self, key: str, by: str) -> HandbookError:
        """Return the error for a token that is asked for, by a token of the theme's if any."""
        group = key.partition(".")[0] + "."
        near = [one for one in self.tokens if one.startswith(group)]
        return error(
            f"theme token {key!r} is not set",
            at=self.at(by) if by else self.file,
            hint=suggest(key, near or self.tokens),
            code="theme-token",
        )

    def _followed(self, key: str) -> tuple[str, Any]:
        """Return the token that a whole-value reference ends at, and its value."""
        seen: list[str] = []
        while True:
            if key not in self.tokens:
                raise self._not_set(key, seen[-1] if seen else "")
            value = self.tokens[key]
            match = _REFERENCE.fullmatch(value) if isinstance(value, str) else None
            if not match:
                return key, value
            seen.append(key)
            key = match.group(1)
            if key in seen:
                raise error(
                    f"theme token {key!r} refers to itself", at=self.at(key), code="theme-value"
                )

    def has(self, key: str) -> bool:
        """Return whether the theme sets `key`, or keys below it."""
        if not self._groups:
            for token in self.tokens:
                while token := token.rpartition(".")[0]:
                    self._groups.add(token)
        return key in self.tokens or key in self._groups

    def text(self, key: str) -> str:
        """Return a token as words."""
        return str(self.raw(key))

    def number(self, key: str) -> float:
        """Return a token as a number: a length in points, or a plain factor."""
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = self._number(key)
        return number

    def _number(self, key: str) -> float:
        key, value = self._followed(key)
        number = value if isinstance(value, (int, float)) else self._compute(key, str(value))
        if isinstance(value, bool) or not -LARGEST <= number <= LARGEST:
            raise self._wrong(key, value, f"write a length of no more than {LARGEST:g} points")
        return float(number)

    def color(self, key: str) -> Color:
        """Return a token as red, green and blue, each from 0 to 1."""
        color = self._colors.get(key)
        if color is None:
            color = self._colors[key] = self._color(key)
        return color

    def _color(self, key: str) -> Color:
        key, value = self._followed(key)
        color = parse_hex(value) if isinstance(value, str) else None
        if color is None:
            raise error(
                f"theme token {key!r} is not a colour: {value!r}",
                at=self.at(key),
                hint="write six hexadecimal digits, as in '#0b4f8a', or a reference: $colors.ink",
                code="theme-value",
            )
        return color

    def _wrong(self, key: str, value: object, hint: str) -> HandbookError:
        """Return the error for a token whose number cannot be."""
        shown = str(value).lower() if isinstance(value, bool) else repr(value)
        message = f"theme token {key!r} cannot be {shown}"
        return error(message, at=self.at(key), hint=hint, code="theme-value")

    def page(self, paper: str, key: str) -> float:
        """Return a length of the page, from the paper's own tokens if it has them."""
        paper_token = f"page.{paper}.{key}"
        return self.number(paper_token if paper_token in self.tokens else f"page.{key}")

    def style(self, name: str) -> TextStyle:
        """Return the text style `text.NAME`; what it does not say comes from the style it is
        `like`.
        """
        style = self._styles.get(name)
        if style is None:
            style = self._styles[name] = self._style(name)
        return style

    def area_colors(self) -> list[str]:
        """Return the tokens of the colours that areas of a book have, in their order."""
        numbered = (f"area.{number}" for number in range(1, 100))
        return list(takewhile(self.tokens.__contains__, numbered))

    def box(self, kind: str) -> BoxStyle:
        """Return the style of admonitions of `kind`; unknown kinds look like notes."""
        base = f"box.{kind}" if self.has(f"box.{kind}") else "box.note"
        form = f"{base}.form" if f"{base}.form" in self.tokens else "box.form"
        return BoxStyle(
            self.color(f"{base}.ink"),
            self.color(f"{base}.wash"),
            self.text(f"{base}.label"),
            self.text(form),
        )

    def faces(self) -> dict[str, Path]:
        """Return the font file of each face, shipped ones by their path below `handbook/fonts`."""
        faces = {}
        for key in self.tokens:
            if key.startswith("faces."):
                path = Path(self.text(key))
                if not path.is_absolute():
                    beside_theme = Path(self.file).parent / path
                    path = beside_theme if beside_theme.is_file() else FONTS / path
                    self.check_face(key, path)
                if not is_file(path):
                    raise error(
                        f"font file {self.text(key)!r} does not exist",
                        at=self.at(key),
                        hint="its path is relative to the theme's folder, or to the bundled fonts",
                        code="file",
                    )
                faces[key.removeprefix("faces.")] = path
        return faces

    def check_face(self, key: str, path: Path) -> None:
        """Raise HandbookError if a theme's file may not name this font."""
        if reason := outside(path, (owning_folder(Path(self.file)), FONTS)):
            raise error(
                f"the font {self.text(key)!r} {reason}",
                at=self.at(key),
                hint="move it next to the theme, or allow its folder: --allow-read DIR",
                code="outside",
            )

    def _style(self, name: str) -> TextStyle:
        prefix = f"text.{name}."
        if not self.has(prefix[:-1]):
            hint = suggest(name, self.text_styles())
            raise error(f"unknown text style {name!r}", at=self.file, hint=hint, code="theme-token")
        base = self.style(self.text(prefix + "like")) if prefix + "like" in self.tokens else None

        def number(key: str) -> float:
            if prefix + key in self.tokens:
                return self.number(prefix + key)
            return float(getattr(base, key)) if base else 0.0

        has_face = prefix + "face" in self.tokens
        face = self.text(prefix + "face") if has_face else base.face if base else "regular"
        if prefix + "color" in self.tokens:
            color = self.color(prefix + "color")
        else:
            color = base.color if base else (0.0, 0.0, 0.0)
        align = self.text(prefix + "align") if prefix + "align" in self.tokens else "left"
        size, leading = number("size"), number("leading")
        before, after = number("before"), number("after")
        return TextStyle(face, size, leading, color, before, after, align)

    def _compute(self, key: str, expression: str) -> float:
        filled = _REFERENCE.sub(lambda match: repr(self._referred(match[1], key)), expression)
        try:
            return _Arithmetic(filled).value()
        except (ValueError, ZeroDivisionError, OverflowError):
            raise error(
                f"theme token {key!r} is not a length: {expression!r}",
                at=self.at(key),
                hint="write a number with pt, mm, cm or in, or a sum such as $text.body.size * 1.4",
                code="theme-value",
            ) from None

    def _referred(self, key: str, by: str) -> float:
        """Return the number that an expression of `by` refers to."""
        if key not in self.tokens:
            raise self._not_set(key, by)
        if key in self._computing:
            raise error(f"theme token {by!r} refers to itself", at=self.at(by), code="theme-value")
        self._computing.add(key)
        try:
            return self.number(key)
        finally:
            self._computing.discard(key)


def is_color(value: object) -> bool:
    """Return whether a token's value is a colour: six hexadecimal digits."""
    return isinstance(value, str) and parse_hex(value) is not None


def check_values(theme: Theme, usual: Theme) -> None:
    """Raise HandbookError for every value of a theme that cannot be, or that is of another kind
    than in the `usual` theme.
    """
    problems = DiagnosticCollector()
    for key, value in theme.tokens.items():
        leaf = key.rpartition(".")[2]
        kind = usual.raw(key) if key in usual.tokens else value
        with problems:
            if is_color(kind):
                theme.color(key)
                continue
            if (not _is_length(kind) and not _is_length(value)) or is_color(value):
                continue
            number = theme.number(key)
            if leaf in POSITIVE and number <= 0:
                raise theme._wrong(key, value, "write a length of more than 0, as in 9pt")
            if number < 0 and leaf not in SIGNED:
                raise theme._wrong(key, value, "write a length of 0 or more")
    for key in theme.tokens:
        # A brand's fonts, which are put into a theme later, were looked at when it was read.
        if key.startswith("faces.") and Path(theme.text(key)).is_absolute():
            with problems:
                theme.check_face(key, Path(theme.text(key)))
    faces = {key.partition(".")[2] for key in theme.tokens if key.startswith("faces.")}
    for key in theme.tokens:
        group, _, rest = key.partition(".")
        leaf = rest.rpartition(".")[2]
        choices = faces if leaf == "face" else CHOICES.get((group, leaf))
        if leaf == "like":
            choices = {*theme.text_styles()}
        if choices is not None:
            with problems:
                value = theme.raw(key)
                if str(value) not in choices:
                    raise theme._wrong(key, value, suggest(str(value), choices))
    problems.check()


def _is_length(value: object) -> bool:
    if isinstance(value, (int, float)):
        return not isinstance(value, bool)
    return isinstance(value, str) and bool(_QUANTITY.match(value.lstrip("($ -")))
