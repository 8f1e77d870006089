"""Element tree -> blocks."""

from __future__ import annotations

import re
import xml.etree.ElementTree as etree
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..diagnostics import Diagnostic, HandbookError, nearest, suggest
from ..document import (
    Admonition,
    Align,
    Block,
    Cell,
    CodeBlock,
    Column,
    Definition,
    DefinitionList,
    Directive,
    Division,
    Figure,
    Heading,
    Image,
    Inlines,
    List,
    ListItem,
    Paragraph,
    Quote,
    Row,
    Rule,
    Source,
    Table,
    Text,
    plain_text,
)
from .inlines import InlineReader
from .places import clean, first
from .reader import Reader
from .syntax import ADMONITIONS, DIRECTIVES, attributes

UNITS = {"pt": 1.0, "mm": 72 / 25.4, "cm": 720 / 25.4, "in": 72.0, "px": 0.75, "": 0.75}
BLOCK_TAGS = {
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "pre", "blockquote", "hr",
    "div", "container", "directive",
}  # fmt: skip
_TASK = re.compile(r"\s*\[([ xX])\](?:\s+|$)")
_CAPTION = re.compile(r"(Table|Figure):\s+")
_TAIL = re.compile(r"\s*\{:?\s*((?:[#.][\w-]+|[\w-]+=(?:[\"“”][^\"“”]*[\"“”]|[^\s}]+)|\s+)+)\}\s*$")
_ROW_CLASS = re.compile(r"\s*\{\.([\w. -]+)\}\s*")
_ALERT = re.compile(r"\[!(\w+)\]\s*")
_LENGTH = re.compile(r"(\d+(?:\.\d+)?)(pt|mm|cm|in|px|)\Z")


def slug(text: str) -> str:
    """The id of a heading or a term: its words in lower case, joined by dashes."""
    return re.sub(r"[^\w]+", "-", text.casefold()).strip("-_") or "section"


