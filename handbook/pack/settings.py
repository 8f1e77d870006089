"""Read the defaults of options: from the pack, the user's file, the environment.

Each later one wins over those before it, and an option on the command line over all.  Only this
module and the commands know of user files and the environment: they choose, and what was
chosen continues as a plain value, so the same choice gives the same bytes.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ..core.diagnostics import HandbookError, Source, error
from ..core.files import ALLOW_READ, CONFIG, is_file, outside, xdg_folder
from ..core.limits import ENVIRONMENT
from ..core.values import frozen
from ..core.yaml_source import SourcedDict, parse_yaml, read_text, read_yaml
from .schema import SETTINGS, USER_SETTINGS
from .validation import validate

FILE = "settings.yaml"
PREFIX = "HANDBOOK_"
# Names the user's file, or with "none" says that there is none.
FILE_ENV = "HANDBOOK_USER_SETTINGS"
KEYS: tuple[str, ...] = tuple(SETTINGS["properties"])
# Settings that may be files, relative to the file with the setting.
_FILES = ("theme", "brand")
_NAME = re.compile(r"[\w-]+")


@frozen
class ResolvedSetting:
    """A value, and where it came from: `handbook.yaml:4`, `HANDBOOK_PAPER`."""

    value: Any
    origin: str


def user_file(environment: Mapping[str, str]) -> Path | None:
    """Return the user's settings file, whether it is there or not; None where none is to be read.

    It is not read where CI is set, as it is by code hosts: what they build should not depend on
    the machine.  HANDBOOK_USER_SETTINGS names another file, or `none`.
    """
    named = environment.get(FILE_ENV, "")
    if named:
        return None if named == "none" else Path(named)
    if environment.get("CI", "").lower() in ("1", "true", "yes"):
        return None
    config_folder = xdg_folder("XDG_CONFIG_HOME", environment)
    return (config_folder or Path.home() / ".config" / "handbook") / FILE


def merged(
    folder: Path, environment: Mapping[str, str] | None = None
) -> dict[str, ResolvedSetting]:
    """Return every setting that is made for the pack in `folder`, each with its origin.

    Raises:
        HandbookError: For a user file or a variable that says what cannot be.
    """
    env = os.environ if environment is None else environment
    return {**pack_settings(folder), **user_settings(user_file(env)), **from_environment(env)}


def pack_settings(folder: Path) -> dict[str, ResolvedSetting]:
    """Return the `settings:` of handbook.yaml; errors in that file are reported by loading
    it.
    """
    path = folder / CONFIG
    try:
        text = read_text(path, str(path), "yaml_bytes")
        data = parse_yaml(text, str(path)) if "settings:" in text else None
    except HandbookError:
        return {}
    row = data.get("settings") if isinstance(data, SourcedDict) else None
    if not isinstance(row, SourcedDict) or validate(row, SETTINGS, row.source):
        return {}
    for key in _FILES:
        _check_inside(row, key, folder)
    return dict(_settings(row, folder))


def _check_inside(row: SourcedDict, key: str, folder: Path) -> None:
    """Raise HandbookError for a file that a pack names, but may not read."""
    value = row.get(key)
    if value is None or _NAME.fullmatch(str(value)):
        return
    if reason := outside(folder / str(value), (folder,)):
        raise error(
            f"the {key} {str(value)!r} {reason}",
            at=row.value_at(key),
            hint=f"move it into the pack, or name it yourself with --{key}",
            code="outside",
        )


def user_settings(path: Path | None) -> dict[str, ResolvedSetting]:
    """Return the settings of a user's file."""
    if path is None or not path.is_file():
        return {}
    data = read_yaml(path, str(path))
    if data is None:
        return {}
    wrong = validate(
        data, USER_SETTINGS, getattr(data, "source", Source(str(path), 1)), what="the settings"
    )
    if wrong:
        raise HandbookError(*wrong)
    return dict(_settings(data, path.parent))


def user_grants(path: Path | None) -> dict[str, str]:
    """Return what a user's file allows, as variables of the environment that workers share."""
    if path is None or not is_file(path):
        return {}
    data = read_yaml(path, str(path))
    if not isinstance(data, SourcedDict):
        return {}
    # Values of another kind are reported where the settings are read.
    allowed, limits = data.get("allow-read"), data.get("limits")
    names = allowed if isinstance(allowed, list) else ()
    folders = [str((path.parent / str(name)).absolute()) for name in names]
    numbers = limits.items() if isinstance(limits, dict) else ()
    larger = [f"{name}={number}" for name, number in numbers]
    granted = {ALLOW_READ: os.pathsep.join(folders), ENVIRONMENT: ",".join(larger)}
    return {name: words for name, words in granted.items() if words}


def from_environment(environment: Mapping[str, str]) -> dict[str, ResolvedSetting]:
    """Return HANDBOOK_PAPER and so on; an empty variable counts as unset."""
    settings: dict[str, ResolvedSetting] = {}
    for key in KEYS:
        name = PREFIX + key.upper().replace("-", "_")
        words = environment.get(name, "")
        if not words:
            continue
        schema = SETTINGS["properties"][key]
        value = _value(words, schema["type"], name)
        wrong = validate(value, schema, Source(name), key)
        if wrong:
            raise HandbookError(*wrong)
        settings[key] = ResolvedSetting(value, name)
    return settings


def _settings(row: SourcedDict, folder: Path) -> Iterator[tuple[str, ResolvedSetting]]:
    for key in KEYS:
        value = row.get(key)
        if value is None:
            continue
        at = row.key_at(key)
        if key in _FILES and is_file(folder / str(value)):
            value = str(folder / str(value))
        plain = str(value) if isinstance(value, str) else value
        yield key, ResolvedSetting(plain, f"{at.file}:{at.line}")


_TRUE, _FALSE = ("1", "true", "yes", "on"), ("0", "false", "no", "off")


def _value(words: str, kind: str, name: str) -> Any:
    """Return the words of a variable as what the setting is."""
    if kind == "boolean":
        if words.lower() not in _TRUE + _FALSE:
            raise error(
                f"{words!r} is neither true nor false", at=name, hint="write 1 or 0", code="value"
            )
        return words.lower() in _TRUE
    if kind in ("number", "integer"):
        try:
            return float(words) if kind == "number" else int(words)
        except ValueError:
            raise error(f"{words!r} is not a number", at=name, code="value") from None
    return words
