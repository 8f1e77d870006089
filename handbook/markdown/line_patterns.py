"""Match lines, and find where a construct ends: a list item, a fence, a container.

A line keeps its number in the chapter, however deep it is nested.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

from .syntax import ATTRIBUTE_LINE


class Line(NamedTuple):
    """A line of a chapter and its number there, counted from 0; a blank line is empty."""

    number: int
    text: str


Lines: TypeAlias = Sequence[Line]

FENCE = re.compile(r"( *)(?:(`{3,})([^`]*)|(~{3,})(.*))$")
ITEM = re.compile(r"( *)([-*+]|\d{1,9}[.)])(?:( +)(.*)|)$")
_ITEM_MARKS = re.compile(r"(?: *(?:[-*+]|\d{1,9}[.)]) {1,4})*")
RULE = re.compile(r" {0,3}(?:(?:-[ ]*){3,}|(?:_[ ]*){3,}|(?:\*[ ]*){3,})$")
QUOTE = re.compile(r" {0,3}> ?")
HEADING = re.compile(r" {0,3}(#{1,6})(?: +(.*))?$")
UNDERLINE = re.compile(r" {0,3}(=+|-+) *$")
OPENING = re.compile(r" *(:{3,}) *([A-Za-z][\w-]*|(?=\{))(.*)$")
CLOSING = re.compile(r" *(:{3,}) *$")
LEAF = re.compile(r" {0,3}::([A-Za-z][\w-]*)(?:[ ]+(.*))?$")
BOX = re.compile(r" {0,3}(?:!!!|\?\?\?\+?) ?([\w-]+(?: +[\w-]+)*)(?: +(.*?))? *$")
NOTE = re.compile(r" {0,3}\[\^([^\]\s]+)\]:[ ]*(.*)$")
ABBREVIATION = re.compile(r" {0,3}\*\[([^\]]+)\]:[ ]*(.*)$")
DEFINITION = re.compile(r" {0,3}:( +)(\S.*)$")
CAPTION = re.compile(r" {0,3}(Table|Figure): +(\S.*)$")
TABLE_RULE = re.compile(r" {0,3}\|?[ ]*:?-+:?[ ]*(?:\|[ ]*:?-+:?[ ]*)*\|?[ ]*$")
_INTERRUPTING = re.compile(
    r" {0,3}(?:#{1,6}(?: |$)|`{3,}[^`]*$|~{3,}|:{3,} *(?:[A-Za-z{]|$)|::[A-Za-z][\w-]*(?: |$)|>"
    r"|[-*+] +\S|1[.)] +\S|(?:!!!|\?\?\?\+?) ?\w|\[\^[^\]\s]+\]:|\*\[[^\]]+\]:"
    r"|(?:Table|Figure): +\S|\[[^\[\]]+\]: *\S+(?: +[\"'(].*[\"')])? *$)"
)


def indent(text: str) -> int:
    """Return how many spaces a line begins with."""
    return len(text) - len(text.lstrip(" "))


def dedent(line: Line, width: int) -> Line:
    """Return the line without up to `width` of its leading spaces."""
    return Line(line.number, line.text[min(width, indent(line.text)) :])


def numbers(lines: Lines) -> str:
    """Return the numbers of `lines`, as an element's attribute can hold them."""
    return " ".join(str(line.number) for line in lines)


def after_blanks(lines: Lines, at: int) -> int:
    """Return the index of the next line that is not blank."""
    while at < len(lines) and not lines[at].text:
        at += 1
    return at


def interrupts(lines: Lines, at: int) -> bool:
    """Return whether this line ends the paragraph above it, even without a blank line."""
    text = lines[at].text
    if _INTERRUPTING.match(text) or RULE.match(text):
        return True
    return bool(text.lstrip(" ").startswith("{") and ATTRIBUTE_LINE.match(text)) or begins_table(
        lines, at
    )


def begins_table(lines: Lines, at: int) -> bool:
    """Return whether a table's header is here: bars, and a rule of dashes and bars below."""
    if "|" not in lines[at].text or at + 1 == len(lines):
        return False
    below = lines[at + 1].text
    return "|" in below and "-" in below and bool(TABLE_RULE.match(below))


def is_open_text(line: str) -> bool:
    """Return whether the next line may go on with the text of this one, which is not in a fence."""
    marks = (HEADING, RULE, CLOSING, FENCE)
    return bool(line) and not any(pattern.match(line) for pattern in marks)


