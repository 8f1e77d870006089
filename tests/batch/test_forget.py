"""One learner erased: nothing of them is left in the folder, and the rest is consistent."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from batches import DATE, made, manifest, small_pack
from packs import run


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_pack(tmp_path_factory.mktemp("pack"))


def roster(path: Path) -> Path:
    path.write_text(
        "id,name,role,cohort,Identifier\n1,Ada Byron,sre,Spring,Participant 11\n"
        "2,Grace Hopper,dev,Autumn,Participant 12\n3,Mary Shelley,sre,Spring,Participant 13\n"
        "2,,sre,Autumn,Participant 12\n",
        "utf-8",
    )
    return path


def everything(folder: Path) -> bytes:
    parts = [str(path).encode() + path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    for path in folder.rglob("*.zip"):
        with zipfile.ZipFile(path) as archive:
            parts += [i.filename.encode() + archive.read(i) for i in archive.infolist()]
    return b"\n".join(parts)


def test_nothing_of_a_learner_is_left(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: Path
) -> None:
    out = tmp_path / "out"
    code, _ = made(
        capsys,
        content,
        roster(tmp_path / "a.csv"),
        out,
        "--zip",
        "--zip-by",
        "cohort",
        "--index",
        "--handout",
        "--moodle",
        str(out / "moodle.zip"),
        "--print-run",
        str(out / "run.pdf"),
        "--name-template",
        "{cohort}/{id}-{learner}.pdf",
    )
    assert code == 1
    assert run(capsys, "batch", "--check", str(out))[0] == 0
    number = str(manifest(out)[1]["copy"])
    with zipfile.ZipFile(out / "moodle.zip") as archive:
        assert archive.namelist()[0] == "Ada Byron_11_assignfeedback_file/1-Ada-Byron.pdf"
    code, printed, _ = run(capsys, "forget", "2", "-o", str(out))
    assert code == 0
    for name in (
        "manifest.jsonl",
        "handout.csv",
        "index.html",
        "rejects.csv",
        "out.zip",
        "moodle.zip",
        "run.pdf (removed",
        "Autumn.zip (removed",
    ):
        assert name in printed
    left = everything(out)
    for mark in (b"Hopper", b"Grace", number.encode(), b"Participant 12", b"Autumn"):
        assert mark not in left, mark
    assert [line["id"] for line in manifest(out)] == ["1", "3"]
    assert "2 copies, in the order" in (out / "index.html").read_text("utf-8")
    assert run(capsys, "batch", "--check", str(out))[0] == 0
    with zipfile.ZipFile(out / "out.zip") as archive:
        assert archive.read("manifest.jsonl") == (out / "manifest.jsonl").read_bytes()
    # Again: there is no one to erase.
    code, _, messages = run(capsys, "forget", "2", "-o", str(out))
    assert (code, "there is no copy and no reject of '2'" in messages) == (1, True)
    # The others are kept by the next run.
    source = tmp_path / "a.csv"
    lines = source.read_text("utf-8").splitlines()
    source.write_text("\n".join([lines[0], lines[1], lines[3]]) + "\n", "utf-8")
    code, told_ = made(
        capsys, content, source, out, "--name-template", "{cohort}/{id}-{learner}.pdf"
    )
    assert (code, told_["written"], told_["kept"]) == (0, 0, 2)


def test_by_copy_number_or_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: Path
) -> None:
    out = tmp_path / "out"
    made(capsys, content, roster(tmp_path / "a.csv"), out)
    first, second, _ = manifest(out)
    assert run(capsys, "forget", str(first["copy"]), "-o", str(out))[0] == 0
    assert run(capsys, "forget", str(second["file"]), "-o", str(out))[0] == 0
    assert [json.loads(t)["id"] for t in (out / "manifest.jsonl").read_text().splitlines()] == ["3"]
    assert len(list(out.glob("*.pdf"))) == 1


def test_a_run_that_has_not_ended(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: Path
) -> None:
    out = tmp_path / "out"
    made(capsys, content, roster(tmp_path / "a.csv"), out)
    (out / ".handbook" / "journal").mkdir(parents=True)
    (out / ".handbook" / "journal" / "00000000.jsonl").write_text("")
    code, _, messages = run(capsys, "forget", "1", "-o", str(out))
    assert (code, "a run in this folder has not ended" in messages) == (1, True)


def test_files_of_earlier_runs_and_of_elsewhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: Path
) -> None:
    """A file that a later run does not make again is still known, and its age is reported."""
    out, source = tmp_path / "out", roster(tmp_path / "a.csv")
    made(capsys, content, source, out, "--zip", "--print-run", str(tmp_path / "press.pdf"))
    source.write_text(source.read_text("utf-8").replace("Mary Shelley", "Mary Godwin"), "utf-8")
    code, _, messages = run(
        capsys, "batch", str(source), "--content", str(content), "-o", str(out), "-j", "1", *DATE
    )
    assert code == 1
    assert "note: made by an earlier run, and no longer up to date: out.zip" in messages
    assert run(capsys, "batch", "--check", str(out))[0] == 0
    code, printed, _ = run(capsys, "forget", "2", "-o", str(out))
    assert code == 0
    assert "../press.pdf (not touched: it is elsewhere; delete it, it may hold the copy)" in printed
    assert b"Hopper" not in everything(out)
    assert run(capsys, "batch", "--check", str(out))[0] == 0
    # Once it is deleted, it is not named any more.
    (tmp_path / "press.pdf").unlink()
    assert "press.pdf" not in run(capsys, "forget", "1", "-o", str(out))[1]
