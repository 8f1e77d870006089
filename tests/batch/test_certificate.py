"""The example of a certificate: one page, wider than high, accessible, with the learner's name."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest
from certificates import PASSPHRASE, write_certificate
from packs import run
from readback import Reader
from second_programs import pyhanko_status, said_by, verapdf

EXAMPLES = Path(__file__).parents[2] / "examples"
PACK = EXAMPLES / "certificate"


def certificates(folder: Path, capsys: pytest.CaptureFixture[str], *options: str) -> list[Path]:
    """The certificates of the example's roster, in order."""
    out, theme = folder / "out", PACK / "theme.yaml"
    code, _, reported = run(
        capsys, "batch", str(EXAMPLES / "learners.csv"), "--content", str(PACK), "--theme",
        str(theme), "--brand", str(EXAMPLES / "acme.yaml"), "-o", str(out), "-j", "1", "-q",
        *options,
    )  # fmt: skip
    assert code == 0, reported
    return sorted(out.glob("*.pdf"))


@pytest.mark.parametrize(("paper", "width"), [("a4-landscape", 841.9), ("letter-landscape", 792)])
def test_a_certificate_for_each_learner(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], paper: str, width: float
) -> None:
    files = certificates(tmp_path, capsys, "--paper", paper, "--column", "completed=Exam date")
    assert len(files) == len((EXAMPLES / "learners.csv").read_text("utf-8").splitlines()) - 1
    with pikepdf.open(files[0]) as pdf:
        assert len(pdf.pages) == 1
        assert abs(float(pdf.pages[0].MediaBox[2]) - width) < 0.1
    text = Reader(files[0].read_bytes()).structure().text
    for words in ("Certificate of completion", "Asha Rao", "Acme Academy Ltd", "2027-02-15"):
        assert words in text
    assert run(capsys, "verify", str(files[0]))[0] == 0


def test_signed_certificates_are_what_other_programs_take_them_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyhanko")
    signer, _ = write_certificate(tmp_path / "key.p12")
    monkeypatch.setenv("HANDBOOK_SIGN_PASSWORD", PASSPHRASE)
    files = certificates(
        tmp_path, capsys, "--paper", "a4-landscape", "--sign", str(tmp_path / "key.p12")
    )
    assert len(files) == 5
    verapdf(files)
    for file in files:
        said = said_by("pdfsig", str(file))[1]
        assert "Signature is Valid" in said
        assert "Total document signed" in said
        assert pyhanko_status(file, signer).bottom_line