def code_end(lines: Lines, at: int, text: str = "", width: int = 0) -> int | None:
    """Return the index of the line that closes a fence; past the end if none does.

    The fence is opened at `at`, maybe behind the marks of items; if none is, return None.  `text`
    is what is left to look at of that line, `width` how far in it begins.
    """
    text = text or lines[at].text
    if "```" not in text and "~~~" not in text:
        return None
    marks = _ITEM_MARKS.match(text)
    begin = marks.end() if marks else 0
    match = FENCE.match(text, begin)
    # What is further in is indented code.
    if not match or (begin and match[1]):
        return None
    return fence_end(lines, at, match, width + begin or len(match[1]))


def fence_end(lines: Lines, at: int, match: re.Match[str], width: int) -> int:
    """Return the index of the line that closes the fence opened at `at`; past the end if none does.

    `match` is what was read of that line, `width` how far in the fence is.
    """
    fence = match[2] or match[4]
    for end in range(at + 1, len(lines)):
        text = lines[end].text
        if fence in text and not text.strip(" " + fence[0]) and indent(text) < width + 4:
            return end
    return len(lines)


def container_end(lines: Lines, at: int, colons: int) -> int:
    """Return the index of the line that closes the container opened at `at`.

    It is past the end if none does.

    A closing line closes the innermost container that was opened with as many colons,
    or the innermost of all; so one left open inside does not swallow the outer one.
    """
    opened = [colons]
    end = at + 1
    while end < len(lines):
        text = lines[end].text
        closing = code_end(lines, end)
        if closing is not None:
            end = closing if closing < len(lines) else end
        elif match := CLOSING.match(text):
            del opened[_innermost(opened, len(match[1])) :]
            if not opened:
                return end
        elif match := OPENING.match(text):
            opened.append(len(match[1]))
        end += 1
    return len(lines)


def _innermost(opened: Sequence[int], colons: int) -> int:
    """Return the last place of a number of colons, or of all if none is as many."""
    for place in range(len(opened) - 1, -1, -1):
        if opened[place] == colons:
            return place
    return -1


def hanging(
    lines: Lines,
    at: int,
    first: Line,
    content: int,
    need: int,
    stop: Callable[[Lines, int], bool] = interrupts,
) -> tuple[list[Line], int]:
    """Return what belongs to the marker at `at`, dedented, and the index of the line after it.

    `first` is the marker's own line without the marker, `content` the column where its
    words begin, `need` the least indentation that still belongs to it: authors indent
    by two, three or four spaces, and all of them mean it.  A line of text may follow
    without any indentation, as in a paragraph.
    """
    end = at + 1
    lazy = bool(first.text)
    if (closing := code_end(lines, at, first.text or " ", content)) is not None:
        end = min(closing + 1, len(lines))
        lazy = False
    while end < len(lines):
        text = lines[end].text
        if not text:
            follow = after_blanks(lines, end)
            if follow == len(lines) or indent(lines[follow].text) < need:
                break
            end, lazy = follow, False
            continue
        if indent(text) >= need:
            lazy = True
            if (closing := code_end(lines, end)) is not None:
                end = min(closing, len(lines) - 1)
                lazy = False
        elif not lazy or stop(lines, end):
            break
        end += 1
    below = lines[at + 1 : end]
    width = _width(below, content, need)
    return [first, *(dedent(line, width) for line in below)], end


def _width(below: Lines, content: int, need: int) -> int:
    """Return how far the lines below a marker are indented."""
    for line in below:
        width = indent(line.text)
        if line.text and width >= need:
            four = content <= 4 and width >= 4 and width % 4 == 0
            return 4 if four else min(width, content)
    return content


def without_comments(lines: Lines) -> tuple[list[Line], list[int]]:
    """Remove the HTML comments that begin a line; return the rest, and where one is left open."""
    if not any("<!--" in line.text for line in lines):
        return list(lines), []
    kept: list[Line] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        if (closing := code_end(lines, at)) is not None:
            end = min(closing, len(lines) - 1)
            kept += lines[at : end + 1]
            at = end + 1
            continue
        if not line.text.lstrip(" ").startswith("<!--") or indent(line.text) > 3:
            kept.append(line)
            at += 1
            continue
        end = next((e for e in range(at, len(lines)) if "-->" in lines[e].text), -1)
        if end < 0:
            return kept, [line.number]
        rest = lines[end].text.split("-->", 1)[1]
        if rest.strip():
            kept.append(Line(lines[end].number, rest.strip(" ")))
        at = end + 1
    return kept, []
