"""What a document says about itself before any page exists: numbers, titles, addresses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ..core.i18n import Translations, noop, translations_for
from .nodes import (
    Block,
    Chapter,
    DefinitionList,
    Directive,
    Document,
    Figure,
    Heading,
    Inlines,
    Link,
    NoteReference,
    Table,
    inlines_of,
    plain_text,
    walk,
    walk_inlines,
)


@dataclass(slots=True)
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


def number_document(document: Document) -> DocumentNumbers:
    """The facts of `document`: Table 1, 2, 3 ...; chapters of the main matter; links; notes."""
    facts = DocumentNumbers()
    words = translations_for(document.meta.language)
    counts = {"Table": 0, "Figure": 0}
    for chapter in document.chapters:
        facts.title_of[chapter.id] = plain_text(chapter.title)
        if chapter.matter == "main" and chapter.layout == "chapter":
            facts.chapter_number[chapter.id] = str(len(facts.chapter_number) + 1)
        for block in walk(chapter.blocks):
            _survey_block(block, facts, counts, words)
    for note in list(facts.note_of):
        for block in walk(document.notes.get(note, ())):
            _survey_block(block, facts, counts, words)
    if not _lists_addresses(document):
        # A number that leads to no list would say nothing.
        facts.address_of.clear()
    return facts


def _lists_addresses(document: Document) -> bool:
    blocks = (block for chapter in document.chapters for block in walk(chapter.blocks))
    return any(isinstance(block, Directive) and block.name == "links" for block in blocks)


def headings(chapter: Chapter) -> Iterator[Heading]:
    """The headings of a chapter that the contents list and the bookmarks show."""
    for block in chapter.blocks:
        if isinstance(block, Heading) and block.id and block.level <= chapter.depth:
            yield block


def _survey_block(
    block: Block, facts: DocumentNumbers, counts: dict[str, int], words: Translations
) -> None:
    caption = caption_of(block)
    if caption and isinstance(block, (Table, Figure, Directive)):
        kind = "Table" if isinstance(block, Table) else "Figure"
        counts[kind] += 1
        # A caption without an id still has its number: the block itself is the key.
        key = number_key(block)
        facts.captions[key] = (kind, counts[kind])
        message = noop("Table {number}") if kind == "Table" else noop("Figure {number}")
        facts.number_of[key] = words.gettext(message, number=counts[kind])
        facts.title_of[key] = caption
    if isinstance(block, Heading):
        facts.title_of[block.id] = plain_text(block.content)
    if isinstance(block, DefinitionList):
        for definition in block.items:
            facts.title_of[definition.id] = plain_text(definition.terms[0])
    for inlines in inlines_of(block):
        _survey_inlines(inlines, facts)


def _survey_inlines(inlines: Inlines, facts: DocumentNumbers) -> None:
    for inline in walk_inlines(inlines):
        if isinstance(inline, Link) and not inline.target.startswith("#"):
            facts.address_of.setdefault(inline.target, len(facts.address_of) + 1)
        elif isinstance(inline, NoteReference):
            facts.note_of.setdefault(inline.id, len(facts.note_of) + 1)


def caption_of(block: Block) -> str:
    """The words of a table's or figure's caption, empty if it has none."""
    if isinstance(block, (Table, Figure)):
        return plain_text(block.caption)
    if isinstance(block, Directive) and block.name == "figure":
        return block.attributes.get("caption", "")
    return ""


def number_key(block: Table | Figure | Directive) -> str:
    """The key of a table's or figure's number in `Facts.number_of`."""
    return block.id or f"@{id(block)}"
