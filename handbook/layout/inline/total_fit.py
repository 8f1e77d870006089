"""Break justified paragraphs so that the spaces of all lines together are even.

After Knuth and Plass, "Breaking Paragraphs into Lines" (1981): of all ways to break a paragraph the
one whose lines cost least is taken.  Lengths are whole millionths of a point, so that every Python
decides alike.  Words are hyphenated where the spaces would become too wide without; a stop, a comma
or a hyphen at a line's end hangs a little over its edge.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from ...fonts.face import KERN, kern_char
from ...theme.theme import TextStyle
from .balanced import balanced_lines
from .hyphenation import word_places
from .line_breaking import break_lines, cut_to_fit, joined, space_after
from .runs import SOFT_HYPHEN, InlineContext, Line, TextRun, UnbreakableRun, drawn_width

UNIT = 1_000_000
# A space grows by this share of its width at a ratio of 1, and shrinks by no more than the other.
STRETCH, SHRINK = 0.5, 0.12
# Ratios up to which lines are accepted without hyphens, and with them; a line beyond is ragged.
PLAIN, HYPHENATED, RAGGED = 1.3, 2.2, 3.2
# What lines cost that end with a hyphen, after another one that does, and before the last line.
HYPHEN, TWO_HYPHENS, LAST_HYPHEN = 5_000.0, 12_000.0, 9_000.0
# What a last line costs that is shorter than this share of the width.
SHORT_LAST, SHORT = 6_000.0, 0.12
# ... and one that is the end of a hyphenated word and nothing else.
FRAGMENT = 100_000.0
# A part of a hyphenated word has this many letters at least.
LEAST_PART = 3
# Characters that hang over the edge, by the shares of their width that do; none of code does.
HANGING = {".": 0.6, ",": 0.6, "-": 0.5, "\u00ad": 0.5, "\u2010": 0.5, "’": 0.5, "”": 0.4}
_DASHES = "-–—\u00ad\u2010"
_IMPOSSIBLE = float("inf")
# Columns narrower than this (in sizes of their letters) are ragged.
NARROW = 24.0


class _HyphenPoint(NamedTuple):
    """A place in a chunk where it may be hyphenated: runs before and after, and their widths."""

    head: list[TextRun]
    tail: list[TextRun]
    before: int
    after: int


class _Stop(NamedTuple):
    """A place where a line may begin: at a chunk, or behind a cut in it (0: the first is 1)."""

    chunk: int
    cut: int


class _Best(NamedTuple):
    """The cheapest way to a stop."""

    cost: float
    before: _Stop | None
    dashed: bool


def paragraph_lines(
    chunks: list[UnbreakableRun], width: float, context: InlineContext, style: TextStyle
) -> list[Line]:
    """Return the lines of a paragraph of `width` points: justified if its style asks for that.

    Where lines have few words, they are ragged.  Balanced lines are about equally long.
    """
    if style.align == "balance":
        return balanced_lines(chunks, width, context)
    spaces = sum([chunk.space is not None for chunk in chunks])
    if style.align != "justify" or width < NARROW * style.size or 3 * spaces < len(chunks):
        return break_lines(chunks, width, context)
    lines: list[Line] = []
    chunks = cut_to_fit(chunks, width, context)
    first = 0
    for number, chunk in enumerate(chunks):
        if chunk.forced or number == len(chunks) - 1:
            lines += _Segment(chunks[first : number + 1], width, context).lines()
            first = number + 1
    return lines


def filled(line: Line, context: InlineContext) -> Line:
    """Return a line that waited for numbers of pages with its spaces as wide as these leave."""
    runs = [run._replace(width=drawn_width(run, context)) for run in line.runs]
    width = 0.0
    for run in runs[: line.count]:
        width += run.width
    _stretch(runs, line.spaces, line.width - width)
    return Line(runs, line.width)


class _Segment:
    """Chunks up to a forced end of a line."""

    def __init__(
        self, chunks: Sequence[UnbreakableRun], width: float, context: InlineContext
    ) -> None:
        self.chunks = chunks
        self.width = width
        self.limit = round(width * UNIT)
        self.context = context
        # Where chunks begin and end on a line of all, and the white of the spaces before them.
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.white: list[int] = []
        place = white = 0
        for chunk in chunks:
            self.starts.append(place)
            self.white.append(white)
            place += round(chunk.width * UNIT)
            self.ends.append(place)
            if chunk.space:
                space = round(chunk.space.width * UNIT)
                place += space
                white += 0 if _is_code(chunk.space) else space
        self.space = next((round(c.space.width * UNIT) for c in chunks if c.space), 1) or 1
        self._over: dict[int, tuple[int, bool]] = {}
        self._cuts: dict[int, list[_HyphenPoint]] = {}

    def lines(self) -> list[Line]:
        """Return the lines that cost least; without hyphens if all of these are good."""
        last = len(self.chunks) - 1
        if self.ends[last] <= self.limit:
            return [self._line(_Stop(0, 0), None)]
        stops = self._stops(PLAIN, False) or self._stops(HYPHENATED, True)
        stops = stops or self._stops(_IMPOSSIBLE, True) or []
        return [
            self._line(start, end) for start, end in zip(stops, [*stops[1:], None], strict=True)
        ]

    # ------------------------------------------------------------------- search

    def _stops(self, tolerance: float, hyphens: bool) -> list[_Stop] | None:
        """Return where the lines begin; None if one of them would have a larger ratio."""
        best: dict[_Stop, _Best] = {_Stop(0, 0): _Best(0.0, None, False)}
        queue = {0: [_Stop(0, 0)]}
        final: tuple[float, _Stop | None] = (_IMPOSSIBLE, None)
        for number in range(len(self.chunks)):
            for start in sorted(queue.pop(number, ())):
                best_to_start = best[start]
                for end, cost, dashed in self._ends(start, tolerance, hyphens):
                    total = best_to_start.cost + cost
                    if dashed and best_to_start.dashed:
                        total += TWO_HYPHENS
                    if end is None:
                        if best_to_start.dashed:
                            total += LAST_HYPHEN
                        if start.cut and start.chunk == len(self.chunks) - 1:
                            total += FRAGMENT
                        if total < final[0]:
                            final = total, start
                        continue
                    known = best.get(end)
                    if known is None:
                        queue.setdefault(end.chunk, []).append(end)
                    if known is None or total < known.cost:
                        best[end] = _Best(total, start, dashed)
        return _way(best, final[1])

    def _ends(
        self, start: _Stop, tolerance: float, hyphens: bool
    ) -> list[tuple[_Stop | None, float, bool]]:
        """Return the ends of lines from `start` on: the next line's start, the cost, if a dash."""
        place, white = self._begin(start)
        last = len(self.chunks) - 1
        ends: list[tuple[_Stop | None, float, bool]] = []
        # The chunks that end just beyond the limit may fit with narrower spaces.
        beyond = bisect_right(self.ends, place + self.limit, start.chunk)
        number = min(beyond + 1, last)
        least = start.chunk
        while number >= least:
            over, dashed = self._hanging(number)
            natural = self.ends[number] - over - place
            ratio = self._ratio(natural, self.white[number] - white)
            if number == last and natural <= self.limit:
                short = natural < self.limit * SHORT
                ends.append((None, SHORT_LAST if short else 0.0, False))
            elif ratio is not None and number == last:
                ends.append((None, _cost(ratio), False))
            elif ratio is not None:
                if ratio > tolerance:
                    break
                cost = _cost(ratio) + (HYPHEN / 2 if dashed else 0.0)
                ends.append((_Stop(number + 1, 0), cost, dashed))
            if hyphens and number >= beyond - 1 and number > start.chunk:
                ends += self._hyphenated(number, place, white, tolerance)
            number -= 1
        if not ends and tolerance == _IMPOSSIBLE:
            # A chunk that fits no line was cut before; this one has the line to itself.
            end = min(max(beyond - 1, start.chunk), last)
            ends.append((None if end == last else _Stop(end + 1, 0), _cost(RAGGED), False))
        return ends

    def _hyphenated(
        self, number: int, place: int, white: int, tolerance: float
    ) -> list[tuple[_Stop | None, float, bool]]:
        """Return the ends of lines in the middle of a chunk."""
        ends: list[tuple[_Stop | None, float, bool]] = []
        for cut, one in enumerate(self._cuts_of(number), 1):
            natural = self.starts[number] + one.before - place
            ratio = self._ratio(natural, self.white[number] - white)
            if ratio is not None and ratio <= min(tolerance, RAGGED):
                ends.append((_Stop(number, cut), _cost(ratio) + HYPHEN, True))
        return ends

    def _begin(self, start: _Stop) -> tuple[int, int]:
        """Return where a line begins, and the white of the spaces before it."""
        place = self.starts[start.chunk]
        if start.cut:
            place = self.ends[start.chunk] - self._cuts_of(start.chunk)[start.cut - 1].after
        return place, self.white[start.chunk]

    def _ratio(self, natural: int, white: int) -> float | None:
        """Return by how much the spaces of a line grow (or shrink: less than 0); None: too long."""
        more = self.limit - natural
        if more >= 0:
            # A word alone is as bad as a line of two that are as far apart.
            return more / ((white or self.space) * STRETCH)
        if -more > white * SHRINK:
            return None
        return more / (white * SHRINK)

    def _hanging(self, number: int) -> tuple[int, bool]:
        """Return how far the end of a chunk hangs over the edge, and if it is a dash."""
        known = self._over.get(number)
        if known is None:
            known = self._over[number] = _hanging(self.chunks[number], self.context)
        return known

    def _cuts_of(self, number: int) -> list[_HyphenPoint]:
        cuts = self._cuts.get(number)
        if cuts is None:
            cuts = self._cuts[number] = _cuts(self.chunks[number], self.context)
        return cuts

    # -------------------------------------------------------------------- lines

    def _line(self, start: _Stop, end: _Stop | None) -> Line:
        """Return the line from `start` to before `end`; the last one (None) is not stretched."""
        stop = end or _Stop(len(self.chunks), 0)
        runs: list[TextRun] = []
        spaces: list[int] = []
        for number in range(start.chunk, stop.chunk):
            chunk = self.chunks[number]
            chunk_runs = chunk.runs
            if number == start.chunk and start.cut:
                chunk_runs = self._cuts_of(number)[start.cut - 1].tail
            runs += chunk_runs
            if chunk.space and (number < stop.chunk - 1 or stop.cut):
                if not _is_code(chunk.space):
                    spaces.append(len(runs))
                runs.append(chunk.space)
        if stop.cut:
            head = self._cuts_of(stop.chunk)[stop.cut - 1].head
            return self._set([*runs, *head], spaces, None, False)
        final = self.chunks[stop.chunk - 1]
        space = final.space
        if end is None:
            # Taken from the page, the words on both sides of a forced end stay apart.
            space = (space or space_after(runs, self.context)) if final.forced else None
        elif final.hyphen:
            runs.append(final.hyphen)
        return self._set(runs, spaces, space, end is None)

    def _set(
        self, runs: list[TextRun], spaces: list[int], space: TextRun | None, is_last: bool
    ) -> Line:
        """Return a line, its spaces stretched or shrunk; the `space` at its end is outside."""
        tail: list[TextRun] = []
        if space is not None:
            style = space.style
            if style.level != style.base:
                # At a line's end, a space has the direction of the paragraph (rule L1).
                space = space._replace(style=style._replace(level=style.base))
            tail = [space]
        width = 0.0
        white = 0
        for run in runs:
            width += run.width
        for place in spaces:
            white += round(runs[place].width * UNIT)
        end = next((run for run in reversed(runs) if run.codes or run.width), None)
        over = _hanging_of(end, self.context)[0] / UNIT if end else 0.0
        more = self.width + over - width
        if (is_last and more >= 0) or not spaces or more * UNIT > white * STRETCH * RAGGED:
            return Line(joined(runs + tail), width)
        if any(run.late for run in runs):
            return Line(runs + tail, width + more, tuple(spaces), len(runs))
        _stretch(runs, spaces, more)
        return Line(joined(runs + tail), width + more)


