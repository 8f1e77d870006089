"""Markdown -> tree, construct by construct; the notation is explained in sketch.py."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from PIL import Image
from sketch import chapter, read, sketch, sketched

CASES: dict[str, tuple[str, str]] = {
    # ------------------------------------------------------------ running text
    "a paragraph over lines": ("one\n  two\nthree", 'p@1 "one two three"'),
    "white space": ("  one   two\tthree  \n\n\n\n  four", 'p@1 "one two three"\np@5 "four"'),
    "headings": (
        "## One\ntext\n### Two *words* ###\n#no heading",
        'h2@1 #one "One"\np@2 "text"\nh3@3 #two-words "Two *words*"\np@4 "#no heading"',
    ),
    "headings, underlined": (
        "One\n===\n\nTwo\n---\ntext",
        'h2@1 #one "One"\nh2@4 #two "Two"\np@6 "text"',
    ),
    "headings with attributes": (
        '## One {#first .big}\n\n## C# ## {lang="de"}',
        'h2@1 #first .big "One"\nh2@3 #c lang=de "C#"',
    ),
    "attributes below": (
        "text\n{.lead #t}\n\n- a\n{.wide}\n\n> q\n\n{.pull}",
        'p@1 #t .lead "text"\nul@4 .wide\n  li@4\n    p@4 "a"\nquote@7 .pull\n  p@7 "q"',
    ),
    "attributes behind": ("text and more {.lead}", 'p@1 .lead "text and more"'),
    "braces that are not attributes": ("a {b} and {c d}", 'p@1 "a {b} and {c d}"'),
    "rules": ("a\n\n---\n***\n_ _ _", 'p@1 "a"\nhr@3\nhr@4\nhr@5'),
    "comments": (
        "one\n<!-- two\n\nthree -->\nfour <!-- five\nsix --> seven",
        'p@1 "one four seven"',
    ),
    "a comment between items": (
        "- a\n<!-- x -->\n- b",
        'ul@1\n  li@1\n    p@1 "a"\n  li@3\n    p@3 "b"',
    ),
    "comments in code stay": ("```html\n<!-- x -->\n```", "code@1 html '<!-- x -->'"),
    # -------------------------------------------------------------------- code
    "fenced code": (
        "```python\nx = '*a*'\n\n  <b> & \\_\n```\nafter",
        'code@1 python "x = \'*a*\'\\n\\n  <b> & \\\\_"\np@6 "after"',
    ),
    "a fence with attributes": (
        '``` {.yaml #conf .wide}\na: 1\n```\n\n```js title="x"\n```',
        "code@1 #conf .wide yaml 'a: 1'\ncode@5 js ''",
    ),
    "a fence in a fence": ("````\n```\nx\n```\n````", "code@1 - '```\\nx\\n```'"),
    "tildes": ("~~~sh\n```\n~~~", "code@1 sh '```'"),
    "indented code": (
        "text\n\n    a\n\n      b\n\nend",
        'p@1 "text"\ncode@3 - \'a\\n\\n  b\'\np@7 "end"',
    ),
    "dashes and quotes in code stay": ('``a -- "b"``', 'p@1 "`a -- "b"`"'),
    # ------------------------------------------------------------------- lists
    "bullets": (
        "- a\n- b\n\n+ c",
        'ul~@1\n  li@1\n    p@1 "a"\n  li@2\n    p@2 "b"\n  li@4\n    p@4 "c"',
    ),
    "numbers": ("3. a\n4. b\n   c", 'ol@1 3\n  li@1\n    p@1 "a"\n  li@2\n    p@2 "b c"'),
    "numbers with brackets": ("1) a\n2) b", 'ol@1\n  li@1\n    p@1 "a"\n  li@2\n    p@2 "b"'),
    "nested by two": (
        "- a\n  - b\n    - c\n- d",
        'ul@1\n  li@1\n    p@1 "a"\n    ul@2\n      li@2\n        p@2 "b"\n        ul@3\n'
        '          li@3\n            p@3 "c"\n  li@4\n    p@4 "d"',
    ),
    "nested by three": (
        "1. a\n   - b\n   - c\n2. d",
        'ol@1\n  li@1\n    p@1 "a"\n    ul@2\n      li@2\n        p@2 "b"\n      li@3\n'
        '        p@3 "c"\n  li@4\n    p@4 "d"',
    ),
    "nested by two below a number": (
        "1. a\n  - b\n2. c",
        'ol@1\n  li@1\n    p@1 "a"\n    ul@2\n      li@2\n        p@2 "b"\n  li@3\n    p@3 "c"',
    ),
    "nested by four": (
        "1. a\n\n    b\n\n    - c\n\n        code\n",
        'ol~@1\n  li@1\n    p@1 "a"\n    p@3 "b"\n    ul~@5\n      li@5\n        p@5 "c"\n'
        '        p@7 "code"',
    ),
    "a list directly below a paragraph": (
        "text\n- a\n- b\n\ntext\n1. c",
        'p@1 "text"\nul@2\n  li@2\n    p@2 "a"\n  li@3\n    p@3 "b"\n'
        'p@5 "text"\nol@6\n  li@6\n    p@6 "c"',
    ),
    "a year that wraps is not a list": (
        "It was\n1986. A good year",
        'p@1 "It was 1986. A good year"',
    ),
    "a list of another kind": ("- a\n1. b", 'ul@1\n  li@1\n    p@1 "a"\nol@2\n  li@2\n    p@2 "b"'),
    "text continues without indentation": (
        "- a\nb\n- c",
        'ul@1\n  li@1\n    p@1 "a b"\n  li@3\n    p@3 "c"',
    ),
    "fenced code in a list": (
        "- a\n\n  ```sh\n  x\n\n    y\n  ```\n- b\n\n1. c\n```\nd\n```",
        'ul@1\n  li@1\n    p@1 "a"\n    code@3 sh \'x\\n\\n  y\'\n  li@8\n    p@8 "b"\n'
        "ol@10\n  li@10\n    p@10 \"c\"\ncode@11 - 'd'",
    ),
    "an item that is code": ("- ```\n  x\n  ```", "ul@1\n  li@1\n    code@1 - 'x'"),
    "checkboxes": (
        "- [ ] a\n- [x] b {#b .c}\n- [y] c",
        'ul@1\n  li@1 [ ]\n    p@1 "a"\n  li@2 #b .c [x]\n    p@2 "b"\n  li@3\n    p@3 "[y] c"',
    ),
    "an empty item": ("- a\n-\n- b", 'ul@1\n  li@1\n    p@1 "a"\n  li@2\n  li@3\n    p@3 "b"'),
    "a quote, a table in a list": (
        "- > q\n- t\n\n  | a | b |\n  |---|---|\n  | c | d |",
        'ul@1\n  li@1\n    quote@1\n      p@1 "q"\n  li@2\n    p@2 "t"\n    table@4 (- -)\n'
        "      th@4 a | b\n      tr@6 c | d",
    ),
    # -------------------------------------------------------------- definitions
    "definitions": (
        "Term\n:   one\n\n    more\n:   two\n\nOther\nThird {#t}\n\n:   three\n    lines",
        'dl@1\n  dt@1 #term "Term"\n    p@2 "one"\n    p@4 "more"\n    p@5 "two"\n'
        '  dt@7 #other "Other / Third"\n    p@10 "three lines"',
    ),
    "definitions without blank lines": (
        "A\n: one\nB\n: two",
        'dl@1\n  dt@1 #a-a "A"\n    p@2 "one"\n  dt@3 #b "B"\n    p@4 "two"',
    ),
    # ------------------------------------------------------------------- tables
    "a table": (
        "| A | B | C |\n|:--|:-:|--:|\n| 1 | *2* |\nx | y | z |\nafter",
        'table@1 (l c r)\n  th@1 A | B | C\n  tr@3 1 | *2* |\n  tr@4 x | y | z\np@5 "after"',
    ),
    "bars in cells": (
        "a | b\n--|--\n`x|y` | p \\| q\n`v \\| w` | `` `|` ``",
        "table@1 (- -)\n  th@1 a | b\n  tr@3 `x|y` | p | q\n  tr@4 `v | w` | ``|``",
    ),
    "rows with classes, breaks, boxes": (
        "| A | B |\n|---|---|\n| {.chosen .old} a<br>b | [ ] do [x] |\n| {.retired} | c |",
        "table@1 (- -)\n  th@1 A | B\n  tr@3 .chosen .old a⏎b | [ ] do [x]\n  tr@4 .retired  | c",
    ),
    "a table without header words": ("| | |\n|---|---|\n| a | b |", "table@1 (- -)\n  tr@3 a | b"),
    "a table below text": (
        "text\n| a |\n|---|\n| b |",
        'p@1 "text"\ntable@2 (-)\n  th@2 a\n  tr@4 b',
    ),
    "a caption before": (
        'Table: What *holds* {#tbl widths="3 1.5" .wide header-columns=1}\n\n'
        "| a | b |\n|---|---|\n| c | d |",
        'table@3 #tbl .wide (-3 -1.5) "What *holds*"\n  th@3 a | b\n  tr@5 ! c | d',
    ),
    "captions after": (
        "| a |\n|---|\n| b |\nTable: One\n\n| c |\n|---|\n| d |\n\nTable: Two",
        'table@1 (-) "One"\n  th@1 a\n  tr@3 b\ntable@6 (-) "Two"\n  th@6 c\n  tr@8 d',
    ),
    "captions before": (
        "Table: One\n\n| a |\n|---|\n| b |\n\nTable: Two\n\n| c |\n|---|\n| d |",
        'table@3 (-) "One"\n  th@3 a\n  tr@5 b\ntable@9 (-) "Two"\n  th@9 c\n  tr@11 d',
    ),
    "a caption belongs to the table below": (
        "| a |\n|---|\n| b |\n\nTable: Two\n\n| c |\n|---|\n| d |",
        'table@1 (-)\n  th@1 a\n  tr@3 b\ntable@7 (-) "Two"\n  th@7 c\n  tr@9 d',
    ),
    "attributes below a table": (
        '| a | b |\n|---|---|\n{#t widths="1 2"}',
        "table@1 #t (-1 -2)\n  th@1 a | b",
    ),
    "words that look like a caption": ("Table: of plenty", 'p@1 "Table: of plenty"'),
    # -------------------------------------------------------------------- boxes
    "quotes": (
        "> one\ntwo\n>\n> - a\n\n> three",
        'quote@1\n  p@1 "one two"\n  ul@4\n    li@4\n      p@4 "a"\nquote@6\n  p@6 "three"',
    ),
    "alerts": (
        "> [!NOTE]\n> a\n\n> [!Tip] Title\n> b",
        'box@1 note\n  p@2 "a"\nbox@4 tip "Title"\n  p@5 "b"',
    ),
    "boxes by exclamation marks": (
        '!!! note "A *title*"\n    one\n\n    - two\n\nafter\n\n!!! danger .x\n\n    three\n\n??? tip ""\n    four',
        'box@1 note "A *title*"\n  p@2 "one"\n  ul@4\n    li@4\n      p@4 "two"\np@6 "after"\n'
        'box@8 .x danger "Danger"\n  p@10 "three"\nbox@12 tip\n  p@13 "four"',
    ),
    "containers": (
        '::: tip "Do *this*"\n- a\n- b\n:::\nafter',
        'box@1 tip "Do *this*"\n  ul@2\n    li@2\n      p@2 "a"\n    li@3\n      p@3 "b"\np@5 "after"',
    ),
    "containers nest": (
        "::: tip\n::: note\na\n:::\nb\n:::\n\n:::: key\n::: exam\nc\n:::\n\n```\n:::\n```\n::::",
        'box@1 tip\n  box@2 note\n    p@3 "a"\n  p@5 "b"\nbox@8 key\n  box@9 exam\n    p@10 "c"\n'
        "  code@13 - ':::'",
    ),
    "divisions": (
        '::: columns count=2 key="a b" .wide #cols lang=fr\na\n:::\n\n::: {.together}\nb\n:::',
        'div@1 #cols .wide lang=fr columns count=2 key=a b\n  p@2 "a"\ndiv@5 together\n  p@6 "b"',
    ),
    "a title without quotes": (
        "::: tip Mind the gap\na\n:::",
        'box@1 tip "Mind the gap"\n  p@2 "a"',
    ),
    "a container in a list": (
        "- a\n\n  ::: tip\n  b\n  :::\n- c",
        'ul@1\n  li@1\n    p@1 "a"\n    box@3 tip\n      p@4 "b"\n  li@6\n    p@6 "c"',
    ),
    "directives": (
        "::contents\ntext\n::lines count=8 #l .x\n::page-break",
        'directive@1 contents\np@2 "text"\ndirective@3 #l .x lines count=8\ndirective@4 page-break',
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_blocks(name: str) -> None:
    text, expected = CASES[name]
    assert sketch(text) == expected


def test_nested_code_of_an_ordered_item() -> None:
    # Four spaces nest in Python-Markdown, eight are code; other dialects agree.
    assert sketch("1. a\n\n    b\n\n        code") == textwrap.dedent("""\
        ol~@1
          li@1
            p@1 "a"
            p@3 "b"
            code@5 - 'code'""")


# ------------------------------------------------------------------------ images


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "chapters").mkdir()
    (tmp_path / "images").mkdir()
    for place in ("chapters/a.png", "images/b.png"):
        Image.new("RGB", (2, 2)).save(tmp_path / place)
    return tmp_path / "chapters"


def test_figures(folder: Path) -> None:
    text = (
        '![A *map*](a.png "Title"){width=72pt height=36 #fig-a}\n\nFigure: Where {.wide}\n\n'
        "see ![b](images/b.png) there\n\n![c](a.png)\n{.full width=25.4mm}\n\n[![d](a.png)](https://x.org)"
    )
    document = read(chapter(text, folder=folder))
    lines = [line for block in document.chapters[0].blocks for line in sketched(block)]
    assert lines == [
        'figure@1 #fig-a .wide !(A *map*) 72x27 "Where"',
        'p@5 "see !(b) there"',
        "figure@7 .full !(c) 72x0",
        'p@10 "[!(d)](https://x.org)"',
    ]
    image = document.chapters[0].blocks[0].image  # type: ignore[union-attr]
    assert image.path == str(folder / "a.png")
    assert (image.title, image.source.line) == ("Title", 1)


# ----------------------------------------------------------------- notes and ids


def test_footnotes_are_kept_by_chapter() -> None:
    document = read(
        "One[^1].\n\n[^1]: First\n    continues\n\n    - more", "Two[^1]\n\n[^1]: Second"
    )
    assert sketched(document.chapters[0].blocks[0]) == ['p@1 "One^(a-1)."']
    notes = {name: [sketched(b) for b in blocks] for name, blocks in document.notes.items()}
    assert notes == {
        "a-1": [['p@3 "First continues"'], ["ul@6", "  li@6", '    p@6 "more"']],
        "b-1": [['p@3 "Second"']],
    }


def test_ids_made_of_words_are_unique_in_the_book() -> None:
    document = read("## Setup\n\n## Setup\n\n[x](#setup)", "## Setup\n\n[x](#setup) :page[setup]")
    ids = [[block.id for block in c.blocks if block.id] for c in document.chapters]
    assert ids == [["setup", "a-setup"], ["b-setup"]]
    # A link means the heading of its own chapter.
    assert sketched(document.chapters[0].blocks[2]) == ['p@5 "[x](#setup)"']
    assert sketched(document.chapters[1].blocks[1]) == ['p@3 "[x](#b-setup)\u00a0:page(b-setup)"']


def test_a_given_id_takes_precedence_over_a_made_one() -> None:
    document = read("## Setup\n\n[x](#setup)", "## Other {#setup}")
    assert document.chapters[0].blocks[0].id == "a-setup"
    assert sketched(document.chapters[0].blocks[1]) == ['p@3 "[x](#setup)"']


@pytest.mark.parametrize("link", ["whats-new-in-c", "what-s-new-in-c", "a", "t"])
def test_links_find_ids_as_several_tools_spell_them(link: str) -> None:
    read(f"## What's new in C#?\n\nTerm {{#t}}\n:   x\n\n[x](#{link})")


def test_every_kind_of_target_can_be_linked() -> None:
    read(
        "p {#p}\n\n- i {#i}\n\nT1 {#t1}\nT2 {#t2}\n:   d\n\nOther term\n: e\n\n| a |\n|---|\n{#tb}\n\n"
        "::: tip #box\nx\n:::\n\n```\n```\n{#code}\n\n> q\n\n{#q}\n\n"
        + " ".join(
            f"[x](#{i})"
            for i in ["p", "i", "t1", "t2", "other-term", "tb", "box", "code", "q", "a", "b"]
        ),
        "text",
    )


def test_further_terms_lead_to_their_definition() -> None:
    assert sketch("One\nTwo {#two}\n: x\n\n[a](#one) [b](#two)").endswith('"[a](#one) [b](#one)"')


def test_links_between_files(tmp_path: Path) -> None:
    one = chapter("[b](two.md) [c](../x/two.md#setup)", "one", folder=tmp_path / "x")
    two = chapter("## Setup", "two", folder=tmp_path / "x")
    document = read(one, two)
    assert sketched(document.chapters[0].blocks[0]) == ['p@1 "[b](#two) [c](#setup)"']


def test_titles_are_markdown() -> None:
    document = read(chapter("text", title='The *"big"* `C`'))
    assert document.chapters[0].title[1].children[0].text == "“big”"  # type: ignore[union-attr]


def test_lines_come_from_the_assembled_chapter() -> None:
    from dataclasses import replace

    from handbook.core.diagnostics import Source

    places = (Source("t.yaml", 7), Source("", 0), Source("m.j2", 3))
    document = read(replace(chapter("one\n\ntwo"), lines=places))
    assert [block.source for block in document.chapters[0].blocks] == [places[0], places[2]]