class Converter:
    """Converts the tree of one chapter; problems are collected and raised together."""

    def __init__(
        self,
        reader: Reader,
        lines: Sequence[Source],
        folder: Path | None,
        chapter: str,
        language: str,
    ) -> None:
        self.reader = reader
        self.lines = lines
        self.folder = folder
        self.chapter = chapter
        self.problems: list[Diagnostic] = []
        self.inline = InlineReader(
            self._place, chapter, language.startswith("en"), self._image, self.problems
        )

    def blocks(self, root: etree.Element) -> tuple[Block, ...]:
        """The blocks of a tree; HandbookError with everything that is wrong in it."""
        made = self._children(root)
        if self.problems:
            raise HandbookError(*sorted(set(self.problems)))
        return made

    def inline_text(self, text: str) -> Inlines:
        """A line of Markdown as inlines."""
        made = self.blocks(self.reader.fragment(text))
        return made[0].content if made and isinstance(made[0], Paragraph) else (Text(text),)

    # ----------------------------------------------------------------- places

    def _place(self, number: int) -> Source:
        return self.lines[min(number, len(self.lines) - 1)] if self.lines else Source()

    def _source(self, element: etree.Element) -> Source:
        if element.get("line"):
            return self._place(int(element.get("line", "0")))
        for part in element.iter():
            for text in (part.get("line") and f"\ue002{part.get('line')}\ue003", part.text):
                number = first(text) if text else -1
                if number >= 0:
                    return self._place(number)
            for child in part:
                number = first(child.tail) if child.tail else -1
                if number >= 0 and not child.text:
                    return self._place(number)
        return self.lines[0] if self.lines else Source()

    def _problem(self, source: Source, message: str, hint: str = "", code: str = "") -> None:
        self.problems.append(Diagnostic(source.file, source.line, 0, message, hint, code))

    # ----------------------------------------------------------------- blocks

    def _children(self, parent: etree.Element) -> tuple[Block, ...]:
        made: list[Block] = []
        inline: list[etree.Element] = []
        text = parent.text
        for child in parent:
            if child.tag in BLOCK_TAGS:
                self._loose(text, inline, parent, made)
                made += self._block(child)
                text, inline = child.tail, []
            else:
                inline.append(child)
        self._loose(text, inline, parent, made)
        return _captioned(made)

    def _loose(
        self,
        text: str | None,
        inline: list[etree.Element],
        parent: etree.Element,
        made: list[Block],
    ) -> None:
        """Text that stands in a list item or a cell without a paragraph of its own."""
        if not inline and not clean(text or "").strip():
            return
        number = first(text or "")
        source = self._place(number) if number >= 0 else self._source(parent)
        content = self.inline.read(text, inline, source)
        if content:
            made.append(self._tailed(Paragraph(content, source=source)))

    def _block(self, element: etree.Element) -> list[Block]:
        tag = element.tag
        source = self._source(element)
        common: dict[str, Any] = {
            "source": source,
            "id": element.get("id", ""),
            "classes": tuple(element.get("class", "").split()),
            "lang": element.get("lang", ""),
        }
        if tag == "p":
            return self._paragraph(element, common)
        if tag[0] == "h" and tag[1:].isdigit():
            content = self.inline.read(element.text, list(element), source)
            common["id"] = common["id"] or slug(plain_text(content))
            return [Heading(int(tag[1:]), content, **common)]
        if tag in ("ul", "ol"):
            return [self._list(element, common)]
        if tag == "table":
            return [self._table(element, common)]
        if tag == "pre":
            return [self._code(element, common)]
        if tag == "blockquote":
            return self._quotes(element, common)
        if tag == "dl":
            return [self._definitions(element, common)]
        if tag == "hr":
            return [Rule(**common)]
        if tag == "container":
            return [self._container(element)]
        if tag == "directive":
            return [self._directive(element)]
        return self._division(element, common)

    def _paragraph(self, element: etree.Element, common: dict[str, Any]) -> list[Block]:
        content = self.inline.read(element.text, list(element), common["source"], boxes=True)
        if not content:
            return []
        if len(content) == 1 and isinstance(content[0], Image):
            return [Figure(content[0], **common)]
        return [self._tailed(Paragraph(content, **common))]

    def _tailed(self, paragraph: Paragraph) -> Paragraph:
        """A paragraph whose last words are `{.class #id}`, with those taken off."""
        last = paragraph.content[-1]
        match = _TAIL.search(last.text) if isinstance(last, Text) else None
        if not match or plain_text(paragraph.content).lstrip().startswith(("Table:", "Figure:")):
            return paragraph
        found, _ = attributes(match.group(1))
        assert isinstance(last, Text)
        rest = last.text[: match.start()]
        content = paragraph.content[:-1] + ((Text(rest),) if rest else ())
        classes = (*paragraph.classes, *found.get("class", "").split())
        return replace(
            paragraph, content=content, classes=classes, id=found.get("id", paragraph.id)
        )

    # ------------------------------------------------------------------ lists

    def _list(self, element: etree.Element, common: dict[str, Any]) -> List:
        items = tuple(self._item(item) for item in element if item.tag == "li")
        tight = not any(child.tag == "p" for item in element for child in item)
        start = int(element.get("start", "1"))
        return List(items, element.tag == "ol", start, tight, **common)

    def _item(self, element: etree.Element) -> ListItem:
        source = self._source(element)
        holder = element[0] if len(element) and element[0].tag == "p" and not clean(
            element.text or ""
        ).strip() else element  # fmt: skip
        match = _TASK.match(clean(holder.text or ""))
        checked: bool | None = None
        if match:
            checked = match.group(1) != " "
            number = first(holder.text or "")
            mark = f"\ue002{number}\ue003" if number >= 0 else ""
            holder.text = mark + clean(holder.text or "")[match.end() :]
        return ListItem(self._children(element), checked, source=source, id=element.get("id", ""))

    def _definitions(self, element: etree.Element, common: dict[str, Any]) -> DefinitionList:
        items: list[Definition] = []
        terms: list[Inlines] = []
        target = ""
        source = common["source"]
        for child in element:
            if child.tag == "dt":
                if not terms:
                    source = self._source(child)
                terms.append(self.inline.read(child.text, list(child), source))
                target = child.get("id", "") or target or slug(plain_text(terms[0]))
            else:
                items.append(Definition(tuple(terms), self._children(child), target, source))
                terms, target = [], ""
        return DefinitionList(tuple(items), **common)

    # ----------------------------------------------------------------- tables

    def _table(self, element: etree.Element, common: dict[str, Any]) -> Table:
        header = tuple(self._row(row) for row in element.findall("./thead/tr"))
        header = tuple(row for row in header if any(cell.blocks for cell in row.cells))
        rows = tuple(self._row(row) for row in element.findall("./tbody/tr"))
        first_row = element.find("./thead/tr")
        cells = list(first_row) if first_row is not None else []
        columns = tuple(Column(_align(cell)) for cell in cells)
        return Table(columns, header, rows, **common)

    def _row(self, element: etree.Element) -> Row:
        source = self._source(element)
        classes: tuple[str, ...] = ()
        if len(element):
            text = element[0].text or ""
            match = _ROW_CLASS.match(clean(text))
            if match:
                classes = tuple(match.group(1).replace(".", " ").split())
                element[0].text = clean(text)[match.end() :]
        cells = tuple(self._cell(cell, source) for cell in element)
        return Row(cells, classes, source)

    def _cell(self, element: etree.Element, source: Source) -> Cell:
        content = self.inline.read(element.text, list(element), source, boxes=True)
        return Cell((Paragraph(content, source=source),) if content else ())

    # ------------------------------------------------------------------ boxes

    def _code(self, element: etree.Element, common: dict[str, Any]) -> CodeBlock:
        inner = element.find("code")
        text = (inner.text if inner is not None else element.text) or ""
        text = clean(text).rstrip("\n")
        if inner is not None:
            text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        return CodeBlock(text, element.get("language", ""), **common)

    def _quotes(self, element: etree.Element, common: dict[str, Any]) -> list[Block]:
        """A quote, and each alert (`[!NOTE]`) in it as an admonition of its own."""
        groups: list[tuple[str, etree.Element]] = [("", etree.Element("blockquote"))]
        for child in list(element):
            match = _ALERT.match(clean(child.text or "")) if child.tag == "p" else None
            if match:
                number = first(child.text or "")
                mark = f"\ue002{number}\ue003" if number >= 0 else ""
                child.text = mark + clean(child.text or "")[match.end() :]
                groups.append((match.group(1).lower(), etree.Element("blockquote")))
            groups[-1][1].append(child)
        made: list[Block] = []
        for kind, group in groups:
            if len(group):
                own = {**common, "source": self._source(group)}
                blocks = self._children(group)
                made.append(Admonition(kind, (), blocks, **own) if kind else Quote(blocks, **own))
        return made

    def _division(self, element: etree.Element, common: dict[str, Any]) -> list[Block]:
        classes = list(common["classes"])
        if "admonition" not in classes:
            return list(self._children(element))
        classes.remove("admonition")
        kind = classes[0] if classes else "note"
        title: Inlines = ()
        for child in list(element):
            if "admonition-title" in child.get("class", ""):
                words = clean(child.text or "")
                title = self.inline.read(child.text, list(child), common["source"])
                if words.casefold() == kind.casefold():
                    title = ()
                element.remove(child)
        common["classes"] = tuple(classes[1:])
        return [Admonition(kind, title, self._children(element), **common)]

    def _container(self, element: etree.Element) -> Block:
        name = element.get("name", "")
        source = self._source(element)
        if not element.get("closed"):
            self._problem(
                source, f"the container ':::: {name}' is not closed".replace("::::", ":::"),
                "end it with a line of three colons", "unclosed-container",
            )  # fmt: skip
        given = {k[2:]: v for k, v in element.attrib.items() if k.startswith("a-")}
        common: dict[str, Any] = {
            "source": source,
            "id": given.pop("id", ""),
            "classes": tuple(given.pop("class", "").split()),
            "lang": given.pop("lang", ""),
        }
        head = element.find("title")
        title: Inlines = ()
        if head is not None:
            title = self.inline.read(head.text, list(head), source)
            element.remove(head)
        blocks = self._children(element)
        if name in ADMONITIONS:
            return Admonition(name, title, blocks, **common)
        near = nearest(name, ADMONITIONS)
        if near and _close(name, near):
            self._problem(source, f"unknown container {name!r}", f"did you mean {near!r}?")
        return Division(name, blocks, given, **common)

    def _directive(self, element: etree.Element) -> Block:
        name = element.get("name", "")
        source = self._source(element)
        if name not in DIRECTIVES:
            self._problem(
                source, f"unknown directive '::{name}'", suggest(name, DIRECTIVES), "directive"
            )
        given = {k[2:]: v for k, v in element.attrib.items() if k.startswith("a-")}
        return Directive(name, given, source=source, id=given.pop("id", ""))

    # ----------------------------------------------------------------- images

    def _image(self, element: etree.Element, source: Source) -> Image:
        path = clean(element.get("src", ""))
        file = (self.folder or Path()) / path
        beside = (self.folder.parent / path) if self.folder else file
        found = next((f for f in (file, beside) if f.is_file()), None)
        if found is None:
            known = [p.name for p in file.parent.glob("*")] if file.parent.is_dir() else []
            self._problem(
                source, f"the picture {path!r} does not exist",
                suggest(Path(path).name, known) if known else "put it beside the chapter",
                "missing-image",
            )  # fmt: skip
        width = self._length(element, "width", source)
        height = self._length(element, "height", source)
        title = clean(element.get("title") or "")
        alt = clean(element.get("alt", ""))
        return Image(str(found or file), alt, width, height, title, source)

    def _length(self, element: etree.Element, key: str, source: Source) -> float:
        value = element.get(key, "")
        if not value:
            return 0.0
        match = _LENGTH.match(value)
        if not match:
            self._problem(
                source, f"{key}={value} is not a length", "write it as 60mm, 4cm or 200px"
            )
            return 0.0
        return float(match.group(1)) * UNITS[match.group(2)]


