"""Run the command `handbook send`."""

from __future__ import annotations

from pathlib import Path

import click

from ..core.diagnostics import error
from ..core.units import counted

_SHOWN = 2


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--server",
    metavar="URL",
    default="",
    help="The mail server, as in "
    "smtp://user@mail.example.org; its password: HANDBOOK_SMTP_PASSWORD.",
)
@click.option(
    "--from",
    "sender",
    metavar="ADDRESS",
    default="",
    help="The sender, as in 'Acme Academy <courses@acme.example>'.",
)
@click.option(
    "--to",
    "to_column",
    metavar="COLUMN",
    default="",
    help="The column with addresses [default: found by its name].",
)
@click.option(
    "--subject",
    default=None,
    metavar="TEXT",
    help="Subject, with columns as in {learner} [default: Your handbook].",
)
@click.option(
    "--body",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    metavar="FILE",
    help="A text file with the message, as for --subject.",
)
@click.option(
    "--rate",
    type=click.FloatRange(0, min_open=True),
    default=None,
    metavar="NUMBER",
    help="Send at most this many messages a minute.",
)
@click.option(
    "--limit",
    type=click.IntRange(1),
    default=None,
    metavar="NUMBER",
    help="Send at most this many messages now.",
)
@click.option(
    "--uncertain", is_flag=True, help="Also repeat messages that may have arrived or not."
)
@click.option("--dry-run", is_flag=True, help="Show the first messages; send nothing.")
@click.option("-q", "--quiet", is_flag=True, help="Print only problems.")
def send(
    folder: Path,
    server: str,
    sender: str,
    to_column: str,
    subject: str | None,
    body: Path | None,
    rate: float | None,
    limit: int | None,
    uncertain: bool,
    dry_run: bool,
    quiet: bool,
) -> None:
    """Send every copy in DIR to its learner by e-mail.

    DIR is a folder that `handbook batch --handout` wrote.  Repeat the command after an
    interruption: no message is sent twice.
    """
    from ..batch.lock import locked
    from ..batch.send import BODY, SUBJECT, Mailing, Sending, SendOptions, preview
    from ..batch.stores import store_at

    if not dry_run and not (server and sender):
        raise click.UsageError("name a mail server with --server and a sender with --from")
    options = SendOptions(
        server,
        sender or "nobody@localhost",
        to_column,
        SUBJECT if subject is None else subject,
        _text(body) if body is not None else BODY,
        rate or 0,
        limit or 0,
        uncertain,
    )
    mailing = Mailing(folder, options)
    if dry_run:
        result = Sending()
        waiting = list(mailing.letters(result))
        for text in preview(mailing, _SHOWN):
            click.echo(f"{text}\n---")
        _report(result)
        click.echo(f"{counted(len(waiting), 'message')} to send, {result.before:,} sent before")
        return
    with locked(store_at(str(folder))):
        result = mailing.send()
    _report(result)
    if not quiet:
        waiting_text = f", {result.waiting:,} waiting" if result.waiting else ""
        click.echo(
            f"{counted(result.sent, 'message')} sent, {result.before:,} sent before{waiting_text}"
        )
    if result.problems:
        raise click.exceptions.Exit(1)


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        reason = getattr(problem, "strerror", None) or "it is not UTF-8"
        raise error(f"cannot read the message: {reason}", at=str(path), code="send") from None


def _report(result: object) -> None:
    for line in getattr(result, "problems", None) or ():
        click.echo(line, err=True)
