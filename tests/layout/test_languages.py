"""Small handbooks in six languages: every word in order, tags, pages mirrored, conformance."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from expect import Expected
from packs import pack as small_pack
from pdfread import Node, squeeze, structure, text_positions

from handbook.document.nodes import Document
from handbook.layout.book import lay_out
from handbook.layout.page import Glyphs, LaidOutBook
from handbook.pack.loader import load_pack
from handbook.pdf.edition_writer import make_edition
from handbook.pipeline.phases import document_of
from handbook.select.selection import select
from handbook.theme.loader import load_theme
from handbook.theme.print_options import PrintOptions

PACKS = Path(__file__).parents[1] / "languages"
TAGS = ["ar", "de", "es", "fr", "hi", "pt"]


@dataclass
class BuiltBook:
    document: Document
    book: LaidOutBook
    pdf: bytes
    root: Node

    @property
    def labels(self) -> dict[str, str]:
        return {
            key: self.book.pages[place.page].label for key, place in self.book.destinations.items()
        }


@lru_cache(maxsize=8)
def made(tag: str) -> BuiltBook:
    pack = load_pack(PACKS / tag)
    chosen = select(pack, day=date(2026, 12, 1))
    document = document_of(pack, chosen)
    book = lay_out(document, load_theme("default"))
    pdf = make_edition(book, document.meta, document.fields).fill()
    return BuiltBook(document, book, pdf, structure(pdf))


@pytest.mark.parametrize("tag", TAGS)
def test_every_word_is_in_the_tags_in_order(tag):
    handbook = made(tag)
    want = Expected(handbook.document, handbook.labels, {}).text()
    assert unicodedata.normalize("NFC", squeeze(handbook.root.text)) == unicodedata.normalize(
        "NFC", squeeze(want)
    )


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("ar", ["المحتويات", "ملاحظة", "الجدول 1", "«قليلا قليلا»"]),
        ("de", ["Inhalt", "Hinweis", "Tabelle 1", "„ganz langsam“ –"]),
        ("es", ["Contenido", "Nota", "Tabla 1", "«poco a poco»"]),
        ("fr", ["Sommaire", "Remarque", "Tableau 1", "«\u202fpetit à petit\u202f»\u00a0:"]),
        ("hi", ["विषय सूची", "टिप्पणी", "तालिका 1", "“धीरे-धीरे”"]),
        ("pt", ["Sumário", "Nota", "Tabela 1", "“pouco a pouco”"]),
    ],
)
def test_the_book_speaks_its_language(tag, said):
    handbook = made(tag)
    for words in said:
        assert words in handbook.root.text
    with pikepdf.open(BytesIO(handbook.pdf)) as pdf:
        assert str(pdf.Root.Lang) == handbook.document.meta.language


@pytest.mark.parametrize("tag", TAGS)
def test_tags_are_those_of_any_handbook(tag):
    root = made(tag).root
    for name, count in (("H1", 3), ("H2", 3), ("Table", 1), ("Note", 1), ("TOC", 3), ("Code", 3)):
        assert len(root.all(name)) == count, name
    assert [len(row.children) for row in root.all("TR")] == [3, 3, 3, 3]


def test_arabic_pages_are_mirrored():
    handbook = made("ar")
    with pikepdf.open(BytesIO(handbook.pdf)) as pdf:
        assert pdf.Root.ViewerPreferences.Direction == "/R2L"
        assert pdf.Root.StructTreeRoot.K[0].A.WritingMode == "/RlTb"
    width = handbook.book.pages[0].width
    runs = [run for run in text_positions(handbook.pdf, 1) if run.text.strip()]
    # The first column of the table is the one at the right, its bullets are right of their items.
    tomato = next(run for run in runs if "ط" in run.text and run.size < 9.5)
    assert tomato.x > width / 2
    bullet = next(run for run in runs if "•" in run.text)
    beside = [run.x for run in runs if abs(run.y - bullet.y) < 1 and run is not bullet]
    assert bullet.x > max(beside)
    number = [run for run in text_positions(handbook.pdf, 0) if run.text == "1"]
    assert min(run.x for run in number) < width / 3


def test_code_and_figures_run_from_left_to_right_in_arabic():
    runs = [run for run in text_positions(made("ar").pdf, 1) if run.text.strip()]
    code = next(run for run in runs if run.text.startswith("print"))
    after = next(run for run in runs if run.text.startswith("(") and abs(run.y - code.y) < 1)
    assert code.x < made("ar").book.pages[1].width / 3
    assert after.x > code.x
    assert any(run.text.strip() in ("25", "10") for run in runs)


def book_of(folder: Path, text: str, config: str = "title: Book\n") -> tuple[LaidOutBook, bytes]:
    """A book of one chapter, and its PDF."""
    own = load_pack(small_pack(folder, handbook_dot_yaml=config, one_dot_md=text))
    document = document_of(own, select(own, day=date(2026, 12, 1)))
    book = lay_out(document, load_theme("default"))
    return book, make_edition(book, document.meta, document.fields).fill()


def test_a_paragraph_in_hebrew_is_at_the_right_of_an_english_page(tmp_path):
    text = "---\ntitle: One\n---\n\nEnglish here.\n\nשלום עולם.\n{lang=he}\n"
    _, pdf = book_of(tmp_path, text)
    runs = text_positions(pdf, 0)
    english = next(run for run in runs if run.text.startswith("English"))
    hebrew = [run for run in runs if run.text.strip() and "א" <= run.text.strip()[0] <= "ת"]
    assert min(run.x for run in hebrew) > english.x + 100
    assert [node.lang for node in structure(pdf).all("P")] == ["", "he"]


def test_chinese_breaks_between_ideographs(tmp_path):
    pytest.importorskip("cvttf_NotoSansCJK_Regular")
    text = "---\ntitle: 一\n---\n\n" + "春天来了，花园里的花都开了。" * 12 + "\n"
    _, pdf = book_of(tmp_path, text, "title: 书\nlanguage: zh-Hans\n")
    assert squeeze(structure(pdf).text).count("春天来了，花园里的花都开了。") == 12
    lines: dict[float, str] = {}
    for run in text_positions(pdf, 0):
        lines[round(run.y)] = lines.get(round(run.y), "") + run.text
    body = [line.strip() for line in lines.values() if "天" in line or "花" in line]
    assert len(body) > 3
    assert not any(line[0] in "，。" for line in body)


@pytest.mark.parametrize("tag", ["ar", "hi"])
def test_a_character_without_a_font_is_reported_with_file_and_line(tag, tmp_path):
    from handbook.core.diagnostics import HandbookError

    (tmp_path / "handbook.yaml").write_text(f"title: B\nlanguage: {tag}\n", encoding="utf-8")
    (tmp_path / "one.md").write_text(
        "---\ntitle: One\n---\n\nword\n\nx \U00012000 y\n", encoding="utf-8"
    )
    pack = load_pack(tmp_path)
    document = document_of(pack, select(pack, day=date(2026, 12, 1)))
    with pytest.raises(HandbookError) as caught:
        lay_out(document, load_theme("default"))
    found = caught.value.diagnostics[0]
    assert found.line == 7
    assert "U+12000 CUNEIFORM SIGN A" in found.message


def test_chapters_laid_out_again_from_memory_are_the_same():
    from handbook.layout.chapter_cache import ChapterCache

    first, memory = made("ar"), ChapterCache()
    for _ in range(2):
        book = lay_out(first.document, load_theme("default"), chapter_cache=memory)
        assert make_edition(book, first.document.meta, first.document.fields).fill() == first.pdf


def test_an_arabic_booklet_opens_at_its_left():
    pack = load_pack(PACKS / "ar")
    chosen = select(pack, day=date(2026, 12, 1), print_options=PrintOptions(booklet=True))
    book = lay_out(
        document_of(pack, chosen), load_theme("default"), print_options=chosen.print_options
    )
    first, last = book.pages[0], book.pages[-1]
    middle = first.width / 2
    assert all(item.x < middle for item in first.items if isinstance(item, Glyphs))
    assert all(item.x > middle for item in last.running_items if isinstance(item, Glyphs))


def test_figures_are_at_the_comma_in_german(tmp_path):
    text = '---\ntitle: Zahlen\n---\n\nTable: Maße {decimal="2"}\n\n| A | B |\n|---|--:|\n| x | 12,5 |\n| y | 3,25 |\n'
    book, pdf = book_of(tmp_path, text, "title: Buch\nlanguage: de\n")
    runs = {run.text.strip(): run for run in text_positions(pdf, 0)}
    face, size = book.faces["regular"], runs["12,5"].size
    commas = [
        runs[words].x + face.width(before) * size / 1000
        for words, before in (("12,5", "12"), ("3,25", "3"))
    ]
    assert abs(commas[0] - commas[1]) < 0.6
