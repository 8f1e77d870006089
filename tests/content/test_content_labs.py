"""Every file of the labs is parsed or run as far as a machine without Azure can, and is printed in the book unchanged."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import test_content_listings as listed
import yaml

CONTENT = Path(__file__).parents[2] / "content"
LABS = CONTENT / "labs"
CHAPTERS = {
    path.name: path.read_text(encoding="utf-8")
    for path in sorted((CONTENT / "chapters").glob("27?-*.md"))
}
ROWS = [
    row
    for row in yaml.safe_load((CONTENT / "tables" / "labs.yaml").read_text())["rows"]
    if row.get("own")
]
# Files that the book names and does not print, and why.
NOT_PRINTED = {
    "requirements.txt": "four names of packages",
    "requirements-dev.txt": "two names of packages",
    ".gitignore": "seven lines",
    "test_app.py": "the tests of the application; their number is in the text",
    "bug.yml": "the issue form of unit feedback-cycles",
    "CODEOWNERS": "three lines; the chapter says what to replace",
}


def files(*suffixes: str) -> list[Path]:
    return [
        path
        for path in sorted(LABS.rglob("*"))
        if path.is_file()
        and path.parent != LABS
        and not {"__pycache__", ".ruff_cache"} & set(path.parts)
        and (not suffixes or path.suffix in suffixes)
    ]


def name(path: Path) -> str:
    return path.relative_to(LABS).as_posix()


def quote():
    spec = importlib.util.spec_from_file_location("labs_quote", LABS / "quote.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_book_prints_the_files_as_they_are() -> None:
    quoting = quote()
    stale = [chapter for chapter, text in CHAPTERS.items() if quoting.filled(text) != text]
    assert not stale, f"run `python content/labs/quote.py`: {stale}"
    printed = {found["file"] for text in CHAPTERS.values() for found in quoting.MARK.finditer(text)}
    left = {f"labs/{name(path)}" for path in files() if path.name not in NOT_PRINTED} - printed
    # A file of a `.github` folder is printed but for the two above.
    assert not left, f"no chapter prints {sorted(left)}"


def test_each_lab_has_its_frame() -> None:
    skills = {
        row["id"]
        for row in yaml.safe_load((CONTENT / "tables" / "skills.yaml").read_text())["rows"]
    }
    assert [row["number"] for row in ROWS] == list(range(1, 8))
    for row, (chapter, text) in zip(ROWS, CHAPTERS.items(), strict=True):
        assert f"\nid: {row['chapter']}\n" in text, chapter
        assert f'l.frame("{row["id"]}")' in text, chapter
        assert f'l.done("{row["id"]}")' in text, chapter
        assert set(row["skills"]) <= skills, row["id"]
        assert row["cost"]
        assert row["minutes"] >= 60
        steps = len(re.findall(r"^## Step \d+: ", text, re.M))
        assert steps >= 4, chapter
        assert text.count("**Expected:**") >= steps - 2, chapter
        assert len(text.split("## If it fails")[1].split("\n|")) >= 7, chapter


SCHEMAS = {"workflows": "github-workflows.json", "azure": "azure-pipelines.json", "dependabot": "dependabot.json"}  # fmt: skip


@pytest.mark.parametrize("path", files(".yml"), ids=name)
def test_yaml_follows_its_schema(path: Path) -> None:
    document = listed.plain(yaml.safe_load(path.read_text(encoding="utf-8")))
    if path.parent.name == "ISSUE_TEMPLATE":
        assert {"name", "description", "body"} <= set(document)
        return
    kind = (
        "workflows"
        if path.parent.name == "workflows"
        else "dependabot"
        if path.name == "dependabot.yml"
        else "azure"
    )
    reported: list[str] = []
    if kind == "azure":
        document = listed.without_newer_tasks(document, reported)
    reported += listed.complaints(document, listed.vendored(SCHEMAS[kind]), scalars=kind == "azure")
    reported += listed.dangling_github(document) if kind == "workflows" else []
    reported += listed.dangling_azure(document) if kind == "azure" else []
    assert not reported, reported


def test_jobs_see_what_they_need() -> None:
    """Names that one file gives and another takes: checks, artefacts, workflows, templates."""
    workflows = {
        path.name: listed.plain(yaml.safe_load(path.read_text()))
        for path in files(".yml")
        if path.parent.name == "workflows"
    }
    jobs = {job for workflow in workflows.values() for job in workflow["jobs"]}
    rules = json.loads((LABS / "lab6-security/scan-ruleset.json").read_text())["rules"]
    wanted = {
        check["context"]
        for rule in rules
        for check in rule.get("parameters", {}).get("required_status_checks", [])
    }
    assert wanted
    assert wanted <= jobs
    assert workflows["deploy.yml"]["on"]["workflow_run"]["workflows"] == [
        workflows["ci.yml"]["name"]
    ]
    given = {
        step["with"]["name"]
        for job in workflows["ci.yml"]["jobs"].values()
        for step in job["steps"]
        if "upload-artifact" in step.get("uses", "")
    }
    taken = {
        step["with"]["name"]
        for job in workflows["deploy.yml"]["jobs"].values()
        for step in job["steps"]
        if "download-artifact" in step.get("uses", "")
    }
    assert taken <= given
    for pipeline in LABS.rglob("azure-pipelines.yml"):
        for template in re.findall(r"template: (\S+)", pipeline.read_text()):
            assert any((lab / template).is_file() for lab in LABS.iterdir()), template


def test_what_signs_in_may_do_so() -> None:
    """A job with azure/login has id-token: write and an environment that the identity trusts."""
    trusted = set(
        re.findall(
            r"'(\w+)'",
            re.search(
                r"var stages = (.*)",
                (LABS / "lab4-infrastructure/infra/identity.bicep").read_text(),
            )[1],
        )
    )
    found = 0
    for path in files(".yml"):
        document = listed.plain(yaml.safe_load(path.read_text()))
        for job in (
            (document.get("jobs") or {}).values() if isinstance(document.get("jobs"), dict) else []
        ):
            if any("azure/login" in step.get("uses", "") for step in job.get("steps", [])):
                found += 1
                assert job["permissions"]["id-token"] == "write"
                assert job["environment"] in trusted
    assert found == 2


@pytest.mark.parametrize("path", files(".json"), ids=name)
def test_rulesets_have_known_rules(path: Path) -> None:
    ruleset = json.loads(path.read_text(encoding="utf-8"))
    assert {"name", "target", "enforcement", "conditions", "rules"} <= set(ruleset)
    known = {"deletion", "update", "non_fast_forward", "required_linear_history", "pull_request", "required_status_checks", "code_scanning"}  # fmt: skip
    assert {rule["type"] for rule in ruleset["rules"]} <= known


@pytest.mark.skipif(not shutil.which("bash"), reason="no bash on this machine")
@pytest.mark.parametrize("path", files(".sh"), ids=name)
def test_scripts_parse_and_stop_at_errors(path: Path) -> None:
    done = subprocess.run(["bash", "-n", str(path)], capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stderr) == (0, "")
    lines = path.read_text().splitlines()
    assert lines[0] == "#!/usr/bin/env bash"
    assert "set -euo pipefail" in lines
    # A variable that the script does not set is asked for at its beginning.
    used = set(re.findall(r"\$\{?([A-Z]{3,})\b", path.read_text()))
    asked = set(re.findall(r': "\$\{([A-Z]+):\?', path.read_text()))
    assert used <= asked, used - asked


@pytest.mark.skipif(not (shutil.which("git") and shutil.which("bash")), reason="no git or no bash")
@pytest.mark.parametrize(
    ("script", "says"),
    [("rescue.sh", "v1.0.0-8-g"), ("remove.sh", "Application")],
)
def test_git_scripts_run(script: str, says: str, tmp_path: Path) -> None:
    if script == "remove.sh" and not shutil.which("git-filter-repo"):
        pytest.skip("git-filter-repo is not installed (pip install git-filter-repo)")
    own = {**os.environ, "HOME": str(tmp_path), "GIT_CONFIG_NOSYSTEM": "1", "GIT_EDITOR": "true"}
    done = subprocess.run(
        ["bash", str(LABS / "lab2-repository" / script)],
        cwd=tmp_path,
        env=own,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert not done.returncode, done.stdout + done.stderr
    assert says in done.stdout.splitlines()[-1]


def app_with(tmp_path: Path, patch: str = "") -> Path:
    folder = tmp_path / "parcel"
    shutil.copytree(
        LABS / "lab1-ground" / "app", folder / "app", ignore=shutil.ignore_patterns("__pycache__")
    )
    if patch:
        subprocess.run(["git", "init", "-q", str(folder)], check=True)
        subprocess.run(["git", "apply", str(LABS / patch)], cwd=folder, check=True)
    return folder / "app"


@pytest.mark.parametrize("path", files(".py"), ids=name)
def test_python_compiles(path: Path) -> None:
    compile(path.read_text(encoding="utf-8"), name(path), "exec")


@pytest.mark.parametrize(
    ("patch", "passed"), [("", "6 passed"), ("lab7-telemetry/weight.patch", "7 passed")]
)
def test_the_application_passes_its_tests(patch: str, passed: str, tmp_path: Path) -> None:
    """In the state of lab 1, and with the repair of lab 7."""
    pytest.importorskip("flask", reason="Flask is not installed")
    pytest.importorskip("requests", reason="requests is not installed")
    folder = app_with(tmp_path, patch)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", "."],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert passed in done.stdout, done.stdout[-2000:] + done.stderr[-500:]
    assert passed in CHAPTERS["27a-lab-ground.md"] or patch


def test_the_bug_is_there_and_is_repaired(tmp_path: Path) -> None:
    """Lab 7 counts 48 answers with 200 and 12 with 500, later 400."""
    pytest.importorskip("flask", reason="Flask is not installed")
    pytest.importorskip("requests", reason="requests is not installed")
    ask = "import app; c = app.app.test_client(); print(sorted(c.get(f'/parcels/{n}/quote' + ('' if n % 5 == 0 else f'?weight={n % 9 + 1}')).status_code for n in range(1, 61)).count({})); "
    for patch, code in (("", 500), ("lab7-telemetry/weight.patch", 400)):
        folder = app_with(tmp_path / str(code), patch)
        done = subprocess.run(
            [sys.executable, "-c", ask.replace("{}", str(code))],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.stdout.strip() == "12", done.stderr[-800:]


@pytest.mark.parametrize("path", files(".bicep"), ids=name)
def test_bicep_has_its_structure(path: Path) -> None:
    code = path.read_text(encoding="utf-8")
    assert not (wrong := listed.unbalanced(code, "//", "'", "\\")), wrong
    symbols = re.findall(r"^(?:param|var|resource|module|output) (\w+)", code, re.M)
    inputs = [found for found in symbols if not re.search(rf"^output {found}\b", code, re.M)]
    assert len(inputs) == len(set(inputs))
    for kind, version in re.findall(r"'(Microsoft\.[\w./]+)@([\w-]+)'", code):
        assert re.fullmatch(r"20\d\d-\d\d-\d\d(-preview)?", version), (kind, version)
    # What is declared is used, and what is used is declared.
    for declared in re.findall(r"^(?:param|var) (\w+)", code, re.M):
        assert len(re.findall(rf"\b{declared}\b", code)) > 1, f"{declared} is not used"
    for parent in re.findall(r"^  parent: (\w+)", code, re.M):
        assert parent in symbols
    if importlib.util.find_spec("tree_sitter") and importlib.util.find_spec("tree_sitter_bicep"):
        import tree_sitter_bicep

        assert not listed.syntax_errors(tree_sitter_bicep.language(), code)


def test_scripts_give_bicep_its_parameters() -> None:
    """Each deployment in a script gives the parameters that have no default, and no other."""
    found = 0
    for script in [*(path.read_text() for path in files(".sh")), *CHAPTERS.values()]:
        joined = re.sub(r"\\\n\s*", " ", script)
        for line in joined.splitlines():
            template = re.search(r"(?:--template-file|-f) infra/(\w+\.bicep)", line)
            if not template or "az deployment" not in line or "bicep build" in line:
                continue
            found += 1
            code = next(LABS.rglob(template[1])).read_text()
            known = set(re.findall(r"^param (\w+)", code, re.M))
            wanted = set(re.findall(r"^param (\w+) \w+$", code, re.M))
            given = set(
                re.findall(
                    r"\b(\w+)=", line.split("-p " if " -p " in line else "--parameters ", 1)[1]
                )
            )
            assert wanted <= given <= known, (template[1], given, wanted)
    assert found >= 7


def test_outputs_that_scripts_read_exist() -> None:
    for script in files(".sh"):
        for deployment, output in re.findall(
            r"(?:-n|--name) (\w+) --query properties\.outputs\.(\w+)", script.read_text()
        ):
            code = next(LABS.rglob(f"{deployment}.bicep")).read_text()
            assert re.search(rf"^output {output}\b", code, re.M), (deployment, output)


def test_settings_that_the_application_reads_are_set() -> None:
    read = set(re.findall(r'environ\.get\("(\w+)"', (LABS / "lab1-ground/app/app.py").read_text()))
    set_by = (LABS / "lab4-infrastructure/infra/main.bicep").read_text() + (
        LABS / "lab5-release/.github/workflows/deploy.yml"
    ).read_text()
    assert all(re.search(rf"\b{setting}\b", set_by) for setting in read), read


@pytest.mark.parametrize("path", files(".kql", ".wiql"), ids=name)
def test_queries_have_their_structure(path: Path) -> None:
    code = path.read_text(encoding="utf-8")
    if path.suffix == ".wiql":
        assert not listed.unbalanced(code, "--", "'", "")
        assert re.match(r"SELECT .*\nFROM WorkItems\nWHERE ", code)
        return
    assert not listed.unbalanced(code, "//", "\"'", "\\")
    operators = re.findall(r"^\s*\| ([\w-]+)", code, re.M)
    assert operators
    assert set(operators) <= listed.OPERATORS
    assert "TimeGenerated > ago(" in code
