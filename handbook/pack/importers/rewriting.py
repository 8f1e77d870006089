"""Change text outside of code, and line by line."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator

_FENCE = re.compile(r"[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)*(`{3,}|~{3,})([^\n]*)$")
_TICKS = re.compile(r"`+")
_BLANK = re.compile(r"\n[ \t>]*\n")


def pieces(text: str) -> Iterator[tuple[bool, str]]:
    """Yield the text in pieces: whether it is fenced code with its fences, and the piece."""
    lines = text.splitlines(keepends=True)
    run: list[str] = []
    fence = margin = ""
    for line in lines:
        match = _FENCE.match(line.rstrip("\n"))
        if not fence:
            if match and not (match[1][0] == "`" and "`" in match[2]):
                if run:
                    yield False, "".join(run)
                run, fence = [], match[1]
                margin = _margin(line, match)
            run.append(line)
            continue
        run.append(line)
        bare = line.strip(" \t>\n")
        if bare.startswith(fence) and not bare.strip(fence[0]) and line.startswith(margin):
            yield True, "".join(run)
            run, fence = [], ""
    if run:
        yield bool(fence), "".join(run)


def _margin(line: str, fence: re.Match[str]) -> str:
    """Return what has to begin the line that ends a fenced block: for a cell of code, its margin."""
    if not re.match(r"[ \t]*\{[A-Za-z]", fence[2]):
        return ""
    before = line[: fence.start(1)]
    return before + fence[1] if not before.strip(" \t>") else ""


def outside_fences(text: str, change: Callable[[str], str]) -> str:
    """Return the text with `change` applied to all that is not fenced code."""
    return "".join(piece if code else change(piece) for code, piece in pieces(text))


def comments_and_text(text: str) -> Iterator[tuple[bool, str]]:
    """Yield the text in pieces: whether it is an HTML comment that is closed, and the piece."""
    at = 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        yield False, text[at:start]
        yield True, text[start : end + 3]
        at = end + 3
    yield False, text[at:]


def without_comments(text: str) -> str:
    """Return text without its HTML comments; one that is left open stays."""
    return "".join(part for hidden, part in comments_and_text(text) if not hidden)


# The line below a table's header, without the marks of quotes around it.
_RULE = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?")


def bars_in_code(text: str) -> str:
    """Return text with the bars escaped that are in code in the tables: there they split no cells.

    Python-Markdown, kramdown and Pandoc have it so; on GitHub, such bars part cells.
    """
    if "|" not in text or "`" not in text:
        return text
    lines = text.split("\n")
    at = 1
    while at < len(lines):
        line = lines[at]
        if "-" in line and "|" in line + lines[at - 1] and _RULE.fullmatch(line.strip(" \t>")):
            lines[at - 1] = _escaped_bars(lines[at - 1])
            while at + 1 < len(lines) and "|" in lines[at + 1]:
                at += 1
                lines[at] = _escaped_bars(lines[at])
        at += 1
    return "\n".join(lines)


def _escaped_bars(line: str) -> str:
    if "`" not in line:
        return line
    parts: list[str] = []
    place = 0
    for start, end in _code_spans(line):
        code = re.sub(r"(?<!\\)\|", r"\\|", line[start:end])
        parts += [line[place:start], code]
        place = end
    return "".join([*parts, line[place:]])


_BLOCK_TAG = re.compile(
    r"<(/?)(?:article|aside|center|details|div|figure|footer|form|header|main|nav|ol|p|section|table|ul)\b"
    r"[^<>]*>",
    re.IGNORECASE,
)


_INLINE_TAG = re.compile(
    r"(?:(?<=\n\n)|\A)([ ]{0,3}<(?:span|a|b|i|u|em|strong|small|mark|abbr|kbd|sub|sup|font)\b[^<>\n]*>)"
    r"[ \t]*\n[ \t]*(?=[^\s<])"
)


def with_inline_tags(text: str) -> str:
    """Return text in which an inline tag that has the first line of a paragraph is in the line.

    Python-Markdown and kramdown read Markdown behind it; on GitHub it would begin a block of HTML.
    """
    return _INLINE_TAG.sub(r"\1", text) if "<" in text else text


def ended_html(text: str, *_: object) -> str:
    """Return a page's text with a blank line where Python-Markdown ends a block of HTML.

    That is behind the tag that closes it; on GitHub it continues up to a blank line.
    """
    return outside_fences(text, _with_ends) if "</" in text else text


def _with_ends(piece: str) -> str:
    piece = with_inline_tags(piece)
    kept: list[str] = []
    depth = 0
    lines = piece.split("\n")
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        kept.append(line)
        if not line.strip():
            depth = 0
        elif depth or line.startswith("<"):
            depth += sum(-1 if tag[1] else 1 for tag in _BLOCK_TAG.finditer(line))
            ends = depth <= 0 and line.rstrip().endswith(">") and _BLOCK_TAG.search(line)
            if ends and following.strip() and following[0] not in "< \t":
                kept.append("")
            depth = max(0, depth)
    return "\n".join(kept)


def unclosed_headings(text: str, *_: object) -> str:
    """Return a page's text with no `##` before the attributes that end a heading."""

    def line_without(line: str) -> str:
        if not line.startswith("#") or not line.rstrip().endswith("}"):
            return line
        words, _, attributes = line.rpartition("{")
        words = words.rstrip(" \t")
        kept = words.rstrip("#")
        closed = kept != words and kept.endswith((" ", "\t")) and kept.strip("# \t")
        return f"{kept.rstrip()} {{{attributes}" if closed else line

    return outside_fences(text, lambda piece: "\n".join(map(line_without, piece.split("\n"))))


