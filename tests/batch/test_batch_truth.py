"""A batch never says that copies are there which are not, whatever happens to its places.

HANDBOOK_FAULTS sets how often each defect is tried.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from batches import command, folder, made, manifest, roster, small_pack
from packs import pack, run
from PIL import Image
from test_batch_chaos import small_disk

from handbook.batch import lock, object_store, stores
from handbook.pipeline import executors

FAULTS = int(os.environ.get("HANDBOOK_FAULTS", "1"))


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_pack(tmp_path_factory.mktemp("pack"))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, content: Path) -> Path:
    """The folder of an undisturbed run."""
    where = tmp_path_factory.mktemp("whole")
    source = roster(where / "a.csv", 600)
    subprocess.run(command(content, source, where / "out", "-j", "1"), check=True)
    return where


def copies(out: Path) -> int:
    return sum(1 for _ in out.glob("*.pdf")) if out.is_dir() else 0


def is_true(code: int, out: Path, capsys: pytest.CaptureFixture[str]) -> bool:
    """Whether a run that ended well has every copy."""
    return code != 0 or (
        len(manifest(out)) == 600 and run(capsys, "batch", "--check", str(out))[0] == 0
    )


@pytest.mark.parametrize("number", range(FAULTS))
def test_a_folder_that_vanishes_under_two_workers(
    tmp_path: Path, content: Path, whole: Path, number: int, capsys: pytest.CaptureFixture[str]
) -> None:
    out, chance = tmp_path / "out", random.Random(number)
    arguments = command(content, whole / "a.csv", out, "-j", "2")
    process = subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True)
    limit = chance.randrange(1, 500)
    while copies(out) < limit and process.poll() is None:
        time.sleep(0.005)
    # Files come and go while the folder is taken away.
    for _ in range(20):
        shutil.rmtree(out, ignore_errors=True)
        if not out.exists():
            break
    _, reported = process.communicate(timeout=120)
    assert is_true(process.returncode, out, capsys), reported
    if process.returncode:
        assert "error:" in reported
        assert "Traceback" not in reported
    subprocess.run(arguments, check=True)
    assert folder(out) == folder(whole / "out")


@pytest.mark.parametrize("number", range(FAULTS))
def test_copies_that_are_taken_away_meanwhile(
    tmp_path: Path, content: Path, whole: Path, number: int, capsys: pytest.CaptureFixture[str]
) -> None:
    out, chance = tmp_path / "out", random.Random(number)
    arguments = command(content, whole / "a.csv", out, "-j", "1")
    process = subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True)
    while copies(out) < 50 and process.poll() is None:
        time.sleep(0.005)
    for path in chance.sample(sorted(out.glob("*.pdf")), 20):
        path.unlink(missing_ok=True)
    _, reported = process.communicate(timeout=120)
    assert is_true(process.returncode, out, capsys), reported
    if process.returncode:
        assert "20 of 600 copies are no longer there" in reported
        assert not (out / "manifest.jsonl").exists()
    subprocess.run(arguments, check=True)
    assert folder(out) == folder(whole / "out")


@pytest.mark.parametrize("number", range(FAULTS))
def test_two_runs_at_once(
    tmp_path: Path, content: Path, whole: Path, number: int, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    arguments = command(content, whole / "a.csv", out, "-j", "1")
    runs = [subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    reported = [process.communicate(timeout=120)[1] for process in runs]
    codes = sorted(process.returncode for process in runs)
    # One has the folder; the other reports that, or starts after the first has ended.
    assert codes in ([0, 1], [0, 0]), reported
    if codes == [0, 1]:
        assert "another run is working here: process" in "".join(reported)
    assert folder(out) == folder(whole / "out")


@pytest.mark.parametrize("number", range(FAULTS))
def test_a_run_that_is_killed(
    tmp_path: Path, content: Path, whole: Path, number: int, capsys: pytest.CaptureFixture[str]
) -> None:
    out, limit = tmp_path / "out", random.Random(number).randrange(1, 550)
    arguments = command(content, whole / "a.csv", out, "-j", "1")
    process = subprocess.Popen(arguments)
    while copies(out) < limit and process.poll() is None:
        time.sleep(0.005)
    process.kill()
    process.wait()
    assert (out / lock.LOCK).is_file()
    if process.returncode:
        # What is there is no finished run, and is not taken for one.
        assert run(capsys, "batch", "--check", str(out))[0] == 1
    subprocess.run(arguments, check=True)
    assert folder(out) == folder(whole / "out")


@pytest.mark.parametrize("number", range(FAULTS))
def test_a_temporary_disk_that_is_full(
    tmp_path: Path, content: Path, whole: Path, number: int
) -> None:
    with small_disk(tmp_path / "temp", "64k"):
        place = str(tmp_path / "temp")
        environment = {**os.environ, "TMPDIR": place, "SQLITE_TMPDIR": place}
        (tmp_path / "temp" / "ballast").write_bytes(b"x" * (62_000 - 3_000 * number))
        out = tmp_path / "out"
        lines = (whole / "a.csv").read_text("utf-8").splitlines()
        long = [lines[0], *(f"{line} {'x' * 2000}" for line in lines[1:])]
        arguments = command(
            content, Path("-"), out, "-j", "1", "--print-run", str(tmp_path / "run.pdf")
        )
        done = subprocess.run(
            arguments,
            input="\n".join(long),
            capture_output=True,
            text=True,
            env=environment,
            check=False,
        )
        assert done.returncode == 1
        assert "temporary files" in done.stderr or "keep standard input" in done.stderr
        assert "Traceback" not in done.stderr
        assert "defect" not in done.stderr


@pytest.mark.parametrize("number", range(FAULTS))
def test_a_scheduler_without_workers(
    tmp_path: Path,
    content: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    number: int,
) -> None:
    distributed: Any = pytest.importorskip("distributed")
    monkeypatch.setattr(executors, "PATIENCE", 1)
    with distributed.LocalCluster(
        n_workers=0, dashboard_address=None, processes=False, scheduler_port=0, protocol="tcp"
    ) as cluster:
        code, reported = made(
            capsys,
            content,
            roster(tmp_path / "a.csv", 3 + number),
            tmp_path / "out",
            "--scheduler",
            cluster.scheduler_address,
        )
    assert code == 1
    assert "has had no workers for 1 seconds" in str(reported["messages"])
    assert "dask worker tcp://" in str(reported["messages"])


class _Late(object_store.FsspecStore):
    """A store that lists an object only after a while, or never."""

    calls = 0
    hidden = 0

    def __reduce__(self) -> Any:
        return _Late, (self.place,)

    def _listed(self, below: str) -> dict[str, int]:
        found = super()._listed(below)
        type(self).calls += 1
        if type(self).calls <= type(self).hidden:
            found = {n: size for n, size in found.items() if not n.endswith("5.pdf")}
        return found


@pytest.mark.parametrize("number", range(FAULTS))
@pytest.mark.parametrize(("hidden", "code"), [(4, 0), (10**6, 1)])
def test_a_store_that_answers_late(
    tmp_path: Path,
    content: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    hidden: int,
    code: int,
    number: int,
) -> None:
    url = f"memory://late-{hidden}-{number}-{tmp_path.name}"
    monkeypatch.setattr(object_store, "FIRST_PAUSE", 0.001)
    monkeypatch.setattr(lock, "SETTLE", 0.0)
    monkeypatch.setattr(stores, "FsspecStore", _Late)
    _Late.calls, _Late.hidden = 0, hidden
    source = roster(tmp_path / "a.csv", 15)
    done, reported = made(capsys, content, source, url, "--name-template", "{id}.pdf")
    assert done == code, reported
    if code:
        assert "2 of 15 copies are no longer there" in str(reported["messages"])
        _Late.hidden = 0
        done, reported = made(capsys, content, source, url, "--name-template", "{id}.pdf")
        assert (done, reported["kept"]) == (0, 15)


@pytest.mark.parametrize(
    "name", ["/etc/hostname", "../other.pdf", "a\\u0000b", "C:/x.pdf", "a/../../x"]
)
@pytest.mark.parametrize("list_", ["manifest.jsonl", ".handbook/journal/00000000.jsonl"])
def test_a_list_that_names_a_file_outside(
    tmp_path: Path, content: Path, capsys: pytest.CaptureFixture[str], name: str, list_: str
) -> None:
    source, out = roster(tmp_path / "a.csv", 2), tmp_path / "out"
    made(capsys, content, source, out)
    (tmp_path / "other.pdf").write_bytes(b"of somebody else")
    entry = (out / "manifest.jsonl").read_text("utf-8").splitlines()[0]
    path = out / list_
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(entry.replace("1-Learner-Number1-Marker00001x.pdf", name) + "\n", "utf-8")
    if list_ == "manifest.jsonl":
        code, _, reported = run(capsys, "batch", "--check", str(out))
        assert (code, "manifest.jsonl is damaged" in reported) == (1, True)
        code, _, reported = run(capsys, "forget", "1", "-o", str(out))
        assert (code, "manifest.jsonl is damaged" in reported) == (1, True)
    made(capsys, content, source, out, "--prune")
    assert (tmp_path / "other.pdf").read_bytes() == b"of somebody else"
    assert run(capsys, "batch", "--check", str(out))[0] == 0


def test_a_claim_that_is_dropped_is_reported_as_a_build_does(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = pack(
        tmp_path,
        handbook_dot_yaml="title: A book\nlenient: true\nchapters: [one.md]\n",
        one_dot_md="---\ntitle: One\n---\n\n![](dot.png)\n",
    )
    Image.new("RGB", (4, 3)).save(tmp_path / "dot.png")
    (tmp_path / "a.csv").write_text("id,name\n1,Asha\n2,Ben\n", "utf-8")
    code, _, err = run(
        capsys,
        "batch",
        str(tmp_path / "a.csv"),
        "-o",
        str(tmp_path / "out"),
        "--content",
        str(own),
        "-j",
        "1",
    )
    assert code == 0, err
    assert err.count("[claim]") == 1
    assert "not PDF/A-2a and PDF/UA-1: a picture has no alternative text" in err
