"""Editions made one after the other are those that are made alone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from packs import pack

from handbook.pack.loader import load_pack
from handbook.pipeline.edition_series import EditionSeries, by_likeness
from handbook.pipeline.phases import document_of, edition_of
from handbook.select.selection import select

ROLES = "- {id: baker, name: Baker}\n- {id: smith, name: Smith}\n"
FIRST = (
    "---\ntitle: Bread\nid: bread\n---\n\nFor the {{ role.name if role else 'reader' }}, as in "
    "[the second chapter](#iron). Flour.[^1] {{ 'One more page. ' * 200 if role and role.id == "
    "'smith' else '' }}\n\n[^1]: Of wheat.\n\n| A | B |\n|---|---|\n| 1 | 2 |\n"
)
SECOND = (
    "---\ntitle: Iron\nid: iron\n---\n\nSee [bread](#bread).\n\n## Tools {#tools}\n"
    "\nA hammer; flour.\n\n```python\nfor page in book: print(page)\n```\n"
)
GLOSSARY = "---\ntitle: Words\n---\n\nFlour\n: Ground wheat.\n{.glossary}\n\n::index\n"


def test_an_edition_of_a_series_is_the_edition_alone(tmp_path: Path) -> None:
    folder = pack(
        tmp_path,
        handbook_dot_yaml="title: Trades\nchapters:\n  - cover.md\n  - toc.md\n"
        "  - one.md\n  - Crafts:\n      file: area.md\n      chapters: [two.md, three.md]\n"
        "  - words.md\n",
        cover_dot_md="---\ntitle: Trades\nlayout: cover\nmatter: front\n---\n\n## Trades\n",
        area_dot_md="---\ntitle: Crafts\nrank: area\n---\n\n## Forges\n\nHot.\n\n## Ovens\n\nHot.\n",
        three_dot_md="---\ntitle: Oven\nid: oven\nonly: role=baker\n---\n\n## Heat\n\nHot.\n",
        tables__roles_dot_yaml=ROLES,
        toc_dot_md="---\ntitle: Contents\nlayout: contents\nmatter: front\n---\n\n::contents\n",
        one_dot_md=FIRST,
        two_dot_md=SECOND,
        words_dot_md=GLOSSARY,
    )
    book, day = load_pack(folder), date(2026, 11, 24)
    turns = [("", "a4"), ("baker", "a4"), ("smith", "a4"), ("baker", "a4"), ("baker", "a5")]
    chosen = [select(book, role=role, paper=paper, day=day) for role, paper in turns]
    series = EditionSeries()
    for selection in chosen:
        alone = edition_of(document_of(book, selection), selection)
        assert series.edition_for(book, selection, "default") == alone


def test_neighbours_have_most_in_common(tmp_path: Path) -> None:
    folder = pack(tmp_path, tables__roles_dot_yaml=ROLES)
    book, day = load_pack(folder), date(2026, 11, 24)
    papers = {
        f"{role} {paper}": select(book, role=role, paper=paper, day=day)
        for role in ("smith", "baker")
        for paper in ("a4", "a5")
    }
    ordered = [name for name, _ in by_likeness(papers.items())]
    assert ordered == ["baker a4", "smith a4", "baker a5", "smith a5"]
