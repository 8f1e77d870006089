"""Text that mixes scripts and directions at random: nothing breaks, every character is in the tags."""

from __future__ import annotations

import unicodedata

from expect import Expected
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pdfread import squeeze, structure

from handbook.core.diagnostics import Source
from handbook.document.nodes import (
    Chapter,
    Code,
    Document,
    Heading,
    Link,
    Meta,
    Paragraph,
    Span,
    Text,
)
from handbook.layout.book import lay_out
from handbook.pdf.edition_writer import make_edition
from handbook.theme.loader import load_theme

STEERING = "\u200b\u200c\u200d\u200e\u200f\u202b\u202c\u2067\u2069\u00ad"
SIGNS = [*"الاמשברab125()[]«»“”.،؟!-–—/%$ _", "لا", "ُ", "Word", "3.5", " ", " ", "\u00a0", "क्ष", "ि", "त्री", "กำ", "ี่",
         "é", "e\u0301", "🌱", "👩‍🌾", "٣", "۷", *STEERING]  # fmt: skip
WORDS = st.lists(st.sampled_from(SIGNS), min_size=1, max_size=40).map(
    lambda signs: "".join(signs).strip() or "x"
)
INLINE = st.one_of(
    WORDS.map(Text),
    WORDS.map(Code),
    WORDS.map(lambda words: Span("strong", (Text(words),))),
    WORDS.map(lambda words: Link("https://example.org/x", (Text(words),))),
)
PARAGRAPHS = st.lists(
    st.builds(
        lambda inlines, lang: Paragraph(
            content=tuple(inlines), lang=lang, source=Source("a.md", 1)
        ),
        st.lists(INLINE, min_size=1, max_size=4),
        st.sampled_from(["", "en", "ar"]),
    ),
    min_size=1,
    max_size=5,
)


def plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFC", squeeze(text)) if c not in STEERING)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
@given(heading=WORDS, paragraphs=PARAGRAPHS, language=st.sampled_from(["en", "ar", "hi", "he"]))
def test_every_character_is_read_in_order(heading, paragraphs, language):
    blocks = (
        Heading(level=2, content=(Text(heading),), id="h", source=Source("a.md", 1)),
        *paragraphs,
    )
    chapter = Chapter("c", (Text("T"),), blocks, source=Source("a.md", 1))
    document = Document(Meta("T", language=language, date="2026-01-01", identifier="x"), (chapter,))
    book = lay_out(document, load_theme("default"))
    pdf = make_edition(book, document.meta, document.fields).fill()
    assert plain(structure(pdf).text) == plain(Expected(document, {}, {}).text())
