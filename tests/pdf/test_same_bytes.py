"""The same arguments and date give the same bytes, whatever the environment."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
ENVIRONMENTS = [
    {"PYTHONHASHSEED": "1", "LC_ALL": "C", "TZ": "Pacific/Auckland"},
    {"PYTHONHASHSEED": "77", "LC_ALL": "tr_TR.UTF-8", "TZ": "Asia/Kolkata", "HOME": "/nonexistent"},
]


def test_two_processes_write_the_same(tmp_path: Path) -> None:
    sums = set()
    for number, environment in enumerate(ENVIRONMENTS):
        target = tmp_path / f"{number}.pdf"
        command = [
            sys.executable,
            str(ROOT / "build.py"),
            "--role",
            "data-engineer",
            "--plan",
            "60",
            "--learner",
            "Zoë Łukasiewicz",
            "--date",
            "2026-11-23",
            "-q",
            "-o",
            str(target),
        ]
        environment = {**os.environ, **environment}
        subprocess.run(command, check=True, env=environment, cwd=tmp_path, capture_output=True)
        sums.add(hashlib.sha256(target.read_bytes()).hexdigest())
    assert len(sums) == 1


def test_the_order_of_builds_changes_nothing() -> None:
    from conftest import built

    first = built("sre", "", "30", learner="Asha Rao").pdf
    built("", "mlops", "")
    built.cache_clear()
    built("cloud-engineer", "", "14")
    assert built("sre", "", "30", learner="Asha Rao").pdf == first
