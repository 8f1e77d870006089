"""Run the command `handbook verify`."""

from __future__ import annotations

from pathlib import Path

import click

from ..core.diagnostics import Diagnostic, HandbookError, error
from .options import echo_json


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
@click.option(
    "--profile",
    "profiles",
    multiple=True,
    metavar="NAME",
    help="ua1, 2a, 3a … [default: PDF/UA-1 and what the file claims].",
)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option("--listen", is_flag=True, help="Print what a screen reader says instead.")
@click.option("--pages", default="", metavar="1-4", help="Page numbers to listen to.")
def verify(
    files: tuple[Path, ...], profiles: tuple[str, ...], as_json: bool, listen: bool, pages: str
) -> None:
    """Check that PDFs are accessible and archival.

    Uses veraPDF if installed, plus built-in checks.
    """
    missing = [file for file in files if not file.is_file()]
    if missing:
        raise HandbookError(*map(_missing, missing))
    if pages and not listen:
        raise click.UsageError("--pages goes with --listen")
    if listen:
        if profiles or as_json:
            raise click.UsageError("--listen goes with neither --profile nor --json")
        _listen(files, pages)
        return
    from ..verify import format_reports
    from ..verify import verify as verify_files

    reports = verify_files(files, profiles)
    if as_json:
        echo_json([report.as_json() for report in reports], 2)
    else:
        click.echo(format_reports(reports))
    if not all(report.passed for report in reports):
        raise click.exceptions.Exit(1)


def _listen(files: tuple[Path, ...], pages: str) -> None:
    try:
        from ..verify.listen import listen, page_labels_of
    except ImportError:
        raise error(
            "--listen needs pikepdf, which is not installed",
            hint="pip install 'handbook[verify]'",
            code="verify",
        ) from None
    for file in files:
        click.echo(listen(file, page_labels_of(pages)))


def _missing(file: Path) -> Diagnostic:
    if file.is_dir():
        return Diagnostic(str(file), 0, 0, "this is a folder", f"name its files: {file}/*.pdf")
    return Diagnostic(str(file), 0, 0, "there is no such file", "name PDFs that have been built")
