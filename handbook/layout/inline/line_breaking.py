"""Break text into lines."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import groupby
from typing import NamedTuple, TypeAlias

from ...core.diagnostics import NOWHERE
from ...fonts.face import split_codes
from .complex_text import shaped, words_of
from .hyphenation import hyphenation_places
from .runs import SOFT_HYPHEN, InlineContext, Line, RunStyle, TextRun, UnbreakableRun

# An address, or a word wider than its line, may continue on the next line after these.
_JOINTS = "/?&=_.:@#-"


# At least this many characters are left after such a joint.
LEAST_REST = 2
_LETTERS = re.compile(r"[^\W\d_]+")
# Where the words of a paragraph begin and end if it is one line; empty for a single word.
Stops: TypeAlias = tuple[tuple[float, ...], tuple[float, ...]]
# This far beyond any width is what follows a line break of the author's.
_FORCED = 1e6


def break_lines(
    chunks: list[UnbreakableRun], width: float, context: InlineContext, hang: float = 0.0
) -> list[Line]:
    """Return first-fit lines of at most `width` points; a wider chunk is divided.

    Lines after the first are shorter by `hang`.
    """
    lines: list[Line] = []
    runs: list[TextRun] = []
    used = 0.0
    pending: TextRun | None = None
    hyphen: TextRun | None = None
    limit = width + 0.01
    for chunk in cut_to_fit(chunks, width, context):
        gap = pending.width if pending else 0.0
        end = chunk.hyphen.width if chunk.hyphen else 0.0
        if runs and used + gap + chunk.width + end > limit:
            if hyphen:
                runs.append(hyphen)
                used += hyphen.width
            if pending:
                run_style = pending.style
                if run_style.level != run_style.base:
                    # At a line's end, a space has the direction of the paragraph (rule L1).
                    pending = pending._replace(style=run_style._replace(level=run_style.base))
                runs.append(pending)
            lines.append(Line(joined(runs), used))
            runs, used, gap, pending = [], 0.0, 0.0, None
            limit = width - hang + 0.01
        if pending:
            runs.append(pending)
            used += gap
        runs += chunk.runs
        used += chunk.width
        pending, hyphen = chunk.space, chunk.hyphen
        if chunk.forced:
            # Taken from the page, the words on both sides stay apart.
            space = pending or space_after(runs, context)
            if space:
                runs.append(space)
            lines.append(Line(joined(runs), used))
            runs, used, pending = [], 0.0, None
    if runs:
        lines.append(Line(joined(runs), used))
    return lines


def cut_to_fit(
    chunks: list[UnbreakableRun], width: float, context: InlineContext
) -> list[UnbreakableRun]:
    """Return `chunks` with those that are wider than `width` points in parts."""
    limit = width + 0.01
    if any(chunk.width > limit for chunk in chunks):
        return [part for chunk in chunks for part in _cut(chunk, limit, context)]
    return chunks


def space_after(runs: list[TextRun], context: InlineContext) -> TextRun | None:
    """Return a space in the style of the last of `runs`."""
    last = next((run for run in reversed(runs) if run.codes), None)
    if last is None:
        return None
    style = last.style._replace(level=last.style.base, target="", link=None)
    codes, width = context.faces[style.face].encode(" ")
    return TextRun(style, codes, width * style.size / 1000)


def end_with_space(line: Line, context: InlineContext) -> None:
    """Add a space to the end of `line`, so that what follows is not read as one word with it."""
    space = space_after(line.runs, context)
    if space:
        line.runs.append(space)


def one_line(chunks: list[UnbreakableRun]) -> Line:
    """Return all chunks on one line, whatever its width."""
    runs: list[TextRun] = []
    for chunk in chunks:
        runs += chunk.runs
        if chunk.space:
            runs.append(chunk.space)
    return Line(runs, sum(run.width for run in runs))


def natural_widths(chunks: list[UnbreakableRun]) -> tuple[float, float, Stops]:
    """Return the width of the widest chunk, that of the longest line as the author broke it, and
    where on one line each chunk begins and ends."""
    widest, longest, line, place = 0.0, 0.0, 0.0, 0.0
    starts: list[float] = []
    ends: list[float] = []
    for chunk in chunks:
        widest = max(widest, chunk.width)
        starts.append(place)
        ends.append(place + chunk.width + (chunk.hyphen.width if chunk.hyphen else 0.0))
        line += chunk.width
        longest = max(longest, line)
        space = chunk.space.width if chunk.space else 0.0
        place += chunk.width + (_FORCED if chunk.forced else space)
        line = 0.0 if chunk.forced else line + space
    return widest, longest, (tuple(starts), tuple(ends)) if len(ends) > 1 else ((), ())


def line_count(stops: Stops, width: float) -> int:
    """Return how many lines `break_lines` would make; no chunk is wider than `width`."""
    starts, ends = stops
    count, place = 1, 0
    limit = width + 0.01
    while place < len(ends) and (
        place := bisect_right(ends, starts[place] + limit, place + 1)
    ) < len(ends):
        count += 1
    return count


def _cut(chunk: UnbreakableRun, limit: float, context: InlineContext) -> list[UnbreakableRun]:
    """Return `chunk` in parts that fit a line.

    They end after a joint, a part of a name in code, a syllable, or anywhere.
    """
    if chunk.width <= limit:
        return [chunk]
    glyphs = [glyph for run in chunk.runs for glyph in _glyphs(run, context)]
    syllables = _syllables(glyphs, context.language)
    parts: list[UnbreakableRun] = []
    start = 0
    while start < len(glyphs) - 1 and _is_wider(glyphs, start, limit):
        end, hyphen = _part(glyphs, start, limit, syllables, context)
        runs = _whole([glyph.run for glyph in glyphs[start:end]], context) + hyphen
        parts.append(UnbreakableRun(runs, _width(runs), None, False))
        start = end
    runs = _whole([glyph.run for glyph in glyphs[start:]], context)
    return [*parts, UnbreakableRun(runs, _width(runs), chunk.space, chunk.forced)]


def _is_wider(glyphs: list[_Glyph], start: int, limit: float) -> bool:
    """Return whether the glyphs from `start` on are wider than `limit`."""
    used = 0.0
    for place in range(start, len(glyphs)):
        used += glyphs[place].run.width
        if used > limit:
            return True
    return False


class _Glyph(NamedTuple):
    """A single glyph, without kerning, and its character."""

    run: TextRun
    char: str


def _part(
    glyphs: list[_Glyph], start: int, limit: float, syllables: set[int], context: InlineContext
) -> tuple[int, list[TextRun]]:
    """Return where the part that begins at `start` ends, and its hyphen if it has one."""
    end, used = start + 1, glyphs[start].run.width
    while end < len(glyphs) and used + glyphs[end].run.width <= limit:
        used += glyphs[end].run.width
        end += 1
    for place in range(min(end, len(glyphs) - LEAST_REST), (start + end) // 2, -1):
        if glyphs[place - 1].char in _JOINTS:
            return place, []
    for place in range(end, (start + end) // 2, -1):
        if _is_hump(glyphs, place):
            return place, []
    for place in range(end, start + 1, -1):
        if place in syllables:
            run_style = glyphs[place - 1].run.style
            codes, units = context.faces[run_style.face].encode(SOFT_HYPHEN)
            hyphen = TextRun(run_style, codes, units * run_style.size / 1000)
            if _width([glyph.run for glyph in glyphs[start:place]]) + hyphen.width <= limit:
                return place, [hyphen]
    return end, []


def _is_hump(glyphs: list[_Glyph], place: int) -> bool:
    """Return whether a part of a name in code begins here: "Provisioning|Profile"."""
    before, after = glyphs[place - 1], glyphs[place]
    mono = after.run.style.face.startswith("mono")
    return mono and before.char.islower() and after.char.isupper()


def _syllables(glyphs: list[_Glyph], language: str) -> set[int]:
    """Return the places, counted in glyphs, at which the words of a chunk may be hyphenated."""
    text = "".join(glyph.char or " " for glyph in glyphs)
    if len(text) != len(glyphs) or _is_literal(glyphs, text):
        return set()
    return {
        match.start() + place
        for match in _LETTERS.finditer(text)
        for place in hyphenation_places(match.group(), language)
    }


def _is_literal(glyphs: list[_Glyph], text: str) -> bool:
    """Return whether a hyphen in `text` would be taken for a part of it: code, an address."""
    styles = [glyph.run.style for glyph in glyphs]
    if any(style.face.startswith("mono") or text in style.target for style in styles):
        return True
    return any(char in _JOINTS and char != "-" for char in text.strip(".:?"))


def _glyphs(run: TextRun, context: InlineContext) -> list[_Glyph]:
    run_style = run.style
    if run.late or run.box or run.formula:
        return [_Glyph(run, "")]
    if run.shaped:
        clusters = [cluster for run in run.shaped.runs for cluster in run.clusters]
        return [
            _Glyph(_reshaped(cluster.text, run_style, context), cluster.text)
            for cluster in clusters
        ]
    face = context.faces[run_style.face]
    glyphs: list[_Glyph] = []
    for text in split_codes(run.codes):
        if isinstance(text, str):
            for high, low in zip(text[::2], text[1::2], strict=True):
                code = ord(high) << 8 | ord(low)
                width = face.advance(code) * run.style.size / 1000
                glyphs.append(_Glyph(TextRun(run.style, high + low, width), face.to_unicode[code]))
    return glyphs


def _reshaped(words: str, run_style: RunStyle, context: InlineContext) -> TextRun:
    joined = shaped(words, run_style.face, run_style.level, context, NOWHERE)
    return TextRun(run_style, "", joined.width * run_style.size / 1000, shaped=joined)


def _whole(runs: list[TextRun], context: InlineContext) -> list[TextRun]:
    """Return neighbours that were shaped separately, shaped together: their letters join."""
    whole: list[TextRun] = []
    for (_, is_shaped), group in groupby(runs, lambda run: (id(run.style), run.shaped is not None)):
        same = list(group)
        if is_shaped and len(same) > 1:
            words = "".join(words_of(run.shaped) for run in same if run.shaped)
            same = [_reshaped(words, same[0].style, context)]
        whole += same
    return whole


def _width(runs: list[TextRun]) -> float:
    return sum([run.width for run in runs])


def joined(runs: list[TextRun]) -> list[TextRun]:
    """Return neighbours of one style as one run: fewer, longer strings on the page."""
    joined: list[TextRun] = []
    run_style: RunStyle | None = None
    codes: list[str] = []
    width = 0.0
    for run in runs:
        if run.codes and run.style is run_style:
            codes.append(run.codes)
            width += run.width
            continue
        if run_style is not None:
            joined.append(TextRun(run_style, "".join(codes), width))
            run_style = None
        if run.codes:
            run_style, codes, width = run.style, [run.codes], run.width
        else:
            joined.append(run)
    if run_style is not None:
        joined.append(TextRun(run_style, "".join(codes), width))
    return joined
