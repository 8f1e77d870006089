"""Footnotes, wherever their marks are: printed once, in the tree after the words that name them."""

from __future__ import annotations

import pytest
from onepage import built, sound
from page_rules import findings
from pdfread import structure

NOTE = "\n\n[^a]: The first note.\n"
PLACES = {
    "paragraph": f"Words[^a] here.{NOTE}",
    "item": f"- An item[^a] here.\n- Another.{NOTE}",
    "nested item": f"- An item.\n    - Inside[^a] it.{NOTE}",
    "task": f"- [ ] To do[^a].{NOTE}",
    "cell": f"| a | b |\n|---|---|\n| in a cell[^a] | c |{NOTE}",
    "header cell": f"| a[^a] | b |\n|---|---|\n| c | d |{NOTE}",
    "term": f"A term[^a]\n:   Its meaning.{NOTE}",
    "meaning": f"A term\n:   Its meaning[^a].{NOTE}",
    "caption": f"Table: A caption[^a]\n\n| a | b |\n|---|---|\n| c | d |{NOTE}",
    "margin": f"::: margin\nIn the margin[^a].\n:::\n\nA paragraph next to it.{NOTE}",
    "box": f"::: tip\nIn a box[^a].\n:::{NOTE}",
    "quote": f"> Quoted[^a].{NOTE}",
    "heading": f"## A heading[^a]\n\nWords.{NOTE}",
    "note": "Words[^b].\n\n[^b]: The second, see[^a].\n[^a]: The first note.\n",
    "note that names itself": "Words[^a].\n\n[^a]: The first note. See[^a].\n",
}


@pytest.mark.parametrize("place", PLACES)
def test_a_note_is_printed_and_read_once(place: str) -> None:
    tree = sound(built(PLACES[place]))
    notes = [node for node in tree.all("Note") if "The first note." in node.text]
    assert tree.text.count("The first note.") == 1
    assert notes
    assert notes[-1].id


def test_a_note_in_an_item_is_read_after_the_items_words() -> None:
    tree = sound(built(PLACES["item"]))
    body = tree.all("LBody")[0]
    assert body.text.startswith("An item")
    assert body.children[-1].tag == "Note"


def test_a_note_longer_than_a_page_continues_below() -> None:
    words = " ".join(f"word{n}" for n in range(1500))
    body = f"Before.\n\nWords[^a].\n\nAfter.\n\n[^a]: {words}\n"
    tree = sound(built(body))
    text = " ".join(tree.text.split())
    assert all(f"word{n}" in text for n in (0, 700, 1499))
    assert "After." in text


def test_marks_side_by_side_are_told_apart() -> None:
    tree = sound(built("Words[^a][^b].\n\n[^a]: One.\n[^b]: Two.\n"))
    assert "Words1\u202f2." in tree.text


def test_a_number_of_three_digits_does_not_touch_its_note() -> None:
    notes = "".join(f"\n[^n{n}]: Note {n}.\n" for n in range(1, 121))
    marks = " ".join(f"word[^n{n}]" for n in range(1, 121))
    tree = sound(built(f"{marks}\n{notes}"))
    labels = [node for node in tree.all("Lbl") if node.text.strip() == "120."]
    assert len(labels) == 1


@pytest.mark.parametrize("before", [2, 6, 10, 14])
@pytest.mark.parametrize("long", [250, 500, 900])
def test_a_row_is_split_above_a_note_that_continues(before: int, long: int) -> None:
    words = " ".join(f"word{n}" for n in range(long))
    row = " ".join(f"cell{n}" for n in range(1400))
    above = "\n\n".join("Some words above. " * 12 for _ in range(before))
    table = f"| a | b |\n|---|---|\n| {row} | in this[^b] cell |"
    pdf = built(f"{above}\n\nWords[^a].\n\n{table}\n\nAfter.\n\n[^a]: {words}\n\n[^b]: Short.\n")
    text = " ".join(structure(pdf).text.split())
    assert all(text.count(f"{word} ") == 1 for word in ("word0", f"word{long - 2}", "cell1398"))
    assert text.count("Short.") == 1
    assert "After." in text
    assert [one for one in findings(pdf) if "overlap" in one or "beyond" in one] == []