def _close(name: str, near: str) -> bool:
    """Whether `name` is `near` mistyped: the same letters in another order, or one of them off."""
    return sorted(name) == sorted(near) or (
        abs(len(name) - len(near)) <= 1
        and sum(a != b for a, b in zip(name, near, strict=False)) <= 1
    )


def _align(element: etree.Element) -> Align:
    style = element.get("style", "") + element.get("align", "")
    for word in ("left", "center", "right"):
        if word in style:
            return word
    return ""


def _captioned(blocks: list[Block]) -> tuple[Block, ...]:
    """Tables and figures with the caption that stands beside them."""
    made: list[Block] = []
    waiting: Paragraph | None = None
    for block in blocks:
        kind = _caption_kind(block)
        last = made[-1] if made else None
        if kind and isinstance(block, Paragraph):
            fits = isinstance(last, Table if kind == "Table" else Figure)
            if fits and isinstance(last, (Table, Figure)) and not last.caption:
                made[-1] = _with_caption(last, block)
            else:
                waiting = block
            continue
        if waiting is not None:
            if isinstance(block, (Table, Figure)):
                block = _with_caption(block, waiting)
            else:
                made.append(waiting)
            waiting = None
        made.append(block)
    if waiting is not None:
        made.append(waiting)
    return tuple(made)


