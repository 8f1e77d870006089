"""Files are written where they are asked for, and nothing that is not a file is replaced."""

from __future__ import annotations

import os
import re
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from packs import pack, run

from handbook.core.diagnostics import HandbookError
from handbook.core.files import write_streamed, write_whole, zip_files
from handbook.pack.scaffold import write_pack

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "HANDBOOK_NO_CACHE": "1"}
WRITERS = {
    "whole": lambda path, data: write_whole(path, data),
    "streamed": lambda path, data: write_streamed(path, lambda file: file.write(data)),
}


@pytest.mark.parametrize("writer", WRITERS)
def test_a_link_is_followed(tmp_path: Path, writer: str) -> None:
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("real")
    WRITERS[writer](tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"
    (tmp_path / "dangling").symlink_to("other")
    WRITERS[writer](tmp_path / "dangling", b"new")
    assert (tmp_path / "other").read_bytes() == b"new"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dangling", "link", "other", "real"]


@pytest.mark.parametrize("writer", WRITERS)
def test_a_fifo_is_written_to(tmp_path: Path, writer: str) -> None:
    os.mkfifo(tmp_path / "fifo")
    read: list[bytes] = []
    thread = threading.Thread(target=lambda: read.append((tmp_path / "fifo").read_bytes()))
    thread.start()
    WRITERS[writer](tmp_path / "fifo", b"new")
    thread.join(10)
    assert read == [b"new"]
    assert stat.S_ISFIFO((tmp_path / "fifo").stat().st_mode)


@pytest.mark.parametrize("writer", WRITERS)
def test_a_folder_is_an_error_and_a_failure_leaves_the_old_file(
    tmp_path: Path, writer: str
) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(HandbookError, match="it is a folder"):
        WRITERS[writer](tmp_path / "folder", b"new")
    with pytest.raises(HandbookError, match="cannot write"):
        WRITERS[writer](tmp_path / "nul\0", b"new")
    (tmp_path / "old").write_bytes(b"old")
    with pytest.raises(HandbookError), pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda handle: (_ for _ in ()).throw(OSError(28, "No space")))
        WRITERS[writer](tmp_path / "old", b"new")
    assert (tmp_path / "old").read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "old"]


