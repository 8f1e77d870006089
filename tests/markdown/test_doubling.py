"""The time to read Markdown grows no faster than the text: shapes that made patterns slow.

`python -m benchmarks doubling` measures the same shapes up to 200,000 characters.
"""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from handbook.core.limits import MARKUP_REACH
from handbook.markdown.inline_pieces import pieces
from tests.shapes import DIALECTS, SHAPES, seconds, text_of

# Seconds that nothing has to explain, and the largest exponent beyond them.
FREE, EXPONENT = 0.5, 1.3


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", SHAPES)
# Within the reach of mark-up, and beyond it, where a long paragraph is read in pieces.
@pytest.mark.parametrize(("first", "last"), [(1_800, 7_200), (5_000, 20_000)])
@pytest.mark.timeout(300)
def test_time_grows_with_the_text(
    dialect: str, name: str, first: int, last: int, tmp_path: Path
) -> None:
    if seconds(dialect, name, last // 2, tmp_path) < FREE:
        return
    # A machine that is busy makes one of them slow, but not the same one five times.
    exponents = []
    for _ in range(5):
        small, large = (seconds(dialect, name, size, tmp_path) for size in (first, last))
        exponents.append(math.log(large / small, last / first))
        if exponents[-1] < EXPONENT:
            break
    assert exponents[-1] < EXPONENT, exponents


@pytest.mark.parametrize("name", SHAPES)
def test_pieces_are_the_text_and_none_is_long(name: str) -> None:
    text = text_of(name, 60_000)
    parts = pieces(text)
    assert "".join(parts) == text
    if set(SHAPES[name].strip()) & set("[]`*_<&:"):
        assert max(map(len, parts)) <= MARKUP_REACH + 10


def test_a_long_word_stays_whole_and_mark_up_is_not_divided() -> None:
    assert pieces("a" * 100_000) == ["a" * 100_000]
    text = "Some **bold words** and [a link](https://example.org/a_b) here. " * 400
    for part in pieces(text)[:-1]:
        assert part.count("**") % 2 == 0
        assert part.count("[") == part.count(")")
    assert len(pieces(text)) > 3


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_is_opened_in_one_piece_and_closed_in_another_is_printed(
    dialect: str, tmp_path: Path
) -> None:
    from datetime import date

    from handbook import load
    from handbook.document.nodes import Code, Span, Text, every_inline
    from handbook.pipeline.phases import document_of
    from handbook.select.selection import select

    (tmp_path / "one.md").write_text(
        "# A\n\n**one " + "word " * 5_000 + "last** and `short`\n", "utf-8"
    )
    (tmp_path / "handbook.yaml").write_text(
        f"title: A\ndialect: {dialect}\nchapters: [one.md]\n", "utf-8"
    )
    pack = load(tmp_path)
    document = document_of(pack, select(pack, day=date(2026, 12, 1)))
    inlines = list(every_inline(document.chapters[0].blocks))
    words = "".join(each.text for each in inlines if isinstance(each, Text))
    assert words.startswith("**one ")
    assert "last** and" in words
    assert words.count("word ") == 5_000
    assert words.endswith("last** and ")
    assert Code("short") in inlines
    assert not any(isinstance(each, Span) for each in inlines)
