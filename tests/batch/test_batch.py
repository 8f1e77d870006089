"""Batches: a copy for each row or a reason, nothing twice, nothing outside, and resuming."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pikepdf
import pytest
from batches import DATE, command, folder, made, manifest, roster, small_pack
from packs import run
from readback import Reader, fold
from small import ONE


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_pack(tmp_path_factory.mktemp("pack"))


def test_every_row_has_its_copy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: Path
) -> None:
    code, reported = made(capsys, content, roster(tmp_path / "a.csv", 30), tmp_path / "out")
    assert (code, reported["written"], reported["rejected"], reported["editions"]) == (0, 30, 0, 3)
    lines = manifest(tmp_path / "out")
    assert [line["row"] for line in lines] == list(range(1, 31))
    for line in lines:
        data = (tmp_path / "out" / str(line["file"])).read_bytes()
        assert hashlib.sha256(data).hexdigest() == line["sha256"]
        assert len(data) == line["bytes"]
        text = fold(Reader(data).structure().text)
        assert f"Marker{line['row']:05}x" in text
        assert ("for the SRE" in text) == (line["row"] % 3 == 0)  # type: ignore[operator]
    # The same again keeps what is there.
    code, reported = made(capsys, content, tmp_path / "a.csv", tmp_path / "out")
    assert (code, reported["written"], reported["kept"]) == (0, 0, 30)


def test_no_copy_holds_a_byte_of_another_learner(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: Path
) -> None:
    made(capsys, content, roster(tmp_path / "a.csv", 24), tmp_path / "out")
    for line in manifest(tmp_path / "out"):
        path = tmp_path / "out" / str(line["file"])
        with pikepdf.open(path) as pdf:
            parts = [path.read_bytes(), repr(pdf.trailer).encode()]
            for item in pdf.objects:
                parts.append(item.unparse(resolved=True))
                if isinstance(item, pikepdf.Stream):
                    parts.append(item.read_bytes())
        text = Reader(path.read_bytes()).structure().text
        everything = b"".join(parts).decode("latin-1") + text
        for other in range(1, 25):
            present = f"Marker{other:05}x" in everything
            assert present == (other == line["row"]) or (other == line["row"])


def test_one_process_or_two_the_same_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: Path
) -> None:
    source = roster(tmp_path / "a.csv", 40, "99,,sre,\n")
    assert made(capsys, content, source, tmp_path / "one", "-j", "1")[0] == 1
    assert made(capsys, content, source, tmp_path / "two", "-j", "2")[0] == 1
    assert folder(tmp_path / "one") == folder(tmp_path / "two")


def test_bad_rows_do_not_stop_the_rest_and_can_be_fixed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: Path
) -> None:
    bad = (
        "90,,sre,\n91,Bo,pilot,\n92,Gil \U00012000,sre,\n1,Twice,sre,\n93,Long "
        + "x" * 3000
        + ",dev,\n"
    )
    out = tmp_path / "out"
    code, reported = made(
        capsys, content, roster(tmp_path / "a.csv", 5, bad), out, "--name-template", "{id}.pdf"
    )
    assert (code, reported.get("written"), reported.get("rejected")) == (1, 5, 5), reported
    rejects = (out / "rejects.csv").read_text("utf-8-sig").splitlines()
    assert rejects[0] == "row,reason,id,name,role,cohort"
    reasons = " ".join(rejects[1:])
    for words in ("has no name", "unknown role 'pilot'", "U+12000", "that of row 1", "too long"):
        assert words in reasons
    # Once fixed, the rejects are a roster themselves.
    fixed = (out / "rejects.csv").read_text("utf-8").splitlines()
    fixed = [fixed[0], fixed[1].replace("90,,", "90,Now Named,")]
    (tmp_path / "b.csv").write_text("\n".join(fixed), "utf-8")
    assert made(capsys, content, tmp_path / "b.csv", tmp_path / "more")[0] == 0


def test_the_first_bad_row_stops_those_who_want_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: Path
) -> None:
    source = roster(tmp_path / "a.csv", 5, "90,,sre,\n")
    code, reported = made(capsys, content, source, tmp_path / "out", "--fail-fast")
    assert code == 1
    assert "row 6: the row has no name" in str(reported["messages"])


def test_a_dry_run_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: Path
) -> None:
    source = roster(tmp_path / "a.csv", 12, "90,,sre,\n")
    before = folder(tmp_path)
    code, out, _ = run(
        capsys, "batch", str(source), "--content", str(content), "--dry-run", "--json", *DATE
    )
    reported = json.loads(out)
    assert code == 1
    assert (reported["copies"], reported["editions"], reported["rejected"]) == (12, 3, 1)
    assert reported["rejects"] == [{"row": 13, "reason": "the row has no name"}]
    assert folder(tmp_path) == before


def test_names_of_files(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: Path) -> None:
    rows = "7,अक्षय,sre,../../x\n8,a/b\\c,dev,CON\n9," + "é" * 100 + ",sre,\n"
    (tmp_path / "a.csv").write_text("id,name,role,cohort\n" + rows, "utf-8")
    out = tmp_path / "out"
    code, _ = made(
        capsys,
        content,
        tmp_path / "a.csv",
        out,
        "--name-template",
        "{cohort}/{id}-{learner}-{role}.pdf",
    )
    assert code == 0
    files = [str(line["file"]) for line in manifest(out)]
    assert files[0] == "x/7-अक्षय-sre.pdf"
    assert files[1] == "_CON/8-a-b-c-dev.pdf"
    assert len(files[2].encode()) < 255
    assert all(out in (out / file).resolve().parents for file in files)


def test_a_template_that_leads_outside_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: Path
) -> None:
    source = roster(tmp_path / "a.csv", 2)
    for template, words in (
        ("../{id}.pdf", "below the output"),
        ("{idd}.pdf", "did you mean 'id'"),
    ):
        code, reported = made(
            capsys, content, source, tmp_path / "out", "--name-template", template
        )
        assert code == 1
        assert words in str(reported["messages"])


def test_a_folder_is_checked_against_its_manifest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: Path
) -> None:
    out = tmp_path / "out"
    made(capsys, content, roster(tmp_path / "a.csv", 4), out)
    assert run(capsys, "batch", "--check", str(out))[0] == 0
    files = sorted(out.glob("*.pdf"))
    files[0].unlink()
    files[1].write_bytes(files[1].read_bytes() + b"x")
    (out / "stray.pdf").write_bytes(b"x")
    code, reported, _ = run(capsys, "batch", "--check", str(out))
    assert code == 1
    assert f"{files[0].name}: missing" in reported
    assert f"{files[1].name}: changed" in reported
    assert "stray.pdf: not in the manifest" in reported


def test_the_archive_is_the_same_for_the_same_copies(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: Path
) -> None:
    source = roster(tmp_path / "a.csv", 6)
    for name in ("one/copies", "two/copies"):
        made(capsys, content, source, tmp_path / name, "--zip")
    one, two = (tmp_path / name / "copies" / "copies.zip" for name in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()
    with zipfile.ZipFile(one) as archive:
        assert len(archive.namelist()) == 7


# ------------------------------------------------------------------------- chaos


KILLS = 20 if os.environ.get("HANDBOOK_FULL_GRID") else 4


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, content: Path) -> tuple[Path, float]:
    """A folder with a roster and the copies of an undisturbed run, and the seconds that it took."""
    where = tmp_path_factory.mktemp("whole")
    source = roster(where / "a.csv", 1500)
    start = time.perf_counter()
    subprocess.run(command(content, source, where / "out"), check=True, capture_output=True)
    return where, time.perf_counter() - start


@pytest.mark.parametrize("number", range(KILLS))
def test_a_run_that_is_killed_continues_where_it_stopped(
    tmp_path: Path, content: Path, whole: tuple[Path, float], number: int
) -> None:
    where, took = whole
    source, out = where / "a.csv", tmp_path / "out"
    process = subprocess.Popen(
        command(content, source, out),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    time.sleep(random.Random(number).uniform(0.3, took))
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    resumed = subprocess.run(
        command(content, source, out, "--resume"), check=False, capture_output=True
    )
    assert resumed.returncode == 0, resumed.stderr
    assert folder(out) == folder(where / "out")


@pytest.mark.parametrize("finished", [True, False])
@pytest.mark.parametrize("change", ["content", "option"])
def test_another_run_does_not_go_on_in_an_old_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: Path, change: str, finished: bool
) -> None:
    out, own = tmp_path / "out", tmp_path / "content"
    shutil.copytree(content, own)
    source = roster(tmp_path / "a.csv", 4)
    made(capsys, own, source, out)
    before = folder(out)
    if not finished:
        (out / ".handbook" / "journal").mkdir(parents=True)
        (out / "manifest.jsonl").rename(out / ".handbook" / "journal" / "00000000.jsonl")
    if change == "content":
        (own / "one.md").write_text(ONE.replace("A page", "Another page"), "utf-8")
    options = ["--paper", "letter"] if change == "option" else []
    code, reported = made(capsys, own, source, out, "--resume", *options)
    assert code == 1
    assert f"another {'--paper' if change == 'option' else 'content'}" in str(reported["messages"])
    copies = {name: mark for name, mark in before.items() if name.endswith(".pdf")}
    assert copies.items() <= folder(out).items()


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupted_run_stops_at_once_and_continues(
    tmp_path: Path, content: Path, jobs: str
) -> None:
    source = roster(tmp_path / "a.csv", 20_000)
    out = tmp_path / "out"
    process = subprocess.Popen(
        command(content, source, out, "-j", jobs), stderr=subprocess.PIPE, start_new_session=True
    )
    journal = out / ".handbook" / "journal" / "00000001.jsonl"
    while not journal.is_file() and process.poll() is None:
        time.sleep(0.1)
    os.killpg(process.pid, signal.SIGINT)
    before = len(list(out.glob("*.pdf")))
    _, reported = process.communicate(timeout=300)
    assert process.returncode == 130
    assert "of 20,000 copies are there" in reported.decode()
    assert "hint: repeat the command to continue" in reported.decode()
    assert "Traceback" not in reported.decode()
    # What was waiting was dropped, not done before stopping.
    assert len(list(out.glob("*.pdf"))) < before + 1000
    assert all(not path.name.startswith(".") for path in out.glob("*.pdf"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir(mode=0o500)
    code, reported = made(capsys, content, roster(tmp_path / "a.csv", 2), out)
    assert code == 1
    assert "cannot write" in str(reported["messages"])


@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="asks Linux for the memory")
def test_memory_does_not_grow_with_the_roster(tmp_path: Path, content: Path) -> None:
    code = (
        "import re, sys\nfrom handbook.cli import run\n"
        "try:\n    run(sys.argv[1:])\nfinally:\n"
        "    print(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1])"
    )

    def peak(count: int, *options: str) -> int:
        source = roster(tmp_path / f"{count}.csv", count)
        arguments = command(content, source, tmp_path / f"out-{count}", *options)[3:]
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments], check=True, capture_output=True, text=True
        )
        return int(done.stdout.split()[-1])

    assert peak(30_000, "--dry-run") < 1.2 * peak(1000, "--dry-run")
    if os.environ.get("HANDBOOK_FULL_GRID"):
        assert peak(10_000, "-j", "1") < 1.2 * peak(1000, "-j", "1")
