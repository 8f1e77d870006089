"""Convert elements to inlines: text, spans, links, references, pictures."""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as etree
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import field, replace
from pathlib import Path
from typing import Literal, TypeAlias

from markdown.util import AtomicString

from ...core.diagnostics import DiagnosticCollector, Source, suggest
from ...core.values import record
from ...document.nodes import (
    Checkbox,
    Code,
    Field,
    Formula,
    Image,
    Inline,
    Inlines,
    LineBreak,
    Link,
    NoteReference,
    Reference,
    Span,
    SpanKind,
    Text,
)
from ..link_targets import LinkTargets
from ..syntax import HTML_BLOCKS, ROLES, TAGS, mistyped
from .formulas import TexError, read_formula
from .images import picture
from .runs import trimmed
from .typography import typographic

Boxes: TypeAlias = Literal["", "start", "any"]

# The word before a page number, or the dash between two; only then a space alone.
_BEFORE_PAGE = re.compile(r"(?:(?<![^\s(\[\u201c\u201e\u00ab/])([^\W\d_]+\.? )|([\u2013-])| )$")
_SPACE = re.compile(r"[ \t\n\r\f]+")
_BOX = re.compile(r"\[([ xX])\](?=[\s.,;:]|$)")
_STASHED = re.compile("\x02([^\x03]*)\x03")
_ENTITY = re.compile(r"&(?:#\d{1,9}|#[xX][0-9a-fA-F]{1,8}|[A-Za-z][A-Za-z0-9]*);")
_NO_REFERENCE = re.compile(r"(?<![\w\]])\[([^\[\]]+)\]\[([^\[\]]*)\]")
_SPANS: dict[str, SpanKind] = {
    "strong": "strong",
    "em": "emphasis",
    "strike": "strike",
    "sup": "superscript",
    "sub": "subscript",
}
_TAG_SPANS: dict[str, SpanKind] = {
    "kbd": "keyboard",
    "sub": "subscript",
    "sup": "superscript",
    "mark": "mark",
    "small": "small",
    "abbr": "abbreviation",
    "span": "foreign",
    "del": "strike",
    "s": "strike",
}
# This many tags in one another have an effect.
MAX_NESTING = 40
_TOO_DEEP = (
    f"more than {MAX_NESTING} tags are nested; those further inside have no effect",
    "write it flatter",
)
_INSTEAD = {
    "a": "write [words](address)", "b": "write **words**", "strong": "write **words**",
    "i": "write *words*", "em": "write *words*",
    "code": "write `words`", "pre": "write a fence of ```", "hr": "write ---",
    "img": "write ![words](file){width=60mm}", "table": "write a table with bars: | a | b |",
    "details": "write a container: ::: note", "p": "leave a blank line between paragraphs",
    "div": "write a container: ::: name",
}  # fmt: skip


@record
class InlineContext:
    """What a chapter's inlines may refer to, and where its lines came from.

    Without `targets`, links are not resolved.
    """

    problems: DiagnosticCollector
    source_at: Callable[[int], Source]
    language: str = "en"
    chapter: str = ""
    folder: Path | None = None
    targets: LinkTargets | None = None
    fields: Collection[str] | None = None
    notes: Collection[str] = ()
    abbreviations: Mapping[str, str] = field(default_factory=dict)

    @contextmanager
    def using_language(self, language: str) -> Iterator[None]:
        """Read inside the `with` block as `language`: quotation marks differ."""
        before, self.language = self.language, language
        yield
        self.language = before


