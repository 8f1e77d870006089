"""Chapters -> a book: openers, contents, running heads, page numbers, cover.

First every chapter is stacked on sheets, which fixes the page of every id; then
everything is drawn, and the page numbers that were left open are known.  One
pass suffices, because no page number decides where a line ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from ..document import (
    Block,
    Chapter,
    Directive,
    Document,
    Figure,
    Heading,
    Inlines,
    Link,
    List,
    NoteReference,
    Reference,
    Table,
    Text,
    inlines_of,
    plain_text,
    walk,
    walk_inlines,
)
from ..theme import Theme
from .blocks import Blocks, Room
from .cover import cover_pieces, draw_cover
from .flow import Leader, Piece, RuleLine
from .fonts import load_faces
from .ink import Book, Destination, Element, Glyphs, Ink, OutlineEntry, Page
from .pages import Builder, Geometry, Sheet, draw_sheet
from .text import Composer, Line, Look, Setting
from .text import Piece as Run

MM = 72 / 25.4
PAPERS = {
    "a4": (210 * MM, 297 * MM),
    "letter": (612.0, 792.0),
    "a5": (148 * MM, 210 * MM),
}


@dataclass(slots=True)
class Laid:
    """A chapter on its sheets, and the element its content belongs to."""

    chapter: Chapter
    element: Element
    sheets: list[Sheet]
    number: str
    first_page: int = 0


@dataclass(slots=True)
class Facts:
    """What the whole document says, known before any page is: numbers, titles, addresses."""

    number_of: dict[str, str] = field(default_factory=dict)
    title_of: dict[str, str] = field(default_factory=dict)
    address_of: dict[str, int] = field(default_factory=dict)
    note_of: dict[str, int] = field(default_factory=dict)
    chapter_number: dict[str, str] = field(default_factory=dict)


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
        self.setting = Setting(
            theme, self.faces, dict(document.fields), self.facts.number_of, self.facts.title_of,
            self.facts.address_of, self.facts.note_of, self._label_of,
        )  # fmt: skip
        self.geometry = self._geometry()
        special: dict[str, Callable[[Directive, Room], list[Piece]]] = {
            "contents": self._contents,
            "links": self._links,
        }
        self.blocks = Blocks(self.setting, special, self.geometry.room)
        self.root = Element("Document")
        self.destinations: dict[str, Destination] = {}

    def make(self) -> Book:
        """Stack, number, draw."""
        laid = [self._stack(chapter) for chapter in self.document.chapters]
        pages = self._number(laid)
        for part in laid:
            self._draw(part, pages)
        self._furnish(laid, pages)
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
        element = self.root.child("Sect")
        number = self.facts.chapter_number.get(chapter.id, "")
        room = self._room(element, "imprint" if chapter.layout == "imprint" else "body")
        if chapter.layout in ("cover", "back-cover"):
            pieces = cover_pieces(self.blocks, chapter, room, self.theme)
            sheets = [Sheet([], [], 0.0)]
            return Laid(chapter, element, [*sheets], number) if not pieces else Laid(
                chapter, element, [cover_sheet(pieces)], number
            )
        opener = self._opener(chapter, room, number)
        pieces = [*opener, *self._sections(chapter.blocks, room)]
        drop = self._page("opener") if chapter.layout == "chapter" else 0.0
        builder = Builder(self.geometry.room, self.theme.number("grid"), drop)
        sheets = builder.build(pieces) or [Sheet()]
        if chapter.layout == "imprint":
            _sink(sheets, self.geometry.room)
        return Laid(chapter, element, sheets, number)

    def _opener(self, chapter: Chapter, room: Room, number: str) -> list[Piece]:
        pieces: list[Piece] = []
        wide = replace(room, x=room.wide_x, width=room.wide_width)
        heading = room.element.child("H1")
        style = self.theme.style("chapter-title")
        if chapter.layout == "imprint":
            style = self.theme.style("heading-3")
        if number:
            small = self.theme.style("chapter-number")
            pieces += self.blocks.lines(
                (Text(number + " "),), small, heading, wide, chapter.source
            )
        pieces += self.blocks.lines(chapter.title, style, heading, wide, chapter.source)
        for piece in pieces:
            piece.keep = True
        if number:
            accent = self.theme.color("colors.accent")
            rule = RuleLine(2.0, wide.x, 42.0, accent, 2.2)
            rule.keep, rule.after = True, 12.0
            pieces.insert(0, rule)
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
            pieces += self.blocks.block(block, replace(room, element=path[-1][1]))
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
            for anchor in placed.piece.anchors:
                self.labels.setdefault(anchor, label)
                y = self.geometry.top - placed.offset + 6
                self.destinations.setdefault(anchor, Destination(page, y))

    def _label_of(self, target: str) -> str:
        return self.labels.get(target, "")

    # ------------------------------------------------------------------- drawing

    def _draw(self, part: Laid, pages: list[Page]) -> None:
        bar = self.theme.number("box.bar")
        for offset, sheet in enumerate(part.sheets):
            number = part.first_page + offset
            page = pages[number]
            if part.chapter.layout in ("cover", "back-cover"):
                draw_cover(page, part.chapter, self.theme, self.document.meta)
            draw_sheet(sheet, page, self.geometry, number, bar, self._record)

    def _record(self, anchor: str, destination: Destination) -> None:
        self.destinations.setdefault(anchor, destination)

    def _furnish(self, laid: list[Laid], pages: list[Page]) -> None:
        """Running heads and feet; none on covers, no head above a chapter's title."""
        for part in laid:
            if part.chapter.layout in ("cover", "back-cover"):
                continue
            title = part.chapter.short_title or plain_text(part.chapter.title)
            for offset in range(len(part.sheets)):
                page = pages[part.first_page + offset]
                if offset:
                    page.furniture += self._head(title)
                front = part.chapter.matter == "front"
                number = page.label if front else f"Page {page.label} of {self.total}"
                page.furniture += self._foot(number)

    def _head(self, title: str) -> list[Ink]:
        y = self.geometry.height - self._page("head")
        left = plain_text((Text(self.document.meta.title),))
        return [*self._furniture_line(left, y, "left"), *self._furniture_line(title, y, "right")]

    def _foot(self, number: str) -> list[Ink]:
        y = self._page("foot")
        words = self.document.meta.subtitle
        return [*self._furniture_line(words, y, "left"), *self._furniture_line(number, y, "right")]

    def _furniture_line(self, words: str, y: float, side: str) -> list[Ink]:
        style = self.theme.style("running-head")
        runs = [
            (name, codes, width * style.size / 1000)
            for name, codes, width in self.setting.encode(
                style.face, words, self.document.chapters[0].source
            )
        ] if words else []  # fmt: skip
        room = self._room(self.root)
        x = self.geometry.left
        if side == "right":
            x += room.wide_width - sum(run[2] for run in runs)
        ink: list[Ink] = []
        for name, codes, width in runs:
            ink.append(Glyphs(x, y, name, style.size, style.color, codes, None))
            x += width
        return ink

    # ------------------------------------------------- contents, addresses, outline

    def _contents(self, directive: Directive, room: Room) -> list[Piece]:
        """The contents list: a line for each listed chapter and its headings."""
        toc = room.element.child("TOC")
        pieces: list[Piece] = []
        for chapter in self.document.chapters:
            if not chapter.listed:
                continue
            title = chapter.title
            number = self.facts.chapter_number.get(chapter.id, "")
            if number:
                title = (Text(f"{number}\u2002"), *title)
            pieces.append(self._entry(title, chapter.id, "contents-chapter", toc, room, 0.0))
            pieces[-1].keep = chapter.depth > 1 and any(_headings(chapter))
            nested = [self._entry(heading.content, heading.id, "contents-section", toc, room, 14.0)
                      for heading in _headings(chapter)]  # fmt: skip
            if len(nested) > 1:
                nested[-2].keep = True
            pieces += nested
        return pieces

    def _entry(
        self, title: Inlines, target: str, style_name: str, toc: Element, room: Room, indent: float
    ) -> Piece:
        style = self.theme.style(style_name)
        element = toc.child("TOCI").child("Reference").inline_child("Link")
        words = plain_text(title)
        look = Look(style.face, style.size, style.color, 0.0, element, f"#{target}", words, False)
        composer = Composer(self.setting, style, element, self.document.chapters[0].source)
        chunks = composer.compose((Text(_shortened(words) + " "),))
        runs = [
            run._replace(look=run.look._replace(target=f"#{target}", contents=words))
            for chunk in chunks
            for run in (*chunk.pieces, *([chunk.space] if chunk.space else []))
        ]
        line = Line(runs, sum(run.width for run in runs))
        tail = Line([Run(look, "", 0.0, late=target)], 0.0)
        wide = room.x + indent
        leader = Leader(line, tail, style, self.setting, wide, room.width - indent)
        leader.before, leader.after = style.before, style.after
        return leader

    def _links(self, directive: Directive, room: Room) -> list[Piece]:
        """The web addresses of the book, numbered as they are marked in the text."""
        element = room.element.child("L")
        pieces: list[Piece] = []
        style = self.theme.style("web-address")
        for address, number in self.facts.address_of.items():
            item = element.child("LI")
            label = item.child("Lbl")
            body = item.child("LBody").child("P")
            link = Link(address, (Text(printable_address(address)),))
            composer = Composer(
                replace_addresses(self.setting), style, body, self.document.chapters[0].source
            )
            mark = Composer(self.setting, style, label, self.document.chapters[0].source)
            from .blocks import _one_line
            from .flow import Marker, set_lines
            from .text import break_lines

            marker = Marker(_one_line(mark.compose((Text(f"{number}. "),))), style, self.setting, room.x)
            lines = break_lines(composer.compose((link,)), room.width - 24)
            own = set_lines(lines, style, self.setting, room.x + 24, room.width - 24)
            pieces += [marker, *own]
        return pieces

    def _outline(self) -> list[OutlineEntry]:
        entries: list[OutlineEntry] = []
        for chapter in self.document.chapters:
            if chapter.layout == "cover":
                entries.append(OutlineEntry(1, "Cover", chapter.id))
                self.destinations.setdefault(
                    chapter.id, Destination(0, self.geometry.height)
                )
                continue
            if chapter.id not in self.destinations:
                continue
            entries.append(OutlineEntry(1, plain_text(chapter.title), chapter.id))
            for heading in _headings(chapter):
                entries.append(OutlineEntry(2, plain_text(heading.content), heading.id))
        return entries


