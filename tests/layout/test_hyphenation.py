"""Words are hyphenated where Pyphen hyphenates them."""

from __future__ import annotations

import pyphen
import pytest

from handbook.layout.inline.hyphenation import hyphenation_places

# Dictionaries in several encodings, and with changes of spelling.
WORDS = {
    "en-GB": "hyphenation deployment responsibility orchestration",
    "de": "silbentrennung schifffahrt bereitstellung zuckerbäcker",
    "hu": "asszonnyal elválasztás meggyőződéssel",
    "eo": "mezbantegis silabodivido",
    "af": "woordafbreking voëltjies",
}


@pytest.mark.parametrize("language", WORDS)
def test_places_are_those_of_pyphen(language: str) -> None:
    known = pyphen.language_fallback(language.replace("-", "_"))
    dictionary = pyphen.HyphDict(pyphen.LANGUAGES[known])
    for word in WORDS[language].split():
        right = len(word) - 2
        expected = [place for place in dictionary.positions(word) if 2 <= place <= right]
        found = hyphenation_places(word, language)
        assert list(found) == expected, word
