"""`dialect: gfm`: Markdown as GitHub and documentation tools read it, in the same tree."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sketch import chapter, sketched
from sketch import words as sketched_words

from handbook.core.diagnostics import Source
from handbook.document.nodes import (
    Admonition,
    Code,
    CodeBlock,
    DefinitionList,
    Document,
    Figure,
    Formula,
    FormulaBlock,
    Heading,
    Link,
    List,
    Meta,
    NoteReference,
    Paragraph,
    Quote,
    Span,
    Table,
    every_inline,
    inlines_of,
    plain_text,
    walk,
    walk_inlines,
)
from handbook.markdown import Rules, parse
from handbook.select.assemble import AssembledChapter


def read(text: str, folder: Path = Path(), **others: str) -> Document:
    chapters = []
    for name, words in {"a": text, **others}.items():
        count = words.count("\n") + 1
        chapters.append(
            AssembledChapter(
                name,
                name.title(),
                "main",
                "chapter",
                True,
                2,
                "",
                words,
                tuple(Source(f"{name}.md", n) for n in range(1, count + 1)),
                Source(f"{name}.md", 1),
                folder,
                "gfm",
            )
        )
    return parse(chapters, Meta("T"), {}, Rules(lenient=True, folder=folder))


def blocks(text: str):
    return read(text).chapters[0].blocks


def kinds(text: str) -> list[str]:
    return [type(block).__name__ for block in walk(blocks(text))]


def words(text: str) -> str:
    found = [plain_text(i) for block in walk(blocks(text)) for i in inlines_of(block)]
    return " | ".join(word for word in found if word)


def spans(text: str) -> list[tuple[str, str]]:
    found = [i for b in walk(blocks(text)) for inl in inlines_of(b) for i in walk_inlines(inl)]
    return [(i.kind, plain_text(i.children)) for i in found if isinstance(i, Span)]


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("~~gone~~", "strike", "gone"),
        ("~gone~", "strike", "gone"),
        ("<kbd>Ctrl</kbd>", "keyboard", "Ctrl"),
        ("H<sub>2</sub>O", "subscript", "2"),
        ("x<sup>2</sup>", "superscript", "2"),
        ("<mark>this</mark>", "mark", "this"),
        ("<b>fat</b>", "strong", "fat"),
        ("<i>lean</i>", "emphasis", "lean"),
        ("<ins>new</ins> <del>old</del>", "strike", "old"),
        ("The HTML.\n\n*[HTML]: Hypertext", "abbreviation", "HTML"),
    ],
)
def test_spans(text: str, kind: str, said: str) -> None:
    assert (kind, said) in spans(text)


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("> [!WARNING]\n> Mind the gap.", "warning", "Mind the gap."),
        ('!!! tip "By the way"\n    Text.', "tip", "By the way | Text."),
        ("??? info\n    Text.", "info", "Info | Text."),
        ("<details>\n<summary>More</summary>\n\nText.\n\n</details>", "details", "More | Text."),
        ("::: note Mind\nText.\n:::", "note", "Mind | Text."),
        ("/// warning | Mind\nText.\n///", "warning", "Mind | Text."),
        ('=== "Python"\n\n    Text.', "tab", "Python | Text."),
        ('<div class="warning">\n\nText.\n\n</div>', "warning", "Text."),
    ],
)
def test_boxes(text: str, kind: str, said: str) -> None:
    (box,) = blocks(text)
    assert isinstance(box, Admonition)
    assert box.kind == kind
    assert words(text) == said


def test_lists_nest_by_two_spaces_and_hold_code() -> None:
    (outer,) = blocks("1. one\n   ```sh\n   ls\n   ```\n2. two\n   - inner\n     - innermost\n")
    assert isinstance(outer, List)
    assert outer.ordered
    assert isinstance(outer.items[0].blocks[1], CodeBlock)
    inner = outer.items[1].blocks[1]
    assert isinstance(inner, List)
    assert isinstance(inner.items[0].blocks[1], List)


def test_task_lists_tick() -> None:
    (found,) = blocks("- [ ] to do\n- [x] done\n- plain")
    assert isinstance(found, List)
    assert [item.checked for item in found.items] == [False, True, None]


def test_what_github_does_not_know_but_documentation_writes() -> None:
    assert kinds("Term\n:   Meaning") == ["DefinitionList", "Paragraph"]
    assert isinstance(blocks("Term\n:   Meaning")[0], DefinitionList)


def test_footnotes() -> None:
    document = read("Text[^one].\n\n[^one]: The note.")
    (paragraph,) = document.chapters[0].blocks
    assert isinstance(paragraph, Paragraph)
    (mark,) = [i for i in paragraph.content if isinstance(i, NoteReference)]
    (note,) = document.notes[mark.id]
    assert isinstance(note, Paragraph)
    assert plain_text(note.content) == "The note."


def test_math_is_a_formula_and_money_is_text() -> None:
    text = "Say $a_1 * b_2$ and $5 or $6, $1 - A$, from $3/month up to $4."
    (paragraph,) = blocks(text)
    assert isinstance(paragraph, Paragraph)
    found = [one.tex for one in paragraph.content if isinstance(one, Formula)]
    assert found == ["a_1 * b_2", "1 - A"]
    assert "$5 or $6" in words(text)
    assert "from $3/month up to $4." in words(text)
    for source in ("$$\nx_1\n$$", "```math\nx_1\n```"):
        (block,) = blocks(source)
        assert isinstance(block, FormulaBlock)
        assert block.formula.tex == "x_1"


def test_characters_mean_themselves() -> None:
    assert words("&lt;b&gt; &amp;lt; &copy; \\*") == "<b> &lt; © *"
    assert Code("&amp; <x>") in list(walk_inlines(blocks("`&amp; <x>`")[0].content))  # type: ignore[union-attr]
    assert words("Vec<T> is kept") == "Vec<T> is kept"


def test_comments_are_left_out() -> None:
    assert words("one <!-- two --> three\n\n<!--\nfour\n-->\n\nfive") == "one three | five"


def test_html_blocks_read_like_markdown() -> None:
    text = '<p align="center">\n  <b>One</b>\n</p>\n\n<div>\n\n## Two\n\n- three\n\n</div>'
    assert kinds(text) == ["Paragraph", "Heading", "List", "Paragraph"]


def test_html_tables_span() -> None:
    (table,) = blocks(
        "<table><tr><th>a</th><th>b</th></tr><tr><td rowspan=2>1</td><td><p>2</p><ul><li>3"
        "</ul></td></tr><tr><td>4</td></tr></table>"
    )
    assert isinstance(table, Table)
    assert len(table.header) == 1
    assert [len(row.cells) for row in table.rows] == [2, 1]
    assert table.rows[0].cells[0].rowspan == 2
    assert [type(b) for b in table.rows[0].cells[1].blocks] == [Paragraph, List]


def test_hard_breaks_setext_references_nested_quotes() -> None:
    assert kinds("a  \nb\\\nc") == ["Paragraph"]
    heading, *_ = blocks("Two\n---")
    assert isinstance(heading, Heading)
    (paragraph,) = blocks("[words][r]\n\n[r]: https://example.org 'T'")
    assert isinstance(paragraph, Paragraph)
    assert isinstance(paragraph.content[0], Link)
    (quote,) = blocks("> a\n> > b")
    assert isinstance(quote, Quote)
    assert isinstance(quote.blocks[1], Quote)


@pytest.mark.parametrize(
    ("text", "message", "printed"),
    [
        (
            'a\n\n<video src="v.mp4"></video>',
            "<video> cannot be printed",
            "Not printed: video, v.mp4",
        ),
        ('a\n\n<iframe src="https://e.org/x"></iframe>', "<iframe> cannot", "https://e.org/x"),
        ("a\n\n<script>let x = 1</script>", "<script> cannot be printed", "a"),
        ("a\n\n<style>p {}</style>", "<style> cannot be printed", "a"),
        ("a\n\n<Tabs>\n\ninner\n\n</Tabs>", "<Tabs> is not an element of HTML", "inner"),
        ("a\n\n![Build](https://e.org/b.svg)", "is not in the book", "Build"),
        ("a\n\n[words](nowhere.md)", "leads out of the book: 'nowhere.md'", "words"),
        ("a\n\n[words](#nowhere)", "a link to nowhere: #nowhere", "words"),
        ("a\n\n![Map](map.png)", "the picture 'map.png' does not exist", "a"),
    ],
)
def test_what_cannot_be_printed_is_reported_and_noted(
    text: str, message: str, printed: str
) -> None:
    document = read(text)
    (warning,) = document.warnings
    assert warning.severity == "warning"
    assert (warning.file, warning.line) == ("a.md", 3)
    assert message in warning.message
    assert printed in words(text)


def test_a_missing_picture_is_a_figure_that_says_so() -> None:
    _, figure = blocks("a\n\n![Map](map.png)")
    assert isinstance(figure, Figure)
    assert figure.image.missing == "map.png"


def test_links_between_files_become_links_in_the_book() -> None:
    document = read(
        "[one](b.md) [two](b.md#Part-Two) [three](../b/#part-two) [four](b.html)", b="## Part two"
    )
    (paragraph,) = document.chapters[0].blocks
    assert isinstance(paragraph, Paragraph)
    found = [i.target for i in paragraph.content if isinstance(i, Link)]
    assert found == ["#b", "#part-two", "#part-two", "#b"]
    assert not document.warnings


def test_ids_of_two_files_may_be_the_same() -> None:
    document = read("# A {#same}\n\n[x](#same)", b="# B {#same}\n\n[x](#same)")
    assert not document.warnings
    ids = [chapter.blocks[0].id for chapter in document.chapters]
    links = [chapter.blocks[1].content[0].target for chapter in document.chapters]  # type: ignore[union-attr]
    assert len(set(ids)) == 2
    assert links == [f"#{target}" for target in ids]


def test_anchors_of_html_are_found() -> None:
    document = read('[x](#here)\n\n<a name="here"></a>\n\nPlace.')
    assert document.chapters[0].blocks[1].id == "here"
    assert not document.warnings


def test_a_character_without_a_font_is_printed_by_its_number() -> None:
    document = read("a\n\nb \U0001d306 c")
    (warning,) = document.warnings
    assert (warning.line, warning.code) == (3, "missing-glyph")
    assert words("b \U0001d306 c") == "b [U+1D306] c"


def test_a_character_without_a_font_that_the_text_names_is_printed_by_its_number() -> None:
    document = read("a\n\nb &#x1D306; c `&#x1D306;`\n\n![d &#119558;](gone.png)")
    kinds_ = {(w.line, w.code) for w in document.warnings if w.code == "missing-glyph"}
    assert kinds_ == {(3, "missing-glyph"), (5, "missing-glyph")}
    assert words("b &#x1D306; c `&#x1D306;`") == "b [U+1D306] c &#x1D306;"
    (picture,) = [i for i in walk(document.chapters[0].blocks[2:]) if isinstance(i, Figure)]
    assert picture.images[0].alt == "d [U+1D306]"


@pytest.mark.parametrize("words_", ["![](a.png)", "![ ](a.png)", "`` ``", "[ ![](a.png) ](b.md)"])
def test_a_heading_without_words_names_no_section(words_: str) -> None:
    assert "Heading" not in kinds(f"## {words_}\n\nText\n\n## ![A map](a.png)")[:1]
    assert kinds(f"## {words_}\n\n## ![A map](a.png)")[-1] == "Heading"


def test_headings_of_the_level_of_the_title_are_sections_with_others_below_them() -> None:
    text = "Before.\n\n# One\n\n## Below\n\n> ### Deep\n\n# Two"
    assert [b.level for b in walk(blocks(text)) if isinstance(b, Heading)] == [2, 3, 4, 2]
    assert [b.level for b in walk(blocks("## One\n\n### Below")) if isinstance(b, Heading)] == [
        2,
        3,
    ]


def test_signs_of_sites() -> None:
    assert spans("Press ++ctrl+c++ :material-play: now")[0] == ("keyboard", "Ctrl")
    assert words("Press ++ctrl+c++ :material-play:{ .big } now") == "Press Ctrl+C now"
    assert kinds("[TOC]\n\nText") == ["Paragraph"]


def test_a_label_on_the_next_line_is_a_link_of_its_own() -> None:
    text = "A [rule]\n[label] there.\n\n[label]: https://example.org\n[rule]: https://example.com"
    (paragraph,) = blocks(text)
    assert isinstance(paragraph, Paragraph)
    found = [(i.target, plain_text(i.children)) for i in paragraph.content if isinstance(i, Link)]
    assert found == [("https://example.com", "rule"), ("https://example.org", "label")]
    assert words("r[a.b]\n[label] there.\n\n[label]: https://example.org") == "r[a.b] label there."


def test_a_meaning_without_a_term_keeps_its_blocks() -> None:
    text = "<!-- option -->\n\n:   How fast.\n\n    ```yaml\n    a: 1\n    ```\n\n    !!! note\n\n        Text.\n\nAfter.\n"
    drawn = "\n".join(line for block in blocks(text) for line in sketched(block))
    assert drawn == (
        'p@3 "How fast."\ncode@5 yaml \'a: 1\'\nbox@9 note\n  p@11 "Text."\np@13 "After."'
    )


def test_a_title_may_have_a_footnote() -> None:
    one = replace(chapter("Text.\n\n[^1]: In the note.\n", title="Title[^1]"), dialect="gfm")
    document = parse([one], Meta("A book"), {}, Rules())
    assert sketched_words(document.chapters[0].title) == "Title^(c-1)"
    (note,) = document.notes["c-1"]
    assert isinstance(note, Paragraph)
    assert sketched_words(note.content) == "In the note."
    assert document.warnings == ()


@pytest.mark.parametrize(
    "text",
    [
        "[words](https://a.org/🔦%20b)",
        '<a href="https://a.org/🔦%20b">words</a>',
        "[words]\n\n[words]: https://a.org/🔦%20b",
        "<https://a.org/🔦%20b>",
    ],
)
def test_an_address_keeps_the_characters_that_no_font_has(text: str) -> None:
    document = read(text)
    (link,) = [one for one in every_inline(document.chapters[0].blocks) if isinstance(one, Link)]
    assert link.target == "https://a.org/%F0%9F%94%A6%20b"
    assert bool(document.warnings) is text.startswith("<https")
    (code,) = read("`[a](🔦)`").chapters[0].blocks
    assert "[electric torch]" in plain_text(next(inlines_of(code)))


def test_labels_of_missing_glyphs_make_no_links() -> None:
    one = replace(chapter("a \U0001d306\U0001d306 b \U0001d306(c) [x]\U0001d306\n"), dialect="gfm")
    for own in (one, replace(one, dialect="handbook")):
        document = parse([own], Meta("A book"), {}, Rules(lenient=True))
        assert {warning.code for warning in document.warnings} == {"missing-glyph"}
        (block,) = document.chapters[0].blocks
        assert isinstance(block, Paragraph)
        plain = sketched_words(block.content).replace("\u2060", "")
        assert plain == "a [U+1D306][U+1D306] b [U+1D306](c) [x][U+1D306]"


@pytest.mark.parametrize(
    ("text", "printed", "said"),
    [
        ("a\u2061b\u2063c", "abc", "cannot be printed; left out"),
        ("a\u180eb", "ab", "cannot be printed; left out"),
        ("\u845b\U000e0100\u57ce", "\u845b\u57ce", "(VARIATION SELECTOR-17) cannot be printed"),
        ("a\U000e0067b", "ab", "cannot be printed; left out"),
        ("a\ufdd0b\U0001fffec", "abc", "(no character) cannot be printed; left out"),
        ("a\u1680b", "a b", "printed as a space"),
    ],
)
def test_invisible_characters_are_not_numbers_in_the_text(
    text: str, printed: str, said: str
) -> None:
    for dialect in ("gfm", "handbook"):
        one = replace(chapter(f"{text}\n"), dialect=dialect)
        document = parse([one], Meta("A book"), {}, Rules())
        (block,) = document.chapters[0].blocks
        assert isinstance(block, Paragraph)
        assert plain_text(block.content) == printed
        assert {warning.code for warning in document.warnings} == {"unprintable-character"}
        assert any(said in warning.message for warning in document.warnings)


def test_a_script_without_a_font_is_one_message() -> None:
    document = read("Fine.\n\n\u13e3\u13b3\u13a9 \u13cd\u13cc\u13a2\n\n\u13e3 \u13a0\n")
    (warning,) = [one for one in document.warnings if one.code == "missing-glyph"]
    assert warning.line == 3
    assert "no font has 7 characters of this file, such as" in warning.message
    assert "[U+13" in warning.message
