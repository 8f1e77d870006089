"""From save to picture: an edit in one chapter, until the changed page's picture has arrived.

The preview runs as authors run it, as a process of its own that watches the folder.  The picture
is as wide as a browser asks for on a screen of 1400 pixels.
"""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

import handbook

SAVES = 15
WIDTH = 960
QUERY = "?role=sre&plan=30"
CHAPTER = "chapters/23-pipelines.md"


def report() -> list[str]:
    """The lines of the table."""
    with tempfile.TemporaryDirectory() as folder:
        shipped = handbook.shipped_content()
        shutil.copytree(shipped, Path(folder, "content"))
        shutil.copytree(shipped.parent / "templates", Path(folder, "templates"))
        server, address = _started(Path(folder, "content"))
        try:
            states = _states(address)
            first = next(states)
            spent = _spent(server.pid)
            times = [
                _save(Path(folder, "content"), n, states, first, address) for n in range(SAVES)
            ]
            spent = (_spent(server.pid) - spent) / SAVES
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(20)
    told_in, seen_in = (statistics.median(column) for column in zip(*times, strict=True))
    slowest = max(seen for _, seen in times)
    return [
        f"{len(first['pages'])} pages; from a save to word of it: {told_in * 1000:.0f} ms, to the "
        f"picture: {seen_in * 1000:.0f} ms (median of {SAVES} saves, slowest "
        f"{slowest * 1000:.0f}), with {spent * 1000:.0f} ms of processor time"
    ]


def _started(content: Path) -> tuple[subprocess.Popen[str], SplitResult]:
    """Return the preview, and its address, which has a secret in it."""
    command = [sys.executable, "-m", "handbook", "preview", "--content", str(content), "--no-open"]
    root = str(Path(__file__).parents[1])
    server = subprocess.Popen(
        command,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": root},
    )
    assert server.stdout is not None
    return server, urlsplit(server.stdout.readline().strip())


def _answer(address: SplitResult, path: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(address.netloc, timeout=60)
    connection.request("GET", f"{address.path}{path}{QUERY}")
    return connection.getresponse()


def _spent(process: int) -> float:
    """Processor time of a process so far, in seconds (Linux)."""
    fields = Path(f"/proc/{process}/stat").read_text("ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _states(address: SplitResult) -> Iterator[dict[str, Any]]:
    """Yield every finished state that the preview reports."""
    answer = _answer(address, "events")
    while line := answer.readline():
        if line.startswith(b"data: ") and not (state := json.loads(line[6:]))["working"]:
            yield state


def _save(
    content: Path,
    number: int,
    states: Iterator[dict[str, Any]],
    first: dict[str, Any],
    address: SplitResult,
) -> tuple[float, float]:
    """Return the seconds until a save is reported, and until its first changed page is here."""
    file = content / CHAPTER
    known = first.setdefault("known", {page[0] for page in first["pages"]})
    words = file.read_text("utf-8").replace(f"(Edit {number - 1}.) ", "")
    lines = words.split("\n")
    place = next(n for n, line in enumerate(lines) if n > 40 and len(line) > 120 and line[0] != "|")
    lines[place] = f"(Edit {number}.) {lines[place]}"
    start = time.perf_counter()
    file.write_text("\n".join(lines), "utf-8")
    state = next(states)
    heard = time.perf_counter() - start
    changed = [page[0] for page in state["pages"] if page[0] not in known]
    picture = _answer(address, f"page/{changed[0]}-{WIDTH}.png").read()
    seen = time.perf_counter() - start
    assert picture.startswith(b"\x89PNG")
    known |= {page[0] for page in state["pages"]}
    return heard, seen
