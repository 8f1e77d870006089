"""The site that says whether a copy is genuine, as a reader uses it in a browser."""

from __future__ import annotations

import functools
import json
import os
import shutil
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from handbook.batch.lookup_site import number_digest, write_lookup_site
from handbook.batch.stores import store_at
from handbook.cli import main
from handbook.core.diagnostics import HandbookError

CHROMIUM = "/usr/bin/chromium"
LEARNERS = ["Ada Lovelace", "Grace Hopper", "Jürgen Groß"]


def _run(*arguments: str) -> None:
    result = CliRunner().invoke(main, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with copies (one of them withdrawn) in `out`, and their site in `site`."""
    folder = tmp_path_factory.mktemp("lookup")
    (folder / "pack/chapters").mkdir(parents=True)
    (folder / "pack/handbook.yaml").write_text(
        "title: A small book\nchapters: [chapters/a.md]\nfields:\n  learner: {label: Name}\n"
    )
    (folder / "pack/chapters/a.md").write_text("# A day\n\nFor :field[learner].\n")
    batch = ["batch", str(folder / "roster.csv"), "-o", str(folder / "out"), "-j", "1",
             "--content", str(folder / "pack"), "--date", "2026-11-30"]  # fmt: skip
    for learners in (LEARNERS, LEARNERS[:2]):
        rows = [f"{n},{name}" for n, name in enumerate(learners, 1)]
        (folder / "roster.csv").write_text("id,learner\n" + "\n".join(rows) + "\n")
        _run(*batch)
    _run("verify-site", str(folder / "out"), "-o", str(folder / "site"), "--title", "A small book")
    return folder


def _entries(folder: Path, name: str = "manifest.jsonl") -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "out" / name).read_text().splitlines()]


def test_no_learner_is_named(site: Path) -> None:
    for file in (site / "site").rglob("*"):
        if file.is_file():
            text = file.read_text()
            assert not [word for name in LEARNERS for word in name.split() if word in text]
            assert not [entry["file"] for entry in _entries(site) if entry["file"] in text]
            assert not [entry["copy"] for entry in _entries(site) if entry["copy"] in text]


def test_every_copy_is_listed_by_its_digests(site: Path) -> None:
    digits = json.loads((site / "site/about.json").read_text())["digits"]
    entries = [(e, 0) for e in _entries(site)] + [(e, 1) for e in _entries(site, "former.jsonl")]
    assert len(entries) == 3
    for entry, withdrawn in entries:
        for kind, digest in [("files", entry["sha256"]), ("numbers", number_digest(entry["copy"]))]:
            known = json.loads((site / f"site/{kind}/{digest[:digits]}.json").read_text())
            assert known[digest[digits:]] == [0, withdrawn]


def test_a_site_that_is_written_again_knows_no_one_who_was_forgotten(
    site: Path, tmp_path: Path
) -> None:
    shutil.copytree(site / "out", tmp_path / "out")
    _run("verify-site", str(tmp_path / "out"), "-o", str(tmp_path / "site"))
    before = {path.name for path in (tmp_path / "site/files").iterdir()}
    for entry in _entries(tmp_path)[1:] + _entries(tmp_path, "former.jsonl"):
        _run("forget", entry["id"], "-o", str(tmp_path / "out"))
    _run("verify-site", str(tmp_path / "out"), "-o", str(tmp_path / "site"))
    (left,) = _entries(tmp_path)
    for kind in ("files", "numbers"):
        lists = [json.loads(path.read_text()) for path in (tmp_path / "site" / kind).iterdir()]
        assert sum(map(len, lists)) == 1
    assert {path.name for path in (tmp_path / "site/files").iterdir()} < before
    assert left["sha256"][:1] in {path.stem for path in (tmp_path / "site/files").iterdir()}


def test_a_folder_without_copies_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(HandbookError, match="manifest"):
        write_lookup_site(store_at(str(tmp_path)), tmp_path / "site")


@pytest.mark.parametrize(
    ("language", "opening", "title"),
    [
        ("", '<html lang="en" dir="ltr">', "Is this copy genuine?"),
        ("de", '<html lang="de" dir="ltr">', "Ist dieses Exemplar echt?"),
        ("ar", '<html lang="ar" dir="rtl">', "هل هذه النسخة أصلية؟"),
        ("sv", '<html lang="en" dir="ltr">', "Is this copy genuine?"),
    ],
)
def test_a_language_is_asked_for(
    site: Path, tmp_path: Path, language: str, opening: str, title: str
) -> None:
    options = ["--language", language] if language else []
    _run("verify-site", str(site / "out"), "-o", str(tmp_path), *options)
    page = (tmp_path / "index.html").read_text("utf-8")
    assert opening in page
    assert f"<h1>{title}</h1>" in page
    assert "$" not in page


def test_the_language_is_that_of_the_copies(tmp_path: Path) -> None:
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack/handbook.yaml").write_text(
        "title: Brot\nlanguage: de\nfields: {learner: {}}\n"
    )
    (tmp_path / "pack/a.md").write_text("# Ein Tag\n\nFür :field[learner].\n")
    (tmp_path / "roster.csv").write_text("id,learner\n1,Ada\n")
    _run(
        "batch",
        str(tmp_path / "roster.csv"),
        "-o",
        str(tmp_path / "out"),
        "-j",
        "1",
        "--content",
        str(tmp_path / "pack"),
        "--date",
        "2026-11-30",
    )
    _run("verify-site", str(tmp_path / "out"), "-o", str(tmp_path / "site"), "--title", "Brot")
    about = json.loads((tmp_path / "site/about.json").read_text("utf-8"))
    assert about["words"] == "Exemplare von Brot."
    assert about["editions"] == ["Brot, Ausgabe vom 30. November 2026."]
    assert about["answers"]["genuine"][0] == "Echt"
    assert '<html lang="de"' in (tmp_path / "site/index.html").read_text("utf-8")


def test_a_language_that_there_is_not(site: Path, tmp_path: Path) -> None:
    with pytest.raises(HandbookError, match="unknown language 'germn'"):
        write_lookup_site(store_at(str(site / "out")), tmp_path, language="germn")


# ------------------------------------------------------------------- in a browser


@pytest.fixture(scope="module")
def page(site: Path) -> Iterator[Any]:
    """The site in a browser, served on loopback."""
    missing = [] if Path(CHROMIUM).is_file() else [CHROMIUM]
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing.append("playwright")
    if missing:
        words = f"the browser test needs {', '.join(missing)}"
        pytest.fail(words) if os.environ.get("HANDBOOK_REQUIRE_ALL") else pytest.skip(words)
    handler = functools.partial(SimpleHTTPRequestHandler, directory=str(site / "site"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        tab = browser.new_page(base_url=f"http://127.0.0.1:{server.server_port}/")
        tab.goto("index.html")
        yield tab
        browser.close()
    server.shutdown()


def _said(page: Any) -> str:
    # The page's policy forbids to evaluate a string, which waiting for a function does.
    page.wait_for_selector("#result.genuine, #result.unknown")
    return str(page.inner_text("#result"))


def test_a_file_is_genuine_changed_or_withdrawn(site: Path, page: Any, tmp_path: Path) -> None:
    for entry in _entries(site):
        page.goto("index.html")
        page.set_input_files("#file", site / "out" / entry["file"])
        said = _said(page)
        assert said.startswith("Genuine")
        assert "A small book, edition of 30 November 2026." in said
    changed = tmp_path / "changed.pdf"
    changed.write_bytes((site / "out" / _entries(site)[0]["file"]).read_bytes() + b" ")
    page.goto("index.html")
    page.set_input_files("#file", changed)
    assert _said(page).startswith("Not genuine")
    (former,) = _entries(site, "former.jsonl")
    page.goto("index.html")
    page.set_input_files("#file", site / "out" / former["file"])
    assert _said(page).startswith("Withdrawn")


@pytest.mark.parametrize("form", ["{}", " {} ", "{lower}"])
def test_a_number_is_looked_up_as_people_type_it(site: Path, page: Any, form: str) -> None:
    number = _entries(site)[0]["copy"]
    page.goto("index.html")
    page.fill("#number", form.format(number, lower=number.lower().replace("-", "")))
    page.press("#number", "Enter")
    assert _said(page).startswith("Issued")


def test_the_address_of_a_qr_code_leads_to_the_answer(site: Path, page: Any) -> None:
    page.goto(f"index.html?copy={_entries(site)[0]['copy']}")
    assert _said(page).startswith("Issued")
    page.goto("index.html?copy=AAAA-AAAA-AAAA-AA")
    assert _said(page).startswith("Unknown number")
    page.goto("index.html?copy=nonsense")
    assert _said(page).startswith("Not a copy number")


def test_an_answer_in_another_language(site: Path, page: Any, tmp_path: Path) -> None:
    """The words of the answers come with the lists; the reader may act before these are there."""
    _run("verify-site", str(site / "out"), "-o", str(site / "site/ar"), "--language", "ar")
    page.goto(f"ar/index.html?copy={_entries(site)[0]['copy'].lower()}")
    page.wait_for_selector("#result.genuine strong:text-is('صدرت')")
    assert page.get_attribute("html", "dir") == "rtl"
    page.set_input_files("#file", site / "out" / _entries(site)[1]["file"])
    page.wait_for_selector("#result.genuine strong:text-is('أصلية')")
