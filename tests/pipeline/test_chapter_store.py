"""After an edit, a build takes the other chapters from disk, and makes what a fresh build makes."""

from __future__ import annotations

import itertools
import sys
from datetime import date
from pathlib import Path

import pytest
from packs import pack

from handbook.core.cache import Cache
from handbook.core.diagnostics import DiagnosticCollector, HandbookError
from handbook.layout.chapter import ChapterLayouter, PlannedPage
from handbook.layout.page import Page
from handbook.layout.pages import PagePainter
from handbook.markdown.book_reader import BookReader
from handbook.pack import loader, tables
from handbook.pack.model import ChapterFile
from handbook.pipeline.edition_cache import EditionCache
from handbook.pipeline.request import BuildRequest
from handbook.select.assemble import AssembledChapter, ChapterRenderer
from handbook.theme.print_options import PrintOptions

sys.path.append(str(Path(__file__).parents[1] / "layout"))
from test_memory import EDITS, FILES


def edition(
    folder: Path, cache: Cache | None, paper: str = "a4", options: PrintOptions | None = None
) -> bytes | tuple[str, ...]:
    request = BuildRequest(
        folder, date(2026, 11, 24), "", "", "", paper, (), options or PrintOptions(),
        None, "default", False, None,
    )  # fmt: skip
    try:
        return EditionCache(folder, cache, share=True).edition(request).edition.fill({})
    except HandbookError as problem:
        return tuple(str(one) for one in problem.diagnostics)


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is read and laid out in this process: chapters by id."""
    done: list[str] = []
    read, lay_out = BookReader.read, ChapterLayouter.lay_out

    def noted_read(reader: BookReader, chapter: object) -> object:
        done.append(f"read {chapter.id}")  # type: ignore[attr-defined]
        return read(reader, chapter)  # type: ignore[arg-type]

    def noted_lay_out(layouter: ChapterLayouter, chapter: object, *rest: object) -> object:
        done.append(f"lay out {chapter.id}")  # type: ignore[attr-defined]
        return lay_out(layouter, chapter, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(BookReader, "read", noted_read)
    monkeypatch.setattr(ChapterLayouter, "lay_out", noted_lay_out)
    monkeypatch.setattr("handbook.core.second_process._can_share", lambda: False)
    return done


def test_every_edit_gives_the_bytes_of_a_fresh_build(tmp_path: Path) -> None:
    folder, cache = pack(tmp_path / "book", **FILES), Cache(tmp_path)
    for file, old, new in [("one.md", "# One", "# One"), *EDITS]:
        replace(folder / file, old, new)
        for paper, options in (("a5", None), ("a4", PrintOptions(duplex=True))):
            made = edition(folder, cache, paper, options)
            assert made == edition(folder, None, paper, options), (file, old, new)


def test_only_the_edited_chapter_is_read_and_laid_out(tmp_path: Path, work: list[str]) -> None:
    folder, cache = pack(tmp_path / "book", **FILES), Cache(tmp_path)
    edition(folder, cache)
    replace(folder / "three.md", "A pot", "The pot")
    work.clear()
    edition(folder, cache)
    # The index is laid out again only if it would show another number of a page.
    assert work == ["read three", "lay out three"]
    replace(folder / "three.md", "The pot", "A long paragraph.\n\n" * 80 + "The pot")
    work.clear()
    edition(folder, cache)
    assert work == ["read three", "lay out three", "lay out words"]


@pytest.mark.parametrize("lost", ["pages", "layouts", "readings"])
def test_what_the_cache_lost_is_made_again(tmp_path: Path, lost: str) -> None:
    folder, cache = pack(tmp_path / "book", **FILES), Cache(tmp_path)
    edition(folder, cache)
    files = [*tmp_path.glob(f"{lost}-*.entry")]
    assert files
    for file in files:
        file.unlink()
    replace(folder / "three.md", "A pot", "The pot")
    assert edition(folder, cache) == edition(folder, None)


def test_an_unchanged_chapter_is_read_as_written_pages(
    tmp_path: Path, work: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    front = {"one_dot_md": "---\nmatter: front\n---\n" + FILES["one_dot_md"]}
    folder, cache = pack(tmp_path / "book", **{**FILES, **front}), Cache(tmp_path)
    edition(folder, cache)
    drawn: list[str] = []
    original = PagePainter._draw

    def noted(painter: PagePainter, plan: PlannedPage, page: Page) -> None:
        drawn.append(plan.first.id)
        original(painter, plan, page)

    monkeypatch.setattr(PagePainter, "_draw", noted)
    replace(folder / "three.md", "A pot", "The pot")
    assert edition(folder, cache) == edition(folder, None)
    drawn.clear()
    replace(folder / "three.md", "The pot", "This pot")
    edition(folder, cache)
    # It shares pages with the one before.
    assert {*drawn} == {"two"}
    replace(folder / "two.md", "## Milk", "More.\n\n" * 400 + "## Milk")
    edition(folder, cache)
    replace(folder / "three.md", "This pot", "The pot")
    drawn.clear()
    made = edition(folder, cache)
    # Of these pages only the last is another one; it is drawn again when its numbers are known.
    assert len(drawn) == 2
    assert made == edition(folder, None)


def test_a_template_runs_again_when_something_that_it_can_ask_for_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, cache = pack(tmp_path / "book", **FILES), Cache(tmp_path)
    (folder / "templates").mkdir()
    (folder / "templates" / "words.md").write_text("From a template.\n", "utf-8")
    (folder / "one.md").write_text(
        '# One\n\n{{ book.title }} of {{ edition.paper }}.\n\n{% include "words.md" %}\n', "utf-8"
    )
    (folder / "two.md").write_text(
        "# Two\n\n::: only role=none\nFor all.\n:::\n\n## Milk\n\n{{ 1 + 1 }}\n", "utf-8"
    )
    rendered: list[str] = []
    original = ChapterRenderer.chapter

    def noted(renderer: ChapterRenderer, chapter: ChapterFile) -> AssembledChapter:
        rendered.append(chapter.id)
        return original(renderer, chapter)

    monkeypatch.setattr(ChapterRenderer, "chapter", noted)
    monkeypatch.setattr("handbook.core.second_process._can_share", lambda: False)
    edition(folder, cache)
    for file, old, new, wanted in (
        # What has conditional blocks is rendered each time.
        ("three.md", "A pot", "The pot", {"three", "two"}),
        ("templates/words.md", "From a", "From the", {"one", "two", "three"}),
        ("handbook.yaml", "title: ", "title: A ", {"one", "two", "three"}),
        ("three.md", "The pot", "This pot", {"three", "two"}),
    ):
        replace(folder / file, old, new)
        rendered.clear()
        made = edition(folder, cache)
        assert isinstance(made, bytes), made
        assert wanted <= set(rendered), (file, rendered)
        assert len(wanted) > 2 or set(rendered) == wanted, (file, rendered)
        assert made == edition(folder, None)
    rendered.clear()
    assert edition(folder, cache, "a5") == edition(folder, None, "a5")
    assert {"one", "two", "three"} <= set(rendered)


def test_what_templates_printed_of_a_table_that_was_saved_meanwhile_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, work: list[str]
) -> None:
    folder, cache = pack(tmp_path / "book", **FILES), Cache(tmp_path)
    original = EditionCache._rendering_key

    def saved_before(editions: EditionCache, *rest: object) -> str:
        monkeypatch.setattr(EditionCache, "_rendering_key", original)
        replace(folder / "tables" / "t.yaml", "one", "two")
        return original(editions, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(EditionCache, "_rendering_key", saved_before)
    edition(folder, cache)
    assert edition(folder, cache) == edition(folder, None)


def test_a_page_without_page_numbers_is_drawn_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, work: list[str]
) -> None:
    folder, cache = pack(tmp_path / "book", **FILES), Cache(tmp_path)
    (folder / "first.md").write_text("---\nmatter: front\n---\n\n# First\n\nWords.\n")
    replace(folder / "handbook.yaml", "[one.md", "[first.md, one.md")
    drawn: list[str] = []
    draw = PagePainter._draw

    def noted(painter: PagePainter, plan: PlannedPage, page: Page) -> None:
        drawn.append(plan.first.id)
        draw(painter, plan, page)

    monkeypatch.setattr(PagePainter, "_draw", noted)
    edition(folder, cache)
    assert drawn.count("first") == 1
    drawn.clear()
    replace(folder / "two.md", "More on", "Still more on")
    assert edition(folder, cache) == edition(folder, None)
    assert drawn.count("first") == 1, "only the build without a cache draws it"


def test_what_another_paper_or_option_left_is_not_taken(tmp_path: Path, work: list[str]) -> None:
    folder, cache = pack(tmp_path / "book", **FILES), Cache(tmp_path)
    for paper, options in (("a4", None), ("a5", None), ("a4", PrintOptions(grayscale=True))):
        work.clear()
        edition(folder, cache, paper, options)
        assert "lay out one" in work


def test_a_layout_goes_with_the_chapter_that_was_read(tmp_path: Path, work: list[str]) -> None:
    folder, cache = pack(tmp_path / "book", **FILES), Cache(tmp_path)
    edition(folder, cache)
    # Chapters are read again as their entry is gone; what was laid out of the old ones is not used.
    next(tmp_path.glob("readings-*.entry")).unlink()
    replace(folder / "three.md", "A pot", "The pot")
    work.clear()
    assert edition(folder, cache) == edition(folder, None)
    assert {"read one", "lay out one"} <= set(work)


def test_tables_are_read_again_when_one_was_edited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, cache = pack(tmp_path / "book", **FILES), Cache(tmp_path)
    edition(folder, cache)
    read: list[Path] = []
    original = tables.load_tables

    def noted(place: Path, problems: DiagnosticCollector, meanwhile: object) -> dict[str, object]:
        read.append(place)
        return original(place, problems)

    monkeypatch.setattr(loader, "load_tables", noted)
    replace(folder / "three.md", "A pot", "The pot")
    assert edition(folder, cache) == edition(folder, None)
    assert read == [folder], "only the build without a cache reads them"
    replace(folder / "tables" / "t.yaml", "one", "two")
    made = edition(folder, cache)
    assert read == [folder] * 2
    assert made == edition(folder, None)


def test_whatever_was_removed_from_the_cache_the_bytes_are_the_same(
    tmp_path: Path, work: list[str]
) -> None:
    folder, cache = pack(tmp_path / "book", **FILES), Cache(tmp_path)
    wanted = edition(folder, None)
    edition(folder, cache)
    whole = {path.name: path.read_bytes() for path in tmp_path.glob("*.entry")}
    kinds = sorted({name.partition("-")[0] for name in whole})
    assert {"layouts", "lines", "readings"} <= set(kinds)
    for kept in itertools.product((False, True), repeat=len(kinds)):
        for path in tmp_path.glob("*.entry"):
            path.unlink()
        here = {kind for kind, is_kept in zip(kinds, kept, strict=True) if is_kept}
        for name, data in whole.items():
            if name.partition("-")[0] in here:
                (tmp_path / name).write_bytes(data)
        assert edition(folder, cache) == wanted, here


def test_what_another_version_kept_is_not_read(
    tmp_path: Path, work: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, cache = pack(tmp_path / "book", **FILES), Cache(tmp_path)
    edition(folder, cache)
    first = work.copy()
    work.clear()
    monkeypatch.setattr("handbook.core.cache.digest_of_tool", lambda: b"another")
    edition(folder, cache)
    assert work == first
