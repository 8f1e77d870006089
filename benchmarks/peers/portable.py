"""A `Document` as plain data that any tool can set: blocks, and runs of text with a few marks.

What only this project draws is left to the peers' advantage: an index without page numbers,
figures as a list of their words, no lines to write on.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from handbook.document.nodes import (
    Admonition,
    Block,
    Chapter,
    ChartBlock,
    Checkbox,
    Code,
    CodeBlock,
    DefinitionList,
    Directive,
    Division,
    Document,
    Heading,
    Inlines,
    LineBreak,
    Link,
    List,
    Paragraph,
    Quote,
    Reference,
    Row,
    Span,
    Table,
    Text,
    plain_text,
)
from handbook.document.numbering import DocumentNumbers, headings, number_document
from handbook.document.term_links import index_entries
from handbook.layout.block.generated_lists import printable_address

Node = dict[str, Any]
MARKS = {"strong": "b", "emphasis": "i", "strike": "s", "keyboard": "c"}


def portable(document: Document) -> Node:
    """The whole book: title, subtitle, and chapters of blocks, as JSON could hold it."""
    facts = number_document(document)
    return {
        "title": document.meta.title,
        "subtitle": document.meta.subtitle,
        "author": document.meta.author,
        "language": document.meta.language,
        "chapters": [_chapter(chapter, document, facts) for chapter in document.chapters],
    }


def _chapter(chapter: Chapter, document: Document, facts: DocumentNumbers) -> Node:
    blocks = [node for block in chapter.blocks for node in _block(block, document, facts)]
    return {
        "id": chapter.id,
        "title": plain_text(chapter.title),
        "number": facts.chapter_number.get(chapter.id, ""),
        "layout": chapter.layout,
        "matter": chapter.matter,
        "listed": chapter.listed,
        "sections": [heading.id for heading in headings(chapter)] if chapter.listed else [],
        "blocks": blocks,
    }


def _blocks(blocks: tuple[Block, ...], document: Document, facts: DocumentNumbers) -> list[Node]:
    return [node for block in blocks for node in _block(block, document, facts)]


def _block(block: Block, document: Document, facts: DocumentNumbers) -> Iterator[Node]:
    if isinstance(block, Heading):
        yield {
            "kind": "heading",
            "level": block.level,
            "id": block.id,
            "runs": _runs(block.content, facts),
        }
    elif isinstance(block, Paragraph):
        yield {
            "kind": "paragraph",
            "classes": list(block.classes),
            "id": block.id,
            "runs": _runs(block.content, facts),
        }
    elif isinstance(block, List):
        items = [_blocks(item.blocks, document, facts) for item in block.items]
        for item, node in zip(block.items, items, strict=True):
            if item.checked is not None and node and "runs" in node[0]:
                node[0]["runs"].insert(0, {"text": "[ ] "})
        yield {"kind": "list", "ordered": block.ordered, "start": block.start, "items": items}
    elif isinstance(block, DefinitionList):
        for item in block.items:
            terms = [run for term in item.terms for run in _runs(term, facts)]
            yield {
                "kind": "paragraph",
                "classes": [],
                "id": item.id,
                "runs": [{**r, "b": 1} for r in terms],
            }
            yield {"kind": "quote", "blocks": _blocks(item.blocks, document, facts)}
    elif isinstance(block, Table):
        yield _table(block, document, facts)
    elif isinstance(block, CodeBlock):
        yield {"kind": "code", "text": block.text, "language": block.language}
    elif isinstance(block, Quote):
        yield {"kind": "quote", "blocks": _blocks(block.blocks, document, facts)}
    elif isinstance(block, Admonition):
        yield {
            "kind": "box",
            "name": block.kind,
            "title": plain_text(block.title),
            "blocks": _blocks(block.blocks, document, facts),
        }
    elif isinstance(block, Division):
        yield from _blocks(block.blocks, document, facts)
    elif isinstance(block, Directive):
        yield from _directive(block, document, facts)
    elif isinstance(block, ChartBlock):
        yield from _chart(block, facts)
    else:
        raise TypeError(f"the peers' book has no {type(block).__name__} yet")


def _table(table: Table, document: Document, facts: DocumentNumbers) -> Node:
    def grid(rows: tuple[Row, ...]) -> list[list[list[Node]]]:
        """Cells row by row; what a cell spans beyond its first place is empty."""
        filled: list[list[list[Node]]] = []
        covered: set[tuple[int, int]] = set()
        for number, row in enumerate(rows):
            cells = iter(row.cells)
            line: list[list[Node]] = []
            while len(line) < len(table.columns):
                one = None if (number, len(line)) in covered else next(cells, None)
                if one is not None:
                    covered |= {
                        (number + down, len(line) + across)
                        for down in range(one.rowspan)
                        for across in range(one.colspan)
                    }
                line.append(_blocks(one.blocks, document, facts) if one else [])
            filled.append(line)
        return filled

    return {
        "kind": "table",
        "id": table.id,
        "widths": [column.width or 1.0 for column in table.columns],
        "header": grid(table.header),
        "rows": grid(table.rows),
        "caption": f"{facts.number_of.get(table.id, 'Table')}  {plain_text(table.caption)}",
    }


def _directive(directive: Directive, document: Document, facts: DocumentNumbers) -> Iterator[Node]:
    if directive.name == "contents":
        yield {"kind": "contents"}
    elif directive.name in ("tables", "figures"):
        kind = directive.name[:-1].capitalize()
        named = [k for k, number in facts.number_of.items() if number.startswith(kind)]
        yield _list([[{"text": facts.title_of[key]}] for key in named])
    elif directive.name == "links":
        addresses = [[{"text": printable_address(a), "link": a}] for a in facts.address_of]
        yield _list(addresses, ordered=True)
    elif directive.name == "index":
        yield _list([[{"text": term}] for term, _ in index_entries(document)])
    elif directive.name == "figure":
        words = [
            words
            for key, value in directive.attributes.items()
            if key in ("rows", "columns", "steps", "notes", "labels", "urls", "marked")
            for words in value.split("|")
            if words
        ]
        yield _list([[{"text": printable_address(word)}] for word in words])
        number = facts.number_of.get(directive.id, "Figure")
        caption = {"text": f"{number}  {directive.attributes.get('caption', '')}", "i": 1}
        yield {"kind": "paragraph", "classes": [], "id": directive.id, "runs": [caption]}


def _chart(chart: ChartBlock, facts: DocumentNumbers) -> Iterator[Node]:
    """The words of a chart, each once, and its caption."""
    words = [v for channel in chart.channels for v in channel.values if isinstance(v, str)]
    yield _list([[{"text": word}] for word in dict.fromkeys(words) if word])
    number = facts.number_of.get(chart.id, "Figure")
    caption = {"text": f"{number}  {plain_text(chart.caption)}", "i": 1}
    yield {"kind": "paragraph", "classes": [], "id": chart.id, "runs": [caption]}


def _list(items: list[list[Node]], ordered: bool = False) -> Node:
    paragraphs = [[{"kind": "paragraph", "classes": [], "id": "", "runs": runs}] for runs in items]
    return {"kind": "list", "ordered": ordered, "start": 1, "items": paragraphs}


def _runs(inlines: Inlines, facts: DocumentNumbers, marks: Node | None = None) -> list[Node]:
    """Inlines, flat: each run has its text, its marks (b, i, c, s), its link or its page."""
    own = marks or {}
    runs: list[Node] = []
    for inline in inlines:
        if isinstance(inline, Text):
            runs.append({**own, "text": inline.text})
        elif isinstance(inline, Code):
            runs.append({**own, "text": inline.text, "c": 1})
        elif isinstance(inline, LineBreak):
            runs.append({"text": "\n"})
        elif isinstance(inline, Checkbox):
            runs.append({"text": "[ ]"})
        elif isinstance(inline, Span):
            mark = MARKS.get(inline.kind)
            runs += _runs(inline.children, facts, {**own, mark: 1} if mark else own)
        elif isinstance(inline, Link):
            runs += _runs(inline.children, facts, {**own, "link": inline.target})
        elif isinstance(inline, Reference) and inline.form == "page":
            runs.append({**own, "text": "", "page": inline.target})
        elif isinstance(inline, Reference):
            said = facts.number_of if inline.form == "number" else facts.title_of
            words = said.get(inline.target) or facts.chapter_number.get(inline.target, "")
            runs.append({**own, "text": words, "link": f"#{inline.target}"})
    return runs
