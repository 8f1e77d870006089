"""Load themes from YAML files, each over the one it extends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias

from ..core.diagnostics import Diagnostic, HandbookError, Source, error, suggest
from ..core.files import is_file, outside, owning_folder
from ..core.resources import THEMES
from ..core.units import PAPERS
from ..core.yaml_source import SourcedDict, parse_yaml, read_text
from .theme import _REFERENCE, Theme, check_values

# What other programs call the group of fonts.
_FACES = frozenset({"face", "font", "fonts", "typeface", "typefaces", "typography"})


def shipped_themes() -> list[str]:
    """Return the names of the themes that come with the program."""
    return sorted(path.stem for path in THEMES.glob("*.yaml"))


def theme_starter(extends: str, name: str) -> bytes:
    """Return the file of a theme that extends a shipped one: each of its tokens, as a comment.

    Raises:
        HandbookError: If there is no such theme.
    """
    if extends not in shipped_themes():
        hint = suggest(extends, shipped_themes())
        raise error(f"unknown theme {extends!r}", hint=hint, code="unknown-theme")
    lines = (THEMES / f"{extends}.yaml").read_text(encoding="utf-8").splitlines()
    body = "\n".join(f"# {line}".rstrip() for line in lines)
    head = (
        f"# A theme that begins as {extends!r}. Take away the # before a line, and before the line "
        f"of its group,\n# and change the value; docs/themes.md says what each token does.\n\n"
        f"name: {name}\nextends: {extends}\n\n"
    )
    return (head + body + "\n").encode()


@lru_cache(maxsize=8)
def load_theme(name: str = "default") -> Theme:
    """Return the theme `name`: a shipped one, or a path to a YAML file.

    Raises:
        HandbookError: If there is no such theme, or if its file is malformed.
    """
    path = Path(name) if name.endswith((".yaml", ".yml")) else THEMES / f"{name}.yaml"
    if not is_file(path):
        what = "there is no theme file" if path == Path(name) else "unknown theme"
        raise error(f"{what} {name!r}", hint=suggest(name, shipped_themes()), code="unknown-theme")
    return _load(path, ())


def _load(path: Path, extending: tuple[Path, ...]) -> Theme:
    """Return the theme in a file, which those in `extending` extend."""
    tokens, places = _read(path)
    file_theme = Theme(path.stem, tokens, str(path), places=places)
    parent = tokens.pop("extends", None)
    if path.resolve() in extending:
        raise error(
            f"the theme {path.name!r} extends itself",
            at=file_theme.at("extends"),
            hint="write extends: default",
            code="unknown-theme",
        )
    base = None
    if parent is None and not path.is_relative_to(THEMES):
        _check_known(file_theme, load_theme())
    if parent is not None:
        base = _base(file_theme, str(parent), (*extending, path.resolve()))
        file_theme = Theme(path.stem, tokens, str(path), places=places)
        _check_known(file_theme, base)
        if not extending and not path.is_relative_to(THEMES):
            # What a theme that others extend adds may be for them.
            _check_used(file_theme, base)
        tokens = {**base.tokens, **tokens}
    theme = Theme(str(tokens.get("name", path.stem)), tokens, str(path), base, places)
    if not path.is_relative_to(THEMES):
        check_values(theme, load_theme())
    return theme


def _base(theme: Theme, parent: str, extending: tuple[Path, ...]) -> Theme:
    """Return the theme that `theme` extends: a file named from its folder, or a shipped one."""
    path = Path(theme.file).parent / parent
    if not is_file(path):
        if parent not in shipped_themes():
            raise error(
                f"unknown theme {parent!r}",
                at=theme.at("extends"),
                hint=suggest(parent, shipped_themes()),
                code="unknown-theme",
            )
        return load_theme(parent)
    if reason := outside(path, (owning_folder(Path(theme.file)),)):
        raise error(
            f"the theme {parent!r} {reason}",
            at=theme.at("extends"),
            hint="move it next to this one",
            code="outside",
        )
    return _load(path, extending)


# What a theme may add: another colour, face, text style or kind of box.
OPEN = {
    "colors": frozenset({""}),
    "faces": frozenset({""}),
    "text": frozenset({"like", "face", "size", "leading", "color", "before", "after", "align"}),
    "box": frozenset({"ink", "wash", "label", "form"}),
    "area": frozenset({""}),
}


def _check_known(theme: Theme, base: Theme) -> None:
    """Raise HandbookError for tokens that nothing would ever ask for: slips of the keyboard."""
    known = set(base.keys())
    values = [str(theme.tokens[key]) for key in theme.keys()]  # noqa: SIM118
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
            if group in _FACES:
                hint = "fonts are in the group 'faces'"
            wrong.append(
                Diagnostic.at(theme.at(key), f"unknown group {group!r}", hint, "theme-token")
            )
            continue
        if of_paper and f"page.{rest.partition('.')[2]}" in known:
            continue
        if key not in known | used and leaf not in OPEN.get(group, ()):
            near = {k for k in known if k.rpartition(".")[0] == key.rpartition(".")[0]}
            message = f"unknown token {key!r}"
            if any(name.startswith(f"{key}.") for name in known):
                message = f"{key!r} of the theme must be a mapping"
                near = {k for k in known if k.startswith(f"{key}.")}
            elif not rest:
                # Written outside of its group, or a group misspelt.
                near |= {k for k in known if k.rpartition(".")[2] == key}
                near |= {k.partition(".")[0] for k in known}
            hint = suggest(key, near or known)
            wrong.append(Diagnostic.at(theme.at(key), message, hint, "theme-token"))
    if wrong:
        raise HandbookError(*wrong)


def _check_used(theme: Theme, base: Theme) -> None:
    """Raise HandbookError for colours, faces and areas that a theme adds and nothing asks for."""
    added = [key for key in theme.tokens if key not in base.tokens]
    used = {name for value in theme.tokens.values() for name in _REFERENCE.findall(str(value))}
    used |= {f"faces.{value}" for key, value in theme.tokens.items() if key.endswith(".face")}
    areas = Theme("", {**base.tokens, **theme.tokens}, theme.file).area_colors()
    wrong: list[Diagnostic] = []
    for key in added:
        group, _, name = key.partition(".")
        if key in used or key in areas or group not in ("colors", "faces", "area"):
            continue
        if group == "area":
            message = f"unknown token {key!r}"
            hint = f"colours of areas are numbered; the next is {len(areas) + 1}"
        else:
            known = {one.partition(".")[2] for one in base.tokens if one.startswith(f"{group}.")}
            message = f"no token of the theme uses {key!r}"
            value = f"${key}" if group == "colors" else f"face: {name}"
            hint = f"write {value} where it is to be used, or change one of the theme's; "
            hint += suggest(name, known)
        wrong.append(Diagnostic.at(theme.at(key), message, hint, "theme-token"))
    if wrong:
        raise HandbookError(*wrong)


# Values by their dotted keys, and the line and column of each key and group.
Tokens: TypeAlias = "tuple[dict[str, Any], dict[str, tuple[int, int]]]"


class _KnownTokens:
    """The tokens of themes' files by a digest of their text."""

    def __init__(self) -> None:
        self.files: dict[bytes, Tokens] = {}
        self.loaded = 0

    def export(self) -> dict[bytes, Tokens]:
        """Return all files of themes as they were read."""
        return self.files

    def load(self, value: Mapping[bytes, Tokens]) -> None:
        """Know what another process read."""
        self.files.update(value)
        self.loaded = len(self.files)

    def is_changed(self) -> bool:
        """Return whether a file was read since `load`."""
        return len(self.files) > self.loaded


TOKENS = _KnownTokens()


def _read(path: Path) -> Tokens:
    text = read_text(path, str(path), "yaml_bytes")
    digest = sha256(text.encode("utf-8", "surrogatepass")).digest()
    if digest not in TOKENS.files:
        TOKENS.files[digest] = _parsed(path, text)
    tokens, places = TOKENS.files[digest]
    return dict(tokens), places


def _parsed(path: Path, text: str) -> Tokens:
    data = parse_yaml(text, str(path))
    if not isinstance(data, SourcedDict):
        raise error(
            "a theme is a mapping of tokens",
            at=Source(str(path), 1),
            hint="begin with extends: default; `handbook theme new FILE` writes one",
            code="type",
        )
    return dict(_flatten(data, "")), dict(_places(data, ""))


def _flatten(data: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for key, value in data.items():
        if isinstance(value, dict):
            yield from _flatten(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", str(value) if isinstance(value, str) else value


def _places(data: SourcedDict, prefix: str) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield the line and column of each token, and of each group."""
    for key, value in data.items():
        at = data.key_at(key)
        yield f"{prefix}{key}", (at.line, at.column)
        if isinstance(value, SourcedDict):
            yield from _places(value, f"{prefix}{key}.")
