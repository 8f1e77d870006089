"""Every edition: 8 roles × 7 paths × 3 plans, and the incomplete choices, on A4 and Letter.

Quick by default (a few editions); the whole grid with HANDBOOK_FULL_GRID=1, as `.ci/run` does.
With HANDBOOK_GRID_PART=1/5 only every fifth choice, from the second on; another commit takes
another part.  With HANDBOOK_GRID_DIR the files stay
there, for veraPDF (test_conformance.py).
"""

from __future__ import annotations

import itertools
import os
from pathlib import Path

import pytest
from conftest import DAY, first_book, make, shipped
from structure_rules import check_structure
from test_openers import opens

from handbook.pipeline.phases import document_of
from handbook.select.selection import select

FULL = os.environ.get("HANDBOOK_FULL_GRID")
PACK = first_book() if FULL else shipped()
ROLES = [str(row["id"]) for row in PACK.axis("roles")]
PATHS = [str(row["id"]) for row in PACK.axis("paths")]
PLANS = [str(row["id"]) for row in PACK.axis("plans")]
# Bytes of an edition: the first book is long, and longer with its bank of questions.  Elements for
# each line of its listings, which a screen reader needs, are 124 kB of it.
MOST = 1_850_000 if FULL else 400_000
PART, PARTS = map(int, os.environ.get("HANDBOOK_GRID_PART", "0/1").split("/"))
PAPERS = ("a4", "letter")


def choices() -> list[tuple[str, str, str, str]]:
    """Every role, path, plan and paper; a plan only where role and path are chosen."""
    return [
        (role, path, plan, paper)
        for role, path in itertools.product(["", *ROLES], ["", *PATHS])
        for plan in (["", *PLANS] if role and path else [""])
        for paper in PAPERS
    ]


CHOICES = (
    choices()[PART::PARTS] if FULL else [("", "finops", "", "a4"), ("sre", "aiops", "7", "letter")]
)


@pytest.mark.parametrize(("role", "path", "plan", "paper"), CHOICES)
def test_editions(role: str, path: str, plan: str, paper: str, tmp_path: Path) -> None:
    folder = Path(os.environ.get("HANDBOOK_GRID_DIR") or tmp_path)
    plan = plan if plan in PLANS else ""
    selection = select(PACK, role=role, path=path, plan=plan, paper=paper, day=DAY)
    edition = make(document_of(PACK, selection), paper)
    check_structure(edition)
    file = folder / f"{selection.file_stem}.pdf"
    file.write_bytes(edition.pdf)
    # What readers stumble over is the file, not the plan in it.
    if paper == "a4":
        for reader in ("poppler", "qpdf", "mupdf", "pdfium"):
            opens(reader, file)
    assert len(edition.pdf) < MOST


def test_file_names_are_unique() -> None:
    stems = [
        select(PACK, role=role, path=path, plan=plan, paper=paper, day=DAY).file_stem
        for role, path, plan, paper in itertools.product(
            ["", *ROLES], ["", *PATHS], ["", *PLANS], ["a4", "letter", "a5"]
        )
    ]
    # A role without a path takes the path it suggests: the same edition, the same name.
    assert len(set(stems)) == (8 * 7 + 7 + 1) * (len(PLANS) + 1) * 3
