"""Compare the words of a chapter's source with the words of its nodes.

What is missing or doubled is a defect of reading, whatever its cause: so this knows as little as it
can of how reading works.  It takes mark-up off the source with patterns, splits both sides into
words, and reports each word that the nodes have less often than the source.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from difflib import SequenceMatcher
from typing import TypeAlias, get_args
from unicodedata import normalize

from ..core.diagnostics import Source
from ..core.patterns import late
from ..document.nodes import (
    ChartBlock,
    Checkbox,
    Code,
    CodeBlock,
    Diagram,
    Directive,
    Division,
    Image,
    Inline,
    Inlines,
    LineBreak,
    Link,
    Span,
    Text,
)
from .elements import Finding
from .foreign_syntax import FENCE_LINE, lines_with_fences
from .syntax import HTML_BLOCKS

# The blocks that plug-ins were given, by name and place.
Plugged: TypeAlias = Mapping[tuple[str, Source], Division | Directive]

# Words that are printed twice in a row of this length are reported.
SHORTEST_DOUBLE = 4
# Fields of nodes that are addresses, or that are words taken elsewhere.
_NEVER_WORDS = frozenset({"source", "target", "id", "path", "text", "alt"})
_WORD = late(r"[^\W_]+")
_NOTE = late(r"(\[\^[^\]\s]+\]):")
# What may be inside a word, and what emphasis and escapes put there.
_INSIDE_WORDS = late(r"[\u00ad\u200b-\u200f\u2060\ufe0e\ufe0f*_~`^\\\[\]]")
_SCREEN_ONLY = late(
    r"(?P<code>(?<!(?<!\\)`)(?P<ticks>`+)(?!`)[^\n]*?[^`\n](?P=ticks)(?!`))"
    r"|<(?P<name>script|style|svg|math|canvas|iframe|object|video|audio)\b.*?(?:</(?P=name)\s*>|\Z)",
    re.S | re.I,
)
_DESTINATION = (
    r"\]\(\s*(?:<[^<>\n]*>|(?:[^()\\\s]|\\.|\((?:[^()\\]|\\.)*\))*)"
    r"(?:\s+(?:\"[^\"]*\"|'[^']*'|\([^)]*\)))?\s*\)"
)
# Each pattern with what remains of it: nothing, a space, or a group.
_MARKUP = late(
    "|".join(
        (
            r"(?P<code>(?<!(?<!\\)`)(?P<ticks>`+)(?!`)(?P<literal>[^\n]*?[^`\n])(?P=ticks)(?!`))",
            r"(?P<comment><!--.*?-->)",
            r"<(?P<address>(?:[a-z][a-z0-9+.-]*:|[^\s<>@]+@)[^\s<>]*)>",
            r"(?P<tag></?(?P<name>[A-Za-z][\w.-]*)(?:\s[^<>]*)?/?>)",
            rf"(?P<link>{_DESTINATION}|\]\[[^\]\n]*\])",
            r"(?P<note>\[\^[^\]\s]+\]:?)",
            r"(?P<attributes>(?<![_^])\{:?[ ]*(?:[#.][\w:.-]+|[\w:-]+=)[^{}\n]*\})",
            r"(?P<role>:(?:page|ref|field)\[[^\]\n]*\](?:\{[^}\n]*\})?)",
            r":(?:lang|index)(?P<words>\[[^\]\n]*\])(?:\{[^}\n]*\})?",
            # A definition whose address or title is on a line of its own.
            r"(?m:^[ \t>]*\[(?!\^)[^\]\n]{1,999}\]:[ \t]*\n[ \t>]*(?!\[)\S+[ \t]*"
            r"(?:\n?[ \t>]*(?:\"[^\"\n]*\"|'[^'\n]*')[ \t]*)?$)",
            r"(?P<icon>:(?:material|fontawesome|octicons|simple|lucide)-[\w-]+:)",
        )
    ),
    re.S | re.I,
)
# What begins a line, behind any marks of quotes and items.
_LINE_MARKUP = late(
    r"[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t][ \t>]*)*(?:\[[ xX]\][ \t]+)?"
    r"(?:(?P<drop>\[[^\]^\n]+\]:[ \t]*\S.*|\*\[[^\]\n]+\]:.*|::[a-z][\w-]*(?:[ \t].*)?)$"
    r"|:{3,}[ \t]*[\w-]*|!!![ ]?[\w -]*|\?\?\?\+?[ ]?[\w -]*|/{3,}[ \t]*[\w-]*|\[!\w+\][+-]?"
    r"|(?:Table|Figure):[ ]|\d{1,9}[.)]$)?",
    re.I,
)


def coverage_findings(
    text: str, nodes: Iterable[object], reported_lines: Collection[int], plugged: Plugged
) -> list[Finding]:
    """Return a finding for each line with words that `nodes` lack, or have twice.

    `text` is the source that was read; `reported_lines` have been reported already.  What plug-ins
    make may have other words than the source, so `plugged` has the blocks that they were given.
    """
    printed_texts: list[str] = []
    hidden_texts: list[str] = []
    for node in nodes:
        _collect(node, printed_texts, hidden_texts, plugged)
    # What is printed as it is written is code, whose lines have no mark-up.
    verbatim = {_bare(line) for each in printed_texts for line in each.split("\n")}
    code = {n for n, line in enumerate(text.split("\n")) if _bare(line) in verbatim}
    marked = (line for n, line in enumerate(text.split("\n")) if n not in code)
    notes = frozenset(_NOTE.findall("\n".join(marked)))
    source = [(word, line) for line, words in _source_lines(text, notes) for word in _words(words)]
    printed = [word for each in printed_texts for word in _words(each)]
    hidden = Counter(word for each in hidden_texts for word in _words(each))
    wanted, present = Counter(word for word, _ in source), Counter(printed)
    lacking = wanted - present - hidden
    doubled = present - (Counter(_words(text)) | wanted)
    if not lacking and not doubled:
        return []
    matcher = SequenceMatcher(None, [word for word, _ in source], printed)
    operations = [operation for operation in matcher.get_opcodes() if operation[0] != "equal"]
    return [
        *_missing(source, lacking, operations, {*reported_lines, *code}, set(printed)),
        *_doubled(source, printed, doubled, operations),
    ]


def _bare(line: str) -> str:
    """Return a line without its indent and the marks of quotes."""
    return line.strip(" \t>")


def _missing(
    source: Sequence[tuple[str, int]],
    lacking: Counter[str],
    operations: Iterable[tuple[str, int, int, int, int]],
    reported_lines: Collection[int],
    printed: Collection[str],
) -> Iterator[Finding]:
    lost: dict[int, list[str]] = {}
    for _, begin, end, _, _ in operations:
        for place in range(begin, end):
            word, line = source[place]
            if lacking[word] > 0 and not _is_joined(source, place, printed):
                lacking[word] -= 1
                lost.setdefault(line, []).append(word)
    for line, words in sorted(lost.items()):
        if line not in reported_lines:
            shown = " ".join(words[:12]) + (" …" if len(words) > 12 else "")
            yield Finding(
                line,
                f"words of this line are not in the book: {shown!r}",
                "write them differently, and report this as a bug in handbook",
                "lost-text",
            )


def _is_joined(source: Sequence[tuple[str, int]], place: int, printed: Collection[str]) -> bool:
    """Return whether a word is printed as one with its neighbours, as where mark-up parts it."""
    for first in range(max(0, place - 2), place + 1):
        for last in range(place + 1, min(len(source), place + 3) + 1):
            if last - first > 1 and "".join(word for word, _ in source[first:last]) in printed:
                return True
    return False


def _doubled(
    source: Sequence[tuple[str, int]],
    printed: Sequence[str],
    doubled: Counter[str],
    operations: Iterable[tuple[str, int, int, int, int]],
) -> Iterator[Finding]:
    lines = dict(reversed(source))
    for _, _, _, first, last in operations:
        words: list[str] = []
        for word in (*printed[first:last], ""):
            if doubled[word] > 0 and word in lines:
                words.append(word)
                continue
            if len(words) >= SHORTEST_DOUBLE:
                yield Finding(
                    lines[words[0]],
                    f"words of this line are in the book twice: {' '.join(words[:12])!r}",
                    "write them differently, and report this as a bug in handbook",
                    "doubled-text",
                )
            words = []


def _words(text: str) -> list[str]:
    # The label of a link that is not defined is printed right behind its words.
    plain = _INSIDE_WORDS.sub("", normalize("NFC", text).replace("][", "] ["))
    return _WORD.findall(plain.casefold())


def _source_lines(text: str, notes: Collection[str]) -> Iterator[tuple[int, str]]:
    """Yield the lines of the source without mark-up; those of code as they are."""
    prose: list[str] = []
    for number, line, in_code in lines_with_fences([*text.split("\n"), "```"]):
        if not in_code:
            prose.append(line)
            continue
        if prose:
            yield from _without_markup(prose, number - len(prose), notes)
            prose = []
        # The line that opens a fence has its language and options.
        if not _opens(line):
            yield number, line


def _opens(line: str) -> bool:
    return FENCE_LINE.match(line) is not None


def _without_markup(
    lines: Sequence[str], start: int, notes: Collection[str]
) -> Iterator[tuple[int, str]]:
    shown = _SCREEN_ONLY.sub(_on_paper, "\n".join(lines))
    text = "\n".join(_LINE_MARKUP.sub("", line, count=1) for line in shown.split("\n"))
    text = html.unescape(_MARKUP.sub(lambda match: _kept(match, notes), text))
    yield from enumerate(text.split("\n"), start)


def _on_paper(match: re.Match[str]) -> str:
    """Return code in a line as it is, and of an element for screens the line ends alone."""
    return match[0] if match["code"] else "\n" * match[0].count("\n")


def _kept(match: re.Match[str], notes: Collection[str]) -> str:
    """Return what remains of mark-up; its line ends stay.

    A reference to a footnote that is none of the `notes` is text.
    """
    if match["literal"] is not None:
        return html.escape(match["literal"])
    if match["note"] is not None and match["note"].rstrip(":") not in notes:
        return match["note"]
    ends = "\n" * match[0].count("\n")
    if match["tag"] is not None:
        alt = re.search(r"""\balt\s*=\s*(?:"([^"]*)"|'([^']*)')""", match["tag"], re.I)
        space = " " if match["name"].lower() in HTML_BLOCKS | {"br", "img"} else ""
        return space + (" ".join((alt[1] or alt[2] or "").split()) + " " if alt else "") + ends
    return (match["address"] or match["words"] or "") + ends


