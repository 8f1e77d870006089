"""What is read again with a memory is what is read without one, whatever was edited between."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import DAY
from packs import pack

from handbook.core.diagnostics import HandbookError
from handbook.document.nodes import Document
from handbook.layout.chapter_cache import ChapterCache
from handbook.pack.loader import load_pack
from handbook.pipeline import phases
from handbook.select.selection import select

FILES = {
    "handbook_dot_yaml": "title: B\nchapters: [one.md, two.md, three.md, words.md]\nindex: [kettle]\n",
    "one_dot_md": "# One\n\n## Tea\n\nBoil the kettle. See [Tea](#two-tea) and [two](two.md#milk).[^n]\n\n[^n]: A note.\n",
    "two_dot_md": "# Two\n\n## Tea\n\nThe pot, the kettle.\n\n## Milk\n\nMore on page :page[three].\n",
    "three_dot_md": "# Three\n\nA pot of tea.\n\nTable: T {#tbl-t}\n\n| a | b |\n|---|---|\n| {{ t[0].v }} | [Milk](#milk) |\n",
    "words_dot_md": "---\ntitle: Words\nmatter: back\n---\n\npot\n:   A thing.\n\n{.glossary}\n\n::index\n",
    "tables__t_dot_yaml": "- {id: x, v: one}\n",
}  # fmt: skip

# (file, what is replaced, by what); an edit that is a mistake is fixed by the next.
EDITS = [
    ("one.md", "Boil the", "Now boil the"),
    ("two.md", "## Milk", "## Milk {#cream}"),
    ("two.md", "## Milk {#cream}", "## Milk"),
    ("one.md", "## Tea", "## Coffee"),
    ("one.md", "## Coffee", "## Coffee\n\n## Milk"),
    ("one.md", "\n\n## Milk", ""),
    ("one.md", "A note.", "Another note with a kettle."),
    ("one.md", ".[^n]\n", ". A pot.[^n]\n"),
    ("tables/t.yaml", "one", "two"),
    ("words.md", "pot\n:   A thing.", "pot\n:   A thing.\n\nkettle\n:   For water."),
    ("three.md", "A pot of tea.", "::: cautoin\nA pot.\n:::"),
    ("three.md", "cautoin", "caution"),
    ("handbook.yaml", "one.md, two.md", "two.md, one.md"),
    ("three.md", "A pot.", "A pot, a kettle, and an abbreviation.\n\n*[pot]: vessel"),
    ("one.md", "Now boil", "![Steam](steam.png) Now boil"),
    ("one.md", "![Steam](steam.png) ", ""),
]  # fmt: skip


def read(folder: Path, memory: phases.DocumentCache | None) -> Document | tuple[str, ...]:
    try:
        loaded = load_pack(folder)
        return phases.document_of(loaded, select(loaded, day=DAY), cache=memory)
    except HandbookError as problem:
        return tuple(str(one) for one in problem.diagnostics)


def test_every_edit_gives_what_a_fresh_reading_gives(tmp_path: Path) -> None:
    folder, memory = pack(tmp_path, **FILES), phases.DocumentCache()
    assert read(folder, memory) == read(folder, None)
    for file, old, new in EDITS:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text, (file, old)
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        assert read(folder, memory) == read(folder, None), (file, old, new)


def test_what_did_not_change_is_the_same_object(tmp_path: Path) -> None:
    folder, memory = pack(tmp_path, **FILES), phases.DocumentCache()
    before = read(folder, memory)
    one = folder / "one.md"
    one.write_text(one.read_text(encoding="utf-8").replace("Boil", "Heat"), encoding="utf-8")
    after = read(folder, memory)
    assert isinstance(before, Document)
    assert isinstance(after, Document)
    same = [a is b for a, b in zip(before.chapters, after.chapters, strict=True)]
    assert same == [False, True, True, True]


def test_an_edition_is_that_of_a_build_whatever_was_laid_out_before(tmp_path: Path) -> None:
    folder, memory, layouts = pack(tmp_path, **FILES), phases.DocumentCache(), ChapterCache()
    for file, old, new in [("one.md", "# One", "# One"), *EDITS]:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        for paper in ("a5", "letter"):
            document = read(folder, memory)
            if isinstance(document, Document):
                selection = select(load_pack(folder), day=DAY, paper=paper)
                made = phases.edition_of(document, selection, cache=layouts, keep=True)
                assert made == phases.edition_of(document, selection), (file, old, new)


def test_chapters_that_did_not_change_are_not_laid_out_again(tmp_path: Path) -> None:
    folder, memory, layouts = pack(tmp_path, **FILES), phases.DocumentCache(), ChapterCache()
    looks: list[tuple[bytes, ...]] = []
    for old, new in [("Milk", "Milk"), ("A pot", "The pot")]:
        edit = folder / "three.md"
        text = edit.read_text(encoding="utf-8")
        edit.write_text(text.replace(old, new, 1), encoding="utf-8")
        document = read(folder, memory)
        assert isinstance(document, Document)
        selection = select(load_pack(folder), day=DAY)
        looks.append(phases.edition_of(document, selection, cache=layouts, keep=True).page_digests)
    # Also the index, as no page has another number.
    assert layouts.used == 3
    assert sum(a != b for a, b in zip(*looks, strict=True)) == 1


def test_a_picture_may_come_and_go(tmp_path: Path, steam: Callable[[Path], None]) -> None:
    text = FILES["one_dot_md"] + "\n![Steam](steam.png)\n"
    folder, memory = pack(tmp_path, **{**FILES, "one_dot_md": text}), phases.DocumentCache()
    missing = read(folder, memory)
    assert "steam.png" in str(missing)
    steam(folder / "steam.png")
    assert isinstance(read(folder, memory), Document)
    (folder / "steam.png").unlink()
    assert read(folder, memory) == missing


@pytest.fixture
def steam() -> Callable[[Path], None]:
    from PIL import Image

    return lambda path: Image.new("RGB", (40, 30), "grey").save(path)


def test_a_cache_that_forgot_is_as_good_as_new(tmp_path: Path) -> None:
    folder, layouts = pack(tmp_path, **FILES), ChapterCache()
    document = read(folder, phases.DocumentCache())
    assert isinstance(document, Document)
    selection = select(load_pack(folder), day=DAY)
    first = phases.edition_of(document, selection, cache=layouts)
    assert phases.edition_of(document, selection, cache=layouts) == first
