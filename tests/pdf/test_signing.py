"""Signed copies: valid for pyHanko and poppler, and still PDF/A and PDF/UA."""

from __future__ import annotations

from pathlib import Path

import pytest
from certificates import PASSPHRASE, timestamp_server, write_certificate
from click.testing import CliRunner
from second_programs import pyhanko_status, said_by, verapdf

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


@pytest.mark.parametrize("kind", ["rsa", "ec"])
def test_a_signed_file_is_valid_and_trusted(tmp_path: Path, kind: str) -> None:
    certificate, _ = write_certificate(tmp_path / "key.p12", kind=kind)
    status = pyhanko_status(_build(tmp_path, "--sign", str(tmp_path / "key.p12")), certificate)
    assert status.bottom_line, status.pretty_print_details()
    assert status.coverage.name == "ENTIRE_FILE"
    assert status.timestamp_validity is None


def test_a_time_stamp_of_a_server(tmp_path: Path) -> None:
    certificate, _ = write_certificate(tmp_path / "key.p12")
    with timestamp_server(tmp_path) as (url, stamps):
        file = _build(tmp_path, "--sign", str(tmp_path / "key.p12"), "--timestamp", url)
    status = pyhanko_status(file, certificate, stamps)
    assert status.bottom_line, status.pretty_print_details()
    assert status.timestamp_validity.valid


def test_poppler_and_qpdf_agree(tmp_path: Path) -> None:
    write_certificate(tmp_path / "key.p12")
    file = _build(tmp_path, "--sign", str(tmp_path / "key.p12"), "--form")
    _, said = said_by("pdfsig", str(file))
    assert "Signature is Valid" in said
    assert "ETSI.CAdES.detached" in said
    assert "Total document signed" in said
    code, said = said_by("qpdf", "--check", str(file))
    assert code == 0, said


def test_a_changed_byte_is_found(tmp_path: Path) -> None:
    certificate, _ = write_certificate(tmp_path / "key.p12")
    file = _build(tmp_path, "--sign", str(tmp_path / "key.p12"))
    data = bytearray(file.read_bytes())
    place = data.index(b"urn:handbook:")
    data[place + 14] ^= 1
    file.write_bytes(data)
    assert not pyhanko_status(file, certificate).bottom_line


@pytest.mark.parametrize("options", [[], ["--form"], ["--attach-data"], ["--booklet"]])
def test_it_stays_archival_and_accessible(tmp_path: Path, options: list[str]) -> None:
    write_certificate(tmp_path / "key.p12")
    verapdf([_build(tmp_path, "--sign", str(tmp_path / "key.p12"), *options)])


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
