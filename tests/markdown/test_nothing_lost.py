"""Every construct in every container, in both dialects: no word is lost, doubled or moved."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from generator import DIALECTS, TEXTS, Writer, blocks, containers, inlines, numbers
from hypothesis import given, settings
from hypothesis import strategies as st
from sketch import chapter

from handbook.core.diagnostics import Diagnostic
from handbook.document.nodes import CodeBlock, Meta, walk
from handbook.markdown import Rules, parse
from handbook.pack.page_titles import take_title

EXAMPLES = int(os.environ.get("HANDBOOK_EXAMPLES", "60"))


def complaints(texts: Sequence[tuple[str, int]], dialect: str) -> list[str]:
    """What is wrong with the chapter that each text makes; empty if nothing is."""
    folder = Path(__file__).parent
    made = [
        replace(chapter(text, f"c{n}", folder=folder), dialect=dialect)
        for n, (text, _) in enumerate(texts)
    ]
    document = parse(made, Meta(title="T"), {}, Rules(lenient=True, coverage=True))
    warnings: dict[str, list[Diagnostic]] = {}
    for one in document.warnings:
        warnings.setdefault(one.file, []).append(one)
    return [
        complaint(text, count, numbers(document, one), warnings.get(f"{one.id}.md", []))
        for (text, count), one in zip(texts, document.chapters, strict=True)
    ]


def complaint(text: str, count: int, parts: list[list[int]], warnings: Sequence[Diagnostic]) -> str:
    found = sorted(n for part in parts for n in part)
    said = " ".join(one.message for one in warnings)
    # A footnote that nothing refers to is reported by its name.
    for name in re.findall(r"nothing refers to the footnote (\[\^\w+\])", said):
        said += " ".join(line for line in text.split("\n") if line.startswith(f"{name}:"))
    lost = [n for n in range(1, count + 1) if n not in found and f"w{n}w" not in said]
    doubled = [n for n in set(found) if found.count(n) > 1]
    moved = [part for part in parts if part != sorted(part)]
    gate = [str(one) for one in warnings if one.code in ("lost-text", "doubled-text")]
    wrong = {"lost": lost, "doubled": doubled, "moved": moved, "gate": gate}
    wrong = {name: value for name, value in wrong.items() if value}
    return f"{wrong}\n{text}" if wrong else ""


def pairs(dialect: str) -> Iterator[tuple[str, str, int]]:
    """A name, a text and the number of its words for every pair of kinds."""
    for block, inline in product(blocks(dialect), inlines(dialect)):
        writer = Writer(dialect)
        yield f"{inline} in {block}", writer.document(writer.block(block, inline)), writer.count
    for container, block in product(containers(dialect), blocks(dialect)):
        writer = Writer(dialect)
        text = writer.within(container, lambda b=block, w=writer: w.block(b))
        yield f"{block} in {container}", writer.document(text, writer.word()), writer.count
    for container, inline in product(containers(dialect), inlines(dialect)):
        writer = Writer(dialect)
        text = writer.within(container, lambda i=inline, w=writer: w.inline(i), inline)
        yield f"{inline} in {container}", writer.document(text, writer.word()), writer.count
    for inline, text_kind in product(inlines(dialect), TEXTS):
        writer = Writer(dialect)
        yield (
            f"{text_kind} in {inline}",
            writer.document(writer.inline(inline, text_kind)),
            writer.count,
        )
    for block, text_kind in product(blocks(dialect), TEXTS):
        writer = Writer(dialect)
        text = writer.document(writer.block(block, "words", text_kind))
        yield f"{text_kind} in {block}", text, writer.count
    for outer, inner in product(containers(dialect), repeat=2):
        writer = Writer(dialect)
        text = writer.within(
            outer, lambda i=inner, w=writer: w.within(i, lambda: w.block("paragraph"))
        )
        yield f"{inner} in {outer}", writer.document(text, writer.word()), writer.count


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_pair(dialect: str) -> None:
    names, texts, counts = zip(*pairs(dialect), strict=True)
    found = complaints(list(zip(texts, counts, strict=True)), dialect)
    wrong = {name: one for name, one in zip(names, found, strict=True) if one}
    shown = "\n\n".join(list(wrong.values())[:3])
    assert not wrong, f"{len(wrong)} of {len(names)}: {list(wrong)}\n\n{shown}"


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("depth", [10, 40])
@pytest.mark.parametrize("kind", ["item", "number", "task", "quote"])
def test_depth(kind: str, depth: int, dialect: str) -> None:
    writer = Writer(dialect)

    def nested(left: int) -> str:
        return writer.within(kind, lambda: nested(left - 1)) if left else writer.word()

    text = writer.document(nested(depth), writer.word(), f"## {writer.word()}", writer.word())
    assert complaints([(text, writer.count)], dialect) == [""]


HTML = {
    "details": ("<details>\n\n", "\n\n", "</details>\n"),
    "list": ("<ul><li>", "\n", "</li></ul>\n"),
    "list, left open": ("<ul><li>", "\n", ""),
    "definition": ("<dl><dt>a</dt><dd>", "\n", "</dd></dl>\n"),
    "quote": ("<blockquote>", "", "</blockquote>\n"),
    "division": ("<div>\n\n", "\n\n", "</div>\n"),
    "table": ("<table><tr><td>", "\n", "</td></tr></table>\n"),
    "figure": ("<figure>", "\n", "</figure>\n"),
    "words": ("<b>", " ", "</b>"),
    "code": ("<code>", " ", "</code>"),
    "words in a paragraph": ("x <i>", " ", "</i>"),
}  # fmt: skip


@pytest.mark.parametrize("depth", [40, 130, 250, 3000])
@pytest.mark.parametrize("kind", HTML)
def test_html_of_any_depth(kind: str, depth: int) -> None:
    writer = Writer("gfm")
    opening, after, closing = HTML[kind]
    nested = "".join(f"{opening}{writer.word()}{after}" for _ in range(depth)) + closing * depth
    text = writer.document(nested, f"## {writer.word()}", writer.word())
    assert complaints([(text, writer.count)], "gfm") == [""]


def test_code_ends_with_the_item_that_it_is_in() -> None:
    text = "- w1w\n\n    ```\n    w2w\n    ```\n\n    w3w\n    ```\n\nw4w [^n].\n\n[^n]: w5w\n"
    assert complaints([(text, 5)], "gfm") == [""]


def test_a_fence_begins_behind_the_marks_of_items() -> None:
    """The line that closes such a fence opens none, and what is in it is code."""
    inner = "- - ```html\n    w2w\n\n    <!-- w3w -->\n    :::\n    ```"
    box = "- w1w\n\n    ::: note\n    {}\n    :::\n\nw4w\n\n## w5w\n"
    for dialect in DIALECTS:
        text = box.format(inner.replace("\n", "\n    "))
        assert complaints([(text, 5)], dialect) == [""]
        made = parse([replace(chapter(text), dialect=dialect)], Meta(title="T"), {})
        code = [one.text for one in walk(made.chapters[0].blocks) if isinstance(one, CodeBlock)]
        assert code == ["w2w\n\n<!-- w3w -->\n:::"]
        kinds = [type(block).__name__ for block in made.chapters[0].blocks]
        assert kinds == ["List", "Paragraph", "Heading"]


def test_a_comment_in_code_is_not_a_title() -> None:
    for text in ("- ```sh\n  # w1w\n  ```\n", "1. ~~~\n   # w1w\n   ~~~\n", "- ```w1w```\n"):
        assert take_title(text + "\n# Right\n")[0] == "Right"


@pytest.mark.parametrize("end", ["", "    :::\n", ":::\n"])
def test_a_box_that_is_left_open_ends_with_its_item(end: str) -> None:
    text = f"- w1w\n\n    ::: note\n    w2w\n{end}\nw3w\n\n- w4w\n\n    ::: tip\n    w5w\n    :::\n\nw6w\n"
    for dialect in DIALECTS:
        assert complaints([(text, 6)], dialect) == [""]


@pytest.mark.parametrize(
    "text",
    [
        "w1w\n\n    w2w[^n]\n\n    [^n]: w3w\n",
        "- - w1w\n\n        1. H<sub>w2w</sub>\n",
        "- > 7. w1w\n  > 8. w2w\n",
        "- - w1w[^n]\n\n        [^n]: w2w\n",
    ],
)
def test_the_gate_knows_what_is_printed_as_it_is_written(text: str) -> None:
    for dialect in DIALECTS:
        assert complaints([(text, text.count("w") // 2)], dialect) == [""]


def test_the_marks_of_notes_to_code_are_not_lost_words() -> None:
    listing = "```yaml\nw1w: w2w  # (1)!\nw3w: 4  # (2)!\n```\n\n1. w4w\n2. w5w\n"
    for dialect in DIALECTS:
        assert complaints([(listing, 5)], dialect) == [""]


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, str, int]:
    dialect = draw(st.sampled_from(DIALECTS))
    writer = Writer(dialect)

    def part(depth: int) -> str:
        inline = draw(st.sampled_from(sorted(inlines(dialect))))
        text = draw(st.sampled_from(sorted(TEXTS)))
        if depth and draw(st.booleans()):
            kind = draw(st.sampled_from(sorted(containers(dialect))))
            return writer.within(kind, lambda: part(depth - 1), inline, text)
        return writer.block(draw(st.sampled_from(sorted(blocks(dialect)))), inline, text)

    parts = [part(draw(st.integers(0, 12))) for _ in range(draw(st.integers(1, 4)))]
    return writer.document(*parts), dialect, writer.count


@settings(max_examples=EXAMPLES, deadline=None)
@given(documents())
def test_any_document(made: tuple[str, str, int]) -> None:
    text, dialect, count = made
    assert complaints([(text, count)], dialect) == [""]
