"""Read what a fence says of its code: title, line numbers, marked lines, call-outs, a file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...core.diagnostics import DiagnosticCollector, Source, nearest
from ...core.files import is_file, outside, read_bytes
from ...core.units import counted

# MkDocs Material writes `# (1)!`, Asciidoctor `<1>`, at the end of a line, mostly in a comment.
_CALLOUT = re.compile(
    r"(?<![ \t])(?:[ \t]*(?:#|//|--|;|%|<!--|/\*))?[ \t]*"
    r"(?:\((\d{1,2})\)!|<(\d{1,2})>)[ \t]*(?:-->|\*/)?[ \t]*$"
)
_RANGE = re.compile(r"(\d+)(?:[-:](\d+))?")


_OFF = ("no", "false", "0")


def marked_lines(text: str, last: int) -> tuple[int, ...]:
    """Return the line numbers that `2 4-6` or `2,4-6` names, up to `last`."""
    numbers: set[int] = set()
    for first, end in _RANGE.findall(text):
        numbers |= set(range(int(first), min(last, int(end or first)) + 1))
    return tuple(sorted(numbers))


def callouts(text: str) -> tuple[str, tuple[tuple[int, str], ...]]:
    """Return code without its call-outs, and these by line; code without any stays as it is.

    They count from 1: other numbers in angle brackets are code.
    """
    lines = text.split("\n")
    marks: list[tuple[int, str]] = []
    for number, line in enumerate(lines):
        while match := _CALLOUT.search(line):
            marks.append((number + 1, match[1] or match[2]))
            line = line[: match.start()]
        lines[number] = line
    numbers = sorted({int(mark) for _, mark in marks})
    if not marks or numbers != list(range(1, len(numbers) + 1)):
        return text, ()
    return "\n".join(lines), tuple(marks)


def code_attributes(
    text: str,
    attributes: Mapping[str, str],
    folder: Path | None,
    root: Path | None,
    source: Source,
    problems: DiagnosticCollector,
) -> dict[str, Any]:
    """Return the values of a `CodeBlock` that a fence with `attributes` makes."""
    first = 0
    if name := attributes.get("file", ""):
        text, first = _from_file(name, attributes, folder, root, source, problems)
    text, marks = callouts(text)
    count = text.count("\n") + 1
    numbered, marked = (
        next((attributes[key] for key in keys if key in attributes), "")
        for keys in (
            ("linenums", "lineno-start", "startline", "startFrom", "linenos"),
            ("hl_lines", "highlight", "emphasize-lines", "code-line-numbers"),
        )
    )
    start = first or (int(numbered) if numbered.isdecimal() and int(numbered) else 1)
    return {
        "text": text,
        "title": attributes.get("title", attributes.get("filename", "")),
        "first_line": start if numbered and numbered.lower() not in _OFF else 0,
        "marked": marked_lines(marked, count),
        "callouts": marks,
    }


def _from_file(
    name: str,
    attributes: Mapping[str, str],
    folder: Path | None,
    root: Path | None,
    source: Source,
    problems: DiagnosticCollector,
) -> tuple[str, int]:
    """Return the lines of a file that a fence asks for, and the number of the first."""
    places = [place / name for place in (folder, root) if place is not None]
    file = next((place for place in places if is_file(place)), None)
    if file is None:
        near = nearest(name, [one.name for one in places[0].parent.glob("*")] if places else [])
        hint = f"did you mean {near!r}?" if near else "its path counts from the chapter's folder"
        problems.add(source, f"the listing's file {name!r} does not exist", hint, "listing")
        return "", 0
    if root and (reason := outside(file, (root,))):
        hint = "move it into the pack, or allow its folder: --allow-read DIR"
        problems.add(source, f"the listing's file {name!r} {reason}", hint, "outside")
        return "", 0
    try:
        lines = (
            read_bytes(file, at=source)
            .decode("utf-8")
            .replace("\r\n", "\n")
            .rstrip("\n")
            .split("\n")
        )
    except (OSError, ValueError) as problem:
        why = "is not UTF-8 text" if isinstance(problem, UnicodeError) else str(problem)
        problems.add(source, f"the listing's file {name!r} {why}", "name another", "listing")
        return "", 0
    return _part(lines, attributes, name, source, problems)


def _part(
    lines: list[str],
    attributes: Mapping[str, str],
    name: str,
    source: Source,
    problems: DiagnosticCollector,
) -> tuple[str, int]:
    """Return the lines between two numbers, or between the comments that name an anchor."""
    first, last = 1, len(lines)
    if anchor := attributes.get("anchor", ""):
        at = [n for n, line in enumerate(lines, 1) if _names(line, anchor)]
        if not at:
            known = sorted({name for line in lines for name in _anchors(line)})
            problems.add(
                source,
                f"the file {name!r} has no anchor {anchor!r}",
                f"it has: {', '.join(known)}" if known else f"write a comment ANCHOR: {anchor}",
                "listing",
            )
            return "", 0
        first, last = at[0] + 1, (at[1] - 1 if len(at) > 1 else last)
    elif match := _RANGE.fullmatch(attributes.get("lines", "").strip()):
        first, last = int(match[1]), min(last, int(match[2] or match[1]))
    elif attributes.get("lines"):
        problems.add(
            source, f"lines={attributes['lines']} names no lines", "write lines=3-12", "listing"
        )
    if first > len(lines):
        problems.add(
            source,
            f"the file {name!r} has {counted(len(lines), 'line')}",
            "name lines it has",
            "listing",
        )
        return "", 0
    kept = [line for line in lines[first - 1 : last] if not any(_anchors(line))]
    indents = [len(line) - len(line.lstrip()) for line in kept if line.strip()]
    cut = min(indents, default=0)
    return "\n".join(line[cut:] for line in kept), first


def _names(line: str, anchor: str) -> bool:
    return anchor in _anchors(line) or re.search(rf"\[end:{re.escape(anchor)}\]", line) is not None


def _anchors(line: str) -> list[str]:
    if not re.search(r"ANCHOR|tag::|end::|region|\[start:|\[end:", line):
        return []
    names = re.findall(
        r"(?:ANCHOR(?:_END)?:\s*|(?:tag|end)::|#?(?:end)?region\s+|\[(?:start|end):)([\w.-]+)", line
    )
    return [str(name) for name in names]