class InlineReader:
    """Converts the text and the inline children of an element.

    It counts the line ends it passes, so that a link knows its own line.
    """

    def __init__(self, context: InlineContext) -> None:
        self.context = context
        self.problems = context.problems
        words = sorted(context.abbreviations, key=len, reverse=True)
        alternatives = "|".join(re.escape(word) for word in words)
        self._abbreviated = re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)") if words else None
        self._opened: dict[str, int] = {}
        self._start(etree.Element("p"))

    def read(self, element: etree.Element, boxes: Boxes = "") -> Inlines:
        """Return the inlines of `element`; with `boxes`, `[ ]` becomes a checkbox."""
        self._start(element)
        return trimmed(self._inside(element, boxes))

    def _start(self, element: etree.Element) -> None:
        self._lines = element.get("lines", "0").split()
        self._passed = 0
        self._previous = " "

    @property
    def source(self) -> Source:
        """Return the current line."""
        return self._line(0)

    def _line(self, further: int) -> Source:
        place = min(self._passed + further, len(self._lines) - 1)
        return self.context.source_at(int(self._lines[place]))

    # ------------------------------------------------------------------- text

    def _text(self, text: str | None, parts: list[Inline], boxes: Boxes = "") -> None:
        if not text:
            return
        if boxes and "[" in text:
            place = 0
            for match in _BOX.finditer(text):
                if boxes == "start" and (parts or text[: match.start()].strip()):
                    break
                self._plain(text[place : match.start()], parts)
                parts.append(Checkbox(match[1] != " "))
                place = match.end()
            text = text[place:]
        self._plain(text, parts)

    def _plain(self, text: str, parts: list[Inline]) -> None:
        words = _SPACE.sub(" ", text)
        if not words:
            return
        if "][" in text:
            self._undefined(text)
        words = typographic(words, self._previous, self.context.language)
        words = unescaped(words)
        self._passed += text.count("\n")
        if not words:
            return
        self._previous = words[-1]
        place = 0
        if self._abbreviated:
            for match in self._abbreviated.finditer(words):
                _append(parts, words[place : match.start()])
                expansion = self.context.abbreviations[match[0]]
                parts.append(Span("abbreviation", (Text(match[0]),), expansion=expansion))
                place = match.end()
        _append(parts, words[place:])

    def _undefined(self, text: str) -> None:
        """Report `[words][label]` that was left as text because the label is not defined."""
        for match in _NO_REFERENCE.finditer(text):
            label = match[2] or match[1]
            self.problems.add(
                self._line(text[: match.start()].count("\n")),
                f"the link {match[0]} leads nowhere: [{label}] is not defined",
                f"add a line [{label}]: https://…",
                "link-reference",
            )

    # --------------------------------------------------------------- elements

    def _inside(self, element: etree.Element, boxes: Boxes = "") -> list[Inline]:
        """Convert everything in an element, in its language."""
        if language := element.get("lang"):
            with self.context.using_language(language):
                return self._parts(element, boxes)
        return self._parts(element, boxes)

    def _parts(self, element: etree.Element, boxes: Boxes) -> list[Inline]:
        """Convert everything in an element; pairs of HTML tags in it become spans."""
        parts: list[Inline] = []
        outer: list[tuple[etree.Element, Source, list[Inline]]] = []
        context, language = self.context, self.context.language
        self._text(element.text, parts, boxes)
        for child in element:
            if child.tag != "tag":
                self._child(child, parts, boxes)
            elif not child.get("closing"):
                if self._may_open(child):
                    if len(outer) == MAX_NESTING:
                        self.problems.add(self.source, *_TOO_DEEP, "nesting")
                    outer.append((child, self.source, parts))
                    parts = []
                    context.language = child.get("a-lang") or context.language
            elif outer and outer[-1][0].get("name") == child.get("name"):
                opening, _, before = outer.pop()
                spoken = [tag.get("a-lang") or "" for tag, _, _ in outer]
                context.language = next(filter(None, reversed(spoken)), language)
                before += self._tagged(opening, parts) if len(outer) < MAX_NESTING else parts
                parts = before
            else:
                self._stray(child)
            if child.tag == "tag" and child.get("name") in HTML_BLOCKS:
                _append(parts, " ")
            self._text(child.tail, parts, boxes)
        while outer:
            opening, source, before = outer.pop()
            name = opening.get("name")
            self.problems.add(
                source,
                f"<{name}> is not closed",
                f"end it with </{name}> in the same paragraph",
                "html",
            )
            before += parts
            parts = before
        context.language = language
        return parts

    def _child(self, element: etree.Element, parts: list[Inline], boxes: Boxes) -> None:
        tag = element.tag
        if tag in _SPANS:
            inline: Inline = Span(_SPANS[tag], tuple(self._inside(element)))
            parts.append(_in_language(inline, element))
        elif tag == "code":
            text = str(element.text or "")
            plain = html.unescape(text) if "&" in text else text
            parts.append(Code(_SPACE.sub(" ", plain)))
            self._passed += text.count("\n")
            self._previous = "x"
        elif tag == "tex":
            parts.append(self.formula(element, self.source))
            self._passed += (element.text or "").count("\n")
            self._previous = "x"
        elif tag == "a":
            self._link(element, parts)
        elif tag == "br":
            parts.append(LineBreak())
            self._passed += int(element.get("lines-taken", "0"))
            self._previous = " "
        elif tag == "img":
            parts.append(self._image(element))
        elif tag == "role":
            inline = self._role(element)
            if isinstance(inline, Reference) and inline.form == "page":
                parts.append(_with_word(parts, inline))
            else:
                parts.append(inline)
        elif tag == "noteref":
            parts.append(self._note(element.get("target", "")))
        else:
            parts += self._inside(element, boxes)

    def formula(self, element: etree.Element, source: Source) -> Formula | Code:
        """Convert a formula; one that cannot be set is reported, and printed as it is written."""
        tex = html.unescape(str(element.text or ""))
        try:
            formula = read_formula(tex, bool(element.get("display")))
        except TexError as problem:
            lines = tex[: max(0, tex.find(problem.part))].count("\n")
            place = replace(source, line=source.line + lines) if source.line else source
            self.problems.add(place, problem.message, problem.hint, "formula")
            return Code(_SPACE.sub(" ", tex))
        return replace(formula, source=source)

    def _link(self, element: etree.Element, parts: list[Inline]) -> None:
        source, context = self.source, self.context
        target = unescaped(element.get("href") or "")
        if isinstance(element.text, AtomicString) and not len(element):
            # A bare address: its hyphens and quotes stay as they are.
            children: Inlines = (Text(unescaped(str(element.text))),)
            self._previous = "x"
        else:
            children = tuple(self._inside(element))
        title = unescaped(element.get("title") or "")
        if _leads_to_own_picture(element, target):
            # A site shows it larger; the book has it already.
            parts += children
            return
        if context.targets:
            target = context.targets.resolve_link(context.chapter, context.folder, target, source)
            if not target:
                parts += children
                return
        if not children and target.startswith("#"):
            parts.append(Reference(target[1:], "title", source))
        else:
            parts.append(_in_language(Link(target, children, title, source), element))

    def _image(self, element: etree.Element) -> Image:
        words = element.get("data-alt") or element.get("data-fig-alt") or element.get("alt")
        alt = unescaped(_SPACE.sub(" ", words or ""))
        path = unescaped(element.get("src") or "")
        targets = self.context.targets
        root = targets.rules.folder if targets else None
        return picture(element, path, alt, self.context.folder, root, self.source, self.problems)

    def _note(self, name: str) -> NoteReference:
        if name not in self.context.notes:
            hint = suggest(name, self.context.notes).split(";")[0]
            self.problems.add(
                self.source,
                f"the footnote [^{name}] is not written",
                hint if hint.startswith("did you") else f"add a line [^{name}]: its text",
                "footnote",
            )
        return NoteReference(f"{self.context.chapter}-{name}", self.source)

    # ------------------------------------------------------------------ roles

    def _role(self, element: etree.Element) -> Inline:
        name, target, source = element.get("name", ""), element.get("target", ""), self.source
        if name == "lang":
            lang = element.get("argument", "").strip(" .#").removeprefix("lang=").strip("\"'")
            if not lang:
                self.problems.add(
                    source, ":lang[…] does not say which language", "write :lang[mot]{fr}", "lang"
                )
            with self.context.using_language(lang):
                return Span("foreign", tuple(self._inside(element)), lang=lang)
        if name == "index":
            # Its words are printed, and the index lists them.
            return Span("index", tuple(self._inside(element)))
        self._previous = "x"
        if name == "field":
            known = self.context.fields
            if known is not None and target not in known:
                self.problems.add(
                    source, f"unknown field {target!r}", suggest(target, known), "unknown-field"
                )
                return Text(f":field[{target}]")
            return Field(target, source)
        if name not in ROLES:
            self.problems.add(
                source,
                f"unknown directive ':{name}[…]'",
                f"did you mean ':{mistyped(name, ROLES)}[…]'?",
                "unknown-directive",
            )
            return Text(target)
        if self.context.targets:
            written = target
            target = self.context.targets.require(self.context.chapter, target, source)
            if not target:
                return Text(f":{name}[{written}]")
        return Reference(target, "page" if name == "page" else "number", source)

    # ------------------------------------------------------------------- HTML

    def _may_open(self, element: etree.Element) -> bool:
        name = element.get("name", "")
        if name in TAGS and (name != "span" or element.get("a-lang")):
            return True
        self._opened[name] = self._opened.get(name, 0) + 1
        if name == "span":
            self.problems.add(
                self.source,
                "<span> is only supported with a language",
                'write <span lang="fr">mot</span>',
                "html",
            )
            return False
        kinds = ", ".join(sorted(TAGS))
        hint = _INSTEAD.get(
            name, f"only {kinds} are printed; write code in backticks, a less-than sign as \\<"
        )
        written = element.get("written", name)
        self.problems.add(self.source, f"raw HTML is not supported: <{written}>", hint, "html")
        return False

    def _stray(self, element: etree.Element) -> None:
        """Report a closing tag without an opening one, unless that was reported already."""
        name = element.get("name", "")
        if self._opened.get(name):
            self._opened[name] -= 1
            return
        self.problems.add(
            self.source,
            f"</{name}> closes nothing",
            f"open it with <{name}> in the same paragraph" if name in TAGS else "leave it out",
            "html",
        )

    def _tagged(self, element: etree.Element, parts: list[Inline]) -> list[Inline]:
        kind = _TAG_SPANS[element.get("name", "")]
        expansion = unescaped(element.get("a-title", "")) if kind == "abbreviation" else ""
        return [Span(kind, tuple(parts), element.get("a-lang", ""), expansion)]


