"""What is reported to authors, and what --strict makes of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from packs import CHAPTER, pack, run
from PIL import Image

CASES = {
    "table": ("\n| | |\n|---|---|\n| a | b |\n", "no header row", "one.md:"),
    "levels": ("\n## A\n\n#### B\n", "skips from level 2 to 4", "one.md:9"),
    "link": ("\nClick [here](https://example.org).\n", "say nothing: 'here'", "one.md:7"),
}


@pytest.mark.parametrize("case", CASES)
def test_advice(case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text, words, place = CASES[case]
    folder = pack(tmp_path / "pack", one_dot_md=CHAPTER + text)
    Image.new("RGB", (9, 9)).save(folder / "a.png")
    target = tmp_path / "book.pdf"
    command = ["build", "--content", str(folder), "-o", str(target)]
    code, _, err = run(capsys, *command)
    assert code == 0
    assert f"warning: {words}" in err or words in err
    assert place in err
    target.unlink()
    code, _, err = run(capsys, *command, "--strict")
    assert code == 1
    assert words in err
    assert "error:" in err
    assert not target.exists()


def test_the_shipped_content_needs_no_advice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(capsys, "build", "--all", "--strict", "-o", str(tmp_path), "-q")
    assert code == 0
    assert err == ""
