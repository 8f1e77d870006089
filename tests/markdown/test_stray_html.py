"""Words where HTML allows none, code for servers, and tags that look like ours."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sketch import chapter

from handbook.document.nodes import Document, Meta, inlines_of, plain_text, walk
from handbook.markdown import Rules, parse


def read(text: str) -> Document:
    one = replace(chapter(text), dialect="gfm")
    return parse([one], Meta(title="T"), {}, Rules(lenient=True, coverage=True))


def printed(document: Document) -> str:
    blocks = walk(document.chapters[0].blocks)
    return " ".join(plain_text(words) for block in blocks for words in inlines_of(block))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "<table>one<tr>two<td>a</td>three</tr>four<tbody>five<tr><td>b</td></tr></tbody></table>",
            "one two three four five a b",
        ),
        ("<table><tr><td>a</td></tr><td>b</td><td>c</td></table>", "a b c"),
        ("<table><caption>one</caption><caption>two</caption><tr><th>a</th></tr></table>", "one two a"),
        ("<ul>one<li>a</li>two <b>three</b><li>b</ul>", "one a two three b"),
        ("<ol>one<p>two</p><li>a</ol>", "one two a"),
        ("<dl>one<dt>a</dt>two<dd>b</dd><div><dt>c</dt><dd>d</dd>three</div>four</dl>",
         "one a two b c d three four"),
        ('<select><optgroup label="one"><option>two</option></optgroup></select>', "one two"),
        ("<table><tr><td><table>in<tr><td>ner</td></tr></table></td></tr></table>", "in ner"),
    ],
)  # fmt: skip
def test_words_where_none_are_allowed_are_printed(text: str, words: str) -> None:
    document = read(text + "\n")
    found = printed(document).split()
    assert sorted(word for word in found if word != "Table:") == sorted(words.split())
    assert not [one for one in document.warnings if one.code in ("lost-text", "doubled-text")]


@pytest.mark.parametrize(
    "text",
    [
        "Words <?php echo 1 ?> here.",
        "<?php\necho 1;\n?>",
        "<![CDATA[ section ]]>",
        "a <![CDATA[ b ]]>",
    ],
)
def test_what_browsers_do_not_show_is_reported(text: str) -> None:
    document = read(f"Before.\n\n{text}\n")
    (warning,) = [one for one in document.warnings if one.code == "unprintable"]
    assert warning.line == 3
    assert "is left out" in warning.message


def test_code_for_servers_in_a_comment_is_not_news() -> None:
    assert not read("<!--\n<?php ?>\n-->\n\nWords.\n").warnings


@pytest.mark.parametrize(
    "tag", ["x-code", "x-formula", "x-formula-inline", "x-note", "x-noteref", "X-CODE"]
)
@pytest.mark.parametrize("number", ["", ' n="0"', ' n="99"', ' n="x"'])
def test_tags_of_the_reader_are_unknown_tags_to_authors(tag: str, number: str) -> None:
    text = f"<{tag}{number}>words</{tag}>"
    document = read(f"```\ncode\n```\n\n{text}\n\nIn a line {text} again.\n\n<div>{text}</div>\n")
    assert printed(document).count("words") == 3
    assert {one.code for one in document.warnings} == {"unprintable"}


@pytest.mark.parametrize("start", ["abc", "-", "1.5", "99999999999999", "", "٣"])
def test_a_list_that_starts_with_no_number(start: str) -> None:
    for attributes in (
        f'start="{start}"',
        f'reversed start="{start}"',
        f'start="{start}" reversed',
    ):
        assert printed(read(f"<ol {attributes}><li>one<li>two</ol>\n")).split() == ["one", "two"]


def test_a_footnote_that_is_written_twice_is_the_first_as_on_github() -> None:
    document = read("Words[^a].\n\n[^a]: first\n\n    more\n\n[^a]: second\n\nLast.\n")
    (warning,) = document.warnings
    assert (warning.code, warning.line) == ("note-twice", 7)
    (note,) = document.notes.values()
    assert [plain_text(words) for block in note for words in inlines_of(block)] == ["first", "more"]
    assert printed(document).endswith("Last.")


def test_a_footnote_that_is_not_written_is_reported() -> None:
    document = read("Words[^a] and `[^b]`.\n")
    (warning,) = document.warnings
    assert warning.code == "foreign-syntax"
    assert "a footnote that is not written" in warning.message
    assert "[^a]" in printed(document)
