"""What a theme decides about headings and notes: numbers, depths of contents and bookmarks."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest
from conftest import DAY
from onepage import sound
from packs import pack

import handbook
from tests.pdfread import Node, text_positions

ONE = "---\ntitle: One\n---\n\nA[^a] b[^b].\n\n## Two\n\nC.\n\n### Three\n\nD.\n\n#### Four\n\nE.\n\n[^a]: First.\n[^b]: Second.\n"
LAST = "---\ntitle: Last\n---\n\nF[^c].\n\n[^c]: Third.\n"


def made(folder: Path, theme: str = "") -> bytes:
    own = pack(
        folder,
        one_dot_md=ONE,
        last_dot_md=LAST,
        contents_dot_md="---\ntitle: Contents\nlayout: contents\n---\n\n::contents\n",
        handbook_dot_yaml="title: A book\nchapters: [contents.md, one.md, last.md]\n",
    )
    (folder / "own.yaml").write_text(f"extends: default\n{theme}", "utf-8")
    return handbook.build(handbook.load(own), day=DAY, theme=str(folder / "own.yaml"))


def bookmarks(data: bytes, folder: Path) -> list[tuple[int, str]]:
    (folder / "a.pdf").write_bytes(data)
    found: list[tuple[int, str]] = []

    def walk(items: object, depth: int) -> None:
        for item in items:  # type: ignore[attr-defined]
            found.append((depth, item.title))
            walk(item.children, depth + 1)

    with pikepdf.open(folder / "a.pdf") as pdf, pdf.open_outline() as outline:
        walk(outline.root, 0)
    return found


def entries(tree: Node) -> list[str]:
    """The contents list's entries, without the page numbers and what is nested in them."""
    texts = [" ".join(entry.text.split()) for entry in tree.all("TOCI")]
    return [text.rpartition(" ")[0] if " " in text else text for text in texts]


def marks(tree: Node) -> list[str]:
    labels = [note.all("Lbl")[0].text.strip() for note in tree.all("Note")]
    return [label.rstrip(".") for label in labels]


def test_as_a_chapter_says(tmp_path: Path) -> None:
    data = made(tmp_path)
    titles = [title for _, title in bookmarks(data, tmp_path)]
    assert "Two" in titles
    assert "Four" not in titles
    assert marks(sound(data)) == ["1", "2", "3"]


@pytest.mark.parametrize("depth", [1, 3])
def test_the_outline_has_a_depth_of_its_own(tmp_path: Path, depth: int) -> None:
    data = made(tmp_path, f"outline: {{depth: {depth}}}\n")
    found = [
        (level, title)
        for level, title in bookmarks(data, tmp_path)
        if title in ("Two", "Three", "Four")
    ]
    assert found == [(1, "Two"), (2, "Three"), (3, "Four")][: depth - 1]


def test_the_contents_have_a_depth_of_their_own(tmp_path: Path) -> None:
    listed = " ".join(entries(sound(made(tmp_path, "contents: {depth: 4}\n"))))
    assert "Four" in listed
    (tmp_path / "b").mkdir()
    assert "Two" not in " ".join(entries(sound(made(tmp_path / "b", "contents: {depth: 1}\n"))))


def test_sections_are_numbered_where_a_theme_says_so(tmp_path: Path) -> None:
    tree = sound(made(tmp_path, "headings: {numbered: 3}\n"))
    assert [" ".join(tree.all(tag)[-1].text.split()) for tag in ("H2", "H3", "H4")] == [
        "1.1 Two",
        "1.1.1 Three",
        "Four",
    ]
    assert "1.1 Two" in " ".join(entries(tree))


def test_notes_are_numbered_by_chapter_where_a_theme_says_so(tmp_path: Path) -> None:
    tree = sound(made(tmp_path, "footnotes: {numbering: chapter}\n"))
    assert marks(tree) == ["1", "2", "1"]
    assert "F1." in tree.text


def test_an_index_in_the_chapter_of_its_terms_has_their_pages() -> None:
    from onepage import built

    tree = sound(built("One :index[tea] here.\n\nTwo :index[deck oven] here.\n\n::index\n"))
    items = [" ".join(item.text.split()) for item in tree.all("LI")]
    assert items == ["deck oven, 1", "tea, 1"]


def test_an_entry_continues_below_its_title_not_below_its_number(tmp_path: Path) -> None:
    title = "A heading " + "of many words " * 12
    own = pack(
        tmp_path,
        one_dot_md=f"---\ntitle: One\n---\n\n## {title}\n\nC.\n",
        contents_dot_md="---\ntitle: Contents\nlayout: contents\n---\n\n::contents\n",
        handbook_dot_yaml="title: A book\nchapters: [contents.md, one.md]\n",
    )
    (tmp_path / "own.yaml").write_text(
        "extends: default\nheadings: {numbered: 2}\ncontents: {depth: 2}\n", "utf-8"
    )
    theme = str(tmp_path / "own.yaml")
    data = handbook.build(handbook.load(own), day=DAY, theme=theme, paper="a5")
    sound(data)
    runs = [run for run in text_positions(data, 0) if "many words" in run.text]
    first, *further = sorted(runs, key=lambda run: -run.y)
    assert len(further) > 1
    assert {round(run.x - first.x) for run in further} == {round(further[0].x - first.x)}
    assert first.text.startswith("1.1")
    assert further[0].x - first.x > 12


def test_the_title_of_an_imprint_is_next_to_its_first_line() -> None:
    from onepage import built

    data = built("Words of an imprint.", front="layout: imprint\n", paper="a4")
    sound(data)
    title, words = (
        next(run for run in text_positions(data, 0) if run.text.strip().startswith(start))
        for start in ("One", "Words of")
    )
    assert title.x < words.x - 50
    assert abs(title.y - words.y) < 4
