"""Unusual environments: names of files that are not UTF-8, closed streams, relative folders."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from packs import pack

from handbook.core.cache import cache_folder
from handbook.pack.settings import user_file

pytestmark = pytest.mark.skipif(sys.platform == "darwin", reason="file names there are UTF-8")


def command(where: Path, encoding: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    environment = {
        **os.environ,
        "PYTHONIOENCODING": encoding,
        "XDG_CACHE_HOME": str(where / "kept"),
    }
    environment.pop("HANDBOOK_NO_CACHE", None)
    line = [sys.executable, "-m", "handbook", *arguments]
    return subprocess.run(line, cwd=where, env=environment, capture_output=True, check=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = pack(tmp_path / "é\udcff", handbook_dot_yaml="title: A book\n")
    (folder / "one.md").rename(folder / "w\udcff.md")
    return folder


def test_a_pack_with_such_a_name_is_built_and_kept(folder: Path) -> None:
    for _ in range(2):
        done = command(folder.parent, "utf-8", "build", "--content", folder.name, "-o", "a.pdf")
        assert (done.returncode, done.stdout) == (0, b"a.pdf\n"), done.stderr


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "ascii"])
def test_json_is_json_in_every_encoding(folder: Path, encoding: str) -> None:
    arguments = ("list", "chapters", "--json", "--content", folder.name)
    done = command(folder.parent, encoding, *arguments)
    rows = json.loads(done.stdout.decode(encoding))
    assert [row["file"] for row in rows] == [f"{folder.name}/w\udcff.md"], done.stderr


def test_an_error_in_such_a_name_is_not_blamed_on_the_terminal(folder: Path) -> None:
    done = command(folder.parent, "utf-8", "new", "b\udcff")
    assert done.returncode == 1
    assert b"bytes that are not UTF-8: b'\\xff' [file]\n  hint: rename it" in done.stderr


def test_closed_standard_output_is_an_error_of_its_own(tmp_path: Path) -> None:
    pack(tmp_path)
    line = f"{sys.executable} -m handbook build -q -o - --content . >&-"
    done = subprocess.run(line, shell=True, cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 1
    assert done.stderr.decode() == (
        "error: standard output is closed [unwritable]\n  hint: name a file with -o\n"
    )


def test_a_relative_folder_of_xdg_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The specification says so: otherwise each folder one works in gets a cache of its own."""
    for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, "relative")
    monkeypatch.delenv("HANDBOOK_USER_SETTINGS")
    assert cache_folder().is_absolute()
    assert user_file({"XDG_CONFIG_HOME": "relative"}) == user_file({})
