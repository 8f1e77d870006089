"""A pack while it is written: each edition is that of a build, and only what changed is done again."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from handbook.content import load_pack
from handbook.diagnostics import HandbookError
from handbook.pipeline import build
from handbook.selection import select
from handbook.session import Session

ROOT = Path(__file__).parent.parent
DAY = date(2026, 11, 24)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "templates", tmp_path / "templates")
    return Path(shutil.copytree(ROOT / "content", tmp_path / "content"))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def alone(folder: Path) -> bytes:
    pack = load_pack(folder)
    return build(pack, select(pack, role="sre", day=DAY))


def test_each_edition_is_that_of_a_build(folder: Path) -> None:
    session = Session(folder)
    first = session.edition(DAY, role="sre")
    assert first.changed == tuple(range(first.pages))
    assert session.edition(DAY, role="sre").changed == ()
    chapter = folder / "chapters" / "25-instrumentation.md"
    edit(chapter, ". ", ". A sentence more. ")
    edit(folder / "tables" / "faqs.yaml", "?", " at all?")
    proof = session.edition(DAY, role="sre")
    assert 1 <= len(proof.changed) <= 4
    assert proof.pdf() == alone(folder)
    # A title stands in the contents list, in running heads and in references.
    edit(chapter, "title: ", "title: On ")
    assert session.edition(DAY, role="sre").pdf() == alone(folder)
    # What an edition of another role left behind does no harm.
    session.edition(DAY, paper="letter")
    assert session.edition(DAY, role="sre").pdf() == alone(folder)


def test_a_mistake_is_told_and_the_session_goes_on(folder: Path) -> None:
    session = Session(folder)
    session.edition(DAY, role="sre")
    chapter = folder / "chapters" / "25-instrumentation.md"
    good = chapter.read_text("utf-8")
    chapter.write_text(good + "\n{{ nothing.here }}\n", "utf-8")
    with pytest.raises(HandbookError, match="nothing"):
        session.edition(DAY, role="sre")
    chapter.write_text(good, "utf-8")
    assert session.edition(DAY, role="sre").changed == ()
