"""A document as a few lines of text, so that a test shows the tree it expects.

    h2@1 #the-end "The end"          a heading on line 1 with the id `the-end`
    ul@3                             a tight list; `ul~` is a loose one
      li@3 [x]                       an item, ticked
        p@3 "one *two* `three`"

Inlines: *em* **strong** ~~strike~~ `code` [words](target) :page(id) :number(id) :title(id)
:field(name) ^(note) [ ] [x] ⏎ !(alt) and kind<words> for the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from handbook.core.diagnostics import Diagnostic, HandbookError, Source
from handbook.document.fields import FieldSpec
from handbook.document.nodes import (
    Admonition,
    Block,
    Checkbox,
    Code,
    CodeBlock,
    DefinitionList,
    Directive,
    Division,
    Document,
    Field,
    Figure,
    Heading,
    Image,
    Inlines,
    LineBreak,
    Link,
    List,
    Meta,
    NoteReference,
    Paragraph,
    Quote,
    Reference,
    Rule,
    Span,
    Table,
    Text,
)
from handbook.markdown import parse
from handbook.select.assemble import AssembledChapter

SIGNS = {"emphasis": "*", "strong": "**", "strike": "~~"}


def chapter(
    text: str, name: str = "c", title: str = "T", folder: Path = Path(), file: str = ""
) -> AssembledChapter:
    file = file or f"{name}.md"
    lines = tuple(Source(file, number) for number in range(1, text.count("\n") + 2))
    return AssembledChapter(
        id=name,
        title=title,
        matter="main",
        layout="chapter",
        listed=True,
        depth=2,
        short_title="",
        text=text,
        lines=lines,
        source=Source(file, 1),
        folder=folder,
    )


def read(
    *texts: str | AssembledChapter, language: str = "en", fields: Iterable[str] = ()
) -> Document:
    """The document of these chapters, named a, b, c ..."""
    given = [
        chapter(text, "abcdefgh"[number]) if isinstance(text, str) else text
        for number, text in enumerate(texts)
    ]
    specs: Mapping[str, FieldSpec] = {name: FieldSpec(name, name, 100.0) for name in fields}
    return parse(given, Meta("A book", language=language), specs)


def mistakes(*texts: str | AssembledChapter, fields: Iterable[str] = ()) -> list[Diagnostic]:
    """What is wrong with these chapters."""
    try:
        read(*texts, fields=fields)
    except HandbookError as problem:
        return list(problem.diagnostics)
    return []


def sketch(text: str, **options: str) -> str:
    """The blocks of a chapter of its own."""
    document = read(text, **options)  # type: ignore[arg-type]
    return "\n".join(line for block in document.chapters[0].blocks for line in sketched(block))


def words(inlines: Inlines) -> str:
    out: list[str] = []
    for inline in inlines:
        if isinstance(inline, Text):
            out.append(inline.text)
        elif isinstance(inline, Span):
            inner, sign = words(inline.children), SIGNS.get(inline.kind)
            extra = inline.lang or inline.expansion
            name = f"{inline.kind}:{extra}" if extra else inline.kind
            out.append(f"{sign}{inner}{sign}" if sign else f"{name}<{inner}>")
        elif isinstance(inline, Code):
            out.append(f"`{inline.text}`")
        elif isinstance(inline, Link):
            out.append(f"[{words(inline.children)}]({inline.target})")
        elif isinstance(inline, Reference):
            out.append(f":{inline.form}({inline.target})")
        elif isinstance(inline, Field):
            out.append(f":field({inline.name})")
        elif isinstance(inline, NoteReference):
            out.append(f"^({inline.id})")
        elif isinstance(inline, Checkbox):
            out.append("[x]" if inline.checked else "[ ]")
        elif isinstance(inline, LineBreak):
            out.append("⏎")
        elif isinstance(inline, Image):
            out.append(f"!({inline.alt})")
    return "".join(out)


def sketched(block: Block, depth: int = 0) -> list[str]:
    name, inner = _described(block, depth)
    marks = [f"#{block.id}"] if block.id else []
    marks += [f".{name}" for name in block.classes]
    marks += [f"lang={block.lang}"] if block.lang else []
    head, _, tail = name.partition(" ")
    line = " ".join([f"{head}@{block.source.line}", *marks, *([tail] if tail else [])])
    return ["  " * depth + line, *inner]


def _within(blocks: Iterable[Block], depth: int) -> list[str]:
    return [line for block in blocks for line in sketched(block, depth)]


def _described(block: Block, depth: int) -> tuple[str, list[str]]:
    pad = "  " * (depth + 1)
    if isinstance(block, Heading):
        return f'h{block.level} "{words(block.content)}"', []
    if isinstance(block, Paragraph):
        return f'p "{words(block.content)}"', []
    if isinstance(block, CodeBlock):
        return f"code {block.language or '-'} {block.text!r}", []
    if isinstance(block, Rule):
        return "hr", []
    if isinstance(block, Figure):
        size = f" {block.image.width:.0f}x{block.image.height:.0f}" if block.image.width else ""
        caption = f' "{words(block.caption)}"' if block.caption else ""
        return f"figure !({block.image.alt}){size}{caption}", []
    if isinstance(block, Quote):
        return "quote", _within(block.blocks, depth + 1)
    if isinstance(block, Admonition):
        title = f' "{words(block.title)}"' if block.title else ""
        return f"box {block.kind}{title}", _within(block.blocks, depth + 1)
    if isinstance(block, (Division, Directive)):
        pairs = "".join(f" {key}={value}" for key, value in block.attributes.items())
        kind = "div" if isinstance(block, Division) else "directive"
        inner = block.blocks if isinstance(block, Division) else ()
        return f"{kind} {block.name}{pairs}", _within(inner, depth + 1)
    if isinstance(block, List):
        lines = []
        for item in block.items:
            box = "" if item.checked is None else " [x]" if item.checked else " [ ]"
            marks = "".join([f" #{item.id}" if item.id else "", *(f" .{c}" for c in item.classes)])
            lines += [f"{pad}li@{item.source.line}{marks}{box}", *_within(item.blocks, depth + 2)]
        kind = "ol" if block.ordered else "ul"
        start = f" {block.start}" if block.start != 1 else ""
        return f"{kind}{'' if block.tight else '~'}{start}", lines
    if isinstance(block, DefinitionList):
        lines = []
        for definition in block.items:
            terms = " / ".join(words(term) for term in definition.terms)
            lines.append(f'{pad}dt@{definition.source.line} #{definition.id} "{terms}"')
            lines += _within(definition.blocks, depth + 2)
        return "dl", lines
    assert isinstance(block, Table)
    columns = " ".join(
        f"{column.align[:1] or '-'}{column.width:g}" if column.width else column.align[:1] or "-"
        for column in block.columns
    )
    lines = []
    for kind, rows in (("th", block.header), ("tr", block.rows)):
        for row in rows:
            classes = "".join(f" .{name}" for name in row.classes)
            cells = [
                ("! " if cell.header else "")
                + " ".join(words(b.content) for b in cell.blocks if isinstance(b, Paragraph))
                for cell in row.cells
            ]
            lines.append(f"{pad}{kind}@{row.source.line}{classes} " + " | ".join(cells))
    caption = f' "{words(block.caption)}"' if block.caption else ""
    return f"table ({columns}){caption}", [line.rstrip() for line in lines]
