"""docs/providers.md as a provider follows it: every command is run."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from handbook.cli import main

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "providers.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\$ handbook (.*)$", PAGE, re.MULTILINE)


def test_every_command_of_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    # A small roster is enough to see that the commands do what the page says.
    roster = tmp_path / "examples" / "learners.csv"
    roster.write_text("".join(roster.read_text("utf-8").splitlines(keepends=True)[:2]), "utf-8")
    said = []
    for command in COMMANDS:
        done = CliRunner().invoke(main, shlex.split(command), catch_exceptions=False)
        assert done.exit_code == 0, (command, done.output)
        said.append(done.stdout)
    assert len(said) == 8
    assert "  Asha Rao | id: 1001 | " in said[0]
    assert "1 copy, 1 edition, about " in said[0]
    assert said[-2].endswith(
        "1001-sre.pdf, az-400_role-sre_path-sre_plan-30_start-2026-12-01_acme-academy\n"
    )
    out = tmp_path / "out"
    assert {path.name for path in out.iterdir()} == {
        "Spring-2027-Pune",
        "Spring-2027-Pune.zip",
        "index.html",
        "manifest.jsonl",
        "run.json",
    }
    assert (tmp_path / "run.pdf").stat().st_size > 100_000
    assert [path.name for path in (tmp_path / "certificates").glob("*.pdf")] == [
        "1001-Asha-Rao.pdf"
    ]
    line = json.loads((out / "manifest.jsonl").read_text("utf-8"))
    assert line["file"] == "Spring-2027-Pune/1001-sre.pdf"


def test_the_roster_on_the_page_is_that_of_the_examples() -> None:
    head = "\n".join((ROOT / "examples" / "learners.csv").read_text("utf-8").splitlines()[:2])
    assert head in PAGE
