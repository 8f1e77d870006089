"""Define the options that protect copies: signatures and passwords."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from ..pdf.protection import Protection

PASSPHRASE = "HANDBOOK_SIGN_PASSWORD"
PASSWORD = "HANDBOOK_PASSWORD"
NO_ARCHIVE = (
    "note: an encrypted file cannot be PDF/A, so it does not claim to be; it is still PDF/UA-1"
)

_OPTIONS = [
    click.option("--sign", metavar="FILE", type=click.Path(dir_okay=False, exists=True),
                 help=f"Sign with this PKCS #12 certificate (.p12); its password is asked for or "
                 f"in {PASSPHRASE}."),
    click.option("--timestamp", default="", metavar="URL",
                 help="Add a time stamp from this server to the signature."),
]  # fmt: skip
password_option = click.option(
    "--password",
    default="",
    envvar=PASSWORD,
    metavar="TEXT",
    help=f"Encrypt with this password, also in {PASSWORD}; the file is then not PDF/A.",
)


def signing_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add --sign and --timestamp, which arrive as one argument, `protection`."""

    @functools.wraps(command)
    def wrapped(*args: Any, sign: str | None, timestamp: str, **options: Any) -> None:
        command(*args, protection=_protection(sign, timestamp, options), **options)

    for option in reversed(_OPTIONS):
        wrapped = option(wrapped)
    return wrapped


def _protection(sign: str | None, timestamp: str, options: dict[str, Any]) -> Protection:
    from ..pdf.protection import Protection

    password = options.pop("password", "")
    if timestamp and not sign:
        raise click.UsageError("--timestamp goes with --sign")
    if sign and (password or options.get("password_column")):
        raise click.UsageError("a copy is signed or encrypted, not both")
    if not sign:
        return Protection(password=password)
    from ..pdf.signing import Signing

    passphrase = os.environ.get(PASSPHRASE)
    if passphrase is None and sys.stdin.isatty():
        passphrase = click.prompt(f"Password of {Path(sign).name}", hide_input=True, default="")
    protection = Protection(Signing(sign, passphrase or "", timestamp))
    protection.check()
    return protection
