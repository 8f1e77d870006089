"""Names of files made of words: no two names become one, and every system takes them."""

from __future__ import annotations

import pytest

from handbook.core.slugs import LONGEST_NAME, distinct_slug, file_slug


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Site reliability: SRE", "site-reliability-sre"),
        ("José Łukasz", "josé-łukasz"),
        ("Jose\u0301", "josé"),
        ("山田 太郎", "山田-太郎"),
        ("प्रिया", "प्रिया"),
        ("../../x", "x"),
        ("\N{BLACK STAR}", "handbook"),
    ],
)
def test_letters_of_every_script_are_kept(text: str, slug: str) -> None:
    assert file_slug(text) == slug


def test_names_that_differ_in_signs_alone_are_told_apart() -> None:
    ids = ["c", "C++", "C#", "rust"]
    slugs = [distinct_slug(one, ids) for one in ids]
    assert len(set(slugs)) == 4
    assert slugs[3] == "rust"
    assert slugs == [distinct_slug(one, reversed(ids)) for one in ids]


@pytest.mark.parametrize("letter", ["x", "界"])
def test_a_long_name_is_cut_to_what_a_system_takes(letter: str) -> None:
    one, other = file_slug(letter * 400), file_slug(letter * 401)
    assert len(one.encode()) <= LONGEST_NAME
    assert one != other
