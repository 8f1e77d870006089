"""Run the command `handbook explain`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .options import FromPack, content_option, echo_json, edition_day

if TYPE_CHECKING:
    from ..check.explain import Explained

WORDS = {True: "in", False: "out", None: "?"}


@click.command()
@click.option("--role", type=FromPack("roles"), default="", help="The learner's role.")
@click.option("--path", type=FromPack("paths"), default="", help="The learning path.")
@click.option("--plan", type=FromPack("plans"), default="", help="The study plan.")
@click.option("--chapter", default="", metavar="ID", help="Explain only this chapter.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@content_option
def explain(role: str, path: str, plan: str, chapter: str, as_json: bool, content: Path) -> None:
    """Explain why a chapter or block is included."""
    from ..check.explain import explain as explained
    from ..core.diagnostics import error, suggest
    from ..pack.loader import load_pack
    from ..select.selection import select

    pack = load_pack(content)
    ids = [each.id for each in pack.chapters]
    if chapter and chapter not in ids:
        raise error(
            f"unknown chapter {chapter!r}", hint=suggest(chapter, ids), code="unknown-chapter"
        )
    selection = select(pack, role=role, path=path, plan=plan, day=edition_day())
    parts = [each for each in explained(pack, selection) if chapter in ("", each.name)]
    if as_json:
        echo_json([_plain(part) for part in parts], 2)
        return
    click.echo(f"{pack.title}: {selection.words}", err=True)
    for part in parts:
        indent = "" if part.kind == "chapter" else "    "
        what = part.name if part.kind == "chapter" else part.condition
        because = f"{part.condition}: " if part.kind == "chapter" and part.condition else ""
        click.echo(f"{indent}{WORDS[part.taken]:<4}{what}  ({because}{part.why})  {_place(part)}")


def _plain(part: Explained) -> dict[str, Any]:
    return {
        "kind": part.kind,
        "chapter": part.name,
        "taken": part.taken,
        "condition": part.condition,
        "why": part.why,
        "file": part.source.file,
        "line": part.source.line,
    }


def _place(part: Explained) -> str:
    path = os.path.relpath(part.source.file)
    shown = path if not path.startswith("..") else part.source.file
    return f"{shown}:{part.source.line}"
