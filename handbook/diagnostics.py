"""What is wrong, where, and what to do about it.

Every mistake a user can make becomes one `Diagnostic`; a `HandbookError` carries
one or more of them to the command line, which prints them and exits 1.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

Severity: TypeAlias = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Diagnostic:
    """One finding: `file:line:column: severity: message`, with a hint below it.

    Lines and columns count from 1; 0 means unknown.
    """

    file: str
    line: int
    column: int
    message: str
    hint: str = ""
    code: str = ""
    severity: Severity = "error"

    @property
    def place(self) -> str:
        """`file:line:column`, as far as it is known."""
        parts = [self.file]
        if self.line:
            parts.append(str(self.line))
            if self.column:
                parts.append(str(self.column))
        return ":".join(parts)

    def __str__(self) -> str:
        head = f"{self.place}: " if self.file else ""
        text = f"{head}{self.severity}: {self.message}"
        return f"{text}\n  hint: {self.hint}" if self.hint else text


class HandbookError(Exception):
    """A mistake of the user's, told by its diagnostics; never a defect of the program."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        self.diagnostics = diagnostics
        super().__init__("\n".join(str(d) for d in diagnostics))


def error(
    message: str, *, file: str = "", line: int = 0, column: int = 0, hint: str = "", code: str = ""
) -> HandbookError:
    """A `HandbookError` with one diagnostic, ready to raise."""
    return HandbookError(Diagnostic(file, line, column, message, hint, code))


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that `word` was most likely meant to be, or an empty string."""
    choices = sorted(set(known))
    folded = {choice.casefold(): choice for choice in reversed(choices)}
    matches = difflib.get_close_matches(word.casefold(), list(folded), n=1, cutoff=0.5)
    return folded[matches[0]] if matches else ""


def suggest(word: str, known: Iterable[str]) -> str:
    """A hint: the near miss if there is one, then everything that would be accepted."""
    choices = sorted(set(known))
    near = nearest(word, choices)
    listing = ", ".join(choices) if choices else "none"
    return f"did you mean {near!r}? known: {listing}" if near else f"known: {listing}"
