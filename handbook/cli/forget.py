"""Run the command `handbook forget`."""

from __future__ import annotations

import click


@click.command()
@click.argument("learner", metavar="ID")
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    required=True,
    help="The folder of copies, or a URL as in s3://bucket/folder.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print only problems.")
def forget(learner: str, output: str, quiet: bool) -> None:
    """Erase the learner ID from a folder of copies.

    ID is an id of the roster, a copy number, or a file.  The copy, its entries in the manifest,
    rejects, index, table and mail journal, and its place in archives are erased.
    """
    from ..batch.forget import forget as erase
    from ..batch.lock import locked
    from ..batch.stores import store_at

    store = store_at(output)
    with locked(store):
        changed = erase(store, learner)
    if not quiet:
        for name in changed:
            click.echo(name)
        click.echo(
            "Erased here. Take the learner off the roster, too, and erase what was sent or copied "
            "elsewhere.",
            err=True,
        )
