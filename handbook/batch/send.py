"""Send each copy by e-mail, from the table for a mail merge: never one of them twice.

A journal in the folder is written before and after each message.  A message of which the end is
not known (the connection broke) is not sent again unless that is asked for.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import re
import smtplib
import ssl
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formataddr, formatdate, parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from ..core.diagnostics import Source, error, suggest
from ..core.values import frozen, record
from .addresses import address_column, is_address
from .models import HANDOUT
from .roster import plain_cell, plain_name

SENT = "sent.jsonl"
PASSWORD = "HANDBOOK_SMTP_PASSWORD"
SUBJECT = "Your handbook"
BODY = "Hello {learner},\n\nyour own copy of the handbook is attached.\n"
# Seconds to wait for a server to answer.
PATIENCE = 60.0
_PLACE = re.compile(r"\{([^{}\n]+)\}")


@frozen
class SendOptions:
    """How messages are sent; `rate` is the most of them in a minute, 0 for no limit."""

    server: str = ""
    sender: str = ""
    to_column: str = ""
    subject: str = SUBJECT
    body: str = BODY
    rate: float = 0
    limit: int = 0
    uncertain: bool = False


@record
class Sending:
    """How many messages were sent now and before, and which rows got none, with the reason."""

    sent: int = 0
    before: int = 0
    waiting: int = 0
    problems: list[str] | None = None

    def problem(self, row: str, reason: str) -> None:
        """Note a row that got no message."""
        self.problems = [*(self.problems or ()), f"row {row}: {reason}"]


@frozen
class Letter:
    """A message to send; `key` tells the copy and the address from all others."""

    row: Mapping[str, str]
    address: str
    key: str


class Mailing:
    """The messages for a folder of copies."""

    def __init__(self, folder: Path, options: SendOptions) -> None:
        self.folder = folder
        self.options = options
        self.rows = _handout(folder)
        self.header = list(self.rows[0]) if self.rows else []
        self.column = self._address_column()
        for text in (options.subject, options.body):
            self._check_places(text)
        self.states = _states(folder / SENT)

    def _address_column(self) -> str:
        names = {plain_name(name): name for name in self.header}
        if self.options.to_column:
            column = names.get(plain_name(self.options.to_column))
            if column is None:
                raise error(
                    f"--to: there is no column {self.options.to_column!r}",
                    at=str(self.folder / HANDOUT),
                    hint=suggest(self.options.to_column, self.header),
                    code="send",
                )
            return column
        column = address_column(self.header)
        if not column and self.rows:
            raise error(
                "no column has e-mail addresses",
                at=str(self.folder / HANDOUT),
                hint="name it with --to COLUMN",
                code="send",
            )
        return column

    def _check_places(self, text: str) -> None:
        names = {plain_name(name) for name in self.header}
        for name in _PLACE.findall(text):
            if self.rows and plain_name(name) not in names:
                raise error(
                    f"the message asks for an unknown column {{{name}}}",
                    hint=suggest(name, self.header),
                    code="send",
                )

    def letters(self, result: Sending) -> Iterator[Letter]:
        """Yield what is to be sent; what was sent before or cannot be is noted in `result`."""
        for row in self.rows:
            address = row.get(self.column, "").strip()
            if not is_address(address):
                reason = f"{address!r} is not an e-mail address" if address else "no e-mail address"
                result.problem(row["row"], reason)
                continue
            digest = hashlib.sha256(address.casefold().encode("utf-8", "replace")).hexdigest()[:16]
            key = f"{row['copy']}:{row['sha256'][:16]}:{digest}"
            state = self.states.get(key, "")
            if state == "sent":
                result.before += 1
            elif state == "sending" and not self.options.uncertain:
                result.problem(
                    row["row"],
                    "it is not known whether an earlier message arrived; "
                    "to send it again say --uncertain",
                )
            else:
                yield Letter(row, address, key)

    def message(self, letter: Letter) -> EmailMessage:
        """Return the message of a letter with its copy.

        Raises:
            HandbookError: If the copy is not as the table has it.
        """
        row = letter.row
        path = self.folder / row["file"]
        try:
            data = path.read_bytes()
        except OSError as problem:
            raise error(f"cannot read the copy: {problem.strerror}", at=str(path)) from None
        if hashlib.sha256(data).hexdigest() != row["sha256"]:
            raise error(
                "the copy is not the one in the table",
                at=str(path),
                hint="repeat the batch with --handout",
                code="send",
            )
        message = EmailMessage(SMTP)
        message["From"] = self.options.sender
        message["To"] = formataddr((_one_line(row.get("learner", "")), letter.address))
        message["Subject"] = _one_line(self._filled(self.options.subject, row))
        message["Date"] = formatdate()
        domain = parseaddr(self.options.sender)[1].rpartition("@")[2] or "localhost"
        message["Message-ID"] = f"<{letter.key.replace(':', '.')}@{domain}>"
        message.set_content(self._filled(self.options.body, row))
        message.add_attachment(data, maintype="application", subtype="pdf", filename=path.name)
        for name in filter(None, row.get("badges", "").split("|")):
            self._attach_badge(message, self.folder / name)
        return message

    def _attach_badge(self, message: EmailMessage, path: Path) -> None:
        subtype = "svg+xml" if path.suffix == ".svg" else "png"
        try:
            data = path.read_bytes()
        except OSError as problem:
            raise error(f"cannot read the badge: {problem.strerror}", at=str(path)) from None
        message.add_attachment(data, maintype="image", subtype=subtype, filename=path.name)

    def _filled(self, text: str, row: Mapping[str, str]) -> str:
        plain = {plain_name(name): cell for name, cell in row.items()}
        return _PLACE.sub(lambda match: plain.get(plain_name(match[1]), ""), text)

    def send(self, progress: Callable[[int], None] = lambda sent: None) -> Sending:
        """Send what has not been sent; stop at the first failure of the server.

        Raises:
            HandbookError: If the server cannot be reached or stops answering; what was sent is
                in the journal.
        """
        result = Sending()
        letters = list(self.letters(result))
        if self.options.limit:
            result.waiting = max(0, len(letters) - self.options.limit)
            letters = letters[: self.options.limit]
        if not letters:
            return result
        with _connection(self.options.server) as server, _Journal(self.folder / SENT) as journal:
            start = time.monotonic()
            for number, letter in enumerate(letters):
                message = self.message(letter)
                if self.options.rate:
                    due = start + number * 60 / self.options.rate
                    time.sleep(max(0.0, due - time.monotonic()))
                journal.write(letter, "sending")
                state, reason = _deliver(server, message, self.options.sender, letter.address)
                if state != "sending":
                    journal.write(letter, state)
                if state == "sent":
                    result.sent += 1
                elif state == "failed":
                    result.problem(letter.row["row"], reason)
                else:
                    raise error(
                        f"the mail server stopped answering after {result.sent:,} messages: "
                        f"{reason}",
                        hint="repeat the command: no message is sent twice",
                        code="send",
                    )
                progress(result.sent)
        return result


def _deliver(
    server: smtplib.SMTP, message: EmailMessage, sender: str, address: str
) -> tuple[str, str]:
    """Send one message; return "sent", "failed", or "sending" where the end is not known."""
    try:
        server.send_message(message, parseaddr(sender)[1], [address])
    except smtplib.SMTPRecipientsRefused as problem:
        code, text = next(iter(problem.recipients.values()))
        return "failed", f"{address} was refused: {code} {_text(text)}"
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as problem:
        return "failed", f"the server refused the message: {problem.smtp_code} " + _text(
            problem.smtp_error
        )
    except smtplib.SMTPNotSupportedError as problem:
        return "failed", f"the server cannot write to {address}: {problem}"
    except (smtplib.SMTPException, OSError) as problem:
        return "sending", str(problem) or type(problem).__name__
    return "sent", ""


def _text(value: Any) -> str:
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    return _one_line(text)[:200]


def _one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _handout(folder: Path) -> list[dict[str, str]]:
    """Return the rows of the table for a mail merge."""
    path = folder / HANDOUT
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [
                {key: plain_cell(cell) for key, cell in row.items() if key and cell is not None}
                for row in csv.DictReader(file)
            ]
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        reason = getattr(problem, "strerror", None) or "it is damaged"
        raise error(
            f"cannot read {HANDOUT}: {reason}",
            at=str(folder),
            hint="write it with: handbook batch … --handout",
            code="send",
        ) from None
    for number, row in enumerate(rows, 2):
        if not {"row", "file", "copy", "sha256"} <= row.keys():
            raise error(
                f"{HANDOUT} lacks columns",
                at=Source(str(path), number),
                hint="write it again with: handbook batch … --handout",
                code="send",
            )
    return rows


# ----------------------------------------------------------------------- journal


def _states(path: Path) -> dict[str, str]:
    """Return the last state of each message."""
    states: dict[str, str] = {}
    try:
        lines = path.read_text("utf-8", "replace").splitlines()
    except OSError:
        return {}
    for line in lines:
        try:
            entry = json.loads(line)
            key, state = str(entry["key"]), str(entry["state"])
        except (ValueError, KeyError, TypeError):
            # A line that a power cut left unfinished.
            continue
        states[key] = state
    return states


class _Journal:
    """Writes what happened to each message, so that the disk has it before anything follows."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> _Journal:
        try:
            self.file = self.path.open("ab")
        except OSError as problem:
            raise self._unwritable(problem) from None
        return self

    def __exit__(self, *problem: object) -> None:
        self.file.close()

    def write(self, letter: Letter, state: str) -> None:
        """Add a line; no address is in it, but its digest.

        Raises:
            HandbookError: If it cannot be written.
        """
        entry = {
            "key": letter.key,
            "copy": letter.row["copy"],
            "file": letter.row["file"],
            "state": state,
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        }
        try:
            self.file.write(
                json.dumps(entry, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
            )
            self.file.flush()
            os.fsync(self.file.fileno())
        except OSError as problem:
            raise self._unwritable(problem) from None

    def _unwritable(self, problem: OSError) -> Exception:
        return error(
            f"cannot write {SENT!r}: {problem.strerror}",
            at=str(self.path.parent),
            hint="look at the disk and the folder; without it a message could be sent twice",
            code="send",
        )


# -------------------------------------------------------------------- connection


def _connection(address: str) -> smtplib.SMTP:
    """Return a connection to a server such as smtp://user@host:587 or smtps://host."""
    url = urlsplit(address if "://" in address else f"smtp://{address}")
    try:
        host, port = url.hostname or "", url.port
    except ValueError:
        host, port = "", None
    if url.scheme not in ("smtp", "smtps") or not host:
        raise error(
            f"--server {address!r} is not a mail server",
            hint="write it as smtp://user@mail.example.org:587, or smtps://…",
            code="send",
        )
    try:
        if url.scheme == "smtps":
            context = ssl.create_default_context()
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, port or 465, timeout=PATIENCE, context=context
            )
        else:
            server = smtplib.SMTP(host, port or 587, timeout=PATIENCE)
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context())
                server.ehlo()
            elif url.username and host not in ("localhost", "127.0.0.1", "::1"):
                raise smtplib.SMTPException("it takes no encrypted connection, only a password")
        if url.username:
            server.login(unquote(url.username), os.environ.get(PASSWORD, ""))
    except (OSError, smtplib.SMTPException) as problem:
        raise error(
            f"cannot reach the mail server at {host}: {_text(problem)}",
            hint=f"is the address right? the password of the user is taken from {PASSWORD}",
            code="send",
        ) from None
    return server


def preview(mailing: Mailing, count: int) -> Sequence[str]:
    """Return the first messages as a person would see them."""
    shown: list[str] = []
    for letter in list(mailing.letters(Sending()))[:count]:
        message = mailing.message(letter)
        body = message.get_body(("plain",))
        text = body.get_content() if body is not None else ""
        shown.append(
            f"To: {message['To']}\nSubject: {message['Subject']}\n"
            f"Attachment: {letter.row['file']}\n\n{text}"
        )
    return shown
