"""`handbook new`: a pack that builds without a warning, for every role and in every theme."""

from __future__ import annotations

from pathlib import Path

import pytest
from packs import run
from pdfread import reading_order_text

from handbook.theme.loader import shipped_themes


@pytest.fixture
def begun(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    folder = tmp_path / "our-club"
    code, out, err = run(capsys, "new", str(folder))
    assert (code, out) == (0, f"{folder}\n")
    assert "handbook.yaml" in err
    assert f"handbook build --content {folder}" in err
    return folder


def built(capsys: pytest.CaptureFixture[str], folder: Path, *options: str) -> str:
    target = folder.parent / "book.pdf"
    command = ["build", "--content", str(folder), "-o", str(target), "--strict", *options]
    code, _, err = run(capsys, *command, "-q")
    assert (code, err) == (0, "")
    return reading_order_text(target.read_bytes())


@pytest.mark.parametrize("role", ["", "newcomer", "mentor"])
def test_it_builds_without_a_warning(
    begun: Path, capsys: pytest.CaptureFixture[str], role: str
) -> None:
    choice = ("--role", role) if role else ()
    text = built(capsys, begun, *choice, "--learner", "Asha Rao")
    assert text.startswith("Our club")
    assert "Asha Rao" in text
    assert ("Have key and password ready by nine" in text) is (role != "newcomer")
    assert ("Watch one task from beginning to end" in text) is (role != "mentor")


def test_it_builds_in_every_theme(begun: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for theme in shipped_themes():
        assert "The first week" in built(capsys, begun, "--theme", theme)


def test_a_title_with_every_kind_of_quote(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "x"
    run(capsys, "new", str(folder), "--title", 'Ann\'s "own": a book # 1', "-q")
    assert "a book # 1" in built(capsys, folder)


def test_an_empty_folder_is_taken_and_a_full_one_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, "new", str(tmp_path), "-q")[0] == 0
    (tmp_path / "handbook.yaml").write_text("title: Mine\n", encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))
    code, out, err = run(capsys, "new", str(tmp_path))
    assert (code, out) == (1, "")
    assert "is not empty" in err
    assert "hint: name a folder that does not exist yet" in err
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / "handbook.yaml").read_text(encoding="utf-8") == "title: Mine\n"
    code, _, err = run(capsys, "new", str(tmp_path / "handbook.yaml"))
    assert code == 1
    assert "is a file" in err
