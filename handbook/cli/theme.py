"""Run the command `handbook theme new`."""

from __future__ import annotations

from pathlib import Path

import click


@click.group()
def theme() -> None:
    """Write a theme file."""


@theme.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--extends", default="default", show_default=True, help="The theme to begin from.")
def new(file: Path, extends: str) -> None:
    """Write a theme file with a comment for each token."""
    from ..core.diagnostics import error
    from ..core.files import write_whole
    from ..theme.loader import theme_starter

    if file.exists():
        raise error(f"{str(file)!r} already exists", hint="choose another name", code="exists")
    write_whole(file, theme_starter(extends, file.stem))
    click.echo(str(file))
