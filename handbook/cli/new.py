"""The command `handbook new`."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from .options import say


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--title", default="", help="The book's title; else the folder's name.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but the folder written.")
def new(folder: Path, title: str, quiet: bool) -> None:
    """Begin a handbook: a small content pack that builds, with comments in its files."""
    from ..skeleton_pack import skeleton_files, title_from, write_pack

    files = skeleton_files(title.strip() or title_from(folder))
    write_pack(folder, files)
    name = shlex.quote(str(folder))
    say(
        f"A handbook of {len(files)} files; begin with {folder / 'handbook.yaml'}.\n"
        f"Next:\n"
        f"  handbook preview --content {name}   see the pages while you write\n"
        f"  handbook build --content {name}     make the PDF",
        quiet,
    )
    click.echo(str(folder))
