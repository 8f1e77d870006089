"""Markdown -> the tree, node for node: what each construct yields exactly, and where it was."""

from __future__ import annotations

import pytest
import sketch

from handbook.core.diagnostics import HandbookError, Source
from handbook.document.nodes import (
    Admonition,
    Block,
    Checkbox,
    Code,
    CodeBlock,
    DefinitionList,
    Directive,
    Division,
    Field,
    Heading,
    Link,
    List,
    NoteReference,
    Paragraph,
    Quote,
    Reference,
    Span,
    Table,
    Text,
    plain_text,
)


def read(text: str) -> tuple[Block, ...]:
    return sketch.read(sketch.chapter(text, "c", file="f.md"), fields=["z"]).chapters[0].blocks


def one(text: str) -> Block:
    blocks = read(text)
    assert len(blocks) == 1, blocks
    return blocks[0]


def words(text: str) -> object:
    block = one(text)
    assert isinstance(block, Paragraph)
    return block.content


def test_inlines() -> None:
    assert words("a *b* **c** `d`") == (
        Text("a "),
        Span("emphasis", (Text("b"),)),
        Text(" "),
        Span("strong", (Text("c"),)),
        Text(" "),
        Code("d"),
    )
    assert words("~~a~~") == (Span("strike", (Text("a"),)),)
    assert words("H~2~O") == (Text("H"), Span("subscript", (Text("2"),)), Text("O"))
    assert words("<kbd>Ctrl</kbd>") == (Span("keyboard", (Text("Ctrl"),)),)
    assert words(":page[c] :ref[c] :field[z]") == (
        Reference("c", "page", Source("f.md", 1)),
        Text(" "),
        Reference("c", "number", Source("f.md", 1)),
        Text(" "),
        Field("z", Source("f.md", 1)),
    )
    assert words(":lang[mot]{fr}") == (Span("foreign", (Text("mot"),), lang="fr"),)
    assert words("a[^n]\n\n[^n]: b") == (Text("a"), NoteReference("c-n", Source("f.md", 1)))
    assert words("1 \\< 2") == (Text("1 < 2"),)


def test_typography() -> None:
    assert plain_text(words('"Don\'t," he said -- 1--2...')) == "“Don’t,” he said – 1–2…"  # type: ignore[arg-type]
    assert words('`"--"`') == (Code('"--"'),)
    assert plain_text(words('**"bold"** "x"')) == "“bold” “x”"  # type: ignore[arg-type]


def test_code_keeps_every_character() -> None:
    block = one('```yaml\na: "<b> &amp; $(x)"\n\n  - *c*\n```')
    assert block == CodeBlock('a: "<b> &amp; $(x)"\n\n  - *c*', "yaml", source=Source("f.md", 1))


def test_code_inside_a_list_item() -> None:
    block = one("1. a\n\n    ```\n    x\n\n      y\n    ```\n\n2. b")
    assert isinstance(block, List)
    assert len(block.items) == 2
    assert block.items[0].blocks[1].text == "x\n\n  y"  # type: ignore[union-attr]


def test_lists() -> None:
    block = one("- a\n    - b\n    - c\n- [ ] d\n- [x] e")
    assert isinstance(block, List)
    assert [item.checked for item in block.items] == [None, False, True]
    assert isinstance(block.items[0].blocks[1], List)
    assert block.tight
    loose = one("3. a\n\n4. b")
    assert isinstance(loose, List)
    assert (loose.ordered, loose.start, loose.tight) == (True, 3, False)


def test_tables() -> None:
    table, after = read(
        "| A | B |\n|:--|--:|\n| {.chosen} x | `a|b` |\n| [ ] y | z<br>w |\n\n"
        'Table: A *caption* {#t widths="1 3" header-columns=1}\n\nAfter.'
    )
    assert isinstance(table, Table)
    assert isinstance(after, Paragraph)
    assert table.id == "t"
    assert [c.align for c in table.columns] == ["left", "right"]
    assert [c.width for c in table.columns] == [1, 3]
    assert table.rows[0].classes == ("chosen",)
    assert table.rows[0].cells[0].header
    assert not table.rows[0].cells[1].header
    assert table.rows[0].cells[1].blocks[0].content == (Code("a|b"),)  # type: ignore[union-attr]
    assert table.rows[1].cells[0].blocks[0].content[0] == Checkbox()  # type: ignore[union-attr]
    assert plain_text(table.caption) == "A caption"


def test_a_caption_above_its_table() -> None:
    block = one("Table: Above {#t}\n\n| A |\n|---|\n| b |")
    assert isinstance(block, Table)
    assert plain_text(block.caption) == "Above"


def test_containers() -> None:
    block = one('::: tip "A *title*" #x .wide\nBody\n\n- li\n\n:::: note\ninner\n::::\n:::')
    assert isinstance(block, Admonition)
    assert (block.kind, block.id, block.classes) == ("tip", "x", ("wide",))
    assert plain_text(block.title) == "A title"
    assert [type(b) for b in block.blocks] == [Paragraph, List, Admonition]
    assert isinstance(one("!!! note\n    x"), Admonition)
    assert isinstance(one("> [!WARNING]\n> x"), Admonition)
    assert isinstance(one("> x"), Quote)
    division = one("::: sidebar key=value\nx\n:::")
    assert isinstance(division, Division)
    assert division.attributes == {"key": "value"}


def test_a_container_line_inside_code_is_code() -> None:
    block = one("::: tip\n```\n:::\n```\n:::")
    assert isinstance(block, Admonition)
    assert block.blocks[0].text == ":::"  # type: ignore[union-attr]


def test_directives_headings_definitions() -> None:
    assert one("::lines count=8") == Directive("lines", {"count": "8"}, source=Source("f.md", 1))
    heading = one("## A *heading* {#own .x}")
    assert isinstance(heading, Heading)
    assert (heading.level, heading.id, heading.classes) == (2, "own", ("x",))
    assert one("### Second one").id == "second-one"
    block = one("Term {#t}\n:   Meaning")
    assert isinstance(block, DefinitionList)
    assert block.items[0].id == "t"
    assert one("Words\n{.lead}").classes == ("lead",)
    assert one("Words {.lead}").classes == ("lead",)


def test_addresses_are_links() -> None:
    block = one("See <https://example.org/a_b>.")
    assert isinstance(block, Paragraph)
    link = block.content[1]
    assert isinstance(link, Link)
    assert link.target == "https://example.org/a_b"


@pytest.mark.parametrize("tag", ["div", "iframe", "script", "b"])
def test_other_html_is_reported_with_its_line(tag: str) -> None:
    with pytest.raises(HandbookError) as caught:
        read(f"fine\n\nnot <{tag}>fine</{tag}>")
    first = caught.value.diagnostics[0]
    assert (first.line, tag in first.message) == (3, True)
