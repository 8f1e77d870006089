"""A pack that `handbook new --from` makes of files, for the tests of importers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from packs import run
from pdfread import reading_order_text

from handbook.check.checker import check_folder
from handbook.pack.importer import imported_files, read_source, report_lines
from handbook.pack.loader import load_pack
from handbook.pack.scaffold import write_pack

BIB = "@book{wood1, author={Ann Wood}, title={Rivers}, publisher={North}, year={2001}}\n"


class Imported:
    """A pack made of sources: its chapters, its files, its report."""

    def __init__(self, tmp_path: Path, files: dict[str, str]) -> None:
        source = tmp_path / "source"
        for name, text in files.items():
            path = source / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        self.book = read_source(source)
        self.files = imported_files(self.book)
        self.folder = tmp_path / "pack"
        write_pack(self.folder, self.files)
        self.pack = load_pack(self.folder)
        # Nothing of any source is lost on its way into the book.
        assert [
            f
            for f in check_folder(self.folder, day=date(2026, 12, 1))
            if f.diagnostic.code in ("lost-text", "doubled-text")
        ] == []
        self.report = "\n".join(report_lines(self.book))
        chapters = [c for c in self.pack.chapters if c.dialect == "gfm"]
        self.listed = [
            (c.placement.depth, *[t for _, t in c.placement.parts], c.placement.label or c.title)
            for c in chapters
        ]
        self.numbered = {c.title: c.placement.numbered for c in chapters}

    def text(self, name: str) -> str:
        return self.files[f"chapters/{name}"].decode()

    def printed(self, capsys: pytest.CaptureFixture[str]) -> str:
        target = self.folder.parent / "book.pdf"
        code, _, err = run(capsys, "build", "--content", str(self.folder), "-o", str(target), "-q")
        assert code == 0, err
        return " ".join(reading_order_text(target.read_bytes()).split())
