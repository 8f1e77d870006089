"""Shaped lines and codes to scan -> content stream operators, for the fields of a copy."""

from __future__ import annotations

from functools import lru_cache

from ...fonts.font_file import FontFile
from ...fonts.shaping import Cluster, Glyph, Run, ShapedLine, shape_word
from ..font_embedding import CopyFonts, EmbeddedFont

# A glyph farther from the last one than this (thousandths of the size) is placed anew.
FARTHEST = 400.0


def _number(value: float) -> str:
    return f"{round(value, 2):.7g}"


def line_content(line: ShapedLine, x: float, y: float, size: float, fonts: CopyFonts) -> list[str]:
    """The operators of a line with its left end at x, y, inside of a text object.

    Glyphs come in the order of reading, wherever they stand (ISO 32000-1, 14.8.2.3.3): what
    runs from right to left is shown glyph by glyph to the left.
    """
    parts: list[str] = []
    runs = list(line.runs)
    while runs:
        run = runs.pop(0)
        left = x + run.x * size / 1000
        ready = fonts.ready.get(run.font.key)
        known = _known(run, ready) if ready else None
        if ready is None or known is None:
            pen = _Pen(run, left, y, size, fonts)
            parts += [f"/{fonts.name(run.font)} {size:.4g} Tf", *pen.write()]
            continue
        words = [known]
        # Words that follow in the same font are one array.
        while runs and runs[0].font is run.font and (known := _known(runs[0], ready)) is not None:
            words.append(known)
            runs.pop(0)
        parts += [f"/{ready.name} {size:.4g} Tf 1 0 0 1 {_number(left)} {_number(y)} Tm"]
        parts.append(f"[<{''.join(words)}>] TJ")
    return parts


def _known(run: Run, ready: EmbeddedFont) -> str | None:
    """A word in codes of the edition's font; None if it has no such word."""
    return _coded(run.word, run.font, ready) if run.word else None


@lru_cache(maxsize=2048)
def _coded(word: str, font: FontFile, ready: EmbeddedFont) -> str | None:
    """The inside of an array that shows a word with its kerning (9.4.3)."""
    parts: list[str] = []
    clusters, width, _ = shape_word(word, font)
    end = 0.0
    for cluster in clusters:
        glyph = cluster.glyphs[0]
        code = ready.codes.get((glyph.number, cluster.text))
        if code is None:
            return None
        if abs(glyph.x - end) > 0.5:
            parts.append(f">{_number(end - glyph.x)}<")
            end = glyph.x
        parts.append(f"{code:04X}")
        end += font.advance(glyph.number)
    if abs(width - end) > 0.5:
        parts.append(f">{_number(end - width)}<")
    return "".join(parts)


class _Pen:
    """Writes one run: a new array of glyphs wherever the baseline or the direction changes."""

    def __init__(self, run: Run, x: float, y: float, size: float, fonts: CopyFonts) -> None:
        self.run = run
        self.x = x
        self.y = y
        self.size = size
        self.fonts = fonts
        self.parts: list[str] = []
        self.array: list[str] = []
        # Where the viewer's pen stands: the end of the last glyph, and its baseline.
        self.end: float | None = None
        self.height = 0.0

    def write(self) -> list[str]:
        """The operators of the run."""
        for cluster in self.run.clusters:
            self._cluster(cluster)
        self._flush()
        return self.parts

    def _cluster(self, cluster: Cluster) -> None:
        """A cluster; where its glyphs do not read as its text, ActualText says it (14.9.4)."""
        first = cluster.glyphs[0]
        said = len(cluster.glyphs) > 1 or self.fonts.ambiguous(
            self.run.font, first.number, cluster.text
        )
        if said:
            self._flush()
            words = ("\ufeff" + cluster.text).encode("utf-16-be").hex().upper()
            self.parts.append(f"/Span <</ActualText <{words}>>> BDC")
        for number, glyph in enumerate(cluster.glyphs):
            self._glyph(glyph, "" if number else cluster.text)
        if said:
            self._flush()
            self.parts.append("EMC")

    def _glyph(self, glyph: Glyph, text: str) -> None:
        gap = glyph.x - self.end if self.end is not None else 0.0
        if self.end is None or glyph.y != self.height or abs(gap) > FARTHEST:
            self._flush()
            left = self.x + glyph.x * self.size / 1000
            up = self.y + glyph.y * self.size / 1000
            self.parts.append(f"1 0 0 1 {_number(left)} {_number(up)} Tm")
        elif abs(gap) > 0.5:
            self.array.append(_number(-gap))
        self.array.append(f"<{self.fonts.code(self.run.font, glyph.number, text):04X}>")
        # What the viewer moves on by is the font's own advance, not the shaped one.
        self.end = glyph.x + self.run.font.advance(glyph.number)
        self.height = glyph.y

    def _flush(self) -> None:
        if self.array:
            self.parts.append(f"[{''.join(self.array)}] TJ")
            self.array = []


def qr_content(value: str, x: float, y: float, side: float, paint: str) -> str:
    """A code to scan (ISO/IEC 18004), `side` points square, with its foot at y."""
    from ...core.qr import modules_at_once, stretches

    rows = modules_at_once(value)
    scale = f"{side / len(rows):.6g}"
    # One module is one unit, so that a box is four small whole numbers.
    parts = [f"q {scale} 0 0 {scale} {_number(x)} {_number(y)} cm {paint}"]
    for height, row in enumerate(reversed(rows)):
        parts += [f"{start} {height} {length} 1 re" for start, length in stretches(row)]
    return "\n".join([*parts, "f Q"])
