"""A small mail server on the loopback interface that keeps what it gets, and can misbehave."""

from __future__ import annotations

import email
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from email.policy import default


class MailServer(socketserver.ThreadingTCPServer):
    """Takes messages; `refused` are addresses it does not know, `breaks_at` the message it loses."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.messages: list[tuple[str, Message]] = []
        self.refused: set[str] = set()
        self.breaks_at = 0
        # Whether attachments are kept, or only the head of each message.
        self.keeps = True

    @property
    def url(self) -> str:
        """Its address."""
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def addresses(self) -> list[str]:
        """To whom messages went, in order."""
        return [address for address, _ in self.messages]


class _Session(socketserver.StreamRequestHandler):
    server: MailServer

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self) -> None:
        self.say("220 test")
        address = ""
        while line := self.rfile.readline().decode("utf-8", "replace").strip():
            verb = line[:4].upper()
            if verb in ("EHLO", "HELO"):
                self.say("250-test\r\n250 SMTPUTF8")
            elif verb == "RCPT":
                address = line.partition("<")[2].partition(">")[0]
                self.say("550 no such user" if address in self.server.refused else "250 ok")
            elif verb == "DATA":
                self.say("354 go on")
                if not self.take(address):
                    return
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def take(self, address: str) -> bool:
        """Read a message; whether the connection lives on."""
        lines: list[bytes] = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        kept = lines if self.server.keeps else lines[:20]
        message = email.message_from_bytes(b"".join(kept), policy=default)
        self.server.messages.append((address, message))
        if len(self.server.messages) == self.server.breaks_at:
            return False
        self.say("250 taken")
        return True


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """A server for the time of a test."""
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
