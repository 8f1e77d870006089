"""Run the command `handbook diff`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..core.diagnostics import HandbookError
from ..core.units import counted
from .options import echo_json, report

if TYPE_CHECKING:
    from ..verify.compare import Change, Comparison

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command()
@click.argument("old", type=FILE)
@click.argument("new", type=FILE)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write pictures of the pages that changed, side by side.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def diff(old: Path, new: Path, output: Path | None, as_json: bool) -> None:
    """Show what changed between two PDFs.

    Pages, words and pictures are compared, as a reader sees them.

    The exit code is 0 if there is no visible difference, 1 if there is one, 2 for errors.
    """
    from ..verify.compare import compare

    try:
        comparison = compare(old, new)
        names = _write_pictures(old, new, comparison, output) if output else []
    except HandbookError as problem:
        report(problem.diagnostics)
        raise click.exceptions.Exit(2) from None
    if as_json:
        summary = {"same": comparison.same, **asdict(comparison), "pictures": names}
        echo_json(summary, 1)
    else:
        for change in comparison.changes:
            click.echo(_words(change))
        _conclude(comparison)
        for name in names:
            click.echo(name)
    if not comparison.same:
        raise click.exceptions.Exit(1)


def _write_pictures(old: Path, new: Path, comparison: Comparison, folder: Path) -> list[str]:
    import io

    from ..core.files import write_whole
    from ..verify.compare import picture_pairs

    names: list[str] = []
    for name, picture in picture_pairs(old, new, comparison):
        out = io.BytesIO()
        picture.save(out, "PNG")
        write_whole(folder / name, out.getvalue())
        names.append(str(folder / name))
    return names


def _words(change: Change) -> str:
    """Return a change for people; a picture's place is in millimetres from the page's top left."""
    from ..core.units import MM

    if change.kind == "page":
        return (
            f"page {change.new_page}: new"
            if change.new_page
            else f"old page {change.old_page}: gone"
        )
    was = f" (was {change.old_page})" if change.old_page not in (change.new_page, 0) else ""
    where = f"page {change.new_page}{was}" if change.new_page else f"old page {change.old_page}"
    if change.kind == "picture":
        left, top, right, bottom = (round(value / MM) for value in change.new_boxes[0])
        return f"{where}: looks different from {left}, {top} to {right}, {bottom} mm"
    if not change.old:
        return f"{where}: added “{change.new}”"
    if not change.new:
        return f"{where}: gone “{change.old}”"
    return f"{where}: “{change.old}” is now “{change.new}”"


def _conclude(comparison: Comparison) -> None:
    if comparison.same:
        click.echo("no page differs", err=True)
        return
    pages = {change.new_page or change.old_page for change in comparison.changes}
    changes = counted(len(comparison.changes), "change")
    parts = [f"{changes} on {counted(len(pages), 'page')}"]
    if comparison.moved:
        parts.append(f"words moved on {counted(len(comparison.moved), 'page')}")
    if comparison.renumbered:
        parts.append(f"{counted(comparison.renumbered, 'page number')} went along")
    click.echo("; ".join(parts), err=True)
