"""Write shaped lines and QR codes as content stream operators."""

from __future__ import annotations

from functools import lru_cache

from ...fonts.font_file import FontFile
from ...fonts.shaping import Cluster, Glyph, Run, ShapedLine, shape_word
from ..font_embedding import CopyFonts, EmbeddedFont
from .graphics import number

# A larger gap between glyphs (thousandths of the font size) starts a new text matrix.
MAX_GAP = 400.0


def line_content(line: ShapedLine, x: float, y: float, size: float, fonts: CopyFonts) -> list[str]:
    """Return the operators of a line that begins at (x, y) in points, inside a text object.

    Glyphs are in reading order (ISO 32000-1, 14.8.2.3.3): right-to-left text is shown glyph by
    glyph to the left.
    """
    parts: list[str] = []
    runs = list(line.runs)
    while runs:
        run = runs.pop(0)
        left = x + run.x * size / 1000
        embedded = fonts.embedded.get(run.font.key)
        known = _known_word(run, embedded) if embedded else None
        if embedded is None or known is None:
            pen = _RunWriter(run, left, y, size, fonts)
            parts += [f"/{fonts.name(run.font)} {size:.4g} Tf", *pen.write()]
            continue
        words = [known]
        # Consecutive words in the same font share an array.
        while (
            runs
            and runs[0].font is run.font
            and (known := _known_word(runs[0], embedded)) is not None
        ):
            words.append(known)
            runs.pop(0)
        parts += [f"/{embedded.name} {size:.4g} Tf 1 0 0 1 {number(left)} {number(y)} Tm"]
        parts.append(f"[<{''.join(words)}>] TJ")
    return parts


def _known_word(run: Run, embedded: EmbeddedFont) -> str | None:
    """Return a word in codes of the edition's font; None if a glyph is missing."""
    return _word_codes(run.word, run.font, embedded) if run.word else None


@lru_cache(maxsize=2048)
def _word_codes(word: str, font: FontFile, embedded: EmbeddedFont) -> str | None:
    """Return the elements of a TJ array that shows a word with kerning (9.4.3)."""
    parts: list[str] = []
    clusters, width, _ = shape_word(word, font)
    end = 0.0
    for cluster in clusters:
        glyph = cluster.glyphs[0]
        code = embedded.codes.get((glyph.number, cluster.text))
        if code is None:
            return None
        if abs(glyph.x - end) > 0.5:
            parts.append(f">{number(end - glyph.x)}<")
            end = glyph.x
        parts.append(f"{code:04X}")
        end += font.advance(glyph.number)
    if abs(width - end) > 0.5:
        parts.append(f">{number(end - width)}<")
    return "".join(parts)


class _RunWriter:
    """Writes one run: a new TJ array wherever the baseline or the direction changes."""

    def __init__(self, run: Run, x: float, y: float, size: float, fonts: CopyFonts) -> None:
        self.run = run
        self.x = x
        self.y = y
        self.size = size
        self.fonts = fonts
        self.parts: list[str] = []
        self.array: list[str] = []
        # The viewer's text position: the end of the last glyph, and its baseline.
        self.end: float | None = None
        self.height = 0.0

    def write(self) -> list[str]:
        """Return the operators of the run."""
        for cluster in self.run.clusters:
            self._cluster(cluster)
        self._flush()
        return self.parts

    def _cluster(self, cluster: Cluster) -> None:
        """Write a cluster, with ActualText where its glyphs do not map to its text (14.9.4)."""
        first = cluster.glyphs[0]
        needs_text = len(cluster.glyphs) > 1 or self.fonts.ambiguous(
            self.run.font, first.number, cluster.text
        )
        if needs_text:
            self._flush()
            words = ("\ufeff" + cluster.text).encode("utf-16-be").hex().upper()
            self.parts.append(f"/Span <</ActualText <{words}>>> BDC")
        for place, glyph in enumerate(cluster.glyphs):
            self._glyph(glyph, "" if place else cluster.text)
        if needs_text:
            self._flush()
            self.parts.append("EMC")

    def _glyph(self, glyph: Glyph, text: str) -> None:
        gap = glyph.x - self.end if self.end is not None else 0.0
        if self.end is None or glyph.y != self.height or abs(gap) > MAX_GAP:
            self._flush()
            left = self.x + glyph.x * self.size / 1000
            up = self.y + glyph.y * self.size / 1000
            self.parts.append(f"1 0 0 1 {number(left)} {number(up)} Tm")
        elif abs(gap) > 0.5:
            self.array.append(number(-gap))
        self.array.append(f"<{self.fonts.code(self.run.font, glyph.number, text):04X}>")
        # Viewers advance by the font's own width, not the shaped one.
        self.end = glyph.x + self.run.font.advance(glyph.number)
        self.height = glyph.y

    def _flush(self) -> None:
        if self.array:
            self.parts.append(f"[{''.join(self.array)}] TJ")
            self.array = []


def qr_content(value: str, x: float, y: float, side: float, paint: str) -> str:
    """Return the operators of a QR code (ISO/IEC 18004), `side` points square, at (x, y)."""
    from ...core.qr import dark_stretches, modules_at_once

    rows = modules_at_once(value)
    scale = f"{side / len(rows):.6g}"
    # One module is one unit, so that a rectangle is four small integers.
    parts = [f"q {scale} 0 0 {scale} {number(x)} {number(y)} cm {paint}"]
    for height, row in enumerate(reversed(rows)):
        parts += [f"{start} {height} {length} 1 re" for start, length in dark_stretches(row)]
    return "\n".join([*parts, "f Q"])
