"""Exports of twelve systems: what a person would expect comes out, or the message says how.

`exports/expected.json` has for each file the learners (name, id, edition) that it gives without
an option, and, where a person has to decide, the option that the message named and what it gives.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from batches import DATE, small_pack
from packs import run

FOLDER = Path(__file__).parent / "exports"
EXPECTED: dict[str, dict[str, Any]] = json.loads((FOLDER / "expected.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_pack(tmp_path_factory.mktemp("pack"))


def dry_run(
    capsys: pytest.CaptureFixture[str], content: Path, name: str, *options: str
) -> dict[str, Any]:
    arguments = ["--content", str(content), "--dry-run", "--json", *DATE, *options]
    _, printed, reported = run(capsys, "batch", str(FOLDER / name), *arguments)
    assert printed, reported
    return json.loads(printed)  # type: ignore[no-any-return]


def learners(report: dict[str, Any]) -> list[list[str]]:
    return [[one["learner"], one["id"], one["edition"]] for one in report["learners"]]


def test_there_are_exports_of_twelve_systems() -> None:
    systems = {
        "moodle", "canvas", "blackboard", "google-classroom", "google-forms", "teams", "ms-forms",
        "zoom", "eventbrite", "salesforce", "workday", "excel",
    }  # fmt: skip
    assert all(any(name.startswith(system) for name in EXPECTED) for system in systems)
    assert all(any(name.startswith(system) for system in systems) for name in EXPECTED)
    assert len(EXPECTED) >= 30


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_an_export_is_used_as_it_is(
    name: str, capsys: pytest.CaptureFixture[str], content: Path
) -> None:
    expected = EXPECTED[name]
    report = dry_run(capsys, content, name)
    assert learners(report) == expected["learners"]
    assert report["copies"] == len(expected["learners"])
    assert report["rejected"] == expected.get("rejected", 0)
    assert report["left_out"] == expected.get("left_out", {})
    reasons = " ".join(reject["reason"] for reject in report["rejects"])
    assert expected.get("message", "") in reasons
    assert expected.get("note", "") in " ".join(report["notes"])
    if "cohorts" in expected:
        assert [one["cohort"] for one in report["learners"]] == expected["cohorts"]
    if "then" in expected:
        options = [str(FOLDER / o) if o.endswith(".csv") else o for o in expected["then"]]
        report = dry_run(capsys, content, name, *options)
        assert learners(report) == expected["learners_then"]
        assert report["rejected"] == 0
