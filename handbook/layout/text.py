"""Inlines -> lines: fragments of one look, chunks that may not break, lines that fit.

Text is set ragged right.  A line ends with its space, so that text taken out of
the page keeps its words apart; no character of the document is ever dropped.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from ..document import (
    NOWHERE,
    Checkbox,
    Code,
    Field,
    FieldSpecs,
    Image,
    IndexMark,
    Inline,
    Inlines,
    LineBreak,
    Link,
    NoteReference,
    Reference,
    Source,
    Span,
    Text,
    plain_text,
)
from ..scripts import Shaped
from ..theme import TextStyle, Theme
from ..units import Color
from ..words import Words, words_for
from .fonts import Face, missing_character, split_codes
from .hyphens import parting_places
from .ink import Box, Element, Glyphs, Hot, Ink, Page, Polygon, Segment, Slot, Tick
from .shaping import (
    Kept,
    complex_text,
    east_parts,
    places,
    plain,
    runs_backwards,
    settled,
    shaped,
    shaped_line,
    stretches,
    words_of,
)

# After a dash before a letter ("multi-stage" breaks, "A-4" does not), after an em dash.
_INSIDE = re.compile(r"(?<=[^\W_][-–])(?=[^\W\d_])|(?<=—)(?=\w)|(?<=\u200b)")
_PIECES = re.compile(r" +|[^ ]+")
# Behind these signs an address may go on below; a word that is wider than its line, too.
_JOINTS = "/?&=_.:@#-"
_JOINT = re.compile(r"(?<=[/?&=_.:@#-])(?=[^/?&=_.:@#\s-])")
_LETTERS = re.compile(r"[^\W\d_]+")
# The sign of a hyphen that is not the author's: it is left out when text is taken from the page.
SOFT_HYPHEN = "\u00ad"
# Characters from which a word is an address rather than a word.
_ENDLESS = 30
_WIDEST_PAGE = "000"
# Begins the `box` of a piece that is but a place, for the index; its id follows.
MARK = "mark:"


class Look(NamedTuple):
    """How a fragment is drawn, and what it means; its `stroke` is "", "strike" or "dotted"."""

    face: str
    size: float
    color: Color
    rise: float
    element: Element | None
    target: str
    contents: str
    stroke: str = ""
    link: Element | None = None
    # The embedding levels of the text and of its paragraph (Unicode Annex 9).
    level: int = 0
    base: int = 0


class Piece(NamedTuple):
    """Glyphs of one look that stay together; `late` is an id whose page number comes later.

    `shaped` glyphs take the place of codes.
    """

    look: Look
    codes: str
    width: float
    late: str = ""
    box: str = ""
    shaped: Shaped | None = None


class Chunk(NamedTuple):
    """Pieces that no line break parts, and the space after them (None where none is)."""

    pieces: list[Piece]
    width: float
    space: Piece | None
    forced: bool


@dataclass(slots=True)
class Line:
    """A line: its pieces in the order of reading, its width without the space at its end."""

    pieces: list[Piece]
    width: float


@dataclass(slots=True)
class Setting:
    """What turning inlines into lines needs to know of the book around them."""

    theme: Theme
    faces: dict[str, Face]
    fields: FieldSpecs
    number_of: dict[str, str]
    title_of: dict[str, str]
    address_of: dict[str, int]
    note_of: dict[str, int]
    label_of: Callable[[str], str]
    language: str = "en"
    form: bool = False
    # Pages are drawn from left to right, then mirrored: the book runs from right to left.
    mirrored: bool = False

    @property
    def words(self) -> Words:
        """What the book says by itself, in its language."""
        return words_for(self.language)

    def encode(self, face: str, word: str, source: Source) -> list[tuple[str, str, float]]:
        """`word` as (face, codes, width at size 1000), in as many faces as it needs."""
        own = self.faces[face]
        try:
            codes, width = own.encode(word)
            return [(face, codes, width)]
        except KeyError:
            return self._fall_back(face, word, source)

    def _fall_back(self, face: str, word: str, source: Source) -> list[tuple[str, str, float]]:
        runs: list[tuple[str, str]] = []
        for char in word:
            name = next((n for n in (face, *self.faces) if self.faces[n].has(char)), "")
            if not name:
                raise missing_character(char, source.file, source.line)
            if runs and runs[-1][0] == name:
                runs[-1] = (name, runs[-1][1] + char)
            else:
                runs.append((name, char))
        return [(name, *self.faces[name].encode(text)) for name, text in runs]

    def pieces(
        self, words: str, look: Look, source: Source, base: int | None = None
    ) -> list[Piece]:
        """`words` on their own, in faces of the theme, else shaped, in a line of level `base`."""
        scale = look.size / 1000
        if complex_text(words) or not all(self._known(char) for char in words):
            line = shaped_line(words, self.faces[look.face].path, source, self.language, base)
            return [Piece(look, "", line.width * scale, shaped=line)]
        return [
            Piece(look if face == look.face else look._replace(face=face), codes, width * scale)
            for face, codes, width in self.encode(look.face, words, source)
        ]

    def _known(self, char: str) -> bool:
        return any(face.has(char) for face in self.faces.values())


class Composer:
    """Turns the inlines of one block into chunks."""

    def __init__(self, setting: Setting, style: TextStyle, element: Element | None, source: Source):
        self.setting = setting
        self.style = style
        self.element = element
        self.source = source
        self.chunks: list[Chunk] = []
        self._open: list[Piece] = []
        self._kept: list[Kept] | None = None
        self.notes: list[str] = []
        # What a box to tick is for.
        self.label = ""

    # ------------------------------------------------------------ from inlines to chunks

    def compose(self, inlines: Inlines) -> list[Chunk]:
        """The chunks of `inlines` in this composer's style."""
        look = Look(self.style.face, self.style.size, self.style.color, 0.0, self.element, "", "")
        self.label = self.label or plain_text(inlines)
        base = int(self.setting.words.right_to_left)
        if base or runs_backwards(self.label):
            self._kept = []
        self._inlines(inlines, look)
        if self._kept is not None:
            self._settle(self._kept, base)
        self._close(None)
        return self.chunks

    def _settle(self, kept: list[Kept], base: int) -> None:
        """Set what was kept of a paragraph that runs in both directions."""
        self._kept = None
        for item, own in settled(kept, base):
            if item is None:
                self._close(None, forced=True)
            elif isinstance(item, Piece):
                look = item.look._replace(level=own[0], base=base)
                self._open.append(item._replace(look=look))
            else:
                text, look = item
                self._shape(text, look._replace(base=base), own)

    def _put(self, piece: Piece) -> None:
        """Add what is no text."""
        if self._kept is not None:
            self._kept.append(piece)
        else:
            self._open.append(piece)

    def _inlines(self, inlines: Inlines, look: Look) -> None:
        for inline in inlines:
            self._inline(inline, look)

    def _inline(self, inline: Inline, look: Look) -> None:
        if isinstance(inline, Text):
            self._words(inline.text, look)
        elif isinstance(inline, Span):
            self._inlines(inline.children, self._span_look(inline, look))
        elif isinstance(inline, Code):
            self._words(inline.text, self._code_look(look))
        elif isinstance(inline, Link):
            self._link(inline, look)
        elif isinstance(inline, Reference):
            self._reference(inline, look)
        elif isinstance(inline, LineBreak):
            if self._kept is not None:
                self._kept.append(None)
            else:
                self._close(None, forced=True)
        elif isinstance(inline, Checkbox):
            size = look.size * 0.86
            kind = "ticked" if inline.checked else "empty"
            own = look._replace(element=None)
            if self.setting.form and look.element is not None:
                own = look._replace(element=look.element.inline_child("Form"), contents=self.label)
            self._put(Piece(own, "", size + 2.5, box=kind))
        elif isinstance(inline, NoteReference):
            self._note(inline, look)
        elif isinstance(inline, Field):
            self._field(inline, look)
        elif isinstance(inline, IndexMark):
            self._put(Piece(look, "", 0.0, box=MARK + inline.id))
        elif isinstance(inline, Image):
            self._words(inline.alt, look)

    def _words(self, text: str, look: Look) -> None:
        if self._kept is not None:
            self._kept.append((text, look))
            return
        if complex_text(text):
            self._shape(text, look, [0] * len(text))
            return
        scale = look.size / 1000
        encode = self.setting.faces[look.face].encode
        codes, width = encode(" ")
        space = Piece(look, codes, width * scale)
        for token in _PIECES.findall(text):
            if token[0] == " ":
                self._close(space)
                continue
            for number, part in enumerate(_parts(token)):
                if number:
                    self._close(None)
                try:
                    codes, width = encode(part)
                except KeyError:
                    self._mixed(part, look)
                else:
                    self._open.append(Piece(look, codes, width * scale))

    def _mixed(self, word: str, look: Look) -> None:
        """A word that needs several faces."""
        self._open += self.setting.pieces(word, look, self.source)

    def _shape(self, text: str, look: Look, own: list[int]) -> None:
        """Text of any script, whose characters have the embedding levels `own`."""
        looks = {level: look._replace(level=level) for level in set(own)}
        for token in _PIECES.finditer(text):
            start = token.start()
            if token[0][0] == " ":
                inner = looks[own[start]]
                codes, width = self.setting.faces[look.face].encode(" ")
                self._close(Piece(inner, codes, width * look.size / 1000))
                continue
            parts = [part for word in _parts(token[0]) for part in east_parts(word)]
            for number, part in enumerate(parts):
                if number:
                    self._close(None)
                for words, level in stretches(part, own[start : start + len(part)]):
                    self._stretch(words, looks[level])
                start += len(part)

    def _stretch(self, words: str, look: Look) -> None:
        """Words of one direction."""
        if plain(words, look.level):
            # Two that run backwards are not to become one string: each has a look of its own.
            own = look._replace() if look.level % 2 else look
            self._open += self.setting.pieces(words, own, self.source)
            return
        made = shaped(words, look.face, look.level, self.setting, self.source)
        self._open.append(Piece(look, "", made.width * look.size / 1000, shaped=made))

    def _close(self, space: Piece | None, forced: bool = False) -> None:
        if not self._open and not forced:
            if space is not None and self.chunks and self.chunks[-1].space is None:
                self.chunks[-1] = self.chunks[-1]._replace(space=space)
            return
        pieces = self._open
        width = pieces[0].width if len(pieces) == 1 else sum([p.width for p in pieces])
        self.chunks.append(Chunk(pieces, width, space, forced))
        self._open = []

    def _span_look(self, span: Span, look: Look) -> Look:
        kind = span.kind
        theme = self.setting.theme
        if kind in ("strong", "emphasis"):
            return look._replace(face=_variant(look.face, kind))
        if kind in ("superscript", "subscript"):
            scale, rise = theme.number(f"inline.{kind}.scale"), theme.number(f"inline.{kind}.rise")
            return look._replace(size=look.size * scale, rise=look.rise + look.size * rise)
        if kind == "strike":
            return look._replace(stroke="strike")
        if kind == "keyboard":
            return look._replace(
                face=theme.text("inline.keyboard.face"),
                size=self._smaller(look, "keyboard"),
            )
        if kind == "small":
            return look._replace(size=self._smaller(look, "small"))
        if kind == "mark":
            return look._replace(
                face=_variant(look.face, "strong"), color=theme.color("inline.mark.color")
            )
        if look.element is None or kind == "index":
            return look
        element = look.element.inline_child("Quote" if kind == "quote" else "Span")
        element.lang, element.expansion = span.lang, span.expansion
        return look._replace(element=element)

    def _code_look(self, look: Look) -> Look:
        theme = self.setting.theme
        element = look.element.inline_child("Code") if look.element else None
        bold = look.face.startswith("bold") and "mono-bold" in self.setting.faces
        face = "mono-bold" if bold else theme.text("inline.code.face")
        return look._replace(face=face, size=self._smaller(look, "code"), element=element)

    def _smaller(self, look: Look, kind: str) -> float:
        """The size of a kind of inline: a share of the text's, but never below the least size."""
        theme = self.setting.theme
        size = look.size * theme.number(f"inline.{kind}.scale")
        return max(size, min(look.size, theme.number("inline.least")))

    def _link_look(self, look: Look, target: str, contents: str) -> Look:
        element = look.element.inline_child("Link") if look.element else None
        color = self.setting.theme.color("inline.link.color")
        if look.color == self.setting.theme.color("colors.paper"):
            color = look.color
        return look._replace(
            element=element, link=element, target=target, contents=contents, color=color
        )

    def _link(self, link: Link, look: Look) -> None:
        contents = link.title or _spoken(link)
        inner = self._link_look(look, link.target, contents)
        if link.quiet:
            inner = inner._replace(color=look.color, stroke="dotted")
        self._inlines(link.children, inner)
        number = self.setting.address_of.get(link.target)
        if number is not None:
            self._raised(str(number), inner)

    def _raised(self, words: str, look: Look) -> None:
        """Small raised words: in the font's own superiors, else by a smaller size."""
        own = self.setting.faces[look.face].superiors(words)
        if own is not None:
            codes, units = own
            self._put(Piece(look, codes, units * look.size / 1000))
            return
        theme = self.setting.theme
        scale, rise = (theme.number(f"inline.superscript.{key}") for key in ("scale", "rise"))
        self._words(words, look._replace(size=look.size * scale, rise=look.size * rise))

    def _reference(self, reference: Reference, look: Look) -> None:
        target = reference.target
        title = self.setting.title_of.get(target, target)
        inner = self._link_look(look, f"#{target}", title)
        if reference.form == "page":
            width = self.setting.faces[inner.face].width(_WIDEST_PAGE) * inner.size / 1000
            self._put(Piece(inner, "", width, late=target))
        elif reference.form == "number" and target in self.setting.number_of:
            self._words(self.setting.number_of[target].replace(" ", "\u00a0"), inner)
        else:
            self._words(self.setting.number_of.get(target) or title, inner)

    def _note(self, note: NoteReference, look: Look) -> None:
        self.notes.append(note.id)
        inner = self._link_look(look, f"#note-{note.id}", self.setting.words.say("Note"))
        self._raised(str(self.setting.note_of.get(note.id, note.id)), inner)

    def _field(self, inline: Field, look: Look) -> None:
        spec = self.setting.fields[inline.name]
        self._put(Piece(look, "", spec.width, box=f"field:{inline.name}"))


