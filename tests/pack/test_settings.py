"""Settings: pack, then user file, then environment, then options."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from packs import pack, run

from handbook.core.units import PAPERS
from handbook.pack.settings import KEYS, user_file


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A pack that says grayscale and a5; the user says letter and duplex."""
    config = "title: A\nchapters: [one.md]\nsettings:\n  paper: a5\n  grayscale: true\n"
    (tmp_path / "user.yaml").write_text("paper: letter\nduplex: true\n")
    monkeypatch.setenv("HANDBOOK_USER_SETTINGS", str(tmp_path / "user.yaml"))
    return pack(tmp_path / "pack", handbook_dot_yaml=config)


def size(path: Path) -> tuple[int, int]:
    import pikepdf

    with pikepdf.open(path) as pdf:
        box = pdf.pages[0].mediabox
    return round(float(box[2])), round(float(box[3]))


def of(paper: str) -> tuple[int, int]:
    width, height = PAPERS[paper]
    return round(width), round(height)


def test_each_later_one_wins(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    target = tmp_path / "x.pdf"
    command = ["build", "--content", str(folder), "-o", str(target), "-q"]
    run(capsys, *command)
    assert size(target) == of("letter")
    monkeypatch.setenv("HANDBOOK_PAPER", "a4")
    run(capsys, *command)
    assert size(target) == of("a4")
    run(capsys, *command, "--paper", "letter")
    assert size(target) == of("letter")
    monkeypatch.delenv("HANDBOOK_PAPER")
    monkeypatch.setenv("HANDBOOK_USER_SETTINGS", "none")
    run(capsys, *command)
    assert size(target) == of("a5")


def test_info_says_where_each_value_came_from(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HANDBOOK_JOBS", "3")
    code, out, _ = run(capsys, "info", "--content", str(folder), "--json")
    reported = json.loads(out)
    assert code == 0
    assert set(reported) == {"versions", "lock", "folders", "validator", "settings"}
    settings = {
        key: (row["value"], row["origin"].split("/")[-1])
        for key, row in reported["settings"].items()
    }
    assert list(settings) == list(KEYS)
    assert settings["paper"] == ("letter", "user.yaml:1")
    assert settings["duplex"] == (True, "user.yaml:2")
    assert settings["grayscale"] == (True, "handbook.yaml:5")
    assert settings["jobs"] == (3, "HANDBOOK_JOBS")
    assert settings["theme"] == ("default", "built in")
    assert reported["folders"]["content"] == str(folder)
    code, out, _ = run(capsys, "info", "--content", str(folder))
    assert 'paper        "letter"  (' in out


@pytest.mark.parametrize(
    ("user", "variable", "words"),
    [
        ("papr: a4\n", "", "user.yaml:1:1: error: unknown key 'papr' of the settings"),
        ("paper: a44\n", "", "user.yaml:1:8: error: 'paper' of the settings cannot be 'a44'"),
        ("duplex: 3\n", "", "must be true or false"),
        ("- a\n", "", "must be a mapping"),
        ("", "PAPER=a44", "HANDBOOK_PAPER: error: 'paper' cannot be 'a44'"),
        ("", "DUPLEX=perhaps", "HANDBOOK_DUPLEX: error: 'perhaps' is neither true nor false"),
        ("", "JOBS=many", "HANDBOOK_JOBS: error: 'many' is not a number"),
    ],
)  # fmt: skip
def test_mistakes_in_settings(
    user: str,
    variable: str,
    words: str,
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "user.yaml").write_text(user)
    if variable:
        name, _, value = variable.partition("=")
        monkeypatch.setenv(f"HANDBOOK_{name}", value)
    code, out, err = run(capsys, "build", "--content", str(folder))
    assert (code, out) == (1, "")
    assert words in err


def test_where_the_users_file_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert user_file({}) == tmp_path / ".config" / "handbook" / "settings.yaml"
    assert user_file({"XDG_CONFIG_HOME": "/x"}) == Path("/x/handbook/settings.yaml")
    assert user_file({"CI": "true"}) is None
    assert user_file({"CI": "true", "HANDBOOK_USER_SETTINGS": "/y.yaml"}) == Path("/y.yaml")
    assert user_file({"HANDBOOK_USER_SETTINGS": "none"}) is None


def test_a_theme_of_the_packs_own_is_found_next_to_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = "title: A\nchapters: [one.md]\nsettings: {theme: own.yaml, hours: 4}\n"
    folder = pack(tmp_path / "pack", handbook_dot_yaml=config, own_dot_yaml="extends: defualt\n")
    code, _, err = run(capsys, "build", "--content", str(folder), "-o", str(tmp_path / "x.pdf"))
    assert code == 1
    assert "unknown theme 'defualt'" in err
