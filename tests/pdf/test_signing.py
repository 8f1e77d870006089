"""Signed copies: valid for pyHanko and poppler, and still PDF/A and PDF/UA."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from certificates import PASSPHRASE, timestamp_server, write_certificate
from click.testing import CliRunner

from handbook.cli import main
from handbook.core.diagnostics import HandbookError
from handbook.pdf.signing import CopySigner, Signing

pytest.importorskip("pyhanko")


def _pack(folder: Path) -> Path:
    (folder / "chapters").mkdir(parents=True)
    (folder / "handbook.yaml").write_text("title: Signed\nchapters: [chapters/a.md]\n")
    (folder / "chapters/a.md").write_text("# A day\n\n- [ ] bread\n")
    return folder


def _build(folder: Path, *options: str) -> Path:
    out = folder / "out.pdf"
    pack = folder / "pack"
    if not pack.exists():
        _pack(pack)
    command = ["build", "--no-cache", "--content", str(pack), "-o", str(out), *options]
    result = CliRunner().invoke(
        main, command, env={"HANDBOOK_SIGN_PASSWORD": PASSPHRASE}, catch_exceptions=False
    )
    assert result.exit_code == 0, result.output
    return out


def _status(file: Path, *trusted: Any) -> Any:
    """What pyHanko, strict as it is, says of the one signature."""
    from asn1crypto import x509
    from cryptography.hazmat.primitives.serialization import Encoding
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    roots = [x509.Certificate.load(each.public_bytes(Encoding.DER)) for each in trusted]
    (signature,) = PdfFileReader(io.BytesIO(file.read_bytes())).embedded_signatures
    context = ValidationContext(trust_roots=roots)
    return validate_pdf_signature(
        signature, context, ts_validation_context=ValidationContext(trust_roots=roots)
    )


@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_a_signed_file_is_valid_and_trusted(tmp_path: Path, kind: str) -> None:
    certificate, _ = write_certificate(tmp_path / "key.p12", kind=kind)
    status = _status(_build(tmp_path, "--sign", str(tmp_path / "key.p12")), certificate)
    assert status.bottom_line, status.pretty_print_details()
    assert status.coverage.name == "ENTIRE_FILE"
    assert status.timestamp_validity is None


def test_a_time_stamp_of_a_server(tmp_path: Path) -> None:
    certificate, _ = write_certificate(tmp_path / "key.p12")
    with timestamp_server(tmp_path) as (url, stamps):
        file = _build(tmp_path, "--sign", str(tmp_path / "key.p12"), "--timestamp", url)
    status = _status(file, certificate, stamps)
    assert status.bottom_line, status.pretty_print_details()
    assert status.timestamp_validity.valid


@pytest.mark.skipif(not shutil.which("pdfsig"), reason="poppler's pdfsig is not installed")
def test_poppler_and_qpdf_agree(tmp_path: Path) -> None:
    write_certificate(tmp_path / "key.p12")
    file = _build(tmp_path, "--sign", str(tmp_path / "key.p12"), "--form")
    said = subprocess.run(["pdfsig", str(file)], capture_output=True, text=True).stdout
    assert "Signature is Valid" in said
    assert "ETSI.CAdES.detached" in said
    assert "Total document signed" in said
    if shutil.which("qpdf"):
        checked = subprocess.run(["qpdf", "--check", str(file)], capture_output=True, text=True)
        assert checked.returncode == 0, checked.stdout


def test_a_changed_byte_is_found(tmp_path: Path) -> None:
    certificate, _ = write_certificate(tmp_path / "key.p12")
    file = _build(tmp_path, "--sign", str(tmp_path / "key.p12"))
    data = bytearray(file.read_bytes())
    place = data.index(b"urn:handbook:")
    data[place + 14] ^= 1
    file.write_bytes(data)
    assert not _status(file, certificate).bottom_line


@pytest.mark.parametrize("options", [[], ["--form"], ["--attach-data"], ["--booklet"]])
def test_it_stays_archival_and_accessible(tmp_path: Path, options: list[str]) -> None:
    from handbook.verify import verify

    write_certificate(tmp_path / "key.p12")
    (report,) = verify([_build(tmp_path, "--sign", str(tmp_path / "key.p12"), *options)])
    assert report.passed, report


def test_mistakes_are_one_message(tmp_path: Path) -> None:
    write_certificate(tmp_path / "key.p12")
    (tmp_path / "text.p12").write_text("no certificate")
    for signing, words in [
        (Signing(str(tmp_path / "key.p12"), "wrong"), "the password is wrong"),
        (Signing(str(tmp_path / "text.p12"), ""), "not a PKCS #12 file"),
        (Signing(str(tmp_path / "none.p12"), ""), "cannot be read"),
        (Signing(str(tmp_path / "key.p12"), PASSPHRASE, "ftp://x"), "not the address"),
    ]:
        with pytest.raises(HandbookError, match=words):
            CopySigner(signing)


def test_a_silent_server_is_one_message(tmp_path: Path) -> None:
    write_certificate(tmp_path / "key.p12")
    with pytest.raises(HandbookError, match="does not answer"):
        _build(tmp_path, "--sign", str(tmp_path / "key.p12"), "--timestamp", "http://127.0.0.1:9/")


@pytest.mark.parametrize("options", [["--timestamp", "http://x/"], ["--password", "x"]])
def test_options_that_do_not_go_together(tmp_path: Path, options: list[str]) -> None:
    write_certificate(tmp_path / "key.p12")
    sign = ["--sign", str(tmp_path / "key.p12")] if options[0] == "--password" else []
    result = CliRunner().invoke(main, ["build", *sign, *options])
    assert result.exit_code == 2, result.output
