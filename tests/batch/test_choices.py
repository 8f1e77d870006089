"""What the cells of a row choose: role, path, plan, and the days of a plan."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from batches import DATE, small_pack
from packs import pack, run

PLANS = """\
- id: week
  name: One week
  days: 7
  units:
    - title: The first day
      sessions:
        - {id: s1, do: Read, minutes: 30, kind: read}
"""


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = small_pack(tmp_path / "pack")
    (folder / "tables" / "plans.yaml").write_text(PLANS, "utf-8")
    return folder


def dry_run(
    capsys: pytest.CaptureFixture[str], content: Path, roster: str, *options: str
) -> tuple[int, dict[str, list[dict[str, str]]], str]:
    path = content.parent / "roster.csv"
    path.write_text(roster, "utf-8")
    code, printed, reported = run(
        capsys,
        "batch",
        str(path),
        "--content",
        str(content),
        "--dry-run",
        "--json",
        *DATE,
        *options,
    )
    return code, json.loads(printed), reported


def test_a_start_date_without_plans_chooses_nothing_and_that_is_said(
    content: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    roster = "id;Vorname;Nachname;Rolle;Beginn\n1;Jörg;Müller;sre;01.12.2026\n"
    code, report, reported = dry_run(capsys, content, roster)
    assert code == 0
    assert [one["edition"] for one in report["learners"]] == ["SRE"]
    assert "'Beginn' chooses nothing: the roster has no study plans" in reported
    assert "--column plan=COLUMN" in reported


def test_a_name_that_the_handbook_does_not_print_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = pack(tmp_path / "plain")
    code, _, reported = dry_run(capsys, folder, "id,name\n1,Ada\n")
    assert code == 0
    assert "'name' is not printed: this handbook has no field 'learner'" in reported


def test_a_row_without_the_plan_that_others_have(
    content: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    roster = "id,name,plan,start\n1,Ada,week,2026-12-01\n2,Bob,,2026-12-01\n3,Cleo,,\n"
    code, report, reported = dry_run(capsys, content, roster)
    assert code == 1
    assert [one["id"] for one in report["learners"]] == ["1", "3"]
    reasons = [reject["reason"] for reject in report["rejects"]]
    assert reasons == ["the row has a start date and no study plan"]
    assert "chooses nothing" not in reported
