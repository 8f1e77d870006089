"""Conditional blocks of any depth end in a book or in a message."""

from __future__ import annotations

from pathlib import Path

import pytest
from packs import pack, run

from handbook.markdown.conditional_blocks import DEEPEST

HEAD = "---\ntitle: One\n---\n\n"


@pytest.mark.parametrize("closed", [True, False])
def test_blocks_that_are_nested_too_deeply_are_an_error(
    closed: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "::: only role=a\n" * 3000 + ("Words.\n" + ":::\n" * 3000 if closed else "")
    folder = pack(tmp_path, one_dot_md=HEAD + text)
    for command in ("build", "check"):
        code, _, messages = run(capsys, command, "--content", str(folder))
        assert code == 1
        assert f"conditional blocks are nested more than {DEEPEST} deep" in messages
        assert f"one.md:{5 + DEEPEST}" in messages
