"""A laid-out book is a value: writing it does not change it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from conftest import DAY

import handbook
from handbook.layout.book import lay_out
from handbook.layout.chapter_cache import ChapterCache
from handbook.pdf.edition_writer import make_edition
from handbook.pipeline import phases
from handbook.select.selection import select
from handbook.theme.loader import load_theme
from handbook.theme.print_options import PrintOptions

KITCHEN = Path(__file__).parent.parent.parent / "examples" / "kitchen"


def test_writing_a_book_twice_gives_the_same_bytes() -> None:
    loaded = handbook.load(KITCHEN)
    document = phases.document_of(loaded, select(loaded, day=DAY))
    for options in (PrintOptions(), PrintOptions(form=True), PrintOptions(booklet=True)):
        book = lay_out(document, load_theme(), print_options=options)
        first, second = (make_edition(book, document.meta, document.fields) for _ in range(2))
        assert first.body == second.body


def test_a_book_that_is_read_once_gives_the_same_bytes_and_keeps_no_page() -> None:
    loaded = handbook.load(KITCHEN)
    document = phases.document_of(loaded, select(loaded, day=DAY))
    for options in (PrintOptions(), PrintOptions(booklet=True)):
        once, kept = (
            lay_out(document, load_theme(), print_options=options, keep=keep)
            for keep in (False, True)
        )
        pages = once.pages
        first, second = (make_edition(b, document.meta, document.fields) for b in (once, kept))
        assert first.body == second.body
        assert options.booklet or not any(pages.plans)  # type: ignore[attr-defined]


def test_laying_out_again_does_not_change_an_earlier_book() -> None:
    loaded = handbook.load(KITCHEN)
    document = phases.document_of(loaded, select(loaded, day=DAY))
    cache = ChapterCache()
    book = lay_out(document, load_theme(), chapter_cache=cache)
    first = make_edition(book, document.meta, document.fields)
    lay_out(document, load_theme(), chapter_cache=cache)
    assert cache.used
    assert make_edition(book, document.meta, document.fields).body == first.body


def test_pages_are_drawn_with_the_page_numbers_of_their_own_book() -> None:
    loaded = handbook.load(KITCHEN)
    document = phases.document_of(loaded, select(loaded, day=DAY))
    longer = replace(document, chapters=(document.chapters[0], *document.chapters))
    cache = ChapterCache()
    book = lay_out(document, load_theme(), chapter_cache=cache)
    shown = [page.items for page in book.pages]
    lay_out(longer, load_theme(), chapter_cache=cache)
    assert [page.items for page in book.pages] == shown
