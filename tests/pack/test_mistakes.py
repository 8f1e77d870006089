"""Each mistake an author can make: reported once, in the right place, in helpful words, and no file written."""

from __future__ import annotations

import ast
import re
from datetime import date
from pathlib import Path

import pytest
from mistakes import CHAPTER, MISTAKES
from packs import pack, run

import handbook
from handbook.check.checker import check_folder
from handbook.check.codes import CODES

PACKAGE = Path(handbook.__file__).parent


def broken(folder: Path, name: str) -> Path:
    pack(folder)
    for file, text in MISTAKES[name].files.items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        if text is None:
            path.unlink()
        else:
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def test_there_are_more_than_sixty() -> None:
    assert len(MISTAKES) >= 60
    assert {mistake.code for mistake in MISTAKES.values()} <= set(CODES)


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_gives_one_message(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mistake = MISTAKES[name]
    folder = broken(tmp_path / "pack", name)
    target = tmp_path / "out" / "book.pdf"
    code, out, err = run(capsys, "build", "--content", str(folder), "-o", str(target), "-q")
    assert (code, out) == (1, "")
    head, _, hint = err.partition("\n  hint: ")
    assert len(re.findall(r"^\S+: error: |^error: ", err, re.MULTILINE)) == 1, err
    assert mistake.message in head
    assert mistake.hint in hint
    assert head.endswith(f"[{mistake.code}]") or f"[{mistake.code}]\n" in head
    if mistake.place:
        assert f"{folder}/{mistake.place}" in head.replace("/pack/./", "/pack/")
    assert "Traceback" not in err
    assert not target.parent.exists()


@pytest.mark.parametrize("name", MISTAKES)
def test_check_tells_the_same(name: str, tmp_path: Path) -> None:
    mistake = MISTAKES[name]
    folder = broken(tmp_path / "pack", name)
    own = folder / "own.yaml"
    theme = str(own) if own.exists() else "default"
    found = [f.diagnostic for f in check_folder(folder, day=date(2026, 11, 23), theme=theme)]
    reported = [d for d in found if d.code == mistake.code and mistake.message in d.message]
    assert reported, found
    assert mistake.place in reported[0].place
    assert [d for d in found if d.severity == "error"] == reported[:1]


def test_a_byte_order_mark_is_not_a_mistake(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = pack(tmp_path / "pack", tables__t_dot_csv="id,name\na,A\n")
    for name in ("handbook.yaml", "one.md", "tables/t.csv"):
        (folder / name).write_bytes(b"\xef\xbb\xbf" + (folder / name).read_bytes())
    code, _, err = run(capsys, "check", "--content", str(folder))
    assert (code, "unused-table" in err, err.count("warning: ")) == (0, True, 1)


def test_all_mistakes_of_all_files_are_reported_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = pack(
        tmp_path / "pack",
        handbook_dot_yaml="title: A\ncolour: red\nchapters: [one.md, two.md, tow.md]\n"
        "fields:\n  x: {width: 1, lines: many}\n",
        one_dot_md="---\ntitle: A\nlayuot: x\ndepth: y\n---\n",
        two_dot_md="no title\n",
        tables__roles_dot_yaml="- {id: a}\n- {id: a, name: A}\n",
        tables__t_dot_csv="a,b\n1\n",
    )
    places = [
        "handbook.yaml:2:1", "handbook.yaml:3:28", "handbook.yaml:5:14", "handbook.yaml:5:24",
        "one.md:3:1", "one.md:4:8", "tables/roles.yaml:1:3", "tables/roles.yaml:2:8",
        "tables/t.csv:2", "two.md:1",
    ]  # fmt: skip
    for command in (["build", "-o", str(tmp_path / "x.pdf")], ["check"]):
        code, _, err = run(capsys, *command, "--content", str(folder))
        assert code == 1
        assert re.findall(rf"^{re.escape(str(folder))}/(\S+): error: ", err, re.M) == places


def test_at_a_terminal_the_line_is_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = pack(tmp_path / "pack", one_dot_md=CHAPTER + "\nSee [it](#nowhere).\n")
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    _, _, err = run(capsys, "check", "--content", str(folder))
    assert err.splitlines()[1:3] == ["  7 | See [it](#nowhere).", "    |          ^^^^^^^^"]
    assert "\x1b" not in err
    monkeypatch.delenv("NO_COLOR")
    _, _, err = run(capsys, "check", "--content", str(folder))
    assert "\x1b[1;31merror:\x1b[0m a link to nowhere" in err


def test_every_code_is_explained() -> None:
    text = (Path(__file__).parents[2] / "docs" / "diagnostics.md").read_text("utf-8")
    listed = dict(re.findall(r"^\| `([\w-]+)` \| (.+?) \|$", text, re.MULTILINE))
    assert listed == CODES


def test_every_code_in_use_is_listed() -> None:
    places = {"Diagnostic": 5, "add": 3, "_fault": 3, "_warning": 3, "_at": 3}
    used: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                place = places.get(name, len(node.args))
                given = [k.value for k in node.keywords if k.arg == "code"]
                given += node.args[place : place + 1]
                used |= {v.value for v in given if isinstance(v, ast.Constant) and v.value}
    assert {code for code in used if " " not in str(code)} <= set(CODES)
