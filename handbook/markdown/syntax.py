"""What handbooks write beyond Markdown, as extensions of Python-Markdown.

Blocks: fenced code, containers (`::: tip "Title"`), leaf directives (`::lines count=8`).
Inlines: `:page[id]`, `:ref[id]`, `:field[name]`, `:lang[mot]{fr}`, footnote marks, strike,
superscript, subscript, and the few HTML tags that print.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from typing import Any

from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor, SimpleTagInlineProcessor
from markdown.util import AtomicString

from .places import MARK, clean

ADMONITIONS = {
    "note", "tip", "caution", "warning", "important", "retired", "exam", "facts", "example",
    "question", "answer", "key",
}  # fmt: skip
DIRECTIVES = {"contents", "page-break", "lines", "links"}
HTML_TAGS = ("kbd", "sub", "sup", "mark", "small", "abbr", "span", "del", "s")

_FENCE = re.compile(r"^( *)(`{3,}|~{3,})[ ]*([^\n`]*)$", re.MULTILINE)
_OPENING = re.compile(r"^( {0,3})(:{3,})[ ]*([\w-]+)([^\n]*)$", re.MULTILINE)
_LEAF = re.compile(r"^( {0,3})::([\w-]+)([^\n]*)$", re.MULTILINE)
_ATTRIBUTE = re.compile(
    r'#(?P<id>[\w-]+)|\.(?P<cls>[\w-]+)|(?P<key>[\w-]+)=(?:"(?P<quoted>[^"]*)"|(?P<bare>\S+))'
    r'|"(?P<title>[^"]*)"'
)


def attributes(text: str) -> tuple[dict[str, str], str]:
    """`key=value #id .class "Title"` as attributes and a title."""
    found: dict[str, str] = {}
    title = ""
    for match in _ATTRIBUTE.finditer(text):
        if match["id"]:
            found["id"] = match["id"]
        elif match["cls"]:
            found["class"] = f"{found.get('class', '')} {match['cls']}".strip()
        elif match["key"]:
            found[match["key"]] = match["quoted"] if match["quoted"] is not None else match["bare"]
        elif match["title"] is not None:
            title = match["title"]
    return found, title


class _Block(BlockProcessor):
    """A block processor that can see the rest of the text, across blank lines."""

    def start(self, block: str) -> re.Match[str] | None:
        """Where in `block` this syntax begins."""
        raise NotImplementedError

    def test(self, parent: etree.Element, block: str) -> bool:
        """Whether `block` holds this syntax."""
        return self.start(block) is not None

    def before(self, parent: etree.Element, text: str) -> None:
        """Parse what stands in the same block above."""
        if text.strip("\n"):
            self.parser.parseBlocks(parent, [text.rstrip("\n")])

    def after(self, blocks: list[str], text: str) -> None:
        """Give back what follows."""
        text = text.lstrip("\n") if not text.startswith("\n\n") else text[2:]
        if text.strip():
            blocks[:0] = text.split("\n\n")


class FenceProcessor(_Block):
    """Fenced code, in lists and containers too."""

    def start(self, block: str) -> re.Match[str] | None:
        """The opening fence, unless a container opens first."""
        match = _FENCE.search(block)
        opening = _OPENING.search(block)
        return None if match and opening and opening.start() < match.start() else match

    def run(self, parent: etree.Element, blocks: list[str]) -> bool | None:
        """Take the lines up to the closing fence."""
        text = "\n\n".join(blocks)
        match = _FENCE.search(text)
        assert match is not None
        closing = re.compile(
            rf"^ *{re.escape(match[2][0])}{{{len(match[2])},}} *(?:{MARK.pattern})?$", re.MULTILINE
        )
        end = closing.search(text, match.end())
        body = text[match.end() + 1 : end.start() if end else len(text)]
        del blocks[:]
        self.before(parent, text[: match.start()])
        indent = len(match[1])
        lines = [_dedent(line, indent) for line in clean(body).rstrip("\n").split("\n")]
        element = etree.SubElement(_item(parent, indent), "pre")
        element.set("line", _line(match[3]))
        element.set("language", clean(match[3]).strip().split(" ")[0])
        element.text = AtomicString("\n".join(lines))
        self.after(blocks, text[end.end() :] if end else "")
        return None


def _item(parent: etree.Element, indent: int) -> etree.Element:
    """Where code indented by `indent` spaces belongs: an item of the list above it, or `parent`."""
    while indent >= 2 and len(parent) and parent[-1].tag in ("ul", "ol") and len(parent[-1]):
        parent = parent[-1][-1]
        indent -= 4
    return parent


def _dedent(line: str, indent: int) -> str:
    lead = len(line) - len(line.lstrip(" "))
    return line[min(indent, lead) :]


def _line(text: str) -> str:
    match = MARK.search(text)
    return match.group(1) if match else ""


class ContainerProcessor(_Block):
    """`::: name ...` up to its `:::`; containers nest."""

    def start(self, block: str) -> re.Match[str] | None:
        """The opening line, unless a fence opens first."""
        match = _OPENING.search(block)
        fence = _FENCE.search(block)
        return None if match and fence and fence.start() < match.start() else match

    def run(self, parent: etree.Element, blocks: list[str]) -> bool | None:
        """Take the lines up to the end of the container, and parse what is inside."""
        text = "\n\n".join(blocks)
        match = _OPENING.search(text)
        assert match is not None
        inner, rest, closed = _inside(text[match.end() + 1 :])
        del blocks[:]
        self.before(parent, text[: match.start()])
        found, title = attributes(clean(match[4]))
        element = etree.SubElement(parent, "container")
        element.set("name", match[3])
        element.set("line", _line(match[0]))
        element.set("closed", "yes" if closed else "")
        for key, value in found.items():
            element.set(f"a-{key}", value)
        if title:
            head = etree.SubElement(element, "title")
            head.text = title
        self.parser.parseBlocks(element, inner.strip("\n").split("\n\n") if inner.strip() else [])
        self.after(blocks, rest)
        return None


def _inside(text: str) -> tuple[str, str, bool]:
    """What is inside the container that `text` begins with, what follows, and whether it ends."""
    depth = 1
    fence = ""
    place = 0
    for line in text.split("\n"):
        bare = clean(line).strip()
        if fence:
            if bare.startswith(fence) and not bare.strip(fence[0]):
                fence = ""
        elif bare.startswith(("```", "~~~")):
            fence = bare[: len(bare) - len(bare.lstrip(bare[0]))]
        elif re.match(r":{3,}$", bare):
            depth -= 1
            if not depth:
                return text[:place], text[place + len(line) :], True
        elif re.match(r":{3,}\s*\w", bare):
            depth += 1
        place += len(line) + 1
    return text, "", False


class LeafProcessor(_Block):
    """`::name key=value` on a line of its own."""

    def start(self, block: str) -> re.Match[str] | None:
        """The directive's line, unless a fence or a container opens first."""
        match = _LEAF.search(block)
        if match is None:
            return None
        others = [m.start() for m in (_FENCE.search(block), _OPENING.search(block)) if m]
        return None if any(place < match.start() for place in others) else match

    def run(self, parent: etree.Element, blocks: list[str]) -> bool | None:
        """Take the one line."""
        block = blocks.pop(0)
        match = self.start(block)
        assert match is not None
        self.before(parent, block[: match.start()])
        found, _ = attributes(clean(match[3]))
        element = etree.SubElement(parent, "directive")
        element.set("name", match[2])
        element.set("line", _line(match[0]))
        for key, value in found.items():
            element.set(f"a-{key}", value)
        self.after(blocks, block[match.end() :])
        return None


