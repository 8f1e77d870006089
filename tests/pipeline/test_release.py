"""`handbook release`: one archive, the same to the byte, with all that its index promises."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import pikepdf
import pytest
from packs import pack, run
from PIL import Image

ROLES = "- {id: baker, name: Baker}\n- {id: smith, name: Smith <& sons>}\n"
CONFIG = (
    "title: A book & more\nid: trades\nversion: '3.1'\nlanguage: de\nchapters: [cover.md, one.md]\n"
)
COVER = "---\ntitle: A book\nlayout: cover\nmatter: front\n---\n\n## A book\n"


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pack")
    return pack(
        folder,
        handbook_dot_yaml=CONFIG,
        cover_dot_md=COVER,
        tables__roles_dot_yaml=ROLES,
        one_dot_md="---\ntitle: One\n---\n\nFor the {{ role.name if role else 'reader' }}.\n",
    )


def released(
    capsys: pytest.CaptureFixture[str], content: Path, out: Path, *more: str
) -> zipfile.ZipFile:
    options = ("--content", str(content), "-o", str(out), "--date", "2026-11-24", "-q", *more)
    code, said, err = run(capsys, "release", *options)
    assert (code, err) == (0, "")
    assert [path.name for path in out.iterdir()] == ["trades-3.1.zip"]
    return zipfile.ZipFile(said.strip())


def test_made_twice_it_is_the_same(
    content: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = released(capsys, content, tmp_path / "one", "-j", "1", "--papers", "a4,letter")
    other = released(capsys, content, tmp_path / "other", "-j", "2", "--papers", "a4,letter")
    assert Path(str(one.filename)).read_bytes() == Path(str(other.filename)).read_bytes()
    assert one.testzip() is None


def test_the_manifest_tells_every_file_by_its_digest(
    content: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = released(capsys, content, tmp_path, "-j", "1", "--papers", "a4,letter")
    manifest = json.loads(archive.read("trades-3.1/manifest.json"))
    rows = manifest["editions"]
    assert (manifest["name"], manifest["version"], manifest["date"]) == (
        "trades-3.1",
        "3.1",
        "2026-11-24",
    )
    assert [(row["role"], row["paper"]) for row in rows] == [
        ("baker", "a4"),
        ("smith", "a4"),
        ("baker", "letter"),
        ("smith", "letter"),
    ]
    for row in rows:
        data = archive.read(f"trades-3.1/{row['file']}")
        assert (len(data), hashlib.sha256(data).hexdigest()) == (row["bytes"], row["sha256"])
        assert len(pikepdf.open(io.BytesIO(data)).pages) == row["pages"]
        for picture in row["pictures"].values():
            assert Image.open(io.BytesIO(archive.read(f"trades-3.1/{picture}"))).height == 640
    sums = archive.read("trades-3.1/SHA256SUMS").decode().splitlines()
    reported = {line.split("  ")[1]: line.split("  ")[0] for line in sums}
    inside = {name.removeprefix("trades-3.1/") for name in archive.namelist()}
    assert inside == {*reported, "SHA256SUMS"}
    for name, digest in reported.items():
        assert hashlib.sha256(archive.read(f"trades-3.1/{name}")).hexdigest() == digest


class Page(HTMLParser):
    """What a screen reader needs of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def test_the_index_is_accessible_and_leads_to_every_edition(
    content: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = released(capsys, content, tmp_path, "-j", "1")
    text = archive.read("trades-3.1/index.html").decode()
    page = Page(text)
    assert page.all("html")[0]["lang"] == "de"
    assert "<title>A book &amp; more</title>" in text
    assert "Smith &lt;&amp; sons&gt;" in text
    assert len(page.all("main")) == len(page.all("h1")) == len(page.all("caption")) == 1
    assert [th["scope"] for th in page.all("th")] == ["col"] * 6 + ["row"] * 2
    assert all(image["alt"] for image in page.all("img"))
    inside = {name.removeprefix("trades-3.1/") for name in archive.namelist()}
    named = {str(a["href"]) for a in page.all("a")} | {str(i["src"]) for i in page.all("img")}
    assert named <= inside
    assert {name for name in inside if name.endswith(".pdf")} <= named


def test_the_whole_grid_has_each_selection_once(
    content: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = released(capsys, content, tmp_path, "-j", "1", "--every")
    rows = json.loads(archive.read("trades-3.1/manifest.json"))["editions"]
    assert [row["role"] for row in rows] == ["", "baker", "smith"]


def test_verified_files_are_released(
    content: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from handbook.verify import verapdf

    try:
        verapdf.find_engine()
    except verapdf.VeraPdfUnavailable as missing:
        if os.environ.get("HANDBOOK_REQUIRE_ALL"):
            raise
        pytest.skip(str(missing))
    released(capsys, content, tmp_path, "-j", "1", "--verify")


def test_a_mistake_in_the_content_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = pack(
        tmp_path / "pack",
        tables__roles_dot_yaml=ROLES,
        one_dot_md="---\ntitle: One\n---\n\nSee [there](#nowhere).\n",
    )
    out = tmp_path / "out"
    code, said, err = run(capsys, "release", "--content", str(broken), "-o", str(out), "-j", "1")
    assert (code, said) == (1, "")
    assert re.search(r"one\.md:5(:\d+)?: error: a link to nowhere: #nowhere", err)
    assert err.count("error:") == 1
    assert list(out.iterdir()) == []


def test_an_unknown_paper_is_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "release", "-o", str(tmp_path), "--papers", "a4,leter")
    assert code == 2
    assert "'leter'" in err
    assert "letter" in err


def test_roles_whose_ids_have_no_latin_letter_are_editions_of_their_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every id became "handbook" in file names, and the last edition replaced the others."""
    ids = ["开发", "质量", "C++", "C#"]
    roles = "".join(f"- {{id: {name!r}, name: {name!r}}}\n" for name in ids)
    folder = pack(tmp_path / "pack", tables__roles_dot_yaml=roles)
    common = ("--content", str(folder), "--date", "2026-11-24", "-q")
    for more in ((), ("--every",)):
        assert run(capsys, "release", "-o", str(tmp_path / "out"), *common, *more)[0] == 0
        with zipfile.ZipFile(next((tmp_path / "out").iterdir())) as archive:
            name = next(name for name in archive.namelist() if name.endswith("manifest.json"))
            rows = json.loads(archive.read(name))["editions"]
            assert len({row["file"] for row in rows}) == len(rows) == len(ids) + bool(more)
    code, out, _ = run(capsys, "build", "--all", "-o", str(tmp_path / "all"), *common)
    assert (code, len(list((tmp_path / "all").iterdir()))) == (0, len(ids))
    assert len(set(out.splitlines())) == len(ids)
