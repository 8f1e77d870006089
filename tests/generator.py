"""Documents of every kind of block and inline in every container, with words that are numbered.

Each word `w12` of a document is there once.  A reader that loses, doubles or moves one is caught by
looking at the numbers, whatever the construct was.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from handbook.document.nodes import (
    Block,
    Chapter,
    Code,
    CodeBlock,
    DefinitionList,
    Document,
    Figure,
    Formula,
    FormulaBlock,
    Image,
    Inlines,
    NoteReference,
    Text,
    children,
    every_inline,
    inlines_of,
    walk_inlines,
)

DIALECTS = ("handbook", "gfm")
# Characters around a word, of all kinds that texts have.
TEXTS = {
    "plain": "{}",
    "long": "a{}" + "long" * 20,
    "zero width": "{}\u200bz\u200by",
    "soft hyphen": "{}\u00adsoft\u00adhyphen",
    "word joiner": "{}\u2060joined",
    "byte order mark": "{}\ufeffmark",
    "line separator": "{}\u2028separated",
    "next line": "{}\u0085next",
    "windows quotes": "\u0093{}\u0094",
    "control": "{}\u0001\u0007control",
    "lost": "{}\ufffd",
    "hebrew": "{} \u05e9\u05dc\u05d5\u05dd",
    "arabic": "{} \u0645\u0631\u062d\u0628\u0627",
    "directed": "{}\u202eabc\u202c\u2066x\u2069",
    "chinese": "{} \u65e5\u672c\u8a9e",
    "emoji": "{} \U0001f512\U0001f680\u2705",
    "unknown": "{} \U0001d306\U0001d306",
    "combined": "{} e\u0301a\u0328",
    "shell": "{} $HOME/bin:$PATH ${{A}}/$(b)",
    "operators": "{} \\<\\< ^^ a*b x_y_z 2 < 3 > 1 & c",
    "blanks": "{} ______ , **** and ____",
    "braces": "{} {{ }} [x] (y) |".replace("|", "/"),
    "entities": "{} &amp; &#8203; &shy; &#x93;",
}
INLINES: dict[str, str] = {
    "words": "{}",
    "emphasis": "*{}*",
    "strong": "**{}**",
    "both": "***{}***",
    "inside a word": "a**{}**b",
    "strike": "~~{}~~",
    "code": "`{}`",
    "code of bars": "`` {} ` ``",
    "link": "[{}](https://example.org/a_(b)?c=d)",
    "telephone": "[{}](tel:+441632960000)",
    "address": "<https://example.org/{}>",
    "keyboard": "<kbd>{}</kbd>",
    "sub": "H<sub>{}</sub>",
    "mark": "<mark>{}</mark>",
    "abbreviation": '<abbr title="long">{}</abbr>',
    "break": "{}<br>{}",
    "picture": "![{}](none.png)",
    "note": "{}[^{note}]",
    "math": "${}$",
    "language": '<span lang="fr">{}</span>',
    "del": "<del>{}</del>",
}
OWN_INLINES = {
    "index": ":index[{}]",
    "foreign": ":lang[{}]{fr}",
    "super": "a^{}^",
    "attributes": "*{}*{.x}",
}
GFM_INLINES = {
    "keys": "++ctrl++ {}",
    "span": "[{}]{.smallcaps}",
    "underline": "<u>{}</u>",
    "unknown tag": "<foo>{}</foo>",
    "one tilde": "~{}~",
}
BLOCKS = {
    "paragraph": "{i}\n{i}",
    "heading": "#### {i}",
    "underlined": "{i}\n---",
    "bullets": "- {i}\n- {i}",
    "loose bullets": "* {i}\n\n* {i}",
    "nested": "- {i}\n    - {i}\n        1. {i}",
    "numbers": "7. {i}\n8. {i}",
    "tasks": "- [ ] {i}\n- [x] {i}",
    "table": "| {c} | {c} |\n|---|--:|\n| {c} | {c} |\n| {c} | {c} |",
    "only a header": "| {c} | {c} |\n|---|---|",
    "operators": "| {c} | {c} |\n|---|---|\n| `<<` | `^^` |\n| {c} | {c} |",
    "fence": "```python\n{w} = [[x]]  # {w}\n\n    {w}\n```",
    "tildes": "~~~\n{w} {% x %}\n~~~",
    "indented": "    {w}\n\n    {w}",
    "quote": "> {i}\n>\n> {i}",
    "alert": "> [!NOTE]\n> {i}",
    "exclamation": '!!! tip "{i}"\n    {i}\n\n    {i}',
    "colons": "::: note\n{i}\n:::",
    "definitions": "{i}\n:   {i}\n\n    {i}\n\n{i}\n:   {i}",
    "rule": "{i}\n\n---\n\n{i}",
    "math": "$$\n{w}\n$$",
    "picture": "![{w}](none.png)",
    "comment": "{i} <!-- no word -->\n\n<!-- none -->",
}
OWN_BLOCKS = {
    "caption": "Table: {i}\n\n| {c} |\n|---|\n| {c} |",
    "joined": "| {c} | << | {c} |\n|---|---|---|\n| {c} | {c} | {c} |\n| ^^ | {c} | {c} |",
    "titled": '::: tip "{w}"\n{i}\n:::',
    "plain division": "::: together\n{i}\n\n{i}\n:::",
    "row classes": "| {c} | {c} |\n|---|---|\n| {.chosen} {c} | {c} |",
    "attributes": "{i} {.lead}\n\n- {i}\n{.x}",
}
GFM_BLOCKS = {
    "details": "<details><summary>{w}</summary>\n\n{i}\n\n</details>",
    "html list": '<ol type="a" start="3" reversed><li>{w}</li><li value="9">{w}</li></ol>',
    "html table": "<table><tr><th>{w}</th><td rowspan=2>{w}</td></tr><tr><td>{w}</td></tr></table>",
    "overlap": "<table><tr><td>{w}</td><td rowspan=2>{w}</td></tr><tr><td colspan=3>{w}</td></tr>"
               "</table>",
    "meaning alone": "<dl><dd>{w}</dd><dt>{w}</dt><dd>{w}</dd></dl>",
    "tab": '=== "{w}"\n\n    {i}',
    "slashes": "/// note | {w}\n{i}\n///",
    "callout": "> [!question]- {i}\n> {i}",
    "longer end": ":::tip {w}\n{i}\n::::",
    "figure": "<figure><p>{w}</p><figcaption>{w}</figcaption></figure>",
    "pre": "<pre><code>{w} &lt;b&gt;\n\n{w}</code></pre>",
    "centre": '<p align="center">{w} <b>{w}</b></p>',
    "unknown": "<Tabs>\n\n{i}\n\n</Tabs>",
}  # fmt: skip
# How a container begins, and what begins each further line of what is in it.
CONTAINERS: dict[str, tuple[str, str, str]] = {
    "item": ("- {i}\n\n", "    ", ""),
    "first in item": ("", "- |    ", ""),
    "number": ("1. {i}\n\n", "    ", ""),
    "task": ("- [ ] {i}\n\n", "    ", ""),
    "quote": ("", "> ", ""),
    "alert": ("> [!WARNING]\n", "> ", ""),
    "box": ("::: note\n", "", ":::"),
    "exclamation": ('!!! tip "{w}"\n', "    ", ""),
    "definition": ("{i}\n:   {i}\n\n", "    ", ""),
    "footnote": ("{w}[^{note}]\n\n[^{same}]: {w}\n\n", "    ", ""),
}
OWN_CONTAINERS = {
    "margin": ("::: margin\n", "", ":::"),
    "together": (":::: together\n", "", "::::"),
}
GFM_CONTAINERS = {
    "tab": ('=== "{w}"\n\n', "    ", ""),
    "details": ("<details><summary>{w}</summary>\n\n", "", "\n</details>"),
    "division": ("<div>\n\n", "", "\n</div>"),
    "cell": ("<table><tr><td>\n\n", "", "\n</td><td>{w}</td></tr></table>"),
}


def inlines(dialect: str) -> dict[str, str]:
    return {**INLINES, **(OWN_INLINES if dialect == "handbook" else GFM_INLINES)}


def blocks(dialect: str) -> dict[str, str]:
    return {**BLOCKS, **(OWN_BLOCKS if dialect == "handbook" else GFM_BLOCKS)}


def containers(dialect: str) -> dict[str, tuple[str, str, str]]:
    return {**CONTAINERS, **(OWN_CONTAINERS if dialect == "handbook" else GFM_CONTAINERS)}


# Inlines whose words have no spaces and no mark-up.
_BARE = ("address", "math", "code", "code of bars", "super", "keys")


@dataclass
class Writer:
    """Writes Markdown in which every word is numbered."""

    dialect: str
    count: int = 0
    notes: int = 0
    # Footnotes that blocks refer to, written at the end.
    waiting: list[str] = field(default_factory=list)

    def word(self) -> str:
        self.count += 1
        return f"w{self.count}w"

    def inline(self, kind: str, text: str = "plain") -> str:
        """An inline of a kind, with words of a kind of text."""
        written = inlines(self.dialect)[kind].replace("{note}", "\0")

        def words(match: re.Match[str]) -> str:
            filled = TEXTS[text].format(self.word())
            return re.sub(r"[\s`$^{}\[\]<>&;|]", "", filled) if kind in _BARE else filled

        written = re.sub(r"\{\}", words, written)
        return re.sub("\0", lambda _: self._note(text), written)

    def _note(self, text: str) -> str:
        self.notes += 1
        self.waiting.append(f"[^n{self.notes}]: {TEXTS[text].format(self.word())}")
        return f"n{self.notes}"

    def block(self, kind: str, inline: str = "words", text: str = "plain") -> str:
        """A block of a kind, its words of one kind of inline and of text."""
        return self._filled(blocks(self.dialect)[kind], inline, text)

    def within(
        self, kind: str, inner: Callable[[], str], inline: str = "words", text: str = "plain"
    ) -> str:
        """What `inner` writes, in a container."""
        begin, prefix, end = containers(self.dialect)[kind]
        begin = self._filled(begin, inline, text)
        first, _, rest = prefix.rpartition("|") if "|" in prefix else ("", "", prefix)
        lines = inner().split("\n")
        body = "\n".join((rest + line) if line or ">" in rest else "" for line in lines)
        if first:
            body = (
                first + body[len(rest) :].lstrip(" ") if not body.startswith("        ") else body
            )
        end = self._filled(end, "words", "plain")
        return begin + body + (f"\n{end}" if end else "")

    def _filled(self, template: str, inline: str, text: str) -> str:
        def filled(match: re.Match[str]) -> str:
            if match[0] == "{w}":
                return self.word()
            if match[0] == "{note}":
                self.notes += 1
                return f"own{self.notes}"
            if match[0] == "{same}":
                return f"own{self.notes}"
            written = self.inline(inline, text)
            return written.replace("|", "\\|") if match[0] == "{c}" else written

        return re.sub(r"\{(?:w|i|c|note|same)\}", filled, template)

    def document(self, *parts: str) -> str:
        """The parts with the footnotes that they refer to."""
        notes = [note for note in self.waiting if note not in "\n".join(parts)]
        return "\n\n".join([*parts, *notes]) + "\n"


def numbers(document: Document, chapter: Chapter) -> list[list[int]]:
    """The numbers of the words in a chapter and each note it refers to, in reading order."""
    parts = [chapter.blocks]
    seen: set[str] = set()
    for blocks_ in parts:
        for inline in every_inline(blocks_):
            if isinstance(inline, NoteReference) and inline.id not in seen:
                seen.add(inline.id)
                parts.append(document.notes[inline.id])
    return [[int(n) for n in re.findall(r"w(\d+)w", "".join(_texts(part)))] for part in parts]


def _texts(part: tuple[Block, ...]) -> Iterator[str]:
    """The words of blocks in reading order."""
    for block in part:
        if isinstance(block, CodeBlock):
            yield block.text
        if isinstance(block, Figure):
            yield block.image.alt
        if isinstance(block, FormulaBlock):
            yield block.formula.tex
        if isinstance(block, DefinitionList):
            for item in block.items:
                yield from map(_words, item.terms)
                yield from _texts(item.blocks)
            continue
        yield from map(_words, inlines_of(block))
        yield from _texts(tuple(children(block)))


def _words(content: Inlines) -> str:
    words = {Text: "text", Code: "text", Image: "alt", Formula: "tex"}
    return "".join(
        getattr(inline, words[type(inline)])
        for inline in walk_inlines(content)
        if type(inline) in words
    )
