"""Design tokens: a theme's YAML file becomes a `Theme` of lengths, colours and text styles.

A theme is data.  Tokens refer to one another (`$colors.ink`), compute lengths
(`$text.body.size * 1.4`, `19mm + 2pt`), and `extends: default` takes everything
that a theme does not say itself from another theme.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from .diagnostics import Diagnostic, HandbookError, error, suggest
from .sourced import read_text
from .units import PAPERS, UNITS
from .units import Color as Color

THEMES = Path(__file__).parent / "themes"
FONTS = Path(__file__).parent / "fonts"


_REFERENCE = re.compile(r"\$([a-z0-9][\w.-]*)")
_QUANTITY = re.compile(r"(\d+(?:\.\d+)?|\.\d+)\s*(pt|mm|cm|in)?")
_TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?|\.\d+)\s*(pt|mm|cm|in)?|([()+*/-]))")
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
                    file=self.file,
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
                    f"theme token {key!r} refers to itself",
                    file=self.file,
                    line=self.line(key),
                    code="theme-value",
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
                file=self.file,
                line=self.line(key),
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
                        f"font file {self.text(key)!r} does not exist", file=self.file,
                        line=self.line(key), code="file",
                        hint="its place is told from the theme's folder, or from handbook/fonts",
                    )  # fmt: skip
                found[key.removeprefix("faces.")] = path
        return found

    def _style(self, name: str) -> TextStyle:
        prefix = f"text.{name}."
        if not self.has(prefix[:-1]):
            hint = suggest(name, self.text_styles())
            raise error(
                f"unknown text style {name!r}", file=self.file, hint=hint, code="theme-token"
            )
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
                file=self.file,
                line=self.line(key),
                hint="write a number with pt, mm, cm or in, or a sum such as $text.body.size * 1.4",
                code="theme-value",
            ) from None


class _Arithmetic:
    """`+ - * / ( )` over numbers with units: all that a token may compute."""

    def __init__(self, text: str) -> None:
        self._tokens: list[float | str] = []
        place = 0
        text = text.strip()
        while place < len(text):
            match = _TOKEN.match(text, place)
            if not match:
                raise ValueError(text)
            place = match.end()
            number, unit, sign = match.groups()
            self._tokens.append(sign if sign else float(number) * UNITS[unit or "pt"])
        self._next = 0

    def value(self) -> float:
        """The value of the whole expression; ValueError if it is not one."""
        result = self._sum()
        if self._next != len(self._tokens):
            raise ValueError("trailing")
        return result

    def _peek(self) -> float | str | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def _sum(self) -> float:
        result = self._product()
        while self._peek() in ("+", "-"):
            sign = self._tokens[self._next]
            self._next += 1
            other = self._product()
            result = result + other if sign == "+" else result - other
        return result

    def _product(self) -> float:
        result = self._atom()
        while self._peek() in ("*", "/"):
            sign = self._tokens[self._next]
            self._next += 1
            other = self._atom()
            result = result * other if sign == "*" else result / other
        return result

    def _atom(self) -> float:
        token = self._peek()
        self._next += 1
        if token == "-":
            return -self._atom()
        if token == "(":
            result = self._sum()
            if self._peek() != ")":
                raise ValueError("parenthesis")
            self._next += 1
            return result
        if isinstance(token, float):
            return token
        raise ValueError(token)


def is_color(value: object) -> bool:
    """Whether a token's value is a colour: six hexadecimal digits."""
    return isinstance(value, str) and bool(_HEX.match(value))


def shipped_themes() -> list[str]:
    """The names of the themes that come with the program."""
    return sorted(path.stem for path in THEMES.glob("*.yaml"))


@lru_cache(maxsize=8)
def load_theme(name: str = "default") -> Theme:
    """The theme `name`: a shipped one, or a path to a YAML file.

    Raises HandbookError if there is no such theme, or if its file is malformed.
    """
    path = Path(name) if name.endswith((".yaml", ".yml")) else THEMES / f"{name}.yaml"
    if not path.is_file():
        what = "there is no theme file" if path == Path(name) else "unknown theme"
        raise error(f"{what} {name!r}", hint=suggest(name, shipped_themes()), code="unknown-theme")
    tokens = _read(path)
    parent = tokens.pop("extends", None)
    base = None
    if parent is not None:
        own = path.parent / str(parent)
        if own.is_file() and own.resolve() == path.resolve():
            line = Theme(path.stem, {}, str(path)).line("extends")
            raise error(
                f"the theme {path.name!r} extends itself", file=str(path), line=line,
                hint="write extends: default", code="unknown-theme",
            )  # fmt: skip
        base = load_theme(str(own) if own.is_file() else str(parent))
        _check_known(Theme(path.stem, tokens, str(path)), base)
        tokens = {**base._tokens, **tokens}
    made = Theme(str(tokens.get("name", path.stem)), tokens, str(path), base)
    if made.number("grid") <= 0:
        raise error(
            "the grid must be more than 0", file=str(path), line=made.line("grid"),
            hint="half a line of running text, as in 7", code="theme-value",
        )  # fmt: skip
    return made


# What a theme may add of its own: another colour, face, text style or kind of box.
OPEN = {
    "colors": frozenset({""}),
    "faces": frozenset({""}),
    "text": frozenset({"like", "face", "size", "leading", "color", "before", "after", "align"}),
    "box": frozenset({"ink", "wash", "label"}),
}


