"""The lists that a book makes of itself: contents, web addresses."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..document import Chapter, Directive, Inlines, Link, Text, plain_text
from ..theme import TextStyle
from .blocks import Room, one_line
from .flow import Leader, Marker, Piece, set_lines
from .ink import Element
from .survey import Facts, headings
from .text import Composer, Line, Look, Setting, break_lines
from .text import Piece as Run

# What a contents entry leaves free for dots and a page number, in points.
PAGE_COLUMN = 44.0
NUMBER_COLUMN = 24.0


@dataclass(frozen=True, slots=True)
class Lists:
    """Sets the generated lists of one document."""

    setting: Setting
    facts: Facts
    chapters: tuple[Chapter, ...]

    def contents(self, directive: Directive, room: Room) -> list[Piece]:
        """The contents list: a line for each listed chapter and its headings."""
        toc = room.element.child("TOC")
        pieces: list[Piece] = []
        for chapter in self.chapters:
            if not chapter.listed:
                continue
            title = chapter.title
            number = self.facts.chapter_number.get(chapter.id, "")
            if number:
                title = (Text(f"{number}\u2002"), *title)
            entry = self._entry(title, chapter.id, "contents-chapter", toc, room, 0.0)
            nested = [
                self._entry(heading.content, heading.id, "contents-section", toc, room, 14.0)
                for heading in headings(chapter)
            ]
            entry.keep = bool(nested)
            if len(nested) > 1:
                nested[-2].keep = True
            pieces += [entry, *nested]
        return pieces

    def _entry(
        self, title: Inlines, target: str, style_name: str, toc: Element, room: Room, indent: float
    ) -> Piece:
        style = self.setting.theme.style(style_name)
        element = toc.child("TOCI").child("Reference").inline_child("Link")
        words = plain_text(title)
        look = Look(
            style.face, style.size, style.color, 0.0, element, f"#{target}", words, False, element
        )
        composer = Composer(self.setting, style, element, self.chapters[0].source)
        room_left = room.width - indent - PAGE_COLUMN
        chunks = composer.compose((Text(self._shortened(words, style, room_left) + " "),))
        runs = [
            run._replace(look=run.look._replace(target=f"#{target}", contents=words, link=element))
            for chunk in chunks
            for run in (*chunk.pieces, *([chunk.space] if chunk.space else []))
        ]
        line = Line(runs, sum(run.width for run in runs))
        tail = Line([Run(look, "", 0.0, late=target)], 0.0)
        leader = Leader(line, tail, style, self.setting, room.x + indent, room.width - indent)
        leader.before, leader.after = style.before, style.after
        return leader

    def _shortened(self, words: str, style: TextStyle, width: float) -> str:
        """`words` if they fit `width` points, else as many as do, and an ellipsis."""
        face = self.setting.faces[style.face]
        kept = words.split(" ")
        while len(kept) > 1:
            shown = words if len(kept) == len(words.split(" ")) else " ".join(kept) + " …"
            if not face.has(shown) or face.width(shown) * style.size / 1000 <= width:
                return shown
            kept.pop()
        return words

    def links(self, directive: Directive, room: Room) -> list[Piece]:
        """The web addresses of the book, with the numbers that mark them in the text."""
        element = room.element.child("L")
        element.table = {"O": "List", "ListNumbering": "Decimal"}
        pieces: list[Piece] = []
        for address, number in self.facts.address_of.items():
            pieces += self._address(address, number, element.child("LI"), room)
        return pieces

    def _address(self, address: str, number: int, item: Element, room: Room) -> list[Piece]:
        style = self.setting.theme.style("web-address")
        source = self.chapters[0].source
        plain = replace(self.setting, address_of={})
        label = Composer(plain, style, item.child("Lbl"), source).compose((Text(f"{number}. "),))
        body = item.child("LBody").child("P")
        link = Link(address, (Text(printable_address(address)),))
        chunks = Composer(plain, style, body, source).compose((link,))
        lines = break_lines(chunks, room.width - NUMBER_COLUMN, self.setting.faces)
        x, width = room.x + NUMBER_COLUMN, room.width - NUMBER_COLUMN
        marker = Marker(one_line(label), style, self.setting, room.x)
        return [marker, *set_lines(lines, style, self.setting, x, width)]


def printable_address(address: str) -> str:
    """An address as one would type it."""
    return address.removeprefix("https://").removeprefix("http://").rstrip("/")
