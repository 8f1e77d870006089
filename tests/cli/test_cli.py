"""The command line as a user meets it: what is printed where, exit codes, files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from packs import CHAPTER, pack, run

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("option", "value", "near"),
    [("--role", "sree", "sre"), ("--path", "devop", "devops"), ("--plan", "31", "30"),
     ("--theme", "defualt", "default")],
)  # fmt: skip
def test_unknown_choices_name_the_nearest(
    option: str, value: str, near: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, out, err = run(capsys, "build", option, value, "-o", str(tmp_path / "x.pdf"), "-q")
    assert code == 1
    assert f"did you mean {near!r}?" in err
    assert out == ""
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("command", "option", "value"),
    [("build", "--paper", "a44"), ("batch", "--paper", "a44"), ("preview", "--paper", "a44"),
     ("release", "--papers", "letter,a44")],
)  # fmt: skip
def test_unknown_papers_exit_2_and_name_the_nearest(
    command: str, option: str, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, command, option, value)
    assert (code, out) == (2, "")
    assert f"Invalid value for '{option}': unknown paper 'a44'; did you mean 'a4'?" in err


def test_a_field_without_a_value_is_not_a_field(capsys: pytest.CaptureFixture[str]) -> None:
    """A script's variable was not set: a book without the name would be the wrong one."""
    for value in ("learner=", "learner= "):
        code, _, err = run(capsys, "build", "--field", value)
        assert (code, "--field learner is empty; give it a value" in err) == (2, True)