def _check_known(theme: Theme, base: Theme) -> None:
    """Raise HandbookError for tokens that nothing would ever ask for: slips of the keyboard."""
    known = set(base.keys())
    values = [str(theme._tokens[key]) for key in theme.keys()]  # noqa: SIM118
    used = {name for value in values for name in _REFERENCE.findall(value)}
    wrong: list[Diagnostic] = []
    for key in theme.keys():  # noqa: SIM118
        group, _, rest = key.partition(".")
        leaf = rest.partition(".")[2] if group in ("text", "box") else ""
        of_paper = group == "page" and rest.partition(".")[0] in PAPERS
        if rest and not any(name.startswith(f"{group}.") for name in known):
            # A group of the theme's own, for its arithmetic, if anything uses it.
            if any(name.startswith(f"{group}.") for name in used):
                continue
            hint = suggest(group, {name.partition(".")[0] for name in known if "." in name})
            wrong.append(Diagnostic(theme.file, theme.line(key), 0, f"unknown group {group!r}",
                                    hint, "theme-token"))  # fmt: skip
            continue
        if of_paper and f"page.{rest.partition('.')[2]}" in known:
            continue
        if key not in known | used and leaf not in OPEN.get(group, ()):
            near = {k for k in known if k.rpartition(".")[0] == key.rpartition(".")[0]}
            message = f"unknown token {key!r}"
            hint = suggest(key, near or known)
            wrong.append(Diagnostic(theme.file, theme.line(key), 0, message, hint, "theme-token"))
    if wrong:
        raise HandbookError(*wrong)


# The tokens of themes' files by a digest of their text.
_TOKENS: dict[bytes, dict[str, Any]] = {}


def give_read() -> dict[bytes, dict[str, Any]]:
    """The files of themes as they were read, for `take_read` of another process."""
    return _TOKENS


def take_read(tokens: Mapping[bytes, dict[str, Any]]) -> None:
    """Know what is in files of this text."""
    _TOKENS.update(tokens)


def _read(path: Path) -> dict[str, Any]:
    text = read_text(path, str(path))
    digest = sha256(text.encode("utf-8", "surrogatepass")).digest()
    if digest not in _TOKENS:
        _TOKENS[digest] = _parsed(path, text)
    return dict(_TOKENS[digest])


def _parsed(path: Path, text: str) -> dict[str, Any]:
    # Colours are spoken of where no theme is read.
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        data = yaml.load(text, Loader=loader)
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        raise error(
            f"malformed YAML: {problem.problem}",
            file=str(path),
            line=line,
            column=column,
            code="yaml",
        ) from None
    if not isinstance(data, dict):
        raise error("a theme is a mapping of tokens", file=str(path), line=1, code="type")
    return dict(_flatten(data, ""))


def _flatten(data: Mapping[str, Any], prefix: str) -> list[tuple[str, Any]]:
    pairs: list[tuple[str, Any]] = []
    for key, value in data.items():
        if isinstance(value, dict):
            pairs += _flatten(value, f"{prefix}{key}.")
        else:
            pairs.append((f"{prefix}{key}", value))
    return pairs


# ---------------------------------------------------------------------- contrast

AA = 4.5
AA_LARGE = 3.0


def luminance(color: Color) -> float:
    """How light a colour is, from 0 to 1 (WCAG 2.2, relative luminance)."""
    parts = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in color]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: Color, other: Color) -> float:
    """The contrast of two colours, from 1 to 21 (WCAG 2.2, 1.4.3)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def text_pairs(theme: Theme) -> list[tuple[str, Color, Color, float]]:
    """Each colour of text with what it stands on and its size: (token, ink, ground, points)."""
    paper = theme.color("colors.paper")
    field = theme.color("cover.field")
    on_field = ("cover-kicker", "cover-title", "cover-subtitle")
    pairs: list[tuple[str, Color, Color, float]] = []
    for name in theme.text_styles():
        style = theme.style(name)
        ground = field if name in on_field else paper
        if name == "table-head":
            ground = theme.color("table.head")
        pairs.append((f"text.{name}.color", style.color, ground, style.size))
    size = theme.style("body").size
    pairs.append(("inline.link.color", theme.color("inline.link.color"), paper, size))
    pairs.append(("inline.mark.color", theme.color("inline.mark.color"), paper, size))
    ink = theme.style("box").color
    for kind in sorted({k.split(".")[1] for k in theme.keys() if k.endswith(".wash")}):  # noqa: SIM118
        if theme.has(f"box.{kind}.ink"):
            look = theme.box(kind)
            pairs.append((f"box.{kind}.ink", look.ink, look.wash, 9.0))
            pairs.append((f"box.{kind}.wash", ink, look.wash, 9.0))
    tokens = theme.keys()
    for key in sorted(k for k in tokens if k.startswith("code.") and k.endswith(".color")):
        pairs.append((key, theme.color(key), theme.color("code.wash"), 8.5))
    for key in ("table.chosen", "table.retired"):
        pairs.append((key, theme.style("table").color, theme.color(key), 9.0))
    return pairs


def contrast_advice(theme: Theme) -> list[Diagnostic]:
    """A warning for each pair of colours below WCAG's level AA."""
    found: list[Diagnostic] = []
    for token, ink, ground, size in text_pairs(theme):
        ratio = contrast(ink, ground)
        wanted = AA_LARGE if size >= 18 else AA
        if ratio < wanted:
            found.append(
                Diagnostic(
                    theme.file,
                    theme.line(token),
                    0,
                    f"{token} has a contrast of {ratio:.1f} to what it stands on; "
                    f"WCAG AA asks for {wanted:g}",
                    "make the text darker or its ground lighter",
                    "contrast",
                    "warning",
                )
            )
    return found
