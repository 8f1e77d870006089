"""Findings for programs, and addresses asked over the network (a server of the test's own)."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from packs import CHAPTER, pack, run

from handbook.check.checker import check_folder
from handbook.check.external_links import _ask

# What SARIF 2.1.0 (OASIS, sections 3.13 to 3.30) asks of a log with results.
SARIF = {
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {"type": "array", "items": {
            "required": ["tool", "results"],
            "properties": {
                "tool": {"required": ["driver"], "properties": {"driver": {
                    "required": ["name"],
                    "properties": {"rules": {"type": "array", "uniqueItems": True, "items": {"required": ["id"]}}},
                }}},
                "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                "results": {"type": "array", "items": {
                    "required": ["message"],
                    "properties": {
                        "level": {"enum": ["none", "note", "warning", "error"]},
                        "ruleIndex": {"type": "integer", "minimum": 0},
                        "message": {"required": ["text"]},
                        "locations": {"type": "array", "items": {"properties": {"physicalLocation": {
                            "required": ["artifactLocation"],
                            "properties": {
                                "artifactLocation": {"properties": {"uri": {"type": "string", "pattern": "^[^\\\\]+$"}}},
                                "region": {"properties": {
                                    "startLine": {"type": "integer", "minimum": 1},
                                    "startColumn": {"type": "integer", "minimum": 1},
                                }},
                            },
                        }}}},
                    },
                }},
            },
        }},
    },
}  # fmt: skip


def broken(folder: Path) -> Path:
    text = CHAPTER + "\nSee [it](#end).\n\n::: only role=sre\n## End {#end}\n:::\n\n#### Deep\n"
    roles = "- {id: sre, name: S}\n- {id: dev, name: D}\n"
    return pack(folder, one_dot_md=text, tables__roles_dot_yaml=roles)


def test_sarif(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    broken(tmp_path / "my book")
    code, out, _ = run(capsys, "check", "--content", "my book", "--sarif")
    assert code == 1
    log = json.loads(out)
    import jsonschema

    jsonschema.validate(log, SARIF)
    (session,) = log["runs"]
    rules = [rule["id"] for rule in session["tool"]["driver"]["rules"]]
    assert rules == ["heading-level", "link-target"]
    for result in session["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        (location,) = result["locations"]
        assert location["physicalLocation"]["artifactLocation"] == {
            "uri": "my%20book/one.md",
            "uriBaseId": "%SRCROOT%",
        }
    link = next(r for r in session["results"] if r["ruleId"] == "link-target")
    assert link["level"] == "error"
    assert link["locations"][0]["physicalLocation"]["region"] == {"startLine": 7, "startColumn": 10}
    assert link["properties"]["selections"] == ["complete", "role=dev"]


def test_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "check", "--content", str(broken(tmp_path)), "--json")
    assert code == 1
    assert [(f["line"], f["code"], f["severity"], f["scope"]) for f in json.loads(out)] == [
        (7, "link-target", "error", "for role=dev, no role"),
        (13, "heading-level", "warning", "for role=dev, no role"),
        (13, "heading-level", "warning", "for role=sre"),
    ]
    assert run(capsys, "check", "--json", "--sarif")[0] == 2


class Answers(BaseHTTPRequestHandler):
    """200 for /there, 404 for /gone, no HEAD for /get, a redirect for /moved, silence for /slow."""

    def do_HEAD(self) -> None:
        path = self.path
        if path == "/slow":
            self.server.slow.wait(5)  # type: ignore[attr-defined]
        status = {"/there": 200, "/gone": 404, "/get": 405, "/moved": 301, "/guarded": 403}.get(
            path, 500
        )
        if path == "/get" and self.command == "GET":
            status = 200
        self.send_response(status)
        if status == 301:
            self.send_header("Location", "/there")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_HEAD

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.slow = threading.Event()  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.slow.set()  # type: ignore[attr-defined]
    server.shutdown()
    server.server_close()


def test_addresses_are_asked_only_when_someone_wants_it(tmp_path: Path, address: str) -> None:
    links = "".join(
        f"\n[{n}st page]({address}/{n})\n"
        for n in ("there", "gone", "get", "moved", "guarded", "odd")
    )
    folder = pack(tmp_path, one_dot_md=CHAPTER + links)
    assert check_folder(folder, day=date(2026, 11, 23)) == []
    found = [f.diagnostic for f in check_folder(folder, day=date(2026, 11, 23), online=True)]
    assert [(d.line, d.code, d.severity) for d in found] == [
        (9, "dead-link", "warning"),
        (17, "dead-link", "warning"),
    ]
    assert "/gone' answers 404" in found[0].message
    assert "/odd' answers 500" in found[1].message


def test_no_answer_does_not_take_for_ever(address: str) -> None:
    assert "does not answer" in _ask(f"{address}/slow", 0.2)
    assert "does not answer" in _ask("http://127.0.0.1:9/", 0.5)
