"""Find the direction of text (Unicode Annex 9)."""

from __future__ import annotations

import unicodedata
from typing import Any

from .font_file import _RIGHT_TO_LEFT

_BARE = {"BN", "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def levels(text: str, base: int | None = None) -> list[int]:
    """Return the embedding level of each character (UAX #9): odd ones run from right to left.

    `base` is the paragraph's own level, by its first letter if it is not given.
    """
    kinds = {unicodedata.bidirectional(c) for c in text}
    # Characters that Python does not know yet have no direction, and no font either.
    if "" in kinds or not (base or kinds & _RIGHT_TO_LEFT):
        return [base or 0] * len(text)
    from bidi import algorithm

    # Joiners have no direction of their own (rule X9): they go with what precedes them, and
    # so do embedding and isolating characters, which the library knows only in part.
    shown = "".join(c for c in text if unicodedata.bidirectional(c) not in _BARE)
    storage: Any = algorithm.get_empty_storage()
    if base is None:
        base = algorithm.get_base_level(shown)
    storage["base_level"], storage["base_dir"] = base, ("L", "R")[base]
    algorithm.get_embedding_levels(shown, storage)
    algorithm.explicit_embed_and_overrides(storage)
    algorithm.resolve_weak_types(storage)
    algorithm.resolve_neutral_types(storage, debug=False)
    algorithm.resolve_implicit_levels(storage, debug=False)
    known = iter([int(char["level"]) for char in storage["chars"]])
    levels: list[int] = []
    for char in text:
        bare = unicodedata.bidirectional(char) in _BARE
        levels.append((levels[-1] if levels else base) if bare else next(known))
    return levels


def visual(levels: list[int]) -> list[int]:
    """Return the runs of these levels from left to right (UAX #9, rule L2)."""
    order = list(range(len(levels)))
    for level in range(max(levels, default=0), 0, -1):
        start = 0
        while start < len(order):
            end = start
            while end < len(order) and levels[order[end]] >= level:
                end += 1
            order[start:end] = reversed(order[start:end])
            start = max(end, start + 1)
    return order
