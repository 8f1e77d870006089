"""Number chapters, tables, figures, notes and web addresses before layout."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import TypeAlias

from ..core.i18n import Translations, noop, translations_for
from ..core.values import record
from .nodes import (
    Block,
    Chapter,
    ChartBlock,
    Definition,
    DefinitionList,
    Diagram,
    Directive,
    Document,
    Figure,
    FormulaBlock,
    Heading,
    IndexMark,
    Inline,
    Inlines,
    Link,
    NoteReference,
    Numbering,
    Paragraph,
    Span,
    Table,
    every_inline,
    inlines_of,
    plain_text,
    walk,
    walk_inlines,
    with_values,
)
from .term_links import GLOSSARY

# What a term means is short up to this many characters.
SHORT_MEANING = 140
_ROMAN = {
    1000: "m", 900: "cm", 500: "d", 400: "cd", 100: "c", 90: "xc", 50: "l", 40: "xl", 10: "x",
    9: "ix", 5: "v", 4: "iv", 1: "i",
}  # fmt: skip
Notes: TypeAlias = Mapping[str, tuple[Block, ...]]


@record
class DocumentNumbers:
    """Numbers, titles and addresses by id, in reading order.

    `captions` has the kind ("Table" or "Figure") and the count of each numbered block.
    """

    number_of: dict[str, str] = field(default_factory=dict)
    captions: dict[str, tuple[str, int]] = field(default_factory=dict)
    title_of: dict[str, str] = field(default_factory=dict)
    address_of: dict[str, int] = field(default_factory=dict)
    note_of: dict[str, int] = field(default_factory=dict)
    chapter_number: dict[str, str] = field(default_factory=dict)
    section_number: dict[str, str] = field(default_factory=dict)
    # What the terms of a glossary mean, in a sentence or two, by their words.
    meaning_of: dict[str, Inlines] = field(default_factory=dict)
    # How many notes come before the first number 1 that counts.
    notes_before: int = 0


def number_document(document: Document, *, notes_by_chapter: bool = False) -> DocumentNumbers:
    """Number what a document has: Table 1, 2, 3 …; chapters and sections; links; notes."""
    numbers = DocumentNumbers()
    words = translations_for(document.meta.language)
    counts = {"Table": 0, "Figure": 0, "Formula": 0}
    counters: list[int] = []
    for chapter in document.chapters:
        numbers.title_of[chapter.id] = plain_text(chapter.title)
        if _is_numbered(chapter):
            numbers.chapter_number[chapter.id] = _next_number(counters, chapter)
            _number_sections(chapter, numbers)
        if notes_by_chapter:
            numbers.notes_before = len(numbers.note_of)
        for block in walk(chapter.blocks):
            _number_block(block, numbers, counts, words, document.notes)
    for note in list(numbers.note_of):
        for block in walk(document.notes.get(note, ())):
            _number_block(block, numbers, counts, words, document.notes)
    if not _lists_addresses(document):
        # A number without a list to look it up in is useless.
        numbers.address_of.clear()
    return numbers


def printable_address(address: str) -> str:
    """Return an address as one would type it."""
    return address.removeprefix("https://").removeprefix("http://").rstrip("/")


def says_address(link: Link) -> bool:
    """Return whether the words of a link are its address, so that no one has to look it up."""
    return printable_address(plain_text(link.children)) == printable_address(link.target)


def _is_numbered(chapter: Chapter) -> bool:
    return chapter.matter == "main" and chapter.layout == "chapter" and chapter.placement.numbered


def _next_number(counters: list[int], chapter: Chapter) -> str:
    """Count a chapter below those that it belongs to, as in 2.1; `counters` is changed."""
    rank = min(chapter.placement.chapters_above, len(counters))
    counters[rank:] = [counters[rank] + 1 if rank < len(counters) else 1]
    return ".".join(map(str, counters))


def _lists_addresses(document: Document) -> bool:
    blocks = (block for chapter in document.chapters for block in walk(chapter.blocks))
    return any(isinstance(block, Directive) and block.name == "links" for block in blocks)


def headings(chapter: Chapter, depth: int = 0) -> Iterator[Heading]:
    """Yield the headings of a chapter down to level `depth`, by default the chapter's own."""
    for block in chapter.blocks:
        if isinstance(block, Heading) and block.id and block.level <= (depth or chapter.depth):
            yield block


