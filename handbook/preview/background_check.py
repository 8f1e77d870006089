"""Check the editions that are not open, in a process next to the preview.

It reads every selection, which takes time, so it runs in its own process, begins when
nothing was saved for a moment, and is stopped when something is.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

from ..core.diagnostics import Diagnostic, Source

# Seconds between two looks at whether the check is done, or no longer wanted.
PAUSE = 0.1


def checked(
    folder: Path, day: date, theme: str, is_wanted: Callable[[], bool]
) -> tuple[Diagnostic, ...] | None:
    """Return the findings about every selection; None if unwanted by then or not available."""
    command = [
        sys.executable, "-m", "handbook", "check", "--json", "--content", str(folder),
        "--date", day.isoformat(), "--theme", theme,
    ]  # fmt: skip
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    while True:
        try:
            line_read, _ = process.communicate(timeout=PAUSE)
            break
        except subprocess.TimeoutExpired:
            if not is_wanted():
                process.kill()
                process.communicate()
                return None
    try:
        return tuple(_finding(one) for one in json.loads(line_read))
    except (ValueError, KeyError):
        return None


def _finding(one: dict[str, object]) -> Diagnostic:
    scope = f" ({one['scope']})" if one["scope"] else ""
    return Diagnostic.at(
        Source(str(one["file"]), int(str(one["line"])), int(str(one["column"]))),
        f"{one['message']}{scope}",
        str(one["hint"]),
        str(one["code"]),
        "error" if one["severity"] == "error" else "warning",
    )
