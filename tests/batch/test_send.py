"""Mail: every learner gets the own copy, once, whatever happens on the way."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

import pytest
from batches import made, small_pack
from mailserver import MailServer, mail_server
from packs import run


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_pack(tmp_path_factory.mktemp("pack"))


@pytest.fixture
def out(tmp_path: Path, capsys: pytest.CaptureFixture[str], content: Path) -> Path:
    rows = [f"{n},Learner {n},sre,l{n}@example.org,Room {n}" for n in range(1, 6)]
    rows += ["6,Zoë Łuk,dev,zoe@example.org,Room 6", "7,No Address,dev,,Room 7"]
    roster = tmp_path / "a.csv"
    roster.write_text("id,name,role,Email,=Room\n" + "\n".join(rows) + "\n", "utf-8")
    out = tmp_path / "out"
    code, reported = made(capsys, content, roster, out, "--handout")
    assert (code, reported["written"], reported["handout"]) == (0, 7, "handout.csv")
    return out


def send(
    capsys: pytest.CaptureFixture[str], out: Path, server: MailServer, *options: str
) -> tuple[int, str]:
    code, printed, reported = run(
        capsys, "send", str(out), "--server", server.url, "--from", "A <a@example.org>", *options
    )
    return code, printed + reported


def test_the_table_has_all_that_a_mail_merge_needs(out: Path) -> None:
    with (out / "handout.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["learner"] for row in rows][-2:] == ["Zoë Łuk", "No Address"]
    for row in rows:
        data = (out / row["file"]).read_bytes()
        assert row["sha256"] == hashlib.sha256(data).hexdigest()
        assert Path(row["attachment"]).read_bytes() == data
        assert row["Email"] in ("", *(f"l{n}@example.org" for n in range(9)), "zoe@example.org")
    # A cell that begins like a formula is none.
    assert "'=Room" in rows[0]


def test_each_learner_gets_the_own_copy(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with mail_server() as server:
        code, reported = send(capsys, out, server, "--subject", "For {learner}, {=Room}")
        assert (code, len(server.messages)) == (1, 6)
        assert "row 7: no e-mail address" in reported
        manifest = [json.loads(t) for t in (out / "manifest.jsonl").read_text("utf-8").splitlines()]
        for (address, message), entry in zip(server.messages, manifest, strict=False):
            (attachment,) = message.iter_attachments()  # type: ignore[attr-defined]
            data = attachment.get_content()
            assert hashlib.sha256(data).hexdigest() == entry["sha256"]
            assert attachment.get_filename() == entry["file"]
            assert address in str(message["To"])
        assert server.messages[5][1]["Subject"] == "For Zoë Łuk, Room 6"
        assert "Zoë Łuk" in str(server.messages[5][1]["To"])
        # Again: nothing is sent twice.
        code, reported = send(capsys, out, server)
        assert len(server.messages) == 6
        assert "6 sent before" in reported
    assert "@example.org" not in (out / "sent.jsonl").read_text("utf-8")


def test_a_connection_that_breaks(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with mail_server() as server:
        server.breaks_at = 3
        code, reported = send(capsys, out, server)
        assert (code, len(server.messages)) == (1, 3)
        assert "stopped answering after 2 messages" in reported
        server.breaks_at = 0
        code, reported = send(capsys, out, server)
        # The third one may have arrived, and did: it is not sent again unasked.
        assert server.addresses() == [f"l{n}@example.org" for n in (1, 2, 3, 4, 5)] + [
            "zoe@example.org"
        ]
        assert "row 3: it is not known whether an earlier message arrived" in reported
        send(capsys, out, server, "--uncertain")
        assert server.addresses()[6:] == ["l3@example.org"]


def test_an_address_that_is_refused(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with mail_server() as server:
        server.refused = {"l2@example.org"}
        code, reported = send(capsys, out, server)
        assert (code, len(server.messages)) == (1, 5)
        assert "row 2: l2@example.org was refused: 550 no such user" in reported
        server.refused = set()
        send(capsys, out, server)
        assert server.addresses()[5:] == ["l2@example.org"]


def test_a_dry_run_sends_nothing(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, printed, reported = run(capsys, "send", str(out), "--dry-run")
    assert code == 0
    assert "To: Learner 1 <l1@example.org>" in printed
    assert "Attachment: 1-Learner-1.pdf" in printed
    assert "6 messages to send, 0 sent before" in printed
    assert not (out / "sent.jsonl").exists()


def test_a_limit_and_a_rate(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with mail_server() as server:
        _, reported = send(capsys, out, server, "--limit", "2", "--rate", "6000")
        assert len(server.messages) == 2
        assert "2 messages sent, 0 sent before, 4 waiting" in reported


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--to", "Emil"], "--to: there is no column 'Emil'"),
        (["--subject", "{nme}"], "asks for an unknown column {nme}"),
        (["--server", "ftp://x"], "is not a mail server"),
        (["--server", "smtp://127.0.0.1:9"], "cannot reach the mail server at 127.0.0.1"),
    ],
)
def test_mistakes(
    out: Path, capsys: pytest.CaptureFixture[str], options: list[str], words: str
) -> None:
    with mail_server() as server:
        code, reported = send(capsys, out, server, *options)
        assert (code, server.messages) == (1, [])
        assert words in reported


def test_a_copy_that_was_changed_is_not_sent(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (out / "2-Learner-2.pdf").write_bytes(b"other")
    with mail_server() as server:
        code, reported = send(capsys, out, server)
        assert (code, server.addresses()) == (1, ["l1@example.org"])
        assert "is not the one in the table" in reported
