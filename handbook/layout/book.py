"""Chapters -> a book: openers, running heads, page numbers.

First every chapter is stacked on sheets, which fixes the page of every id; then
everything is drawn, and the page numbers that were left open are known.  One
pass suffices, because no page number decides where a line ends.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ..document import Block, Chapter, Directive, Document, Heading, Text, plain_text
from ..theme import Theme
from ..units import PAPERS
from .blocks import Blocks, Room
from .cover import cover_pieces, draw_cover
from .flow import Piece, RuleLine
from .fonts import load_faces
from .ink import Book, Destination, Element, Glyphs, Ink, OutlineEntry, Page, Segment
from .lists import Lists
from .pages import Builder, Geometry, Placed, Sheet, draw_notes, draw_sheet, frames_of
from .survey import headings, survey
from .text import Setting

COVERS = ("cover", "back-cover")
# A chapter's last page below this share of its height is worth saving.
SHORT_PAGE = 0.22


@dataclass(slots=True)
class Laid:
    """A chapter on its sheets; `first_page` is the index of its first page in the book."""

    chapter: Chapter
    sheets: list[Sheet]
    first_page: int = 0


def lay_out(document: Document, theme: Theme, paper: str = "a4") -> Book:
    """The pages of `document` in `theme` on `paper`, with their structure.

    Raises HandbookError if a character has no glyph or a picture cannot be read.
    """
    return _BookMaker(document, theme, paper).make()


class _BookMaker:
    def __init__(self, document: Document, theme: Theme, paper: str) -> None:
        self.document = document
        self.theme = theme
        self.paper = paper
        self.faces = load_faces(theme)
        self.facts = survey(document)
        self.labels: dict[str, str] = {}
        self.destinations: dict[str, Destination] = {}
        self.root = Element("Document")
        self.geometry = self._geometry()
        self.setting = Setting(
            theme, self.faces, dict(document.fields), self.facts.number_of, self.facts.title_of,
            self.facts.address_of, self.facts.note_of, lambda target: self.labels.get(target, ""),
        )  # fmt: skip
        lists = Lists(self.setting, self.facts, document.chapters)
        special: dict[str, Callable[[Directive, Room], list[Piece]]] = {
            "contents": lists.contents,
            "links": lists.links,
        }
        self.blocks = Blocks(self.setting, special, self.geometry.room, document.notes, self._room)
        self.total = 0

    def make(self) -> Book:
        """Stack, number, draw."""
        laid = [self._stack(chapter) for chapter in self.document.chapters]
        pages = self._number(laid)
        for part in laid:
            self._draw(part, pages)
            self._furnish(part, pages)
        labels = _label_ranges(laid)
        return Book(pages, self.root, self.destinations, self._outline(), dict(self.faces), labels)

    # ------------------------------------------------------------------ geometry

    def _page(self, key: str) -> float:
        return self.theme.page(self.paper, key)

    def _geometry(self) -> Geometry:
        width, height = PAPERS[self.paper]
        return Geometry(
            width, height, self._page("wide-left"), height - self._page("top"), self._page("bottom")
        )

    def _room(self, element: Element, style: str = "body") -> Room:
        wide = self.geometry.width - self._page("wide-left") - self._page("right")
        indent = self._page("left") - self._page("wide-left")
        return Room(indent, wide - indent, 0.0, wide, element, style)

    # ------------------------------------------------------------------ stacking

    def _stack(self, chapter: Chapter) -> Laid:
        room = self._room(self.root.child("Sect"))
        if chapter.layout in COVERS:
            height, top = self.geometry.height, self._page("top")
            placed = cover_pieces(self.blocks, chapter, room, self.theme, height, top)
            return Laid(chapter, [Sheet([Placed(piece, offset) for piece, offset in placed])])
        if chapter.layout == "imprint":
            room = replace(room, style="imprint")
        pieces = [*self._opener(chapter, room), *self._sections(chapter.blocks, room)]
        sheets = self._sheets(pieces, self._page("opener") if chapter.layout == "chapter" else 0.0)
        if chapter.layout == "imprint":
            _sink(sheets[-1], self.geometry.room)
        return Laid(chapter, sheets)

    def _sheets(self, pieces: list[Piece], drop: float) -> list[Sheet]:
        """The sheets of a chapter; its opener gives way if that saves a page of a few lines."""
        grid = self.theme.number("grid")

        def build(share: float) -> list[Sheet]:
            builder = Builder(self.geometry.room, grid, drop * share, self.blocks.note_pieces)
            return builder.build(pieces)

        sheets = build(1.0)
        if len(sheets) > 1 and sheets[-1].used < self.geometry.room * SHORT_PAGE:
            for share in (0.6, 0.3, 0.0):
                closer = build(share)
                if len(closer) < len(sheets):
                    return closer
        return sheets

    def _opener(self, chapter: Chapter, room: Room) -> list[Piece]:
        """A chapter's number and title, as one heading of level 1."""
        pieces: list[Piece] = []
        wide = replace(room, x=room.wide_x, width=room.wide_width)
        heading = room.element.child("H1")
        number = self.facts.chapter_number.get(chapter.id, "")
        if number:
            rule = RuleLine(2.0, wide.x, 42.0, self.theme.color("colors.accent"), 2.2)
            rule.after = 12.0
            style = self.theme.style("chapter-number")
            label = self.blocks.lines((Text(number + " "),), style, heading, wide, chapter.source)
            pieces += [rule, *label]
        name = "heading-3" if chapter.layout == "imprint" else "chapter-title"
        style = self.theme.style(name)
        pieces += self.blocks.lines(chapter.title, style, heading, wide, chapter.source)
        for piece in pieces:
            piece.keep = True
        pieces[0].anchors.append(chapter.id)
        return pieces

    def _sections(self, blocks: tuple[Block, ...], room: Room) -> list[Piece]:
        """Top-level blocks, each below the section element that its heading opens."""
        pieces: list[Piece] = []
        path: list[tuple[int, Element]] = [(1, room.element)]
        for block in blocks:
            if isinstance(block, Heading):
                while len(path) > 1 and path[-1][0] >= block.level:
                    path.pop()
                path.append((block.level, path[-1][1].child("Sect")))
            inner = replace(room, element=path[-1][1], depth=len(path))
            pieces += self.blocks.block(block, inner)
        return pieces

    # ----------------------------------------------------------------- numbering

    def _number(self, laid: list[Laid]) -> list[Page]:
        """An empty page for every sheet, with its label, and the destination of every anchor."""
        pages: list[Page] = []
        counts = {"front": 0, "main": 0}
        for part in laid:
            part.first_page = len(pages)
            kind = "front" if part.chapter.matter == "front" else "main"
            for sheet in part.sheets:
                counts[kind] += 1
                label = roman(counts[kind]) if kind == "front" else str(counts[kind])
                self._note_anchors(sheet, len(pages), label)
                pages.append(Page(self.geometry.width, self.geometry.height, label))
        self.total = counts["main"]
        return pages

    def _note_anchors(self, sheet: Sheet, page: int, label: str) -> None:
        for placed in sheet.placed:
            self._place(placed.piece, page, label, self.geometry.top - placed.offset + 6)
        for piece in sheet.notes:
            self._place(piece, page, label, self.geometry.bottom + 60)

    def _place(self, piece: Piece, page: int, label: str, y: float) -> None:
        for anchor in piece.all_anchors():
            self.labels.setdefault(anchor, label)
            self.destinations.setdefault(anchor, Destination(page, y))

    # ------------------------------------------------------------------- drawing

    def _draw(self, part: Laid, pages: list[Page]) -> None:
        bar = self.theme.number("box.bar")
        hairline = self.theme.color("colors.hairline")
        left = self.geometry.left + self._page("left") - self._page("wide-left")
        rule = Segment(left, 0, left + 60, 0, hairline)
        frames: list[set[int]] = [set(), *(frames_of(sheet) for sheet in part.sheets), set()]
        for offset, sheet in enumerate(part.sheets):
            page = pages[part.first_page + offset]
            if part.chapter.layout in COVERS:
                draw_cover(page, part.chapter, self.theme, self.document.meta)
            draw_sheet(sheet, page, self.geometry, bar, (frames[offset], frames[offset + 2]))
            draw_notes(sheet, page, self.geometry, rule)

    def _furnish(self, part: Laid, pages: list[Page]) -> None:
        """Running heads and feet; none on covers, no head above a chapter's title."""
        if part.chapter.layout in COVERS:
            return
        title = part.chapter.short_title or plain_text(part.chapter.title)
        meta = self.document.meta
        head = self.geometry.height - self._page("head")
        foot = self._page("foot")
        for offset in range(len(part.sheets)):
            page = pages[part.first_page + offset]
            if offset:
                self._line(page, head, meta.title, title)
            front = part.chapter.matter == "front"
            number = f"Page {page.label}" if front else f"Page {page.label} of {self.total}"
            self._line(page, foot, meta.subtitle, number)

    def _line(self, page: Page, y: float, left: str, right: str) -> None:
        """A running head or foot; where both sides do not fit, the right one matters more."""
        wide = self._room(self.root).wide_width
        own, other = self._furniture(left), self._furniture(right)
        widths = [sum(width for _, _, width in runs) for runs in (own, other)]
        if sum(widths) + 12 <= wide:
            page.furniture += self._set(own, self.geometry.left, y)
        page.furniture += self._set(other, self.geometry.left + wide - widths[1], y)

    def _furniture(self, words: str) -> list[tuple[str, str, float]]:
        """Words as (face, codes, width in points) in the style of running heads."""
        style = self.theme.style("running-head")
        runs = self.setting.encode(style.face, words, self.document.chapters[0].source)
        return [(name, codes, units * style.size / 1000) for name, codes, units in runs if codes]

    def _set(self, runs: list[tuple[str, str, float]], x: float, y: float) -> list[Ink]:
        style = self.theme.style("running-head")
        ink: list[Ink] = []
        for name, codes, width in runs:
            ink.append(Glyphs(x, y, name, style.size, style.color, codes, None))
            x += width
        return ink

    def _outline(self) -> list[OutlineEntry]:
        entries: list[OutlineEntry] = []
        for chapter in self.document.chapters:
            if chapter.id in self.destinations:
                entries.append(OutlineEntry(1, plain_text(chapter.title), chapter.id))
                entries += [
                    OutlineEntry(2, plain_text(heading.content), heading.id)
                    for heading in headings(chapter)
                    if chapter.layout not in COVERS
                ]
        return entries


def _sink(sheet: Sheet, room: float) -> None:
    """Let a sheet's text stand at the page's foot, as an imprint does."""
    drop = room - sheet.used
    for placed in sheet.placed:
        placed.offset += drop


def _label_ranges(laid: list[Laid]) -> list[tuple[int, str, int]]:
    ranges: list[tuple[int, str, int]] = []
    seen: set[str] = set()
    for part in laid:
        kind = "r" if part.chapter.matter == "front" else "D"
        if kind not in seen:
            seen.add(kind)
            ranges.append((part.first_page, kind, 1))
    return ranges


def roman(number: int) -> str:
    """A number in small Roman numerals."""
    values = (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1)
    signs = ("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i")
    out = ""
    for value, sign in zip(values, signs, strict=True):
        count, number = divmod(number, value)
        out += sign * count
    return out
