"""Lay out generated lists: contents, tables, figures, index, web addresses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import takewhile

from ...core.values import record
from ...document.nodes import (
    Chapter,
    Directive,
    Document,
    Inlines,
    Link,
    Reference,
    Text,
    plain_text,
)
from ...document.numbering import DocumentNumbers, headings, printable_address
from ...document.term_links import index_entries
from ..flow.columns import Columns
from ..flow.flowables import Flowable, Leader, Marker, TextLine, set_lines
from ..inline.compose import InlineLayouter
from ..inline.line_breaking import break_lines, one_line
from ..inline.runs import InlineContext, Line, RunStyle, TextRun
from ..structure import StructElem
from .area import Area

# What a contents entry leaves free for dots and a page number, in points.
PAGE_COLUMN = 44.0
NUMBER_COLUMN = 24.0
CONTENTS_INDENT = 14.0
# How far an index entry's further lines are indented (points).
INDEX_HANG = 10.0
MOST_PAGES = 8
# An index of this many entries has their letters above them.
HEADED_INDEX = 40
# What the lists of captions have, by their directives.
CAPTIONED = {"tables": "Table", "figures": "Figure"}
# The least width of a column of the index, by the size of its words.
LEAST_INDEX = 12.0


class _ContentsTree:
    """The elements of a contents list: an item's list is inside it (ISO 32000-1, 14.8.4.2)."""

    def __init__(self, parent: StructElem) -> None:
        self._items: list[tuple[int, StructElem, list[StructElem]]] = [(-1, parent, [])]

    def item(self, depth: int) -> StructElem:
        """Return a new item `depth` below the list's top, in the nearest item above."""
        while self._items[-1][0] >= depth:
            self._items.pop()
        _, parent, lists = self._items[-1]
        if not lists:
            lists.append(parent.child("TOC"))
        item = lists[0].child("TOCI")
        self._items.append((depth, item, []))
        return item


