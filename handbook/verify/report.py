"""Define and format the results of checking a PDF."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal, TypeAlias

from ..core.units import counted
from ..core.values import frozen

Severity: TypeAlias = Literal["error", "warning"]

NAMES = {"ua1": "PDF/UA-1", "ua2": "PDF/UA-2"}


@frozen
class Finding:
    """One error: the rule, a plain message, how often, and the first places."""

    rule: str
    message: str
    count: int = 1
    places: tuple[str, ...] = ()
    severity: Severity = "error"
    detail: str = ""


@frozen
class Result:
    """The result of one checker for one file.

    `passed` is None if it could not run; `reason` says why.
    """

    checker: str
    profile: str
    passed: bool | None
    findings: tuple[Finding, ...] = ()
    checks: int = 0
    reason: str = ""


@frozen
class Report:
    """The results for one file, and what was not checked."""

    path: Path
    results: tuple[Result, ...]
    not_checked: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Return whether at least one checker ran and none found an error."""
        ran = [result for result in self.results if result.passed is not None]
        return bool(ran) and all(result.passed for result in ran)

    @property
    def complete(self) -> bool:
        """Return whether every requested checker ran."""
        return all(result.passed is not None for result in self.results)

    def as_json(self) -> dict[str, Any]:
        """Return this report as plain data."""
        return {
            "file": str(self.path),
            "passed": self.passed,
            "complete": self.complete,
            "results": [asdict(result) for result in self.results],
            "not_checked": list(self.not_checked),
        }


def profile_name(profile: str) -> str:
    """Return a profile's usual name: `2a` is PDF/A-2a."""
    return NAMES.get(profile, f"PDF/A-{profile}")


def format_reports(reports: Sequence[Report]) -> str:
    """Format reports for a terminal, ending with what was not checked."""
    parts = [format_report(report) for report in reports]
    unknown = dict.fromkeys(sentence for report in reports for sentence in report.not_checked)
    if unknown:
        parts.append("\n".join(["not checked:", *(f"  - {item}" for item in unknown)]))
    return "\n".join(parts)


def format_report(report: Report) -> str:
    """Format one report: the verdict, then every finding with its places."""
    lines = [f"{report.path}: {_verdict(report)}"]
    for result in report.results:
        lines += _result_lines(result)
    return "\n".join(lines)


def _verdict(report: Report) -> str:
    if not report.passed:
        return "FAILED" if any(r.passed is False for r in report.results) else "not checked"
    return "passed" if report.complete else "passed, as far as it could be checked"


def _result_lines(result: Result) -> Iterable[str]:
    title = f"{profile_name(result.profile)}: " if result.profile else ""
    if result.passed is None:
        yield f"  {title}not checked by {result.checker}: {result.reason}"
        return
    what = f"passes all {result.checks} checks" if result.checks else "no problems found"
    errors = sum(finding.severity == "error" for finding in result.findings)
    warnings = len(result.findings) - errors
    if errors:
        what = counted(errors, "error")
    if warnings:
        what += f", {counted(warnings, 'warning')}"
    yield f"  {title}{what} ({result.checker})"
    for finding in result.findings:
        yield from _finding_lines(finding)


def _finding_lines(finding: Finding) -> Iterable[str]:
    times = f" ({finding.count} times)" if finding.count > 1 else ""
    yield f"    {finding.severity}: {finding.message}{times} [{finding.rule}]"
    if finding.detail and finding.detail != finding.message:
        yield f"      {finding.detail}"
    for place in finding.places:
        yield f"      at {place}"
    rest = finding.count - len(finding.places)
    if finding.places and rest > 0:
        yield f"      and {counted(rest, 'more place')}"
