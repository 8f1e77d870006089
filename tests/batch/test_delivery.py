"""What a run leaves for the post: archives by group, an index page, a print run."""

from __future__ import annotations

import json
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pypdfium2
import pytest
from click.testing import CliRunner, Result
from packs import pack
from small import CONFIG, COVER, IMPRINT, ONE

from handbook.cli import main
from handbook.core.diagnostics import HandbookError

ROSTER = """id,name,cohort
1,Asha Rao,Pune
2,<b>Zoë</b> & Co,Dubai/East
3,محمد الأحمد,pune
4,Nobody Special,
5,,Pune
6,Juan Pérez,Pune
"""


def batch(folder: Path, out: str, *options: str) -> Result:
    files = {"handbook_dot_yaml": CONFIG, "cover_dot_md": COVER, "imprint_dot_md": IMPRINT,
             "one_dot_md": ONE}  # fmt: skip
    content = folder / "pack"
    if not content.is_dir():
        pack(content, **files)
        (folder / "r.csv").write_text(ROSTER, encoding="utf-8")
    arguments = ["batch", str(folder / "r.csv"), "-o", str(folder / out), "--content", str(content),
                 "-j1", "--date", "2026-11-23", "-q", *options]  # fmt: skip
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


def lines(out: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in (out / "manifest.jsonl").read_text("utf-8").splitlines()]


def test_an_archive_for_each_group_holds_its_copies_alone(tmp_path: Path) -> None:
    done = batch(tmp_path, "out", "--zip-by", "cohort", "--json")
    assert done.exit_code == 1, done.output
    archives = {path.name: path for path in (tmp_path / "out").glob("*.zip")}
    assert set(archives) == {"Pune.zip", "pune-2.zip", "Dubai-East.zip", "without-cohort.zip"}
    with zipfile.ZipFile(archives["Pune.zip"]) as archive:
        assert archive.namelist() == ["1-Asha-Rao.pdf", "6-Juan-Pérez.pdf"]
        for name in archive.namelist():
            assert archive.read(name) == (tmp_path / "out" / name).read_bytes()
    batch(tmp_path, "again", "--zip-by", "cohort")
    for name, path in archives.items():
        assert path.read_bytes() == (tmp_path / "again" / name).read_bytes()


def test_a_group_that_no_copy_has_is_reported(tmp_path: Path) -> None:
    with pytest.raises(HandbookError, match=r"(?s)unknown column 'cohrt'.*did you mean 'cohort'"):
        batch(tmp_path, "out", "--zip-by", "cohrt")
    assert not (tmp_path / "out").exists()


class Page(HTMLParser):
    """Links, and the words of each cell."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.cells: list[str] = []
        self.tags: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "a":
            self.links.append(dict(attrs)["href"] or "")
        if tag in ("td", "th"):
            self.cells.append("")

    def handle_data(self, data: str) -> None:
        if self.cells:
            self.cells[-1] += data.strip()


def test_the_index_names_every_copy(tmp_path: Path) -> None:
    batch(tmp_path, "out", "--index")
    out = tmp_path / "out"
    text = (out / "index.html").read_text("utf-8")
    page = Page(text)
    files = [line["file"] for line in lines(out)]
    assert [unquote(link) for link in page.links] == files
    assert all((out / unquote(link)).is_file() for link in page.links)
    assert "<b>" not in text
    assert "<b>Zoë</b> & Co" in page.cells
    for line in lines(out):
        assert line["copy"] in page.cells
    assert not {"script", "img", "link"} & set(page.tags)
    assert 'scope="row" dir="auto"' in text
    assert not (out / ".handbook").exists()
    batch(tmp_path, "again", "--index")
    assert (tmp_path / "again" / "index.html").read_text("utf-8") == text


def test_the_print_run_has_every_copy_in_the_order_of_the_roster(tmp_path: Path) -> None:
    run = tmp_path / "run.pdf"
    batch(tmp_path, "out", "--print-run", str(run))
    made = lines(tmp_path / "out")
    whole = pypdfium2.PdfDocument(run)
    assert len(whole) == 4 * len(made)
    for number, line in enumerate(made):
        alone = pypdfium2.PdfDocument(tmp_path / "out" / line["file"])
        for page in range(len(alone)):
            one = whole[number * 4 + page].render(scale=0.7).to_pil()
            assert one.tobytes() == alone[page].render(scale=0.7).to_pil().tobytes()
    marks = [mark.get_title() for mark in whole.get_toc()]
    assert marks == [
        "1 Asha Rao",
        "2 <b>Zoë</b> & Co",
        "3 محمد الأحمد",
        "4 Nobody Special",
        "6 Juan Pérez",
    ]
    again = tmp_path / "again.pdf"
    batch(tmp_path, "out", "--resume", "--print-run", str(again))
    assert again.read_bytes() == run.read_bytes()


def test_an_empty_print_run_is_reported(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("id,name\n1,\n")
    pack(
        tmp_path / "pack",
        handbook_dot_yaml=CONFIG,
        cover_dot_md=COVER,
        imprint_dot_md=IMPRINT,
        one_dot_md=ONE,
    )
    with pytest.raises(HandbookError, match="no copy was made"):
        batch(tmp_path, "out", "--print-run", str(tmp_path / "run.pdf"))
    assert not (tmp_path / "run.pdf").exists()


def test_a_brand_that_cannot_be_read_stops_the_run_before_it_begins(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text("meta: {name: A}\ncolor: {primary: bleu}\n")
    with pytest.raises(HandbookError, match="color.primary: unknown colour 'bleu'"):
        batch(tmp_path, "out", "--brand", str(tmp_path / "b.yaml"))
    assert not (tmp_path / "out").exists()
