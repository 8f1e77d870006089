"""Define the words with a meaning, and parse attribute lists: `{#id .class key="value"}`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

# Boxes: `::: tip`, `!!! tip` and `> [!TIP]` alike.
ADMONITIONS = frozenset(
    {"note", "tip", "caution", "warning", "important", "retired", "exam", "facts", "example",
     "question", "answer", "key", "trap"}
)  # fmt: skip
# Boxes of other tools, understood everywhere; an unknown kind looks like a note.
FOREIGN_ADMONITIONS = frozenset(
    {"info", "hint", "danger", "attention", "error", "success", "failure", "bug", "abstract",
     "summary", "todo", "seealso"}
)  # fmt: skip
DIVISIONS = frozenset({"together", "margin"})
DIRECTIVES = frozenset(
    {"contents", "page-break", "lines", "figure", "links", "index", "figures", "tables", "field-qr"}
)
ROLES = frozenset({"page", "ref", "field", "lang", "index"})
TAGS = frozenset({"br", "kbd", "sub", "sup", "mark", "small", "abbr", "span", "del", "s"})

# Words on either side of one of these are not one word.
_HTML_BLOCKS = """
address article aside blockquote caption center dd details div dl dt fieldset figcaption figure
footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot
th thead tr ul
"""
HTML_BLOCKS = frozenset(_HTML_BLOCKS.split())

_VALUE = r"""(?:"[^"]*"|'[^']*'|[^\s"'{}]+)"""
_ITEM = rf"(?:[#.][\w:.-]+|[\w:-]+={_VALUE})"
_LIST = rf"\{{:?[ ]*({_ITEM}(?:\s+{_ITEM})*)\s*\}}"
ATTRIBUTE_LINE = re.compile(rf" {{0,3}}{_LIST}\s*$")
ATTRIBUTES_AT_END = re.compile(rf"(?:^|(?<!\s)\s+){_LIST}\s*$")
ATTRIBUTES_AT_START = re.compile(_LIST)
_TOKEN = re.compile(
    r"#(?P<id>[\w:.-]+)|\.(?P<cls>[\w:.-]+)"
    rf"|(?<![\w:-])(?P<key>[\w:-]+)=(?P<value>{_VALUE})"
    r"""|(?P<title>"[^"]*"|'[^']*'|“[^“”]*”)"""
)


class Attributes(NamedTuple):
    """A parsed attribute list: `title` is a quoted word, `rest` the words that are not items."""

    id: str = ""
    classes: tuple[str, ...] = ()
    pairs: dict[str, str] = {}  # noqa: RUF012 - never changed
    title: str | None = None
    rest: str = ""


def attributes(text: str) -> Attributes:
    """Parse `#id .class key="v w" "Title"`, with or without braces around it."""
    text = text.strip()
    if text.startswith("{") and text.endswith("}"):
        text = text[1:-1].removeprefix(":")
    target = ""
    classes: list[str] = []
    pairs: dict[str, str] = {}
    title: str | None = None
    rest: list[str] = []
    place = 0
    for match in _TOKEN.finditer(text):
        if match.start() and not text[match.start() - 1].isspace():
            continue
        rest.append(text[place : match.start()])
        place = match.end()
        if match["id"]:
            target = match["id"]
        elif match["cls"]:
            classes += match["cls"].split(".")
        elif match["key"]:
            pairs[match["key"]] = _unquoted(match["value"])
        else:
            title = match["title"][1:-1]
    rest.append(text[place:])
    return Attributes(target, tuple(classes), pairs, title, " ".join("".join(rest).split()))


def _unquoted(value: str) -> str:
    return value[1:-1] if value[0] in "\"'" else value


def mistyped(name: str, known: Iterable[str]) -> str:
    """Return the known word that `name` is a likely typing error of, or an empty string."""
    folded = name.casefold()
    for word in sorted(known):
        allowed = 0 if min(len(word), len(folded)) < 4 else 1 if len(word) < 7 else 2
        same_letters = sorted(word) == sorted(folded)
        if same_letters or folded == f"{word}s" or _slips(folded, word) <= allowed:
            return word
    return ""


def _slips(one: str, other: str) -> int:
    """Return how many letters were added, left out, exchanged or swapped between two words."""
    before: list[int] = []
    above = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, wanted in enumerate(other, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, above = above, row
    return above[-1]
