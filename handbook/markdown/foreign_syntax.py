"""Report mark-up of other tools that is printed as text, because no reader understands it.

A line of the source is reported if a pattern matches outside of code and what it matched is among
the words of the document.  Includes and options are reported in code, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from ..core.patterns import late
from .elements import Finding

_HINT = "write it as docs/markdown.md says, or put it into backticks if it is meant as text"
# What is reported for each pattern; a kind has one message, so that they can be grouped.
# None looks further than some hundred characters for its end.
_KINDS = {
    "include": (
        r"\{\{\s*#\w[^}\n]{0,500}\}\}|\{[*!]>?[ \t]*[\w./-]+\.\w+[^}\n]*[*!]\}",
        "an include of a file",
    ),
    "shortcode": (r"\{\{[<%][^}\n]{0,500}[>%]\}\}", "a shortcode of Hugo or Quarto"),
    "variable": (r"\{\{(?![#<%])[^{}\n]+\}\}", "a variable of a template"),
    "liquid": (r"\{%[^\n]{0,500}?%\}", "a tag of Liquid or Jinja"),
    "snippet": (r"(?<!-)-+8<-+", "a snippet of PyMdown"),
    "wikilink": (r"!?\[\[[^\[\]\n]+\]\]", "a link between notes ([[…]])"),
    "attributes": (r"\{:?[ ]*[.#][\w-][^{}\n]*\}|\{:[^{}\n]*\}", "a list of attributes"),
    "comment": (r"\{/\*.{0,500}?\*/\}|%%[^%\n]+%%", "a comment of another tool"),
    "module": (r"^(?:import|export)\s.*?(?:\bfrom\s+['\"][^'\"]+['\"]|=)", "an import or export"),
    "colons": (r"^[ \t>]*:{3,}.*$", "a container (:::)"),
    "box": (r"^[ \t>]*(?:!!!|\?\?\?\+?)[ ]?[a-z]\S*", "a box (!!!)"),
    "alert": (r"^[ \t>]*\[![A-Za-z][\w-]*\]", "an alert ([!…])"),
    "reference": (
        r"(?<![\w@/.])@(?:fig|tbl|sec|eq|lst|thm|lem|cor|prp|def|exm|exr)-[\w-]+",
        "a reference of Quarto (@…)",
    ),
    "citation": (r"\[-?@[\w:.#$%&+?<>~/-][^\]\n]{0,500}\]", "a citation ([@…])"),
    "emoji": (r"(?<![\w:/]):[a-z][a-z0-9_+-]*[a-z0-9]:(?![\w:/])", "an emoji's name (:…:)"),
    "note": (r"(?<!\^)\^\[[^\[\]\s]+(?=[ ][^\]\n]{1,500}\])", "a footnote in the text (^[…])"),
    "missing_note": (r"\[\^[\w.-]+\](?!:)", "a footnote that is not written ([^…])"),
    "highlight": (r"(?<![=\w])==(?![=\s])[^=\n]+(?<!\s)==(?![=\w])", "a highlight (==…==)"),
}
_IN_CODE = {
    "include": _KINDS["include"],
    "snippet": _KINDS["snippet"],
    "option": (r"^[ \t]*(?:#|//|%%)\| *[\w-]+:", "an option of a code cell"),
}
# Searching the words of a chapter for these is quicker than for the patterns.
_SIGNS = (
    "{{", "{%", "{*", "{!", "8<", "[[", "{:", "{.", "{#", "{ ", "{/*", "%%", "import ", "export ",
    ":::", "!!!", "???", "[!", "@", "^[", "[^", "==",
)  # fmt: skip
# No line without one of these has any.
_SIGN = late(r"[{\[@^=!?:%<]|import|export")
_EMOJI = late(r":[a-z][a-z0-9_+-]*:")
# Behind any marks of quotes and items.
FENCE_LINE = late(r"(?:[ \t>]|(?:[-*+]|\d{1,9}[.)])(?=[ \t]))*(`{3,}|~{3,})(.*)$")
CODE = late(r"(?<!(?<!\\)`)(`+)(?!`).*?(?<!`)\1(?!`)")


def _combined(kinds: dict[str, tuple[str, str]]) -> re.Pattern[str]:
    return late("|".join(f"(?P<{kind}>{one})" for kind, (one, _) in kinds.items()), re.M)


_TEXT_PATTERN, _CODE_PATTERN = _combined(_KINDS), _combined(_IN_CODE)


def foreign_syntax(text: str, printed: Iterable[str]) -> Iterator[Finding]:
    """Yield a finding for each line with mark-up that is among the `printed` texts."""
    shown = "\n".join(printed)
    in_prose = any(sign in shown for sign in _SIGNS) or _EMOJI.search(shown)
    if not in_prose and "```" not in text and "~~~" not in text:
        return
    words = _plain(shown) if in_prose else ""
    for number, line, in_code in lines_with_fences(text.split("\n")):
        if not in_code and not (in_prose and _SIGN.search(line)):
            continue
        pattern = _CODE_PATTERN if in_code else _TEXT_PATTERN
        kinds: dict[str, None] = {}
        for match in pattern.finditer(line if in_code else CODE.sub("", line)):
            kind = match.lastgroup or ""
            if kind in kinds:
                continue
            escaped = match.start() and match.string[match.start() - 1] == "\\"
            if not escaped and (in_code or _plain(match[0].strip(" \t>")) in words):
                kinds[kind] = None
        for kind in kinds:
            what = (_IN_CODE if in_code else _KINDS)[kind][1]
            yield _finding(number, f"{what} is not understood; it is printed as text", _HINT)


def _margin(line: str) -> int:
    """Return how many columns of white a line begins with."""
    line = line.expandtabs(4)
    return len(line) - len(line.lstrip())


def _finding(number: int, message: str, hint: str) -> Finding:
    return Finding(number, message, hint, "foreign-syntax")


def _plain(text: str) -> str:
    """Return text without what typography and emphasis change."""
    return re.sub(r"[\s*_~\\\"'“”‘’«»„‚…. \u00a0-]|[–—]", "", text)


def lines_with_fences(lines: Sequence[str]) -> Iterator[tuple[int, str, bool]]:
    """Yield each line with its number, and whether it is in a fence or opens one.

    A fence indented so far that it is in an item, a tab or a box ends with that.  None begins in
    a comment that has lines of its own.
    """
    fence, margin = "", 0
    in_comment = False
    for number, line in enumerate(lines):
        if in_comment or (not fence and line.lstrip(" ").startswith("<!--")):
            in_comment = "-->" not in line
            yield number, line, False
            continue
        if fence and margin >= 4 and line.strip() and _margin(line) <= margin - 4:
            fence = ""
        match = FENCE_LINE.match(line)
        opens = match is not None and not fence and ("`" not in match[2] or match[1][0] == "~")
        yield number, line, bool(fence) or opens
        if match and opens:
            fence, margin = match[1], _margin(line)
        elif match and fence and match[1].startswith(fence) and not match[2].strip():
            fence = ""
