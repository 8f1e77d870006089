"""Files that an import cannot take as they are: each is named, and the others are printed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from packs import run

from handbook.pack.importer import read_source, report_lines


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    (folder / "README.md").write_text("# Top\n\nWords.\n")
    return folder


def test_what_is_not_a_regular_file_is_left_out_by_name(source: Path) -> None:
    os.mkfifo(source / "pipe.md")
    (source / "other.md").symlink_to("/etc/hostname")
    book = read_source(source)
    report = "\n".join(report_lines(book))
    assert "Left out, files that cannot be read: 1 (pipe.md (it is a FIFO))" in report
    assert "Left out, symbolic links: 1 (other.md)" in report
    assert len(book.pages()) == 1


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_text_of_windows_in_utf_16_is_read(
    source: Path, encoding: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "# Größe 大\n" if encoding == "utf-16" else "\ufeff# Größe 大\n"
    (source / "b.md").write_bytes(text.encode(encoding))
    target = source.parent / "pack"
    code, _, err = run(capsys, "new", str(target), "--from", str(source))
    assert (code, "Windows-1252" in err) == (0, False)
    assert "# Größe 大" in (target / "chapters" / "b.md").read_text("utf-8")
