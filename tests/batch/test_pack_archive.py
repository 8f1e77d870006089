"""What a run sends to other machines, and what decides about its copies, is what a pack may read."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from batches import made, roster, small_pack

from handbook.batch.models import Settings
from handbook.batch.pack_archive import packed
from handbook.core.files import ALLOW_READ


def names(folder: Path) -> set[str]:
    from datetime import date

    archive = packed(Settings(content=str(folder), day=date(2026, 12, 1)))
    return set(zipfile.ZipFile(io.BytesIO(archive.data)).namelist())


def test_a_link_that_leads_out_is_not_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, outside = small_pack(tmp_path / "pack"), tmp_path / "outside"
    outside.mkdir()
    (outside / "p.png").write_bytes(b"of somebody else")
    (folder / "link.png").symlink_to(outside / "p.png")
    (folder / "linked").symlink_to(outside)
    (folder / ".hidden.md").write_text("# A\n", "utf-8")
    assert {"content/one.md", "content/.hidden.md"} <= names(folder)
    assert not {"content/link.png", "content/linked/p.png"} & names(folder)
    monkeypatch.setenv(ALLOW_READ, str(outside))
    assert {"content/link.png", "content/linked/p.png"} <= names(folder)


def test_an_edit_behind_a_link_makes_other_copies(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, shared, out = small_pack(tmp_path / "pack"), tmp_path / "shared", tmp_path / "out"
    shared.mkdir()
    (shared / "x.j2").write_text("first words", "utf-8")
    (folder / "templates").symlink_to(shared)
    one = folder / "one.md"
    one.write_text(one.read_text("utf-8") + "\n\n{% include 'x.j2' %}\n", "utf-8")
    monkeypatch.setenv(ALLOW_READ, str(shared))
    source = roster(tmp_path / "a.csv", 2)
    assert made(capsys, folder, source, out)[1]["written"] == 2
    assert made(capsys, folder, source, out)[1]["kept"] == 2
    (shared / "x.j2").write_text("other words", "utf-8")
    code, reported = made(capsys, folder, source, out)
    assert (code, "content" in str(reported["messages"])) == (1, True)
