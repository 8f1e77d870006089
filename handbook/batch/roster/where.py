"""Choose rows by a condition on their columns, as in `status == "active" and city != "Pune"`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ...core.diagnostics import error, suggest
from .columns import plain_name

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"[^"]*"|'[^']*')|(?P<name>\[[^\]]+\]|`[^`]+`)"""
    r"""|(?P<sign>==|!=|=|<>|\(|\)|,)|(?P<word>[^\s"'()=!<>,\[\]`]+))"""
)
_WORDS = ("and", "or", "not", "in", "contains")
Cells = Sequence[str]
Condition = Callable[[Cells], bool]
# Brackets inside brackets beyond this depth are not a condition that a person wrote.
_DEEPEST = 50


def compile_condition(text: str, header: Sequence[str]) -> Condition:
    """Return a function that says whether the cells of a row meet the condition `text`.

    Names of columns need no quotes, values do; case does not matter in either.

    Raises:
        HandbookError: If the condition is malformed or names a column that is not there.
    """
    parser = _Parser(text, header)
    condition = parser.either(0)
    if parser.kind:
        raise parser.problem(f"{parser.token!r} is not expected")
    return condition


class _Parser:
    def __init__(self, text: str, header: Sequence[str]) -> None:
        self.text = text
        self.header = list(header)
        self.tokens: list[tuple[str, str]] = []
        place = 0
        while text[place:].strip():
            match = _TOKEN.match(text, place)
            if match is None:
                raise self.problem(f"{text[place:].strip()[:20]!r} is not expected")
            kind = str(match.lastgroup)
            token = match[kind]
            if kind == "word" and token.lower() in _WORDS:
                kind, token = token.lower(), token.lower()
            self.tokens.append((kind, token))
            place = match.end()
        self.at = 0

    @property
    def kind(self) -> str:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""

    @property
    def token(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def problem(self, message: str) -> Exception:
        return error(
            f"--where {self.text!r}: {message}",
            hint='write it as: status == "active", or: group in ("A", "B")',
            code="roster",
        )

    def take(self, token: str) -> bool:
        if self.token == token and self.kind != "text":
            self.at += 1
            return True
        return False

    def either(self, depth: int) -> Condition:
        parts = [self.both(depth)]
        while self.take("or"):
            parts.append(self.both(depth))
        return parts[0] if len(parts) == 1 else lambda cells: any(part(cells) for part in parts)

    def both(self, depth: int) -> Condition:
        parts = [self.one(depth)]
        while self.take("and"):
            parts.append(self.one(depth))
        return parts[0] if len(parts) == 1 else lambda cells: all(part(cells) for part in parts)

    def one(self, depth: int) -> Condition:
        if depth > _DEEPEST:
            raise self.problem("too many brackets")
        if self.take("not"):
            inner = self.one(depth + 1)
            return lambda cells: not inner(cells)
        if self.take("("):
            inner = self.either(depth + 1)
            if not self.take(")"):
                raise self.problem("a bracket is not closed")
            return inner
        return self.comparison()

    def comparison(self) -> Condition:
        column = self.column()
        negated = self.take("not")
        sign = self.token
        self.at += 1
        if sign == "in":
            values = self.values()
        elif sign in ("==", "=", "!=", "<>", "contains"):
            values = [self.value()]
        else:
            raise self.problem("a column needs ==, !=, in or contains after its name")
        wrong = negated != (sign in ("!=", "<>"))

        def matches(cells: Cells) -> bool:
            cell = _folded(cells[column]) if column < len(cells) else ""
            holds = values[0] in cell if sign == "contains" else cell in values
            return holds != wrong

        return matches

    def column(self) -> int:
        words: list[str] = []
        if self.kind == "name":
            words = [self.token[1:-1]]
            self.at += 1
        else:
            while self.kind == "word":
                words.append(self.token)
                self.at += 1
        name = " ".join(words)
        if not name:
            raise self.problem("the name of a column is missing")
        plain = [plain_name(column) for column in self.header]
        if plain_name(name) not in plain:
            known = [column for column in self.header if column]
            raise error(
                f"--where: the roster has no column {name!r}",
                hint=suggest(name, known),
                code="roster",
            )
        return plain.index(plain_name(name))

    def value(self) -> str:
        if self.kind not in ("text", "word"):
            raise self.problem("a value in quotes is missing")
        token = self.token[1:-1] if self.kind == "text" else self.token
        self.at += 1
        return _folded(token)

    def values(self) -> list[str]:
        if not self.take("("):
            return [self.value()]
        values = [self.value()]
        while self.take(","):
            values.append(self.value())
        if not self.take(")"):
            raise self.problem("a bracket is not closed")
        return values


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
