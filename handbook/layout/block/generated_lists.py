"""The lists that a book makes of itself: contents, web addresses."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from ...document.nodes import Chapter, Directive, Document, Inlines, Link, Text, plain_text
from ...document.numbering import DocumentNumbers, headings
from ...document.term_links import index_entries
from ..flow.columns import Columns
from ..flow.flowables import Flowable, Leader, Marker, TextLine, set_lines
from ..inline.compose import InlineLayouter
from ..inline.line_breaking import break_lines
from ..inline.runs import InlineContext, Line, RunStyle
from ..inline.runs import TextRun as Run
from ..structure import StructElem
from .area import Area
from .blocks import one_line

# What a contents entry leaves free for dots and a page number, in points.
PAGE_COLUMN = 44.0
NUMBER_COLUMN = 24.0
# How far an index entry's further lines stand in.
INDEX_HANG = 10.0
MOST_PAGES = 8


@dataclass(frozen=True, slots=True)
class Lists:
    """Sets the generated lists of one document."""

    setting: InlineContext
    facts: DocumentNumbers
    document: Document

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        """The chapters of the document."""
        return self.document.chapters

    def contents(self, directive: Directive, room: Area) -> list[Flowable]:
        """The contents list: a line for each listed chapter and its headings."""
        toc = room.element.child("TOC")
        pieces: list[Flowable] = []
        for chapter in self.chapters:
            if not chapter.listed:
                continue
            title = chapter.title
            number = self.facts.chapter_number.get(chapter.id, "")
            if number:
                title = (Text(f"{number}\u2002"), *title)
            entry = self._entry(title, chapter.id, "contents-chapter", toc, room, 0.0)
            nested = [
                piece
                for heading in headings(chapter)
                for piece in self._entry(
                    heading.content, heading.id, "contents-section", toc, room, 14.0
                )
            ]
            entry[-1].keep_with_next = bool(nested)
            if len(nested) > 1:
                nested[-2].keep_with_next = True
            pieces += [*entry, *nested]
        return pieces

    def _entry(
        self,
        title: Inlines,
        target: str,
        style_name: str,
        toc: StructElem,
        room: Area,
        indent: float,
    ) -> list[Flowable]:
        """A title, over as many lines as it needs, with the page of `target` at the last one."""
        style = self.setting.theme.style(style_name)
        element = toc.child("TOCI").child("Reference").inline_child("Link")
        words = plain_text(title)
        link = f"#{target}"
        base = int(self.setting.words.right_to_left)
        look = RunStyle(
            style.face, style.size, style.color, 0.0, element, link, words, "", element, base, base
        )
        composer = InlineLayouter(self.setting, style, element, self.chapters[0].source)
        chunks = composer.compose((Text(words + " "),))
        width = room.width - indent - PAGE_COLUMN
        lines = [
            Line([self._linked(run, look) for run in line.pieces], line.width)
            for line in break_lines(chunks, width, self.setting)
        ]
        *above, last = lines
        # The space before the page number keeps the two apart in extracted text.
        codes, units = self.setting.faces[style.face].encode(" ")
        last = Line([*last.pieces, Run(look, codes, units * style.size / 1000)], last.width)
        tail = Line([Run(look, "", 0.0, late=target)], 0.0)
        x, width = room.x + indent, room.width - indent
        pieces: list[Flowable] = [TextLine(line, style, self.setting, x, width) for line in above]
        for piece in pieces:
            piece.keep_with_next = True
        pieces.append(Leader(last, tail, style, self.setting, x, width))
        pieces[0].before, pieces[-1].after = style.before, style.after
        return pieces

    def _linked(self, run: Run, look: RunStyle) -> Run:
        own = look._replace(face=run.look.face, level=run.look.level, base=run.look.base)
        return run._replace(look=own)

    def tables(self, directive: Directive, room: Area) -> list[Flowable]:
        """The list of tables, by number."""
        return self._captions("Table", room)

    def figures(self, directive: Directive, room: Area) -> list[Flowable]:
        """The list of figures, by number."""
        return self._captions("Figure", room)

    def _captions(self, kind: str, room: Area) -> list[Flowable]:
        """A line for each numbered caption of a kind, with the page it stands on."""
        toc = room.element.child("TOC")
        named = [(key, count) for key, (own, count) in self.facts.captions.items() if own == kind]
        pieces: list[Flowable] = []
        for key, number in named:
            words = f"{number}\u2002{self.facts.title_of[key]}"
            pieces += self._entry((Text(words),), key, "contents-section", toc, room, 0.0)
        return pieces

    def index(self, directive: Directive, room: Area) -> list[Flowable]:
        """The index, in columns: terms with the pages that speak of them, as ranges."""
        element = room.element.child("Index").child("L")
        count = 3 if room.wide_width > 440 else 2 if room.wide_width > 280 else 1
        gap = 16.0
        width = (room.wide_width - gap * (count - 1)) / count
        lines: list[Flowable] = []
        letter = ""
        for term, marks in index_entries(self.document):
            pages = index_pages([(self.setting.label_of(mark), mark) for mark in marks])
            entry = self._index_entry(term, pages, element.child("LI"), room, width)
            first = self.setting.words.order(term)[0][:1]
            if letter and first != letter:
                entry[0].before = self.setting.theme.style("index").leading * 0.7
            letter = first
            lines += entry
        return [Columns(lines, room.wide_x, width, gap, count)] if lines else []

    def _index_entry(
        self, term: str, pages: list[tuple[str, str]], item: StructElem, room: Area, width: float
    ) -> list[Flowable]:
        style = self.setting.theme.style("index")
        body = item.child("LBody")
        say = self.setting.words.gettext
        links = [
            part
            for words, mark in pages
            for part in (
                Text(self.setting.words.comma),
                Link(f"#{mark}", (Text(words),), say("{term}, page {page}", term=term, page=words)),
            )
        ]
        chunks = InlineLayouter(self.setting, style, body, self.chapters[0].source).compose(
            (Text(term), *links)
        )
        first, *rest = break_lines(chunks, width, self.setting, hang=INDEX_HANG)
        made = set_lines([first], style, self.setting, 0.0, width)
        made += set_lines(rest, style, self.setting, INDEX_HANG, width - INDEX_HANG)
        for piece in made[:-1]:
            piece.keep_with_next = True
        return made

    def links(self, directive: Directive, room: Area) -> list[Flowable]:
        """The web addresses of the book, with the numbers that mark them in the text."""
        element = room.element.child("L")
        element.table = {"O": "List", "ListNumbering": "Decimal"}
        pieces: list[Flowable] = []
        for address, number in self.facts.address_of.items():
            pieces += self._address(address, number, element.child("LI"), room)
        return pieces

    def _address(self, address: str, number: int, item: StructElem, room: Area) -> list[Flowable]:
        style = self.setting.theme.style("web-address")
        source = self.chapters[0].source
        plain = replace(self.setting, address_of={})
        label = InlineLayouter(plain, style, item.child("Lbl"), source).compose(
            (Text(f"{number}. "),)
        )
        body = item.child("LBody").child("P")
        link = Link(address, (Text(printable_address(address)),))
        chunks = InlineLayouter(plain, style, body, source).compose((link,))
        lines = break_lines(chunks, room.width - NUMBER_COLUMN, self.setting)
        x, width = room.x + NUMBER_COLUMN, room.width - NUMBER_COLUMN
        marker = Marker(one_line(label), style, self.setting, room.x)
        return [marker, *set_lines(lines, style, self.setting, x, width)]


def index_pages(places: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Page labels, each with a mark on that page, as "12" or "12–14" with the first one's mark.

    Of a term that is all over the book, only the pages that say most of it: a reader who is
    sent to thirty pages is sent nowhere.
    """
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
        (run[0][0] if len(run) == 1 else f"{run[0][0]}–{run[-1][0]}", run[0][1]) for run in runs
    ]


def printable_address(address: str) -> str:
    """An address as one would type it."""
    return address.removeprefix("https://").removeprefix("http://").rstrip("/")
