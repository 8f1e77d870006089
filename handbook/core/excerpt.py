"""Show a diagnostic with its source line and a caret below the place.

Columns come from YAML's parser where it read the line.  Elsewhere the message itself says where to
look: the words it quotes are sought in the line, and the column is theirs.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from .diagnostics import Diagnostic, HandbookError
from .files import read_bytes

# What a message quotes: 'words', #id, <tag>, [^note], {{ expression }}.
_QUOTED = re.compile(r"'([^']+)'|(#[\w.:-]+)|(<[^<>]+>)|(\[\^[^\]]+\])|(:{2,}[\w-]*)")
_COLORS = {"error": "\x1b[1;31m", "warning": "\x1b[1;33m", "hint": "\x1b[36m", "": "\x1b[0m"}
WIDEST = 160
# How many places beyond the first a group of warnings names.
PLACES = 4


def located(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return diagnostics with their columns, as far as they can be known, in order."""
    return sorted(_with_column(one, _line(one)) for one in diagnostics)


def grouped(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Return diagnostics with one for each kind of warning: its count, and its first places."""
    kinds: dict[tuple[str, ...], list[Diagnostic]] = {}
    for one in located(diagnostics):
        place = () if one.severity == "warning" else (one.place,)
        kinds.setdefault((one.severity, one.code, one.message, one.hint, *place), []).append(one)
    return sorted(_group(each) if len(each) > 1 else each[0] for each in kinds.values())


def _group(alike: Sequence[Diagnostic]) -> Diagnostic:
    first, *others = alike
    places = [
        f"{one.file}:{one.line}" if one.file != first.file else f"line {one.line}"
        for one in others[:PLACES]
    ]
    more = f" and {len(others) - PLACES:,} more" if len(others) > PLACES else ""
    also = f" ({len(alike):,} times: also {', '.join(dict.fromkeys(places))}{more})"
    return replace(first, message=first.message + also)


def _with_column(diagnostic: Diagnostic, text: str) -> Diagnostic:
    quoted = list(_QUOTED.finditer(diagnostic.message))
    # Where the parser knew the column, only the first thing quoted may know better.
    for match in quoted[:1] if diagnostic.column else quoted:
        words = next(group for group in match.groups() if group)
        column = text.find(words, max(0, diagnostic.column - 1)) + 1
        if column:
            return replace(diagnostic, column=column)
    return diagnostic


def source_excerpt(diagnostic: Diagnostic, color: bool = False) -> str:
    """Return the diagnostic as lines: what is wrong, its source line with a caret, what to do."""
    paint: Mapping[str, str] = _COLORS if color else dict.fromkeys(_COLORS, "")
    head, _, _ = str(replace(diagnostic, hint="")).partition("\n")
    severity = diagnostic.severity
    head = head.replace(f"{severity}:", f"{paint[severity]}{severity}:{paint['']}", 1)
    lines = [head]
    text = _line(diagnostic)
    if text.strip() and len(text) <= WIDEST:
        number = str(diagnostic.line)
        lines.append(f"  {number} | {text}")
        if diagnostic.column:
            before = "".join(
                "\t" if char == "\t" else " " for char in text[: diagnostic.column - 1]
            )
            mark = "^" * _length(diagnostic, text)
            lines.append(f"  {' ' * len(number)} | {before}{paint[severity]}{mark}{paint['']}")
    if diagnostic.hint:
        lines.append(f"  {paint['hint']}hint:{paint['']} {diagnostic.hint}")
    return "\n".join(lines)


def _length(diagnostic: Diagnostic, text: str) -> int:
    """Return how much of the line is meant: the quoted words that begin at the column, or one
    sign.
    """
    rest = text[diagnostic.column - 1 :]
    for match in _QUOTED.finditer(diagnostic.message):
        words = next(group for group in match.groups() if group)
        if rest.startswith(words):
            return len(words)
    return 1


def _is_refused(diagnostic: Diagnostic) -> bool:
    """Return whether the file itself may not be read: it is a link that leads out of the pack."""
    path = Path(diagnostic.file)
    return diagnostic.code == "outside" and os.path.realpath(path) != os.path.abspath(path)


def _line(diagnostic: Diagnostic) -> str:
    lines = lines_of(diagnostic)
    return lines[diagnostic.line - 1] if 0 < diagnostic.line <= len(lines) else ""


@lru_cache(maxsize=64)
def _read(file: str, changed: int) -> tuple[str, ...]:
    return tuple(read_bytes(Path(file)).decode("utf-8-sig", "replace").split("\n"))


def lines_of(diagnostic: Diagnostic) -> tuple[str, ...]:
    """Return the lines of the file that a diagnostic names; none if it names no line of it."""
    named = diagnostic.file and diagnostic.line and not _is_refused(diagnostic)
    return _lines(diagnostic.file) if named else ()


def _lines(file: str) -> tuple[str, ...]:
    """Return the lines of a file, read again when it has changed; none if it cannot be read."""
    path = Path(file)
    try:
        return _read(file, path.stat().st_mtime_ns) if path.is_file() else ()
    except (OSError, ValueError, HandbookError):
        return ()