def unescaped(text: str) -> str:
    """Return text with backslash escapes and entities replaced by their characters."""
    if "&" in text:
        text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
    return _STASHED.sub(_unstashed, text) if "\x02" in text else text


def _unstashed(match: re.Match[str]) -> str:
    return chr(int(match[1])) if match[1].isdecimal() else ""


def _append(parts: list[Inline], words: str) -> None:
    last = parts[-1] if parts else None
    if isinstance(last, Text):
        parts[-1] = Text(last.text + words)
    elif words:
        parts.append(Text(words))


def _in_language(inline: Inline, element: etree.Element) -> Inline:
    lang = element.get("lang", "")
    return Span("foreign", (inline,), lang=lang) if lang else inline


def _leads_to_own_picture(link: etree.Element, target: str) -> bool:
    """Return whether a link has a picture alone in it and leads to the picture's file."""
    if [one.tag for one in link] != ["img"] or (link.text or "").strip():
        return False
    return not (link[0].tail or "").strip() and unescaped(link[0].get("src") or "") == target


def _with_word(parts: list[Inline], reference: Reference) -> Inline:
    """Take the word before a page number into its link, `page 48`, and keep both on one line."""
    last = parts[-1] if parts else None
    match = _BEFORE_PAGE.search(last.text) if isinstance(last, Text) else None
    if match is None or not isinstance(last, Text):
        return reference
    taken = match[1] or match[2]
    if not taken:
        parts[-1] = Text(last.text[:-1] + "\u00a0")
        return reference
    _replace_last(parts, last.text.removesuffix(taken))
    words = Text(taken[:-1] + "\u00a0" if taken.endswith(" ") else taken)
    return Link(f"#{reference.target}", (words, reference), "", reference.source)


def _replace_last(parts: list[Inline], words: str) -> None:
    if words:
        parts[-1] = Text(words)
    else:
        parts.pop()
