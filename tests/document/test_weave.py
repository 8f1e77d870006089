"""Glossary links and the index: which words lead where, on which pages."""

from __future__ import annotations

from conftest import built, make
from hypothesis import given
from hypothesis import strategies as st
from readback import Reader, fold

from handbook.document.nodes import (
    Chapter,
    Definition,
    DefinitionList,
    Directive,
    Document,
    Heading,
    IndexMark,
    Inline,
    Link,
    Meta,
    Paragraph,
    Text,
    plain_text,
    walk,
    walk_inlines,
)
from handbook.document.term_links import index_entries, link_terms
from handbook.layout.block.generated_lists import MOST_PAGES, index_pages


def entry(term: str) -> Definition:
    target = f"term-{term.casefold().replace(' ', '-')}"
    return Definition(((Text(term),),), (Paragraph((Text("Meaning."),)),), target)


def book(
    *paragraphs: str, terms: tuple[str, ...] = ("Agent", "Agent pool", "CI", "SemVer")
) -> Document:
    glossary = DefinitionList(tuple(map(entry, terms)), classes=("glossary",))
    return Document(
        Meta("T"),
        (
            Chapter("one", (Text("One"),), tuple(Paragraph((Text(p),)) for p in paragraphs)),
            Chapter("g", (Text("Glossary"),), (glossary,), "back"),
            Chapter("i", (Text("Index"),), (Directive("index"),), "back"),
        ),
    )


def found(document: Document, kind: type[Inline]) -> list[Inline]:
    blocks = [block for block in walk(document.chapters[0].blocks) if isinstance(block, Paragraph)]
    return [i for block in blocks for i in walk_inlines(block.content) if isinstance(i, kind)]


def links(document: Document) -> list[tuple[str, str]]:
    return [(plain_text(i.children), i.target) for i in found(document, Link)]  # type: ignore[attr-defined]


def test_only_the_first_use_is_linked() -> None:
    woven = link_terms(book("An agent waits.", "The agent works. Agents rest."))
    assert links(woven) == [("agent", "#term-agent")]


def test_the_longest_term_wins() -> None:
    assert links(link_terms(book("Ask the agent pool."))) == [("agent pool", "#term-agent-pool")]


def test_plurals_are_the_term_and_parts_of_words_are_not() -> None:
    assert links(link_terms(book("Agents and reagents, agency."))) == [("Agents", "#term-agent")]


def test_abbreviations_keep_their_case() -> None:
    assert links(link_terms(book("It is a ci affair, semver aside. CI it is."))) == [
        ("CI", "#term-ci")
    ]


def test_headings_and_links_stay_as_they_are() -> None:
    document = book("x")
    link = Link("https://example.org", (Text("agent"),))
    blocks = (Heading(2, (Text("The agent"),), id="h"), Paragraph((link,)))
    chapter = Chapter("one", (Text("One"),), blocks)
    woven = link_terms(Document(document.meta, (chapter, *document.chapters[1:])))
    assert woven.chapters[0].blocks[0] == blocks[0]
    assert [target for _, target in links(woven)] == ["https://example.org"]


@given(st.lists(st.text("agent CISemVer pools,.", max_size=60), max_size=5))
def test_weaving_changes_no_character(paragraphs: list[str]) -> None:
    document = book(*paragraphs)
    woven = link_terms(document)
    before = [
        plain_text(b.content) for b in document.chapters[0].blocks if isinstance(b, Paragraph)
    ]
    after = [plain_text(b.content) for b in woven.chapters[0].blocks if isinstance(b, Paragraph)]
    assert before == after
    assert len({m.id for m in found(woven, IndexMark)}) == len(found(woven, IndexMark))  # type: ignore[attr-defined]


def test_a_pack_without_glossary_and_index_is_left_alone() -> None:
    document = Document(
        Meta("T"), (Chapter("one", (Text("One"),), (Paragraph((Text("An agent."),)),)),)
    )
    assert link_terms(document, ["agent"]) is document


def test_neighbouring_pages_become_ranges() -> None:
    places = [(str(page), f"m{page}") for page in (3, 4, 4, 5, 9, 12, 13)]
    assert index_pages(places) == [("3–5", "m3"), ("9", "m9"), ("12–13", "m12")]


def test_a_term_that_is_everywhere_keeps_its_best_pages() -> None:
    places = [(str(page), f"m{page}-{n}") for page in range(1, 40, 2) for n in range(1 + page % 3)]
    shown = index_pages(places)
    assert len(shown) == MOST_PAGES
    assert {"5", "11", "17", "23", "29", "35"} <= {words for words, _ in shown}


def test_the_real_index_names_pages_that_say_the_term() -> None:
    edition = built("sre", "", "30")
    reader = Reader(edition.pdf)
    entries = index_entries(edition.document)
    assert len(entries) > 80
    pages = {p.label: n for n, p in enumerate(edition.book.pages)}
    for term, marks in entries:
        for mark in marks:
            page = pages[edition.labels[mark]]
            words = " ".join(fold("".join(r.text for r in reader.runs[page])).split())
            # A term may break over two pages: its first word is on the first of them.
            assert (
                term.split()[0].split("-")[0].casefold() in words.replace("\u00ad", "").casefold()
            ), term


def test_an_index_longer_than_a_page_continues_in_columns() -> None:
    terms = tuple(f"Word{n:03}" for n in range(400))
    made = make(link_terms(book(*[f"{term} is here." for term in terms], terms=terms)))
    reader = Reader(made.pdf)
    shown = [fold("".join(r.text for r in runs)) for runs in reader.runs]
    last = [n for n, text in enumerate(shown) if "Word399, " in text]
    first = [n for n, text in enumerate(shown) if "Word000, " in text]
    assert first
    assert last
    assert last[0] > first[0]
    height = made.book.pages[0].height
    assert all(30 < r.y < height - 30 for runs in reader.runs for r in runs)


def test_a_term_in_devanagari_is_a_whole_word() -> None:
    from handbook.document.term_links import _FIRST, _GOES_ON, _WORD

    assert _WORD.findall("परीक्षा की तैयारी") == ["परीक्षा", "की", "तैयारी"]
    assert _FIRST.match("शब्दावली")[0] == "शब्दावली"
    assert _GOES_ON.match("शब्दावली", 4)
