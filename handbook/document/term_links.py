"""Link glossary terms where they first occur, and mark index entries.

A definition list with the class `glossary` defines the terms that are linked, each at its first
use.  If the document has an index (`::index`), those terms and the pack's own (`index:` in
handbook.yaml) are marked wherever a chapter uses them, and so is `:index[words]`.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import field, replace
from typing import NamedTuple

from ..core.i18n import Translations, translations_for
from ..core.values import frozen, record
from .nodes import (
    Block,
    Chapter,
    DefinitionList,
    Directive,
    Document,
    IndexMark,
    Inline,
    Inlines,
    Link,
    Paragraph,
    Span,
    Text,
    every_inline,
    map_children,
    plain_text,
    walk,
    with_values,
)

GLOSSARY = "glossary"
# Vowel signs and other marks, which combine with the letter before them.
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
# Endings that a term may have: plurals.
_ENDINGS = ("", "s", "es")


class Term(NamedTuple):
    """A term, and the id of its definition ("" if the glossary has none)."""

    words: str
    target: str = ""


@frozen
class LinkedChapter:
    """A chapter with its terms `linked`, and what that depends on.

    Of the terms that it has, all linked from then on, some were linked `before` it.
    """

    chapter: Chapter
    terms: frozenset[str]
    before: frozenset[str]
    linked: Chapter


@record
class TermLinkCache:
    """Chapters with their terms linked, for a document that is processed repeatedly."""

    key: Hashable = None
    chapters: dict[str, LinkedChapter] = field(default_factory=dict)


def link_terms(
    document: Document, terms: Sequence[str] = (), cache: TermLinkCache | None = None
) -> Document:
    """Return `document` with its terms linked and marked.

    A document with neither glossary nor index is returned itself.
    """
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
    linker = TermLinker([*defined, *extra], indexed, translations_for(document.meta.language))
    if cache is not None:
        linker.use_cache(cache, (*defined, *extra, indexed, document.meta.language))
    chapters = tuple(linker.chapter(chapter) for chapter in document.chapters)
    return replace(document, chapters=chapters)


def index_entries(document: Document) -> list[tuple[str, list[str]]]:
    """Return the index: each term in alphabetical order, with the ids of its marks."""
    marks: dict[str, list[str]] = {}
    for chapter in document.chapters:
        for inline in every_inline(chapter.blocks):
            if isinstance(inline, IndexMark):
                marks.setdefault(inline.term, []).append(inline.id)
    order = translations_for(document.meta.language).order
    return sorted(marks.items(), key=lambda entry: order(entry[0]))


def _defined(document: Document) -> Iterator[Term]:
    for chapter in document.chapters:
        for block in walk(chapter.blocks):
            if isinstance(block, DefinitionList) and GLOSSARY in block.classes:
                for definition in block.items:
                    for term in definition.terms:
                        yield Term(plain_text(term), definition.id)


class TermLinker:
    """Links and marks the terms of chapters; terms are looked up by their first word."""

    def __init__(self, terms: Sequence[Term], indexed: bool, words: Translations) -> None:
        self.words = words
        self.indexed = indexed
        # Marks are numbered by chapter, so that a new one does not change later chapters.
        self.chapter_id, self.count = "", 0
        self.cached: dict[str, LinkedChapter] = {}
        self.linked: set[str] = set()
        # The terms of the chapter that have a definition.
        self.found: set[str] = set()
        self.by_word: dict[str, list[Term]] = {}
        for term in sorted(terms, key=lambda term: -len(term.words)):
            first = _FIRST.match(term.words)
            if first:
                self.by_word.setdefault(first.group().casefold(), []).append(term)
        # First words of terms and of their plurals: most text has none of them.
        self.first_words = {*self.by_word, *(word + "s" for word in self.by_word)}

    def chapter(self, chapter: Chapter) -> Chapter:
        """Return the chapter with terms linked, if it belongs to the main matter."""
        if chapter.matter != "main":
            return chapter
        before = frozenset(self.linked)
        known = self.cached.get(chapter.id)
        if known and known.chapter is chapter and known.terms & before == known.before:
            self.linked |= known.terms
            return known.linked
        self.chapter_id, self.count, self.found = chapter.id, 0, set()
        linked = replace(chapter, blocks=self._blocks(chapter.blocks))
        terms = frozenset(self.found)
        self.cached[chapter.id] = LinkedChapter(chapter, terms, terms & before, linked)
        return linked

    def use_cache(self, cache: TermLinkCache, key: Hashable) -> None:
        """Use the chapters of `cache`, if they are for the same terms, and add to them."""
        if cache.key != key:
            cache.key, cache.chapters = key, {}
        self.cached = cache.chapters

    # ------------------------------------------------------------------ blocks

    def _blocks(self, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        return tuple(self._block(block) for block in blocks)

    def _block(self, block: Block) -> Block:
        if isinstance(block, Paragraph):
            return with_values(block, content=self._content(block.content))
        return map_children(block, self._blocks, header=False)

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
                yield with_values(inline, children=inner)
            elif isinstance(inline, Link):
                inner = tuple(self._inlines(inline.children, marked, link=False))
                yield with_values(inline, children=inner)
            else:
                yield inline

    def _text(self, inline: Text, marked: set[str], link: bool) -> Iterator[Inline]:
        text = inline.text
        if text and self.first_words.isdisjoint(_FIRST.findall(text.casefold())):
            yield inline
            return
        place = 0
        for match in _WORD.finditer(text):
            if match.start() < place:
                continue
            term, end = self._term(text, match.start())
            if term is None:
                continue
            links = link and bool(term.target)
            if links:
                self.found.add(term.words)
                links = term.words not in self.linked
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
        """Return the longest term at `start`, and where it ends."""
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
        """Find a term of one word whose plural is in the text: `by_word` has only the singular."""
        word = first.group() if first else ""
        if word.endswith("s"):
            for term in self.by_word.get(word[:-1].casefold(), ()):
                if _same(word[:-1], term.words):
                    return term, start + len(word)
        return None, start

    def _mark(self, term: str) -> IndexMark:
        self.count += 1
        return IndexMark(term, f"index-{self.chapter_id}-{self.count}")


def _same(words: str, term: str) -> bool:
    """Return whether `words` are the term; its first letter may have the other case."""
    if words == term:
        return True
    ordinary = len(term) > 1 and term[1:] == term[1:].lower()
    return ordinary and words.casefold() == term.casefold() and words[1:] == term[1:]
