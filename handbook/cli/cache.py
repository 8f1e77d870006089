"""Run the command `handbook cache`."""

from __future__ import annotations

import click

from ..core.diagnostics import error


@click.group()
def cache() -> None:
    """Show or clear what builds keep for the next one.

    Kept are packs as they were read, compiled templates, and editions.
    """


@cache.command()
def info() -> None:
    """Show where the cache is, and how large."""
    from ..core.cache import MOST, cache_folder, open_cache

    click.echo(f"folder:   {cache_folder()}")
    known = open_cache()
    if known is None:
        click.echo("switched off, or its folder is not the user's own")
        return
    entries = known.entries()
    size = sum(state.st_size for _, state in entries)
    click.echo(f"entries:  {len(entries)}")
    click.echo(f"size:     {size / 1e6:.1f} MB of at most {MOST / 1e6:.0f} MB")


@cache.command()
def clear() -> None:
    """Remove everything that builds have kept."""
    from ..core.cache import OFF, open_cache

    known = open_cache()
    if known is None:
        raise error(
            "there is no cache to clear",
            hint=f"{OFF} is set, or its folder is not yours",
            code="cache",
        )
    click.echo(f"{known.clear()} entries removed")
