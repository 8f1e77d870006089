"""`handbook diff` finds what someone changed, and nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import DAY, built
from packs import pack, run
from PIL import Image

from handbook.document.nodes import Document, Paragraph, Text
from handbook.layout.book import lay_out
from handbook.layout.page import LaidOutBook, Picture
from handbook.pack.loader import load_pack
from handbook.pdf.edition_writer import make_edition
from handbook.pipeline.phases import document_of
from handbook.select.selection import select
from handbook.theme.loader import load_theme
from handbook.verify.compare import compare, picture_pairs

pytest.importorskip("pypdfium2")


def with_words(document: Document, chapter: str, change: Any) -> Document:
    """The document with the paragraphs of a chapter changed."""
    chapters = [
        replace(one, blocks=change(one.blocks)) if one.id == chapter else one
        for one in document.chapters
    ]
    return replace(document, chapters=tuple(chapters))


def written(document: Document, path: Path, book: LaidOutBook | None = None) -> Path:
    book = book or lay_out(document, load_theme())
    path.write_bytes(make_edition(book, document.meta, document.fields).fill())
    return path


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(built("sre").document, tmp_path_factory.mktemp("diff") / "old.pdf")


def test_a_planted_word_is_found_and_nothing_else(old: Path, tmp_path: Path) -> None:
    def plant(blocks: Any) -> Any:
        at = next(
            n
            for n, b in enumerate(blocks)
            if isinstance(b, Paragraph)
            and isinstance(b.content[0], Text)
            and b.content[0].text.count(" ") > 6
        )
        words = blocks[at].content[0].text.split(" ")
        planted.append(words[4])
        text = Text(" ".join([*words[:4], "zebra", *words[5:]]))
        changed = replace(blocks[at], content=(text, *blocks[at].content[1:]))
        return (*blocks[:at], changed, *blocks[at + 1 :])

    planted: list[str] = []
    new = written(with_words(built("sre").document, "pipelines", plant), tmp_path / "new.pdf")
    found = compare(old, new)
    assert [(c.kind, c.old, c.new) for c in found.changes] == [("words", planted[0], "zebra")]
    change = found.changes[0]
    assert (
        change.old_page == change.new_page == built("sre").book.destinations["pipelines"].page + 1
    )
    assert found.old_pages == found.new_pages
    assert found.renumbered == 0
    assert set(found.moved) <= {change.new_page}
    named = list(picture_pairs(old, new, found))
    assert [name for name, _ in named] == [f"page-{change.new_page:03}.png"]
    assert named[0][1].width > named[0][1].height


def test_a_page_put_in_does_not_make_every_later_one_differ(old: Path, tmp_path: Path) -> None:
    def lengthen(blocks: Any) -> Any:
        more = [Paragraph(content=(Text(f"Put in as number {n}. " * 12),)) for n in range(25)]
        return (*blocks, *more)

    new = written(with_words(built("sre").document, "overview", lengthen), tmp_path / "new.pdf")
    found = compare(old, new)
    assert found.new_pages > found.old_pages
    added = [c for c in found.changes if c.kind == "page" or "Put in as" in c.new]
    assert "page" in {c.kind for c in added}
    assert found.renumbered > 50
    # Next to the new pages, these know of it: the pages of the chapter, of the next one and of the
    # beginning of the third, which run in; the contents, and the index, where ranges of pages are
    # shorter now.
    made = built("sre")
    pages = {name: place.page + 1 for name, place in made.book.destinations.items()}
    ids = [chapter.id for chapter in made.document.chapters]
    third = pages[ids[ids.index("overview") + 2]]
    places = [c.old_page for c in found.changes if c not in added]
    near = {pages["contents"], *range(pages["overview"], third + 1)}
    assert all(place >= pages["index"] or place in near for place in places)
    assert len(near) < 6


def test_the_same_book_does_not_differ(old: Path, tmp_path: Path) -> None:
    assert compare(old, written(built("sre").document, tmp_path / "new.pdf")).same


# --------------------------------------------------------------------- pictures


@pytest.fixture
def pictured(tmp_path: Path) -> tuple[Document, LaidOutBook]:
    """A book of one chapter with a picture between paragraphs."""
    image = tmp_path / "pack" / "sky.png"
    image.parent.mkdir()
    Image.new("RGB", (240, 120), "#0b4f8a").save(image)
    words = "Words that stand still around a picture.\n\n"
    text = f"---\ntitle: One\n---\n\nOnce there was a book.\n\n{words * 3}![A blue sky](sky.png)\n\n{words * 3}"
    loaded = load_pack(pack(image.parent, one_dot_md=text))
    document = document_of(loaded, select(loaded, day=DAY))
    return document, lay_out(document, load_theme())


def test_a_moved_picture_is_found_and_nothing_else(
    pictured: tuple[Document, LaidOutBook], tmp_path: Path
) -> None:
    document, book = pictured
    old = written(document, tmp_path / "old.pdf", book)
    # A page is drawn each time it is asked for, so these are kept.
    book = replace(book, pages=[*book.pages])
    at = next(
        n
        for n, page in enumerate(book.pages)
        if any(isinstance(item, Picture) for item in page.items)
    )
    page = book.pages[at]
    # Those that are written from what was drawn before would be the same.
    page.body = None
    page.items[:] = [i._replace(x=i.x + 30) if isinstance(i, Picture) else i for i in page.items]
    new = written(document, tmp_path / "new.pdf", book)
    found = compare(old, new)
    assert found.moved == []
    assert {(c.kind, c.new_page) for c in found.changes} == {("picture", at + 1)}
    moved = next(i for i in page.items if isinstance(i, Picture))
    left = min(c.new_boxes[0][0] for c in found.changes)
    right = max(c.new_boxes[0][2] for c in found.changes)
    assert left == pytest.approx(moved.x - 30, abs=8)
    assert right == pytest.approx(moved.x + moved.width, abs=8)


# ------------------------------------------------------------------- the command


def test_the_command_says_it_and_its_exit_code_is_that_of_diff(
    pictured: tuple[Document, LaidOutBook], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document, _ = pictured

    def change(blocks: Any) -> Any:
        return (Paragraph(content=(Text("Other words here."),)), *blocks[1:])

    old = str(written(document, tmp_path / "old.pdf"))
    new = str(written(with_words(document, document.chapters[0].id, change), tmp_path / "new.pdf"))
    code, out, err = run(capsys, "diff", old, new, "-o", str(tmp_path / "out"))
    assert code == 1
    assert err.startswith("1 change on 1 page")
    assert out.startswith("page 1: “Once there was a book.” is now “Other words here.”")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["page-001.png"]
    code, out, _ = run(capsys, "diff", "--json", old, new)
    assert code == 1
    assert json.loads(out)["same"] is False
    assert run(capsys, "diff", old, old) == (0, "", "no page differs\n")


def test_trouble_is_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "bad.pdf"
    bad.write_text("no PDF")
    code, out, err = run(capsys, "diff", str(bad), str(bad))
    assert (code, out) == (2, "")
    assert "bad.pdf: error: this is not a PDF" in err
    assert run(capsys, "diff", str(bad), "nowhere.pdf")[0] == 2


@pytest.mark.parametrize("broken", [0, 1])
def test_the_file_that_cannot_be_drawn_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], broken: int
) -> None:
    import pikepdf

    files = [tmp_path / "old.pdf", tmp_path / "new.pdf"]
    for number, file in enumerate(files):
        with pikepdf.new() as pdf:
            page = pdf.add_blank_page(page_size=(9, 9))
            if number == broken:
                page.MediaBox = pikepdf.Array([0, 0, 1, 1e9])
            pdf.save(file)
    code, _, reported = run(capsys, "diff", *map(str, files))
    assert code == 2
    assert reported.startswith(f"{files[broken]}: error: the PDF is damaged")
    assert "page 1 is 1 by 1,000,000,000 points large" in reported
