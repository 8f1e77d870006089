"""The workflows are what their services take, may do no more than they must, and are pinned."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
GITLAB = ROOT / "examples" / "gitlab-ci.yml"
RELEASE = ROOT / ".github" / "workflows" / "release.yml"


def load(path: Path) -> Any:
    # `on` is a key here, and true in YAML 1.1.
    return yaml.load(path.read_text("utf-8"), yaml.BaseLoader)


def steps(path: Path) -> list[dict[str, Any]]:
    return [step for job in load(path)["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize(
    ("path", "schema"),
    [*((path, "vendor.github-workflows") for path in WORKFLOWS), (GITLAB, "vendor.gitlab-ci")],
    ids=lambda value: getattr(value, "name", value),
)
def test_the_service_takes_it(path: Path, schema: str) -> None:
    if not find_spec("check_jsonschema"):
        words = "check-jsonschema is not installed (pip install 'handbook[publish]')"
        pytest.fail(words) if os.environ.get("HANDBOOK_REQUIRE_ALL") else pytest.skip(words)
    from check_jsonschema import main

    done = CliRunner().invoke(main, ["--builtin-schema", schema, str(path)])
    assert done.exit_code == 0, done.output


def test_the_release_may_do_no_more_than_it_must() -> None:
    workflow = load(RELEASE)
    assert workflow["permissions"] == {}
    jobs = workflow["jobs"]
    assert jobs["build"]["permissions"] == {"contents": "read"}
    assert jobs["publish"]["permissions"] == {
        "contents": "write",
        "id-token": "write",
        "attestations": "write",
    }
    # Those who may write run nothing of the project.
    assert not any("checkout" in step.get("uses", "") for step in jobs["publish"]["steps"])


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_action_is_pinned_to_a_commit(path: Path) -> None:
    used = [step["uses"] for step in steps(path) if "uses" in step]
    assert used
    assert [name for name in used if not re.search(r"@[0-9a-f]{40}$", name)] == []


def test_every_package_that_is_installed_has_hashes() -> None:
    root = Path(__file__).parents[2]
    for name in ("run.txt", "test.txt", "dev.txt"):
        lock = (root / "locks" / name).read_text("utf-8")
        packages = re.split(r"\n(?=\S)", lock.strip())
        assert len(packages) > 20
        assert [one for one in packages if "--hash=sha256:" not in one and one[0] != "#"] == []
    for path in [*WORKFLOWS, root / ".ci" / "run", root / "README.md"]:
        for line in path.read_text("utf-8").splitlines():
            if re.search(r"pip install\b.*-r ", line):
                assert "--require-hashes" in line, (path.name, line)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_no_script_takes_words_from_outside(path: Path) -> None:
    assert [step["run"] for step in steps(path) if "${{" in step.get("run", "")] == []


@pytest.mark.parametrize("path", [*WORKFLOWS, GITLAB], ids=lambda path: path.name)
def test_the_scripts_are_valid_shell(path: Path) -> None:
    if path == GITLAB:
        jobs = [job for name, job in load(path).items() if name in ("check", "publish")]
        scripts = [line for job in jobs for line in job["script"]]
    else:
        scripts = [step["run"] for step in steps(path) if "run" in step]
    for script in [
        *scripts,
        *(p.read_text("utf-8") for p in (ROOT / ".ci").iterdir() if not p.suffix),
    ]:
        done = subprocess.run(["bash", "-n"], input=script, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


def test_the_commands_are_known() -> None:
    from handbook.cli import COMMANDS

    text = RELEASE.read_text("utf-8") + GITLAB.read_text("utf-8")
    named = set(re.findall(r"(?:bin/|- |^\s+)handbook ([a-z]+)", text, re.M))
    assert {"release", "check", "diff"} <= named <= set(COMMANDS)


def test_lower_bounds_are_read_from_the_project() -> None:
    command = [sys.executable, str(ROOT / ".ci" / "lower_bounds.py"), "png"]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    assert "click==8.2" in lines
    assert any(line.startswith("pypdfium2==") for line in lines)