def bars_in_tables(text: str, *_: object) -> str:
    """Return a page's text with `bars_in_code` applied outside of fences."""
    return outside_fences(text, bars_in_code)


_TABLE = re.compile(r"^[ \t]*<table\b.*?</table>", re.DOTALL | re.MULTILINE | re.IGNORECASE)


def whole_tables(text: str, *_: object) -> str:
    """Return a page's text with no blank lines in tables of HTML, which would end there on GitHub."""

    def whole(match: re.Match[str]) -> str:
        if "<pre" in match[0]:
            return match[0]
        lines = [line.strip() for line in match[0].split("\n")]
        kept = [line for line in lines if line]
        # The lines below keep their numbers.
        return "\n".join(kept) + "\n" * (len(lines) - len(kept))

    return (
        outside_fences(text, lambda piece: _TABLE.sub(whole, piece)) if "<table" in text else text
    )


def inside_fences(text: str, change: Callable[[str], str]) -> str:
    """Return the text with `change` applied to each fenced block of code, fences included."""
    return "".join(change(piece) if code else piece for code, piece in pieces(text))


def outside_code(text: str, change: Callable[[str], str]) -> str:
    """Return the text with `change` applied to all that is neither fenced code nor code in a line."""

    def spans(piece: str) -> str:
        parts: list[str] = []
        place = 0
        for start, end in _code_spans(piece):
            parts += [change(piece[place:start]), piece[start:end]]
            place = end
        return "".join([*parts, change(piece[place:])])

    return outside_fences(text, spans)


def code_ranges(text: str) -> Iterator[tuple[int, int]]:
    """Yield where fenced code, and code in a line, begins and ends."""
    place = 0
    for fenced, piece in pieces(text):
        if fenced:
            yield place, place + len(piece)
        else:
            yield from ((place + start, place + end) for start, end in _code_spans(piece))
        place += len(piece)


def _code_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where code in a line begins and ends; it may not run over a blank line."""
    runs = list(_TICKS.finditer(text))
    blanks = [match.start() for match in _BLANK.finditer(text)]
    by_length: dict[int, list[int]] = {}
    for run in runs:
        by_length.setdefault(len(run[0]), []).append(run.start())
    place = 0
    for run in runs:
        if run.start() < place or text[max(0, run.start() - 1) : run.start()] == "\\":
            continue
        same = by_length[len(run[0])]
        at = bisect_right(same, run.start())
        stop = bisect_right(blanks, run.start())
        if at < len(same) and (stop == len(blanks) or same[at] < blanks[stop]):
            place = same[at] + len(run[0])
            yield run.start(), place


def substitute(pattern: re.Pattern[str], replace: Callable[[re.Match[str]], str], text: str) -> str:
    """Return the text with a pattern replaced outside of code."""
    if not pattern.search(text):
        return text
    return outside_code(text, lambda piece: pattern.sub(replace, piece))


def indented(text: str, margin: str) -> str:
    """Return lines with a margin before each that is not blank, but not before the first."""
    first, *rest = text.split("\n")
    return "\n".join([first, *(margin + line if line.strip() else line for line in rest)])


def fence_title(title: str) -> str:
    """Return the title of a fence of code; ` in it would make it none, and " end the title."""
    plain = " ".join(title.replace("`", "").replace('"', "'").split())
    return f' title="{plain}"' if plain else ""


def attributes_of(tag: str) -> dict[str, str]:
    """Return the attributes of a tag or directive: `key="value"`, `key='value'`, `key={"value"}`."""
    matches = re.findall(
        r"(?<![\w:-])([\w:-]+)\s*=\s*(?:\{\s*)?(?:\"([^\"]*)\"|'([^']*)'|`([^`]*)`|([^\s\"'{}>/]+))",
        tag,
    )
    return {key: next((value for value in values if value), "") for key, *values in matches}
