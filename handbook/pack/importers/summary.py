"""Read a SUMMARY.md: a list of links, with parts as headings."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from urllib.parse import unquote

from .model import Entry, Group, Page
from .rewriting import without_comments

_LINE = re.compile(
    r"([ ]*)([-*+]|\d+[.)])?[ ]*\[(.*)\]\([ ]*<?((?:[^)> ]|[ ]+(?![ >)\"']))*)>?"
    r"(?:[ ]+[\"'].*[\"'])?[ ]*\)[ ]*$"
)
_WORDS = re.compile(r"([ ]*)(?:[-*+]|\d+[.)])[ ]+([^\[\]]+)$")
# No line of a list of pages is longer; what is says nothing.
_LONGEST = 4_000
_PART = re.compile(r"#{1,6}[ ]+(.+?)[ ]*#*$")
_TAG = re.compile(r"<[^<>]+>|&#8203;")


def read_summary(
    text: str,
    find: Callable[[str], Page | None],
    left_out: Callable[[str, str], None],
    numbered_lists: bool = False,
) -> list[Entry]:
    """Return the entries; `find` returns the page of an address, once.

    With `numbered_lists`, a chapter that is not an item of a list has no number.
    """
    top: list[Entry] = []
    stack: list[tuple[int, list[Entry]]] = [(-1, top)]
    seen_heading = False
    part = top
    for line in without_comments(text).expandtabs(4).split("\n"):
        if len(line) > _LONGEST:
            left_out("lines of the list that are too long", line[:40])
            continue
        if heading := _PART.match(line):
            # The first heading is that of the list itself.
            if seen_heading or top:
                part = []
                top.append(Group(plain_title(heading[1]), part))
                stack = [(-1, part)]
            seen_heading = True
            continue
        link, bare = _LINE.match(line), _WORDS.match(line)
        match = link or bare
        if not match:
            continue
        title = plain_title(match[3] if link else match[2])
        page = None
        if link:
            address = unquote(link[4].split("#")[0]).removeprefix("./")
            page = find(address) if address else None
            if page is None and not address:
                left_out("chapters without a page", title)
            elif page is None and "://" in address:
                left_out("web addresses in the list of pages", title)
        while len(stack) > 1 and stack[-1][0] >= len(match[1]):
            stack.pop()
        if page:
            page.title = title
            page.numbered = not (numbered_lists and link and not link[2])
        group = Group(title, [], page)
        if link and not link[2] and numbered_lists:
            # What has no number belongs to no part: the suffix chapters.
            stack = [(-1, top if page else part)]
            stack[-1][1].append(group)
            continue
        stack[-1][1].append(group)
        stack.append((len(match[1]), group.entries))
    return without_empty(top)


def without_empty(entries: Sequence[Entry]) -> list[Entry]:
    """Return entries without groups that have no pages; a group of its own page alone is that."""
    kept: list[Entry] = []
    for entry in entries:
        if isinstance(entry, Group):
            entry.entries = without_empty(entry.entries)
            if not entry.entries:
                if entry.page:
                    kept.append(entry.page)
                continue
        kept.append(entry)
    return kept


def plain_title(title: object) -> str:
    """Return a title of a list of pages without mark-up."""
    words = _TAG.sub("", str(title)).replace("`", "")
    words = re.sub(r"!\[[^\]]*\]\([^)]*\)|\{:?[ ]*[.#][\w-]+[ ]*\}", "", words)
    words = re.sub(r"\\([\\`*_{}\[\]()#+.!<>&|~-])", r"\1", words)
    words = re.sub(r"(\*\*|__|(?<!\w)[*_]|[*_](?!\w))(?=\S|$)", "", words)
    return " ".join(words.split())
