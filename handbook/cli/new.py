"""Run the command `handbook new`."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from ..core.units import counted
from .options import print_message


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--title", default="", help="The book's title [default: the folder's name].")
@click.option(
    "--from",
    "source",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Convert existing Markdown: mdBook, MkDocs, Docusaurus, Jekyll, Quarto, "
    "GitBook, Obsidian, Jupyter notebooks, or a folder of files.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print only the folder written.")
def new(folder: Path, title: str, source: Path | None, quiet: bool) -> None:
    """Create a new handbook in a folder of its own.

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
    print_message(
        f"A handbook of {len(files)} files; begin with {folder / 'handbook.yaml'}.\n"
        f"Next:\n"
        f"  handbook preview --content {name}   see the pages while you write\n"
        f"  handbook build --content {name}     make the PDF",
        quiet,
    )
    click.echo(str(folder))


def _imported(source: Path, title: str, quiet: bool) -> dict[str, bytes]:
    """Return the files of a pack made of existing Markdown, and report what became of it."""
    from ..pack.importer import imported_files, read_source, report_lines

    book = read_source(source)
    files = imported_files(book, title)
    print_message(
        f"{title or book.title}: {book.kind} of {counted(len(book.pages()), 'page')}", quiet
    )
    for line in report_lines(book):
        print_message(line, quiet)
    return files
