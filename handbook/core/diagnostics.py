"""Report errors: what is wrong, where, and what to do about it.

Every mistake a user can make becomes one `Diagnostic`; a `HandbookError` carries
one or more of them to the command line, which prints them and exits 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import field
from operator import attrgetter
from pathlib import Path
from typing import Literal, TypeAlias

from .values import frozen

Severity: TypeAlias = Literal["error", "warning"]
# Characters of a message, or of a hint, that are shown.
LONGEST_TEXT = 1000


@frozen
class Source:
    """The source of a node: a file of the pack, and a line and column counted from 1."""

    file: str = ""
    line: int = 0
    column: int = field(default=0, compare=False)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


NOWHERE = Source()
# The place of an error: a line of a file, a whole file, or "" for no place in particular.
Place: TypeAlias = "Source | Path | str"


_ORDER = attrgetter("file", "line", "column", "message", "hint", "code", "severity")


@frozen
class Diagnostic:
    """One finding: `file:line:column: severity: message`, with a hint below it.

    Lines and columns count from 1; 0 means unknown.  `code` names the kind of mistake, stays the
    same from version to version, and is explained in docs/diagnostics.md.
    """

    file: str
    line: int
    column: int
    message: str
    hint: str = ""
    code: str = ""
    severity: Severity = "error"

    def __lt__(self, other: Diagnostic) -> bool:
        return bool(_ORDER(self) < _ORDER(other))

    @classmethod
    def at(
        cls,
        place: Place,
        message: str,
        hint: str = "",
        code: str = "",
        severity: Severity = "error",
    ) -> Diagnostic:
        """Return a diagnostic for a `Source`, or for a whole file."""
        if not isinstance(place, Source):
            place = Source(str(place))
        return cls(place.file, place.line, place.column, message, hint, code, severity)

    @property
    def place(self) -> str:
        """Return `file:line:column`, as far as it is known."""
        parts = [self.file]
        if self.line:
            parts.append(str(self.line))
            if self.column:
                parts.append(str(self.column))
        return ":".join(parts)

    def __str__(self) -> str:
        head = f"{self.place}: " if self.file else ""
        code = f" [{self.code}]" if self.code else ""
        text = f"{head}{self.severity}: {_shortened(self.message)}{code}"
        return f"{text}\n  hint: {_shortened(self.hint)}" if self.hint else text


def _shortened(text: str) -> str:
    """Return a text that quotes its source, without the middle if that is long."""
    half = LONGEST_TEXT // 2
    return text if len(text) <= LONGEST_TEXT else f"{text[:half]} … {text[-half:]}"


class HandbookError(Exception):
    """A mistake of the user's, described by its diagnostics; never a defect of the program."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        self.diagnostics = diagnostics
        super().__init__("\n".join(str(d) for d in diagnostics))

    def __reduce__(self) -> tuple[type[HandbookError], tuple[Diagnostic, ...]]:
        # Otherwise an exception from another process is rebuilt from its message alone.
        return type(self), self.diagnostics


def error(message: str, *, at: Place = "", hint: str = "", code: str = "") -> HandbookError:
    """Return a `HandbookError` with one diagnostic, ready to raise."""
    return HandbookError(Diagnostic.at(at, message, hint, code))


class DiagnosticCollector:
    """Collect diagnostics so that all of them are reported together.

    `is_warning` says which codes are only warnings; without it, everything added is an error.
    """

    def __init__(self, is_warning: Callable[[str], bool] = lambda code: False) -> None:
        self.is_warning = is_warning
        self.found: list[Diagnostic] = []
        self._known: set[Diagnostic] = set()

    def __enter__(self) -> DiagnosticCollector:
        """Collect the errors that a `with` block raises, and continue after it."""
        return self

    def __exit__(self, kind: object, problem: BaseException | None, trace: object) -> bool:
        """Add the diagnostics of a HandbookError; let every other exception pass."""
        if isinstance(problem, HandbookError):
            self.found += problem.diagnostics
            return True
        return False

    def add(self, source: Source, message: str, hint: str = "", code: str = "") -> None:
        """Add a diagnostic at `source`; the same one on the same line counts once."""
        severity: Severity = "warning" if self.is_warning(code) else "error"
        place = (source.file, source.line, source.column)
        diagnostic = Diagnostic(*place, message, hint, code, severity)
        if diagnostic not in self._known:
            self._known.add(diagnostic)
            self.found.append(diagnostic)

    @property
    def errors(self) -> list[Diagnostic]:
        """Return the diagnostics that stop a build, in order."""
        return sorted({one for one in self.found if one.severity == "error"})

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """Return the diagnostics that do not stop a build, in order."""
        return tuple(sorted({one for one in self.found if one.severity == "warning"}))

    def check(self) -> None:
        """Raise every error that was collected.

        Raises:
            HandbookError: if there is one.
        """
        if errors := self.errors:
            raise HandbookError(*errors)


def nearest(word: str, known: Iterable[str], cutoff: float = 0.5) -> str:
    """Return the known word that `word` was most likely meant to be, or an empty string.

    `cutoff` says how alike they must be, from 0 to 1.
    """
    choices = sorted(set(known))
    folded = {choice.casefold(): choice for choice in reversed(choices)}
    # Only a mistake needs it.
    import difflib

    matches = difflib.get_close_matches(word.casefold(), list(folded), n=1, cutoff=cutoff)
    return folded[matches[0]] if matches else ""


# How many names a hint lists: of words that are handbook's own, and of files, which are any number.
SHOWN = 40
SHOWN_FILES = 8


def suggest(word: str, known: Iterable[str], cutoff: float = 0.5, shown: int = SHOWN) -> str:
    """Return a hint: the near miss if there is one, else what would be accepted.

    Next to a near miss, few names are listed too, and many where it is not that near: it may not
    be what was meant.
    """
    choices = sorted(set(known))
    near = nearest(word, choices, cutoff)
    if near and len(choices) > SHOWN_FILES and nearest(word, choices, 0.75):
        return f"did you mean {near!r}?"
    listing = f"known: {listed(choices, shown)}"
    return f"did you mean {near!r}? {listing}" if near else listing


def listed(names: Sequence[str], shown: int) -> str:
    """Return the first names, and how many more there are."""
    more = f" and {len(names) - shown:,} more" if len(names) > shown else ""
    return f"{', '.join(names[:shown])}{more}" if names else "none"
