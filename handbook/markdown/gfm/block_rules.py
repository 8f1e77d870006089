"""Add block rules to markdown-it that documentation uses beyond GitHub's dialect.

`*[HTML]: …` (abbreviations), `=== "Title"` (tabs), `/// note | Title` and `:::note Title` (boxes),
blank lines in a `<pre>` inside other HTML, `[words]` and `[label]` on two lines, `$math$`.
Nothing is dropped without a finding: blocks nested too deeply are printed as text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from markdown_it import MarkdownIt, helpers
from markdown_it.rules_block import StateBlock, html_block
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from ..convert.formulas import is_money
from ..elements import Finding
from ..foreign_syntax import lines_with_fences
from ..inline_pieces import pieces
from ..syntax import ATTRIBUTES_AT_START, attributes
from .html_nodes import MAX_NESTING

_ABBREVIATION = re.compile(r"\*\[([^\]]+)\]:[ \t]*(.*)$")
_MEANING = re.compile(r":[ \t]{1,3}(?=\S)")
_TAB = re.compile(r"===[!+]*[ \t]+[\"“'](.*)[\"”'][ \t]*$")
_FENCED = re.compile(
    r"(/{3,}|:{3,})[ \t]*([A-Za-z][\w-]*)(?![\w.:/-])(?:\[(.*)\])?(?:[ \t]*\|[ \t]*|[ \t]+)?(.*)$"
)
# No space inside, no word or figure next to it: `$5 or $6` and `$HOME/${NAME}` are not formulas.
_MATH = re.compile(r"(\${1,2})(?![\s$])([^$\n]*[^\s$\\])\1(?![$\w({])")
_SLASHES = re.compile(r"[ \t>]*/{3,}[ \t]*$")
_NOTE_MARK = re.compile(r"\[\^[^\]\s]+\]")
_BEFORE_MATH = re.compile(r"[\\$\w]")
_ALTERNATIVES: Any = {"alt": ["paragraph", "reference", "blockquote", "list"]}


def block_rules(md: MarkdownIt) -> None:
    """Teach `md` the blocks above."""
    md.block.ruler.before("fence", "abbreviation", _abbreviation, _ALTERNATIVES)
    md.block.ruler.before("fence", "tab", _tab, _ALTERNATIVES)
    md.block.ruler.before("fence", "fenced_box", _fenced_box, _ALTERNATIVES)
    md.block.ruler.at("html_block", _html, {"alt": ["paragraph", "reference", "blockquote"]})
    md.inline.ruler.at("math_inline", _math)
    md.inline.ruler.after("link", "bracketed_span", _bracketed_span)
    md.core.ruler.at("inline", _inlines)
    md.helpers = SimpleNamespace(  # type: ignore[assignment]
        parseLinkLabel=_label_end,
        parseLinkDestination=helpers.parseLinkDestination,
        parseLinkTitle=helpers.parseLinkTitle,
    )
    md.core.ruler.before("footnote_tail", "unnest_notes", _unnest_notes)
    md.core.ruler.before("footnote_tail", "keep_notes", _keep_notes)
    md.block.ruler.before("fence", "lone_meaning", _lone_meaning)
    md.options["maxNesting"] = MAX_NESTING + 10
    tokenize = md.block.tokenize

    def bounded(state: StateBlock, start: int, end: int) -> None:
        if state.level < MAX_NESTING:
            tokenize(state, start, end)
        else:
            _as_text(state, start, end)

    vars(md.block)["tokenize"] = bounded


def report(env: Any, line: int, message: str, hint: str = "", code: str = "unprintable") -> None:
    """Add a finding to those of the text that is being parsed."""
    env.setdefault("findings", []).append(Finding(line, message, hint, code))


def _inlines(state: StateCore) -> None:
    """Parse the mark-up of each paragraph, a piece of a long one at a time."""
    for token in state.tokens:
        if token.type == "inline":
            token.children = token.children or []
            for part in pieces(token.content):
                token.children += state.md.inline.parse(part, state.md, state.env, [])


def _label_end(state: StateInline, start: int, disableNested: bool = False) -> int:
    """Return where the label that opens at `start` closes, looked for once for all rules."""
    if state.src.find("]", start, state.posMax) < 0:
        return -1
    known: dict[tuple[str, int, bool, int], int] = vars(state).setdefault("labels", {})
    key = (state.src, start, disableNested, state.posMax)
    if key not in known:
        known[key] = _find_label_end(state, start, disableNested)
    return known[key]


def _find_label_end(state: StateInline, start: int, no_links: bool) -> int:
    """Return where a label closes, or -1; with `no_links`, also if a link is in it.

    As markdown-it has it, but the mark of a footnote is not a link: GitHub takes both.
    """
    before, depth, end = state.pos, 1, -1
    state.pos = start + 1
    while state.pos < state.posMax:
        sign, at = state.src[state.pos], state.pos
        if sign == "]":
            depth -= 1
            if not depth:
                end = at
                break
        state.md.inline.skipToken(state)
        if sign != "[":
            continue
        if state.pos == at + 1:
            depth += 1
        elif no_links and not _NOTE_MARK.fullmatch(state.src, at, state.pos):
            break
    state.pos = before
    return end


def _unnest_notes(state: StateCore) -> None:
    """Move footnotes that are written inside other footnotes behind those."""
    tokens: list[Token] = []
    opened: list[list[Token]] = []
    inner: list[Token] = []
    for token in state.tokens:
        if token.type == "footnote_reference_open":
            opened.append([])
        (opened[-1] if opened else tokens).append(token)
        if token.type == "footnote_reference_close":
            note = opened.pop()
            if opened:
                inner += note
            else:
                tokens += [*note, *inner]
                inner = []
    state.tokens = _without_second_notes(tokens, state)


def _without_second_notes(tokens: Sequence[Token], state: StateCore) -> list[Token]:
    """Leave out footnotes whose name another has already, as GitHub does, and report them."""
    kept: list[Token] = []
    known: set[str] = set()
    left_out = False
    for number, token in enumerate(tokens):
        if token.type == "footnote_reference_open":
            name = str(token.meta["label"])
            left_out = name in known
            known.add(name)
            if left_out:
                line = next((one.map[0] for one in tokens[number:] if one.map), 0)
                message = f"the footnote [^{name}] is written twice; the second is left out"
                report(state.env, line, message, "give one of them another name", "note-twice")
        if not left_out:
            kept.append(token)
        if token.type == "footnote_reference_close":
            left_out = False
    return kept


def _keep_notes(state: StateCore) -> None:
    """Keep footnotes that the text does not refer to: the title may."""
    known = state.env.get("footnotes", {})
    listed = known.setdefault("list", {}) if known else {}
    for name, number in known.get("refs", {}).items():
        if number < 0:
            listed[len(listed)] = {"label": name[1:], "count": 1}


def _as_text(state: StateBlock, start: int, end: int) -> None:
    """Parse what is nested too deeply as one paragraph."""
    report(
        state.env,
        start,
        "blocks are nested too deeply; from here on they are printed as text",
        "write it flatter",
        "nesting",
    )
    token = state.push("paragraph_open", "p", 1)
    token.map = [start, end]
    token = state.push("inline", "", 0)
    token.map, token.children = [start, end], []
    token.content = state.getLines(start, end, state.blkIndent, False).strip()
    state.push("paragraph_close", "p", -1)
    state.line = end


def _math(state: StateInline, silent: bool) -> bool:
    """Parse `$math$` or `$$math$$`."""
    match = _MATH.match(state.src, state.pos)
    if not match or (state.pos and _BEFORE_MATH.match(state.src[state.pos - 1])):
        return False
    if is_money(match[2]):
        return False
    if not silent:
        kind = "math_inline" if len(match[1]) == 1 else "math_inline_double"
        state.push(kind, "math", 0).content = match[2]
    state.pos = match.end()
    return True


def _bracketed_span(state: StateInline, silent: bool) -> bool:
    """Parse `[words]{#id .class}`: the words, and a place that links find."""
    if state.src[state.pos] != "[":
        return False
    start, end = state.pos, state.md.helpers.parseLinkLabel(state, state.pos, False)
    match = ATTRIBUTES_AT_START.match(state.src, end + 1) if end >= 0 else None
    if not match:
        return False
    if not silent:
        attribute_list = attributes(match[1])
        token = state.push("span_open", "span", 1)
        token.attrs = {"id": attribute_list.id} if attribute_list.id else {}
        if attribute_list.pairs.get("lang"):
            token.attrSet("lang", attribute_list.pairs["lang"])
        limit, state.posMax, state.pos = state.posMax, end, start + 1
        state.md.inline.tokenize(state)
        state.posMax = limit
        state.push("span_close", "span", -1)
    state.pos = match.end()
    return True


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


def _lone_meaning(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Parse a meaning without a term (`:   words`): its words, and what is indented below it."""
    match = _MEANING.match(_line(state, start))
    if not match or state.is_code_block(start) or state.parentType in ("dl", "dd"):
        return False
    if silent:
        return True
    indent, offset = state.sCount[start] + len(match[0]), state.bMarks[start] + state.tShift[start]
    last = start + 1
    for number in range(start + 1, end):
        if not state.isEmpty(number):
            if state.sCount[number] < min(indent, state.sCount[start] + 4):
                break
            last = number + 1
    token = state.push("lone_meaning_open", "div", 1)
    token.map = [start, last]
    outer = (state.blkIndent, state.tShift[start], state.sCount[start], state.lineMax)
    state.blkIndent = min(indent, state.sCount[start] + 4)
    state.tShift[start] = offset + len(match[0]) - state.bMarks[start]
    state.sCount[start], state.lineMax = state.blkIndent, last
    state.md.block.tokenize(state, start, last)
    state.blkIndent, state.tShift[start], state.sCount[start], state.lineMax = outer
    state.push("lone_meaning_close", "div", -1)
    state.line = last
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
    """Parse a box between `:::note` and `:::`.

    The closing line may be longer or shorter than the opening one.  Without one the box ends with
    what contains it, and is reported.
    """
    match = _FENCED.match(_line(state, start))
    if not match or state.is_code_block(start):
        return False
    if match[1][0] == "/" and _last_closing(state) <= start:
        return False
    if silent and match[1][0] == ":":
        return True
    last, closed = _fenced_box_end(state, start, end, match[1])
    if not closed and match[1][0] == "/":
        return False
    if silent:
        return True
    if not closed:
        container = "what contains it" if state.level else "the page"
        report(
            state.env,
            start,
            f"'{match[1]}{match[2]}' is never closed; it ends with {container}",
            f"end it with a line of {match[1]}",
            "open-container",
        )
    title = match[3] or re.sub(r"^\{.*\}$", "", match[4])
    _box(state, match[2].lower(), title, start, last)
    state.line = last + closed
    return True


