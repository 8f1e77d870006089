"""Where a word may be parted, by its language; asked only when a column is too narrow."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

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