def break_lines(
    chunks: list[Chunk], width: float, setting: Setting, hang: float = 0.0
) -> list[Line]:
    """First-fit lines of at most `width` points; a chunk wider than that is parted.

    Lines after the first are shorter by `hang`.
    """
    lines: list[Line] = []
    pieces: list[Piece] = []
    used = 0.0
    pending: Piece | None = None
    limit = width + 0.01
    queue = chunks
    if any(chunk.width > limit for chunk in chunks):
        queue = [part for chunk in chunks for part in _cut(chunk, limit, setting)]
    for chunk in queue:
        gap = pending.width if pending else 0.0
        if pieces and used + gap + chunk.width > limit:
            if pending:
                look = pending.look
                if look.level != look.base:
                    # At a line's end, a space has the direction of the paragraph (rule L1).
                    pending = pending._replace(look=look._replace(level=look.base))
                pieces.append(pending)
            lines.append(Line(_joined(pieces), used))
            pieces, used, gap, pending = [], 0.0, 0.0, None
            limit = width - hang + 0.01
        if pending:
            pieces.append(pending)
            used += gap
        pieces += chunk.pieces
        used += chunk.width
        pending = chunk.space
        if chunk.forced:
            lines.append(Line(_joined(pieces), used))
            pieces, used, pending = [], 0.0, None
    if pieces:
        lines.append(Line(_joined(pieces), used))
    return lines


