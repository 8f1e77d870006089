"""What other programs say of a file: veraPDF, poppler's pdfsig, qpdf, pyHanko.

A test skips with the reason where a program is not installed; in CI they have to be.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest


def missing(words: str) -> None:
    """Skip a test, or fail it where everything has to be installed."""
    pytest.fail(words) if os.environ.get("HANDBOOK_REQUIRE_ALL") else pytest.skip(words)


def said_by(*command: str) -> tuple[int, str]:
    """The exit code and the output of a program."""
    if not shutil.which(command[0]):
        missing(f"{command[0]} is not installed (Debian: poppler-utils, qpdf)")
    done = subprocess.run(command, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def verapdf(files: list[Path], *profiles: str) -> None:
    """Assert that veraPDF itself passes all files by these profiles."""
    from handbook.verify import verapdf, verify

    try:
        verapdf.find_engine()
    except verapdf.VeraPdfUnavailable as reason:
        missing(f"veraPDF: {reason}")
    for report in verify(files, profiles):
        assert report.complete, report
        assert report.passed, report


def pyhanko_status(file: Path, *trusted: Any) -> Any:
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
