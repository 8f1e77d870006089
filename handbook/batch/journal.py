"""What has been written so far, as a file that grows."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..diagnostics import error
from ..output import write_whole
from .orders import JOURNAL, MANIFEST, WORK


class Journal:
    """What has been written so far; with `resume`, of the run before, too.

    Every line names its run: roster, content and choices by their digest.
    """

    def __init__(self, out: Path, digest: str, resume: bool) -> None:
        self.out = out
        self.path = out / WORK / JOURNAL
        self.run = digest
        self.done: dict[int, dict[str, Any]] = {}
        before = [path for path in (self.path, out / MANIFEST) if path.is_file()]
        if before and not resume:
            raise error(
                "this folder holds the copies of an earlier run", file=str(out),
                hint="go on with --resume, or choose another folder with -o",
            )  # fmt: skip
        if before:
            self._read(before[0])
        write_whole(self.path, "".join(map(_json, self.done.values())).encode())
        self.file = self.path.open("ab")

    def _read(self, path: Path) -> None:
        for text in path.read_text("utf-8", "replace").split("\n"):
            try:
                line = json.loads(text)
            except ValueError:
                # The line that was being written when the run was killed.
                continue
            if line["run"] != self.run:
                raise error(
                    "this folder holds a run of another roster, content or choice",
                    file=str(self.out),
                    hint="repeat the first command exactly, or choose another folder with -o",
                )
            self._keep(line)

    def _keep(self, line: dict[str, Any]) -> None:
        file = self.out / str(line["file"])
        there = file.is_file() and file.stat().st_size == line["bytes"]
        if there and hashlib.sha256(file.read_bytes()).hexdigest() == line["sha256"]:
            self.done[int(line["row"])] = line

    def add(self, lines: Sequence[dict[str, Any]]) -> None:
        """Remember copies that are on the disk."""
        for line in lines:
            self.done[int(line["row"])] = line
            self.file.write(_json(line).encode())
        self.file.flush()

    def finish(self) -> None:
        """The manifest, in the order of the roster; the workshop is swept."""
        ordered = [self.done[row] for row in sorted(self.done)]
        write_whole(self.out / MANIFEST, "".join(map(_json, ordered)).encode())
        self.file.close()
        shutil.rmtree(self.path.parent)


def _json(line: Mapping[str, Any]) -> str:
    return json.dumps(line, ensure_ascii=False) + "\n"
