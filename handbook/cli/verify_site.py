"""Run the command `handbook verify-site`."""

from __future__ import annotations

from pathlib import Path

import click

from .options import counted, print_message


@click.command("verify-site")
@click.argument("copies", metavar="DIR")
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="The folder of the site.",
)
@click.option("--title", default="", metavar="TEXT", help="What the copies are copies of.")
@click.option("-q", "--quiet", is_flag=True, help="Print only the path written.")
def verify_site(copies: str, output: Path, title: str, quiet: bool) -> None:
    """Write a static site that says whether a copy is genuine.

    DIR is a folder of copies that `handbook batch` wrote, or its URL.  Readers drop a PDF on the
    page, or type a copy number; the site names no learner.
    """
    from ..batch.lookup_site import write_lookup_site
    from ..batch.stores import store_at

    count = write_lookup_site(store_at(copies), output, title)
    print_message(f"a site that knows {counted(count, 'copy')}", quiet)
    click.echo(str(output / "index.html"))