def _caption_kind(block: Block) -> str:
    if isinstance(block, Paragraph) and block.content and isinstance(block.content[0], Text):
        match = _CAPTION.match(block.content[0].text)
        return match.group(1) if match else ""
    return ""


def _with_caption(block: Table | Figure, caption: Paragraph) -> Table | Figure:
    content = list(caption.content)
    assert isinstance(content[0], Text)
    content[0] = Text(_CAPTION.sub("", content[0].text, count=1))
    given: dict[str, str] = {}
    last = content[-1]
    match = _TAIL.search(last.text) if isinstance(last, Text) else None
    if match and isinstance(last, Text):
        given, _ = attributes(match.group(1).replace("“", '"').replace("”", '"'))
        content[-1] = Text(last.text[: match.start()])
    target = given.get("id", block.id or caption.id)
    classes = (*block.classes, *caption.classes, *given.get("class", "").split())
    inlines = tuple(c for c in content if not (isinstance(c, Text) and not c.text))
    if isinstance(block, Figure):
        return replace(block, caption=inlines, id=target, classes=classes)
    columns = _widths(block.columns, given.get("widths", ""))
    count = int(given.get("header-columns", "0"))
    rows = tuple(_row_headers(row, count) for row in block.rows)
    return replace(block, caption=inlines, id=target, classes=classes, columns=columns, rows=rows)


def _widths(columns: tuple[Column, ...], words: str) -> tuple[Column, ...]:
    shares = [float(share) for share in words.split() if re.fullmatch(r"\d+(\.\d+)?", share)]
    if len(shares) != len(columns):
        return columns
    return tuple(replace(c, width=share) for c, share in zip(columns, shares, strict=True))


def _row_headers(row: Row, count: int) -> Row:
    cells = tuple(
        replace(cell, header=True) if number < count else cell
        for number, cell in enumerate(row.cells)
    )
    return replace(row, cells=cells)
