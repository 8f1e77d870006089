"""Batches when things go wrong: disks that are full, folders that go, processes that die."""

from __future__ import annotations

import contextlib
import csv
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from batches import command, folder, made, manifest, roster, small_pack
from packs import run
from test_fields import HOSTILE

from handbook.batch import folder_store as store

ROOT = getattr(os, "geteuid", lambda: 1)() == 0


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_pack(tmp_path_factory.mktemp("pack"))


@contextlib.contextmanager
def small_disk(place: Path, size: str) -> Iterator[None]:
    """A disk of this size at `place`, which only root can have."""
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    if not ROOT or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root may make a small disk")
    try:
        yield
    finally:
        subprocess.run(["umount", str(place)], check=False)


def changed(place: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", str(place)], check=True)


def test_a_full_disk(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: Path) -> None:
    source = roster(tmp_path / "a.csv", 150)
    made(capsys, content, source, tmp_path / "whole")
    size = sum(path.stat().st_size for path in (tmp_path / "whole").rglob("*.pdf"))
    with small_disk(tmp_path / "disk", str(size // 2)):
        out = tmp_path / "disk" / "out"
        code, reported = made(capsys, content, source, out)
        assert code == 1
        assert "No space left on device" in str(reported["messages"])
        assert "repeat the command" in str(reported["messages"])
        assert not list(out.rglob("*.part"))
        changed(tmp_path / "disk", f"size={size * 3}")
        # A manifest is there, so the same command goes on.
        assert made(capsys, content, source, out)[0] == 0
        assert folder(out) == folder(tmp_path / "whole")


def test_a_disk_that_can_only_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: Path
) -> None:
    source = roster(tmp_path / "a.csv", 3)
    with small_disk(tmp_path / "disk", "1m"):
        changed(tmp_path / "disk", "ro")
        code, reported = made(capsys, content, source, tmp_path / "disk" / "out")
        assert code == 1
        assert "cannot write" in str(reported["messages"])
        assert "Read-only file system" in str(reported["messages"])


def test_a_folder_that_vanishes(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    content: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    source, out = roster(tmp_path / "a.csv", 150), tmp_path / "out"
    made(capsys, content, source, tmp_path / "whole")
    write = store.Folder.write
    count = [0]

    def goes(self: store.Folder, name: str, parts: list[bytes], *more: Any) -> None:
        count[0] += 1
        if count[0] == 120:
            shutil.rmtree(out)
        write(self, name, parts, *more)

    monkeypatch.setattr(store.Folder, "write", goes)
    code, reported = made(capsys, content, source, out)
    assert code == 1
    assert "No such file or directory" in str(reported["messages"])
    assert not out.exists()
    assert made(capsys, content, source, out, "--resume")[0] == 0
    assert folder(out) == folder(tmp_path / "whole")


def test_a_process_that_dies_is_made_up_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: Path
) -> None:
    source, out = roster(tmp_path / "a.csv", 1000), tmp_path / "out"
    made(capsys, content, source, tmp_path / "whole")

    def kill() -> None:
        while not list(out.glob("*.pdf")):
            time.sleep(0.01)
        multiprocessing.active_children()[0].kill()

    killer = threading.Thread(target=kill)
    killer.start()
    code, reported = made(capsys, content, source, out, "-j", "2")
    killer.join()
    assert (code, reported.get("written")) == (0, 1000), reported
    assert folder(out) == folder(tmp_path / "whole")


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="asks Linux who lives")
def test_processes_end_with_the_one_that_began_them(tmp_path: Path, content: Path) -> None:
    source, out = roster(tmp_path / "a.csv", 20_000), tmp_path / "out"
    process = subprocess.Popen(command(content, source, out, "-j", "2"), start_new_session=True)
    while not list(out.glob("*.pdf")):
        time.sleep(0.05)

    def alive() -> list[str]:
        found = []
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with contextlib.suppress(OSError):
                words = stat.read_text("utf-8").rpartition(")")[2].split()
                if words[3] == str(process.pid) and words[0] != "Z":
                    found.append(stat.parent.name)
        return found

    assert len(alive()) > 2
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    for _ in range(100):
        if not alive():
            break
        time.sleep(0.1)
    assert not alive()


# ----------------------------------------------------------------- hostile rows

NAMES = yaml.safe_load((Path(__file__).parents[1] / "names.yaml").read_text("utf-8"))
KINDS = [
    *HOSTILE,
    *(name for group in NAMES.values() for name in group["names"][:2]),
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2",
    "@SUM(1)",
    "\t=1",
    "'=1",
    "",
    " ",
    "A" * 255,
    "é" * 255,
    "CON",
    "con",
    "nul.pdf",
    "..",
    "../../../etc/passwd",
    "/etc/passwd",
    "C:\\x",
    "\\\\host\\x",
    "a\nb",
    '"quoted"',
    ".hidden",
    "x.pdf",
    "\u202egpj.exe",
    "\u0000",
    "~",
    "$(id)",
    "`id`",
]


def hostile(path: Path, count: int) -> list[int]:
    """A roster of hostile rows; the numbers of those that are not blank."""
    chance = random.Random(11)
    reported: list[int] = []
    lines = [b"id,name,role,cohort"]
    for number in range(1, count + 1):
        if chance.random() < 0.02:
            lines.append(chance.choice([b"", b",,,", b"  ,"]))
            continue
        reported.append(number)
        cells = [
            chance.choice([str(number), str(number), "5", "AbC", "aBc", chance.choice(KINDS)]),
            chance.choice([*KINDS, f"Learner {number}"]),
            chance.choice(["sre", "dev", "", "SRE", "pilot", "\ud800"]),
            chance.choice(KINDS), *["extra"] * chance.choice([0, 0, 0, 0, 3]),
        ]  # fmt: skip
        cells = cells[: chance.choice([2, 3, 4, 5, 7, 7, 7, 7])]
        if not any(cell.replace("\0", "").strip() for cell in cells):
            cells[1] = f"Learner {number}"
        text = ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)
        encoding = chance.choice(["utf-8"] * 9 + ["cp1252"])
        try:
            lines.append(
                text.encode(encoding, "strict" if encoding == "cp1252" else "surrogatepass")
            )
        except UnicodeEncodeError:
            lines.append(text.encode("utf-8", "surrogatepass"))
    path.write_bytes(b"\n".join(lines))
    return reported


