"""The book's data fit together: skills, units, questions, mocks, plans, roles, sources and the facts by their keys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import DAY
from conftest import first_book as shipped

from handbook.select.assemble import assemble
from handbook.select.selection import select

FACTS: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[1] / "data" / "az400_facts.yaml").read_text(encoding="utf-8")
)
BANKS = ("processes", "source_control", "pipelines", "security", "instrumentation")


@cache
def text(role: str = "", path: str = "", plan: str = "", day: date = DAY) -> str:
    selection = select(shipped(), role=role, path=path, plan=plan, day=day)
    return "\n".join(chapter.text for chapter in assemble(shipped(), selection))


@cache
def read(role: str = "", path: str = "", plan: str = "") -> str:
    """The words of an edition without mark-up, in small letters."""
    words = re.sub(r"\*\*|\*|~~|`|\\", "", text(role, path, plan))
    return re.sub(r"\s+", " ", words).translate(str.maketrans("’‘", "''")).lower()


def tables() -> Any:
    return shipped().tables


def questions() -> Iterator[Any]:
    for name in BANKS:
        yield from tables()[f"questions_{name}"]
    for case in tables()["cases"]:
        for row in case["questions"]:
            yield {**row, "mock": case["mock"]}


def sessions(plan: Any) -> Iterator[Any]:
    for unit in plan["units"]:
        yield from unit["sessions"]


# ------------------------------------------------------------------ skills and questions


def test_every_skill_has_its_unit_once() -> None:
    written = text()
    for skill in tables()["skills"]:
        assert len(re.findall(rf"\{{#unit-{skill['id']}\}}", written)) == 1, skill["id"]
    units = set(re.findall(r"\{#unit-([a-z0-9-]+)\}", written))
    assert units == {skill["id"] for skill in tables()["skills"]}


def test_units_have_a_trap_and_a_box() -> None:
    chunks = re.split(r"\n(?=### |## )", text())
    for chunk in chunks:
        found = re.match(r"### .*\{#unit-([a-z0-9-]+)\}", chunk)
        if found:
            assert "I can do this without the book" in chunk, found[1]
            assert "::: trap" in chunk, found[1]


def test_every_unit_has_three_questions() -> None:
    asked = [row["skill"] for row in questions()]
    few = {s["id"]: asked.count(s["id"]) for s in tables()["skills"] if asked.count(s["id"]) < 3}
    assert few == {}


def test_questions_are_whole() -> None:
    known = {skill["id"] for skill in tables()["skills"]}
    rows = [*questions(), *tables()["questions_roles"]]
    assert len({row["id"] for row in rows}) == len(rows) >= 300
    for row in rows:
        assert row["skill"] in known, row["id"]
        kind = row["kind"]
        if kind in ("single", "multiple", "series", "case"):
            right = [option for option in row["options"] if option["right"]]
            assert all(str(option["why"]).strip() for option in row["options"]), row["id"]
            assert kind == "series" or len(right) < len(row["options"]), row["id"]
            assert kind in ("multiple", "series") or len(right) == 1, row["id"]
            assert kind != "multiple" or len(right) > 1, row["id"]
        elif kind == "order":
            assert len(row["steps"]) >= 3, row["id"]
            assert row["why"], row["id"]
            assert all(extra["why"] for extra in row.get("extra", [])), row["id"]
        elif kind == "match":
            assert len(row["pairs"]) >= 3, row["id"]
            assert row["why"], row["id"]
        elif kind == "dropdown":
            for number, gap in enumerate(row["gaps"]):
                assert gap["right"] in gap["options"], row["id"]
                assert gap["why"], row["id"]
                assert f"«{number + 1}»" in row["code"], row["id"]
        else:
            raise AssertionError(f"{row['id']}: {kind}")


def said(value: Any) -> Iterator[str]:
    """The words of a question that are printed as text."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from said(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key != "code" and not (key in ("options", "right") and "why" in value):
                yield from said(item)


def test_commands_in_questions_are_code() -> None:
    for row in [*questions(), *tables()["questions_roles"]]:
        for words in said(row):
            prose = re.sub(r"`[^`]*`|\\\*", "", words)
            assert not re.search(r"--[a-z]|\bgit [a-z]+ -|\$\(", prose), (row["id"], words)
            assert prose.replace("**", "").count("*") % 2 == 0, (row["id"], words)


def test_two_mocks_of_fifty_in_the_exams_proportions() -> None:
    area_of = {skill["id"]: skill["area"] for skill in tables()["skills"]}
    for mock in (1, 2):
        mine = [row for row in questions() if row["mock"] == mock]
        assert len(mine) == 50
        assert any(case["mock"] == mock for case in tables()["cases"])
        for area in tables()["areas"]:
            share = 100 * sum(area_of[row["skill"]] == area["id"] for row in mine) / 50
            assert area["low"] - 1 <= share <= area["high"] + 1, (mock, area["id"], share)


def test_every_printed_question_has_its_answer() -> None:
    for plan, least in (("", 10), ("7", 110), ("30", 270)):
        written = text("sre", plan=plan)
        asked = set(re.findall(r"\{#q-([a-z]+-\d+)\}", written))
        answered = set(re.findall(r"\{#a-([a-z]+-\d+)\}", written))
        assert asked == answered
        assert len(asked) >= least


