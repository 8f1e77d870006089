"""Element tree -> inlines, with typographic quotes and dashes."""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Callable
from typing import Any

from markdown.util import AtomicString

from ..diagnostics import Diagnostic
from ..document import (
    Checkbox,
    Code,
    Field,
    Image,
    Inline,
    Inlines,
    LineBreak,
    Link,
    NoteReference,
    Reference,
    Source,
    Span,
    SpanKind,
    Text,
)
from .places import MARK, clean

_SPACE = re.compile(r"[ \t\n\r\f]+")
_BOX = re.compile(r"\[([ xX])\](?= |$)")
_STASHED = re.compile("\x02([^\x03]*)\x03")
_SPANS: dict[str, SpanKind] = {
    "strong": "strong",
    "em": "emphasis",
    "strike": "strike",
    "sup": "superscript",
    "sub": "subscript",
    "kbd": "keyboard",
    "mark": "mark",
    "small": "small",
}


class InlineReader:
    """Turns the text and the inline children of elements into inlines."""

    def __init__(
        self, place: Callable[[int], Source], chapter: str, english: bool,
        image: Callable[[etree.Element, Source], Image], problems: list[Diagnostic],
    ) -> None:  # fmt: skip
        self.place = place
        self.chapter = chapter
        self.english = english
        self.image = image
        self.problems = problems
        self.source = Source()
        self._previous = " "

    def read(
        self, text: str | None, children: list[etree.Element], source: Source, boxes: bool = False
    ) -> Inlines:
        """The inlines of a run of text; `boxes` turns `[ ]` into boxes to tick."""
        self.source = source
        self._previous = " "
        parts: list[Inline] = []
        self._text(text, parts, boxes)
        for child in children:
            self._child(child, parts, boxes)
            self._text(child.tail, parts, boxes)
        return _trimmed(parts)

    # ------------------------------------------------------------------- text

    def _text(self, text: str | None, parts: list[Inline], boxes: bool = False) -> None:
        if not text:
            return
        marks = MARK.findall(text)
        if marks:
            self.source = self.place(int(marks[-1]))
        words = _SPACE.sub(" ", clean(text))
        words = _STASHED.sub(_unstashed, words)
        if not words:
            return
        if boxes and "[" in words:
            self._boxed(words, parts)
        else:
            self._plain(words, parts)

    def _boxed(self, words: str, parts: list[Inline]) -> None:
        place = 0
        for match in _BOX.finditer(words):
            self._plain(words[place : match.start()], parts)
            parts.append(Checkbox(match.group(1) != " "))
            place = match.end()
        self._plain(words[place:], parts)

    def _plain(self, words: str, parts: list[Inline]) -> None:
        if not words:
            return
        if self.english:
            words = self._typographic(words)
        self._previous = words[-1]
        last = parts[-1] if parts else None
        if isinstance(last, Text):
            parts[-1] = Text(last.text + words)
        else:
            parts.append(Text(words))

    def _typographic(self, words: str) -> str:
        if not any(sign in words for sign in "\"'-."):
            return words
        words = words.replace("---", "—").replace("--", "–").replace("...", "…")
        if '"' not in words and "'" not in words:
            return words
        out: list[str] = []
        previous = self._previous
        for char in words:
            if char in "\"'":
                opening = previous.isspace() or previous in "([{—–“‘/"
                char = ("“" if opening else "”") if char == '"' else ("‘" if opening else "’")
            out.append(char)
            previous = char
        return "".join(out)

    # --------------------------------------------------------------- elements

    def _child(self, element: etree.Element, parts: list[Inline], boxes: bool) -> None:
        tag = element.tag
        if tag in _SPANS:
            parts.append(Span(_SPANS[tag], self._inside(element)))
        elif tag == "code":
            parts.append(Code(_unescaped(_SPACE.sub(" ", clean(element.text or "")))))
            self._previous = "x"
        elif tag == "a":
            self._link(element, parts)
        elif tag == "br":
            parts.append(LineBreak())
            self._previous = " "
        elif tag == "abbr":
            title = clean(element.get("title", ""))
            parts.append(Span("abbreviation", self._inside(element), expansion=title))
        elif tag == "span":
            parts.append(Span("foreign", self._inside(element), lang=element.get("lang", "")))
        elif tag == "img":
            parts.append(self.image(element, self.source))
        elif tag == "role":
            self._role(element, parts)
        elif tag == "noteref":
            note = f"{self.chapter}-{element.get('target')}"
            parts.append(NoteReference(note, self.source))
        elif tag == "badtag":
            self._bad_tag(element.get("name", ""))
        else:
            self._text(element.text, parts, boxes)
            for child in element:
                self._child(child, parts, boxes)
                self._text(child.tail, parts, boxes)

    def _inside(self, element: etree.Element) -> Inlines:
        parts: list[Inline] = []
        self._text(element.text, parts)
        for child in element:
            self._child(child, parts, False)
            self._text(child.tail, parts)
        return tuple(parts)

    def _link(self, element: etree.Element, parts: list[Inline]) -> None:
        target = _unescaped(clean(element.get("href", "")))
        children = self._address(target) if self._bare(element) else self._inside(element)
        title = clean(element.get("title") or "")
        source = self.source
        if not children and target.startswith("#"):
            parts.append(Reference(target[1:], "title", source))
            return
        parts.append(Link(target, children, title, source))

    def _bare(self, element: etree.Element) -> bool:
        text = clean(element.text or "")
        return isinstance(element.text, AtomicString) and not len(element) and "STX" not in text

    def _address(self, target: str) -> Inlines:
        self._previous = "x"
        return (Text(target.removeprefix("mailto:")),)

    def _role(self, element: etree.Element, parts: list[Inline]) -> None:
        kind, target = element.get("kind", ""), element.get("target", "")
        self._previous = "x"
        if kind == "page":
            parts.append(Reference(target, "page", self.source))
        elif kind == "ref":
            parts.append(Reference(target, "number", self.source))
        elif kind == "field":
            parts.append(Field(target, self.source))
        else:
            lang = element.get("argument", "").lstrip("#.")
            parts.append(Span("foreign", (Text(target),), lang=lang))

    def _bad_tag(self, name: str) -> None:
        self.problems.append(
            Diagnostic(
                self.source.file,
                self.source.line,
                0,
                f"raw HTML is not supported: <{name}>",
                "only br, kbd, sub, sup, mark, small, abbr, span lang, del and s print; "
                "write code in backticks, a plain sign as \\<",
                "raw-html",
            )
        )


def _unstashed(match: re.Match[str]) -> str:
    body = match.group(1)
    return chr(int(body)) if body.isdigit() else ""


def _unescaped(text: str) -> str:
    text = _STASHED.sub(_unstashed, text)
    return (
        text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
    )


def _trimmed(parts: list[Inline]) -> Inlines:
    """Without white space at either end, and without a doubled space around a break."""
    out: list[Any] = list(parts)
    while out and isinstance(out[0], Text) and not out[0].text.strip(" "):
        out.pop(0)
    while out and isinstance(out[-1], Text) and not out[-1].text.strip(" "):
        out.pop()
    if out and isinstance(out[0], Text):
        out[0] = Text(out[0].text.lstrip(" "))
    if out and isinstance(out[-1], Text):
        out[-1] = Text(out[-1].text.rstrip(" "))
    for number, part in enumerate(out[:-1]):
        following = out[number + 1]
        if isinstance(part, LineBreak) and isinstance(following, Text):
            out[number + 1] = Text(following.text.lstrip(" "))
    return tuple(part for part in out if not (isinstance(part, Text) and not part.text))