def test_usage_errors_exit_2(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (
        ["build", "--nope"],
        ["build", "--date", "yesterday"],
        ["build", "--all", "--role", "sre"],
        ["list", "cats"],
    ):
        code, out, err = run(capsys, *arguments)
        assert code == 2, arguments
        assert "Traceback" not in err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_unwritable_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tmp_path.chmod(0o500)
    code, _, err = run(capsys, "build", "-q", "-o", str(tmp_path / "x.pdf"))
    assert code == 1
    assert "cannot write" in err


def test_a_file_where_a_folder_should_be(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("x")
    folder = pack(tmp_path / "pack")
    target = tmp_path / "file" / "x.pdf"
    code, _, err = run(capsys, "build", "-q", "--content", str(folder), "-o", str(target))
    assert code == 1
    assert "cannot write" in err
    assert err.count("error: ") == 1


def test_the_path_is_the_last_line_and_the_rest_goes_to_stderr(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = pack(tmp_path / "pack")
    target = tmp_path / "deep" / "book.pdf"
    code, out, err = run(capsys, "build", "--content", str(folder), "-o", str(target))
    assert code == 0
    assert out == f"{target}\n"
    assert "A book" in err
    assert target.read_bytes().startswith(b"%PDF-1.7")
    assert [p.name for p in target.parent.iterdir()] == ["book.pdf"]


def test_standard_output(tmp_path: Path) -> None:
    folder = pack(tmp_path / "pack")
    command = [sys.executable, str(ROOT / "build.py"), "--content", str(folder), "-o", "-"]
    done = subprocess.run(command, capture_output=True, check=True)
    assert done.stdout.startswith(b"%PDF-")
    assert done.stdout.rstrip().endswith(b"%%EOF")


def test_output_is_named_after_what_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, _ = run(capsys, "build", "--role", "sre", "--plan", "30", "-q")
    assert code == 0
    assert out == "output/az-400_role-sre_path-sre_plan-30.pdf\n"


def test_all_builds_every_role(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], pack: object
) -> None:
    code, out, _ = run(capsys, "build", "--all", "-o", str(tmp_path), "-q")
    assert code == 0
    names = sorted(Path(line).name for line in out.splitlines())
    assert names == sorted(p.name for p in tmp_path.iterdir())
    assert len(names) == 8


def test_lists(capsys: pytest.CaptureFixture[str]) -> None:
    for what, count in (("roles", 8), ("paths", 7), ("plans", 3), ("chapters", 32)):
        code, out, _ = run(capsys, "list", what)
        assert code == 0
        assert len(out.splitlines()) == count
        code, out, _ = run(capsys, "list", what, "--json")
        assert len(json.loads(out)) == count


def test_facts_due(capsys: pytest.CaptureFixture[str]) -> None:
    _, everything, _ = run(capsys, "list", "facts", "--json")
    _, due, _ = run(capsys, "list", "facts", "--due", "2026-12-31", "--json")
    _, none, _ = run(capsys, "list", "facts", "--due", "2020-01-01", "--json")
    assert json.loads(none) == []
    assert 0 < len(json.loads(due)) < len(json.loads(everything))
    assert all(fact["review_by"] <= "2026-12-31" for fact in json.loads(due))
    assert all(fact["place"].split(":")[-1].isdigit() for fact in json.loads(due))


def test_source_date_epoch(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = pack_with_date(tmp_path)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    run(capsys, "build", "--content", str(folder), "-o", str(tmp_path / "a.pdf"), "-q")
    assert b"2023-11-14T00:00:00Z" in (tmp_path / "a.pdf").read_bytes()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "soon")
    code, _, err = run(capsys, "build", "--content", str(folder), "-q")
    assert code == 1
    assert "SOURCE_DATE_EPOCH is not a day in seconds since 1970: " in err


def pack_with_date(folder: Path) -> Path:
    return pack(folder / "pack")


def test_light_commands_do_not_load_the_engine() -> None:
    code = (
        "import sys; from handbook.cli import main; main(['list', 'roles'], standalone_mode=False);"
        "print([m for m in ('reportlab', 'markdown', 'jinja2', 'PIL') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_page_pictures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = pack(
        tmp_path / "pack", one_dot_md=CHAPTER + "\n::page-break\n\nTwo.\n\n::page-break\n\nThree.\n"
    )
    target = tmp_path / "out" / "book.pdf"
    command = ["build", "--content", str(folder), "-o", str(target), "-q", "--png"]
    code, out, _ = run(capsys, *command, "--pages", "1,3")
    assert code == 0
    assert out == f"{target}\n"
    names = sorted(p.name for p in target.with_suffix("").iterdir())
    assert names == ["page-001.png", "page-003.png"]
    for path in target.with_suffix("").iterdir():
        assert path.read_bytes().startswith(b"\x89PNG")
    target.unlink()
    code, _, err = run(capsys, *command, "--pages", "2-9")
    assert code == 1
    assert "names no pages of a book of 3" in err
    assert not target.exists()
    assert run(capsys, "build", "--pages", "1")[0] == 2


def test_completion_and_version(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "completion", "bash")
    assert code == 0
    assert "_HANDBOOK_COMPLETE" in out
    code, out, _ = run(capsys, "--version")
    assert code == 0
    assert "handbook" in out


@pytest.mark.parametrize("learner", ["../../etc/passwd", "a/b\\c", "अक्षय", "..", "CON", "x" * 80])
def test_a_learners_name_never_leaves_the_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], learner: str
) -> None:
    folder = pack(tmp_path / "pack")
    out = tmp_path / "out"
    out.mkdir()
    arguments = ["--content", str(folder), "--learner", learner, "-o", str(out), "-q"]
    code, printed, _ = run(capsys, "build", *arguments)
    assert code == 0
    written = list(tmp_path.rglob("*.pdf"))
    assert [str(path) for path in written] == printed.split()
    assert written[0].parent == out


def test_learners_whose_names_differ_in_accents_get_files_of_their_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = pack(tmp_path / "pack")
    monkeypatch.chdir(tmp_path)
    names = {"Zoë": "zoë", "Zoé": "zoé", "山田 太郎": "山田-太郎"}
    for name, slug in names.items():
        code, out, _ = run(capsys, "build", "--content", str(folder), "--learner", name)
        assert (code, out.strip()) == (0, f"output/a-book_complete_{slug}.pdf")
