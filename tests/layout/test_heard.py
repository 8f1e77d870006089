"""What a screen reader says of a page beyond its words: states, marks, lines, lists."""

from __future__ import annotations

from onepage import built, sound
from pdfread import Node


def heard(node: Node) -> str:
    return " ".join(node.text.split())


def test_number_and_title_of_a_chapter_are_apart() -> None:
    assert sound(built("Words.")).all("H1")[0].text == "1 One"


def test_a_line_break_is_a_space() -> None:
    assert "first second" in heard(sound(built("first\\\nsecond")))


def test_the_state_of_a_checkbox_is_said() -> None:
    tree = sound(built("- [ ] Buy milk\n- [x] Buy tea\n"))
    assert [label.text.strip() for label in tree.all("Lbl")] == ["not checked", "checked"]


def test_marked_rows_are_said_in_words() -> None:
    body = "| a | b |\n|---|---|\n| {.chosen} 1 | 2 |\n| {.retired} 3 | 4 |\n"
    rows = [heard(row) for row in sound(built(body)).all("TR")]
    assert rows[1].startswith("Chosen: 1")
    assert rows[2].startswith("Retired: 3")


def test_code_is_read_line_by_line() -> None:
    tree = sound(built("```python\ndef a():\n    return 1\n```\n"))
    assert [code.text.strip() for code in tree.all("Code")] == ["def a():", "return 1"]


def test_every_list_says_how_it_is_numbered() -> None:
    body = "- a\n\n1. b\n\nTerm\n:   Meaning.\n"
    lists = sound(built(body)).all("L")
    assert all("ListNumbering" in entry.attributes for entry in lists)


def test_struck_and_raised_words_have_attributes() -> None:
    spans = sound(built("~~gone~~ x^2^ H~2~O")).all("Span")
    keys = {key for span in spans for key in span.attributes}
    assert {"TextDecorationType", "BaselineShift"} <= keys


def test_the_contents_are_nested_as_the_headings_are() -> None:
    body = (
        "::contents\n\n## Two {#two}\n\nA.\n\n### Three {#three}\n\nB.\n\n## Four {#four}\n\nC.\n"
    )
    tree = sound(built(body, front="depth: 3\n"))
    three = next(item for item in tree.all("TOCI") if item.text.strip().startswith("Three"))
    assert three.parent is not None
    assert three.parent.parent is not None
    assert three.parent.parent.text.strip().startswith("Two")


def test_a_page_number_is_in_a_link_with_its_word() -> None:
    body = "See page :page[a]; pages :page[a]–:page[b]. On\npage :page[b] (page :page[a]).\n\n## A {#a}\n\nx\n\n## B {#b}\n\ny\n"
    links = [heard(link).replace("\u00a0", " ") for link in sound(built(body)).all("Link")]
    assert links == ["page 1", "pages 1", "–1", "page 1", "page 1"]


def test_cells_below_a_row_header_that_spans_rows_name_it() -> None:
    body = (
        'Table: T {header-columns="1"}\n\n| Week | Day | Do |\n|---|---|---|\n'
        "| One | Mon | a |\n| ^^ | Tue | b |\n| Two | Wed | c |\n"
    )
    tree = sound(built(body))
    rows = [row.all("TD") for row in tree.all("TR")]
    identifiers = {str(head.id): heard(head) for head in tree.all("TH")}
    named = [[identifiers[name] for name in cell.attributes["Headers"]] for cell in rows[2]]
    assert named == [["One", "Day"], ["One", "Do"]]
    assert not any("Headers" in cell.attributes for row in (rows[1], rows[3]) for cell in row)
