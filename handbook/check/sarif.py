"""Write findings as SARIF 2.1.0, which code hosts show on pull requests."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..__version__ import __version__
from .codes import CODES
from .findings import Finding

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
HELP = "docs/diagnostics.md"


def sarif(findings: Sequence[Finding], base: Path) -> dict[str, Any]:
    """Return the SARIF log of `findings`, with file paths relative to `base` (the repository)."""
    codes = sorted({finding.diagnostic.code or "other" for finding in findings})
    rules = [
        {
            "id": code,
            "shortDescription": {"text": CODES.get(code, "A mistake in a content pack.")},
            "help": {"text": f"{CODES.get(code, 'A mistake in a content pack.')} See {HELP}."},
        }
        for code in codes
    ]
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "handbook", "version": __version__, "rules": rules}},
                "columnKind": "unicodeCodePoints",
                "results": [_result(finding, codes, base) for finding in findings],
            }
        ],
    }


def _result(finding: Finding, codes: Sequence[str], base: Path) -> dict[str, Any]:
    one = finding.with_selections()
    code = one.code or "other"
    result: dict[str, Any] = {
        "ruleId": code,
        "ruleIndex": codes.index(code),
        "level": one.severity,
        "message": {"text": f"{one.message}\n{one.hint}" if one.hint else one.message},
    }
    if one.file:
        place: dict[str, Any] = {"artifactLocation": _location(one.file, base)}
        if one.line:
            region = {"startLine": one.line}
            place["region"] = region | ({"startColumn": one.column} if one.column else {})
        result["locations"] = [{"physicalLocation": place}]
    if finding.selections:
        result["properties"] = {"selections": list(finding.selections)}
    return result


def _location(file: str, base: Path) -> dict[str, str]:
    path = Path(os.path.abspath(file))
    root = Path(os.path.abspath(base))
    if path.is_relative_to(root):
        return {"uri": _quoted(path.relative_to(root).as_posix()), "uriBaseId": "%SRCROOT%"}
    return {"uri": path.as_uri()}


def _quoted(path: str) -> str:
    from urllib.parse import quote

    return quote(path)


def as_json(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Return findings as plain data, for programs."""
    return [
        {
            "file": one.file,
            "line": one.line,
            "column": one.column,
            "severity": one.severity,
            "code": one.code,
            "message": one.message,
            "hint": one.hint,
            "selections": list(finding.selections),
            "scope": finding.scope,
        }
        for finding in findings
        for one in [finding.diagnostic]
    ]
