"""YAML as data that knows where it stands, so that later messages can name the place to mend."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from .diagnostics import Diagnostic, HandbookError, Source, error


class SourcedStr(str):
    """Words of a YAML file that know where they stand."""

    source: Source

    def __new__(cls, text: str, source: Source) -> SourcedStr:
        """`text`, written at `source`."""
        self = super().__new__(cls, text)
        self.source = source
        return self

    def __getnewargs__(self) -> tuple[str, Source]:  # type: ignore[override]
        """What another process needs to make the same value."""
        return str(self), self.source


class SourcedDict(dict[str, Any]):
    """A mapping of a YAML file that knows where it begins, and where each key stands.

    `columns` has the column of each key, `values_at` the place of each value.
    """

    source: Source
    lines: dict[str, int]

    def __init__(
        self, items: Mapping[str, Any], source: Source, lines: dict[str, int],
        columns: Mapping[str, int] | None = None, values: Mapping[str, Source] | None = None,
    ) -> None:  # fmt: skip
        super().__init__(items)
        self.source = source
        self.lines = lines
        self.columns = columns or {}
        self.values_at = values or {}

    def __reduce__(self) -> tuple[Any, ...]:
        """What another process needs to make the same value."""
        return SourcedDict, (dict(self), self.source, self.lines, self.columns, self.values_at)

    def key_at(self, key: str) -> Source:
        """The place of a key."""
        line = self.lines.get(key, self.source.line)
        return Source(self.source.file, line, self.columns.get(key, 0))

    def value_at(self, key: str) -> Source:
        """The place of a key's value."""
        return self.values_at.get(key) or self.key_at(key)


def read_yaml(path: Path, name: str) -> Any:
    """The data of a YAML file, with `Sourced` words and `Row` mappings."""
    return parse_yaml(read_text(path, name), name)


def parse_yaml(text: str, name: str, line_offset: int = 0) -> Any:
    """The data of YAML `text` that stands in the file `name`, `line_offset` lines down."""
    import yaml

    try:
        loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        node = yaml.compose(text, Loader=loader)
        return _Builder(name, line_offset).build(node) if node is not None else None
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        line = mark.line + 1 + line_offset if mark else 0
        column = mark.column + 1 if mark else 0
        raise error(
            f"malformed YAML: {problem.problem or problem.context}",
            at=Source(name, line, column),
            hint="a value that holds ': ' or begins with a sign needs quotes; indent with spaces",
            code="yaml",
        ) from None
    except yaml.YAMLError as problem:
        words = str(problem).splitlines()[0]
        raise error(
            f"malformed YAML: {words}", at=Source(name, 1 + line_offset), code="yaml"
        ) from None


_INTEGER = re.compile(r"[-+]?(?:0|[1-9]\d*)\Z")


class _Builder:
    """Turns YAML nodes into data with places."""

    def __init__(self, name: str, offset: int) -> None:
        self.name = name
        self.offset = offset
        import yaml

        self._yaml = yaml
        self._plain = yaml.SafeLoader("")
        self._open: set[int] = set()
        self._wrong: list[Diagnostic] = []

    def build(self, node: Any) -> Any:
        """The data of `node`; HandbookError with all that cannot be data."""
        value = self.value(node)
        if self._wrong:
            raise HandbookError(*self._wrong)
        return value

    def value(self, node: Any) -> Any:
        """The data of `node`; what cannot be data is None, and noted."""
        if id(node) in self._open:
            return self._tell(node, "an alias refers to itself", "write the value out")
        self._open.add(id(node))
        try:
            return self._value(node)
        finally:
            self._open.discard(id(node))

    def _value(self, node: Any) -> Any:
        if isinstance(node, self._yaml.MappingNode):
            return self._mapping(node)
        if isinstance(node, self._yaml.SequenceNode):
            return [self.value(item) for item in node.value]
        numeric = node.tag == "tag:yaml.org,2002:int"
        if node.tag == "tag:yaml.org,2002:str" or (numeric and not _INTEGER.match(node.value)):
            # 1:30 and 010 are words here, not YAML 1.1's numbers in base 60 and 8.
            return SourcedStr(node.value, self._place(node))
        try:
            value = self._plain.construct_object(node, deep=True)
            return value.date() if isinstance(value, datetime) else value
        except (self._yaml.YAMLError, ValueError):
            hint = "put it in quotes if it is meant as words"
            return self._tell(node, f"{node.value!r} is not a valid value", hint)

    def _tell(self, node: Any, message: str, hint: str, code: str = "yaml-value") -> None:
        at = self._place(node)
        self._wrong.append(Diagnostic.at(at, message, hint, code))

    def _place(self, node: Any) -> Source:
        mark = node.start_mark
        return Source(self.name, int(mark.line) + 1 + self.offset, int(mark.column) + 1)

    def _mapping(self, node: Any) -> SourcedDict:
        items: dict[str, Any] = {}
        lines: dict[str, int] = {}
        columns: dict[str, int] = {}
        places: dict[str, Source] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if not isinstance(key_node, self._yaml.ScalarNode):
                self._tell(key_node, "a key is a list or a mapping", "write a word, or quote it")
                continue
            if key == "<<":
                self._tell(key_node, "merge keys (<<) are not supported", "write the keys out")
                continue
            if key in items:
                hint = f"the first is on line {lines[key]}"
                self._tell(key_node, f"the key {key!r} is given twice", hint, "yaml-key-twice")
                continue
            at = self._place(key_node)
            items[key] = self.value(value_node)
            lines[key], columns[key] = at.line, at.column
            places[key] = self._place(value_node)
        return SourcedDict(items, self._place(node), lines, columns, places)


def read_text(path: Path, name: str) -> str:
    """The text of a file that messages call `name`; HandbookError if it cannot be read."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as problem:
        line = problem.object[: problem.start].count(b"\n") + 1
        raise error(
            "the file is not UTF-8", at=Source(name, line), hint="save it as UTF-8", code="encoding"
        ) from None
    except OSError as problem:
        raise error(f"cannot be read: {problem.strerror}", at=name, code="file") from None
