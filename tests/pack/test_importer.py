"""`handbook new --from`: a pack made of Markdown that exists already, unchanged."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from handbook.cli import main
from handbook.core.diagnostics import HandbookError
from handbook.pack.importer import imported_files, read_source
from handbook.pack.loader import load_pack
from handbook.pack.scaffold import write_pack
from handbook.pipeline.phases import document_of
from handbook.select.selection import select
from tests.readback import Reader

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f"
    b"\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\xa75\x81\x84\x00\x00"
    b"\x00\x00IEND\xaeB`\x82"
)


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_md", ".md").replace(
            "_yml", ".yml"
        ).replace("_toml", ".toml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def made(source: Path, tmp_path: Path):
    found = read_source(source)
    target = tmp_path / "pack"
    write_pack(target, imported_files(found))
    pack = load_pack(target)
    own = [chapter for chapter in pack.chapters if chapter.dialect == "gfm"]
    return found, pack, own


def test_a_mkdocs_site(tmp_path: Path) -> None:
    source = write(
        tmp_path / "site",
        mkdocs_yml="site_name: The site\nsite_author: Ann\nnav:\n  - index.md\n  - Guide:\n    - Begin: guide/begin.md\n"
        "    - https://example.org\n  - Gone: gone.md\nmarkdown_extensions:\n  - x: !!python/name:a.b\n",
        docs__index_md="# Home\n\n[begin](guide/begin.md#two)\n",
        docs__guide__begin_md="Words.\n\n## Two\n\n[home](../index.md) `{{ not a template }}`\n",
        docs__other_md="# Other\n",
    )
    (source / "docs" / "a.png").write_bytes(PNG)
    found, pack, own = made(source, tmp_path)
    assert found.kind == "a MkDocs site"
    assert (pack.title, pack.config["author"]) == ("The site", "Ann")
    assert [chapter.title for chapter in own] == ["Home", "Begin"]
    assert found.report.left_out["not in nav"] == ["docs/other.md"]
    copied = tmp_path / "pack" / "chapters"
    assert (copied / "guide" / "begin.md").read_text() == (
        source / "docs" / "guide" / "begin.md"
    ).read_text()
    assert (copied / "a.png").read_bytes() == PNG
    document = document_of(pack, select(pack, day=date(2026, 12, 1)))
    assert document.warnings == ()


def test_an_mdbook(tmp_path: Path) -> None:
    source = write(
        tmp_path / "book",
        book_toml='[book]\ntitle = "The Book"\nauthors = ["Ann", "Bob"]\nlanguage = "de"\n',
        src__SUMMARY_md="# Summary\n\n[Foreword](foreword.md)\n\n# Part\n\n- [One](one.md)\n  - [Inner](one/inner.md)\n"
        "- [Draft]()\n\n---\n\n[Afterword](after.md)\n",
        src__foreword_md="# Foreword\n",
        src__one_md="# One\n",
        src__one__inner_md="# Inner\n",
        src__after_md="# Afterword\n",
    )
    found, pack, own = made(source, tmp_path)
    assert found.kind == "an mdBook"
    assert (pack.title, pack.config["author"], pack.language) == ("The Book", "Ann, Bob", "de")
    assert [chapter.title for chapter in own] == ["Foreword", "One", "Inner", "Afterword"]
    assert "- Part:" in (tmp_path / "pack" / "handbook.yaml").read_text()


def test_a_folder_in_the_order_of_people(tmp_path: Path) -> None:
    source = write(
        tmp_path / "notes-on-tea",
        **{
            "10-last_md": "x",
            "2-first_md": "x",
            "README_md": "# All of tea\n",
            "sub__index_md": "x",
            "sub__a_md": "x",
            "node_modules__no_md": "x",
        },
    )
    found, pack, own = made(source, tmp_path)
    assert pack.title == "All of tea"
    assert [chapter.title for chapter in own] == ["All of tea", "First", "Last", "Sub", "A"]


def test_files_of_one_name_and_foreign_front_matter(tmp_path: Path) -> None:
    source = write(
        tmp_path / "s",
        a__README_md="---\ntitle: From here\nnav_order: 3\ncolour: red\n---\n\ntext\n",
        b__README_md="---\n\nA rule began this file.\n",
        c_md="Title: Old way\nAuthor: Ann\n\ntext\n",
    )
    _, pack, own = made(source, tmp_path)
    assert [(chapter.id, chapter.title) for chapter in own] == [
        ("chapters-a-readme", "From here"),
        ("chapters-c", "Old way"),
        ("chapters-b-readme", "B"),
    ]
    (warning,) = pack.warnings
    assert "'colour'" in warning.message


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "there is no Markdown"),
        ({"mkdocs_yml": "site_name: x\n"}, "the folder of pages"),
        ({"mkdocs_yml": "a: [\n"}, "cannot be read"),
        ({"book_toml": "[book]\n"}, "no SUMMARY.md"),
        ({"book_toml": "[book\n"}, "book.toml cannot be read"),
    ],
)
def test_what_is_not_a_body_of_markdown(
    tmp_path: Path, files: dict[str, str], message: str
) -> None:
    (tmp_path / "s").mkdir()
    with pytest.raises(HandbookError, match=message):
        read_source(write(tmp_path / "s", **files))


def test_the_command_makes_a_pack_that_builds(tmp_path: Path) -> None:
    source = write(
        tmp_path / "s", README_md="# Tea\n\n[a](https://example.org) ![gone](gone.png)\n"
    )
    made = CliRunner().invoke(main, ["new", str(tmp_path / "tea"), "--from", str(source)])
    assert made.exit_code == 0, made.output
    assert "Tea: a folder of 1 page" in made.output
    out = tmp_path / "tea.pdf"
    command = ["build", "--content", str(tmp_path / "tea"), "-o", str(out), "--date", "2026-12-01"]
    built = CliRunner().invoke(main, command)
    assert built.exit_code == 0, built.output
    assert "README.md:3" in built.output
    text = Reader(out).text()
    assert "The small numbers after links in the text lead here." in text


def test_a_first_page_without_a_title_has_the_books(tmp_path: Path) -> None:
    source = write(tmp_path / "green-tea", README_md='<p align="center">Tea</p>\n\nWords.\n')
    _, pack, own = made(source, tmp_path)
    assert [chapter.title for chapter in own] == ["Green tea"] == [pack.title]


def test_nothing_is_written_over(tmp_path: Path) -> None:
    source = write(tmp_path / "s", README_md="# Tea\n")
    taken = write(tmp_path / "taken", a_md="mine")
    made = CliRunner().invoke(main, ["new", str(taken), "--from", str(source)])
    assert isinstance(made.exception, HandbookError)
    assert [path.name for path in taken.iterdir()] == ["a.md"]


def test_the_pages_that_new_adds_are_in_the_book_s_language(tmp_path: Path) -> None:
    source = write(
        tmp_path / "site",
        mkdocs_yml="site_name: Le livre\ntheme: {language: fr}\n",
        docs__index_md="# Accueil\n\n[Ici](https://example.org/)\n",
    )
    files = imported_files(read_source(source))
    assert "Édition du {{ day(edition.date) }}" in files["cover.md"].decode()
    assert "title: Adresses web" in files["links.md"].decode()
