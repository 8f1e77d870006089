"""Fields: a copy is the edition's bytes and its own few objects."""

from __future__ import annotations

import pikepdf
import pytest
from conftest import built
from readback import Reader, fold

from handbook.diagnostics import HandbookError
from handbook.pdf.fields import clean

LEARNER = ("sre", "", "30", "a4", "Asha Rao")


def everything(data: bytes) -> bytes:
    """All streams and strings of a file, decompressed, and its text."""
    reader = Reader(data)
    parts = [data, reader.structure().text.encode()]
    for item in reader.pdf.objects:
        parts.append(item.read_bytes() if isinstance(item, pikepdf.Stream) else repr(item).encode())
    return b"".join(parts)


def test_a_copy_begins_with_the_edition() -> None:
    edition = built(*LEARNER).edition
    one = edition.fill({"learner": "Asha Rao"})
    other = edition.fill({"learner": "Zoë Łukasiewicz"})
    assert one.startswith(edition.body)
    assert other.startswith(edition.body)
    assert b"Luk" not in everything(one)
    assert b"Asha" in everything(one)
    assert b"Asha" not in everything(other)
    assert one != other
    assert one == edition.fill({"learner": "Asha Rao"})


@pytest.mark.parametrize("name", ["Zoë Łukasiewicz", "Ελένη", "Юлия", "O’Neill-Smith", "Ana María"])
def test_names_are_real_text(name: str) -> None:
    reader = Reader(built(*LEARNER).edition.fill({"learner": name}))
    assert name in fold(reader.structure().text)


def test_long_names_shrink_then_wrap_then_are_refused() -> None:
    edition = built(*LEARNER).edition

    def sizes(name: str) -> tuple[float, int]:
        runs = [
            r for r in Reader(edition.fill({"learner": name})).runs[0] if r.font.startswith("/X")
        ]
        return runs[0].size, len(runs)

    assert sizes("Asha Rao") == (17, 1)
    size, lines = sizes("Maria del Carmen Fernandez de la Vega y Rodriguez de Sotomayor")
    assert size < 17
    assert lines == 1
    assert sizes("Wolfeschlegelsteinhausen " * 6) == (10, 2)
    with pytest.raises(HandbookError, match="field 'learner' is too long"):
        edition.fill({"learner": "Wolfeschlegelsteinhausen " * 30})


def test_a_character_without_a_glyph_is_an_error_that_names_it() -> None:
    with pytest.raises(HandbookError, match=r"U\+4E16"):
        built(*LEARNER).edition.fill({"learner": "世界"})


@pytest.mark.parametrize(
    "value",
    ["(x) Tj ET Q", "\\) evil", "{{ 7 * 7 }}", "<b>bold</b>", "a\x00b\x1bc", "../../etc", "a\nb"],
)
def test_hostile_values_are_plain_text(value: str) -> None:
    reader = Reader(built(*LEARNER).edition.fill({"learner": value}))
    tree = reader.structure()
    assert fold(clean(value)) in fold(tree.text)
    assert len(tree.walk()) == len(Reader(built(*LEARNER).pdf).structure().walk())


def test_clean() -> None:
    assert clean("  a\tb\u202e c ") == "a b c"
    assert clean("e\u0301") == "é"