def _number_sections(chapter: Chapter, numbers: DocumentNumbers) -> None:
    counts: list[int] = []
    for block in chapter.blocks:
        if isinstance(block, Heading):
            depth = max(1, block.level - 1)
            counts = [*counts, *[0] * depth][:depth]
            counts[-1] += 1
            parts = [numbers.chapter_number[chapter.id], *map(str, counts)]
            numbers.section_number[block.id] = ".".join(parts)


def _number_block(
    block: Block,
    numbers: DocumentNumbers,
    counts: dict[str, int],
    words: Translations,
    notes: Notes,
) -> None:
    caption = caption_of(block)
    if caption and isinstance(block, (Table, Figure, Diagram, ChartBlock, Directive)):
        kind = "Table" if isinstance(block, Table) else "Figure"
        counts[kind] += 1
        # A caption without an id is numbered too: the block itself is the key.
        key = number_key(block)
        numbers.captions[key] = (kind, counts[kind])
        message = noop("Table {number}") if kind == "Table" else noop("Figure {number}")
        numbers.number_of[key] = words.gettext(message, number=counts[kind])
        numbers.title_of[key] = caption
    if isinstance(block, FormulaBlock) and block.id:
        counts["Formula"] += 1
        numbers.number_of[block.id] = f"({counts['Formula']})"
        numbers.title_of[block.id] = block.formula.spoken
    if isinstance(block, Heading):
        numbers.title_of[block.id] = plain_text(block.content)
    if isinstance(block, DefinitionList):
        for definition in block.items:
            numbers.title_of[definition.id] = plain_text(definition.terms[0])
            if GLOSSARY in block.classes:
                _note_meaning(definition, numbers)
    for inlines in inlines_of(block):
        _number_inlines(inlines, numbers, notes)


def _note_meaning(definition: Definition, numbers: DocumentNumbers) -> None:
    """Note what a term means, if that is one paragraph and short."""
    if len(definition.blocks) == 1 and isinstance(definition.blocks[0], Paragraph):
        meaning = tuple(_without_marks(definition.blocks[0].content))
        if len(plain_text(meaning)) <= SHORT_MEANING:
            for term in definition.terms:
                numbers.meaning_of.setdefault(plain_text(term), meaning)


def _without_marks(content: Inlines) -> Iterator[Inline]:
    """Yield inlines without what each place of a document has once: marks, links, notes."""
    for inline in content:
        if isinstance(inline, Link):
            yield from _without_marks(inline.children)
        elif isinstance(inline, Span):
            yield with_values(inline, children=tuple(_without_marks(inline.children)))
        elif not isinstance(inline, (IndexMark, NoteReference)):
            yield inline


def _number_inlines(inlines: Inlines, numbers: DocumentNumbers, notes: Notes) -> None:
    for inline in walk_inlines(inlines):
        if isinstance(inline, Link):
            if not inline.target.startswith("#") and not says_address(inline):
                numbers.address_of.setdefault(inline.target, len(numbers.address_of) + 1)
        elif isinstance(inline, NoteReference):
            _number_note(inline.id, numbers, notes)


def _number_note(note: str, numbers: DocumentNumbers, notes: Notes) -> None:
    """Number a note at its first reference, then those that it refers to itself."""
    if note not in numbers.note_of:
        numbers.note_of[note] = len(numbers.note_of) + 1 - numbers.notes_before
        for inline in every_inline(notes.get(note, ())):
            if isinstance(inline, NoteReference):
                _number_note(inline.id, numbers, notes)


def item_label(number: int, numbering: Numbering) -> str:
    """Return an item's number as its list counts: 3, c, C, iii, III."""
    if numbering == "decimal" or number < 1:
        return str(number)
    kind = numbering.partition("-")[2]
    label = ""
    if kind == "alpha":
        while number:
            number, letter = divmod(number - 1, 26)
            label = chr(ord("a") + letter) + label
    elif number < 4000:
        for value, digits in _ROMAN.items():
            count, number = divmod(number, value)
            label += digits * count
    else:
        return str(number)
    return label.upper() if numbering.startswith("upper") else label


def caption_of(block: Block) -> str:
    """Return the words of a table's or figure's caption, empty if it has none."""
    if isinstance(block, (Table, Figure, Diagram, ChartBlock)):
        return plain_text(block.caption)
    if isinstance(block, Directive) and block.name == "figure":
        return block.attributes.get("caption", "")
    return ""


def number_key(block: Table | Figure | Diagram | ChartBlock | Directive) -> str:
    """Return the key of a table's or figure's number in `DocumentNumbers.number_of`."""
    return block.id or f"@{id(block)}"
