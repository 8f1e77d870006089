"""A chapter's title and lead are on the page where its text begins."""

from __future__ import annotations

import pymupdf
import pytest
from conftest import make

from handbook.document.nodes import Chapter, Document, Heading, Meta, Paragraph, Text

META = Meta("A book", "", "Somebody", "What it is", (), "en", "2026-11-23")
LEAD = "What the chapter is about is said in words that take more than two lines. " * 3


def paragraph(words: str, *classes: str) -> Paragraph:
    return Paragraph((Text(words),), classes=classes)


@pytest.mark.parametrize("above", range(4, 16))
def test_a_lead_is_not_alone_below_its_title(above: int) -> None:
    """The lines of a lead do not count as the text that a title has below it."""
    before = [paragraph("Words of the chapter before, in two lines or so. " * 3)] * above
    blocks = (
        paragraph(LEAD, "lead"),
        Heading(2, (Text("A group"),), id="group"),
        Heading(3, (Text("A unit"),), id="unit"),
        paragraph("Begin here. " * 60),
    )
    chapters = (
        Chapter("one", (Text("One"),), tuple(before)),
        Chapter("two", (Text("The second"),), blocks),
    )
    with pymupdf.open(stream=make(Document(META, chapters), "a5").pdf) as pdf:
        texts = [page.get_text() for page in pdf]
    (page,) = [text for text in texts if "What the chapter" in text]
    assert "Begin here." in page
