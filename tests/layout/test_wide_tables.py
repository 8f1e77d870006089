"""Tables that do not fit, and tables whose spans do not."""

from __future__ import annotations

import pymupdf
import pytest
from conftest import make
from onepage import built, sound
from pdfread import structure

from handbook.core.diagnostics import HandbookError
from handbook.document.nodes import (
    Cell,
    Chapter,
    Column,
    Document,
    Meta,
    Paragraph,
    Row,
    Table,
    Text,
)

META = Meta("A book", "", "Somebody", "What it is", (), "en", "2026-11-23")


def wide(columns: int) -> str:
    rows = ["| Site | " + " | ".join(f"Month{n}" for n in range(1, columns)) + " |"]
    rows.append("|" + "---|" * columns)
    rows += [
        f"| Site {row} | " + " | ".join(f"{row}9{n:03}5" for n in range(1, columns)) + " |"
        for row in range(1, 4)
    ]
    return "Table: Rainfall\n\n" + "\n".join(rows)


def test_a_table_of_forty_columns_becomes_several_with_the_first_column_again() -> None:
    tree = sound(built(wide(40)))
    tables = tree.all("Table")
    assert len(tables) > 1
    assert {table.all("TH")[0].text.strip() for table in tables} == {"Site"}
    words = [cell.text.strip() for table in tables for cell in table.all("TH", "TD")]
    assert all(f"Month{n}" in words for n in range(1, 40))
    assert all(f"{row}9{n:03}5" in words for row in range(1, 4) for n in range(1, 40))


def test_a_table_of_a_header_alone_has_rows() -> None:
    tree = sound(built("| a | b |\n|---|---|\n"))
    assert not tree.all("THead")
    assert [cell.text.strip() for cell in tree.all("TH")] == ["a", "b"]


def test_spans_that_meet_are_cut_and_rows_have_all_columns() -> None:
    def row(*cells: tuple[str, int, int]) -> Row:
        return Row(
            tuple(
                Cell((Paragraph((Text(words),)),), colspan=columns, rowspan=rows)
                for words, columns, rows in cells
            )
        )

    # A plugin may make such a table; Markdown has no words for it.
    table = Table(
        (Column(), Column(), Column()),
        (row(("a", 1, 1), ("b", 1, 1), ("c", 1, 1)),),
        (
            row(("1", 1, 1), ("2", 1, 3), ("3", 1, 1)),
            row(("4", 3, 1)),
            row(("5", 1, 1), ("6", 2, 4)),
        ),
    )
    document = Document(META, (Chapter("one", (Text("One"),), (table,)),))
    tree = sound(make(document).pdf)
    assert all(word in tree.text for word in "123456")


def test_cells_that_join_to_no_rectangle_are_an_error() -> None:
    body = "| a | b | c |\n|---|---|---|\n| 1 | 2 | 3 |\n| ^^ | << | 4 |\n| 5 | 6 | << |\n"
    with pytest.raises(HandbookError) as caught:
        built(body)
    assert [(found.code, found.line) for found in caught.value.diagnostics] == [("table-span", 8)]


def test_a_cell_may_span_sixty_rows() -> None:
    rows = "".join(f"| ^^ | {n} |\n" for n in range(2, 61))
    tree = sound(built(f"| a | b |\n|---|---|\n| all | 1 |\n{rows}"))
    assert tree.all("TD")[0].attributes.get("RowSpan") == 60


def test_deep_nesting_keeps_room_for_words() -> None:
    for depth in (10, 40):
        body = "\n".join("    " * n + f"- Level {n} says something" for n in range(depth))
        tree = sound(built(body))
        assert f"Level {depth - 1} says something" in " ".join(tree.text.split())


@pytest.mark.parametrize("before", [0, 80, 300, 560])
def test_a_heading_goes_on_the_turned_page_of_its_table(before: int) -> None:
    table = wide(11).replace("Rainfall", "Rainfall {.landscape}")
    body = f"{'Some words. ' * before}\n\n## Rain and sun\n\nHow much of it.\n\n{table}"
    tree = structure(built(body))
    heading = next(node for node in tree.all("H2") if "Rain" in node.text)
    caption = next(node for node in tree.all("Caption"))
    assert heading.page == caption.page


@pytest.mark.parametrize("sign", ["-", ".", "/", "Xy"])
def test_a_page_is_not_turned_for_code_whose_parts_fit(sign: str) -> None:
    """Its words end lines where their parts do, and are copied whole."""
    name = sign.join(["alpha", "beta", "gamma", "delta"])
    row = f"| some words to read | `{name}` | other words to read | `{name}` |"
    table = f"| One | Two | Three | Four |\n|---|---|---|---|\n{row}\n"
    pdf = built(f"Before it.\n\n{table}\n\nAfter it.", paper="a5", theme="almanac")
    tree = sound(pdf)
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        assert all(page.rect.width < page.rect.height for page in document)
    cells = ["".join(cell.text.split()) for cell in tree.all("TD", "TH")]
    assert cells.count(name) == 2
