"""Which pack a command takes: the one that is named, the folder one is in, or the bundled one."""

from __future__ import annotations

from pathlib import Path

import pytest
from packs import pack, run

ROLES = "- {id: baker, name: Baker}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HANDBOOK_CONTENT")
    return pack(tmp_path / "my book", tables__roles_dot_yaml=ROLES)


def listed_roles(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    code, out, err = run(capsys, "list", "roles", *arguments)
    assert code == 0, err
    return out


def test_in_a_pack_it_is_that_pack(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "sre" in listed_roles(capsys)
    monkeypatch.chdir(folder)
    assert listed_roles(capsys) == "baker  Baker\n"
    code, out, _ = run(capsys, "build", "-q")
    assert (code, out) == (0, "output/a-book_complete.pdf\n")
    code, out, err = run(capsys, "check")
    assert (code, out, err) == (0, "", "no errors, no warnings\n")


def test_a_pack_may_be_named_by_its_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    named = listed_roles(capsys, "--content", str(folder / "handbook.yaml"))
    assert named == "baker  Baker\n"


@pytest.mark.parametrize("command", ["build", "check", "preview", "release"])
def test_a_pack_named_without_the_option_is_pointed_to_it(
    folder: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(capsys, command, folder.name)
    assert code == 2
    assert err.rstrip().endswith(
        "unexpected extra argument (my book); the content folder is named by --content 'my book'"
    )
