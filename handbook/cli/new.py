"""The command `handbook new`."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from .options import counted, say


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--title", default="", help="The book's title; else the folder's name.")
@click.option(
    "--from", "source", type=click.Path(path_type=Path), metavar="DIR",
    help="Make it of Markdown that exists: an mdBook, a MkDocs site, a folder of files.",
)  # fmt: skip
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but the folder written.")
def new(folder: Path, title: str, source: Path | None, quiet: bool) -> None:
    """Begin a handbook of your own, in a new folder.

    It is a small content pack that builds, with comments in its files; or, with --from, made of
    Markdown that exists.
    """
    from ..pack.scaffold import refuse_taken, skeleton_files, title_from, write_pack

    refuse_taken(folder)
    if source is None:
        files = skeleton_files(title.strip() or title_from(folder))
    else:
        files = _imported(source, title.strip(), quiet)
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


def _imported(source: Path, title: str, quiet: bool) -> dict[str, bytes]:
    """The files of a pack made of existing Markdown, with a word on what was found."""
    from ..pack.importer import imported_files, left_out, pages, survey

    found = survey(source)
    count = len(list(pages(found.entries)))
    say(f"{title or found.title}: {found.kind} of {counted(count, 'page')}", quiet)
    others = left_out(found)
    if others:
        few = ", ".join(others[:3]) + (" …" if len(others) > 3 else "")
        say(f"Not in its list of pages, so left out: {len(others)} files ({few})", quiet)
    return imported_files(found, title)
