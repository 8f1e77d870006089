"""Options of the command `handbook batch`: what it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..core.values import frozen

if TYPE_CHECKING:
    from ..pdf.protection import Protection


@frozen
class BatchRequest:
    """The options of `handbook batch`."""

    roster: str | None
    output: str | None
    jobs: int | None
    scheduler: str
    resume: bool
    prune: bool
    template: str
    columns: tuple[str, ...]
    encoding: str
    sheet: str
    dates: str
    synonyms: str
    where: str
    zipped: bool
    groups: str
    index: bool
    handout: bool
    print_run: Path | None
    moodle: Path | None
    badge: bool
    dry_run: bool
    fail_fast: bool
    checked: str | None
    query: str
    skip: tuple[str, ...]
    paper: str
    theme: str
    brand: str | None
    day: date | None
    as_json: bool
    content: Path
    quiet: bool
    password_column: str
    protection: Protection


def roster_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that say how a roster is read."""
    options = [
        click.option("--column", "columns", multiple=True, metavar="learner=COLUMN",
                     help="Use this column as the field; learner=FIRST+LAST joins two."),
        click.option("--map", "synonyms", default="", metavar="FILE",
                     type=click.Path(dir_okay=False), help="A CSV table with the columns column, "
                     "value, id: other names of roles, paths and plans."),
        click.option("--where", default="", metavar="CONDITION",
                     help="Only these rows, as in 'status == \"active\"'."),
        click.option("--dates", type=click.Choice(["dmy", "mdy", "ymd", "excel"]),
                     callback=lambda ctx, param, value: value or "",
                     metavar="dmy|mdy|ymd|excel", help="How to read days such as 1/2/2027."),
        click.option("--encoding", default="", metavar="NAME",
                     help="Encoding of a CSV file [default: found automatically]."),
        click.option("--sheet", default="", metavar="NAME",
                     help="Sheet of a workbook [default: the first visible roster]."),
    ]  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


def result_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that make more of the copies."""
    file = click.Path(path_type=Path, dir_okay=False)
    options = [
        click.option("--zip", "zipped", is_flag=True, help="Also pack all copies into an archive."),
        click.option("--zip-by", "groups", default="", metavar="COLUMN",
                     help="Also make an archive for each group, for example cohort."),
        click.option("--index", is_flag=True, help="Also write a page that lists all copies."),
        click.option("--handout", is_flag=True,
                     help="Also write handout.csv, for a mail merge or `handbook send`."),
        click.option("--moodle", metavar="FILE", type=file,
                     help="Also write a zip file for Moodle's upload of feedback files."),
        click.option("--badge", is_flag=True,
                     help="Also write an Open Badge for each copy; needs --sign."),
        click.option("--print-run", metavar="FILE", type=file,
                     help="Also write all copies into one PDF for the press."),
    ]  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command