def _last_closing(state: StateBlock) -> int:
    """Return the last line of the page that is a line of slashes, looked for once."""
    known: dict[str, int] = state.env.setdefault("last_closing", {})
    if state.src not in known:
        lines = state.src.split("\n")
        closing = (n for n, line in enumerate(lines) if _SLASHES.match(line))
        known[state.src] = max(closing, default=-1)
    return known[state.src]


def _fenced_box_end(state: StateBlock, start: int, end: int, fence: str) -> tuple[int, bool]:
    """Return the line that ends the box opened at `start`, and whether it closes it.

    A closing line closes the innermost box that was opened with as many characters, or the
    innermost of all.  A box in an item ends with that at the latest; `end` is the page's.
    """
    opened = [len(fence)]
    lines = [state.getLines(number, number + 1, 0, False) for number in range(start + 1, end)]
    for place, line, in_code in lines_with_fences(lines):
        number, text = start + 1 + place, line.strip()
        outside = bool(text) and state.sCount[number] < state.blkIndent
        if not in_code and text.startswith(fence[0] * 3):
            if not text.strip(fence[0]):
                same = [place for place, width in enumerate(opened) if width == len(text)]
                del opened[same[-1] if same else -1 :]
                if not opened:
                    return number, True
            elif inner := _FENCED.match(text):
                opened.append(len(inner[1]))
        if outside:
            return number, False
    return end, False


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
