"""Find the template line that an output line came from."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from secrets import token_hex
from typing import Any

import jinja2

from ..core.diagnostics import HandbookError, Source, error

# Literal text is searched for this many lines below its tag.
_REACH = 12


# Marks in a template's output lead to the place of a value. A pack cannot write one, as it does
# not know the word in it.
MARK_OPEN, MARK_CLOSE = f"\ue000{token_hex(4)}:", "\ue001"
MARK = re.compile(f"{MARK_OPEN}(\\d+){MARK_CLOSE}")


def rendered_chunks(
    template: jinja2.Template, context: Mapping[str, Any], file: str, lines: Sequence[str]
) -> Iterator[tuple[str, str, int]]:
    """Yield what the template prints, piece by piece, with the file and line that printed it."""
    stream: Any = template.root_render_func(template.new_context(dict(context)))
    previous = ("", 0)
    drift = 0
    for text in stream:
        inner = stream
        while (deeper := getattr(inner, "gi_yieldfrom", None)) is not None:
            inner = deeper
        frame = inner.gi_frame
        names = frame.f_globals
        name = names.get("name") or file
        line = _from_debug(names["debug_info"], frame.f_lineno)
        # Text after it in the same node is lower by the lines already printed.
        drift = drift if (name, line) == previous else 0
        previous = (name, line)
        words = str(text)
        if MARK_OPEN in words:
            yield words, name, line + drift
        else:
            yield words, name, _literal_line(words, lines if name == file else [], line + drift)
            drift += words.count("\n")


def _literal_line(text: str, lines: Sequence[str], line: int) -> int:
    """Return the line of literal `text`: Jinja2 knows only that of the tag before it."""
    below = text.lstrip("\n")
    blanks = len(text) - len(below)
    words = below.partition("\n")[0].strip()
    if words:
        for number in range(line - 1, min(len(lines), line + _REACH)):
            if words in lines[number]:
                return number + 1 - blanks
    return line


_TAG = re.compile(r"\{%[-+]?\s*(end)?(if|for|macro|call|filter|block|with|raw)\b")


def unclosed_line(text: str) -> int:
    """Return the line of the innermost unclosed tag; Jinja2 has only the end of the text."""
    opened: list[int] = []
    for match in _TAG.finditer(text):
        if not match[1]:
            opened.append(text.count("\n", 0, match.start()) + 1)
        elif opened:
            opened.pop()
    return opened[-1] if opened else text.count("\n") + 1


def error_at(
    problem: BaseException, message: str, hint: str, file: str, offset: int, code: str = ""
) -> HandbookError:
    """Return the error at its place in a template, or in the chapter `file`."""
    place, line = _error_line(problem) or ("", 0)
    return error(
        message,
        at=Source(place or file, line + (0 if place else offset)),
        hint=hint,
        code=code or "template",
    )


def _error_line(problem: BaseException) -> tuple[str, int] | None:
    """Return the template file ("" for the chapter itself) and line in which the error arose."""
    place: tuple[str, int] | None = None
    trace = problem.__traceback__
    while trace is not None:
        names = trace.tb_frame.f_globals
        if "debug_info" in names and "blocks" in names:
            file = str(names["__file__"]) if names.get("name") else ""
            place = (file, _from_debug(names["debug_info"], trace.tb_lineno))
        trace = trace.tb_next
    return place


@lru_cache(maxsize=8192)
def _from_debug(info: str, line: int) -> int:
    """Return the template's line for a line of its code; `info` is Jinja2's list of both."""
    template_lines, code_lines = _line_table(info)
    place = bisect_right(code_lines, line)
    return template_lines[place - 1] if place else 1


@lru_cache(maxsize=256)
def _line_table(info: str) -> tuple[list[int], list[int]]:
    pairs = [pair.split("=") for pair in info.split("&") if pair]
    return [int(pair[0]) for pair in pairs], [int(pair[1]) for pair in pairs]