def test_an_archive_follows_a_link_too(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a")
    (tmp_path / "link").symlink_to("real.zip")
    zip_files(tmp_path / "link", [("a", tmp_path / "a")])
    assert (tmp_path / "real.zip").read_bytes()[:2] == b"PK"


@pytest.mark.skipif(not hasattr(os, "mknod") or os.getuid() != 0, reason="only root makes devices")
def test_a_device_stays_a_device(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        os.mknod(tmp_path / "null", stat.S_IFCHR | 0o666, os.makedev(1, 3))
        (tmp_path / "null").write_bytes(b"x")
    except OSError:
        pytest.skip("no devices here")
    folder = pack(tmp_path / "pack")
    assert (
        run(capsys, "build", "--content", str(folder), "-o", str(tmp_path / "null"), "-q")[0] == 0
    )
    assert stat.S_ISCHR((tmp_path / "null").stat().st_mode)


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "handbook", *arguments]


def test_standard_output_by_its_path_is_the_book_alone(tmp_path: Path) -> None:
    folder = pack(tmp_path / "pack")
    arguments = command("build", "--content", str(folder), "-q", "-o", "/dev/stdout")
    done = subprocess.run(arguments, capture_output=True, env=ENVIRONMENT, timeout=300)
    assert done.returncode == 0
    assert done.stdout.startswith(b"%PDF-")
    assert done.stdout.rstrip().endswith(b"%%EOF")
    with (tmp_path / "redirected.pdf").open("wb") as file:
        subprocess.run(arguments, stdout=file, env=ENVIRONMENT, timeout=300, check=True)
    assert (tmp_path / "redirected.pdf").read_bytes() == done.stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_a_full_standard_output_is_a_clean_error() -> None:
    for arguments in (["schema", "pack"], ["info"], ["list", "roles"]):
        with open("/dev/full", "wb") as full:
            done = subprocess.run(
                command(*arguments), stdout=full, stderr=subprocess.PIPE, env=ENVIRONMENT, text=True
            )
        assert done.returncode == 1
        assert done.stderr.startswith("error: standard output: No space left on device"), (
            done.stderr
        )
        assert "Exception ignored" not in done.stderr


@pytest.mark.parametrize("name", ["../x.md", "/x.md", "a/../../x.md", "..\\x.md", ""])
def test_a_new_pack_is_written_below_its_folder_alone(tmp_path: Path, name: str) -> None:
    with pytest.raises(HandbookError, match="is outside the new folder"):
        write_pack(tmp_path / "new", {"handbook.yaml": b"title: A\n", name: b"x"})
    assert not (tmp_path / "x.md").exists()
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
@pytest.mark.parametrize("ignored", [False, True], ids=["usual", "SIGINT ignored before"])
def test_signals_end_a_command_and_leave_nothing(
    tmp_path: Path, number: signal.Signals, ignored: bool
) -> None:
    folder = pack(tmp_path / "pack")
    before = signal.signal(signal.SIGINT, signal.SIG_IGN) if ignored else None
    try:
        process = subprocess.Popen(
            command("preview", "--content", str(folder), "--no-open"),
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=ENVIRONMENT,
        )
    finally:
        if ignored:
            signal.signal(signal.SIGINT, before)
    assert process.stdout is not None
    assert process.stdout.readline().startswith("http://127.0.0.1:")
    process.send_signal(number)
    _, err = process.communicate(timeout=300)
    assert err.splitlines()[-1] == "The preview has ended."
    assert process.returncode == 0


def test_a_release_that_is_ended_leaves_no_folder(tmp_path: Path) -> None:
    folder = pack(tmp_path / "pack", one_dot_md="# A\n\n" + "Words and words.\n\n" * 4000)
    out = tmp_path / "out"
    process = subprocess.Popen(
        command("release", "--content", str(folder), "-o", str(out), "-j", "1"),
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=ENVIRONMENT,
    )
    limit = time.monotonic() + 240
    while not (out.is_dir() and any(out.iterdir())) and time.monotonic() < limit:
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=300)
    assert "Traceback" not in err
    if process.returncode:
        assert process.returncode == 130
        assert list(out.iterdir()) == []


COMMANDS = {
    "build": ("build", "-q", "--content", "PACK", "-o", "OUT/x.pdf"),
    "batch": ("batch", "ROSTER", "-q", "--content", "PACK", "-o", "OUT", "-j", "1"),
    "check": ("check", "--content", "PACK"),
    "new": ("new", "OUT/new", "--from", "PACK"),
}


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("after", [0.3, 0.8])
def test_a_signal_at_any_moment_is_not_a_traceback(tmp_path: Path, name: str, after: float) -> None:
    folder = pack(tmp_path / "pack", one_dot_md="# A\n\n" + "Words *and* words.\n\n" * 9000)
    out = tmp_path / "out"
    out.mkdir()
    rows = "".join(f"{number},L {number}\n" for number in range(5000))
    (tmp_path / "r.csv").write_text("id,name\n" + rows, "utf-8")
    places = {"PACK": folder, "OUT": out, "ROSTER": tmp_path / "r.csv"}
    words = [
        re.sub("PACK|OUT|ROSTER", lambda match: str(places[match[0]]), one)
        for one in COMMANDS[name]
    ]
    process = subprocess.Popen(
        command(*words), text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT
    )
    time.sleep(after)
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=300)
    # It may have been too early for Python to answer, or too late.
    assert process.returncode in (130, 0, 1, -signal.SIGTERM, -signal.SIGINT), err
    for word in ("Traceback", "Warning", "Exception ignored", "defect of the program"):
        assert word not in err
    if process.returncode == 130:
        assert "interrupted" in err or "stopped: " in err, err
    assert [
        path for path in out.iterdir() if path.name.startswith(".") and path.name != ".handbook"
    ] == []
