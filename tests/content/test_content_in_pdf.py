"""Every fact of the content that concerns an edition is in its PDF, in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

import pytest
from conftest import DAY, Built, built
from conftest import first_book as shipped
from readback import Node, Reader, fold, squeeze
from structure_rules import text_is_the_documents

SOME = [("", "", ""), ("sre", "sre", "30")]


@lru_cache(maxsize=2)
def read(role: str = "", path: str = "", plan: str = "", day: date = DAY) -> tuple[Reader, Node]:
    """An edition read back, and its structure: of so long a book that takes as long as a build."""
    reader = Reader(built(role, path, plan, day=day, first=True).pdf)
    return reader, reader.structure()


def said(role: str = "", path: str = "", plan: str = "") -> str:
    """The text of an edition without spaces, in straight quotes."""
    return straight(squeeze(read(role, path, plan)[1].text))


MARKUP = re.compile(r"\*\*|\*|~~|`")


def words(value: object) -> Iterator[str]:
    """The strings of a row that the reader must find, without mark-up."""
    if isinstance(value, str):
        yield MARKUP.sub("", value).replace("--", "–")
    elif isinstance(value, dict):
        for key, item in value.items():
            if key not in (
                "checked",
                "id",
                "sources",
                "area",
                "group",
                "providers",
                "faqs",
                "areas",
                "guides",
                "credentials",
                "retired",
                "path",
                "successors",
                "kind",
                "unit",
                "short",
                "table",
                "own",
                "code",
                "chapter",
                "skills",
                "number",
                "url",
                "quotes",
                "on",
            ):
                yield from words(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from words(item)


def missing(texts: Iterator[str] | list[str], book: str) -> list[str]:
    return [text for text in texts if straight(squeeze(text)).rstrip(".") not in book]


def straight(text: str) -> str:
    """Typographic quotes as the typewriter has them, as they are in the tables."""
    return text.translate(str.maketrans("“”‘’", "\"\"''"))


@pytest.mark.parametrize(("role", "path", "plan"), SOME)
def test_every_edition_holds_its_facts(role: str, path: str, plan: str) -> None:
    tables = shipped().tables
    book = said(role, path, plan)
    short = plan == "7"
    for name in (
        "certifications",
        "exam",
        "areas",
        "providers",
        "faqs",
        "next_steps",
        "labs",
        "glossary",
        "traps",
        "practice",
        "sources",
        "exam_day",
        "study_paths",
    ):
        if short and name in ("providers", "faqs", "next_steps"):
            continue
        for row in tables[name]:
            kept = {
                k: v
                for k, v in row.items()
                if not (
                    name == "certifications"
                    and k in ("exam", "outline", "what")
                    and "table" in row
                    and row["id"] != "az-400"
                )
            }
            if name == "labs":
                # Steps and ways to go further are in the full book.
                kept = {k: v for k, v in kept.items() if k in ("name", "learn")}
            if name in ("traps", "faqs"):
                # Only one side of its day is said: tests/test_content_tenses.py.
                kept = {k: v for k, v in kept.items() if k not in ("before", "after")}
                if isinstance(row.get("answer"), dict):
                    kept["answer"] = row["answer"]["after"]
            if name == "certifications":
                kept.pop("minutes", None)
                kept.pop("track", None) if "table" not in row else None
                kept.pop("level", None) if "table" not in row else None
            assert missing(words(kept), book) == [], f"{name}: {row['id'] if 'id' in row else row}"


@pytest.mark.parametrize(("role", "path", "plan"), SOME)
def test_roles_paths_and_plans(role: str, path: str, plan: str) -> None:
    tables = shipped().tables
    book = said(role, path, plan)
    assert [row["name"] for row in tables["roles"] if squeeze(row["name"]) not in book] == []
    assert len(tables["roles"]) == 8
    for row in tables["roles"]:
        assert missing(words([row["why"], row["adds"]]), book) == []
        for item in row["recommended"] if "open_route" not in row else row["open_route"]:
            assert squeeze(item) in book
    assert len(tables["paths"]) == 7
    for row in tables["paths"]:
        assert missing(words([row["name"], row["about"], row["aim"], row["map"]]), book) == []
    for row in tables["plans"]:
        assert missing([row["name"], row["whom"], row["theme"]], book) == []
        if row["id"] == plan:
            for unit in row["units"]:
                assert missing([unit["title"], *(s["do"] for s in unit["sessions"])], book) == []


@pytest.mark.parametrize(("role", "path", "plan"), SOME)
def test_guides_with_their_three_plans(role: str, path: str, plan: str) -> None:
    tables = shipped().tables
    book = said(role, path, plan)
    for guide in tables["guides"]:
        wanted: list[object] = [guide["what"], guide["who"], guide["skills"], guide["projects"]]
        if "length" in guide:
            wanted.append(guide["advice"])
        else:
            later = [v["after"] if isinstance(v, dict) else v for v in guide["next"].values()]
            wanted += [guide["plan"], guide["mistakes"], later]
        assert missing(words(wanted), book) == [], guide["id"]


def test_counts_of_the_content() -> None:
    tables = shipped().tables
    assert len(tables["providers"]) == 9
    assert len(tables["faqs"]) == 20
    assert len(tables["glossary"]) >= 60
    assert sum(len(tables[name]) for name in tables if name.startswith("questions_")) >= 250
    assert [r["id"] for r in tables["certifications"] if "table" in r] == [
        "az-104",
        "az-204",
        "az-400",
    ]


@pytest.mark.parametrize(("role", "path", "plan"), SOME)
def test_reading_order_is_the_order_of_the_tree(role: str, path: str, plan: str) -> None:
    edition = built(role, path, plan, first=True)
    reader, tree = read(role, path, plan)
    text_is_the_documents(edition, tree)
    assert reader.unmarked == []


def positions(reader: Reader) -> str:
    """The text in the order in which the pages show it, artifacts left out."""
    return squeeze("".join(run.text for runs in reader.runs for run in runs if not run.artifact))


def test_pages_show_text_in_the_order_of_the_tree() -> None:
    """What a plain extractor sees, page by page, is what a screen reader hears, states aside."""
    reader, tree = read("sre", "sre", "30")
    assert positions(reader) == squeeze(tree.shown)


def test_the_order_of_the_book() -> None:
    titles = [fold(node.text) for node in read("sre", "sre", "30")[1].all("H1")]
    wanted = ["The AZ-400 Handbook", "About this edition", "How to use", "Contents",
              "at a glance", "Overview", "certification table", "Your role", "Your route", "Guides",
              "learning path", "exam areas", "Processes", "labs on one system", "Questions", "mock exams",
              "Answers", "Tracker", "Decision atlas", "side by side", "by heart", "Study plans",
              "What comes after",
              "Training providers", "Questions and answers", "Glossary", "Sources"]  # fmt: skip
    place = -1
    for words_ in wanted:
        found = next(n for n, title in enumerate(titles) if n > place and words_ in title)
        assert found > place
        place = found


def test_retirement_is_announced_before_and_stated_after() -> None:
    before, after = (
        fold(read("data-engineer", day=day)[1].text) for day in (date(2026, 5, 1), DAY)
    )
    assert "AZ-204 will be retired on 31 July 2026" in before
    assert "AZ-204 was retired on" not in before
    assert "AZ-204 was retired on 31 July 2026" in after
    assert "AZ-204 will be retired" not in after
    for text in (before, after):
        assert "AZ-104, AZ-400 then DP-700" in text
        assert "AZ-204, AZ-400 and Enterprise Data Services" in text


def chosen_rows(edition: Built, table: str) -> list[str]:
    from handbook.document.nodes import Table, plain_text, walk

    return [
        plain_text(row.cells[0].blocks[0].content)  # type: ignore[union-attr]
        for chapter in edition.document.chapters
        for block in walk(chapter.blocks)
        if isinstance(block, Table) and block.id == table
        for row in block.rows
        if "chosen" in row.classes
    ]


def test_the_selection_is_marked_and_comes_first() -> None:
    edition = built("security-engineer", "devsecops", "60", first=True)
    assert chosen_rows(edition, "tbl-roles") == ["Security Engineer"]
    assert chosen_rows(edition, "tbl-paths") == ["DevSecOps"]
    assert chosen_rows(edition, "tbl-plans") == ["60-day"]
    assert chosen_rows(edition, "tbl-providers") == ["devsecopsschool", "DevOpsSchool"]
    assert chosen_rows(built(first=True), "tbl-roles") == []


def test_the_default_edition_fits_an_attachment() -> None:
    assert len(built(first=True).pdf) < 900_000
