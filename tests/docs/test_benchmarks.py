"""What the benchmarks compare is the same book: every tool's input holds the text of ours."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from conftest import built

from benchmarks.peers.portable import portable
from benchmarks.peers.tools import PEERS
from benchmarks.peers.words import WORD, shortcomings, words_of_book, words_of_pdf


@pytest.fixture(scope="module")
def book() -> dict[str, object]:
    return portable(built("sre").document)


def test_the_portable_book_has_the_words_of_our_pages(
    book: dict[str, object], tmp_path: Path
) -> None:
    file = tmp_path / "ours.pdf"
    file.write_bytes(built("sre").pdf)
    ours = words_of_pdf(file)
    assert shortcomings(ours, words_of_book(book), ours) == ""


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.name)
def test_every_input_holds_the_book(peer: object, book: dict[str, object]) -> None:
    text = peer.write(book)  # type: ignore[attr-defined]
    if peer.suffix == ".json":  # type: ignore[attr-defined]
        written = json.loads(text)
        if "files" not in written:
            assert written == json.loads(json.dumps(book))
            return
        text = "\n".join(written["files"].values())
    plain = re.sub(r"&#(\d+);", lambda m: chr(int(m[1])), text)
    held = words_of_book(book)
    missing = sum((held - Counter(WORD.findall(plain))).values())
    assert missing < sum(held.values()) * 0.01


def test_a_book_that_lacks_words_takes_no_part() -> None:
    book = Counter({"word": 90, "other": 10})
    assert shortcomings(book, book, book) == ""
    assert "missing: other (4)" in shortcomings(Counter({"word": 90, "other": 6}), book, book)
    assert (
        shortcomings(Counter({"word": 104, "other": 10}), book, book) == "+14.0% words against ours"
    )
