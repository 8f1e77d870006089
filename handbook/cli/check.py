"""Run the command `handbook check`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..core.diagnostics import HandbookError
from ..core.units import counted
from .options import Day, brand_option, content_option, echo_json, edition_day, report, theme_option

if TYPE_CHECKING:
    from ..check.findings import Finding


@click.command()
@click.option("--strict", is_flag=True, help="Treat warnings as errors.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.option("--sarif", "as_sarif", is_flag=True, help="Print the findings as SARIF 2.1.0.")
@click.option("--online", is_flag=True, help="Also check that web addresses answer.")
@click.option(
    "--date",
    "day",
    type=Day(),
    help="The day at which facts may be overdue [default: SOURCE_DATE_EPOCH, or today].",
)
@theme_option
@brand_option
@content_option
@click.option("-q", "--quiet", is_flag=True, help="Print nothing if there are no findings.")
def check(
    strict: bool,
    as_json: bool,
    as_sarif: bool,
    online: bool,
    day: date | None,
    theme: str,
    brand: str | None,
    content: Path,
    quiet: bool,
) -> None:
    """Check everything that can be checked automatically.

    Links, conditions, dates, pictures and spelling, for every role, path and plan.
    """
    from ..check.checker import check_folder
    from ..check.sarif import as_json as plain
    from ..check.sarif import sarif

    if as_json and as_sarif:
        raise click.UsageError("choose one of --json and --sarif")
    findings = check_folder(content, day=day or edition_day(), theme=theme, online=online)
    findings += _brand_findings(brand, theme) if brand else []
    if as_json:
        echo_json(plain(findings), 2)
    elif as_sarif:
        echo_json(sarif(findings, Path()), 2)
    else:
        report(finding.with_selections() for finding in findings)
    errors = sum(finding.diagnostic.severity == "error" for finding in findings)
    if not (as_json or as_sarif or (quiet and not findings)):
        warnings = len(findings) - errors
        click.echo(f"{counted(errors, 'error')}, {counted(warnings, 'warning')}", err=True)
    if errors or (strict and findings):
        raise click.exceptions.Exit(1)


def _brand_findings(brand: str, theme: str) -> list[Finding]:
    """Return the findings about a brand, on paper and in a theme."""
    from ..check.findings import Finding
    from ..theme.brand.apply import apply_brand
    from ..theme.brand.loader import load_brand
    from ..theme.loader import load_theme

    try:
        advice = apply_brand(load_theme(theme), load_brand(brand)).advice
    except HandbookError as problem:
        advice = problem.diagnostics
    return [Finding(one) for one in advice]
