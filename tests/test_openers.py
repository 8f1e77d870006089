"""Every edition opens without a warning in poppler, qpdf, MuPDF and pdfium."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import built

SOME = [("", "", "", "a4"), ("sre", "sre", "30", "a4"), ("data-engineer", "dataops", "60", "letter"),
        ("", "finops", "", "a5")]  # fmt: skip


def need(tool: str) -> None:
    if shutil.which(tool) is None:
        if os.environ.get("HANDBOOK_REQUIRE_ALL"):
            pytest.fail(f"{tool} is required here and not installed")
        pytest.skip(f"{tool} is not installed")


@pytest.mark.parametrize(("role", "path", "plan", "paper"), SOME)
def test_pdfium_and_mupdf(role: str, path: str, plan: str, paper: str) -> None:
    opens_in_libraries(built(role, path, plan, paper).pdf)


def opens_in_libraries(data: bytes) -> None:
    import pymupdf as fitz
    import pypdfium2

    fitz.TOOLS.reset_mupdf_warnings()
    document = fitz.open(stream=data, filetype="pdf")
    for page in document:
        page.get_displaylist()
    assert fitz.TOOLS.mupdf_warnings() == ""
    other = pypdfium2.PdfDocument(data)
    assert len(other) == len(document)
    assert other[len(other) - 1].get_textpage().get_text_bounded().strip()


@pytest.mark.parametrize(("role", "path", "plan", "paper"), SOME)
def test_qpdf(role: str, path: str, plan: str, paper: str, tmp_path: Path) -> None:
    file = tmp_path / "x.pdf"
    file.write_bytes(built(role, path, plan, paper).pdf)
    opens_in_qpdf(file)


def opens_in_qpdf(file: Path) -> None:
    need("qpdf")
    done = subprocess.run(["qpdf", "--check", str(file)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "WARNING" not in done.stdout + done.stderr


@pytest.mark.parametrize(("role", "path", "plan", "paper"), SOME)
def test_poppler(role: str, path: str, plan: str, paper: str, tmp_path: Path) -> None:
    file = tmp_path / "x.pdf"
    file.write_bytes(built(role, path, plan, paper).pdf)
    opens_in_poppler(file)


def opens_in_poppler(file: Path) -> None:
    need("pdftotext")
    for command in (["pdfinfo", str(file)], ["pdftotext", str(file), "-"]):
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0
        assert done.stderr == ""


def test_poppler_reads_in_the_order_of_the_tree(tmp_path: Path) -> None:
    """pdftotext's own order, page by page, keeps the headings in the order of the tree."""
    need("pdftotext")
    from readback import Reader, squeeze

    data = built("sre", "sre", "30").pdf
    file = tmp_path / "x.pdf"
    file.write_bytes(data)
    shown = subprocess.run(["pdftotext", "-raw", str(file), "-"], capture_output=True, text=True)
    text = squeeze(shown.stdout)
    place = 0
    for node in Reader(data).structure().all("H1", "H2", "P"):
        words = squeeze(node.text)
        if len(words) > 60:
            found = text.find(words[:40], place)
            assert found >= 0, words[:60]
            place = found
