"""Run every check on a pack."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from ..core.diagnostics import Diagnostic, HandbookError
from ..core.excerpt import lines_of, located
from ..pack.loader import load_pack
from ..pack.model import Pack
from ..select.selection import Selection
from .conditions import unknown_in_templates
from .findings import Finding
from .rules import pack_findings
from .selections import read_every
from .spelling import misspelt

_IGNORED = re.compile(r"check: *ignore +([\w-]+(?:[, ]+[\w-]+)*)")


def check_folder(
    folder: Path, *, day: date, theme: str = "default", online: bool = False
) -> list[Finding]:
    """Return everything about the pack in `folder`; mistakes that keep it from loading are
    findings, too.

    `day` is the date at which facts may be overdue and items retired.
    """
    try:
        pack = load_pack(folder)
    except HandbookError as problem:
        return [Finding(one) for one in located(problem.diagnostics)]
    return check_pack(pack, day=day, theme=theme, online=online)


def check_pack(
    pack: Pack,
    *,
    day: date,
    theme: str = "default",
    selections: Sequence[Selection] = (),
    online: bool = False,
) -> list[Finding]:
    """Return everything about `pack`, in the order of its files; `selections` instead of every one.

    Nothing is laid out, and the network is used only with `online`.
    Raises nothing for mistakes in the pack: each is a finding.
    """

    findings: list[Finding] = []
    matrix = read_every(pack, day, selections)
    findings += matrix.findings()
    if not selections:
        findings += [Finding(one) for one in pack.warnings]
        findings += [Finding(one) for one in pack_findings(pack, matrix, day, theme)]
        findings += [Finding(one) for one in unknown_in_templates(pack)]
        findings += [Finding(one) for one in misspelt(pack, matrix)]
        if (pack.config.get("check") or {}).get("style"):
            from .style import style_findings

            findings += [Finding(one) for one in style_findings(pack, matrix)]
    if online:
        from .external_links import dead_links, links_outside

        findings += [Finding(one) for one in dead_links(links_outside(matrix))]
    return _sifted(findings, pack)


def _sifted(findings: Iterable[Finding], pack: Pack) -> list[Finding]:
    """Return them in order, each once, without those that the pack or a comment ignores."""
    ignored = {str(code) for code in (pack.config.get("check") or {}).get("ignore") or ()}
    kept: dict[tuple[str, int, str, str], Finding] = {}
    for each in findings:
        (one,) = located([each.diagnostic])
        if one.code in ignored or one.code in _ignored_at(one):
            continue
        kept.setdefault(
            (one.file, one.line, one.message, each.scope), replace(each, diagnostic=one)
        )
    return sorted(kept.values())


def _ignored_at(one: Diagnostic) -> set[str]:
    """Return the codes that a comment on the line, or on the line above, ignores."""
    lines = lines_of(one)
    near = lines[max(0, one.line - 2) : one.line]
    return {
        code
        for text in near
        for match in _IGNORED.finditer(text)
        for code in re.split(r"[, ]+", match[1])
    }
