"""No pack of this project loses or doubles a word."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from handbook.check.checker import check_folder
from handbook.pack.scaffold import skeleton_files, write_pack

ROOT = Path(__file__).parents[2]
PACKS = [path.parent for path in sorted(ROOT.glob("examples/*/handbook.yaml"))]


def lost(folder: Path) -> list[str]:
    """What the gate says of a pack."""
    found = check_folder(folder, day=date(2026, 12, 1))
    return [
        str(one.diagnostic)
        for one in found
        if one.diagnostic.code in ("lost-text", "doubled-text", "foreign-syntax")
    ]


@pytest.mark.parametrize("folder", PACKS, ids=lambda path: path.name)
def test_an_example_prints_every_word(folder: Path) -> None:
    assert lost(folder) == []


def test_a_new_pack_prints_every_word(tmp_path: Path) -> None:
    write_pack(tmp_path / "pack", skeleton_files("A book"))
    assert lost(tmp_path / "pack") == []


def test_a_definition_over_two_lines_is_not_a_loss(tmp_path: Path) -> None:
    """An address, or its title, may be on a line of its own."""
    write_pack(tmp_path / "pack", skeleton_files("A book"))
    chapter = tmp_path / "pack" / "defined.md"
    chapter.write_text(
        "---\ndialect: gfm\n---\n\n# Defined\n\nSee [far places] and [near].\n\n"
        "[far places]:\n  https://example.org/over/there\n"
        '[near]: https://example.org/here\n  "A title"\n\n'
        "Write `<script>` here.\n\n```html\n<script>x</script>\n```\n\n"
        "See [`this`](defined.md) and [`that`][not.defined].\n",
        encoding="utf-8",
    )
    config = tmp_path / "pack" / "handbook.yaml"
    config.write_text(
        config.read_text("utf-8").replace("chapters:\n", "chapters:\n  - defined.md\n")
    )
    assert lost(tmp_path / "pack") == []


@pytest.mark.parametrize("dialect", ["gfm", "handbook"])
def test_what_is_in_comments_and_formulas_is_not_a_loss(tmp_path: Path, dialect: str) -> None:
    """A fence in a comment opens no code; the limits of a sum are not attributes."""
    write_pack(tmp_path / "pack", skeleton_files("A book"))
    chapter = tmp_path / "pack" / "noted.md"
    chapter.write_text(
        f"---\ndialect: {dialect}\n---\n\n# Noted\n\n<!-- Later:\n\n```r\nbase <- 1\n```\n\n"
        "All of this.\n-->\n\n$$\n\\sum_{n=0}^N a_n\n$$\n\n```text\n<!-- printed\n```\n\nEnd.\n",
        encoding="utf-8",
    )
    config = tmp_path / "pack" / "handbook.yaml"
    config.write_text(config.read_text("utf-8").replace("chapters:\n", "chapters:\n  - noted.md\n"))
    assert lost(tmp_path / "pack") == []
