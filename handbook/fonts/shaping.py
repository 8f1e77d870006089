"""Shape text of any script: fonts by coverage, both directions, HarfBuzz.

A field's value is unknown until a copy is made, so nothing here knows the layout.  Each
character is set in the first font that has it: the theme's face, the fonts that ship (see
fonts/noto/README.md), those of the extra `cjk`, and at last the system's (`SYSTEM`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import uharfbuzz as hb

from ..core.diagnostics import error
from .bidi import levels, visual
from .fallback import MissingGlyph, fallback_fonts
from .font_file import FontFile, _extends

_FEATURES = {"liga": False, "clig": False, "dlig": False}


class Glyph(NamedTuple):
    """A glyph: its number, its place from the run's left edge (thousandths of the font size)."""

    number: int
    x: float
    y: float


class Cluster(NamedTuple):
    """Characters that have their glyphs in common: mostly one of each."""

    text: str
    glyphs: tuple[Glyph, ...]


class Run(NamedTuple):
    """Clusters of one font in the order of reading, at `x` from the line's left edge.

    `word` is the text of a run that goes from left to right with a glyph for each character.
    """

    font: FontFile
    x: float
    clusters: tuple[Cluster, ...]
    word: str = ""


class ShapedLine(NamedTuple):
    """A line: runs in the order in which they are read, and its width (thousandths of the size)."""

    runs: tuple[Run, ...]
    width: float


@lru_cache(maxsize=256)
def shape(text: str, first: FontFile, field: str) -> ShapedLine:
    """Return `text` on one line, in `first` where it has the characters.

    Raises:
        HandbookError: No font has a character; the message names the `field` it came from.
    """
    if first.plain(text):
        return _words(text, first)
    try:
        return shape_levels(text, levels(text), first)
    except MissingGlyph as problem:
        raise error(
            f"field {field!r}: {problem.words}", hint=problem.hint, code="no-glyph"
        ) from None


def shape_levels(text: str, levels: list[int], first: FontFile, language: str = "") -> ShapedLine:
    """Shape `text`, whose characters have the embedding `levels`.

    Characters that Chinese and Japanese share, or Serbian and Russian, differ by `language`.

    Raises:
        MissingGlyph: No font has one of the characters.
    """
    # A byte order mark in a text joins words; no glyph may represent it (ISO 14289-1, 7.21.7).
    parts = _parts(text.replace("\ufeff", "\u2060"), levels, first)
    shaped = [
        (level, *_shape(font, words, level % 2 == 1, language)) for font, words, level in parts
    ]
    starts = [0.0] * len(shaped)
    x = 0.0
    for place in visual([level for level, *_ in shaped]):
        starts[place] = x
        x += shaped[place][2]
    runs = tuple(
        Run(font, start, clusters)
        for (font, _, _), (_, clusters, _), start in zip(parts, shaped, starts, strict=True)
    )
    return ShapedLine(runs, x)


# ------------------------------------------------------------------- itemisation


@lru_cache(maxsize=4096)
def shape_run(text: str, first: FontFile, backwards: bool, language: str = "") -> ShapedLine:
    """Return `text` that runs in one direction; raise MissingGlyph if no font has a character."""
    return shape_levels(text, [int(backwards)] * len(text), first, language)


def _parts(text: str, levels: list[int], first: FontFile) -> list[tuple[FontFile, str, int]]:
    """Return `text` in stretches of one font and one direction, in the order of reading."""
    parts: list[tuple[FontFile, str, int]] = []
    lettered = False
    for start, cluster in _held(text, first):
        level = levels[start]
        last = parts[-1] if parts else None
        common = not any(c.isalpha() or unicodedata.category(c)[0] in "MS" for c in cluster)
        # Figures and stops go with the letters before them, but not with a sign (an emoji).
        if last and common and last[0].has(cluster) and lettered:
            font = last[0]
        else:
            font = _font_of(cluster, first)
        lettered = (lettered and common) or any(map(str.isalpha, cluster))
        if last and last[0] is font and last[2] == level:
            parts[-1] = (font, last[1] + cluster, level)
        else:
            parts.append((font, cluster, level))
    return parts


def _clusters(text: str) -> list[tuple[int, str]]:
    """Yield what a reader sees as one character, with its place: a letter and its marks stay
    together.
    """
    clusters: list[tuple[int, str]] = []
    for place, char in enumerate(text):
        joined = clusters and (clusters[-1][1][-1] == "\u200d" or _extends(char))
        if joined:
            clusters[-1] = (clusters[-1][0], clusters[-1][1] + char)
        else:
            clusters.append((place, char))
    return clusters


def _held(text: str, first: FontFile) -> Iterator[tuple[int, str]]:
    """Yield clusters that some font has whole; marks that no font has with their letter by
    themselves.
    """
    for start, cluster in _clusters(text):
        if len(cluster) == 1 or first.has(cluster) or any(f.has(cluster) for f in fallback_fonts()):
            yield start, cluster
        else:
            yield from enumerate(cluster, start)


def _font_of(cluster: str, first: FontFile) -> FontFile:
    if first.has(cluster):
        return first
    for font in fallback_fonts():
        if font.has(cluster):
            return font
    raise _missing(cluster, first)


def _missing(cluster: str, first: FontFile) -> MissingGlyph:
    fonts = (first, *fallback_fonts())
    char = next((c for c in cluster if not any(font.has(c) for font in fonts)), cluster[0])
    return MissingGlyph(char)


# ----------------------------------------------------------------------- shaping


def _shape(
    font: FontFile, text: str, backwards: bool, language: str = ""
) -> tuple[tuple[Cluster, ...], float]:
    """Return the clusters of a run in the order of reading, and its width."""
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if backwards else "ltr"
    if language:
        buffer.language = language
    hb.shape(font.font, buffer, _FEATURES)
    glyphs: dict[int, list[Glyph]] = {}
    x = 0.0
    for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        if info.codepoint == 0:
            raise _missing(text[info.cluster :][:1], font)
        left, up = x + place.x_offset * font.scale, place.y_offset * font.scale
        glyphs.setdefault(info.cluster, []).append(Glyph(info.codepoint, left, up))
        x += place.x_advance * font.scale
    starts = sorted(glyphs)
    ends = [*starts[1:], len(text)]
    clusters = [
        Cluster(text[start:end], tuple(glyphs[start]))
        for start, end in zip(starts, ends, strict=True)
    ]
    return tuple(clusters), x


def _words(text: str, font: FontFile) -> ShapedLine:
    """Return plain text word by word: words come again and again, and are remembered."""
    runs: list[Run] = []
    x = 0.0
    *words, last = text.split(" ")
    for word in [word + " " for word in words] + ([last] if last else []):
        clusters, width, single = shape_word(word, font)
        runs.append(Run(font, x, clusters, word if single else ""))
        x += width
    return ShapedLine(tuple(runs), x)


@lru_cache(maxsize=2048)
def shape_word(word: str, font: FontFile) -> tuple[tuple[Cluster, ...], float, bool]:
    """Return a word's clusters, its width, and whether each is one glyph on the baseline."""
    clusters, width = _shape(font, word, False)
    single = [c.text for c in clusters] == list(word)
    flat = all(len(c.glyphs) == 1 and not c.glyphs[0].y for c in clusters)
    return clusters, width, single and flat
