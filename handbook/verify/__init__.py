"""Check a finished PDF: veraPDF if installed, plus built-in checks.

In: PDF files.  Out: findings in plain words; a comparison of two files.  May import: core, pdf.

verapdf.py, verapdf_messages.py  veraPDF in one Java process; its rules in plain words
inspect.py, checks/              the built-in checks, which need pikepdf
content_interpreter.py, graphics_state.py, page_content.py  what a page paints
pdf_fonts.py, structure_reader.py        what codes mean; the structure tree
listen.py                        what a screen reader says
report.py, damaged.py            results; one message for a damaged file
compare.py, pdf_pages.py                 what changed between two files
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from ..core.diagnostics import error, suggest
from . import verapdf
from .report import Report, Result, format_report, format_reports

__all__ = ["Report", "Result", "format_report", "format_reports", "verify"]

_NO_PIKEPDF = "pikepdf is not installed (pip install 'handbook[verify]')"


def verify(
    paths: Sequence[Path], profiles: Sequence[str] = (), *, threads: int = 0
) -> list[Report]:
    """Check each file against `profiles` (`ua1`, `2a`, `3a` ...) and with the built-in checks.

    The default is PDF/UA-1 and the part of PDF/A that a file claims.  The report lists what could
    not run, and why.

    Raises:
        HandbookError: a profile is unknown.
    """
    for profile in profiles:
        if profile not in verapdf.PROFILES:
            raise error(
                f"unknown profile {profile!r}",
                hint=suggest(profile, verapdf.PROFILES),
                code="verify",
            )
    files = [Path(path) for path in paths]
    profiles_of = {path: tuple(profiles) or _claims(path) for path in files}
    official = _run_verapdf(profiles_of, threads)
    return [_report(path, profiles_of[path], official) for path in files]


def _claims(path: Path) -> tuple[str, ...]:
    if not _has_pikepdf():
        return ("ua1", "2a")
    from .inspect import claims

    return claims(path)


def _has_pikepdf() -> bool:
    return find_spec("pikepdf") is not None


def _run_verapdf(
    profiles_of: dict[Path, tuple[str, ...]], threads: int
) -> dict[tuple[Path, str], Result]:
    """Return veraPDF's results; if it could not run, results with the reason."""
    results: dict[tuple[Path, str], Result] = {}
    reason = ""
    locate: verapdf.Locate | None = None
    if _has_pikepdf():
        from .inspect import Locator

        locate = Locator()
    try:
        present = [(path, names) for path, names in profiles_of.items() if path.is_file()]
        for path, result in verapdf.validate(present, threads=threads, locate=locate):
            results[path, result.profile] = result
    except verapdf.VeraPdfUnavailable as missing:
        reason = str(missing)
    for path, names in profiles_of.items():
        for name in names:
            absent = reason if path.is_file() else "there is no such file"
            results.setdefault((path, name), Result(verapdf.CHECKER, name, None, reason=absent))
    return results


def _report(
    path: Path, profiles: Sequence[str], official: dict[tuple[Path, str], Result]
) -> Report:
    results = [official[path, profile] for profile in profiles]
    ran = all(result.passed is not None for result in results)
    if not _has_pikepdf():
        results.append(Result("built-in checks", "", None, reason=_NO_PIKEPDF))
        return Report(path, tuple(results))
    from . import inspect

    results.append(inspect.inspect(path))
    left = inspect.NOT_CHECKED if ran else (*inspect.VERAPDF_ONLY, *inspect.NOT_CHECKED)
    return Report(path, tuple(results), left)
