"""Design tokens: a theme's YAML file becomes a `Theme` of lengths, colours and text styles.

A theme is data.  Tokens refer to one another (`$colors.ink`), compute lengths
(`$text.body.size * 1.4`, `19mm + 2pt`), and `extends: default` takes everything
that a theme does not say itself from another theme.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from handbook.core.resources import FONTS

from ..core.diagnostics import Source, error, suggest
from ..core.units import Color
from .expressions import _Arithmetic

_REFERENCE = re.compile(r"\$([a-z0-9][\w.-]*)")
_QUANTITY = re.compile(r"(\d+(?:\.\d+)?|\.\d+)\s*(pt|mm|cm|in)?")
_HEX = re.compile(r"#[0-9a-fA-F]{6}\Z")


@dataclass(frozen=True, slots=True)
class TextStyle:
    """How a run of text looks; sizes, leading and spaces in points."""

    face: str
    size: float
    leading: float
    color: Color
    before: float = 0.0
    after: float = 0.0
    align: str = "left"


@dataclass(frozen=True, slots=True)
class BoxStyle:
    """How an admonition of one kind looks."""

    ink: Color
    wash: Color
    label: str


class Theme:
    """The tokens of one theme, by dotted key, with everything it extends filled in."""

    def __init__(
        self, name: str, tokens: Mapping[str, Any], file: str, base: Theme | None = None
    ) -> None:
        self.name = name
        self.file = file
        # The files it was read from, those of the themes it extends first.
        self.files: tuple[str, ...] = (*(base.files if base else ()), file)
        self._tokens = dict(tokens)
        self._styles: dict[str, TextStyle] = {}

    def changed(self, tokens: Mapping[str, Any]) -> Theme:
        """This theme with other tokens; what refers to them follows."""
        return Theme(self.name, {**self._tokens, **tokens}, self.file)

    def keys(self) -> list[str]:
        """All tokens by their dotted keys."""
        return list(self._tokens)

    def text_styles(self) -> list[str]:
        """The names of all text styles."""
        return sorted({k.split(".")[1] for k in self._tokens if k.startswith("text.")})

    def at(self, key: str) -> Source:
        """Return the place in the theme's file that sets `key`, or the nearest part of it."""
        return Source(self.file, self.line(key))

    def line(self, key: str) -> int:
        """The line of the theme's file that sets `key`, or the nearest part of it; 0 if unknown."""
        lines = Path(self.file).read_text("utf-8").splitlines()
        place = 0
        for part in key.split("."):
            pattern = re.compile(rf"(?:.*[{{,])?\s*{re.escape(part)}:")
            # A part may stand on the same line as the one that holds it: {face: bold, size: 9}.
            first = max(0, place - 1)
            found = next((n for n in range(first, len(lines)) if pattern.match(lines[n])), None)
            if found is None:
                break
            place = found + 1
        return place

    def written(self, key: str) -> Any:
        """The token as its file has it."""
        return self._tokens[key]

    def raw(self, key: str) -> Any:
        """The token as written, with a whole-value reference (`$other`) followed."""
        return self._followed(key)[1]

    def _followed(self, key: str) -> tuple[str, Any]:
        """The token that a whole-value reference ends at, and its value."""
        seen = []
        while True:
            if key not in self._tokens:
                raise error(
                    f"theme token {key!r} is not set",
                    at=self.file,
                    hint=suggest(key, self._tokens),
                    code="theme-token",
                )
            value = self._tokens[key]
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
        """Whether the theme sets `key`, or keys below it."""
        return key in self._tokens or any(k.startswith(key + ".") for k in self._tokens)

    def text(self, key: str) -> str:
        """A token as words."""
        return str(self.raw(key))

    def number(self, key: str) -> float:
        """A token as a number: a length in points, or a plain factor."""
        key, value = self._followed(key)
        if isinstance(value, (int, float)):
            return float(value)
        return self._compute(key, str(value))

    def color(self, key: str) -> Color:
        """A token as red, green and blue, each from 0 to 1."""
        key, value = self._followed(key)
        if not is_color(value):
            raise error(
                f"theme token {key!r} is not a colour: {value!r}",
                at=self.at(key),
                hint="write six hexadecimal digits, as in '#0b4f8a', or a reference: $colors.ink",
                code="theme-value",
            )
        return (int(value[1:3], 16) / 255, int(value[3:5], 16) / 255, int(value[5:7], 16) / 255)

    def page(self, paper: str, key: str) -> float:
        """A length of the page, from the paper's own tokens if it has them."""
        own = f"page.{paper}.{key}"
        return self.number(own if own in self._tokens else f"page.{key}")

    def style(self, name: str) -> TextStyle:
        """The text style `text.NAME`; what it does not say comes from the style it is `like`."""
        style = self._styles.get(name)
        if style is None:
            style = self._styles[name] = self._style(name)
        return style

    def box(self, kind: str) -> BoxStyle:
        """The style of admonitions of `kind`; unknown kinds look like notes."""
        base = f"box.{kind}" if self.has(f"box.{kind}") else "box.note"
        return BoxStyle(
            self.color(f"{base}.ink"), self.color(f"{base}.wash"), self.text(f"{base}.label")
        )

    def faces(self) -> dict[str, Path]:
        """The font file of each face, shipped ones by their path below `handbook/fonts`."""
        found = {}
        for key in self._tokens:
            if key.startswith("faces."):
                path = Path(self.text(key))
                if not path.is_absolute():
                    own = Path(self.file).parent / path
                    path = own if own.is_file() else FONTS / path
                if not path.is_file():
                    raise error(
                        f"font file {self.text(key)!r} does not exist",
                        at=self.at(key),
                        hint="its place is told from the theme's folder, or from handbook/fonts",
                        code="file",
                    )
                found[key.removeprefix("faces.")] = path
        return found

    def _style(self, name: str) -> TextStyle:
        prefix = f"text.{name}."
        if not self.has(prefix[:-1]):
            hint = suggest(name, self.text_styles())
            raise error(f"unknown text style {name!r}", at=self.file, hint=hint, code="theme-token")
        base = self.style(self.text(prefix + "like")) if prefix + "like" in self._tokens else None

        def number(key: str) -> float:
            if prefix + key in self._tokens:
                return self.number(prefix + key)
            return float(getattr(base, key)) if base else 0.0

        own = prefix + "face" in self._tokens
        face = self.text(prefix + "face") if own else base.face if base else "regular"
        if prefix + "color" in self._tokens:
            color = self.color(prefix + "color")
        else:
            color = base.color if base else (0.0, 0.0, 0.0)
        align = self.text(prefix + "align") if prefix + "align" in self._tokens else "left"
        size, leading = number("size"), number("leading")
        before, after = number("before"), number("after")
        return TextStyle(face, size, leading, color, before, after, align)

    def _compute(self, key: str, expression: str) -> float:
        filled = _REFERENCE.sub(lambda m: repr(self.number(m.group(1))), expression)
        try:
            return _Arithmetic(filled).value()
        except (ValueError, ZeroDivisionError):
            raise error(
                f"theme token {key!r} is not a length: {expression!r}",
                at=self.at(key),
                hint="write a number with pt, mm, cm or in, or a sum such as $text.body.size * 1.4",
                code="theme-value",
            ) from None


def is_color(value: object) -> bool:
    """Whether a token's value is a colour: six hexadecimal digits."""
    return isinstance(value, str) and bool(_HEX.match(value))


# ---------------------------------------------------------------------- contrast
