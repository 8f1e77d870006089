"""Marks that carry each line's number through Python-Markdown.

Python-Markdown forgets where a block began.  So each line gets an invisible
mark with its number, behind whatever sign makes it a list item, a heading or a
table row; the tree then holds the marks where the text is, and they are taken
out when text becomes inlines.
"""

from __future__ import annotations

import re

OPEN, CLOSE = "\ue002", "\ue003"
MARK = re.compile(f"{OPEN}(\\d+){CLOSE}")

_PREFIX = re.compile(r"\s*(?:(?:[-*+]|\d+[.)])\s+|>\s?|#{1,6}\s+|:\s+(?=\S)|\|)*")
# Lines whose beginning Python-Markdown must see as it is.
_BARE = re.compile(
    r"\s*(?:[-=|:+ ]+$|\{|\[\^?[^\]]+\]:|\*\[[^\]]+\]:|!!!|\?\?\?|(?:[-*_]\s*){3,}$)"
)
# Lines of our own syntax, which we read ourselves: the mark goes to the end.
_OWN = re.compile(r"\s*(?:>\s?|(?:[-*+]|\d+[.)])\s+)*(?::::*(?=\s|\w|$)|`{3,}|~{3,})")
_FENCE = re.compile(r"\s*(?:>\s?|(?:[-*+]|\d+[.)])\s+)*(`{3,}|~{3,})(.*)")


def mark(text: str) -> str:
    """`text` with a mark on each line that has words, numbered from 0."""
    marked: list[str] = []
    fence = ""
    for number, line in enumerate(text.split("\n")):
        match = _FENCE.match(line)
        if fence:
            if match and match.group(1).startswith(fence) and not match.group(2).strip():
                fence = ""
            marked.append(line)
            continue
        if match and "`" not in match.group(2):
            fence = match.group(1)
        marked.append(_marked(line, number))
    return "\n".join(marked)


def _marked(line: str, number: int) -> str:
    sign = f"{OPEN}{number}{CLOSE}"
    if not line.strip():
        return line
    if _OWN.match(line):
        return line + sign
    if _BARE.match(line):
        return line
    prefix = _PREFIX.match(line)
    end = prefix.end() if prefix else 0
    if end == len(line):
        return line
    return line[:end] + sign + line[end:]


def clean(text: str) -> str:
    """`text` without marks."""
    return MARK.sub("", text) if OPEN in text else text


def first(text: str) -> int:
    """The number of the first marked line in `text`, -1 if none is."""
    match = MARK.search(text)
    return int(match.group(1)) if match else -1
