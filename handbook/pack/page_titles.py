"""Find the title of a page in its text, so that it is printed once."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from ..core.patterns import late
from ..core.values import frozen

# A longer title is not a title; what is looked for in one takes longer the longer it is.
_LONGEST = 1000
# Behind any marks of items; a line with code in it is not a fence.
_FENCE = late(r"[ ]{0,3}(?:(?:[-*+]|\d{1,9}[.)])[ ]{1,4})*(`{3,}(?=[^`]*$)|~{3,})")
_ATX = late(r"[ ]{0,3}(#{1,6})[ \t]+(?=\S)(.+)")
_UNDERLINE = late(r"[ ]{0,3}(=+|-{2,})[ \t]*$")
_H1 = late(r"[ ]{0,3}<h1\b[^>]*>(.*?)</h1>[ \t]*$", re.DOTALL | re.IGNORECASE)
_ATTRIBUTES = late(r"\{:?([^{}]*)\}\Z")
_ID = late(r"#([\w:.-]+)")
_BADGE = late(
    r"\[!\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])\](?:\([^)]*\)|\[[^\]]*\])"
    r"|!\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])|<img\b[^<>]*>|<a\b[^<>]*>\s*<img\b[^<>]*>\s*</a>"
)
_ALT = late(r"!\[([^\]]+)\]|\balt=[\"']([^\"']+)")
# What may come before a title without being part of the text.
_BEFORE = late(
    r"<(a|span)\b[^>]*>\s*</\1>|<a\b[^>]*/>|</?(?:p|div|center|br)\b[^>]*>|<!--.*?-->|\[\]\([^)]*\)"
    r"|\{[:#][^{}]*\}|\([\w-]+\)=$"
)
_MARKUP = late(r"<[^>]*>|[^\w]+")


@frozen
class _Heading:
    """A heading: its level, its words, its lines, and whether only anchors come before it."""

    level: int
    words: str
    first: int
    end: int
    opens: bool


def take_title(text: str, named: str = "") -> tuple[str, str]:
    """Return the title in a page's text, and the text without it; the lines keep their numbers.

    `named` is what front matter or a list of pages call the page.  The title is the first heading
    if it is of level 1, says the same as `named`, or nothing else names the page.
    """
    heading = next(_headings(text), None)
    if heading is None:
        return "", text
    words, target = _plain_heading(heading.words)
    same = same_words(words, named)
    if heading.level == 1:
        is_title = heading.opens or same or not named
    else:
        is_title = same or (heading.opens and not named)
    if not words or not is_title:
        return "", text
    lines = text.split("\n")
    lines[heading.first : heading.end] = [""] * (heading.end - heading.first)
    if target:
        lines[heading.first] = f'<a id="{target}"></a>'
    return words, "\n".join(lines)


def has_sections(text: str) -> bool:
    """Return whether a page without its title has headings of the level of titles."""
    return any(heading.level == 1 for heading in _headings(text))


def same_words(one: str, other: str) -> bool:
    """Return whether two titles say the same, mark-up and punctuation aside."""
    return _letters(one) == _letters(other)


def without_badges(title: str) -> str:
    """Return a title without pictures; one that is a picture alone is the picture's words."""
    title = title[:_LONGEST]
    words = " ".join(_BADGE.sub(" ", title).split())
    if words:
        return words
    alt = _ALT.search(title)
    return (alt[1] or alt[2]).strip() if alt else ""


def _letters(words: str) -> str:
    return _MARKUP.sub("", html.unescape(words)).casefold()


def _plain_heading(words: str) -> tuple[str, str]:
    """Return a heading's words without badges and attributes, and the id among those."""
    words = words.rstrip()
    attributes = _ATTRIBUTES.match(words, max(0, words.rfind("{")))
    if attributes and not set("#.=-").intersection(attributes[1]):
        attributes = None
    target = _ID.search(attributes[1]) if attributes else None
    words = words[: attributes.start()].rstrip() if attributes else words
    return without_badges(words), target[1] if target else ""


def _headings(text: str) -> Iterator[_Heading]:
    """Yield the headings outside of code, fences and comments."""
    lines = text.split("\n")
    opens, fence, comment = True, "", False
    for at, line in enumerate(lines):
        if fence:
            if line.strip().startswith(fence) and not line.strip(" \t" + fence[0]):
                fence = ""
            continue
        if comment:
            comment = "-->" not in line
            continue
        if match := _FENCE.match(line):
            fence, opens = match[1], False
            continue
        if "<!--" in line and "-->" not in line.rsplit("<!--", 1)[1]:
            comment = True
            continue
        heading = _heading_at(lines, at)
        if heading:
            level, words, end = heading
            yield _Heading(level, words, at, end, opens)
            opens = False
        if _BEFORE.sub("", _BADGE.sub("", line[:_LONGEST])).strip():
            opens = False


def _heading_at(lines: list[str], at: int) -> tuple[int, str, int] | None:
    """Return the level, the words and the end of the heading that begins on a line."""
    line = lines[at]
    if match := _ATX.match(line):
        words = match[2].rstrip()
        unclosed = words.rstrip("#")
        if unclosed[-1:] in (" ", "\t"):
            words = unclosed.rstrip()
        return len(match[1]), words, at + 1
    if re.match(r"[ ]{0,3}<h1\b", line, re.IGNORECASE):
        for end in range(at + 1, min(at + 12, len(lines)) + 1):
            if match := _H1.match("\n".join(lines[at:end])):
                words = html.unescape(re.sub(r"<(?!img\b)[^<>]+>", "", match[1]))
                return (1, " ".join(words.split()), end) if without_badges(words) else None
        return None
    below = lines[at + 1] if at + 1 < len(lines) else ""
    underline = _UNDERLINE.match(below)
    before = lines[at - 1].strip() if at else ""
    if underline and line.strip() and not before and _is_paragraph(line):
        return 1 if underline[1][0] == "=" else 2, line.strip(), at + 2
    return None


def _is_paragraph(line: str) -> bool:
    return not re.match(r"\s{4}|\s*(?:[<>#|]|[-*+]\s|\d+[.)]\s|[-=*_]{3,}\s*$)", line)
