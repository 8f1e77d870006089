"""The letters above the entries of an index."""

from __future__ import annotations

import pytest
from onepage import built, sound

from handbook.core.i18n import translations_for


def _index(terms: list[str], language: str = "en") -> list[str]:
    words = "\n\n".join(f"A paragraph about :index[{term}]{term}." for term in terms)
    tree = sound(built(f"{words}\n\n## Index\n\n::index", config=f"language: {language}\n"))
    (index,) = tree.all("Index")
    return [node.text.strip() for node in index.all("P")]


def test_a_long_index_has_its_letters_and_a_short_one_has_none() -> None:
    terms = [f"{letter}{number}" for letter in ("alpha", "beta", "gamma") for number in range(20)]
    assert _index(terms) == ["A", "B", "G"]
    assert _index(terms[::6]) == []


@pytest.mark.parametrize(
    ("language", "term", "letter"),
    [
        ("en", "élan", "E"),
        ("fr", "Écluse", "E"),
        ("sv", "ärende", "Ä"),
        ("de", "Änderung", "A"),
        ("es", "ñandú", "Ñ"),
        ("en", "24/7", ""),
        ("en", ".NET", ""),
        ("el", "άλφα", "Α"),
    ],
)
def test_a_term_is_under_its_letter(language: str, term: str, letter: str) -> None:
    assert translations_for(language).initial(term) == letter
