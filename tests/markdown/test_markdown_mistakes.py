"""Each mistake of an author: its message, its hint, its file and line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sketch import chapter, mistakes

from handbook.core.diagnostics import HandbookError, Source
from handbook.document.nodes import Meta
from handbook.markdown import parse

# The text, the line, words of the message, words of the hint.
MISTAKES: dict[str, tuple[str, int, str, str]] = {
    "link to nowhere": ("## Heading\n\na\n[b](#haeding)", 4, "a link to nowhere: #haeding", "did you mean 'heading'?"),
    "link to nothing like": ("[b](#zzzz)", 1, "a link to nowhere: #zzzz", "{#zzzz}"),
    "page of nowhere": ("x :page[zz]", 1, "a link to nowhere: #zz", "id"),
    "number of nowhere": ("x\n:ref[zz]", 2, "a link to nowhere: #zz", "id"),
    "link without definition": ("x\n[a][b]", 2, "[a][b] leads nowhere", "[b]: https://"),
    "link to another file": ("[a](other.md)", 1, "not a chapter of this book: 'other.md'", ""),
    "mistyped scheme": ("[a](htps://x.org)", 1, "not a web address: 'htps://x.org'", "'https://x.org'"),
    "other scheme": ("[a](javascript:x)", 1, "an address with 'javascript:' opens nothing", "https://…"),
    "no scheme": ("[a](www.x.org/y)", 1, "not a web address", "did you mean 'https://www.x.org/y'?"),
    "no address at all": ("[a](some/where)", 1, "not a web address: 'some/where'", "https://…"),
    "spaces in an address": ("[a](https://x.org/a b)", 1, "malformed web address", "%20"),
    "no host": ("[a](https:///x)", 1, "malformed web address", "names no host"),
    "half a host": ("[a](https://x.)", 1, "malformed web address", "'x.' is not a host's name"),
    "a bad port": ("[a](https://x.org:http/)", 1, "malformed web address", "ort"),
    "half a mail address": ("<mailto:x@y>", 1, "malformed mail address", "name@example.org"),
    "no picture": ("a ![b](b.png)", 1, "the picture 'b.png' does not exist", "next to the chapter"),
    "picture elsewhere": ("![b](https://x.org/b.png)", 1, "not a file of this book", "save it"),
    "size of a picture": ("![b](b.png){width=50em}", 1, "width=50em is not a length", "60mm"),
    "unknown field": ("x\n:field[nmae]", 2, "unknown field 'nmae'", "did you mean 'name'?"),
    "unknown directive": ("x\n\n::contnets", 3, "unknown directive '::contnets'", "did you mean 'contents'?"),
    "unknown directive inline": (":pgae[a]", 1, "unknown directive ':pgae[…]'", "did you mean ':page[…]'?"),
    "count that is not a number": ("::lines count=many", 1, "count=many is not a number", "count=8"),
    "language not named": (":lang[mot]", 1, "does not say which language", ":lang[mot]{fr}"),
    "unknown container": (":::: catuion\nx\n::::", 1, "unknown container 'catuion'", "did you mean 'caution'?"),
    "plural of a container": ("::: notes\nx\n:::", 1, "unknown container 'notes'", "did you mean 'note'?"),
    "unknown box": ("x\n\n!!! wraning\n    x", 3, "unknown box 'wraning'", "did you mean 'warning'?"),
    "unknown alert": ("> [!TPI]\n> x", 1, "unknown box 'tpi'", "did you mean 'tip'?"),
    "title of a division": ('::: columns "Two"\nx\n:::', 1, "'columns' has no place for a title: 'Two'", "tip"),
    "container not closed": ("a\n\n::: tip\nb\n\nc", 3, "the container '::: tip' is not closed", ":::"),
    "inner container not closed": (":::: tip\n::: note\nx\n::::\ny", 2, "the container '::: note' is not closed", ":::"),
    "nothing to close": ("a\n\n:::", 3, "::: closes nothing", "not opened"),
    "empty box": ("!!! note\ntext", 1, "the box '!!! note' is empty", "four spaces"),
    "code not closed": ("a\n\n```sh\nx", 3, "the code block is not closed", "```"),
    "code in a list not closed": ("- a\n  ~~~~\n  x\n- b", 2, "the code block is not closed", "~~~~"),
    "comment not closed": ("a\n\n<!-- b\n\nc", 3, "a comment is not closed", "-->"),
    "raw HTML": ("a\n<blink>b</blink>", 2, "raw HTML is not supported: <blink>", "backticks"),
    "raw HTML with an alternative": ('<a href="x">b</a>', 1, "raw HTML is not supported: <a>", "[words](address)"),
    "raw HTML of a block": ('a\n\n<div class="x">\n\ntext\n\n</div>', 3, "raw HTML is not supported: <div>", ":::"),
    "span without language": ('<span class="x">a</span>', 1, "<span> is only supported with a language", "lang"),
    "tag not closed": ("a\n<kbd>b", 2, "<kbd> is not closed", "</kbd>"),
    "tag not opened": ("a</sup>", 1, "</sup> closes nothing", "<sup>"),
    "footnote not written": ("a[^b]", 1, "the footnote [^b] is not written", "[^b]: its text"),
    "footnote mistyped": ("a[^nota]\n\n[^note]: x", 1, "the footnote [^nota] is not written", "did you mean 'note'?"),
    "footnote written twice": ("a[^b]\n\n[^b]: x\n[^b]: y", 4, "the footnote [^b] is written twice", "another name"),
    "id twice": ("## A {#x}\n\nB {#x}", 3, "the id 'x' is given twice", "first given at a.md:1"),
    "id of a chapter": ("B {#a}", 1, "the id 'a' is given twice", "a.md:1"),
    "id inside a line": ("a [b](https://x.org){#x} c", 1, "the id 'x' is inside a line", "paragraph"),
    "two ids": ("Table: A {#x}\n\n| a |\n|---|\n{#y}", 3, "two ids for one block: 'x' and 'y'", "keep one"),
    "attributes of nothing": ("{.x}\n\na", 1, "{.x} has nothing above it", "below a paragraph"),
    "caption of nothing": ("a\n\nTable: x {#y}", 3, "a caption without a table", "blank line"),
    "too many cells": ("| a | b |\n|---|---|\n| 1 | 2 |\n| 1 | 2 | 3 |", 4, "the row has 3 cells, the table 2", "\\|"),
    "rule of other columns": ("x\n\n| a | b |\n|---|\n| 1 | 2 |", 4, "has 1 column, the header 2", "|---|"),
    "widths": ('Table: x {widths="1 2 3"}\n\n| a | b |\n|---|---|', 1, 'widths="1 2 3" does not fit', "each column"),
    "widths in words": ('| a |\n|---|\n{widths="wide"}', 1, 'widths="wide" does not fit', "number"),
    "header columns": ("| a |\n|---|\n{header-columns=2}", 1, "header-columns=2 does not fit", "=1"),
    "empty heading": ("a\n\n##", 3, "a heading without words", "write some"),
    "too deep": (">" * 80 + " x", 1, "more than 60 levels", "flatter"),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_reported_where_it_is(name: str) -> None:
    text, line, message, hint = MISTAKES[name]
    found = mistakes(text, fields=["name"])
    reported = [f for f in found if message in f.message]
    assert reported, found
    assert (reported[0].file, reported[0].line) == ("a.md", line)
    assert hint in reported[0].hint
    assert reported[0].code
    # The same place below other text, inside boxes and quotes.
    moved = mistakes("before\n\n- x\n\n" + text, fields=["name"])
    assert [f.line for f in moved if message in f.message][:1] == [line + 4] or name in (
        "attributes of nothing",
    )


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_inside_a_container_has_its_line_too(name: str) -> None:
    text, line, message, _ = MISTAKES[name]
    if name in ("container not closed", "nothing to close", "code not closed", "too deep"):
        return
    found = mistakes(f"a\n\n::::: tip\n{text}\n:::::", fields=["name"])
    assert line + 3 in [f.line for f in found if message in f.message]


def test_all_mistakes_are_reported_at_once_in_order() -> None:
    found = mistakes("[a](#x)\n\n<b>c</b>\n\n::: tpi\n:::", "[^1]\n\n```")
    assert [(f.file, f.line) for f in found] == [
        ("a.md", 1),
        ("a.md", 3),
        ("a.md", 5),
        ("b.md", 1),
        ("b.md", 3),
    ]


def test_a_mistake_of_a_chapters_title() -> None:
    found = mistakes(replace(chapter("x", title="A [b](#zz)"), source=Source("c.md", 2)))
    assert [(f.file, f.line, f.message) for f in found] == [("c.md", 2, "a link to nowhere: #zz")]


def test_a_mistake_in_a_cell_from_a_table_file_is_reported_there() -> None:
    text = "| a |\n|---|\n| [b](#zz) |"
    lines = (Source("one.md", 4), Source("one.md", 5), Source("tables/x.yaml", 17))
    with pytest.raises(HandbookError, match=r"^tables/x\.yaml:17: error: a link to nowhere: #zz"):
        parse([replace(chapter(text), lines=lines)], Meta("A"), {})


def test_a_near_picture_is_suggested(tmp_path: Path) -> None:
    (tmp_path / "map.png").write_bytes(b"")
    found = mistakes(chapter("![x](mpa.png)", folder=tmp_path))
    assert found[0].hint == "did you mean 'map.png'?"


@pytest.mark.parametrize(
    "text",
    [
        "[a](https://x.org:8080/y?z=1#w) <http://localhost:80> [b](http://192.168.0.1/) [c](mailto:a@b.org?subject=x)",
        "[a](https://user@x.org) [b](https://bücher.example) https://en.wikipedia.org/wiki/A_(b)",
        "::: columns\nx\n:::\n\n::: compact\ny\n:::",
        "C++ ::std and a::b, 10:30, :smile: and :::",
        "List<T> is not HTML in `List<T>`, a \\<T> neither".replace("List<T> is", "A list is"),
    ],
)  # fmt: skip
def test_what_is_not_a_mistake(text: str) -> None:
    assert mistakes(text) == []
