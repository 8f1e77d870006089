"""Captions, titles of listings and the notes of call-outs are in the side column, if it is free."""

from __future__ import annotations

import pymupdf
import pytest
from onepage import built, sound
from test_heard import heard

from handbook.theme.print_options import PrintOptions

LARGE = PrintOptions(large_print=True)
TABLE = "Table: Caption label {#t}\n\n| Head | Two |\n|---|---|\n| cell | word |"
LISTING = """```yaml title="file.yml"
alpha: 1  # (1)!
beta: 2
gamma: 3  # (2)!
```

1. First note.
2. Second note."""


def words(pdf: bytes) -> dict[str, tuple[float, float]]:
    """Where each word is that a book has once: its left edge and its middle, in points."""
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        found = [word for page in document for word in page.get_text("words")]
    return {word[4]: (word[0], (word[1] + word[3]) / 2) for word in found}


def drawn_in_order(pdf: bytes, *wanted: str) -> bool:
    """Whether a program that knows no tags finds these words in this order."""
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        text = " ".join(word[4] for page in document for word in page.get_text("words"))
    places = [text.index(word) for word in wanted]
    return places == sorted(places)


def test_a_caption_is_next_to_the_head_of_its_table() -> None:
    pdf = built(f"Running\n\n{TABLE}\n\nmore")
    tree, found = sound(pdf), words(pdf)
    assert found["label"][0] < found["Running"][0] - 84
    assert found["Table"][1] == pytest.approx(found["Head"][1], abs=1)
    assert [kid.tag for kid in tree.all("Table")[0].kids][:2] == ["Caption", "THead"]
    assert heard(tree).index("Table 1") < heard(tree).index("Head")


def test_the_caption_of_a_figure_is_next_to_it_and_read_after_it() -> None:
    chart = "```chart\nmark: flow\ndata: [{from: one, to: two}]\n```\n\nFigure: Caption label {#f}"
    pdf = built(f"Running\n\n{chart}\n\nmore")
    tree, found = sound(pdf), words(pdf)
    assert found["label"][0] < found["one"][0] - 84
    group = tree.all("Figure")[0].parent
    assert group is not None
    assert [kid.tag for kid in group.kids] == ["Figure", "Caption"]
    assert drawn_in_order(pdf, "Running", "one", "two", "label", "more")


@pytest.mark.parametrize(
    "options", [{"theme": "almanac"}, {"paper": "a5"}, {"print_options": LARGE}]
)
def test_without_a_side_column_a_caption_is_above_the_table(options: dict[str, object]) -> None:
    pdf = built(f"Running\n\n{TABLE}\n\n{LISTING}", **options)
    sound(pdf)
    found = words(pdf)
    assert found["label"][1] < found["Head"][1]
    assert found["First"][1] > found["gamma:"][1]


def test_a_table_in_the_wide_frame_has_its_caption_above_it() -> None:
    long = "word " * 60
    table = TABLE.replace("cell", long).replace("word |", f"{long} |")
    pdf = built(f"Running\n\n{table}")
    sound(pdf)
    found = words(pdf)
    assert found["Head"][0] < found["Running"][0]
    assert found["label"][1] < found["Head"][1]


def test_each_note_is_next_to_its_line_and_read_after_the_listing() -> None:
    pdf = built(f"Running\n\n{LISTING}\n\nmore")
    tree, found = sound(pdf), words(pdf)
    assert found["file.yml"][0] < found["First"][0] < found["Running"][0] - 84
    assert found["file.yml"][1] == pytest.approx(found["alpha:"][1], abs=1)
    assert found["alpha:"][1] < found["First"][1] < found["Second"][1]
    said = heard(tree)
    order = [said.index(part) for part in ("alpha", "gamma", "First note", "Second", "more")]
    assert order == sorted(order)
    assert [item.tag for item in tree.all("L")[0].kids] == ["LI", "LI"]
    assert drawn_in_order(pdf, "file.yml", "alpha", "gamma", "First", "Second", "more")


def test_a_note_longer_than_its_listing_keeps_what_follows_away() -> None:
    body = LISTING.replace("Second note.", "Second note that is long. " * 9)
    wide = "```\n" + "x" * 84 + "\n```"
    # `sound` finds words that overlap.
    sound(built(f"Running\n\n{body}\n\n{wide}\n\n### Head {{#h}}\n\nWords.\n\n{wide}\n\n{LISTING}"))


def test_a_list_of_other_numbers_stays_below_the_listing() -> None:
    pdf = built(f"Running\n\n{LISTING}\n3. Third.\n\nmore")
    sound(pdf)
    found = words(pdf)
    assert found["First"][1] > found["gamma:"][1]
    assert found["Third."][0] > found["Running"][0]


def test_a_table_over_pages_says_in_the_side_column_that_it_continues() -> None:
    pdf = built("Running\n\n" + TABLE + "\n| a | b |" * 80)
    sound(pdf)
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        edges = [page.search_for("Table 1 (continued)") for page in document]
    assert [len(found) for found in edges] == [0, 1, 1][: len(edges)]
    assert all(found[0].x1 < words(pdf)["Running"][0] for found in edges[1:])


def test_listings_next_to_one_another_begin_at_one_edge() -> None:
    long, short = "long: " + "word " * 16, "brief: word"
    apart = f"```yaml\n{long}\n```\n\nBetween\n\n```yaml\n{short}\n```"
    together = apart.replace("Between\n\n", "")
    more = "\n\n```yaml\nother: 1\n```\n\nMore" * 4
    for body, alike in ((apart, False), (together, True)):
        found = words(built(f"Running\n\n{body}\n\nMore{more}"))
        assert (abs(found["long:"][0] - found["brief:"][0]) < 1) is alike
