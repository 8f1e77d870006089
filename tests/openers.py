"""Opens PDFs in the readers that people have, and collects what these complain about.

Each function takes a path and returns a list of complaints (empty: none), or a `Skip` that says
why the reader could not be asked.  `READERS` names them all.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Skip:
    """A reader that is not on this machine."""

    reason: str


Answer = list[str] | Skip


def _run(command: list[str]) -> tuple[int, str, str] | Skip:
    if shutil.which(command[0]) is None:
        return Skip(f"{command[0]} is not installed")
    done = subprocess.run(command, capture_output=True, timeout=300)
    return (
        done.returncode,
        done.stdout.decode(errors="replace"),
        done.stderr.decode(errors="replace"),
    )


def _complaints(name: str, code: int, text: str, accept: tuple[int, ...] = (0,)) -> list[str]:
    said = [f"{name}: {line}" for line in text.splitlines() if line.strip()]
    if code not in accept and not said:
        said = [f"{name}: exit code {code}"]
    return said


def poppler(path: Path) -> Answer:
    """pdfinfo, pdftotext, and a rendering of the first page by pdftoppm."""
    found: list[str] = []
    for command in (
        ["pdfinfo", str(path)],
        ["pdftotext", str(path), "-"],
        ["pdftoppm", "-r", "30", "-l", "1", "-png", str(path)],
    ):
        answer = _run(command)
        if isinstance(answer, Skip):
            return answer
        code, _, errors = answer
        found += _complaints(command[0], code, errors)
    return found


def qpdf(path: Path) -> Answer:
    """`qpdf --check`: the syntax of every object and stream."""
    answer = _run(["qpdf", "--check", str(path)])
    if isinstance(answer, Skip):
        return answer
    code, out, errors = answer
    found = _complaints("qpdf", code, errors)
    found += [f"qpdf: {line}" for line in out.splitlines() if "warning" in line.casefold()]
    return found


def mupdf(path: Path) -> Answer:
    """MuPDF through pymupdf: every page is interpreted."""
    if importlib.util.find_spec("pymupdf") is None:
        return Skip("pymupdf is not installed")
    import pymupdf

    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)
    pymupdf.TOOLS.mupdf_warnings()  # what earlier files left, counts of repeats too
    try:
        with pymupdf.open(path, filetype="pdf") as document:
            found = ["MuPDF: the file was repaired"] if document.is_repaired else []
            for page in document:
                page.get_displaylist()
    except (RuntimeError, ValueError) as fault:
        return [f"MuPDF: {fault}"]
    said = pymupdf.TOOLS.mupdf_warnings()
    return found + [f"MuPDF: {line}" for line in said.splitlines()]


def mutool(path: Path) -> Answer:
    """MuPDF's own command: information, and every page drawn without output."""
    found: list[str] = []
    for command in (
        ["mutool", "info", str(path)],
        ["mutool", "draw", "-q", "-F", "trace", "-o", "/dev/null", str(path)],
    ):
        answer = _run(command)
        if isinstance(answer, Skip):
            return answer
        code, _, errors = answer
        lines = [line for line in errors.splitlines() if line not in _MUTOOL_OWN]
        found += _complaints("mutool", code, "\n".join(lines))
    return found


def pdfium(path: Path) -> Answer:
    """Pdfium, as in Chromium: every page loads, and its text can be read."""
    if importlib.util.find_spec("pypdfium2") is None:
        return Skip("pypdfium2 is not installed")
    import pypdfium2

    found: list[str] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            document = pypdfium2.PdfDocument(path)
        except pypdfium2.PdfiumError as fault:
            return [f"pdfium: {fault}"]
        for index in range(len(document)):
            try:
                page = document[index]
                page.get_textpage().get_text_bounded()
            except pypdfium2.PdfiumError as fault:
                found.append(f"pdfium: page {index + 1}: {fault}")
        document.close()
    return found + [f"pdfium: {warning.message}" for warning in caught]


_MUTOOL_OWN = {"warning: ICC support is not available"}  # of how Debian builds it, not of the file

READERS: dict[str, Callable[[Path], Answer]] = {
    "poppler": poppler,
    "qpdf": qpdf,
    "mupdf": mupdf,
    "mutool": mutool,
    "pdfium": pdfium,
}