def natural_widths(chunks: list[Chunk]) -> tuple[float, float]:
    """The width of the widest chunk, and that of all of them on lines as the author broke them."""
    widest, longest, line = 0.0, 0.0, 0.0
    for chunk in chunks:
        widest = max(widest, chunk.width)
        line += chunk.width
        longest = max(longest, line)
        line = 0.0 if chunk.forced else line + (chunk.space.width if chunk.space else 0.0)
    return widest, longest


def _cut(chunk: Chunk, limit: float, setting: Setting) -> list[Chunk]:
    """`chunk` in parts that fit a line: behind its last sign that does, between syllables, or
    anywhere."""
    if chunk.width <= limit:
        return [chunk]
    glyphs = [glyph for piece in chunk.pieces for glyph in _glyphs(piece, setting)]
    syllables = _syllables(glyphs, setting.language)
    parts: list[Chunk] = []
    start = 0
    while start < len(glyphs) - 1 and _width([glyph.piece for glyph in glyphs[start:]]) > limit:
        end, hyphen = _part(glyphs, start, limit, syllables, setting)
        pieces = _whole([glyph.piece for glyph in glyphs[start:end]], setting) + hyphen
        parts.append(Chunk(pieces, _width(pieces), None, False))
        start = end
    pieces = _whole([glyph.piece for glyph in glyphs[start:]], setting)
    return [*parts, Chunk(pieces, _width(pieces), chunk.space, chunk.forced)]


