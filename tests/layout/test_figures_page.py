"""The page about figures is itself a chapter that builds, with everything it shows."""

from __future__ import annotations

import shutil
from pathlib import Path

import pikepdf
import pytest
from packs import pack, run
from readback import Reader

PAGE = Path(__file__).parents[2] / "docs" / "figures.md"


def test_the_page_builds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("merman")
    text = PAGE.read_text(encoding="utf-8").replace("(authoring.md)", "(https://example.org)")
    text = text.replace("(markdown.md)", "(https://example.org)")
    head = "---\ntitle: Figures\ndialect: gfm\ntemplates: false\n---\n\n"
    folder = pack(tmp_path / "pack", one_dot_md=head + text.split("\n", 1)[1])
    for name in ("pages.png", "growth.svg"):
        shutil.copy(PAGE.with_name(name), folder / name)
    out = tmp_path / "book.pdf"
    code, _, messages = run(
        capsys, "build", "--content", str(folder), "--date", "2026-11-23", "-o", str(out)
    )
    assert code == 0, messages
    assert "warning" not in messages
    reader = Reader(out)
    found = [one for one in reader.pdf.objects if isinstance(one, pikepdf.Dictionary)]
    tags = [str(one.get("/S")) for one in found if one.get("/Alt") is not None]
    assert (tags.count("/Figure"), tags.count("/Formula")) == (11, 2)
    text = reader.structure().text
    for words in (
        "Tests pass?",
        "Entra ID",
        "presents it",
        "Read new",
        "20\u00a0h",
        "azure-pipelines.yml",
        "Two pictures with one caption",
        "$5 or $6",
    ):
        assert words in text
