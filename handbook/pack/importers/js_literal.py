"""Read the literal values in a JavaScript file: objects, arrays, strings, numbers."""

from __future__ import annotations

import re
from typing import Any

_SPACE = re.compile(r"(?:\s+|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_WORD = re.compile(r"[\w$.-]+")
_STRING = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"|`((?:[^`\\]|\\.)*)`", re.DOTALL)
_START = re.compile(r"(?:module\.exports|export default|const sidebars\b[^=]*)\s*=?\s*(?=[\[{])")
# One that is not closed reaches to the end of its line, or of the file.
_OPENED = (
    r"'(?:[^'\\\n]|\\.)*(?:'|(?=\n)|\Z)|\"(?:[^\"\\\n]|\\.)*(?:\"|(?=\n)|\Z)"
    r"|`(?:[^`\\]|\\.)*(?:`|\Z)|//[^\n]*|/\*.*?(?:\*/|\Z)"
)
# Brackets, and what may have some in it without meaning them.
_BRACKET = re.compile(rf"{_OPENED}|[{{}}\[\]()]", re.DOTALL)
_OPENING = re.compile(rf"{_OPENED}|[{{\[(]", re.DOTALL)
_DEEPEST = 60


class Unreadable(ValueError):
    """The text is more than a literal value."""


def exported(text: str) -> Any:
    """Return the value that a file exports.  Raises Unreadable if it is computed."""
    starts = list(_START.finditer(text))
    if not starts:
        raise Unreadable("no value is exported")
    return _Reader(text, starts[-1].end()).value(0)


def literal_objects(text: str, at: int) -> list[dict[str, Any]]:
    """Return the objects of the array that begins at `at`; those that are computed are left out."""
    objects: list[dict[str, Any]] = []
    place, end = at + 1, _end(text, at)
    while (match := _OPENING.search(text, place, end)) is not None:
        place = match.end()
        if match[0] == "{":
            place = _end(text, match.start())
            try:
                objects.append(_Reader(text, match.start()).mapping(0))
            except Unreadable:
                continue
        elif match[0] in "[(":
            place = _end(text, match.start())
    return objects


def _end(text: str, at: int) -> int:
    """Return where the bracket that opens at `at` is closed."""
    open_ = 0
    for match in _BRACKET.finditer(text, at):
        open_ += (match[0] in "{[(") - (match[0] in "}])")
        if not open_:
            return match.end()
    return len(text)


class _Reader:
    def __init__(self, text: str, at: int) -> None:
        self.text = text
        self.at = at

    def value(self, depth: int) -> Any:
        """Return the value that begins here."""
        if depth > _DEEPEST:
            raise Unreadable("it is nested too deeply")
        self.skip()
        sign = self.text[self.at : self.at + 1]
        if sign == "{":
            return self.mapping(depth)
        if sign == "[":
            return self.items(depth)
        if match := _STRING.match(self.text, self.at):
            self.at = match.end()
            text = next(group for group in match.groups() if group is not None)
            return re.sub(r"\\(.)", lambda one: {"n": "\n", "t": "\t"}.get(one[1], one[1]), text)
        match = _WORD.match(self.text, self.at)
        if not match or self.text[match.end() : match.end() + 1] == "(":
            raise Unreadable(f"{self.text[self.at : self.at + 20]!r} is computed")
        self.at = match.end()
        word = match[0]
        if re.fullmatch(r"-?\d+(\.\d+)?", word):
            return float(word)
        return {"true": True, "false": False}.get(word)

    def skip(self) -> None:
        """Go on to the next sign."""
        match = _SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def take(self, sign: str) -> bool:
        """Return whether the next sign is this one, and go past it."""
        self.skip()
        is_next = self.text.startswith(sign, self.at)
        self.at += len(sign) * is_next
        return is_next

    def items(self, depth: int) -> list[Any]:
        """Return an array."""
        self.at += 1
        items: list[Any] = []
        while not self.take("]"):
            items.append(self.value(depth + 1))
            if not self.take(",") and not self.text.startswith("]", self.at):
                raise Unreadable("an array is computed")
        return items

    def mapping(self, depth: int) -> dict[str, Any]:
        """Return an object."""
        self.at += 1
        properties: dict[str, Any] = {}
        while not self.take("}"):
            self.skip()
            match = _STRING.match(self.text, self.at) or _WORD.match(self.text, self.at)
            if not match:
                raise Unreadable("an object is computed")
            self.at = match.end()
            key = next(filter(None, match.groups()), "") if match.groups() else match[0]
            if self.take(":"):
                properties[key] = self.value(depth + 1)
                while re.match(r"\s*(?:as\s|satisfies\s)", self.text[self.at : self.at + 20]):
                    raise Unreadable("an object is computed")
            if not self.take(",") and not self.text.startswith("}", self.at):
                raise Unreadable("an object is computed")
        return properties
