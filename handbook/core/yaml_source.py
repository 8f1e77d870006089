"""Read YAML as data that knows its file and line, so that later messages can name the place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from .diagnostics import Diagnostic, HandbookError, Place, Source, error
from .files import read_bytes
from .limits import limits, over_limit


class SourcedStr(str):
    """Words of a YAML file that know their place."""

    source: Source

    def __new__(cls, text: str, source: Source) -> SourcedStr:
        """Return `text`, written at `source`."""
        self = super().__new__(cls, text)
        self.source = source
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what another process needs to make the same value."""
        return SourcedStr, (str(self), self.source)


class WrittenFloat(float):
    """A number that is printed as it was written: 1.10, 4.80."""

    written: str

    def __new__(cls, written: str) -> WrittenFloat:
        """Return the number that `written` spells."""
        self = super().__new__(cls, written)
        self.written = written
        return self

    def __str__(self) -> str:
        """Return the number as it was written."""
        return self.written

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what another process needs to make the same value."""
        return WrittenFloat, (self.written,)


class SourcedDict(dict[str, Any]):
    """A mapping of a YAML file that knows its place, and the place of each key.

    `columns` has the column of each key, `values_at` the place of each value.
    """

    source: Source
    lines: dict[str, int]

    def __init__(
        self,
        items: Mapping[str, Any],
        source: Source,
        lines: dict[str, int],
        columns: Mapping[str, int] | None = None,
        values: Mapping[str, Source] | None = None,
    ) -> None:
        super().__init__(items)
        self.source = source
        self.lines = lines
        self.columns = columns or {}
        self.values_at = values or {}

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what another process needs to make the same value."""
        return SourcedDict, (dict(self), self.source, self.lines, self.columns, self.values_at)

    def key_at(self, key: str) -> Source:
        """Return the place of a key."""
        line = self.lines.get(key, self.source.line)
        return Source(self.source.file, line, self.columns.get(key, 0))

    def value_at(self, key: str) -> Source:
        """Return the place of a key's value."""
        return self.values_at.get(key) or self.key_at(key)


def without_nulls(row: SourcedDict) -> SourcedDict:
    """Return a mapping without the keys that have no value, in the mappings in it, too."""
    kept = {
        key: without_nulls(value) if isinstance(value, SourcedDict) else value
        for key, value in row.items()
        if value is not None
    }
    return SourcedDict(kept, row.source, row.lines, row.columns, row.values_at)


def read_yaml(path: Path, name: str, lenient: bool = False) -> Any:
    """Return the data of a YAML file, with `SourcedStr` words and `SourcedDict` mappings."""
    return parse_yaml(read_text(path, name, "yaml_bytes"), name, lenient=lenient)


def parse_yaml(text: str, name: str, line_offset: int = 0, lenient: bool = False) -> Any:
    """Return the data of YAML `text`, found in the file `name`, `line_offset` lines down.

    In a `lenient` file, values of unknown tags are None, as they mean something to another tool.

    Raises:
        HandbookError: for text that is not YAML, and for more of it than the limits allow.
    """
    import yaml

    try:
        loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        if _may_be_deep(text):
            _check_depth(yaml.parse(text, Loader=loader), name, line_offset)
        node = yaml.compose(text, Loader=loader)
        return _Builder(name, line_offset, lenient).build(node) if node is not None else None
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        place = Source(name, mark.line + 1 + line_offset, mark.column + 1) if mark else name
        raise error(
            f"malformed YAML: {problem.problem or problem.context}",
            at=place,
            hint="a value with ': ' in it, or with a special first character, needs quotes; "
            "indent with spaces",
            code="yaml",
        ) from None
    except (yaml.YAMLError, ValueError) as problem:
        words = (str(problem).splitlines() or ["it cannot be read"])[0]
        raise error(
            f"malformed YAML: {words}", at=Source(name, 1 + line_offset), code="yaml"
        ) from None


# Characters that no text can have: controls, halves of surrogate pairs, what XML forbids.
UNPRINTABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def unprintable(character: str, at: Place) -> HandbookError:
    """Return the error for a character that no text can have."""
    return error(
        f"the character U+{ord(character):04X} cannot be printed",
        at=at,
        hint="take it out; it is often a leftover of copying",
        code="character",
    )


_INTEGER = re.compile(r"[-+]?(?:0|[1-9]\d{0,4000})\Z")
_DECIMAL = re.compile(r"[-+]?\d{1,99}\.\d{0,99}\Z")
_OPENERS = re.compile(r"^[ \t?:-]+", re.MULTILINE)


def _may_be_deep(text: str) -> bool:
    """Return whether `text` could nest deeper than the limit; far quicker than to parse it."""
    depth = limits().yaml_depth
    if text.count("[") + text.count("{") > depth:
        return True
    return any(len(match[0]) > depth for match in _OPENERS.finditer(text))


