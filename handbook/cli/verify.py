"""The command `handbook verify`."""

from __future__ import annotations

from pathlib import Path

import click

from ..core.diagnostics import Diagnostic, HandbookError


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
@click.option("--profile", "profiles", multiple=True, metavar="NAME",
              help="ua1, 2a, 3a …; else PDF/UA-1 and what the file claims.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def verify(files: tuple[Path, ...], profiles: tuple[str, ...], as_json: bool) -> None:
    """Check that PDFs are accessible and archival.

    By veraPDF where it is to be had, and by checks of our own.
    """
    from ..verify import format_json, format_reports
    from ..verify import verify as verify_files

    missing = [file for file in files if not file.is_file()]
    if missing:
        raise HandbookError(*map(_missing, missing))
    reports = verify_files(files, profiles)
    click.echo(format_json(reports) if as_json else format_reports(reports))
    if not all(report.passed for report in reports):
        raise click.exceptions.Exit(1)


def _missing(file: Path) -> Diagnostic:
    if file.is_dir():
        return Diagnostic.at(file, "this is a folder", f"name its files: {file}/*.pdf")
    return Diagnostic.at(file, "there is no such file", "name PDFs that have been built")
