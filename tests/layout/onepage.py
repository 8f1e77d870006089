"""Build a book of one chapter and read it back."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from conftest import DAY
from packs import pack
from page_rules import findings
from pdfread import Node, structure

import handbook
from handbook.verify.inspect import inspect


def built(body: str, config: str = "", front: str = "", **options: Any) -> bytes:
    """The PDF of a book whose one chapter is `body`."""
    with tempfile.TemporaryDirectory() as folder:
        files = {
            "handbook_dot_yaml": f"title: A book\nchapters: [one.md]\n{config}",
            "one_dot_md": f"---\ntitle: One\n{front}---\n\n{body}\n",
        }
        loaded = handbook.load(pack(Path(folder), **files))
        return handbook.build(loaded, day=DAY, **options)


def sound(pdf: bytes) -> Node:
    """The structure of a PDF that our own checks and the rules for pages pass."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "a.pdf"
        file.write_bytes(pdf)
        result = inspect(file)
    assert result.passed, result.findings
    assert findings(pdf) == []
    return structure(pdf)