def _check_depth(events: Any, name: str, line_offset: int) -> None:
    depth = 0
    for event in events:
        if type(event).__name__ in ("MappingStartEvent", "SequenceStartEvent"):
            depth += 1
            if depth > limits().yaml_depth:
                at = Source(name, event.start_mark.line + 1 + line_offset)
                raise over_limit("lists and mappings are nested too deeply", "yaml_depth", at)
        elif type(event).__name__ in ("MappingEndEvent", "SequenceEndEvent"):
            depth -= 1


class _Builder:
    """Turns YAML nodes into data with places."""

    def __init__(self, name: str, offset: int, lenient: bool) -> None:
        import yaml

        self.name = name
        self.offset = offset
        self.lenient = lenient
        self._yaml = yaml
        self._scalars = yaml.SafeLoader("")
        self._open: set[int] = set()
        # Values by their node, and how many values each holds, aliases counted each time.
        self._built: dict[int, Any] = {}
        self._most = limits().yaml_values
        self._sizes: dict[int, int] = {}
        self._errors: list[Diagnostic] = []

    def build(self, node: Any) -> Any:
        """Return the data of `node`.

        Raises:
            HandbookError: with everything that cannot be data.
        """
        value = self.value(node)
        if self._errors:
            raise HandbookError(*self._errors)
        return value

    def value(self, node: Any) -> Any:
        """Return the data of `node`; what cannot be data is None, and noted."""
        if isinstance(node, self._yaml.ScalarNode):
            return self._value(node)
        key = id(node)
        if key in self._open:
            return self._note(node, "an alias refers to itself", "write the value out")
        if key not in self._built:
            self._open.add(key)
            self._built[key] = self._value(node)
            self._open.discard(key)
            self._sizes[key] = 1 + sum(map(self._size, self._children(node)))
            if self._sizes[key] > self._most:
                raise over_limit("there are too many values", "yaml_values", self._place(node))
        return self._built[key]

    def _children(self, node: Any) -> Iterator[Any]:
        if isinstance(node, self._yaml.MappingNode):
            yield from (value for _, value in node.value)
        elif isinstance(node, self._yaml.SequenceNode):
            yield from node.value

    def _size(self, node: Any) -> int:
        return self._sizes.get(id(node), 1)

    def _value(self, node: Any) -> Any:
        if self.lenient and not node.tag.startswith("tag:yaml.org,2002:"):
            return None
        if isinstance(node, self._yaml.MappingNode):
            return self._mapping(node)
        if isinstance(node, self._yaml.SequenceNode):
            return [self.value(item) for item in node.value]
        numeric = node.tag == "tag:yaml.org,2002:int"
        if node.tag == "tag:yaml.org,2002:str" or (numeric and not _INTEGER.match(node.value)):
            # 1:30 and 010 are words here, not YAML 1.1's numbers in base 60 and 8.
            if match := UNPRINTABLE.search(node.value):
                self._errors += unprintable(match[0], self._place(node)).diagnostics
            return SourcedStr(node.value, self._place(node))
        try:
            value = self._scalars.construct_object(node, deep=True)
            if isinstance(value, float) and _DECIMAL.match(node.value):
                return WrittenFloat(node.value) if str(value) != node.value else value
            return value.date() if isinstance(value, datetime) else value
        except Exception:
            # PyYAML raises exceptions of many kinds: a tag may not match its value.
            if self.lenient:
                return None
            hint = "put it in quotes if it is meant as words"
            return self._note(node, f"{node.value!r} is not a valid value", hint)

    def _note(self, node: Any, message: str, hint: str, code: str = "yaml-value") -> None:
        self._errors.append(Diagnostic.at(self._place(node), message, hint, code))

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
                self._note(key_node, "a key is a list or a mapping", "write a word, or quote it")
                continue
            if key == "<<":
                if not self.lenient:
                    hint = "write the keys out"
                    self._note(key_node, "merge keys (<<) are not supported", hint)
                continue
            if key in items:
                if not self.lenient:
                    hint = f"the first is on line {lines[key]}"
                    self._note(key_node, f"the key {key!r} is given twice", hint, "yaml-key-twice")
                continue
            at = self._place(key_node)
            items[key] = self.value(value_node)
            lines[key], columns[key] = at.line, at.column
            places[key] = self._place(value_node)
        return SourcedDict(items, self._place(node), lines, columns, places)


def read_text(path: Path, name: str, limit: str = "text_bytes") -> str:
    """Return the text of a file that messages call `name`.

    Raises:
        HandbookError: if it cannot be read, is not a regular file, or exceeds a limit.
    """
    try:
        data = read_bytes(path, limit, name)
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as problem:
        line = problem.object[: problem.start].count(b"\n") + 1
        raise error(
            "the file is not UTF-8",
            at=Source(name, line),
            hint="save it as UTF-8",
            code="encoding",
        ) from None
    except OSError as problem:
        raise error(f"cannot be read: {problem.strerror}", at=name, code="file") from None
