"""Run the commands `handbook brand new` and `handbook brand check`."""

from __future__ import annotations

from pathlib import Path

import click


@click.group()
def brand() -> None:
    """Write a brand file, or check one."""


@brand.command()
@click.argument("file", type=click.Path(path_type=Path))
def new(file: Path) -> None:
    """Write a brand file to fill in, with comments."""
    from ..core.diagnostics import error
    from ..core.files import write_whole
    from ..theme.brand.loader import starter

    if file.exists():
        raise error(f"{str(file)!r} already exists", hint="choose another name", code="exists")
    write_whole(file, starter())
    click.echo(str(file))


@brand.command()
@click.argument("file", type=click.Path())
@click.option("--theme", default="default", show_default=True, help="Theme name or YAML file.")
@click.option("--strict", is_flag=True, help="Treat warnings as errors.")
def check(file: str, theme: str, strict: bool) -> None:
    """Check the brand in FILE, on paper and in a theme."""
    from ..theme.brand.apply import apply_brand
    from ..theme.brand.loader import load_brand
    from ..theme.loader import load_theme

    advice = apply_brand(load_theme(theme), load_brand(file)).advice
    for warning in advice:
        click.echo(str(warning), err=True)
    if advice and strict:
        raise click.exceptions.Exit(1)
    words = (
        f"{len(advice)} warnings"
        if len(advice) > 1
        else "1 warning"
        if advice
        else "no problems found"
    )
    click.echo(f"{file}: {words}")