def cover_sheet(pieces: list[tuple[Piece, float]]) -> Sheet:
    """A sheet of pieces at fixed offsets."""
    from .pages import Placed

    return Sheet([Placed(piece, offset) for piece, offset in pieces], [], 0.0)


def replace_addresses(setting: Setting) -> Setting:
    """`setting` without address numbers: for the list of addresses itself."""
    return replace(setting, address_of={})


def printable_address(address: str) -> str:
    """An address as one would type it."""
    return address.removeprefix("https://").removeprefix("http://").rstrip("/")


def survey(document: Document) -> Facts:
    """Numbers and titles of everything that may be referred to, in reading order."""
    facts = Facts()
    counts = {"Table": 0, "Figure": 0, "chapter": 0}
    for chapter in document.chapters:
        facts.title_of[chapter.id] = plain_text(chapter.title)
        if chapter.matter == "main" and chapter.layout == "chapter":
            counts["chapter"] += 1
            facts.chapter_number[chapter.id] = str(counts["chapter"])
        for block in walk(chapter.blocks):
            _survey_block(block, facts, counts)
    return facts


def _survey_block(block: Block, facts: Facts, counts: dict[str, int]) -> None:
    kind = "Table" if isinstance(block, Table) else "Figure" if isinstance(block, Figure) else ""
    if kind and getattr(block, "caption", ()):
        counts[kind] += 1
        facts.number_of[block.id] = f"{kind} {counts[kind]}"
        facts.title_of[block.id] = f"{kind} {counts[kind]}"
    if isinstance(block, Heading):
        facts.title_of[block.id] = plain_text(block.content)
    for inlines in inlines_of(block):
        _survey_inlines(inlines, facts)
    if hasattr(block, "items") and not isinstance(block, List):
        for definition in block.items:
            facts.title_of[definition.id] = plain_text(definition.terms[0])