class _Reference(InlineProcessor):
    """`:page[id]` and its like."""

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[Any, Any, Any]:
        """An element `role` with the kind, the target and the argument."""
        element = etree.Element("role")
        element.set("kind", m.group(1))
        element.set("target", clean(m.group(2)).strip())
        element.set("argument", m.group(3) or "")
        return element, m.start(0), m.end(0)


class _Note(InlineProcessor):
    """`[^id]`: the mark of a footnote."""

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[Any, Any, Any]:
        """An element `noteref`."""
        element = etree.Element("noteref")
        element.set("target", m.group(1))
        return element, m.start(0), m.end(0)


class _Tag(InlineProcessor):
    """An HTML tag that prints, with what is inside it."""

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[Any, Any, Any]:
        """The element of that name."""
        element = etree.Element("strike" if m.group(1) in ("del", "s") else m.group(1))
        for key, value in re.findall(r'([\w-]+)="([^"]*)"', m.group(2) or ""):
            element.set(key, clean(value))
        element.text = m.group(3)
        return element, m.start(0), m.end(0)


class _Break(InlineProcessor):
    """`<br>`."""

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[Any, Any, Any]:
        """A line break."""
        return etree.Element("br"), m.start(0), m.end(0)


class _Unknown(InlineProcessor):
    """Any other HTML tag: an error, told later with its line."""

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[Any, Any, Any]:
        """An element `badtag` with the tag's name."""
        element = etree.Element("badtag")
        element.set("name", m.group(1))
        return element, m.start(0), m.end(0)


class HandbookSyntax(Extension):
    """Everything above, in the order in which it must be tried."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the processors with `md`, and take out those that would pass HTML through."""
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        parser = md.parser
        parser.blockprocessors.register(ContainerProcessor(parser), "container", 118)
        parser.blockprocessors.register(FenceProcessor(parser), "fence", 117)
        parser.blockprocessors.register(LeafProcessor(parser), "leaf", 116)
        patterns = md.inlinePatterns
        patterns.register(
            _Reference(r":(page|ref|field|lang)\[([^\]\n]*)\](?:\{([^}\n]*)\})?", md), "role", 179
        )
        patterns.register(_Note(r"\[\^([^\]\s]+)\](?!:)", md), "noteref", 178)
        patterns.register(SimpleTagInlineProcessor(r"()~~(?!\s)(.+?)~~", "strike"), "strike", 66)
        patterns.register(SimpleTagInlineProcessor(r"()\^([^\s^]+)\^", "sup"), "super", 65)
        patterns.register(SimpleTagInlineProcessor(r"()~([^\s~]+)~", "sub"), "lower", 64)
        tags = "|".join(HTML_TAGS)
        patterns.register(_Break(r"<br\s*/?>", md), "break", 95)
        patterns.register(_Tag(rf"<({tags})(\s[^<>]*)?>(.*?)</\1>", md), "tag", 94)
        patterns.register(_Unknown(r"</?([A-Za-z][\w-]*)(?:\s[^<>]*)?/?>", md), "unknown", 80)
