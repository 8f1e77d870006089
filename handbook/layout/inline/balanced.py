"""Break a title into lines that are about equally long."""

from __future__ import annotations

from .line_breaking import break_lines
from .runs import InlineContext, Line, UnbreakableRun

# At most this many lines are balanced; how often the width is halved that they are tried at.
MOST_BALANCED, BALANCING = 5, 7


def balanced_lines(
    chunks: list[UnbreakableRun], width: float, context: InlineContext
) -> list[Line]:
    """Return as few lines as `width` allows, the longest of them as short as it can be."""
    lines = break_lines(chunks, width, context)
    if not 1 < len(lines) <= MOST_BALANCED:
        return lines
    whole = _whole_words(chunks)
    if len(break_lines(whole, width, context)) == len(lines):
        # A word is not split at its hyphen so that lines are even.
        chunks = whole
    widest = max((chunk.width for chunk in chunks), default=0.0)
    low, high = max(widest, width / 2), width
    if widest > width or any(chunk.hyphen for chunk in chunks):
        return lines
    for _ in range(BALANCING):
        middle = (low + high) / 2
        tried = break_lines(chunks, middle, context)
        if len(tried) > len(lines):
            low = middle
        else:
            high, lines = middle, tried
    return lines


def _whole_words(chunks: list[UnbreakableRun]) -> list[UnbreakableRun]:
    """Return `chunks` with those joined that no space is between."""
    words: list[UnbreakableRun] = []
    for chunk in chunks:
        before = words[-1] if words else None
        if before is None or before.space or before.forced or before.hyphen:
            words.append(chunk)
            continue
        runs, width = [*before.runs, *chunk.runs], before.width + chunk.width
        words[-1] = chunk._replace(runs=runs, width=width)
    return words
