"""Copies with a password: AES-256, readable by screen readers, not PDF/A."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest
from click.testing import CliRunner
from second_programs import said_by, verapdf

from handbook.cli import main
from handbook.core.diagnostics import HandbookError
from handbook.pdf.encryption import encrypt


def _build(folder: Path, password: str) -> tuple[Path, str]:
    (folder / "chapters").mkdir()
    (folder / "handbook.yaml").write_text("title: Secret\nchapters: [chapters/a.md]\n")
    (folder / "chapters/a.md").write_text("# A day\n\nBread and milk.\n")
    out = folder / "out.pdf"
    result = CliRunner().invoke(
        main,
        ["build", "--no-cache", "--content", str(folder), "-o", str(out)],
        env={"HANDBOOK_PASSWORD": password},
        catch_exceptions=False,
    )
    assert result.exit_code == 0, result.output
    return out, result.output


@pytest.mark.parametrize("password", ["secret", "Größe 9", "パスワード"])
def test_it_opens_with_the_password_alone(tmp_path: Path, password: str) -> None:
    file, said = _build(tmp_path, password)
    assert "an encrypted file cannot be PDF/A" in said
    with pytest.raises(pikepdf.PasswordError):
        pikepdf.open(file)
    with pikepdf.open(file, password=password) as pdf:
        assert pdf.encryption.R == 6
        assert pdf.encryption.stream_method is pikepdf.models.EncryptionMethod.aesv3
        assert pdf.allow.accessibility
        assert "/StructTreeRoot" in pdf.Root
        packet = pdf.Root.Metadata.read_bytes()
    assert b"pdfaid:part" not in packet
    assert b"<pdfuaid:part>1</pdfuaid:part>" in packet


def test_qpdf_agrees(tmp_path: Path) -> None:
    file, _ = _build(tmp_path, "secret")
    code, said = said_by("qpdf", "--check", "--password=secret", str(file))
    assert code == 0, said
    assert "extract for accessibility: allowed" in said
    assert "AESv3" in said


def test_a_reader_that_has_the_password_reads_pdf_ua(tmp_path: Path) -> None:
    """Decrypted by another program, the file keeps its promise: veraPDF takes no passwords."""
    file, _ = _build(tmp_path, "secret")
    plain = tmp_path / "plain.pdf"
    code, said = said_by("qpdf", "--decrypt", "--password=secret", str(file), str(plain))
    assert code == 0, said
    verapdf([plain], "ua1")
    code, text = said_by("pdftotext", "-upw", "secret", str(file), "-")
    assert (code, "Bread and milk." in text) == (0, True)


@pytest.mark.parametrize("password", ["", "x" * 128, "ü" * 64])
def test_a_password_has_a_length(password: str) -> None:
    with pytest.raises(HandbookError, match="1 to 127 bytes"):
        encrypt(b"", password)


def test_text_and_tags_are_those_of_the_plain_file(tmp_path: Path) -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.Root.Metadata = pdf.make_stream(b"<pdfaid:part>2</pdfaid:part>\n<x/>")
    plain = io.BytesIO()
    pdf.save(plain, fix_metadata_version=False)
    with pikepdf.open(io.BytesIO(encrypt(plain.getvalue(), "x")), password="x") as found:
        assert len(found.pages) == 1
        assert found.Root.Metadata.read_bytes() == b"<x/>"