def test_a_thousand_hostile_rows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: Path
) -> None:
    numbers = hostile(tmp_path / "a.csv", 1000)
    out = tmp_path / "deep" / "out"
    before = folder(tmp_path)
    code, reported = made(
        capsys, content, tmp_path / "a.csv", out, "--name-template", "{cohort}/{id}-{learner}.pdf"
    )
    assert code == 1
    assert reported.get("written", 0) > 200, reported  # type: ignore[operator]
    # Each row is a copy or a reject with a reason, and none is both.
    copies = [int(str(line["row"])) for line in manifest(out)]
    with (out / "rejects.csv").open(encoding="utf-8-sig", newline="") as file:
        rejects = list(csv.reader(file))
    refused = [int(row[0]) for row in rejects[1:]]
    assert sorted(copies + refused) == numbers
    assert all(row[1] for row in rejects)
    assert run(capsys, "batch", "--check", str(out))[0] == 0
    # Nothing was written outside, and nothing but copies and lists inside.
    inside = {f"deep/out/{name}" for name in folder(out)}
    assert {n: d for n, d in folder(tmp_path).items() if n not in inside} == before
    assert all(
        name.endswith((".pdf", "manifest.jsonl", "rejects.csv", "run.json")) for name in inside
    )
    # A spreadsheet runs none of it.
    assert not [cell for row in rejects for cell in row if cell[:1] in tuple("=+-@\t\r")]
    # Once fixed, the rejects are a roster.
    with (tmp_path / "b.csv").open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(rejects[0])
        for number, row in enumerate(rejects[1:]):
            rows.writerow([*row[:2], f"m{number}", f"Mended {number}", "sre", "Spring"])
    code, reported = made(capsys, content, tmp_path / "b.csv", tmp_path / "more")
    assert (code, reported.get("written")) == (0, len(refused)), reported