class _Glyph(NamedTuple):
    """A glyph by itself, without kerning, and the character it stands for."""

    piece: Piece
    char: str


def _part(
    glyphs: list[_Glyph], start: int, limit: float, syllables: set[int], setting: Setting
) -> tuple[int, list[Piece]]:
    """Where the part that begins at `start` ends, and the hyphen it ends with, if it does."""
    end, used = start + 1, glyphs[start].piece.width
    while end < len(glyphs) and used + glyphs[end].piece.width <= limit:
        used += glyphs[end].piece.width
        end += 1
    for place in range(end, (start + end) // 2, -1):
        if glyphs[place - 1].char in _JOINTS:
            return place, []
    for place in range(end, start + 1, -1):
        if place in syllables:
            look = glyphs[place - 1].piece.look
            codes, units = setting.faces[look.face].encode(SOFT_HYPHEN)
            hyphen = Piece(look, codes, units * look.size / 1000)
            if _width([glyph.piece for glyph in glyphs[start:place]]) + hyphen.width <= limit:
                return place, [hyphen]
    return end, []


def _syllables(glyphs: list[_Glyph], language: str) -> set[int]:
    """The places, counted in glyphs, at which the words of a chunk may be parted."""
    text = "".join(glyph.char or " " for glyph in glyphs)
    if len(text) != len(glyphs):
        return set()
    return {
        match.start() + place
        for match in _LETTERS.finditer(text)
        for place in parting_places(match.group(), language)
    }


def _glyphs(piece: Piece, setting: Setting) -> list[_Glyph]:
    look = piece.look
    if piece.late or piece.box:
        return [_Glyph(piece, "")]
    if piece.shaped:
        clusters = [cluster for run in piece.shaped.runs for cluster in run.clusters]
        return [_Glyph(_reshaped(cluster.text, look, setting), cluster.text)
                for cluster in clusters]  # fmt: skip
    face = setting.faces[look.face]
    found: list[_Glyph] = []
    for text in split_codes(piece.codes):
        if isinstance(text, str):
            for high, low in zip(text[::2], text[1::2], strict=True):
                code = ord(high) << 8 | ord(low)
                width = face.advance(code) * piece.look.size / 1000
                found.append(_Glyph(Piece(piece.look, high + low, width), face.meaning[code]))
    return found


def _reshaped(words: str, look: Look, setting: Setting) -> Piece:
    made = shaped(words, look.face, look.level, setting, NOWHERE)
    return Piece(look, "", made.width * look.size / 1000, shaped=made)


def _whole(pieces: list[Piece], setting: Setting) -> list[Piece]:
    """Neighbours that were shaped by themselves, shaped together: their letters join again."""
    whole: list[Piece] = []
    for piece in pieces:
        last = whole[-1] if whole else None
        if last and last.shaped and piece.shaped and last.look is piece.look:
            words = words_of(last.shaped) + words_of(piece.shaped)
            whole[-1] = _reshaped(words, piece.look, setting)
        else:
            whole.append(piece)
    return whole


def _width(pieces: list[Piece]) -> float:
    return sum([piece.width for piece in pieces])


def _joined(pieces: list[Piece]) -> list[Piece]:
    """Neighbours of one look as one piece: fewer, longer strings on the page."""
    joined: list[Piece] = []
    look: Look | None = None
    codes: list[str] = []
    width = 0.0
    for piece in pieces:
        if piece.codes and piece.look is look:
            codes.append(piece.codes)
            width += piece.width
            continue
        if look is not None:
            joined.append(Piece(look, "".join(codes), width))
            look = None
        if piece.codes:
            look, codes, width = piece.look, [piece.codes], piece.width
        else:
            joined.append(piece)
    if look is not None:
        joined.append(Piece(look, "".join(codes), width))
    return joined


@lru_cache(maxsize=1 << 14)
def _parts(token: str) -> list[str]:
    """`token` where a line may end inside it: after dashes; in endless ones, behind joints too."""
    parts = _INSIDE.split(token) if "-" in token or "–" in token or "—" in token else [token]
    if len(token) < _ENDLESS:
        return parts
    return [short for part in parts for short in _JOINT.split(part)]


def _variant(face: str, kind: str) -> str:
    if face.startswith("mono"):
        return "mono-bold" if kind == "strong" else face
    bold = kind == "strong" or face.startswith("bold")
    italic = kind == "emphasis" or face.endswith("italic")
    if bold:
        return "bold-italic" if italic else "bold"
    return "italic" if italic else "regular"


def _spoken(link: Link) -> str:
    return plain_text(link.children) or link.target


def _drawn_width(piece: Piece, setting: Setting) -> float:
    """The width of a piece on the page: that of the page number that it waited for."""
    if not piece.late:
        return piece.width
    face = setting.faces[piece.look.face]
    return face.width(setting.label_of(piece.late)) * piece.look.size / 1000


def draw_line(
    line: Line,
    page: Page,
    x: float,
    baseline: float,
    style: TextStyle,
    setting: Setting,
    artifact: bool = False,
) -> None:
    """Put `line` on `page` with its first glyph at x; links become hot spots."""
    ink = page.ink
    start = x
    along: Sequence[float] = ()
    if setting.mirrored or any(piece.look.level for piece in line.pieces):
        widths = [_drawn_width(piece, setting) for piece in line.pieces]
        along = places(line.pieces, widths, line.width, setting.mirrored)
    for count, piece in enumerate(line.pieces):
        look = piece.look
        width = piece.width
        if along:
            x = start + along[count]
        if piece.box:
            if piece.box.startswith("field:"):
                _slot(piece, ink, x, baseline, style, setting)
            elif not piece.box.startswith(MARK):
                ticked = piece.box == "ticked"
                _tick(page, x, baseline, look, ticked, artifact)
            x += width
            continue
        codes: str | Shaped = piece.shaped or piece.codes
        if piece.late:
            codes, units = setting.faces[look.face].encode(setting.label_of(piece.late))
            width = units * look.size / 1000
        element = None if artifact else look.element
        ink.append(
            Glyphs(x, baseline + look.rise, look.face, look.size, look.color, codes, element)
        )
        if look.stroke == "strike":
            middle = baseline + look.rise + look.size * 0.26
            ink.append(Segment(x, middle, x + width, middle, look.color, look.size * 0.06))
        elif look.stroke == "dotted":
            soft = setting.theme.color("inline.quiet.color")
            ink.append(Segment(x, baseline - 2.2, x + width, baseline - 2.2, soft, 0.6, 2.2))
        if look.target and not artifact:
            ink.append(
                Hot(
                    x,
                    baseline - look.size * 0.24,
                    width,
                    look.size * 1.1,
                    look.target,
                    look.contents,
                    look.link,
                )
            )
        x += width


def _slot(
    piece: Piece, ink: list[Ink], x: float, baseline: float, style: TextStyle, setting: Setting
) -> None:
    name = piece.box.removeprefix("field:")
    spec = setting.fields[name]
    look = piece.look
    ink.append(
        Slot(
            x,
            baseline,
            name,
            look.face,
            look.size,
            style.leading,
            look.color,
            spec.width,
            spec.lines,
            spec.floor,
            look.element,
        )
    )


def _tick(page: Page, x: float, baseline: float, look: Look, ticked: bool, artifact: bool) -> None:
    """A box to tick: by pen, or on screen where it has an element of its own."""
    size = look.size * 0.86
    if look.element is None or artifact:
        draw_checkbox(page, x, baseline, size, look.color, ticked)
        return
    bottom = baseline - size * 0.1
    page.ink.append(Tick(x, bottom, size, ticked, look.contents, look.color, look.element))


def draw_checkbox(
    page: Page, x: float, baseline: float, size: float, color: Color, ticked: bool = False
) -> None:
    """A box to tick by pen, standing on the baseline."""
    bottom = baseline - size * 0.1
    page.ink.append(Box(x, bottom, size, size, None, color, 0.75, size * 0.14))
    if ticked:
        points = (
            (x + size * 0.2, bottom + size * 0.5),
            (x + size * 0.42, bottom + size * 0.25),
            (x + size * 0.82, bottom + size * 0.78),
        )
        page.ink.append(Polygon(points, None, color, 1.2, closed=False))
