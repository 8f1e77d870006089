"""The structure tree is the document: the same headings, cells, links, words, in the same order."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from conftest import Built, built, make
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from readback import Node, fold
from structure_rules import check_structure, same_outline

from handbook.core.diagnostics import Source
from handbook.document.nodes import (
    Admonition,
    Block,
    Cell,
    Chapter,
    Checkbox,
    Code,
    CodeBlock,
    Column,
    Definition,
    DefinitionList,
    Directive,
    Division,
    Document,
    Heading,
    Inline,
    LineBreak,
    Link,
    List,
    ListItem,
    Meta,
    NoteReference,
    Paragraph,
    Quote,
    Row,
    Rule,
    Span,
    Table,
    Text,
)
from handbook.markdown import parse
from handbook.select.assemble import AssembledChapter

META = Meta("A title", "A subtitle", "Somebody", "What it is", ("one", "two"), "en", "2026-11-23")
LONG = "Continuous integration joins everybody's changes many times a day and proves them. " * 3
EVERYTHING = """
A paragraph with *emphasis*, **strong words**, `code`, ~~struck~~ words, H~2~O and x^2^, a footnote[^n],
an abbreviation RBAC, :lang[Schadenfreude]{de}, a [link to a place](https://example.org/a/long/address/that/breaks),
the page :page[wide], the table :ref[wide], and [words inside the book](#second).
{.lead}

## First section

- one
    - two
        - three
            1. four
            2. five

                A paragraph inside.
- [ ] to do
- [x] done

1. first

    ```yaml
    key: value

    list: [1, 2]
    ```
2. second

## Second section {#second}

### Below it

Term
:   What it means, at some length so that it does not fit on a single line beside the term at all.

Other term
:   Short.

> Somebody said this.

::: tip "A title"
Inside a box:

| A | B |
|---|---|
| 1 | 2 |
:::

> [!CAUTION]
> An alert.

| Name | Words | Number |
|:-----|-------|-------:|
ROWS

Table: A table over three pages {#wide widths="1 4 1" header-columns=1}

![A blue square](blue.png){width=40mm}

Figure: A square {#fig}

---

::lines count=3

```python
def f(x):
    return x + 1  # a rather long line of code that has to go on below because it is too wide for the page
```

Web addresses:

::links

[^n]: The text of the footnote, with a [link](https://example.org/note).

*[RBAC]: role-based access control
"""


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Built:
    from PIL import Image

    folder: Path = tmp_path_factory.mktemp("pack")
    Image.new("RGB", (40, 30), (20, 60, 160)).save(folder / "blue.png")
    rows = "\n".join(f"| Row {n} | {LONG} | {n * 3} |" for n in range(60))
    text = EVERYTHING.replace("ROWS", rows)
    lines = tuple(Source("one.md", n + 1) for n in range(text.count("\n") + 1))
    contents = AssembledChapter(
        "contents",
        "Contents",
        "front",
        "contents",
        False,
        2,
        "",
        "::contents\n",
        (Source("c.md", 1),) * 2,
        Source("c.md", 1),
        folder,
    )
    chapter = AssembledChapter(
        "one",
        "Every kind of *block*",
        "main",
        "chapter",
        True,
        3,
        "",
        text,
        lines,
        Source("one.md", 1),
        folder,
    )
    return make(parse([contents, chapter], META, {}))


def test_every_kind_of_block(everything: Built) -> None:
    reader, tree = check_structure(everything)
    same_outline(everything.document, tree, everything)
    assert len(everything.book.pages) > 5


def test_figures_have_words_and_a_place(everything: Built) -> None:
    _, tree = check_structure(everything)
    figure = tree.all("Figure")[0]
    assert str(figure.attributes["/Alt"]) == "A blue square"
    assert len(figure.attributes["/A"].BBox) == 4


def test_kinds_of_elements(everything: Built) -> None:
    _, tree = check_structure(everything)
    tags = {node.tag for node in tree.walk()}
    assert {
        "Document",
        "Sect",
        "H1",
        "H2",
        "H3",
        "P",
        "L",
        "LI",
        "Lbl",
        "LBody",
        "Table",
        "THead",
        "TBody",
        "TR",
        "TH",
        "TD",
        "Caption",
        "Figure",
        "Link",
        "TOC",
        "TOCI",
        "Reference",
        "Note",
        "BlockQuote",
        "Code",
        "Span",
        "Div",
    } <= tags
    spans = tree.all("Span")
    assert any(str(s.attributes.get("/E")) == "role-based access control" for s in spans)
    assert any(str(s.attributes.get("/Lang")) == "de" for s in spans)
    scopes = {str(th.attributes["/A"].Scope) for th in tree.all("TH")}
    assert scopes == {"/Column", "/Row"}
    assert all(note.attributes["/ID"] for note in tree.all("Note"))


def test_lists_nest(everything: Built) -> None:
    def depth(node: Node, inside: int = 0) -> int:
        own = inside + (node.tag == "L")
        return max([own, *(depth(k, own) for k in node.kids if isinstance(k, Node))])

    _, tree = check_structure(everything)
    assert depth(tree) == 4


def test_a_table_over_pages_is_one_table_with_one_header(everything: Built) -> None:
    reader, tree = check_structure(everything)
    table = max(tree.all("Table"), key=lambda t: len(t.all("TR")))
    assert len(table.all("TR")) == 61
    assert len(table.all("THead")) == 1
    shown = fold("".join(r.text for runs in reader.runs for r in runs if r.artifact))
    assert shown.count("Table 1 (continued)") >= 2
    assert shown.count("Words") >= 2


def test_a_link_that_breaks_is_one_link() -> None:
    words = (Text("a link of this many words that it continues over the end of its line " * 90),)
    blocks = (Paragraph((Text("Look: "), Link("https://example.org", words), Text(" end."))),)
    edition = make(Document(META, (Chapter("a", (Text("A"),), blocks),)))
    reader, tree = check_structure(edition)
    links = tree.all("Link")
    assert len(links) == 1
    assert len(links[0].annotations) > 40
    assert len({page for page, _ in reader.links()}) == 2


@pytest.mark.parametrize(
    ("role", "plan", "paper", "learner"),
    [
        ("", "", "a4", ""),
        ("sre", "30", "a4", "Zoë Łukasiewicz"),
        ("data-engineer", "60", "letter", ""),
        ("cloud-engineer", "14", "a5", ""),
    ],
)
def test_editions(role: str, plan: str, paper: str, learner: str) -> None:
    edition = built(role, "", plan, paper, learner)
    _, tree = check_structure(edition)
    if learner:
        assert learner in fold(tree.text)


# ----------------------------------------------------------------- random documents

words = st.text("abcdefghij ÄöéŁ-–—.,:;!?()[]{}<>\\/&%$#@'\"", min_size=1, max_size=60).filter(
    lambda text: text.strip() != ""
)
long_words = st.sampled_from([LONG, "x" * 150, "a-b-c " * 40, "https://example.org/" + "y" * 120])
text = st.builds(Text, st.one_of(words, long_words))


def spans(children: st.SearchStrategy[Inline]) -> st.SearchStrategy[Inline]:
    several = st.lists(children, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        st.builds(
            Span, st.sampled_from(["strong", "emphasis", "superscript", "small", "strike"]), several
        ),
        st.builds(lambda c: Span("foreign", c, lang="fr"), several),
    )


inline = st.recursive(
    st.one_of(text, st.builds(Code, words), st.just(LineBreak()), st.just(Checkbox())),
    spans,
    max_leaves=5,
)
link = st.builds(
    lambda c: Link("https://example.org/x", (Text("to "), *c)),
    st.lists(inline, min_size=1, max_size=2).map(tuple),
)
inlines = st.builds(
    lambda first, rest: (Text(first), *rest),
    words.map(lambda w: "w" + w),
    st.lists(st.one_of(inline, link), max_size=5),
)
paragraph = st.builds(Paragraph, inlines)


def blocks_inside(children: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    several = st.lists(children, min_size=1, max_size=3).map(tuple)
    item = st.builds(ListItem, several, checked=st.sampled_from([None, None, True, False]))
    items = st.lists(item, min_size=1, max_size=4).map(tuple)
    return st.one_of(
        st.builds(List, items, ordered=st.booleans(), tight=st.booleans()),
        st.builds(Quote, several),
        st.builds(
            Admonition,
            st.sampled_from(["note", "tip", "retired"]),
            st.one_of(st.just(()), inlines),
            several,
        ),
    )


cell = st.builds(Cell, st.one_of(st.just(()), st.tuples(paragraph)), header=st.booleans())


@st.composite
def tables(draw: st.DrawFn) -> Table:
    columns = draw(st.integers(1, 4))
    rows = draw(
        st.lists(
            st.lists(cell, min_size=columns, max_size=columns).map(tuple), min_size=1, max_size=12
        )
    )
    header = draw(
        st.lists(st.builds(Cell, st.tuples(paragraph)), min_size=columns, max_size=columns).map(
            tuple
        )
    )
    caption = draw(st.one_of(st.just(()), inlines))
    return Table((Column(),) * columns, (Row(header),), tuple(Row(r) for r in rows), caption)


leaf = st.one_of(
    paragraph,
    st.builds(CodeBlock, words),
    st.just(Rule()),
    st.just(Directive("lines", {"count": "3"})),
    tables(),
    st.builds(lambda t, b: DefinitionList((Definition((t,), (b,)),)), inlines, paragraph),
)
heading = st.builds(Heading, st.integers(2, 6), inlines)
block = st.one_of(heading, st.recursive(leaf, blocks_inside, max_leaves=6))


@st.composite
def documents(draw: st.DrawFn) -> Document:
    count = draw(st.integers(1, 3))
    chapters: list[Chapter] = []
    for number in range(count):
        own = draw(st.lists(block, min_size=1, max_size=8).map(tuple))
        named = tuple(
            Heading(b.level, b.content, id=f"h{number}-{n}") if isinstance(b, Heading) else b
            for n, b in enumerate(own)
        )
        chapters.append(
            Chapter(f"c{number}", draw(inlines), named, draw(st.sampled_from(["front", "main"])))
        )
    chapters.sort(key=lambda c: c.matter != "front")
    return Document(META, tuple(chapters))


@settings(
    max_examples=150 if os.environ.get("HANDBOOK_FULL_GRID") else 60,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)
@given(documents(), st.sampled_from(["a4", "letter", "a5"]))
def test_random_documents(document: Document, paper: str) -> None:
    check_structure(make(document, paper))


def test_a_checkbox_in_a_term_leaves_the_term_its_words() -> None:
    term = (Text("Signed off"), Checkbox())
    blocks = (DefinitionList((Definition((term,), (Paragraph((Text("Meaning."),)),)),)),)
    document = Document(META, (Chapter("c", (Text("Title"),), blocks),))
    check_structure(make(document, "a4"))


def test_a_footnote_is_on_the_page_of_its_mark() -> None:
    filler = tuple(Paragraph((Text(LONG * 3),)) for _ in range(12))
    marked = Paragraph((Text("Here is a mark"), NoteReference("c-n"), Text(".")))
    notes = {"c-n": (Paragraph((Text("Unmistakable note."),)),)}
    document = Document(META, (Chapter("c", (Text("C"),), (*filler, marked, *filler)),), notes)
    reader, _ = check_structure(make(document))
    page = next(
        n for n, runs in enumerate(reader.runs) if "Here is a mark" in "".join(r.text for r in runs)
    )
    note = next(r for r in reader.runs[page] if "Unmistakable" in r.text)
    assert note.y < min(r.y for r in reader.runs[page] if not r.artifact and r.size > 9)


def test_a_note_marked_in_a_table_is_on_the_page() -> None:
    def cell(*inlines: Inline) -> Cell:
        return Cell((Paragraph(inlines),))

    table = Table(
        (Column(),), (Row((cell(Text("H")),)),), (Row((cell(Text("x"), NoteReference("n")),)),)
    )
    notes = {"n": (Paragraph((Text("Unmistakable."),)),)}
    _, tree = check_structure(make(Document(META, (Chapter("c", (Text("C"),), (table,)),), notes)))
    assert tree.text.count("Unmistakable.") == 1


def test_a_note_marked_twice_is_printed_once() -> None:
    marked = Paragraph((Text("mark"), NoteReference("n")))
    blocks = (marked, *(Paragraph((Text(LONG * 4),)) for _ in range(20)), marked)
    notes = {"n": (Paragraph((Text("Unmistakable."),)),)}
    _, tree = check_structure(make(Document(META, (Chapter("c", (Text("C"),), blocks),), notes)))
    assert tree.text.count("Unmistakable.") == 1


def test_a_place_on_the_cover_can_be_linked_to() -> None:
    cover = Chapter("k", (Text("K"),), (Heading(2, (Text("Big"),), id="big"),), "front", "cover")
    link = Paragraph((Link("#big", (Text("the title"),)),))
    edition = make(Document(META, (cover, Chapter("c", (Text("C"),), (link,)))))
    reader, _ = check_structure(edition)
    assert reader.page_index[reader.links()[0][1].Dest[0].objgen] == 0


def targets(target: str) -> list[Block]:
    """A block of each kind with the id `target`."""
    words = (Paragraph((Text("words"),)),)
    row = Row((Cell(words),))
    return [
        Paragraph((Text("p"),), id=target),
        Heading(2, (Text("h"),), id=target),
        List((ListItem(words),), id=target),
        List((ListItem(words, id=target),)),
        Table((Column(),), (row,), (row,), id=target),
        Quote(words, id=target),
        Admonition("note", (), words, id=target),
        CodeBlock("code", id=target),
        Rule(id=target),
        Directive("lines", {"count": "2"}, id=target),
        Directive("page-break", id=target),
        Division("x", (), id=target),
        DefinitionList((Definition(((Text("t"),),), words, id=target),)),
    ]


@pytest.mark.parametrize("number", range(13))
@pytest.mark.parametrize("inside", ["page", "box", "cell", "cover"])
def test_every_id_can_be_linked_to(number: int, inside: str) -> None:
    block = targets("here")[number]
    wrapped: Block = block
    if inside == "box":
        wrapped = Admonition("tip", (), (block,))
    elif inside == "cell":
        wrapped = Table((Column(),), (), (Row((Cell((block,)),)),))
    layout = "cover" if inside == "cover" else "chapter"
    one = Chapter("one", (Text("One"),), (wrapped,), "front", layout)
    link = Paragraph((Link("#here", (Text("there"),)),))
    reader, _ = check_structure(
        make(Document(META, (one, Chapter("two", (Text("Two"),), (link,)))))
    )
    assert len(reader.links()) == 1
