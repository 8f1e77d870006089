"""What many tests share: the shipped pack, and editions of it, each built once."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from pathlib import Path

import pytest

import handbook
from handbook.document.nodes import Document
from handbook.layout.book import lay_out
from handbook.layout.page import LaidOutBook
from handbook.pack.model import Pack
from handbook.pdf.edition import Edition
from handbook.pdf.edition_writer import make_edition
from handbook.pipeline.phases import document_of
from handbook.select.selection import select
from handbook.theme.loader import load_theme

# Tests leave nothing in the user's cache, and take nothing from it.
os.environ.setdefault("HANDBOOK_NO_CACHE", "1")
DAY = date(2026, 11, 23)

# What a person keeps in their settings is none of a test's business.
os.environ["HANDBOOK_USER_SETTINGS"] = "none"

# A fixed handbook of some 76 pages that the tests of the program build, so that they are quick and
# do not change when the text of the first book does; `tests/content` and the grid build that.
BOOK = Path(__file__).parent / "book"
os.environ.setdefault("HANDBOOK_CONTENT", str(BOOK))


# The tests that this process skipped, and modules; CI runs them where everything is installed.
SKIPPED: set[str] = set()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped:
        SKIPPED.add(report.nodeid)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    if report.skipped:
        SKIPPED.add(report.nodeid)


def pytest_sessionfinish() -> None:
    if name := os.environ.get("HANDBOOK_SKIPPED"):
        with open(name, "a", encoding="utf-8") as file:
            file.writelines(f"{one}\n" for one in sorted(SKIPPED))


class Built:
    """A selection on its whole way: document, book, edition, copy."""

    def __init__(
        self,
        document: Document,
        book: LaidOutBook,
        edition: Edition,
        values: dict[str, str],
        paper: str,
    ) -> None:
        self.document = document
        self.book = book
        self.edition = edition
        self.values = values
        self.paper = paper
        self.pdf = edition.fill(values)
        self.labels = {
            target: book.pages[place.page].label for target, place in book.destinations.items()
        }


@lru_cache(maxsize=1)
def shipped() -> Pack:
    """The handbook that tests of the program build."""
    return handbook.load(BOOK)


@lru_cache(maxsize=1)
def first_book() -> Pack:
    """The handbook that comes with the program."""
    return handbook.load()


@lru_cache(maxsize=12)
def built(
    role: str = "",
    path: str = "",
    plan: str = "",
    paper: str = "a4",
    learner: str = "",
    day: date = DAY,
    first: bool = False,
) -> Built:
    pack = first_book() if first else shipped()
    selection = select(
        pack,
        role=role,
        path=path,
        plan=plan,
        paper=paper,
        day=day,
        provided_fields=["learner"] if learner else [],
    )
    return make(document_of(pack, selection), paper, {"learner": learner} if learner else {})


def make(document: Document, paper: str = "a4", values: dict[str, str] | None = None) -> Built:
    theme = load_theme()
    book = lay_out(document, theme, paper)
    edition = make_edition(book, document.meta, document.fields)
    return Built(document, book, edition, values or {}, paper)


@pytest.fixture(scope="session")
def pack() -> Pack:
    return shipped()


@pytest.fixture(scope="session")
def build() -> Callable[..., Built]:
    return built


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str], Path]:
    """Writes a brand file of one's own."""

    def put(text: str) -> Path:
        path = tmp_path / "own.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return put
