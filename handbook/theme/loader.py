"""Load themes from YAML files, each over the one it extends."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from handbook.core.resources import THEMES

from ..core.diagnostics import Diagnostic, HandbookError, Source, error, suggest
from ..core.units import PAPERS
from ..core.yaml_source import read_text
from .theme import _REFERENCE, Theme


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
                f"the theme {path.name!r} extends itself",
                at=Source(str(path), line),
                hint="write extends: default",
                code="unknown-theme",
            )
        base = load_theme(str(own) if own.is_file() else str(parent))
        _check_known(Theme(path.stem, tokens, str(path)), base)
        tokens = {**base._tokens, **tokens}
    made = Theme(str(tokens.get("name", path.stem)), tokens, str(path), base)
    if made.number("grid") <= 0:
        raise error(
            "the grid must be more than 0",
            at=made.at("grid"),
            hint="half a line of running text, as in 7",
            code="theme-value",
        )
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
            wrong.append(
                Diagnostic.at(theme.at(key), f"unknown group {group!r}", hint, "theme-token")
            )
            continue
        if of_paper and f"page.{rest.partition('.')[2]}" in known:
            continue
        if key not in known | used and leaf not in OPEN.get(group, ()):
            near = {k for k in known if k.rpartition(".")[0] == key.rpartition(".")[0]}
            message = f"unknown token {key!r}"
            hint = suggest(key, near or known)
            wrong.append(Diagnostic.at(theme.at(key), message, hint, "theme-token"))
    if wrong:
        raise HandbookError(*wrong)


# The tokens of themes' files by a digest of their text.
_TOKENS: dict[bytes, dict[str, Any]] = {}


def export_cache() -> dict[bytes, dict[str, Any]]:
    """The files of themes as they were read, for `take_read` of another process."""
    return _TOKENS


def import_cache(tokens: Mapping[bytes, dict[str, Any]]) -> None:
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
            f"malformed YAML: {problem.problem}", at=Source(str(path), line, column), code="yaml"
        ) from None
    if not isinstance(data, dict):
        raise error("a theme is a mapping of tokens", at=Source(str(path), 1), code="type")
    return dict(_flatten(data, ""))


def _flatten(data: Mapping[str, Any], prefix: str) -> list[tuple[str, Any]]:
    pairs: list[tuple[str, Any]] = []
    for key, value in data.items():
        if isinstance(value, dict):
            pairs += _flatten(value, f"{prefix}{key}.")
        else:
            pairs.append((f"{prefix}{key}", value))
    return pairs
