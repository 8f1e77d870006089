"""Divide code into rows of coloured parts that fit the width.

Pygments says what a word is; five kinds suffice in print, and weight tells
keywords apart where colour cannot.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

from ...core.patterns import late

# Pygments' token types by prefix, most particular first -> a kind of the theme's `code.KIND`.
KINDS = (
    ("Generic.Inserted", "inserted"),
    ("Generic.Deleted", "deleted"),
    ("Generic.Prompt", "prompt"),
    ("Comment", "comment"),
    ("Keyword.Constant", "value"),
    ("Keyword", "keyword"),
    ("Name.Tag", "keyword"),
    ("Name.Builtin", "keyword"),
    ("Name.Function", "name"),
    ("Name.Attribute", "name"),
    ("Name.Variable", "name"),
    ("Literal.String", "text"),
    ("String", "text"),
    ("Literal", "value"),
    ("Number", "value"),
)
# Rows after the first of a line are indented by this much more.
CONTINUATION = "    "
# Where a word that is too long for a row is cut, best first: after a character that joins names,
# after a point or a dash, between words that are written as one.  Three characters follow at least.
JOINTS = (
    late(r"[/?&=,;:@(\[{](?=\S..)"),
    late(r"[.+_-](?=\S..)"),
    late(r"(?<=[a-z])(?=[A-Z])"),
)
# So few characters that are not letters are not alone on a row.
ODD = 3
# The kind of a row's first part where it continues the line above.
CONTINUED = "continued"
# The kind of what a console prints before a command.
PROMPT = "prompt"

Part = tuple[str, str]

# Characters two cells wide in terminals and editors, unless part of an emoji sequence.
WIDE = late(
    "(?<!\u200d)([\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff"
    "\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\U0001f300-\U0001f64f\U0001f680-\U0001f6ff"
    "\U0001f900-\U0001f9ff\U00020000-\U0003fffd])(?![\u200d\ufe0f\U0001f3fb-\U0001f3ff])"
)


def cells(text: str) -> int:
    """Return how many cells of a terminal `text` takes."""
    if text.isascii():
        return len(text)
    unseen = sum(unicodedata.category(char) in ("Mn", "Me", "Cf") for char in text)
    return len(text) - unseen + len(WIDE.findall(text))


def code_rows(text: str, language: str, limit: int) -> list[list[Part]]:
    """Return the lines of `text` as rows of (characters, kind), none longer than `limit` cells."""
    rows: list[list[Part]] = []
    if not text.isascii():
        # Characters that are not seen and only steer line breaks, of which code has none.
        text = re.sub("[\u00ad\u200b\u2060\ufeff]", "", text)
    for line in _lines(_without_tabs(text), language):
        rows += _wrapped(line, limit)
    return rows


def _without_tabs(text: str) -> str:
    if text.isascii() or "\t" not in text:
        return text.expandtabs(4)
    lines: list[str] = []
    for line in text.split("\n"):
        done = ""
        for part in re.split("(\t)", line):
            done += " " * (4 - cells(done) % 4) if part == "\t" else part
        lines.append(done)
    return "\n".join(lines)


def _lines(text: str, language: str) -> list[list[Part]]:
    lines: list[list[Part]] = [[]]
    for kind, value in _tokens(text, language):
        for number, run in enumerate(value.split("\n")):
            if number:
                lines.append([])
            if run:
                _append(lines[-1], run, kind)
    return lines


def _append(line: list[Part], words: str, kind: str) -> None:
    """Add `words` to a line; neighbours of one kind are one part, and white space needs none."""
    if line:
        before, known = line[-1]
        blank = words.isspace() or before.isspace()
        if kind == known or (blank and PROMPT not in (kind, known)):
            line[-1] = (before + words, known if words.isspace() else kind)
            return
    line.append((words, kind))


def _tokens(text: str, language: str) -> list[tuple[str, str]]:
    lexer = _lexer(language)
    if lexer is None:
        return [("", text)]
    # Lexers of consoles and shells know the last line only if it ends.
    for written in (text + "\n", text):
        tokens = [(_kind(str(token)[6:]), value) for token, value in lexer.get_tokens(written)]
        # A lexer that would change a character has no say: the words are the author's.
        if "".join(value for _, value in tokens) == written:
            if written != text:
                tokens[-1] = (tokens[-1][0], tokens[-1][1][:-1])
            return [
                ("" if kind == PROMPT and not _is_prompt(tokens, at) else kind, words)
                for at, (kind, words) in enumerate(tokens)
            ]
    return [("", text)]


def _is_prompt(tokens: list[tuple[str, str]], at: int) -> bool:
    """Return whether a token is a prompt: not the `$` of `$HOME`, nor the first word of `(x) y`."""
    words, after = tokens[at][1], tokens[at + 1 : at + 3]
    if words.endswith(")"):
        # The name of a virtual environment is before a prompt.
        return any(kind == PROMPT for kind, _ in after)
    return words[-1:] not in ("$", "#", "%") or not after or after[0][1][:1].isspace()


@lru_cache(maxsize=32)
def _lexer(language: str) -> Any:
    if not language or language == "text":
        return None
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


@lru_cache(maxsize=256)
def _kind(token: str) -> str:
    return next((kind for prefix, kind in KINDS if token.startswith(prefix)), "")


def rows_of_line(text: str, limit: int) -> int:
    """Return how many rows of `limit` cells a line of code takes that has no comment."""
    return len(_wrapped([(text, "")], limit)) if cells(text) > limit else 1


def _wrapped(line: list[Part], limit: int) -> list[list[Part]]:
    """Return a line in rows, cut before a comment, at a space, or between parts of a word.

    Further rows are indented more than the first, so that one sees what they belong to; a comment
    continues below itself.
    """
    text = "".join(words for words, _ in line)
    remark = _remark(line)
    indent = len(text) - len(text.lstrip(" "))
    rows: list[list[Part]] = []
    place = 0
    lead = ""
    while len(lead) + cells(text[place:]) > limit:
        free = _count(text, place, limit - len(lead))
        end = _row_end(text, place, free)
        if place + free // 2 < remark < end:
            end = remark
        rows.append(_slice(line, place, end, lead))
        if not lead:
            below = remark + 2 if indent < remark < end else indent + len(CONTINUATION)
            lead = " " * min(below, max(limit // 2, len(CONTINUATION)))
        # The white before a comment, or of a column, is not taken to the next row.
        place = end + len(text[end:]) - len(text[end:].lstrip(" "))
    if place < len(text) or not rows:
        rows.append(_slice(line, place, len(text), lead))
    return rows


def _row_end(text: str, place: int, free: int) -> int:
    """Return where a row ends that begins at `place` and has room for `free` characters."""
    most = place + free
    least = place + max(1, free * 2 // 5)
    cut = text.rfind(" ", least, most)
    if cut > 0:
        rest = text[cut:].strip()
        if len(rest) <= ODD and not any(map(str.isalnum, rest)):
            # Characters that are alone on a row look lost.
            earlier = text.rfind(" ", least, cut)
            cut = earlier if earlier > 0 else cut
        return cut + 1
    least = place + max(1, free // 2)
    for joint in JOINTS:
        ends = [match.end() for match in joint.finditer(text, least, most)]
        if ends:
            return ends[-1]
    return most


def _remark(line: list[Part]) -> int:
    """Return where the comment at the end of a line begins; 0 if there is none."""
    *before, (words, kind) = line or [("", "")]
    if kind != "comment":
        return 0
    return sum(len(part) for part, _ in before) + len(words) - len(words.lstrip())


def _count(text: str, place: int, limit: int) -> int:
    """Return how many characters from `place` on fill at most `limit` cells."""
    if text.isascii():
        return limit
    count = limit
    while count > 1 and cells(text[place : place + count]) > limit:
        count -= 1
    return count


def _slice(line: list[Part], start: int, end: int, lead: str) -> list[Part]:
    parts: list[Part] = [(lead, CONTINUED)] if lead else []
    place = 0
    for words, kind in line:
        overlap = words[max(0, start - place) : max(0, end - place)]
        if overlap:
            parts.append((overlap, kind))
        place += len(words)
    return parts
