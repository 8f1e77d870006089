"""Blocks -> pieces: one small function for each kind of block.

Every function takes a block and a `Room` (where it may stand, in which style,
below which structure element) and returns the pieces it becomes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ...core.images import is_drawing
from ...document.nodes import (
    Admonition,
    Block,
    Checkbox,
    CodeBlock,
    Definition,
    DefinitionList,
    Directive,
    Division,
    Figure,
    Heading,
    Image,
    Inlines,
    LineBreak,
    List,
    ListItem,
    Paragraph,
    Quote,
    Rule,
    Span,
    Table,
    Text,
    plain_text,
)
from ...document.numbering import number_key
from ...theme.theme import TextStyle
from ..flow.flowables import (
    BoxDecoration,
    ChartPiece,
    Flowable,
    Gap,
    ImagePiece,
    Marker,
    PageBreak,
    RuleLine,
    set_lines,
)
from ..inline.compose import InlineLayouter
from ..inline.encode import encode_runs
from ..inline.highlight import Part
from ..inline.runs import MARK, InlineContext, Line, RunStyle, UnbreakableRun
from ..inline.runs import TextRun as Run
from ..page import FieldPlaceholder, Page
from ..structure import StructElem
from .area import Area
from .beside import _beside, _with_aside
from .figure import image_size
from .icons import LEAST, SHARE, Icon
from .paragraph_cache import ParagraphCache

# Lines to write on come at least so many together; the others are left out at a page's foot.
FEWEST_LINES = 3
# A margin narrower than this (points) has no room for notes: they stand in the text.
LEAST_MARGIN = 90.0
LEAVES = ("TD", "TH", "LBody")


@dataclass(slots=True)
class BlockLayouter:
    """Sets blocks; `special` sets the directives that only the whole book can fill."""

    setting: InlineContext
    special: Mapping[str, Callable[[Directive, Area], list[Flowable]]]
    page_height: float
    notes: Mapping[str, tuple[Block, ...]]
    note_room: Callable[[StructElem], Area]
    setters: Mapping[type, Callable[[BlockLayouter, Any, Area], list[Flowable]]]
    # The width of the frame on a page in landscape, 0 where pages are not turned.
    long_side: float = 0.0
    # Notes of the margin that wait for the block they stand beside.
    aside: list[Flowable] = field(default_factory=list)
    note_pieces: dict[str, list[Flowable]] = field(default_factory=dict)
    paragraphs: ParagraphCache = field(default_factory=ParagraphCache)

    def set(self, blocks: Iterable[Block], room: Area) -> list[Flowable]:
        """The pieces of `blocks`, one below the other.

        A cell's or item's only paragraph needs no element of its own: a tree with fewer
        nodes is quicker to listen to, and smaller.
        """
        blocks = tuple(blocks)
        if room.element.tag in LEAVES and len(blocks) == 1 and isinstance(blocks[0], Paragraph):
            room = replace(room, direct=True)
        pieces: list[Flowable] = []
        for block in blocks:
            pieces += self.block(block, room)
        return pieces

    def block(self, block: Block, room: Area) -> list[Flowable]:
        """The pieces of one block, with its id as an anchor on the first."""
        if isinstance(block, Division) and block.name == "margin" and self._has_margin(room):
            self.aside += self._margin_note(block, room)
            return []
        pieces = (
            self._spoken(block, room)
            if block.lang
            else self.setters[type(block)](self, block, room)
        )
        if self.aside and pieces and room.top_level and not isinstance(block, Heading):
            pieces, self.aside = _with_aside(self.aside, pieces), []
        key = block.id or self._caption_key(block)
        if key:
            place = next((p for p in pieces if not isinstance(p, PageBreak)), None)
            if place is None:
                # Nothing is drawn here, but it is a place that a link may lead to.
                place = self._framed(Gap(0.0), room)
                place.keep_with_next = True
                pieces.append(place)
            place.anchors.append(key)
        return pieces

    def _spoken(self, block: Block, room: Area) -> list[Flowable]:
        """A block in a language of its own: hyphens, built-in words, and what its tags say."""
        own, before = self.setting, len(room.element.kids)
        self.setting = replace(
            own, language=block.lang, label_of=lambda target: own.label_of(target)
        )
        pieces = self.setters[type(block)](self, block, room)
        self.setting = own
        for kid in room.element.kids[before:]:
            kid.lang = block.lang
        return pieces

    def _has_margin(self, room: Area) -> bool:
        return room.top_level and room.x - room.wide_x > LEAST_MARGIN

    def _margin_note(self, block: Division, room: Area) -> list[Flowable]:
        """A note in the margin, to stand beside what follows it."""
        element = room.element.child("Div")
        width = room.x - room.wide_x - 14
        inner = replace(room.inside(element, style="margin"), x=room.wide_x, width=width)
        return self.set(block.blocks, replace(inner, wide_x=room.wide_x, wide_width=width))

    def _caption_key(self, block: Block) -> str:
        """The key of a numbered block without an id: the lists of tables and figures lead to it."""
        if not isinstance(block, (Table, Figure, Directive)):
            return ""
        key = number_key(block)
        return key if key in self.setting.number_of else ""

    # ------------------------------------------------------------------ text

    def style(self, room: Area, classes: tuple[str, ...] = ()) -> TextStyle:
        """The text style for a block of `classes` in `room`."""
        theme = self.setting.theme
        for name in classes:
            if theme.has(f"text.{name}"):
                return theme.style(name)
        return theme.style(room.style)

    def lines(
        self,
        content: Inlines,
        style: TextStyle,
        element: StructElem | None,
        room: Area,
        source: Any,
    ) -> list[Flowable]:
        """Running text as pieces."""
        lines, notes = self.paragraphs.set(
            content, style, element, room.width, self.setting, source
        )
        pieces = set_lines(lines, style, self.setting, room.x, room.width)
        for piece, line in zip(pieces, lines, strict=True):
            piece.frames = room.frames
            marks = [run.box for run in line.pieces if run.box.startswith(MARK)]
            piece.anchors += [mark.removeprefix(MARK) for mark in marks]
        if notes:
            self._notes(notes, lines, pieces, element, room)
        return pieces

    def _notes(
        self,
        notes: list[str],
        lines: list[Line],
        pieces: list[Flowable],
        element: StructElem | None,
        room: Area,
    ) -> None:
        """Set the footnotes of a paragraph, and tell each line which of them its page must hold."""
        home = element.parent if element is not None and element.parent else room.element
        # A note stands on the page of its first mark; later marks only link to it.
        waiting = [note for note in dict.fromkeys(notes) if note not in self.note_pieces]
        for note in waiting:
            self.note_pieces[note] = self._note(note, home.child("Note"))
        for line, piece in zip(lines, pieces, strict=True):
            targets = {run.look.target for run in line.pieces}
            piece.notes = [note for note in waiting if f"#note-{note}" in targets]
            waiting = [note for note in waiting if note not in piece.notes]

    def _note(self, note: str, element: StructElem) -> list[Flowable]:
        element.id = f"note-{note}"
        room = self.note_room(element)
        style = self.setting.theme.style("footnote")
        number = f"{self.setting.note_of.get(note, note)}. "
        line = self._marker(number, style, element.child("Lbl"), ListItem(()))
        pieces = self.set(self.notes.get(note, ()), room.inside(element, 16, style="footnote"))
        mark = Marker(line, style, self.setting, room.x)
        mark.anchors.append(f"note-{note}")
        return [mark, *pieces]

    def paragraph(self, block: Paragraph, room: Area) -> list[Flowable]:
        """A paragraph; in the main column it stands on the page's grid."""
        element = room.element if room.direct else room.element.child("P")
        element.lang = block.lang or element.lang
        style = self.style(room, block.classes)
        pieces = self.lines(block.content, style, element, room, block.source)
        if pieces and room.top_level and not block.classes:
            pieces[0].snap = True
        if pieces and plain_text(block.content).endswith(":"):
            # It announces what follows, so it does not stand alone at a page's foot.
            pieces[-1].keep_with_next = True
        return pieces

    def heading(self, block: Heading, room: Area) -> list[Flowable]:
        """A heading, which stays with what follows; level 2 hangs into the wide margin."""
        # Tags go down one level at a time (ISO 14289-1, 7.4.2), whatever the author skipped.
        level = room.depth if room.top_level else min(block.level, room.depth + 1)
        element = room.element.child(f"H{min(6, level)}")
        style = self.setting.theme.style(f"heading-{min(6, max(2, block.level))}")
        if block.level <= 2 and room.top_level:
            room = replace(room, x=room.wide_x, width=room.wide_width)
        pieces = self.lines(block.content, style, element, room, block.source)
        for piece in pieces:
            piece.keep_with_next = True
        return pieces

    # ----------------------------------------------------------------- lists

    def items(self, block: List, room: Area) -> list[Flowable]:
        """Items with bullets, numbers or boxes."""
        element = room.element.child("L")
        element.table = {"O": "List", "ListNumbering": "Decimal" if block.ordered else "Disc"}
        pieces: list[Flowable] = []
        last = block.start + len(block.items) - 1
        style = self.style(room)
        indent = self.setting.theme.number("list.indent")
        if block.ordered:
            widest = self.setting.faces[style.face].width(f"{last}. ") * style.size / 1000
            indent = max(indent, widest + 2)
        gap = self.setting.theme.number("list.gap") if block.tight else style.after
        for number, item in enumerate(block.items, block.start):
            marker = f"{number}." if block.ordered else self.setting.theme.text("list.bullet")
            own = self._item(item, marker, element.child("LI"), room, indent)
            if pieces and own:
                pieces[-1].after = min(pieces[-1].after, gap) if block.tight else gap
                own[0].before = 0.0
            pieces += own
        if pieces:
            pieces[-1].after = max(style.after, pieces[-1].after)
        return pieces

    def _item(
        self, item: ListItem, marker: str, element: StructElem, room: Area, indent: float
    ) -> list[Flowable]:
        style = self.style(room)
        label = element.child("Lbl")
        body = element.child("LBody")
        inner = room.inside(body, indent)
        pieces = self.set(item.blocks, inner)
        if not pieces:
            pieces = [self._framed(Gap(style.leading), room)]
        if item.checked is None:
            line = self._marker(marker, style, label, item)
        else:
            first = next((b for b in item.blocks if isinstance(b, Paragraph)), None)
            line = self._tick(item.checked, style, label, first)
        mark = Marker(line, style, self.setting, room.x)
        mark.frames = room.frames
        mark.before = pieces[0].before
        pieces[0].before = 0.0
        if item.id:
            mark.anchors.append(item.id)
        return [mark, *pieces]

    def _marker(self, marker: str, style: TextStyle, element: StructElem, item: ListItem) -> Line:
        chunks = InlineLayouter(self.setting, style, element, item.source).compose(
            (Text(marker + " "),)
        )
        return one_line(chunks)

    def _tick(
        self, checked: bool, style: TextStyle, element: StructElem, first: Paragraph | None
    ) -> Line:
        """An item's box: decoration on paper, a form field (named by the item) on screen."""
        own = element if self.setting.form else None
        composer = InlineLayouter(self.setting, style, own, Paragraph(()).source)
        composer.label = plain_text(first.content) if first else ""
        return one_line(composer.compose((Checkbox(checked),)))

    def definitions(self, block: DefinitionList, room: Area) -> list[Flowable]:
        """Terms with their meanings: the term in the margin if there is one, else above."""
        element = room.element.child("L")
        pieces: list[Flowable] = []
        for definition in block.items:
            pieces += self._definition(definition, element.child("LI"), room)
        return pieces

    def _definition(
        self, definition: Definition, element: StructElem, room: Area
    ) -> list[Flowable]:
        style = self.setting.theme.style("term")
        margin = room.x - room.wide_x
        beside = margin > 90 and room.top_level
        column = replace(room, x=room.wide_x, width=margin - 10) if beside else room
        terms: list[Flowable] = []
        for term in definition.terms:
            label = element.child("Lbl")
            terms += self.lines(term, style, label, column, definition.source)
        body = element.child("LBody")
        inner = room.inside(body, 0 if beside else self.setting.theme.number("list.indent"))
        pieces = self.set(definition.blocks, inner)
        for piece in terms:
            piece.keep_with_next = True
        if beside and pieces:
            pieces = _beside(terms, pieces)
        else:
            pieces = [*terms, *pieces]
        if pieces and definition.id:
            pieces[0].anchors.append(definition.id)
        return pieces

    # ----------------------------------------------------------------- boxes

    def quote(self, block: Quote, room: Area) -> list[Flowable]:
        """Somebody else's words, set apart."""
        element = room.element.child("BlockQuote")
        if "pull" in block.classes:
            return self._pull_quote(block, room, element)
        frame = BoxDecoration(room.x, room.width, None, self.setting.theme.color("colors.hairline"))
        inner = room.inside(element, 14, style="quote", frames=(*room.frames, frame))
        return self.set(block.blocks, inner)

    def _pull_quote(self, block: Quote, room: Area, element: StructElem) -> list[Flowable]:
        """A sentence worth a second look, large, below a rule."""
        rule = RuleLine(2.0, room.x, 42.0, self.setting.theme.color("colors.accent"), 2.2)
        rule.keep_with_next = True
        rule.frames = room.frames
        rule.before = rule.after = self.setting.theme.style("body").after
        pieces = self.set(block.blocks, room.inside(element, style="pull-quote"))
        for piece in pieces[:-1]:
            piece.keep_with_next = True
        return [rule, *pieces]

    def admonition(self, block: Admonition, room: Area) -> list[Flowable]:
        """A boxed aside with a coloured bar, its kind in words as its title."""
        theme = self.setting.theme
        look = theme.box(block.kind)
        pad, bar = theme.number("box.padding"), theme.number("box.bar")
        frame = BoxDecoration(room.x, room.width, look.wash, look.ink)
        element = room.element.child("Div")
        inner = room.inside(element, pad + bar, style="box", frames=(*room.frames, frame))
        inner = replace(inner, width=inner.width - pad, wide_width=inner.width - pad)
        if room.style == "table":
            inner = replace(inner, style="table")
        words = self.setting.words
        label = words.gettext(look.label)
        head = block.title or (Text(label),)
        own = label.casefold() if theme.has(f"box.{block.kind}") else ""
        if block.title and own not in plain_text(block.title).casefold():
            head = (Text(words.gettext("{label}: ", label=label)), *block.title)
        style = replace(theme.style("box-title"), color=look.ink)
        size = max(style.leading * SHARE, LEAST)
        narrow = replace(inner, width=inner.width - size - 4)
        title = self.lines(head, style, element.child("P"), narrow, block.source)
        for piece in title:
            piece.keep_with_next = True
        edge = inner.x + inner.width
        sign = Icon(block.kind, edge, look.ink, self.setting.faces["bold"], size)
        sign.frames = inner.frames
        return self._boxed([sign, *title, *self.set(block.blocks, inner)], inner, pad * 0.8)

    def _boxed(self, pieces: list[Flowable], room: Area, pad: float) -> list[Flowable]:
        top, bottom = self._framed(Gap(pad), room), self._framed(Gap(pad), room)
        top.keep_with_next = True
        if pieces:
            top.anchors, pieces[0].anchors = pieces[0].anchors, []
            pieces[0].before = 0.0
            pieces[-1].after = 0.0
            pieces[-1].keep_with_next = True
        top.before = bottom.after = self.setting.theme.style("body").after * 1.5
        return [top, *pieces, bottom]

    def _framed(self, piece: Flowable, room: Area) -> Flowable:
        piece.frames = room.frames
        piece.x = room.x
        return piece

    def code(self, block: CodeBlock, room: Area) -> list[Flowable]:
        """Literal lines on a wash; too long ones go on below, further in."""
        theme = self.setting.theme
        style = theme.style("code")
        pad = theme.number("code.padding")
        face = self.setting.faces[style.face]
        unit = face.width("0") * style.size / 1000
        text_lines = block.text.rstrip("\n").split("\n")
        longest = max(len(line) for line in text_lines) * unit + 2 * pad
        if room.top_level and longest > room.width:
            room = replace(room, x=room.wide_x, width=room.wide_width)
        frame = BoxDecoration(room.x, room.width, theme.color("code.wash"))
        element = room.element.child("P").child("Code")
        inner = room.inside(element, pad, frames=(*room.frames, frame))
        inner = replace(inner, width=inner.width - pad)
        limit = max(10, int(inner.width / unit))
        rows = self.paragraphs.rows(block.text.rstrip("\n"), block.language, limit)
        lines = [self._code_line(row, style, element, block) for row in rows]
        pieces = set_lines(lines, replace(style, after=0.0), self.setting, inner.x, inner.width)
        for piece in pieces:
            piece.frames = inner.frames
        # At least four lines on either side of a break.
        for piece in (*pieces[:3], *pieces[-4:-1]):
            piece.keep_with_next = True
        boxed = self._boxed(pieces, inner, pad * 0.75)
        boxed[0].before = boxed[-1].after = style.after
        return boxed

    def _code_line(
        self, parts: list[Part], style: TextStyle, element: StructElem, block: CodeBlock
    ) -> Line:
        runs: list[Run] = []
        for words, kind in [*parts, (" ", "")]:
            look = self._code_look(kind, style, element)
            runs += encode_runs(self.setting, words, look, block.source, base=0)
        return Line(runs, sum(run.width for run in runs))

    def _code_look(self, kind: str, style: TextStyle, element: StructElem) -> RunStyle:
        theme = self.setting.theme
        face, color = style.face, style.color
        if kind:
            face = theme.text(f"code.{kind}.face")
            color = theme.color(f"code.{kind}.color")
        return RunStyle(face, style.size, color, 0.0, element, "", "")

    def division(self, block: Division, room: Area) -> list[Flowable]:
        """Blocks that belong together: kept on one page where they fit."""
        element = room.element.child("Div")
        inner = replace(room, element=element)
        if self.setting.theme.has(f"text.{block.name}"):
            inner = replace(inner, style=block.name)
        pieces = self.set(block.blocks, inner)
        if block.name == "together":
            for piece in pieces[:-1]:
                piece.keep_with_next = True
        return pieces

    # ---------------------------------------------------------------- others

    def directive(self, block: Directive, room: Area) -> list[Flowable]:
        """A place that the layout fills."""
        if block.name == "page-break":
            return [PageBreak(0.0)]
        if block.name == "field-qr":
            return self._field_code(block, room)
        if block.name == "lines":
            return self._writing_lines(int(block.attributes.get("count", "6")), room)
        if block.name == "figure":
            return self._chart(block, room)
        special = self.special.get(block.name)
        return special(block, room) if special else []

    def _field_code(self, block: Directive, room: Area) -> list[Flowable]:
        """The place of a code to scan that is each learner's own."""
        spec = self.setting.fields[block.attributes.get("name", "")]
        element = room.element.child("Figure")
        # The edition is the same for all, so the words of the code are in the text beside it.
        element.alt = self.setting.words.gettext("{label}, as a code to scan.", label=spec.label)
        color = self.setting.theme.color("colors.ink")
        slot = FieldPlaceholder(
            0.0, 0.0, spec.name, "regular", 0.0, 0.0, color, spec.width, 1, 0.0, element, "qr"
        )
        piece = SlotPiece(slot, room.x)
        piece.before = piece.after = self.setting.theme.style("body").after
        return [self._framed(piece, room)]

    def _writing_lines(self, count: int, room: Area) -> list[Flowable]:
        color = self.setting.theme.color("colors.hairline")
        height = self.setting.theme.number("grid") * 3
        pieces: list[Flowable] = [RuleLine(height, room.x, room.width, color) for _ in range(count)]
        for piece in pieces:
            piece.frames = room.frames
        for piece in pieces[FEWEST_LINES:]:
            piece.drop_at_page_start = True
        for piece in pieces[: FEWEST_LINES - 1]:
            piece.keep_with_next = True
        pieces[-1].after = self.setting.theme.style("body").after * 2
        return pieces

    def _chart(self, block: Directive, room: Area) -> list[Flowable]:
        """A figure drawn from data, as wide as the room allows, and its caption below it."""
        x, width = (room.wide_x, room.wide_width) if room.top_level else (room.x, room.width)
        element = room.element.child("Figure")
        setting = self.setting
        chart = self.paragraphs.chart(block.attributes, width, setting, block.source)
        element.alt = chart.alt
        piece = ChartPiece(chart, x, element)
        piece.frames = room.frames
        piece.before = piece.after = setting.theme.style("body").after * 1.5
        words = block.attributes.get("caption", "")
        if not words:
            return [piece]
        piece.keep_with_next = True
        place = replace(room, x=x, width=width)
        # The caption belongs to the figure (ISO 32000-1, table 338).
        caption = self.caption(
            (Text(words),), number_key(block), element.inline_child("Caption"), place, block.source
        )
        caption[0].before = 6.0
        return [piece, *caption]

    def figure(self, block: Figure, room: Area) -> list[Flowable]:
        """A picture and its caption below it."""
        if block.image.missing:
            return self._no_picture(block, room)
        element = room.element.child("Figure")
        element.alt = block.image.alt
        limit = room.wide_width if room.top_level else room.width
        width, height = image_size(block.image, limit, self.page_height * 0.8, room.width)
        x = room.wide_x if width > room.width and room.top_level else room.x
        piece = self._framed(self.picture(block.image, (x, width, height), element), room)
        piece.x = x
        piece.before = piece.after = self.setting.theme.style("body").after
        if not block.caption:
            return [piece]
        piece.keep_with_next = True
        caption = self.caption(
            block.caption, number_key(block), element.inline_child("Caption"), room, block.source
        )
        return [piece, *caption]

    def picture(
        self, image: Image, box: tuple[float, float, float], element: StructElem
    ) -> Flowable:
        """A picture at x, so wide and so high: pixels, or a drawing's own lines."""
        x, width, height = box
        if not is_drawing(image.path):
            return ImagePiece(image.path, x, width, height, element)
        from ..figure.svg import draw_svg

        chart = draw_svg(image.path, width, element.alt, self.setting, image.source)
        return ChartPiece(chart, x, element)

    def _no_picture(self, block: Figure, room: Area) -> list[Flowable]:
        """A box that says which picture is not there, and what it would show."""
        words = self.setting.words.gettext("Picture missing: {name}", name=block.image.missing)
        element = room.element.child("Div")
        pad = self.setting.theme.number("box.padding")
        frame = BoxDecoration(room.x, room.width, None, self.setting.theme.color("colors.soft"))
        inner = room.inside(element, pad, frames=(*room.frames, frame))
        style = self.setting.theme.style("caption")
        content = (Text(words), *((LineBreak(), Text(block.image.alt)) if block.image.alt else ()))
        lines = self.lines(content, style, element.child("P"), inner, block.source)
        return self._boxed(lines, inner, pad)

    def caption(
        self, content: Inlines, target: str, element: StructElem, room: Area, source: Any
    ) -> list[Flowable]:
        """A caption with its number, which stays with what it names."""
        number = self.setting.number_of.get(target, "")
        if number:
            label = Span("strong", (Text(number),))
            content = (label, Text("\u2002"), *content)
        return self.lines(content, self.setting.theme.style("caption"), element, room, source)

    def rule(self, block: Rule, room: Area) -> list[Flowable]:
        """A change of subject: a short line."""
        color = self.setting.theme.color("colors.hairline")
        piece = RuleLine(1.0, room.x, room.width, color)
        piece.before = piece.after = self.setting.theme.style("body").after * 2
        return [self._framed(piece, room)]


class SlotPiece(Flowable):
    """The place of a field that is drawn, not written."""

    __slots__ = ("slot",)

    def __init__(self, slot: FieldPlaceholder, x: float) -> None:
        super().__init__(slot.width, x)
        self.slot = slot

    def draw(self, page: Page, left: float, top: float, artifact: bool = False) -> None:
        """Put the slot on the page."""
        page.items.append(self.slot._replace(x=left + self.x, y=top - self.height))


def one_line(chunks: list[UnbreakableRun]) -> Line:
    """All chunks on one line, whatever its width."""
    runs: list[Run] = []
    for chunk in chunks:
        runs += chunk.pieces
        if chunk.space:
            runs.append(chunk.space)
    return Line(runs, sum(run.width for run in runs))
