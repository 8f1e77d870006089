"""Read the files of a folder, and nothing outside it: symbolic links are resolved first."""

from __future__ import annotations

import codecs
import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from ...core.diagnostics import Source, error
from ...core.files import read_bytes
from ...core.yaml_source import read_text
from .notebooks import NOTEBOOK, Notebook, read_notebook

SKIPPED = frozenset({"node_modules", "__pycache__", "site-packages", "_build", "_site", "venv"})
MOST_BYTES = 20_000_000
MOST_FILES = 100_000
MOST_VALUES = 200_000
# A pattern of file names has no more; each one more multiplies the work.
_MOST_STARS = 8
_FRONT = re.compile(
    r"\ufeff?---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)
_TOML_FRONT = re.compile(
    r"\ufeff?\+\+\+[ \t]*\n(.*?)^\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)


# What PyYAML raises for a text that is malformed, nested too deeply, or not what its tags say.
_MALFORMED = (
    yaml.YAMLError, ValueError, TypeError, AttributeError, LookupError, RecursionError,
)  # fmt: skip


class Sources:
    """The files below one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.recoded: list[str] = []
        self._notebooks: dict[Path, Notebook | None] = {}

    def file(self, path: Path) -> Path | None:
        """Return the real path of a regular file inside the folder, or None."""
        try:
            real = path.resolve()
            if real.is_relative_to(self.root) and real.is_file():
                return real if real.stat().st_size <= MOST_BYTES else None
        except (OSError, RuntimeError, ValueError):
            pass
        return None

    def folder(self, path: Path) -> Path | None:
        """Return the real path of a folder inside the folder, or None."""
        try:
            real = path.resolve()
            return real if real.is_relative_to(self.root) and real.is_dir() else None
        except (OSError, RuntimeError, ValueError):
            return None

    def relative(self, path: Path) -> str:
        """Return a path as messages name it."""
        return Path(os.path.relpath(path, self.root)).as_posix()

    def walk(self, folder: Path, hidden: bool = False) -> Iterator[Path]:
        """Yield every file below a folder by name, without links and what tools made."""
        waiting, count = [folder], 0
        while waiting:
            inside = sorted(waiting.pop().iterdir(), reverse=True)
            waiting += [path for path in inside if _is_wanted(path, hidden) and path.is_dir()]
            for path in reversed(inside):
                if _is_wanted(path, hidden) and path.is_file():
                    count += 1
                    if count > MOST_FILES:
                        raise error(
                            f"the folder has more than {MOST_FILES:,} files",
                            at=folder,
                            hint="name the folder that has the Markdown",
                        )
                    yield path

    def matching(self, pattern: str, base: Path | None = None) -> list[Path]:
        """Return the files whose path from `base` (else the root) matches a pattern, in order."""
        if pattern.count("*") > _MOST_STARS:
            return []
        parts = re.split(r"(\*\*/|\*|\?)", pattern.removeprefix("./"))
        meant = {"**/": "(?:[^/]+/)*", "*": "[^/]*", "?": "[^/]"}
        wanted = re.compile("".join(meant.get(part) or re.escape(part) for part in parts))
        folder = base or self.root
        return sorted(
            path
            for path in self.walk(folder)
            if wanted.fullmatch(path.relative_to(folder).as_posix())
        )

    def text(self, path: Path) -> str:
        """Return the text of a file, a notebook's as Markdown.

        One that is neither UTF-8 nor marked as UTF-16 is read as Windows-1252.
        """
        if path.suffix.casefold() == NOTEBOOK and (notebook := self.notebook(path)):
            return notebook.text
        return self._decoded(path)

    def notebook(self, path: Path) -> Notebook | None:
        """Return a notebook, or None for another file and for one that cannot be read."""
        if path.suffix.casefold() != NOTEBOOK:
            return None
        if path not in self._notebooks:
            self._notebooks[path] = read_notebook(self._decoded(path), path.stem)
        return self._notebooks[path]

    def _decoded(self, path: Path) -> str:
        data = read_bytes(path)
        marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        try:
            text = data.decode("utf-16" if marked else "utf-8-sig")
        except UnicodeDecodeError:
            name = self.relative(path)
            if name not in self.recoded:
                self.recoded.append(name)
            text = data.decode("cp1252", "replace")
        return text.replace("\r\n", "\n").replace("\r", "\n")


def _is_wanted(path: Path, hidden: bool) -> bool:
    name = path.name
    return (hidden or not name.startswith(".")) and name not in SKIPPED and not path.is_symlink()


class _Loader(yaml.SafeLoader):
    """Leaves out objects of other tools, and refuses aliases that multiply."""

    def get_single_node(self) -> Any:
        """Return the tree of the text.  Raises YAMLError if it represents too many values."""
        node = super().get_single_node()
        if node is not None and _values(node, {}) > MOST_VALUES:
            raise yaml.YAMLError("there are too many values")
        return node


def _values(node: Any, known: dict[int, int]) -> int:
    """Return how many values a node represents, those of aliases counted each time."""
    if isinstance(node, yaml.ScalarNode):
        return 1
    if id(node) not in known:
        known[id(node)] = 0
        below = (
            [part for pair in node.value for part in pair]
            if isinstance(node, yaml.MappingNode)
            else node.value
        )
        known[id(node)] = 1 + sum(_values(one, known) for one in below)
    elif not known[id(node)]:
        raise yaml.YAMLError("an alias refers to itself")
    return known[id(node)]


for _tags in ("tag:yaml.org,2002:python/", "!"):
    _Loader.add_multi_constructor(_tags, lambda loader, suffix, node: None)


def read_mapping(path: Path) -> dict[str, Any]:
    """Return the mapping in a YAML, TOML or JSON file.

    Raises HandbookError if the file is malformed, or has no mapping.
    """
    text = read_text(path, str(path))
    data: Any = None
    problem = ""
    line = 0
    try:
        if path.suffix == ".toml":
            data = _toml().loads(text)
        elif path.suffix == ".json":
            data = json.loads(text) if text.strip() else {}
        else:
            data = yaml.load(text, _Loader) or {}
    except yaml.YAMLError as exception:
        mark = getattr(exception, "problem_mark", None)
        problem, line = str(getattr(exception, "problem", exception)), mark.line + 1 if mark else 0
    except (json.JSONDecodeError, _toml().TOMLDecodeError) as exception:
        problem = str(exception).split("\n")[0]
    except _MALFORMED:
        problem = "a value is not what its tag says, or the values are nested too deeply"
    if problem:
        raise error(f"{path.name} cannot be read: {problem}", at=Source(str(path), line))
    if not isinstance(data, dict):
        raise error(f"{path.name} is not a mapping of keys", at=Source(str(path), 1))
    return data


def read_yaml_value(text: str) -> Any:
    """Return the value of a text of YAML, or None if it is malformed."""
    try:
        return yaml.load(text, _Loader)
    except _MALFORMED:
        return None


def _toml() -> Any:
    if sys.version_info >= (3, 11):
        import tomllib as toml
    else:
        import tomli as toml
    return toml


def front_matter(text: str) -> tuple[dict[str, Any], int]:
    """Return the front matter of a page, and where its text begins; empty if it is malformed."""
    for pattern in (_FRONT, _TOML_FRONT):
        match = pattern.match(text)
        if match:
            try:
                data = (
                    yaml.load(match[1], _Loader) if pattern is _FRONT else _toml().loads(match[1])
                )
            except _MALFORMED:
                # Titles with a colon in them are the usual mistake.
                data = _front_lines(match[1])
            if isinstance(data, dict):
                return {str(key): value for key, value in data.items()}, match.end()
            return {}, 0 if data is not None else match.end()
    return {}, 0


def _front_lines(text: str) -> dict[str, str] | None:
    pairs = re.findall(r"^([\w-]+):[ \t]+(.+)$", text, re.MULTILINE)
    return {key: value.strip().strip("\"'") for key, value in pairs} or None


def table(value: Any) -> dict[str, Any]:
    """Return a value if it is a mapping, otherwise an empty one."""
    return value if isinstance(value, dict) else {}


def words(value: Any) -> str:
    """Return a value that is text or a number as text; other values are empty."""
    if isinstance(value, (list, tuple)):
        return ", ".join(filter(None, map(words, value)))
    return " ".join(str(value).split()) if isinstance(value, (str, int, float)) else ""
