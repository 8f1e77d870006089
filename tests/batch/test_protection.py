"""Batches of signed copies, and of copies with passwords from a column of the roster."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pikepdf
import pytest
from certificates import PASSPHRASE, write_certificate
from click.testing import CliRunner, Result
from second_programs import said_by

from handbook.cli import main

ROSTER = "id,learner,secret\n1,Ada Lovelace,alpha-1\n2,Jürgen Groß,beta-2\n3,Grace Hopper,\n"


def _batch(folder: Path, roster: str, *options: str) -> Result:
    pack = folder / "pack"
    if not pack.exists():
        (pack / "chapters").mkdir(parents=True)
        (pack / "handbook.yaml").write_text(
            "title: Protected\nchapters: [chapters/a.md]\nfields:\n  learner: {label: Name}\n"
        )
        (pack / "chapters/a.md").write_text("# A day\n\nFor :field[learner].\n")
    (folder / "roster.csv").write_text(roster)
    command = ["batch", str(folder / "roster.csv"), "-o", str(folder / "out"), "-j", "1"]
    return CliRunner().invoke(
        main,
        [*command, "--content", str(pack), *options],
        env={"HANDBOOK_SIGN_PASSWORD": PASSPHRASE},
    )


def _entries(folder: Path) -> list[dict[str, str]]:
    lines = (folder / "out/manifest.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


def test_passwords_come_from_a_column(tmp_path: Path) -> None:
    result = _batch(tmp_path, ROSTER, "--password-column", "secret")
    assert result.exit_code == 1
    assert "it does not claim to be" in result.output
    assert "the row has no password" in (tmp_path / "out/rejects.csv").read_text()
    entries = _entries(tmp_path)
    assert len(entries) == 2
    for entry, password in zip(entries, ["alpha-1", "beta-2"], strict=True):
        file = tmp_path / "out" / entry["file"]
        assert hashlib.sha256(file.read_bytes()).hexdigest() == entry["sha256"]
        with pytest.raises(pikepdf.PasswordError):
            pikepdf.open(file)
        with pikepdf.open(file, password=password) as pdf:
            assert pdf.allow.accessibility
    assert "alpha-1" not in (tmp_path / "out/manifest.jsonl").read_text()


def test_copies_are_kept_until_their_password_changes(tmp_path: Path) -> None:
    roster = ROSTER.splitlines(keepends=True)[:-1]
    _batch(tmp_path, "".join(roster), "--password-column", "secret")
    before = [entry["sha256"] for entry in _entries(tmp_path)]
    again = _batch(
        tmp_path, "".join(roster).replace("beta-2", "gamma-3"), "--password-column", "secret"
    )
    assert again.exit_code == 0, again.output
    after = [entry["sha256"] for entry in _entries(tmp_path)]
    assert before[0] == after[0]
    assert before[1] != after[1]


def test_a_column_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    result = _batch(tmp_path, ROSTER, "--password-column", "secrets")
    assert result.exit_code == 1
    assert "no column 'secrets'" in str(result.exception)


def test_all_copies_are_signed_with_one_key(tmp_path: Path) -> None:
    pytest.importorskip("pyhanko")
    write_certificate(tmp_path / "key.p12")
    result = _batch(tmp_path, ROSTER, "--sign", str(tmp_path / "key.p12"))
    assert result.exit_code == 0, result.output
    entries = _entries(tmp_path)
    assert len(entries) == 3
    for entry in entries:
        file = tmp_path / "out" / entry["file"]
        assert hashlib.sha256(file.read_bytes()).hexdigest() == entry["sha256"]
        assert "Signature is Valid" in said_by("pdfsig", str(file))[1]
    kept = _batch(tmp_path, ROSTER, "--sign", str(tmp_path / "key.p12"))
    assert kept.exit_code == 0, kept.output
    assert _entries(tmp_path) == entries
