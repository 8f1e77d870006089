"""`python -m tests.look --role sre` writes an edition's pages as PNG files, to be looked at."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click
import pypdfium2

import handbook


@click.command()
@click.option("--role", default="")
@click.option("--path", default="")
@click.option("--plan", default="")
@click.option("--paper", default="a4")
@click.option("--learner", default="")
@click.option("--scale", default=1.2, help="Pixels for each point.")
@click.option("-o", "--output", default="output/pages", type=click.Path(path_type=Path))
def look(
    role: str, path: str, plan: str, paper: str, learner: str, scale: float, output: Path
) -> None:
    """Build one edition and render all of its pages."""
    pack = handbook.load()
    fields = {"learner": learner} if learner else {}
    data = handbook.build(
        pack, role=role, path=path, plan=plan, paper=paper, day=date.today(), fields=fields
    )
    output.mkdir(parents=True, exist_ok=True)
    document = pypdfium2.PdfDocument(data)
    for number in range(len(document)):
        image = document[number].render(scale=scale).to_pil()
        image.save(output / f"page-{number + 1:03}.png")
    click.echo(str(output), file=sys.stdout)


if __name__ == "__main__":
    look()
