"""Blocks, figures and executors of other packages, by their entry points."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from packs import CHAPTER, pack, run
from pdfread import reading_order_text

from handbook.core import plugins

EXAMPLE = Path(__file__).parents[2] / "examples" / "plugin"
TEXT = (
    CHAPTER
    + """
::: steps minutes=5
Boil the water.

Pour it.
:::

::figure kind=gauge value=7 of=10 label=Weeks caption="How far you are"
"""
)


def installed(folder: Path, source: Path) -> Path:
    """The package in `source` as pip lays it out in `folder`: its files and its metadata."""
    project = (source / "pyproject.toml").read_text(encoding="utf-8")
    name, version = (
        re.search(rf'^{key} = "(.+)"', project, re.MULTILINE) for key in ("name", "version")
    )
    assert name
    assert version
    info = folder / f"{name[1].replace('-', '_')}-{version[1]}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {name[1]}\nVersion: {version[1]}\n"
    )
    points = configparser.ConfigParser()
    for group, lines in re.findall(r'entry-points\."([\w.]+)"\]\n((?:\w+ = ".+"\n)+)', project):
        points[group] = dict(re.findall(r'(\w+) = "(.+)"', lines))
    with (info / "entry_points.txt").open("w", encoding="utf-8") as file:
        points.write(file)
    for package in source.iterdir():
        if (package / "__init__.py").is_file():
            shutil.copytree(package, folder / package.name)
    return folder


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The example plug-in, installed for one test."""
    site = installed(tmp_path / "site", EXAMPLE)
    monkeypatch.syspath_prepend(str(site))
    plugins.installed.cache_clear()
    yield site
    plugins.installed.cache_clear()
    sys.modules.pop("handbook_example", None)


def test_a_block_and_a_figure(
    example: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, target = pack(tmp_path / "pack", one_dot_md=TEXT), tmp_path / "book.pdf"
    code, _, err = run(
        capsys, "build", "--content", str(folder), "-o", str(target), "-q", "--strict"
    )
    assert (code, err) == (0, "")
    text = reading_order_text(target.read_bytes())
    assert re.search(r"1\. +Boil the water\. \(5 min\)\n2\. +Pour it\. \(5 min\)\n", text)
    assert "[Gauge. Weeks: 7 of 10.]" in text


def test_an_executor(example: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = pack(
        tmp_path / "pack",
        handbook_dot_yaml="title: B\nchapters: [one.md]\nfields:\n  learner: {label: Name}\n",
        one_dot_md=CHAPTER + "\n:field[learner]\n",
    )
    roster = tmp_path / "names.csv"
    roster.write_text("learner\nAsha Rao\nMarek Nowak\nLi Wei\n", encoding="utf-8")
    batch = ["batch", str(roster), "--content", str(folder), "-q"]
    for out, extra in (("a", ["--scheduler", "threads://?count=2"]), ("b", ["-j", "1"])):
        code, _, err = run(capsys, *batch, "-o", str(tmp_path / out), *extra)
        assert code == 0, err
    made, same = (sorted((tmp_path / out).rglob("*.pdf")) for out in "ab")
    assert len(made) == 3
    assert [file.read_bytes() for file in made] == [file.read_bytes() for file in same]
    code, _, err = run(capsys, *batch, "-o", str(tmp_path / "c"), "--scheduler", "thraeds://")
    assert code == 1
    assert "unknown kind of address 'thraeds://'" in err
    assert "did you mean 'threads'?" in err


def test_without_the_package_the_names_are_unknown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plugins.installed.cache_clear()
    folder = pack(tmp_path / "pack", one_dot_md=TEXT)
    code, _, err = run(
        capsys, "build", "--content", str(folder), "-o", str(tmp_path / "x.pdf"), "-q"
    )
    assert code == 1
    assert "one.md:13" in err
    assert "unknown kind of figure 'gauge'" in err
    assert not (tmp_path / "x.pdf").exists()


def test_a_plug_in_that_fails_is_reported_at_its_place(
    example: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = TEXT.replace("value=7", "value=seven")
    folder = pack(tmp_path / "pack", one_dot_md=wrong)
    code, _, err = run(
        capsys, "build", "--content", str(folder), "-o", str(tmp_path / "x.pdf"), "-q"
    )
    assert code == 1
    assert re.search(r"one\.md:13(:\d+)?: error: the plug-in for 'gauge' failed: ValueError", err)
    module = example / "handbook_example" / "__init__.py"
    module.write_text("raise RuntimeError('no')\n", encoding="utf-8")
    plugins.installed.cache_clear()
    sys.modules.pop("handbook_example", None)
    code, _, err = run(
        capsys, "build", "--content", str(folder), "-o", str(tmp_path / "x.pdf"), "-q"
    )
    assert code == 1
    assert "the plug-in handbook-example cannot be loaded: no" in err


def test_two_packages_with_one_name(
    example: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    shutil.copytree(EXAMPLE / "handbook_example", other / "rival")
    project = (EXAMPLE / "pyproject.toml").read_text(encoding="utf-8")
    rival = project.replace("handbook_example", "rival").replace("handbook-example", "rival")
    (other / "pyproject.toml").write_text(rival, encoding="utf-8")
    monkeypatch.syspath_prepend(str(installed(tmp_path / "site2", other)))
    plugins.installed.cache_clear()
    folder = pack(tmp_path / "pack", one_dot_md=TEXT)
    code, _, err = run(
        capsys, "build", "--content", str(folder), "-o", str(tmp_path / "x.pdf"), "-q"
    )
    assert code == 1
    assert "several packages offer 'steps': handbook-example, rival" in err


def test_names_that_handbook_knows_look_nothing_up(tmp_path: Path) -> None:
    folder = pack(tmp_path / "pack", one_dot_md=CHAPTER + "\n::: tip\nx\n:::\n\n::contents\n")
    code = (
        "import sys; from handbook.cli import run\n"
        f"try: run(['build', '--content', {str(folder)!r}, '-o', {str(tmp_path / 'x.pdf')!r}, '-q'])\n"
        "except SystemExit as stop: print(stop.code, 'handbook.core.plugins' in sys.modules, sys.modules.get("
        "'handbook.core.plugins').installed.cache_info().currsize)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "0 True 0"
