"""Run the command `handbook preview`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from urllib.parse import urlencode

import click

from .options import Day, FromPack, content_option, edition_day, paper_option, theme_option


@click.command()
@click.option("--role", type=FromPack("roles"), default="", help="Begin with this role.")
@click.option("--path", type=FromPack("paths"), default="", help="Begin with this path.")
@click.option("--plan", type=FromPack("plans"), default="", help="Begin with this plan.")
@paper_option
@theme_option
@click.option(
    "--date", "day", type=Day(), help="Edition date [default: SOURCE_DATE_EPOCH, or today]."
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    metavar="N",
    help="Port to listen on [default: 8765 or a free one].",
)
@click.option("--open/--no-open", "browse", default=True, help="Open a browser.")
@content_option
def preview(
    role: str,
    path: str,
    plan: str,
    paper: str,
    theme: str,
    day: date | None,
    port: int,
    browse: bool,
    content: Path,
) -> None:
    """Show the pages in a browser while you write.

    Errors and warnings are listed next to them.

    Only this machine can open them.  Ctrl-C ends the preview.
    """
    from ..preview.server import serve

    first = {"role": role, "path": path, "plan": plan, "paper": paper, "theme": theme}
    defaults = {"paper": "a4", "theme": "default"}
    query = urlencode({k: v for k, v in first.items() if v and defaults.get(k) != v})

    def ready(address: str) -> None:
        """Say where the pages are, and open them."""
        where = f"{address}?{query}" if query else address
        click.echo("Pages follow what you save. Ctrl-C ends the preview.", err=True)
        click.echo(where)
        if browse:
            click.launch(where)

    serve(content, day or edition_day(), theme, port, ready)
    click.echo("The preview has ended.", err=True)
