"""Run the command `handbook verify-site`."""

from __future__ import annotations

from pathlib import Path

import click

from ..core.units import counted
from .options import print_message


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
@click.option("--title", default="", metavar="TEXT", help="The title of what was copied.")
@click.option(
    "--language",
    default="",
    metavar="TAG",
    help="The language of the page [default: that of the copies].",
)
@click.option("-q", "--quiet", is_flag=True, help="Print only the path written.")
def verify_site(copies: str, output: Path, title: str, language: str, quiet: bool) -> None:
    """Write a static site that says whether a copy is genuine.

    DIR is a folder of copies that `handbook batch` wrote, or its URL.  Readers drop a PDF on the
    page, or type a copy number; the site names no learner.
    """
    from ..batch.lookup_site import site_words, write_lookup_site
    from ..batch.stores import store_at

    store = store_at(copies)
    count = write_lookup_site(store, output, title, language)
    words = site_words(store, language)
    if not words.translated:
        print_message(f"there is no translation for {words.language}: the page is English", quiet)
    print_message(f"a site that knows {counted(count, 'copy')}", quiet)
    click.echo(str(output / "index.html"))