def _survey_inlines(inlines: Inlines, facts: Facts) -> None:
    for inline in walk_inlines(inlines):
        if isinstance(inline, Link) and not inline.target.startswith("#"):
            facts.address_of.setdefault(inline.target, len(facts.address_of) + 1)
        elif isinstance(inline, NoteReference):
            facts.note_of.setdefault(inline.id, len(facts.note_of) + 1)
        elif isinstance(inline, Reference):
            facts.title_of.setdefault(inline.target, inline.target)


def _headings(chapter: Chapter) -> Iterator[Heading]:
    for block in chapter.blocks:
        if isinstance(block, Heading) and block.id and block.level <= chapter.depth:
            yield block


def _shortened(words: str) -> str:
    return words if len(words) <= 78 else words[:75].rsplit(" ", 1)[0] + " …"


def _sink(sheets: list[Sheet], room: float) -> None:
    """Let the last sheet's text stand at the page's foot, as an imprint does."""
    sheet = sheets[-1]
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
    if ranges and ranges[0][0] != 0:
        ranges.insert(0, (0, "r", 1))
    return ranges


def roman(number: int) -> str:
    """A number in small Roman numerals."""
    pairs = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
             (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
    out = ""
    for value, sign in pairs:
        count, number = divmod(number, value)
        out += sign * count
    return out
