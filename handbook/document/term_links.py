"""Document -> Document: glossary terms become links where they first occur, index terms get marks.

A definition list with the class `glossary` says which terms are linked, each where it is first
used.  If the document has a place for an index (`::index`), those terms and the pack's own
(`index:` in handbook.yaml) are marked wherever a block of a chapter uses them, and so is
`:index[words]`.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from operator import is_
from typing import NamedTuple, TypeVar

from ..core.i18n import Translations, translations_for
from .nodes import (
    Admonition,
    Block,
    Cell,
    Chapter,
    Definition,
    DefinitionList,
    Directive,
    Division,
    Document,
    IndexMark,
    Inline,
    Inlines,
    Link,
    List,
    ListItem,
    Paragraph,
    Quote,
    Row,
    Span,
    Table,
    Text,
    plain_text,
    walk,
    walk_inlines,
)

GLOSSARY = "glossary"
# Vowel signs and other marks, which belong to the letter before them.
_MARKS = (
    "\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0903"
    "\u093a-\u094f\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc-\u09d7\u0a01-\u0a51\u0a70-\u0a83\u0abc-\u0acd"
    "\u0b01-\u0b03\u0b3c-\u0b57\u0b82\u0bbe-\u0bd7\u0c00-\u0c04\u0c3e-\u0c56\u0c81-\u0c83\u0cbc-\u0cd6"
    "\u0d00-\u0d03\u0d3b-\u0d4d\u0d57\u0dca-\u0ddf\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc"
    "\u0ec8-\u0ecd\u102b-\u103e\u1056-\u1059\u17b4-\u17d3\u200c\u200d"
)
_WORD = re.compile(rf"\w[\w'’.+#{_MARKS}-]*")
_FIRST = re.compile(rf"\w[\w{_MARKS}]*")
_GOES_ON = re.compile(rf"[^\W_]|[{_MARKS}]")
# What may follow a term that is still the term: a plural.
_ENDINGS = ("", "s", "es")

P = TypeVar("P", ListItem, Definition, Cell, Quote, Admonition, Division)


class Term(NamedTuple):
    """A term: its words, and the id of its definition ("" if the glossary has none)."""

    words: str
    target: str = ""


@dataclass(slots=True)
class TermLinkCache:
    """Chapters as they were woven, for a document that is woven again and again.

    Each is kept with what it was made of: the chapter, and the terms linked before it.
    """

    key: Hashable = None
    chapters: dict[str, tuple[Chapter, frozenset[str], Chapter, frozenset[str]]] = field(
        default_factory=dict
    )


def link_terms(
    document: Document, terms: Sequence[str] = (), memory: TermLinkCache | None = None
) -> Document:
    """`document` with its terms linked and marked; itself if it has neither glossary nor index."""
    defined = list(_defined(document))
    indexed = any(
        isinstance(block, Directive) and block.name == "index"
        for chapter in document.chapters
        for block in walk(chapter.blocks)
    )
    if not defined and not indexed:
        return document
    known = {term.words.casefold() for term in defined}
    extra = [Term(words) for words in terms if words.casefold() not in known]
    weaver = TermLinker([*defined, *extra], indexed, translations_for(document.meta.language))
    if memory is not None:
        weaver.remember(memory, (*defined, *extra, indexed, document.meta.language))
    chapters = tuple(weaver.chapter(chapter) for chapter in document.chapters)
    return replace(document, chapters=chapters)


def index_entries(document: Document) -> list[tuple[str, list[str]]]:
    """The index: each term, in the order of the alphabet, with the ids of its marks."""
    found: dict[str, list[str]] = {}
    for chapter in document.chapters:
        for block in walk(chapter.blocks):
            if isinstance(block, Paragraph):
                for inline in walk_inlines(block.content):
                    if isinstance(inline, IndexMark):
                        found.setdefault(inline.term, []).append(inline.id)
    order = translations_for(document.meta.language).order
    return sorted(found.items(), key=lambda entry: order(entry[0]))


def _defined(document: Document) -> Iterator[Term]:
    for chapter in document.chapters:
        for block in walk(chapter.blocks):
            if isinstance(block, DefinitionList) and GLOSSARY in block.classes:
                for definition in block.items:
                    for term in definition.terms:
                        yield Term(plain_text(term), definition.id)


class TermLinker:
    """Walks chapters, with the terms by their first word."""

    def __init__(self, terms: Sequence[Term], indexed: bool, words: Translations) -> None:
        self.words = words
        self.indexed = indexed
        # Marks are numbered by chapter, so that one more does not change the chapters behind it.
        self.own, self.count = "", 0
        self.known: dict[str, tuple[Chapter, frozenset[str], Chapter, frozenset[str]]] = {}
        self.linked: set[str] = set()
        self.by_word: dict[str, list[Term]] = {}
        for term in sorted(terms, key=lambda term: -len(term.words)):
            first = _FIRST.match(term.words)
            if first:
                self.by_word.setdefault(first.group().casefold(), []).append(term)
        # How a term may begin, its plural too: most text has none of these words.
        self.begins = {*self.by_word, *(word + "s" for word in self.by_word)}

    def chapter(self, chapter: Chapter) -> Chapter:
        """The chapter, woven if it is one of the main matter."""
        if chapter.matter != "main":
            return chapter
        before = frozenset(self.linked)
        known = self.known.get(chapter.id)
        if known and known[0] is chapter and known[1] == before:
            self.linked = set(known[3])
            return known[2]
        self.own, self.count = chapter.id, 0
        woven = replace(chapter, blocks=self._blocks(chapter.blocks))
        self.known[chapter.id] = (chapter, before, woven, frozenset(self.linked))
        return woven

    def remember(self, memory: TermLinkCache, key: Hashable) -> None:
        """Use what `memory` has, if it is of the same terms, and add to it."""
        if memory.key != key:
            memory.key, memory.chapters = key, {}
        self.known = memory.chapters

    # ------------------------------------------------------------------ blocks

    def _blocks(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        return tuple(self._block(block) for block in blocks)

    def _block(self, block: Block) -> Block:
        if isinstance(block, Paragraph):
            content = self._content(block.content)
            return (
                block if _same_values(content, block.content) else replace(block, content=content)
            )
        if isinstance(block, List):
            items = tuple(map(self._within, block.items))
            return block if _same_values(items, block.items) else replace(block, items=items)
        if isinstance(block, DefinitionList):
            found = tuple(map(self._within, block.items))
            return block if _same_values(found, block.items) else replace(block, items=found)
        if isinstance(block, Table):
            rows = tuple(map(self._row, block.rows))
            return block if _same_values(rows, block.rows) else replace(block, rows=rows)
        if isinstance(block, Quote):
            return self._within(block)
        if isinstance(block, Admonition):
            return self._within(block)
        return self._within(block) if isinstance(block, Division) else block

    def _within(self, part: P) -> P:
        """A part of a block, with its own blocks woven."""
        blocks = self._blocks(part.blocks)
        return part if _same_values(blocks, part.blocks) else replace(part, blocks=blocks)

    def _row(self, row: Row) -> Row:
        cells = tuple(map(self._within, row.cells))
        return row if _same_values(cells, row.cells) else replace(row, cells=cells)

    # ----------------------------------------------------------------- inlines

    def _content(self, content: Inlines) -> Inlines:
        marked: set[str] = set()
        return tuple(self._inlines(content, marked, link=True))

    def _inlines(self, content: Inlines, marked: set[str], link: bool) -> Iterator[Inline]:
        for inline in content:
            if isinstance(inline, Text):
                yield from self._text(inline, marked, link)
            elif isinstance(inline, Span):
                if inline.kind == "index" and self.indexed:
                    yield self._mark(plain_text(inline.children))
                inner = tuple(
                    self._inlines(inline.children, marked, link and inline.kind != "strike")
                )
                same = _same_values(inner, inline.children)
                yield inline if same else replace(inline, children=inner)
            elif isinstance(inline, Link):
                inner = tuple(self._inlines(inline.children, marked, link=False))
                same = _same_values(inner, inline.children)
                yield inline if same else replace(inline, children=inner)
            else:
                yield inline

    def _text(self, inline: Text, marked: set[str], link: bool) -> Iterator[Inline]:
        text = inline.text
        if text and self.begins.isdisjoint(_FIRST.findall(text.casefold())):
            yield inline
            return
        place = 0
        for match in _WORD.finditer(text):
            if match.start() < place:
                continue
            term, end = self._term(text, match.start())
            if term is None:
                continue
            links = link and bool(term.target) and term.words not in self.linked
            marks = self.indexed and term.words not in marked
            if not links and not marks:
                continue
            if match.start() > place:
                yield Text(text[place : match.start()])
            if marks:
                marked.add(term.words)
                yield self._mark(term.words)
            words = Text(text[match.start() : end])
            if links:
                self.linked.add(term.words)
                title = self.words.gettext("Glossary: {term}", term=term.words)
                yield Link(f"#{term.target}", (words,), title=title, quiet=True)
            else:
                yield words
            place = end
        if place < len(text):
            yield Text(text[place:]) if place else inline

    def _term(self, text: str, start: int) -> tuple[Term | None, int]:
        """The longest term that stands at `start`, and where it ends."""
        first = _FIRST.match(text, start)
        for term in self.by_word.get(first.group().casefold(), ()) if first else ():
            end = start + len(term.words)
            if not _same(text[start:end], term.words):
                continue
            for ending in _ENDINGS:
                stop = end + len(ending)
                if text[end:stop] == ending and not _GOES_ON.match(text, stop):
                    return term, stop
        return self._plural(text, start, first)

    def _plural(
        self, text: str, start: int, first: re.Match[str] | None
    ) -> tuple[Term | None, int]:
        """A term of one word whose plural begins the text: by_word knows only the singular."""
        word = first.group() if first else ""
        if word.endswith("s"):
            for term in self.by_word.get(word[:-1].casefold(), ()):
                if _same(word[:-1], term.words):
                    return term, start + len(word)
        return None, start

    def _mark(self, term: str) -> IndexMark:
        self.count += 1
        return IndexMark(term, f"index-{self.own}-{self.count}")


def _same_values(one: Sequence[object], other: Sequence[object]) -> bool:
    """Whether both hold the same objects: most of a document has nothing to be woven."""
    return len(one) == len(other) and all(map(is_, one, other))


def _same(words: str, term: str) -> bool:
    """Whether `words` are the term: as written, or begun with the other case."""
    if words == term:
        return True
    ordinary = len(term) > 1 and term[1:] == term[1:].lower()
    return ordinary and words.casefold() == term.casefold() and words[1:] == term[1:]
