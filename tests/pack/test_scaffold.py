"""A new pack is written whole, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from handbook.core.diagnostics import HandbookError
from handbook.pack.scaffold import write_pack


@pytest.mark.parametrize("existed", [False, True])
def test_a_pack_that_cannot_be_written_leaves_nothing(tmp_path: Path, existed: bool) -> None:
    folder = tmp_path / "pack"
    if existed:
        folder.mkdir()
    files = {"handbook.yaml": b"title: A\n", "chapters/a.md": b"", f"{'x' * 300}.md": b""}
    with pytest.raises(HandbookError, match="File name too long"):
        write_pack(folder, files)
    assert folder.exists() == existed
    assert not existed or not list(folder.iterdir())
    write_pack(folder, {"handbook.yaml": b"title: A\n"})