def _way(best: dict[_Stop, _Best], stop: _Stop | None) -> list[_Stop] | None:
    """Return the starts of the lines whose last one begins at `stop`."""
    if stop is None:
        return None
    way = []
    while stop is not None:
        way.append(stop)
        stop = best[stop].before
    return way[::-1]


def _cost(ratio: float) -> float:
    """Return the demerits of a line by its ratio."""
    size = abs(ratio)
    badness = 10.0 + 100.0 * size * size * size
    return badness * badness


def _stretch(runs: list[TextRun], spaces: Sequence[int], more: float) -> None:
    """Make the spaces of a line wider by `more` points in all, each alike.

    The white is part of the codes, in thousandths of the size; what is left over by rounding goes
    to the next space.
    """
    done = 0
    for count, place in enumerate(spaces, 1):
        run = runs[place]
        target = round(more * UNIT) * count // len(spaces)
        kern = round((target - done) / UNIT * 1000 / run.style.size)
        added = round(kern * run.style.size / 1000 * UNIT)
        done += added
        codes = run.codes + kern_char(kern) if kern else run.codes
        runs[place] = run._replace(codes=codes, width=run.width + added / UNIT)


def _hanging(chunk: UnbreakableRun, context: InlineContext) -> tuple[int, bool]:
    """Return by how much the last character of a chunk hangs over, and if it is a dash."""
    if chunk.hyphen:
        over = _hanging_of(chunk.hyphen, context)[0]
        return over - round(chunk.hyphen.width * UNIT), True
    run = next((run for run in reversed(chunk.runs) if run.codes or run.width), None)
    return _hanging_of(run, context) if run is not None else (0, False)


