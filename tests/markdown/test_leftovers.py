"""What is not printed, or printed as text, is reported: characters, mark-up of other tools, notes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image as Pixels
from sketch import chapter

from handbook.core.diagnostics import Diagnostic
from handbook.core.excerpt import grouped
from handbook.document.nodes import (
    Document,
    Figure,
    Image,
    Link,
    List,
    Meta,
    NoteReference,
    Table,
    every_inline,
    plain_text,
    walk_inlines,
)
from handbook.document.numbering import item_label, number_document
from handbook.markdown import Rules, parse
from handbook.markdown.coverage import coverage_findings

TEXT = """First words of a chapter about kettles.

- an item
- another one[^n]

| a head | b |
|---|---|
| a cell | `code` here |

```python
literal = words
```

The last paragraph says goodbye.

[^n]: A note on items.
"""


def read(text: str, dialect: str = "gfm", folder: Path = Path(), lenient: bool = True) -> Document:
    one = replace(chapter(text, folder=folder), dialect=dialect)
    return parse([one], Meta(title="T"), {}, Rules(lenient=lenient, folder=folder, coverage=True))


def warnings(text: str, dialect: str = "gfm") -> list[tuple[str, int]]:
    return [(one.code, one.line) for one in read(text, dialect).warnings]


@pytest.mark.parametrize("dialect", ["handbook", "gfm"])
def test_a_text_without_errors_has_no_warnings(dialect: str) -> None:
    assert warnings(TEXT, dialect) == []


@pytest.mark.parametrize("dialect", ["handbook", "gfm"])
def test_the_gate_sees_each_block_that_is_left_out_or_doubled(dialect: str) -> None:
    document = read(TEXT, dialect)
    blocks, notes = document.chapters[0].blocks, list(document.notes.values())
    assert coverage_findings(TEXT, [blocks, *notes], (), {}) == []
    for place, block in enumerate(blocks):
        less = [*blocks[:place], *blocks[place + 1 :]]
        found = coverage_findings(TEXT, [tuple(less), *notes], (), {})
        assert [one.code for one in found] == ["lost-text"] * len(found)
        assert block.source.line - 1 <= found[0].number <= block.source.line + 3
    more = coverage_findings(TEXT, [(*blocks, blocks[0]), *notes], (), {})
    assert [(one.code, one.number) for one in more] == [("doubled-text", 0)]
    assert [one.number for one in coverage_findings(TEXT, [blocks], (), {})] == [15]


@pytest.mark.parametrize(
    "line",
    [
        "See {{#include start.sh}}.",
        "{% link guide.md %}",
        "Version {{ book.version }}",
        "See [[Another page|there]].",
        '--8<-- "warn.md"',
        "A {: .note } word",
        "See @fig-loaf.",
        "As in [@knuth84, p. 3].",
        "Done :tada:",
        "Some ==marked== words",
        "Words %%not for others%%",
        "A word {/* comment */}",
        "import Tabs from '@theme/Tabs';",
        "```\n{{#include start.sh}}\n```",
        "```python\n#| echo: false\n```",
    ],
)
def test_mark_up_of_other_tools(line: str) -> None:
    found = read(f"Words.\n\n{line}\n").warnings
    assert {(one.code) for one in found} == {"foreign-syntax"}
    assert found[0].line in (3, 4)


@pytest.mark.parametrize(
    "line",
    [
        "At 10:30: words, a::b, `{{#include x}}`, \\{{#include y}}, a @user, x[1], C++, a == b == c",
        "```\n{% x %} [[y]] :tada: {: .a }\n```",
        "Die Regel: kurz: gut. 100%% of it",
        "[[TOC]] and [toc]",
    ],
)
def test_text_that_only_looks_like_it(line: str) -> None:
    assert [one for one in warnings(f"{line}\n") if one[0] == "foreign-syntax"] in (
        [],
        [("foreign-syntax", 1)] if "TOC" in line else [],
    )


@pytest.mark.parametrize("dialect", ["handbook", "gfm"])
@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("a\ufeffb", "ab"),
        ("a\u2028b", "a b"),
        ("a\u0085b", "a b"),
        ("a\u0001\u007fb", "ab"),
        ("\u0093a\u0094", "“a”"),
        ("&#x93;a&#0;", "“a"),
    ],
)
def test_characters(text: str, printed: str, dialect: str) -> None:
    document = read(text, dialect)
    (block,) = document.chapters[0].blocks
    assert block.content[0].text == printed  # type: ignore[union-attr, index]
    assert {one.code for one in document.warnings} == {"unprintable-character"}


@pytest.mark.parametrize("dialect", ["handbook", "gfm"])
def test_a_note_that_nothing_refers_to(dialect: str) -> None:
    (found,) = read("Words.\n\n[^a]: Alone.\n", dialect).warnings
    assert (found.code, found.line) == ("unused-note", 3)


@pytest.mark.parametrize("dialect", ["handbook", "gfm"])
def test_a_note_without_text_is_more_than_a_bare_number(dialect: str) -> None:
    (found,) = read("Words[^a] and[^b].\n\n[^a]:\n\n[^b]: Text.\n", dialect).warnings
    assert (found.code, found.line) == ("footnote", 3)


@pytest.mark.parametrize("dialect", ["handbook", "gfm"])
@pytest.mark.parametrize("text", ["[see[^1] here](https://a.org)", "[**see[^1]** here][r]"])
def test_a_note_in_the_words_of_a_link(text: str, dialect: str) -> None:
    document = read(f"{text}\n\n[^1]: Note.\n\n[r]: https://a.org\n", dialect, lenient=False)
    (link,) = [one for one in every_inline(document.chapters[0].blocks) if isinstance(one, Link)]
    assert plain_text(link.children) == "see here"
    assert [one.id for one in walk_inlines(link.children) if isinstance(one, NoteReference)] == [
        "c-1"
    ]
    assert document.warnings == ()


@pytest.mark.parametrize("dialect", ["handbook", "gfm"])
@pytest.mark.parametrize(
    ("text", "reported"),
    [
        ("word^[a note here] end", True),
        ("word ^[*a* note with [words](https://a.org)] end", True),
        ("`x^[a b]` end", False),
        ("x^[1] and 2^[10]", False),
    ],
)
def test_a_note_in_the_text_is_reported(text: str, reported: bool, dialect: str) -> None:
    assert ("foreign-syntax" in {code for code, _ in warnings(f"{text}\n", dialect)}) is reported


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("| ^^ | b |\n|---|---|\n| c | d |\n", [1]),
        ("| a | b |\n|---|---|\n| << | d |\n", [3]),
        ("| a | b |\n|---|---|\n| ^^ | d |\n| << | f |\n", [3, 4]),
        ("| a | b |\n|---|---|\n| `<<` | `^^` |\n", []),
    ],
)
def test_a_sign_that_joins_no_cell_is_reported_and_printed(text: str, lines: list[int]) -> None:
    document = read(text, "handbook")
    assert [(one.code, one.line) for one in document.warnings] == [("table-span", n) for n in lines]
    said = plain_text(tuple(every_inline(document.chapters[0].blocks)))
    assert "<<" in said or "^^" in said


@pytest.mark.parametrize("dialect", ["handbook", "gfm"])
def test_notes_in_notes_are_numbered_where_they_are_met(dialect: str) -> None:
    document = read("a[^1] b[^2]\n\n[^1]: one[^3]\n\n[^2]: two\n\n[^3]: three\n", dialect)
    assert number_document(document).note_of == {"c-1": 1, "c-3": 2, "c-2": 3}


@pytest.mark.parametrize(
    "target", ["tel:+44", "sms:1", "ftp://a.org/b", "//host/x", "vscode:x", "https://intranet/a"]
)
@pytest.mark.parametrize("dialect", ["handbook", "gfm"])
def test_addresses_of_any_scheme(target: str, dialect: str) -> None:
    document = read(f"[words]({target})", dialect, lenient=False)
    (link,) = [one for one in every_inline(document.chapters[0].blocks) if isinstance(one, Link)]
    assert link.target == target.replace("//host", "https://host")


@pytest.mark.parametrize("dialect", ["handbook", "gfm"])
def test_names_percent_encoded(dialect: str, tmp_path: Path) -> None:
    Pixels.new("RGB", (40, 40)).save(tmp_path / "größe 1.png")
    text = "![a](gr%C3%B6%C3%9Fe%201.png?raw=1#only-light)\n\n[b](#gr%C3%B6%C3%9Fe)\n\n## Größe\n"
    document = read(text, dialect, tmp_path, lenient=False)
    figure, *_ = document.chapters[0].blocks
    assert isinstance(figure, Figure)
    assert Path(figure.image.path).name == "größe 1.png"
    assert document.warnings == ()


@pytest.mark.parametrize("dialect", ["handbook", "gfm"])
def test_a_picture_that_leads_to_itself_is_a_picture(dialect: str, tmp_path: Path) -> None:
    for name in ("a.png", "large.png"):
        Pixels.new("RGB", (40, 40)).save(tmp_path / name)
    text = "[![Words](a.png)](a.png)\n\n[![Words](a.png)](large.png)\n"
    document = read(text, dialect, tmp_path)
    pictures = [b.image for b in document.chapters[0].blocks if isinstance(b, Figure)]
    assert [one.alt for one in pictures] == ["Words", "Words"]
    assert [(one.code, one.line) for one in document.warnings] == [("link-target", 3)]


def test_alternative_text_of_other_tools_and_decorative_pictures(tmp_path: Path) -> None:
    Pixels.new("RGB", (40, 40)).save(tmp_path / "a.png")
    lines = ('![x](a.png){alt="Said"}', '<img src="a.png" alt="">', "![](a.png){.decorative}")
    document = read("\n\n".join((*lines, "![](a.png)")), folder=tmp_path)
    pictures: list[Image] = [b.image for b in document.chapters[0].blocks if isinstance(b, Figure)]
    assert [(one.alt, one.decorative) for one in pictures] == [
        ("Said", False),
        ("", True),
        ("", True),
        ("", False),
    ]


def test_lists_count_as_html_says() -> None:
    (one,) = read('<ol type="i" reversed><li>a<li value="9">b<li>c</ol>').chapters[0].blocks
    assert isinstance(one, List)
    assert [item_label(n, one.numbering) for n in one.numbers()] == ["iii", "ix", "viii"]
    assert [item_label(n, "upper-alpha") for n in (1, 26, 27, 703)] == ["A", "Z", "AA", "AAA"]


def _spans(text: str, dialect: str) -> list[list[tuple[int, int]]]:
    (table,) = read(text, dialect).chapters[0].blocks
    assert isinstance(table, Table)
    return [[(c.colspan, c.rowspan) for c in row.cells] for row in table.rows]


def test_spans_make_rectangles() -> None:
    text = "| a | b |\n|---|---|\n| {} | << |\n| ^^ | {} |\n"
    assert _spans(text.format(1, "^^"), "handbook") == [[(2, 2)], []]
    assert _spans(text.format(1, 2), "handbook") == [[(1, 1), (1, 1)]] * 2
    assert _spans(text.format(1, 2), "gfm") == [[(1, 1), (1, 1)]] * 2
    assert _spans(text.format("`<<`", "`^^`").replace("| << ", "| x "), "handbook") == [
        [(1, 2), (1, 1)],
        [(1, 1)],
    ]
    wide = "<table><tr><td colspan=99>a</td></tr><tr><td>b</td><td rowspan=99>c</td></tr></table>"
    assert _spans(wide, "gfm") == [[(2, 1)], [(1, 1), (1, 1)]]


def test_what_a_row_has_too_much_is_named() -> None:
    for dialect in ("handbook", "gfm"):
        (found,) = read("| a |\n|---|\n| 1 | lost words |\n", dialect).warnings
        assert (found.code, found.line) == ("table-row", 3)
        assert "'lost words'" in found.message


def test_one_warning_for_a_kind() -> None:
    text = "\n\n".join(["{{#include a}}"] * 7)
    (one,) = grouped(read(text).warnings)
    assert "(7 times: also line 3, line 5, line 7, line 9 and 2 more)" in one.message
    errors = [Diagnostic("a.md", n, 0, "wrong") for n in (1, 2)]
    assert grouped(errors) == errors


def test_an_index_entry_keeps_its_words() -> None:
    document = read("A kettle for :index[green *tea*].", "handbook")
    words = [getattr(one, "text", "") for one in every_inline(document.chapters[0].blocks)]
    assert "".join(words) == "A kettle for green tea."


def test_boxes_whose_end_is_longer_or_missing() -> None:
    kinds = [type(b).__name__ for b in read(":::note\na\n:::::\n\nb\n").chapters[0].blocks]
    assert kinds == ["Admonition", "Paragraph"]
    (found,) = read(":::note\na\n\nb\n").warnings
    assert (found.code, found.line) == ("open-container", 1)
