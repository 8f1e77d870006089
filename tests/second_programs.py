"""What other programs say of a file: veraPDF, poppler's pdfsig, qpdf, pyHanko.

A test skips with the reason where a program is not installed; in CI they have to be.
"""

from __future__ import annotations

import atexit
import io
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from handbook.verify import verapdf as program
from handbook.verify.report import Result


def missing(words: str) -> None:
    """Skip a test, or fail it where everything has to be installed."""
    pytest.fail(words) if os.environ.get("HANDBOOK_REQUIRE_ALL") else pytest.skip(words)


def said_by(*command: str) -> tuple[int, str]:
    """The exit code and the output of a program."""
    if not shutil.which(command[0]):
        missing(f"{command[0]} is not installed (Debian: poppler-utils, qpdf)")
    done = subprocess.run(command, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def needs_verapdf() -> None:
    """Skip a test where veraPDF cannot run; in CI it has to."""
    try:
        program.find_engine()
    except program.VeraPdfUnavailable as reason:
        missing(f"veraPDF: {reason}")


@lru_cache(maxsize=1)
def _process() -> subprocess.Popen[bytes]:
    """A veraPDF that stays: Java takes longer to begin than to look at most files of a test."""
    process = subprocess.Popen(
        program.find_engine().command(2),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    # It ends when it is asked nothing more.
    atexit.register(process.communicate)
    return process


def validate(
    wanted: Iterable[tuple[Path, Sequence[str]]],
    *,
    threads: int = 0,
    locate: program.Locate | None = None,
) -> Iterator[tuple[Path, Result]]:
    """What `handbook.verify.verapdf.validate` yields, from the process that stays."""
    todo = {(str(path), profile): path for path, profiles in wanted for profile in profiles}
    process = _process()
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("".join(f"{profile}\t{path}\n" for path, profile in todo).encode())
    process.stdin.flush()
    yield from program.answers(process.stdout, todo, locate)
    assert not todo, "veraPDF stopped early"


def verapdf(files: list[Path], *profiles: str) -> None:
    """Assert that veraPDF and the built-in checks pass all files by these profiles."""
    from handbook.verify import verify

    needs_verapdf()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(program, "validate", validate)
        reports = verify(files, profiles)
    assert len(reports) == len(files)
    for report in reports:
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
