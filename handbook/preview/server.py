"""Serve pages and findings to a browser on this machine.

The server is bound to 127.0.0.1 and answers only to the address that it printed, which holds a
secret: other users of the machine do not know it.  A request that names another host (as a page
elsewhere can make a browser do, by pointing its own name at 127.0.0.1) or that another site sends
is refused.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import threading
from collections.abc import Callable
from dataclasses import asdict, astuple, fields
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from ..__version__ import __version__
from ..core.diagnostics import Diagnostic, HandbookError, error
from ..core.excerpt import located
from ..pack.loader import config_of
from .file_watcher import watch_folders
from .session import PreviewSelection, PreviewSession, State

HOST = "127.0.0.1"
PORT = 8765
PAGE = Path(__file__).parent / "page.html"
# Seconds between lines sent to an idle browser, so that one that left is noticed.
PATIENCE = 10.0
_NAMES = [f.name for f in fields(PreviewSelection)]
_MOST_VALUES = 50
_PICTURE = re.compile(r"/page/([0-9a-f]{24})-(\d{1,5})\.png", re.ASCII)
_FORBIDDEN = b"Use the address that 'handbook preview' printed.\n"


class Server(ThreadingHTTPServer):
    """The server of one preview session.

    With `port` 0 it takes PORT, or any other if that is taken.
    """

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True

    def __init__(self, session: PreviewSession, port: int = 0) -> None:
        self.session = session
        self.token = secrets.token_urlsafe(16)
        for port_number in [port] if port else [PORT, 0]:
            try:
                super().__init__((HOST, port_number), _Handler)
                break
            except OSError as problem:
                if port_number in (port, 0):
                    raise error(
                        f"port {port_number} cannot be used: {problem.strerror}",
                        hint="leave --port out to take one that is free",
                        code="preview",
                    ) from None
        self.hosts = {f"{name}:{self.server_port}" for name in (HOST, "localhost")}

    @property
    def address(self) -> str:
        """Return the address to open in a browser."""
        return f"http://{HOST}:{self.server_port}/{self.token}/"

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore a browser that disconnects while it is being answered."""


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    server_version = f"handbook/{__version__}"
    sys_version = ""
    # Small answers must not wait for more to come.
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Answer a request; an error is an answer, too."""
        try:
            self._route()
        except ConnectionError:
            raise
        except HandbookError as problem:
            self._answer(409, "text/plain", f"{problem}\n".encode("utf-8", "replace"))
        except Exception as problem:
            words = f"unexpected {type(problem).__name__}; please report it\n"
            self._answer(500, "text/plain", words.encode())

    def _route(self) -> None:
        if self.headers.get("Host", "") not in self.server.hosts:
            self._answer(403, "text/plain", b"This preview is for this machine alone.\n")
            return
        try:
            url = urlsplit(self.path)
            values = parse_qs(url.query, max_num_fields=_MOST_VALUES)
        except ValueError:
            self._answer(400, "text/plain", b"This address cannot be read.\n")
            return
        _, token, *rest = url.path.split("/", 2) if url.path.startswith("/") else ("", "", "")
        if not secrets.compare_digest(token.encode(), self.server.token.encode()):
            self._answer(403, "text/plain", _FORBIDDEN)
            return
        path = "/" + "".join(rest)
        site = self.headers.get("Sec-Fetch-Site", "none")
        if site not in ("none", "same-origin") and path != "/":
            self._answer(403, "text/plain", b"Open the preview in its own window.\n")
            return
        query = {name: texts[-1] for name, texts in values.items()}
        choice = PreviewSelection(**{name: query[name] for name in _NAMES if query.get(name)})
        picture = _PICTURE.fullmatch(path)
        if path == "/":
            self._page()
        elif path == "/events":
            self._events(choice)
        elif path == "/book.pdf":
            name, data = self.server.session.pdf(choice)
            disposition = f'inline; filename="{name}"'
            self._answer(200, "application/pdf", data, Content_Disposition=disposition)
        elif picture:
            self._picture(choice, picture[1], int(picture[2]))
        else:
            self._answer(404, "text/plain", b"There is nothing here.\n")

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the terminal is for what an author wants to know."""

    # -------------------------------------------------------------------- answers

    def _answer(self, status: int, kind: str, data: bytes, **headers: str) -> None:
        self.send_response(status)
        words = "; charset=utf-8" if kind.startswith("text/") else ""
        self.send_header("Content-Type", kind + words)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        for name, value in ({"Cache-Control": "no-store"} | headers).items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)

    def _page(self) -> None:
        nonce = secrets.token_urlsafe(12)
        policy = (
            f"default-src 'none'; img-src 'self' data:; connect-src 'self'; "
            f"script-src 'nonce-{nonce}'; style-src 'nonce-{nonce}'; "
            "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        page = PAGE.read_bytes().replace(b"NONCE", nonce.encode())
        self._answer(200, "text/html", page, Content_Security_Policy=policy)

    def _picture(self, choice: PreviewSelection, digest: str, width: int) -> None:
        # The address says what is in the picture, so it never changes.
        tag = f'"{digest}-{width}"'
        if self.headers.get("If-None-Match") == tag:
            self.send_response(304)
            self.send_header("ETag", tag)
            self.end_headers()
            return
        data = self.server.session.picture(choice, digest, width)
        if data is None:
            self._answer(404, "text/plain", b"This page has changed.\n")
            return
        keep = "private, max-age=86400, immutable"
        self._answer(200, "image/png", data, ETag=tag, Cache_Control=keep)

    def _events(self, choice: PreviewSelection) -> None:
        """Stream the state of a selection and every later one until the browser disconnects."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        session = self.server.session
        session.enter(choice)
        serial = 0
        try:
            while not session.stopped:
                state = session.after(choice, serial, PATIENCE)
                if state is None:
                    self.wfile.write(b": still here\n\n")
                    continue
                serial = state.serial
                self.wfile.write(f"data: {state_json(session, state)}\n\n".encode())
        except OSError:
            pass
        finally:
            session.leave(choice)


def state_json(session: PreviewSession, state: State) -> str:
    """Return a state as JSON, on one line."""
    return json.dumps(
        {
            "serial": state.serial,
            "working": state.working,
            "stale": state.stale,
            "title": session.pack.title if session.pack else "",
            "words": state.words,
            "seconds": round(state.seconds, 3),
            "pages": [astuple(page) for page in state.pages],
            "findings": [_finding(item, session.folder) for item in _findings(state)],
            "checking": state.checking and not state.stale and bool(state.pages),
            "choices": session.choices(),
        },
        ensure_ascii=False,
    )


def _findings(state: State) -> list[Diagnostic]:
    """Return the errors here, then what the last check found elsewhere; each once.

    While there are errors here, earlier findings no longer count.
    """
    errors = located(state.findings)
    known = {(one.file, one.line, one.message) for one in errors}
    other = () if state.stale else state.elsewhere
    return [*errors, *(one for one in other if (one.file, one.line, one.message) not in known)]


def _finding(item: Diagnostic, folder: Path) -> dict[str, object]:
    """Return a finding; `short` is its place from the pack's folder, where it is in there."""
    short = item.place.removeprefix(f"{folder}{os.sep}")
    return {**asdict(item), "place": item.place, "short": short}


def serve(folder: Path, day: date, theme: str, port: int, ready: Callable[[str], None]) -> None:
    """Show `folder` until Ctrl-C; `ready` gets the address once a browser can open it.

    Raises:
        HandbookError: For a folder that is not a pack, a taken port, a missing watchfiles.
    """
    config_of(folder)
    session = PreviewSession(folder, day, theme)
    stop = threading.Event()
    watch = watch_folders(session.places(), session.changed, stop)
    with Server(session, port) as server:
        for work in (watch, session.run, session.check):
            threading.Thread(target=work, daemon=True).start()
        try:
            ready(server.address)
            server.serve_forever(poll_interval=0.2)
        except KeyboardInterrupt:
            pass
        finally:
            stop.set()
            session.stop()
