"""Small content packs for tests."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from handbook import cli

CHAPTER = "---\ntitle: One\n---\n\nHello, reader.\n"


def pack(folder: Path, **files: str) -> Path:
    """A pack in `folder`; keys are paths with `/` as `__` and `.` as `_dot_`, values their text."""
    defaults = {"handbook.yaml": "title: A book\nchapters: [one.md]\n", "one.md": CHAPTER}
    given = {k.replace("__", "/").replace("_dot_", "."): v for k, v in files.items()}
    for name, text in {**defaults, **given}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of the command."""
    with pytest.raises(SystemExit) as stop:
        cli.run(list(arguments))
    sys.stdout.flush()
    captured = capsys.readouterr()
    code = stop.value.code
    return code if isinstance(code, int) else 1, captured.out, captured.err
