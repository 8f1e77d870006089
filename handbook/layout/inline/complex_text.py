"""Shape text that needs more than a glyph for each character: other scripts, right to left.

A paragraph of Latin, Greek or Cyrillic never comes here.  Words of other scripts are shaped by
HarfBuzz (`fonts/shaping.py`), each in one direction.  Where a paragraph runs from right to left, or
holds words that do, its text is kept until all of it is known, and its pieces get their embedding
levels (Unicode Annex 9).  Runs stay in reading order; `visual_positions` says where they are drawn.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

from ...core.diagnostics import Source
from ...fonts.bidi import levels, visual
from ...fonts.face import missing_character
from ...fonts.fallback import MissingGlyph
from ...fonts.font_file import open_font
from ...fonts.shaping import ShapedLine, shape_levels, shape_run
from .runs import InlineContext, RunStyle, TextRun

# Combining marks, and the blocks of every script but Latin, Greek, Cyrillic, and of plain symbols.
_COMPLEX = (
    "[\u0300-\u036f\u0530-\u1cff\u1dc0-\u1dff\u200c-\u200f\u202a-\u202e\u2066-\u2069\u2d00-\u2ddf"
    "\u2e80-\ua63f\ua800-\uabff\uac00-\ud7ff\uf900-\ufaff\ufb13-\ufeff\uff00-\uffef"
    "\U00010000-\U0010ffff]"
)
# Text of these alone is not complex; the other patterns are compiled when a book needs them.
_USUAL = re.compile("[\0-\u02ff\u0370-\u052f\u2000-\u200b\u2010-\u2029\u202f-\u2065\u206a-\u2cff]*")
_BACKWARDS = (
    "[\u0590-\u08ff\u200f\u202b\u202e\u2067\ufb1d-\ufdff\ufe70-\ufefc"
    "\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_EAST = (
    "\u2e80-\u2fff\u3001-\u30ff\u3130-\u318f\u31a0-\u9fff\uf900-\ufaff\uff01-\uff60"
    "\U00020000-\U0003ffff"
)
# What no line begins with, and none ends with, in Chinese and Japanese (kinsoku).
_NEVER_FIRST = (
    "、。，．・：；？！」』）］｝〉》】〕〗…‥ー々ゝゞ％"
    "ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ,.!?:;)\\]}%’”»"
)
_NEVER_LAST = "「『（［｛〈《【〔〖(\\[{‘“«"
_BETWEEN = (
    f"(?<=[{_EAST}])(?<![{_NEVER_LAST}])(?=[^{_NEVER_FIRST}])"
    f"|(?<=[^{_NEVER_LAST}])(?=[{_EAST}])(?![{_NEVER_FIRST}])"
)
# Represents what is not text when directions are resolved.
_OBJECT = "\ufffc"

# What a paragraph is made of, kept until its directions are known: text, a piece, a line's end.
Kept: TypeAlias = "tuple[str, RunStyle] | TextRun | None"


def complex_text(text: str) -> bool:
    """Return whether `text` has characters that need shaping."""
    if text.isascii() or _USUAL.fullmatch(text):
        return False
    return re.search(_COMPLEX, text) is not None


def has_rtl(text: str) -> bool:
    """Return whether anything in `text` runs from right to left."""
    # All of these characters are complex.
    return complex_text(text) and re.search(_BACKWARDS, text) is not None


def cjk_break_parts(word: str) -> list[str]:
    """Return `word` divided where a line may end: between ideographs, except at punctuation."""
    return [part for part in re.split(_BETWEEN, word) if part] if len(word) > 1 else [word]


def settled(kept: Sequence[Kept], base: int) -> Iterator[tuple[Kept, list[int]]]:
    """Yield what was kept of a paragraph at level `base`, with the levels of its characters."""
    levels_of = iter(levels("".join(map(_directed, kept)), base))
    for item in kept:
        yield item, [next(levels_of) for _ in _directed(item)]


def _directed(item: Kept) -> str:
    """Return the characters that represent `item` where directions are determined."""
    if item is None:
        return " "
    text, run_style = item[:2]
    if not isinstance(text, str):
        return _OBJECT
    assert not isinstance(run_style, str)
    # Code runs from left to right, whatever surrounds it.
    return "a" * len(text) if run_style.face.startswith("mono") and not has_rtl(text) else text


def level_runs(text: str, levels: Sequence[int]) -> Iterator[tuple[str, int]]:
    """Yield `text` in stretches of one level."""
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or levels[place] != levels[start]:
            yield text[start:place], levels[start]
            start = place


def shaped(text: str, face: str, level: int, context: InlineContext, source: Source) -> ShapedLine:
    """Return `text` of one level, in a theme's face if it has the characters.

    Raises:
        HandbookError: No font has one of the characters.
    """
    try:
        font = open_font(context.faces[face].path)
        return shape_run(text, font, level % 2 == 1, context.language)
    except MissingGlyph as problem:
        raise missing_character(problem.char, source.file, source.line, problem.hint) from None


def shaped_line(
    text: str, path: Path, source: Source, language: str, base: int | None = None
) -> ShapedLine:
    """Return `text` as a line, in all directions it has; the font at `path` comes first.

    The line's own level is `base`, by its first letter if that is not given.
    Raises:
        HandbookError: No font has one of the characters.
    """
    try:
        return shape_levels(text, levels(text, base), open_font(path), language)
    except MissingGlyph as problem:
        raise missing_character(problem.char, source.file, source.line, problem.hint) from None


def plain(text: str, level: int) -> bool:
    """Return whether `text` can be set glyph by glyph: simple, and not reversed."""
    if level % 2 and (len(text) > 1 or unicodedata.mirrored(text)):
        return text == " "
    return not complex_text(text)


def words_of(line: ShapedLine) -> str:
    """Return the characters of a shaped line."""
    return "".join(cluster.text for run in line.runs for cluster in run.clusters)


def visual_positions(
    runs: Sequence[TextRun], widths: Sequence[float], width: float, mirrored: bool
) -> list[float]:
    """Return how far each run is from the start of a line `width` wide, without the space
    at its end; on a `mirrored` page, from its right end to the left."""
    if not runs:
        return []
    base = runs[0].style.base
    # The space at a line's end lies outside of it, in the direction of the paragraph.
    x = width - sum(widths) if base % 2 else 0.0
    positions = [0.0] * len(runs)
    for place in visual([run.style.level for run in runs]):
        positions[place] = width - x - widths[place] if mirrored else x
        x += widths[place]
    return positions
