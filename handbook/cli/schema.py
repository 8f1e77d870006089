"""Run the command `handbook schema`."""

from __future__ import annotations

from typing import Any

import click

from ..core.diagnostics import error, suggest
from .options import echo_json


class _Name(click.ParamType):  # type: ignore[type-arg]
    name = "NAME"

    def shell_complete(self, ctx: Any, param: Any, incomplete: str) -> Any:
        from click.shell_completion import CompletionItem

        from ..pack.json_schemas import NAMES

        return [CompletionItem(name) for name in NAMES if name.startswith(incomplete)]


@click.command()
@click.argument("name", default="pack", type=_Name())
def schema(name: str) -> None:
    """Print a JSON Schema that editors check files with.

    NAME is pack, front-matter, roles, paths, plans, settings, theme or brand.
    """
    from ..pack.json_schemas import NAMES, schema_of

    if name not in NAMES:
        raise error(f"unknown schema {name!r}", hint=suggest(name, NAMES), code="unknown-schema")
    echo_json(schema_of(name), 2)
