"""Run the command `handbook release`."""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path

import click

from .options import (
    Day,
    Paper,
    brand_option,
    content_option,
    edition_day,
    jobs_option,
    theme_option,
)


@click.command()
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default="dist",
    show_default=True,
    metavar="DIR",
    help="The folder for the archive.",
)
@click.option(
    "--papers",
    type=Paper(),
    default="a4",
    show_default=True,
    metavar="a4,letter",
    help="The papers to make every edition for.",
)
@click.option("--every", is_flag=True, help="Also build every combination of role, path and plan.")
@click.option("--verify", is_flag=True, help="Check every file with veraPDF first.")
@jobs_option
@click.option("--date", "day", type=Day(), help="The editions' date, as for build.")
@theme_option
@brand_option
@content_option
@click.option("-q", "--quiet", is_flag=True, help="Show no progress.")
def release(
    output: Path,
    papers: str,
    every: bool,
    verify: bool,
    jobs: int | None,
    day: date | None,
    theme: str,
    brand: str | None,
    content: Path,
    quiet: bool,
) -> None:
    """Make the archive to publish.

    It holds all editions, pictures, a manifest with digests, and an index page.

    The same content and date give the same bytes, on every machine.
    """
    from ..pipeline.executors import executor
    from ..pipeline.release import EditionRequest, release
    from ..theme.brand.loader import load_brand

    order = EditionRequest(
        content,
        day or edition_day(),
        tuple(papers.split(",")),
        theme,
        every,
        load_brand(brand) if brand is not None else None,
    )
    shown = not quiet and sys.stderr.isatty()
    with click.progressbar(length=1, label="Editions", file=sys.stderr, hidden=not shown) as bar:

        def progress(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        with executor(jobs or os.cpu_count() or 1) as pool:
            archive = release(order, output, pool, verify=verify, progress=progress)
    click.echo(str(archive))
