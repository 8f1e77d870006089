"""Evaluate the arithmetic of theme tokens."""

from __future__ import annotations

import re

from ..core.units import UNITS

_TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?|\.\d+)\s*(pt|mm|cm|in)?|([()+*/-]))")


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
        """Return the value of the whole expression; ValueError if it is not one."""
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