# ------------------------------------------------------------------ plans


@pytest.mark.parametrize("plan", ["7", "14", "30", "60"])
def test_sessions_refer_to_what_exists_and_their_minutes_add_up(plan: str) -> None:
    row = next(one for one in tables()["plans"] if one["id"] == plan)
    skills = {one["id"]: one for one in tables()["skills"]}
    labs = {one["id"]: one for one in tables()["labs"]}
    modules = {name for path in tables()["study_paths"] for name in path["modules"]}
    chapters = set(re.findall(r"^id: ([a-z0-9-]+)$", _front(), re.MULTILINE))
    for session in sessions(row):
        parts = session["parts"]
        assert sum(parts.values()) == session["minutes"], session["id"]
        named = {"skills", "questions", "lab", "mock", "chapter", "assessment", "review"}
        assert named & set(session), f"{session['id']} names nothing to do"
        assert all(skill in skills for skill in session.get("skills", []))
        assert all(skill in skills for skill in session.get("questions", []))
        assert session.get("module", next(iter(modules))) in modules, session["id"]
        assert session.get("chapter", "processes") in chapters, session["id"]
        assert session.get("mock", 1) in (1, 2)
        if "lab" in session:
            assert parts["lab"] == labs[session["lab"]]["minutes"], session["id"]
        if "questions" in session:
            bank = [q for q in questions() if q["skill"] in session["questions"]]
            count = sum(q["mock"] not in (1, 2) for q in bank)
            assert abs(parts["questions"] - 2.5 * count) <= 5, (session["id"], count)


def _front() -> str:
    folder = Path(shipped().chapters[0].file).parent
    return "\n".join(path.read_text(encoding="utf-8")[:400] for path in folder.glob("*.md"))


@pytest.mark.parametrize(("plan", "most"), [("7", 150), ("14", 200), ("30", 720), ("60", 480)])
def test_days_and_weeks_have_room_for_their_sessions(plan: str, most: int) -> None:
    row = next(one for one in tables()["plans"] if one["id"] == plan)
    for unit in row["units"]:
        assert sum(session["minutes"] for session in unit["sessions"]) <= most, unit["title"]
    assert row["days"] >= len(row["units"]) * (1 if row["unit"] == "Day" else 6)


@pytest.mark.parametrize("plan", ["14", "30", "60"])
def test_a_plan_reads_every_unit_and_does_the_labs_in_order(plan: str) -> None:
    row = next(one for one in tables()["plans"] if one["id"] == plan)
    read_ = [skill for session in sessions(row) for skill in session.get("skills", [])]
    assert sorted(read_) == sorted(skill["id"] for skill in tables()["skills"])
    numbers = {lab["id"]: lab["number"] for lab in tables()["labs"] if "number" in lab}
    done = [numbers[s["lab"]] for s in sessions(row) if s.get("lab") in numbers]
    assert done == [1, 2, 3, 4, 5, 6, 7]


def test_the_plan_for_the_associate_exam() -> None:
    weeks = tables()["plan_az104"]["weeks"]
    for week in weeks:
        assert 400 <= sum(session["minutes"] for session in week["sessions"]) <= 480
    assert "tbl-plan-first" in text()


def test_the_dated_plan_is_printed_once() -> None:
    calendar = {"start": date(2026, 12, 1)}
    selection = select(shipped(), role="sre", plan="30", day=DAY, calendar=calendar)
    written = "\n".join(chapter.text for chapter in assemble(shipped(), selection))
    assert "tbl-worked-30" not in written
    assert written.count("Agents, runners and triggers. Read") == 1


# ------------------------------------------------------------------ roles, sources, facts


def test_roles_differ_where_the_work_differs() -> None:
    roles = [row["id"] for row in tables()["roles"]]
    cases = {row["id"]: row for row in tables()["role_cases"]}
    assert sorted(cases) == sorted(roles)
    for role in roles:
        assert set(cases[role]["lens"]) == {area["id"] for area in tables()["areas"]}
        own = [q for q in tables()["questions_roles"] if q["role"] == role]
        assert len(own) == 5
        written = text(role)
        assert len(re.findall(r"\{#q-ro-\d+\}", written)) == 5
        for lens in cases[role]["lens"].values():
            assert lens in written, role
        drawn = set(cases[role]["units"][:5])
        bank = {q["skill"] for q in questions() if q["mock"] not in (1, 2)}
        assert drawn <= bank, role


def test_each_source_is_cited_and_each_mark_is_a_source() -> None:
    written = text()
    cited = set(re.findall(r"\]\(#source-(s\d+)\)", written))
    listed = {row["id"].lower() for row in tables()["sources"]}
    assert cited == listed


@pytest.mark.parametrize("key", sorted(FACTS))
def test_every_fact_is_found_by_its_key(key: str) -> None:
    fact = FACTS[key]
    book = read(fact.get("role", ""), fact.get("path", ""), fact.get("plan", ""))
    assert [term for term in fact["terms"] if re.sub(r"\s+", " ", term).lower() not in book] == []
