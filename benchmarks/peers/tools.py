"""The tools a user would pick instead: what each reads, how it is installed, how it is run."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .portable import Node
from .to_typst import to_typst

ROOT = Path(__file__).parents[2]
# Each peer has an environment of its own, so that none starts slower for another's packages.
WORKSHOP = ROOT / "build" / "benchmarks"
RUNNERS = Path(__file__).parent / "runners"
FONTS = ROOT / "handbook" / "fonts" / "ibm-plex"


@dataclass(frozen=True)
class Peer:
    """A tool: its name, what pip installs for it, its input, and the runner that drives it."""

    name: str
    package: str
    suffix: str
    write: Callable[[Node], str]
    runner: str

    @property
    def python(self) -> Path:
        """The interpreter of the peer's own environment."""
        return WORKSHOP / self.name / "bin" / "python"

    def install(self) -> str:
        """Make the environment unless it is there; what pip said if that failed."""
        if not self.python.is_file():
            subprocess.run([sys.executable, "-m", "venv", self.python.parents[1]], check=True)
            command = [self.python, "-m", "pip", "install", "-q", self.package]
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode:
                shutil.rmtree(self.python.parents[1])
                return done.stderr.strip().splitlines()[-1]
        return ""

    @property
    def version(self) -> str:
        """The version that is installed."""
        name = self.package.split("==")[0]
        code = f"import importlib.metadata as m; print(m.version({name!r}))"
        return subprocess.run(
            [self.python, "-c", code], check=True, capture_output=True, text=True
        ).stdout.strip()

    def command(self, book: Path, target: Path, times: int = 0) -> list[str]:
        """What makes the book; with `times`, so often in one process, which says how long."""
        words = [self.python, RUNNERS / self.runner, book, target, FONTS]
        return [*map(str, words), *([str(times)] if times else [])]


PEERS = (Peer("Typst", "typst==0.15.2", ".typ", to_typst, "typst_.py"),)
