"""Find where words may be hyphenated, by Pyphen's dictionaries."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

# Shorter words are not hyphenated.
SHORTEST = 6
_WORDS = re.compile(r"[^\W\d_]+")
# Text with one of these inside is taken for an address or a path.
_SIGNS = "/?&=_.:@#-"
_PARTS = re.compile(r"(\d?)(\D?)")


@lru_cache(maxsize=4096)
def hyphenation_places(word: str, language: str) -> tuple[int, ...]:
    """Return after how many letters `word` may be hyphenated; names with capitals are not."""
    if len(word) < SHORTEST or not word.isalpha() or not word[1:].islower():
        return ()
    patterns = _hyphenator(language)
    return tuple(patterns.positions(word)) if patterns else ()


@lru_cache(maxsize=4096)
def word_places(text: str, language: str, least: int) -> tuple[int, ...]:
    """Return after how many characters the words of `text` may be hyphenated.

    A part has `least` letters at least; what is not plain text (an address, a path) has no places.
    """
    if any(char in _SIGNS for char in text.strip(".:?@")):
        return ()
    return tuple(
        match.start() + place
        for match in _WORDS.finditer(text)
        for place in hyphenation_places(match.group(), language)
        if least <= place <= len(match.group()) - least
    )


@lru_cache(maxsize=4)
def _hyphenator(language: str) -> Any:
    # Imported late: a book whose words all fit their columns does without.
    import pyphen

    known = pyphen.language_fallback(language.replace("-", "_"))
    if not known:
        return None
    path = pyphen.LANGUAGES[known]
    if path not in pyphen.hdcache:
        dictionary = pyphen.HyphDict.__new__(pyphen.HyphDict)
        dictionary.patterns = patterns = _Patterns(path)
        dictionary.cache = {}
        dictionary.maxlen = max(map(len, patterns.lines))
        pyphen.hdcache[path] = dictionary
    return pyphen.Pyphen(lang=known)


class _Patterns:
    """The patterns of a dictionary by their letters, each taken apart when it is asked for.

    Pyphen takes all 14,000 apart for the first word, in a tenth of the time of a first build.
    """

    def __init__(self, path: Path) -> None:
        first, _, rest = path.read_bytes().partition(b"\n")
        encoding = first.decode().strip().lower().replace("microsoft-", "")
        text = rest.decode(encoding).replace(" ", "").replace("\t", "").replace("\r", "")
        text = re.sub(r"\^{2}([0-9a-f]{2})", lambda match: chr(int(match[1], 16)), text)
        # What follows a slash says how the spelling changes, which no one here follows.
        text = re.sub(r"/[^/=\n]*=.*", "", text)
        # Of bytes, Python removes digits 20 times faster than of text.
        letters = text.encode().translate(None, b"0123456789").decode()
        # Comments and settings are among them: no word has their signs or capitals.
        pairs = zip(letters.split("\n"), text.split("\n"), strict=True)
        self.lines = {word: pattern for word, pattern in pairs if word != pattern}

    def get(self, letters: str) -> tuple[int, list[int]] | None:
        """Return the numbers between the letters of a pattern, and where they begin."""
        pattern = self.lines.get(letters)
        if pattern is None:
            return None
        values = [int(digit or "0") for digit, _ in _PARTS.findall(pattern)]
        start = next((place for place, value in enumerate(values) if value), 0)
        while values and not values[-1]:
            values.pop()
        return start, values[start:]
