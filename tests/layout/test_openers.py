"""Every edition opens without a complaint in poppler, qpdf, MuPDF and pdfium."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import openers
import pytest
from conftest import built
from readback import Reader, squeeze

SOME = [("", "", "", "a4"), ("sre", "sre", "30", "a4"), ("data-engineer", "dataops", "60", "letter"),
        ("", "finops", "", "a5")]  # fmt: skip


def opens(reader: str, file: Path) -> None:
    """The reader has nothing to complain of; where it is missing, the test is skipped."""
    answer = openers.READERS[reader](file)
    if isinstance(answer, openers.Skip):
        if os.environ.get("HANDBOOK_REQUIRE_ALL"):
            pytest.fail(f"required here: {answer.reason}")
        pytest.skip(answer.reason)
    assert answer == []


@pytest.mark.parametrize("reader", openers.READERS)
@pytest.mark.parametrize(("role", "path", "plan", "paper"), SOME)
def test_opens(reader: str, role: str, path: str, plan: str, paper: str, tmp_path: Path) -> None:
    file = tmp_path / "x.pdf"
    file.write_bytes(built(role, path, plan, paper).pdf)
    opens(reader, file)


def test_poppler_reads_in_the_order_of_the_tree(tmp_path: Path) -> None:
    """pdftotext's own order, page by page, keeps headings and paragraphs in that of the tree."""
    data = built("sre", "sre", "30").pdf
    file = tmp_path / "x.pdf"
    file.write_bytes(data)
    opens("poppler", file)
    shown = subprocess.run(["pdftotext", "-raw", str(file), "-"], capture_output=True, text=True)
    text = squeeze(shown.stdout)
    place = count = 0
    for node in Reader(data).structure().all("H1", "H2", "P"):
        words = squeeze(node.text)
        if len(words) > 60:
            found = text.find(words[:40], place)
            assert found >= 0, words[:60]
            place = found
            count += 1
    assert count > 100
