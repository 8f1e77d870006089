"""docs/first-book.md as a new user follows it: every command is run, every edit made."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "first-book.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(console|diff)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# Where the preview listens is not the page's to say.
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/(?:[\w-]+/)?")


def handbook(arguments: list[str], folder: Path, ends: bool = True) -> tuple[str, int]:
    """What a command prints in the order of a terminal; one that does not end gets Ctrl-C."""
    command = [sys.executable, "-m", "handbook", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    printed = ""
    if not ends:
        assert process.stdout is not None
        while not ADDRESS.search(printed):
            line = process.stdout.readline()
            assert line, printed
            printed += line
        process.send_signal(signal.SIGINT)
        printed += "^C"
    rest, _ = process.communicate(timeout=300)
    return printed + rest, process.returncode


def change(text: str, folder: Path) -> None:
    """Make the edit of a diff: lines with - give way to those with +, each group at its place."""
    first, _, edits = text.partition("\n")
    file = folder / first.removeprefix("--- ")
    content = file.read_text(encoding="utf-8")
    for old, new in re.findall(r"((?:^-.*\n)+)((?:^\+.*\n)+)", edits, re.MULTILINE):
        before, after = (re.sub(r"^[-+]", "", part, flags=re.MULTILINE) for part in (old, new))
        assert content.count(before) == 1, before
        content = content.replace(before, after)
    file.write_text(content, encoding="utf-8")


def test_the_page(tmp_path: Path) -> None:
    pytest.importorskip("watchfiles", reason="the page ends with the preview")
    blocks = BLOCK.findall(PAGE)
    assert len(blocks) == 13
    for kind, text in blocks:
        if kind == "diff":
            change(text, tmp_path)
            continue
        command, _, expected = text.partition("\n")
        arguments = shlex.split(command.removeprefix("$ handbook "))
        live = arguments[0] == "preview"
        quiet = ["--no-open"] if live else []
        printed, code = handbook([*arguments, *quiet], tmp_path, ends=not live)
        assert ADDRESS.sub("ADDRESS", printed) == ADDRESS.sub("ADDRESS", expected), command
        assert code == ("error:" in expected), command
    assert (tmp_path / "workshop.pdf").read_bytes().startswith(b"%PDF-")


def test_its_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", PAGE):
        assert (ROOT / "docs" / target).is_file(), target
