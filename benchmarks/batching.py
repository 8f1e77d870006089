"""What a batch costs: copies of the real handbook, against merely copying the files it wrote."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROLES = ("sre", "data-engineer", "security-engineer", "cloud-engineer")
ROWS = 2000


def report() -> list[str]:
    """The lines of the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        roster = folder / "roster.csv"
        lines = [f"{n},Learner Number {n},{ROLES[n % 4]},30" for n in range(1, ROWS + 1)]
        roster.write_text("id,name,role,plan\n" + "\n".join(lines), "utf-8")
        few, _ = _run(roster, folder / "few", 4)
        many, memory = _run(roster, folder / "many", ROWS)
        start = time.perf_counter()
        shutil.copytree(folder / "many", folder / "copied")
        copied = (time.perf_counter() - start) / ROWS
    each = (many - few) / (ROWS - 4)
    return [
        f"batch of {ROWS:,} copies of 4 editions, one process: {many:.1f} s, {memory:.0f} MiB",
        f"a copy more, written and hashed: {each * 1000:.2f} ms; copying the same file: "
        f"{copied * 1000:.2f} ms; ratio {each / copied:.1f}",
    ]


def _run(roster: Path, out: Path, rows: int) -> tuple[float, float]:
    """Seconds and peak MiB of a whole process that makes the first `rows` copies."""
    short = roster.with_name(f"{rows}.csv")
    short.write_text("\n".join(roster.read_text("utf-8").splitlines()[: rows + 1]), "utf-8")
    code = (
        "import resource, sys\nfrom handbook.cli import run\n"
        "try:\n    run(sys.argv[1:])\nfinally:\n"
        "    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)"
    )
    command = [sys.executable, "-c", code, "batch", str(short), "-o", str(out), "-q", "-j", "1",
               "--date", "2026-11-24"]  # fmt: skip
    start = time.perf_counter()
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return time.perf_counter() - start, int(done.stderr.split()[-1]) / 1024