@record
class Lists:
    """Lays out the generated lists of one document; its height of a page is in points."""

    context: InlineContext
    facts: DocumentNumbers
    document: Document
    page_height: float
    _entries: list[tuple[str, list[str]]] | None = None

    def _index_entries(self) -> list[tuple[str, list[str]]]:
        """Return the terms of the index, each with the ids of its marks."""
        if self._entries is None:
            self._entries = index_entries(self.document)
        return self._entries

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        """Return the chapters of the document."""
        return self.document.chapters

    @property
    def directives(self) -> dict[str, Callable[[Directive, Area], list[Flowable]]]:
        """Return the lists by the names of their directives."""
        return {
            "contents": self.contents,
            "links": self.links,
            "tables": self.tables,
            "figures": self.figures,
            "index": self.index,
        }

    def values(self, name: str) -> list[object]:
        """Return what the list of a directive shows of its document, without page numbers."""
        facts = self.facts
        if name == "links":
            return [*facts.address_of.items()]
        if name == "index":
            return [*self._index_entries()]
        if name != "contents":
            kind = CAPTIONED[name]
            return [(key, facts.title_of[key], n) for key, n in self._numbered(kind)]
        depth = int(self.context.theme.number("contents.depth"))
        return [
            (
                (
                    chapter.id,
                    chapter.title,
                    chapter.placement,
                    facts.chapter_number.get(chapter.id),
                ),
                *(
                    (one.level, one.id, one.content, facts.section_number.get(one.id))
                    for one in headings(chapter, depth)
                ),
            )
            for chapter in self.chapters
            if chapter.listed
        ]

    def contents(self, directive: Directive, area: Area) -> list[Flowable]:
        """Lay out the contents list: parts, listed chapters, their headings, nested as they are."""
        tree = _ContentsTree(area.element)
        flowables: list[Flowable] = []
        for chapter in self.chapters:
            if not chapter.listed:
                continue
            place = chapter.placement
            for depth, part in place.parts:
                indent = CONTENTS_INDENT * place.indent_of(depth)
                flowables += self._part(part, tree.item(depth), area, indent)
            indent = CONTENTS_INDENT * place.indent_of(place.depth)
            title: Inlines = (Text(place.label),) if place.label else chapter.title
            number = self.facts.chapter_number.get(chapter.id, "")
            style = "contents-section" if indent else "contents-chapter"
            item = tree.item(place.depth)
            entry = self._entry(title, chapter.id, style, item, area, indent, number)
            sections = self._sections(chapter, tree, area, indent)
            entry[-1].keep_with_next = bool(sections)
            if len(sections) > 1:
                sections[-2].keep_with_next = True
            flowables += [*entry, *sections]
        return flowables

    def contents_height(self) -> float:
        """Return how high the contents list is at least, in one column."""
        theme = self.context.theme
        styles = theme.style("contents-chapter"), theme.style("contents-section")
        depth = int(theme.number("contents.depth"))
        height = 0.0
        for chapter in self.chapters:
            if chapter.listed:
                place = chapter.placement
                style = styles[bool(place.indent_of(place.depth))]
                height += style.before + style.leading + style.after
                inside = sum(1 for _ in headings(chapter, depth))
                height += inside * (styles[1].leading + styles[1].after)
        return height

    def inside(self, chapter: Chapter) -> list[tuple[int, Inlines, str]]:
        """Return what is in a chapter: headings down to level 3, chapters below; depth and id."""
        entries = [
            (heading.level - 2, heading.content, heading.id) for heading in headings(chapter, 3)
        ]
        for inner in self._below(chapter):
            number = self.facts.chapter_number.get(inner.id, "")
            title = (Text(f"{number}\u2002"), *inner.title) if number else inner.title
            inside = list(headings(inner, 3))
            # Of two levels the lower has what readers look for; a chapter takes the place of both.
            level = 3 if any(heading.level == 3 for heading in inside) else 2
            entries.append((0, title, inner.id))
            entries += [(1, one.content, one.id) for one in inside if one.level == level]
        return entries

    def sections(self, chapter: Chapter, area: Area, fewest: int = 0) -> list[Flowable]:
        """Lay out what is in a chapter with its pages; nothing if it is fewer than `fewest`."""
        entries = self.inside(chapter)
        if len(entries) < fewest:
            return []
        tree = _ContentsTree(area.element)
        flowables: list[Flowable] = []
        for depth, title, target in entries:
            style = "contents-section" if depth else "contents-chapter"
            indent = CONTENTS_INDENT * depth
            entry = self._entry(title, target, style, tree.item(depth), area, indent)
            entry[-1].keep_with_next = not depth
            flowables += entry
        return flowables

    def _below(self, chapter: Chapter) -> Iterator[Chapter]:
        """Yield the listed chapters that are below a chapter in the book's order."""
        after = self.chapters[self.chapters.index(chapter) + 1 :]
        for other in takewhile(lambda one: one.placement.depth > chapter.placement.depth, after):
            if other.listed:
                yield other

    def _sections(
        self, chapter: Chapter, tree: _ContentsTree, area: Area, indent: float
    ) -> list[Flowable]:
        theme = self.context.theme
        numbered = theme.number("headings.numbered")
        above: list[int] = []
        flowables: list[Flowable] = []
        for heading in headings(chapter, int(theme.number("contents.depth"))):
            while above and above[-1] >= heading.level:
                above.pop()
            above.append(heading.level)
            title = heading.content
            number = self.facts.section_number.get(heading.id, "")
            number = number if heading.level <= numbered else ""
            item = tree.item(chapter.placement.depth + len(above))
            step = indent + CONTENTS_INDENT * len(above)
            flowables += self._entry(
                title, heading.id, "contents-section", item, area, step, number
            )
        return flowables

    def _part(self, title: str, item: StructElem, area: Area, indent: float) -> list[Flowable]:
        """Lay out the title of a part, which does not get its own page."""
        style = self.context.theme.style("contents-chapter")
        element, source = item.child("P"), self.chapters[0].source
        chunks = InlineLayouter(self.context, style, element, source).compose((Text(title),))
        width = area.width - indent
        lines = break_lines(chunks, width, self.context)
        flowables = set_lines(lines, style, self.context, area.x + indent, width)
        flowables[0].before = style.leading
        for flowable in flowables:
            flowable.keep_with_next = True
        return flowables

    def _entry(
        self,
        title: Inlines,
        target: str,
        style_name: str,
        item: StructElem,
        area: Area,
        indent: float,
        number: str = "",
    ) -> list[Flowable]:
        """Lay out a title, with the page of `target` at the end of its last line.

        Its further lines begin where the title does, to the right of its `number`.
        """
        style = self.context.theme.style(style_name)
        hang = 0.0
        if number:
            label = Text(f"{number}\u2002")
            composer = InlineLayouter(self.context, style, None, self.chapters[0].source)
            title, hang = (label, *title), one_line(composer.compose((label,))).width
        element = item.child("Reference").inline_child("Link")
        # Of a heading that is a field the words are not known.
        words = plain_text(title).strip() or target
        link = f"#{target}"
        base = int(self.context.words.right_to_left)
        run_style = RunStyle(
            style.face, style.size, style.color, 0.0, element, link, words, "", element, base, base
        )
        composer = InlineLayouter(self.context, style, element, self.chapters[0].source)
        chunks = composer.compose((Text(words + " "),))
        width = area.width - indent - PAGE_COLUMN
        lines = [
            Line([self._linked(run, run_style) for run in line.runs], line.width)
            for line in break_lines(chunks, width, self.context, hang)
        ]
        *above, last = lines
        # The space before the page number keeps the two apart in extracted text.
        codes, units = self.context.faces[style.face].encode(" ")
        last = Line([*last.runs, TextRun(run_style, codes, units * style.size / 1000)], last.width)
        tail = Line([TextRun(run_style, "", 0.0, late=target)], 0.0)
        x, width = area.x + indent, area.width - indent
        steps = [0.0] + [hang] * len(above)
        flowables: list[Flowable] = [
            TextLine(line, style, self.context, x + step, width - step)
            for line, step in zip(above, steps, strict=False)
        ]
        for flowable in flowables:
            flowable.keep_with_next = True
        last_x, last_width = x + steps[-1], width - steps[-1]
        flowables.append(Leader(last, tail, style, self.context, last_x, last_width))
        flowables[0].before, flowables[-1].after = style.before, style.after
        return flowables

    def _linked(self, run: TextRun, run_style: RunStyle) -> TextRun:
        linked_style = run_style._replace(
            face=run.style.face, level=run.style.level, base=run.style.base
        )
        return run._replace(style=linked_style)

    def tables(self, directive: Directive, area: Area) -> list[Flowable]:
        """Lay out the list of tables."""
        return self._captions(CAPTIONED[directive.name], area)

    def figures(self, directive: Directive, area: Area) -> list[Flowable]:
        """Lay out the list of figures."""
        return self._captions(CAPTIONED[directive.name], area)

    def _captions(self, kind: str, area: Area) -> list[Flowable]:
        """Lay out a line for each numbered caption of a kind, with its page."""
        toc = area.element.child("TOC")
        flowables: list[Flowable] = []
        for key, number in self._numbered(kind):
            title = (Text(self.facts.title_of[key]),)
            item = toc.child("TOCI")
            flowables += self._entry(title, key, "contents-section", item, area, 0.0, str(number))
        return flowables

    def _numbered(self, kind: str) -> list[tuple[str, int]]:
        """Return the ids and numbers of the captions of a kind."""
        return [
            (key, count)
            for key, (caption_kind, count) in self.facts.captions.items()
            if caption_kind == kind
        ]

    def index(self, directive: Directive, area: Area) -> list[Flowable]:
        """Lay out the index, in columns: terms with their pages, as ranges, by their letters."""
        index = area.element.child("Index")
        entries = self._index_entries()
        headed = len(entries) >= HEADED_INDEX
        element: StructElem | None = None
        count = 3 if area.wide_width > 440 else 2 if area.wide_width > 280 else 1
        gap = 16.0
        width = (area.wide_width - gap * (count - 1)) / count
        while count > 1 and width < LEAST_INDEX * self.context.theme.style("index").size:
            count -= 1
            width = (area.wide_width - gap * (count - 1)) / count
        lines: list[Flowable] = []
        letter = ""
        for term, marks in entries:
            first = self.context.words.initial(term)
            if headed and first != letter:
                lines += self._letter(first, index, width, begins=not lines)
            if element is None or (headed and first != letter):
                element = index.child("L")
                element.attributes = {"O": "List", "ListNumbering": "None"}
            pages = index_pages([(self.context.label_of(mark), mark) for mark in marks])
            entry = self._index_entry(term, pages, element.child("LI"), area, width)
            if not headed and letter and first != letter:
                entry[0].before = self.context.theme.style("index").leading * 0.7
            letter = first
            lines += entry
        height = self.page_height
        return [Columns(lines, area.wide_x, width, gap, count, height)] if lines else []

    def _letter(
        self, letter: str, index: StructElem, width: float, *, begins: bool
    ) -> list[Flowable]:
        """Lay out the letter that entries of the index begin with, with its first entry."""
        if not letter:
            return []
        style = self.context.theme.style("index-letter")
        source = self.chapters[0].source
        chunks = InlineLayouter(self.context, style, index.child("P"), source).compose(
            (Text(letter),)
        )
        flowables = set_lines([one_line(chunks)], style, self.context, 0.0, width)
        flowables[0].keep_with_next, flowables[0].level = True, 6
        if begins:
            flowables[0].before = 0.0
        return flowables

    def _index_entry(
        self, term: str, pages: list[tuple[str, str]], item: StructElem, area: Area, width: float
    ) -> list[Flowable]:
        style = self.context.theme.style("index")
        body = item.child("LBody")
        gettext = self.context.words.gettext
        links = [
            part
            for words, mark in pages
            for part in (
                Text(self.context.words.comma),
                Link(
                    f"#{mark}",
                    (Text(words),),
                    gettext("{term}, page {page}", term=term, page=words),
                )
                if words
                else Reference(mark, "page"),
            )
        ]
        chunks = InlineLayouter(self.context, style, body, self.chapters[0].source).compose(
            (Text(term), *links)
        )
        first, *rest = break_lines(chunks, width, self.context, hang=INDEX_HANG)
        flowables = set_lines([first], style, self.context, 0.0, width)
        flowables += set_lines(rest, style, self.context, INDEX_HANG, width - INDEX_HANG)
        for flowable in flowables[:-1]:
            flowable.keep_with_next = True
        return flowables

    def links(self, directive: Directive, area: Area) -> list[Flowable]:
        """Lay out the book's web addresses with the numbers that mark them in the text."""
        element = area.element.child("L")
        element.attributes = {"O": "List", "ListNumbering": "Decimal"}
        flowables: list[Flowable] = []
        for address, number in self.facts.address_of.items():
            flowables += self._address(address, number, element.child("LI"), area)
        return flowables

    def _address(self, address: str, number: int, item: StructElem, area: Area) -> list[Flowable]:
        style = self.context.theme.style("web-address")
        source = self.chapters[0].source
        plain = replace(self.context, address_of={})
        label = InlineLayouter(plain, style, item.child("Lbl"), source).compose(
            (Text(f"{number}. "),)
        )
        body = item.child("LBody").child("P")
        link = Link(address, (Text(printable_address(address)),))
        chunks = InlineLayouter(plain, style, body, source).compose((link,))
        lines = break_lines(chunks, area.width - NUMBER_COLUMN, self.context)
        x, width = area.x + NUMBER_COLUMN, area.width - NUMBER_COLUMN
        marker = Marker(one_line(label), style, self.context, area.x)
        return [marker, *set_lines(lines, style, self.context, x, width)]


def index_pages(places: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return page labels, each with a mark on that page: "12", or "12–14" with the first mark.

    A place without a label is in the chapter of the index, whose pages are not made yet.
    Of a term that is all over the book, only the pages that say most of it: a reader who is
    sent to thirty pages is sent nowhere.
    """
    later = [place for place in places if not place[0]]
    places = [place for place in places if place[0]]
    counts = Counter(label for label, _ in places)
    if len(counts) > MOST_PAGES:
        # Counter keeps the order of the pages, and sorting keeps it among equals.
        best = {label for label, _ in counts.most_common(MOST_PAGES)}
        places = [place for place in places if place[0] in best]
    runs: list[list[tuple[str, str]]] = []
    for label, mark in places:
        if runs and runs[-1][-1][0] == label:
            continue
        if runs and label.isdecimal() and int(runs[-1][-1][0]) + 1 == int(label):
            runs[-1].append((label, mark))
        else:
            runs.append([(label, mark)])
    return [
        *((run[0][0] if len(run) == 1 else f"{run[0][0]}–{run[-1][0]}", run[0][1]) for run in runs),
        *later,
    ]
