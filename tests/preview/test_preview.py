"""The preview without a browser: states, pictures, who may ask."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from conftest import DAY
from packs import CHAPTER, pack, run
from PIL import Image

pytest.importorskip("pypdfium2", reason="page pictures need pypdfium2")

from handbook.preview.server import Server
from handbook.preview.session import PreviewSelection, PreviewSession, State

BOOK = CHAPTER + "\n::page-break\n\nThe second page.\n\n::page-break\n\nThe third page.\n"
ROLES = "- {id: cook, name: Cook}\n- {id: guest, name: Guest}\n"
PATIENCE = 20.0


@pytest.fixture
def session(tmp_path: Path) -> Iterator[PreviewSession]:
    """A session at work on a book of three pages; there is no one to watch files."""
    made = PreviewSession(
        pack(tmp_path / "pack", one_dot_md=BOOK, tables__roles_dot_yaml=ROLES), DAY
    )
    worker = threading.Thread(target=made.run, daemon=True)
    worker.start()
    yield made
    made.stop()
    worker.join(PATIENCE)
    assert not worker.is_alive()


def settled(session: PreviewSession, choice: PreviewSelection, serial: int = 0) -> State:
    """The first state after `serial` that is done."""
    while True:
        state = session.after(choice, serial, PATIENCE)
        assert state is not None
        if not state.working:
            return state
        serial = state.serial


def write(session: PreviewSession, text: str) -> None:
    (session.folder / "one.md").write_text(text, encoding="utf-8")
    session.changed()


def test_only_what_changed_has_another_digest(session: PreviewSession) -> None:
    choice = PreviewSelection()
    session.enter(choice)
    first = settled(session, choice)
    assert [page.label for page in first.pages] == ["1", "2", "3"]
    assert first.words == "complete edition (all roles)"
    write(session, BOOK.replace("second page", "middle page"))
    then = settled(session, choice, first.serial)
    same = [a.digest == b.digest for a, b in zip(first.pages, then.pages, strict=True)]
    assert same == [True, False, True]


def test_a_mistake_leaves_the_last_good_pages(session: PreviewSession) -> None:
    choice = PreviewSelection()
    session.enter(choice)
    good = settled(session, choice)
    write(session, BOOK + "\n::: cautoin\nx\n:::\n")
    bad = settled(session, choice, good.serial)
    assert bad.stale
    assert bad.pages == good.pages
    (finding,) = bad.findings
    assert finding.place.endswith("one.md:15")
    assert finding.hint == "did you mean 'caution'?"
    assert session.picture(choice, good.pages[1].digest, 300)
    write(session, BOOK)
    fixed = settled(session, choice, bad.serial)
    assert (fixed.stale, fixed.findings, fixed.pages) == (False, (), good.pages)


def test_a_chart_follows_the_data_in_its_file(session: PreviewSession) -> None:
    choice = PreviewSelection()
    (session.folder / "data.csv").write_text("x,y\n1,One\n2,Two\n", encoding="utf-8")
    (session.folder / "one.md").write_text(
        BOOK + "\n```chart\nmark: bars\ndata: data.csv\n```\n", encoding="utf-8"
    )
    session.enter(choice)
    first = settled(session, choice)
    assert not first.findings
    (session.folder / "data.csv").write_text("x,y\n1,One\n9,Two\n", encoding="utf-8")
    session.changed()
    then = settled(session, choice, first.serial)
    same = [a.digest == b.digest for a, b in zip(first.pages, then.pages, strict=True)]
    assert same == [True, True, False]


def test_a_book_that_was_never_right_has_no_pages(session: PreviewSession) -> None:
    write(session, "no title\n")
    session.enter(PreviewSelection())
    state = settled(session, PreviewSelection())
    assert (state.stale, state.pages) == (False, ())
    assert "has no title" in state.findings[0].message


def test_every_choice_has_a_state_of_its_own(session: PreviewSession) -> None:
    one, other, wrong = (
        PreviewSelection(role="cook"),
        PreviewSelection(paper="a5"),
        PreviewSelection(role="coock"),
    )
    for choice in (one, other, wrong):
        session.enter(choice)
    assert settled(session, one).words == "for the role Cook"
    assert settled(session, other).pages[0].width < settled(session, one).pages[0].width
    assert "did you mean 'cook'" in settled(session, wrong).findings[0].hint
    assert session.choices()["role"] == [("cook", "Cook"), ("guest", "Guest")]


def test_a_theme_is_not_taken_from_anywhere(session: PreviewSession, tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text("extends: default\n", encoding="utf-8")
    choice = PreviewSelection(theme=str(tmp_path / "own.yaml"))
    session.enter(choice)
    assert "unknown theme" in settled(session, choice).findings[0].message


# ------------------------------------------------------------------------ over HTTP


@pytest.fixture
def server(session: PreviewSession) -> Iterator[Server]:
    with Server(session) as made:
        thread = threading.Thread(target=made.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield made
        made.shutdown()


class Answer:
    def __init__(self, server: Server, path: str, headers: dict[str, str]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=PATIENCE)
        connection.putrequest("GET", path, skip_host="Host" in headers)
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        self.answer = connection.getresponse()
        self.status = self.answer.status
        self.headers = self.answer.headers


def get(server: Server, path: str, **headers: str) -> Answer:
    path = f"/{server.token}{path}"
    return Answer(server, path, {k.replace("_", "-"): v for k, v in headers.items()})


def test_without_the_token_of_the_address_nothing_is_shown(server: Server) -> None:
    assert server.address.endswith(f"/{server.token}/")
    for path in ("/", "/events", "/book.pdf", "/wrong/", f"/{server.token[:-1]}/", "//", "*"):
        assert Answer(server, path, {}).status == 403, path


def test_no_parameter_reaches_a_file(server: Server, tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text("extends: default\n", "utf-8")
    for theme in (tmp_path / "other.yaml", "/dev/zero", "../../x.yaml", "\0.yaml", "x" * 9000):
        for path in ("/book.pdf",):
            answer = get(server, f"{path}?theme={quote(str(theme))}")
            assert answer.status == 409, theme
            assert b"unknown theme" in answer.answer.read()
    for query in ("paper=../x", "role=%00", "path=../../etc/passwd", "plan=%ff"):
        assert get(server, f"/book.pdf?{query}").status == 409, query
    assert get(server, "/page/" + "0" * 24 + "-99999.png?theme=/etc/passwd").status == 404


def test_a_defect_is_an_answer_too(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server.session, "pdf", lambda choice: 1 / 0)
    answer = get(server, "/book.pdf")
    assert answer.status == 500
    assert b"ZeroDivisionError" in answer.answer.read()


@pytest.mark.parametrize(
    "request_",
    [
        b"GET //[ HTTP/1.1\r\nHost: HOST\r\n\r\n",
        b"GET http://[x/ HTTP/1.1\r\nHost: HOST\r\n\r\n",
        b"GET /TOKEN/book.pdf?" + b"a=1&" * 9000 + b" HTTP/1.1\r\nHost: HOST\r\n\r\n",
        b"GET /TOKEN/" + b"x" * 70_000 + b" HTTP/1.1\r\nHost: HOST\r\n\r\n",
        b"GET /TOKEN/\xff\xfe HTTP/1.1\r\nHost: HOST\r\n\r\n",
        b"POST /TOKEN/ HTTP/1.1\r\nHost: HOST\r\nContent-Length: 9\r\n\r\n",
        b"GET /TOKEN/ HTTP/9.9\r\nHost: HOST\r\n\r\n",
        b"GET /TOKEN/page/../../etc/passwd HTTP/1.1\r\nHost: HOST\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
        b"GET /TOKEN/page/000000000000000000000000-00000.png?x HTTP/1.1\r\nHost: HOST\r\n\r\n",
    ],
    ids=lambda data: ascii(data[:24]),
)
def test_an_odd_request_gets_an_answer_and_harms_nothing(server: Server, request_: bytes) -> None:
    host = f"127.0.0.1:{server.server_port}".encode()
    data = request_.replace(b"HOST", host).replace(b"TOKEN", server.token.encode())
    with socket.create_connection(("127.0.0.1", server.server_port), PATIENCE) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        answer = connection.makefile("rb").read()
    first = answer.partition(b"\r\n")[0]
    assert b"HTTP/1." in first or b"Error" in answer, answer[:200]
    assert b" 500 " not in first, answer[:400]
    assert b" 200 " not in first
    assert get(server, "/").status == 200


def test_pages_of_a_theme_from_elsewhere_are_not_made(server: Server, tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text("extends: default\n", "utf-8")
    for theme in (tmp_path / "other.yaml", "/dev/zero", "../../x.yaml"):
        state = next(events(server, f"?theme={quote(str(theme))}"))
        while state["working"] or not state["findings"]:
            state = next(events(server, f"?theme={quote(str(theme))}"))
        assert "unknown theme" in state["findings"][0]["message"]
        assert state["pages"] == []


def events(server: Server, query: str = "") -> Iterator[dict[str, Any]]:
    answer = get(server, f"/events{query}").answer
    while line := answer.readline():
        if line.startswith(b"data: "):
            yield json.loads(line[6:])


def test_events_and_pictures(server: Server) -> None:
    stream = events(server, "?role=cook")
    reported = next(state for state in stream if not state["working"])
    assert reported["title"] == "A book"
    assert reported["choices"]["role"] == [["cook", "Cook"], ["guest", "Guest"]]
    assert [page[1] for page in reported["pages"]] == ["1", "2", "3"]
    path = f"/page/{reported['pages'][1][0]}-640.png?role=cook"
    answer = get(server, path)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "image/png")
    picture = Image.open(BytesIO(answer.answer.read()))
    assert picture.width == 640
    assert picture.convert("L").getextrema() < (200, 256)
    assert get(server, path, If_None_Match=answer.headers["ETag"]).status == 304
    assert get(server, f"/page/{'0' * 24}-640.png?role=cook").status == 404
    write(server.session, BOOK.replace("third", "last"))
    later = next(state for state in stream if not state["working"])
    assert [a == b for a, b in zip(reported["pages"], later["pages"])] == [True, True, False]


def test_the_book_as_a_file(server: Server) -> None:
    answer = get(server, "/book.pdf?role=cook")
    assert answer.headers["Content-Disposition"] == 'inline; filename="a-book_role-cook.pdf"'
    assert answer.answer.read().startswith(b"%PDF-")
    wrong = get(server, "/book.pdf?role=coook")
    assert (wrong.status, b"did you mean" in wrong.answer.read()) == (409, True)


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "", "localhost:1"]
)
def test_a_name_that_points_here_is_refused(server: Server, host: str) -> None:
    for path in ("/", "/events", "/book.pdf"):
        assert get(server, path, Host=host.format(port=server.server_port)).status == 403


def test_other_sites_may_not_ask(server: Server) -> None:
    good = f"localhost:{server.server_port}"
    assert get(server, "/book.pdf", Host=good, Sec_Fetch_Site="cross-site").status == 403
    assert get(server, "/", Host=good, Sec_Fetch_Site="cross-site").status == 200
    assert get(server, "/book.pdf", Host=good, Sec_Fetch_Site="same-origin").status == 200


def test_only_this_machine_and_nothing_from_elsewhere(server: Server) -> None:
    assert server.server_address[0] == "127.0.0.1"
    answer = get(server, "/")
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in policy
    page = answer.answer.read().decode()
    assert "http://" not in page
    assert "https://" not in page
    assert get(server, "/../../etc/passwd").status == 404
    assert get(server, "/page.html").status == 404


def test_a_port_that_is_taken(
    server: Server, session: PreviewSession, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("watchfiles")
    port = str(server.server_port)
    code, out, err = run(
        capsys, "preview", "--content", str(session.folder), "--port", port, "--no-open"
    )
    assert (code, out) == (1, "")
    assert f"port {port} cannot be used" in err
    assert "hint: leave --port out" in err
    code, _, err = run(capsys, "preview", "--content", "nowhere", "--no-open")
    assert code == 1
    assert "the content folder 'nowhere' does not exist" in err
    code, _, err = run(capsys, "preview", "--content", str(Path(__file__).parent), "--no-open")
    assert (code, "handbook.yaml is missing" in err) == (1, True)
