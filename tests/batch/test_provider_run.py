"""docs/provider-run.md as it is written: 3,000 rows from the export to the erasure."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from mailserver import mail_server
from three_thousand import write_rosters

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "provider-run.md").read_text("utf-8")


def steps() -> list[tuple[str, str]]:
    """Every command of the page with what it prints."""
    text = "\n".join(re.findall(r"^```console\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL))
    found = re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]
    return [(step.partition("\n")[0], step.partition("\n")[2].strip("\n")) for step in found]


def matches(expected: str, printed: str) -> bool:
    pattern = ".*".join(re.escape(part) for part in expected.split("…"))
    return re.fullmatch(pattern, printed.strip("\n"), re.DOTALL) is not None


@pytest.mark.timeout(900)
def test_every_command_of_the_page(tmp_path: Path) -> None:
    write_rosters(tmp_path)
    programs = tmp_path / "programs"
    programs.mkdir()
    script = programs / "handbook"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m handbook "$@"\n')
    script.chmod(script.stat().st_mode | stat.S_IEXEC)
    with mail_server() as server:
        server.keeps = False
        environment = {
            **os.environ, "PATH": f"{programs}:{os.environ['PATH']}", "SERVER": server.url,
            "PYTHONPATH": str(ROOT), "SOURCE_DATE_EPOCH": "1795996800",
        }  # fmt: skip
        for command, expected in steps():
            done = subprocess.run(
                ["bash", "-c", f"exec 2>&1; {command}"],
                cwd=tmp_path,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            assert matches(expected, done.stdout), f"$ {command}\n{done.stdout[-3000:]}"
        addresses = server.addresses()
    assert len(addresses) == len(set(addresses)) == 3010
