"""The second handbook, a kitchen's manual: nothing in the program is about certifications."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path

import pytest
from pdfread import outline, reading_order_text
from second_programs import needs_verapdf, validate

import handbook
from handbook.pipeline.phases import advice_of, document_of
from handbook.select.selection import all_selections, select
from handbook.theme.loader import shipped_themes

pytest.importorskip("pymupdf", reason="the rules ask MuPDF where glyphs are")

from page_rules import findings

FOLDER = Path(__file__).parent.parent / "examples" / "kitchen"
DAY = date(2026, 11, 23)
FIELDS = {"learner": "Marek Wójcik", "mentor": "Asha Rao", "first-day": "1 December 2026",
          "phone": "020 7946 0000"}  # fmt: skip


@lru_cache(maxsize=1)
def kitchen() -> handbook.pack.model.Pack:  # type: ignore[name-defined]
    return handbook.load(FOLDER)


@lru_cache(maxsize=8)
def built(role: str = "", theme: str = "default", personal: bool = False) -> bytes:
    """An edition; every cook's has a plan with days."""
    chosen = (
        {"plan": "two-weeks", "calendar": {"start": date(2026, 12, 1)}} if role == "cook" else {}
    )
    fields = FIELDS if personal else {}
    return handbook.build(kitchen(), day=DAY, role=role, theme=theme, fields=fields, **chosen)


@pytest.mark.parametrize("role", ["", "cook"])
def test_the_pages_obey_the_rules(role: str) -> None:
    assert findings(built(role)) == []


@pytest.mark.parametrize("theme", [name for name in shipped_themes() if name != "default"])
def test_in_every_theme(theme: str) -> None:
    role = "server" if theme == "almanac" else "porter"
    assert findings(built(role, theme), theme=theme) == []


def test_nothing_has_to_be_explained() -> None:
    for selection in all_selections(kitchen(), day=DAY):
        assert advice_of(document_of(kitchen(), selection)) == []


def test_each_role_reads_what_is_theirs() -> None:
    cook, server, porter = (
        reading_order_text(built(role)) for role in ("cook", "server", "porter")
    )
    assert "Your work: kitchen porter" in porter
    assert "Rub flour, butter and sugar between the fingers" not in server
    assert "Rub flour, butter and sugar between the fingers" in reading_order_text(built())
    assert "For servers" in server
    assert "For servers" not in porter
    assert "At the stove" in cook
    assert "At the stove" not in porter


def test_allergens_are_of_one_table() -> None:
    """The matrix, the list and the recipe say the same of a dish."""
    text = reading_order_text(built())
    assert "Contains: gluten, eggs, milk." in text
    assert "Gluten" in text
    assert "Bread and whipped butter; Mushroom barley; Quince crumble" in text
    document = document_of(kitchen(), select(kitchen(), day=DAY))
    figures = [
        b for c in document.chapters for b in c.blocks if "cells" in getattr(b, "attributes", {})
    ]
    (matrix,) = (figure.attributes for figure in figures)
    rows = dict(zip(matrix["rows"].split("|"), matrix["cells"].split("|")))
    names = matrix["spoken"].split("|")
    held = [n for n, cell in zip(names, rows["Quince crumble"].split(",")) if cell == "1"]
    assert held == ["Gluten", "Eggs", "Milk"]


def test_a_plan_without_an_exam_has_days() -> None:
    # A figure is bound to its unit.
    text = reading_order_text(built("cook")).replace("\u00a0", " ")
    assert "From 1 December 2026, a little each day, before service." in text
    assert "Tue 1 Dec, 40 min: Walk through the kitchen the way food does" in text
    assert "exam" not in text.casefold().replace("example", "")


def test_the_outline_is_the_book() -> None:
    titles = [entry.title for entry in outline(built())]
    assert titles[:5] == ["The Quince Tree", "About this manual", "Contents", "Tables", "Figures"]
    assert "Quince crumble" in titles


def test_vera_pdf(tmp_path: Path) -> None:
    needs_verapdf()
    files = [tmp_path / "cook.pdf", tmp_path / "server.pdf"]
    files[0].write_bytes(built("cook", personal=True))
    files[1].write_bytes(built("server", "almanac"))
    for file, result in validate([(file, ("ua1", "2a")) for file in files]):
        assert result.passed, (file.name, result.findings or result.reason)
