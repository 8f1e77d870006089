"""The keys of a brand file: those of the format, those of other tools, those mistyped.

A file that works elsewhere must work here, so a key nobody here knows is passed over with a
warning; one that is a slip of the keyboard away from a known one is an error.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...core.diagnostics import Diagnostic, HandbookError, Source, error, nearest
from ...core.yaml_source import SourcedDict

TOP = frozenset({"meta", "logo", "color", "typography", "defaults"})
META = frozenset({"name", "link"})
LOGO = frozenset({"images", "small", "medium", "large", "path", "alt"})
ROLES = frozenset(
    {"foreground", "background", "primary", "secondary", "tertiary", "success", "info", "warning",
     "danger", "light", "dark", "link"}
)  # fmt: skip
KINDS = frozenset(
    {"base", "headings", "monospace", "monospace-inline", "monospace-block", "link"}
)  # fmt: skip
TYPE = frozenset(
    {"family", "size", "weight", "style", "line-height", "color", "background-color", "decoration"}
)  # fmt: skip
FONT = frozenset({"family", "source", "files", "weight", "style", "display"})
OWN = frozenset({"contact", "legal", "provider", "cover", "copies", "color", "columns"})
CONTACT = frozenset({"address", "mail", "phone", "web"})


# What to do about a file that stands on the web.
SAVE = "save it beside the brand file, and name it there"


class BrandReader:
    """Collects what is wrong with one file; errors are raised together at the end."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.wrong: list[Diagnostic] = []
        self.advice: list[Diagnostic] = []

    def fail(self, message: str, line: int, hint: str = "", code: str = "brand") -> None:
        """Note an error."""
        self.wrong.append(Diagnostic.at(Source(self.file, line), message, hint, code))

    def warn(self, message: str, line: int, hint: str = "", code: str = "brand") -> None:
        """Note what the provider should hear of."""
        self.advice.append(Diagnostic.at(Source(self.file, line), message, hint, code, "warning"))

    def done(self) -> None:
        """Raise what has been noted as errors."""
        if self.wrong:
            raise HandbookError(*sorted(self.wrong))

    def mapping(self, value: Any, what: str, known: Iterable[str], line: int) -> SourcedDict:
        """`value` as a mapping with keys checked; an empty one where nothing is said."""
        if value is None:
            return SourcedDict({}, _at(self.file, line), {})
        if not isinstance(value, SourcedDict):
            self.fail(f"{what} must be a mapping", line, f"keys: {', '.join(sorted(known))}")
            return SourcedDict({}, _at(self.file, line), {})
        self.keys(value, what, known)
        return value

    def keys(self, row: SourcedDict, what: str, known: Iterable[str]) -> None:
        """Tell mistyped keys from those of another tool."""
        names = sorted(known)
        for key in row:
            if key in names:
                continue
            near = nearest(key, names)
            if near and _slip(key, near):
                self.fail(f"unknown key {key!r} in {what}", row.lines[key],
                          f"did you mean {near!r}?")  # fmt: skip
            else:
                self.warn(f"the key {key!r} in {what} means nothing to a handbook",
                          row.lines[key], f"known: {', '.join(names)}")  # fmt: skip

    def words(self, row: SourcedDict, key: str, what: str = "") -> str:
        """A value as words; "" where it is not there."""
        value = row.get(key)
        if value is None:
            return ""
        if isinstance(value, (list, dict, bool)):
            self.fail(f"{what or key} must be words", row.lines[key])
            return ""
        return value if isinstance(value, str) else str(value)


def _at(file: str, line: int) -> Any:
    from ...core.diagnostics import Source

    return Source(file, line)


def _slip(key: str, near: str) -> bool:
    """Whether `key` looks like a mistyped `near`: the same letters, but for a few."""
    from difflib import SequenceMatcher

    return SequenceMatcher(None, key.casefold(), near).ratio() > 0.74


def unreadable(path: str) -> HandbookError:
    """The error for a brand file that is not there."""
    return error(
        f"there is no brand file {path!r}",
        hint="write one with: handbook brand new acme.yaml",
        code="brand",
    )