def _hanging_of(run: TextRun, context: InlineContext) -> tuple[int, bool]:
    if not run.codes or KERN.match(run.codes[-1]):
        return 0, False
    face = context.faces[run.style.face]
    code = ord(run.codes[-2]) << 8 | ord(run.codes[-1])
    char = face.to_unicode[code]
    share = 0.0 if run.style.face.startswith("mono") else HANGING.get(char, 0.0)
    wide = face.advance(code) * run.style.size / 1000 * share
    return round(wide * UNIT), char in _DASHES


# ------------------------------------------------------------------------ hyphens


def _is_code(space: TextRun) -> bool:
    """Return whether a space is between words of code: it has the width of a letter."""
    return space.style.face.startswith("mono")


def _cuts(chunk: UnbreakableRun, context: InlineContext) -> list[_HyphenPoint]:
    """Return the places where a chunk may be hyphenated."""
    chars: list[str] = []
    for run in chunk.runs:
        if run.late or run.formula or run.shaped or (run.box and run.width):
            return []
        if run.style.face.startswith("mono"):
            return []
        if run.codes:
            chars += context.faces[run.style.face].text_of_codes(run.codes)
    text = "".join(chars)
    if any(text in run.style.target for run in chunk.runs):
        return []
    cuts = []
    for place in word_places(text, context.language, LEAST_PART):
        head, tail = _divided(chunk.runs, place, context)
        style = head[-1].style
        codes, units = context.faces[style.face].encode(SOFT_HYPHEN)
        head.append(TextRun(style, codes, units * style.size / 1000))
        over = _hanging_of(head[-1], context)[0]
        widths = [sum([round(run.width * UNIT) for run in part]) for part in (head, tail)]
        cuts.append(_HyphenPoint(head, tail, widths[0] - over, widths[1]))
    return cuts


def _divided(
    runs: Sequence[TextRun], place: int, context: InlineContext
) -> tuple[list[TextRun], list[TextRun]]:
    """Return runs in two, the first with `place` characters; kerning inside of them is kept."""
    head: list[TextRun] = []
    tail: list[TextRun] = []
    left = place
    for run in runs:
        count = len(KERN.sub("", run.codes)) // 2
        if left >= count or not run.codes:
            (head if left > 0 or not run.codes else tail).append(run)
            left -= count
            continue
        if left <= 0:
            tail.append(run)
            continue
        at = _index(run.codes, left)
        one, two = run.codes[:at], run.codes[at:]
        two = two[1:] if KERN.match(two) else two
        head.append(_coded(run, one, context))
        tail.append(_coded(run, two, context))
        left = 0
    return head, tail


def _index(codes: str, count: int) -> int:
    """Return where `count` glyphs of `codes` end."""
    at = 0
    while count:
        if KERN.match(codes[at]):
            at += 1
        else:
            at, count = at + 2, count - 1
    return at


def _coded(run: TextRun, codes: str, context: InlineContext) -> TextRun:
    units = context.faces[run.style.face].width_of_codes(codes)
    return run._replace(codes=codes, width=units * run.style.size / 1000)
