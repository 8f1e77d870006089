"""Break text into lines."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, NamedTuple

from ...core.diagnostics import NOWHERE
from ...fonts.face import split_codes
from .complex_text import shaped, words_of
from .runs import InlineContext, Line, RunStyle, TextRun, UnbreakableRun

# Behind these signs an address may go on below; a word that is wider than its line, too.
_JOINTS = "/?&=_.:@#-"


_LETTERS = re.compile(r"[^\W\d_]+")


# The sign of a hyphen that is not the author's: it is left out when text is taken from the page.
SOFT_HYPHEN = "\u00ad"


def break_lines(
    chunks: list[UnbreakableRun], width: float, setting: InlineContext, hang: float = 0.0
) -> list[Line]:
    """First-fit lines of at most `width` points; a chunk wider than that is parted.

    Lines after the first are shorter by `hang`.
    """
    lines: list[Line] = []
    pieces: list[TextRun] = []
    used = 0.0
    pending: TextRun | None = None
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


def natural_widths(chunks: list[UnbreakableRun]) -> tuple[float, float]:
    """The width of the widest chunk, and that of all of them on lines as the author broke them."""
    widest, longest, line = 0.0, 0.0, 0.0
    for chunk in chunks:
        widest = max(widest, chunk.width)
        line += chunk.width
        longest = max(longest, line)
        line = 0.0 if chunk.forced else line + (chunk.space.width if chunk.space else 0.0)
    return widest, longest


def _cut(chunk: UnbreakableRun, limit: float, setting: InlineContext) -> list[UnbreakableRun]:
    """`chunk` in parts that fit a line: behind its last sign that does, between syllables, or
    anywhere."""
    if chunk.width <= limit:
        return [chunk]
    glyphs = [glyph for piece in chunk.pieces for glyph in _glyphs(piece, setting)]
    syllables = _syllables(glyphs, setting.language)
    parts: list[UnbreakableRun] = []
    start = 0
    while start < len(glyphs) - 1 and _width([glyph.piece for glyph in glyphs[start:]]) > limit:
        end, hyphen = _part(glyphs, start, limit, syllables, setting)
        pieces = _whole([glyph.piece for glyph in glyphs[start:end]], setting) + hyphen
        parts.append(UnbreakableRun(pieces, _width(pieces), None, False))
        start = end
    pieces = _whole([glyph.piece for glyph in glyphs[start:]], setting)
    return [*parts, UnbreakableRun(pieces, _width(pieces), chunk.space, chunk.forced)]


class _Glyph(NamedTuple):
    """A glyph by itself, without kerning, and the character it stands for."""

    piece: TextRun
    char: str


def _part(
    glyphs: list[_Glyph], start: int, limit: float, syllables: set[int], setting: InlineContext
) -> tuple[int, list[TextRun]]:
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
            hyphen = TextRun(look, codes, units * look.size / 1000)
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


def _glyphs(piece: TextRun, setting: InlineContext) -> list[_Glyph]:
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
                found.append(_Glyph(TextRun(piece.look, high + low, width), face.to_unicode[code]))
    return found


def _reshaped(words: str, look: RunStyle, setting: InlineContext) -> TextRun:
    made = shaped(words, look.face, look.level, setting, NOWHERE)
    return TextRun(look, "", made.width * look.size / 1000, shaped=made)


def _whole(pieces: list[TextRun], setting: InlineContext) -> list[TextRun]:
    """Neighbours that were shaped by themselves, shaped together: their letters join again."""
    whole: list[TextRun] = []
    for piece in pieces:
        last = whole[-1] if whole else None
        if last and last.shaped and piece.shaped and last.look is piece.look:
            words = words_of(last.shaped) + words_of(piece.shaped)
            whole[-1] = _reshaped(words, piece.look, setting)
        else:
            whole.append(piece)
    return whole


def _width(pieces: list[TextRun]) -> float:
    return sum([piece.width for piece in pieces])


def _joined(pieces: list[TextRun]) -> list[TextRun]:
    """Neighbours of one look as one piece: fewer, longer strings on the page."""
    joined: list[TextRun] = []
    look: RunStyle | None = None
    codes: list[str] = []
    width = 0.0
    for piece in pieces:
        if piece.codes and piece.look is look:
            codes.append(piece.codes)
            width += piece.width
            continue
        if look is not None:
            joined.append(TextRun(look, "".join(codes), width))
            look = None
        if piece.codes:
            look, codes, width = piece.look, [piece.codes], piece.width
        else:
            joined.append(piece)
    if look is not None:
        joined.append(TextRun(look, "".join(codes), width))
    return joined


# folded from layout/hyphens
# Shorter words are not parted.
SHORTEST = 6


@lru_cache(maxsize=4)
def _patterns(language: str) -> Any:
    # Imported late: a book whose words all fit their columns does without.
    import pyphen

    known = pyphen.language_fallback(language.replace("-", "_"))
    return pyphen.Pyphen(lang=known) if known else None


@lru_cache(maxsize=4096)
def parting_places(word: str, language: str) -> tuple[int, ...]:
    """After how many letters `word` may be parted; names with capitals inside stay whole."""
    if len(word) < SHORTEST or not word.isalpha() or not word[1:].islower():
        return ()
    patterns = _patterns(language)
    return tuple(patterns.positions(word)) if patterns else ()
