"""Add block rules to markdown-it that documentation uses beyond GitHub's dialect.

`*[HTML]: …` (abbreviations), `=== "Title"` (tabs), `/// note | Title` and `:::note Title` (boxes),
blank lines in a `<pre>` that stands in other HTML, `[words]` and `[label]` on two lines.
"""

from __future__ import annotations

import re
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import normalizeReference
from markdown_it.rules_block import StateBlock, html_block
from markdown_it.rules_inline import StateInline, link

_ABBREVIATION = re.compile(r"\*\[([^\]]+)\]:[ \t]*(.*)$")
_TAB = re.compile(r"===[!+]*[ \t]+[\"“'](.*)[\"”'][ \t]*$")
_FENCED = re.compile(
    r"(/{3,}|:{3,})[ \t]*([A-Za-z][\w-]*)(?:\[(.*)\])?(?:[ \t]*\|[ \t]*|[ \t]+)?(.*)$"
)
_LABEL_BELOW = re.compile(r"[ ]*\n[ ]*\[([^\[\]]+)\](?!\()")
_ALTERNATIVES: Any = {"alt": ["paragraph", "reference", "blockquote", "list"]}


def block_rules(md: MarkdownIt) -> None:
    """Teach `md` the blocks above."""
    md.block.ruler.before("fence", "abbreviation", _abbreviation, _ALTERNATIVES)
    md.block.ruler.before("fence", "tab", _tab, _ALTERNATIVES)
    md.block.ruler.before("fence", "fenced_box", _fenced_box, _ALTERNATIVES)
    md.inline.ruler.at("link", _link)
    md.block.ruler.at("html_block", _html, {"alt": ["paragraph", "reference", "blockquote"]})


def _link(state: StateInline, silent: bool) -> bool:
    """Parse a link; a line may end between its words and its label, if the label is defined."""
    if state.src[state.pos] == "[":
        end = state.md.helpers.parseLinkLabel(state, state.pos, True)
        label = _LABEL_BELOW.match(state.src, end + 1) if end >= 0 else None
        known = state.env.get("references", {})
        if label and normalizeReference(label[1]) in known:
            begin = label.start(1) - 1
            # The parser has stored the length of its text.
            state.src = state.src[: end + 1] + state.src[begin:] + " " * (begin - end - 1)
    return link(state, silent)


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]


def _abbreviation(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    match = _ABBREVIATION.match(_line(state, start))
    if not match or state.is_code_block(start):
        return False
    if not silent:
        state.env.setdefault("abbreviations", {})[match[1].strip()] = match[2].strip()
        state.line = start + 1
    return True


def _html(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Parse a block of HTML; one with an open `<pre>` extends to where it is closed."""
    if not html_block(state, start, end, silent):
        return False
    if silent:
        return True
    token = state.tokens[-1]
    while token.content.count("<pre") > token.content.count("</pre") and state.line < end:
        last = next((n for n in range(state.line, end) if "</pre" in _line(state, n)), -1)
        if last < 0:
            break
        while last < end and not state.isEmpty(last):
            last += 1
        token.content = state.getLines(start, last, state.blkIndent, True)
        token.map = [start, last]
        state.line = last
    return True


def _tab(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Parse a tab: its title, and what is indented below it."""
    match = _TAB.match(_line(state, start))
    if not match or state.is_code_block(start):
        return False
    if silent:
        return True
    inner = state.sCount[start] + 4
    last = start + 1
    for number in range(start + 1, end):
        if not state.isEmpty(number):
            if state.sCount[number] < inner:
                break
            last = number + 1
    outer, state.blkIndent = state.blkIndent, inner
    _box(state, "tab", match[1], start, last)
    state.blkIndent = outer
    state.line = last
    return True


def _fenced_box(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Parse a box between `:::note` and `:::`; without its end it is plain text."""
    match = _FENCED.match(_line(state, start))
    if not match or state.is_code_block(start):
        return False
    depth, last = 1, start + 1
    while last < end:
        text = _line(state, last).rstrip()
        if text == match[1]:
            depth -= 1
        elif text.startswith(match[1]) and _FENCED.match(text) and text[len(match[1])] != ":":
            depth += 1
        if not depth:
            break
        last += 1
    if depth:
        return False
    if not silent:
        title = match[3] or re.sub(r"^\{.*\}$", "", match[4])
        _box(state, match[2].lower(), title, start, last)
        state.line = last + 1
    return True


def _box(state: StateBlock, kind: str, title: str, start: int, end: int) -> None:
    """Add the tokens of a box; `start` is the line of its title, `end` the line after it."""
    token = state.push("box_open", "div", 1)
    token.attrs = {"class": f"admonition {kind}"}
    token.map = [start, end]
    if title.strip():
        token = state.push("box_title_open", "p", 1)
        token.attrs = {"class": "admonition-title"}
        token.map = [start, start + 1]
        token = state.push("inline", "", 0)
        token.content, token.children, token.map = title.strip(), [], [start, start + 1]
        state.push("box_title_close", "p", -1)
    outer, state.lineMax = state.lineMax, end
    parent, state.parentType = state.parentType, "admonition"
    state.md.block.tokenize(state, start + 1, end)
    state.lineMax, state.parentType = outer, parent
    state.push("box_close", "div", -1)