def _collect(value: object, printed: list[str], hidden: list[str], plugged: Plugged) -> None:
    """Add every string in a node to those that are printed, or to the others."""
    if isinstance(value, Division):
        value = plugged.get((value.name, value.source), value)
    if isinstance(value, str):
        hidden.append(value)
    elif isinstance(value, Mapping):
        hidden += [str(each) for pair in value.items() for each in pair]
    elif isinstance(value, tuple):
        if value and isinstance(value[0], get_args(Inline)):
            printed.append(_inline_text(value, hidden))
        else:
            for each in value:
                _collect(each, printed, hidden, plugged)
    elif isinstance(value, CodeBlock):
        printed.append(_code_text(value))
        hidden += [value.language, *value.classes]
    elif isinstance(value, (ChartBlock, Diagram)):
        hidden.append(value.text)
        printed.append(_inline_text(value.caption, hidden))
    elif isinstance(value, Image):
        printed.append(_inline_text((value,), hidden))
    elif is_dataclass(value) and not isinstance(value, Source):
        for field in fields(value):
            if field.name not in _NEVER_WORDS:
                _collect(getattr(value, field.name), printed, hidden, plugged)


def _code_text(block: CodeBlock) -> str:
    """Return code with the numbers of its notes at the ends of lines."""
    lines = block.text.split("\n")
    for number, mark in block.callouts:
        lines[number - 1] += f" ({mark})"
    return "\n".join(lines)


def _inline_text(inlines: Inlines, hidden: list[str]) -> str:
    """Return the words of inlines; one word may be split by mark-up."""
    parts: list[str] = []
    for inline in inlines:
        if isinstance(inline, (Text, Code)):
            parts.append(inline.text)
        elif isinstance(inline, (Span, Link)):
            parts.append(_inline_text(inline.children, hidden))
        elif isinstance(inline, Image):
            parts.append(f" {inline.alt} ")
        elif isinstance(inline, Checkbox):
            hidden.append("x")
        elif isinstance(inline, LineBreak):
            parts.append(" ")
        hidden += [
            value
            for field in fields(inline)
            if isinstance(value := getattr(inline, field.name), str)
            and field.name not in _NEVER_WORDS
        ]
    return "".join(parts)
