"""What holds of any document: every block knows its line, no word is lost, nothing crashes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st
from sketch import read

from handbook.core.diagnostics import HandbookError
from handbook.document.nodes import (
    Admonition,
    Block,
    CodeBlock,
    DefinitionList,
    Directive,
    Division,
    Heading,
    List,
    Paragraph,
    Quote,
    Rule,
    Table,
    children,
    inlines_of,
    plain_text,
    walk,
)
from handbook.pack.model import Pack
from handbook.pipeline.phases import document_of
from handbook.select.assemble import assemble
from handbook.select.selection import select

WORD = re.compile(r"w\d+w")


@dataclass(frozen=True)
class Piece:
    """Lines of Markdown, and which blocks begin on which of them."""

    lines: tuple[str, ...]
    marks: tuple[tuple[str, int], ...]

    def indented(self, first: str, rest: str, mark: str = "") -> Piece:
        """These lines behind a marker."""
        lines = [
            (first if number == 0 else rest) + line if line or number == 0 else rest.rstrip()
            for number, line in enumerate(self.lines)
        ]
        own = ((mark, 0),) if mark else ()
        return Piece(tuple(lines), own + self.marks)

    def below(self, *lines: str, mark: str) -> Piece:
        """These lines below others, which begin a block."""
        moved = tuple((kind, line + len(lines)) for kind, line in self.marks)
        return Piece((*lines, *self.lines), ((mark, 0), *moved))

    def above(self, *lines: str) -> Piece:
        return Piece((*self.lines, *lines), self.marks)


def together(pieces: Iterable[Piece], gap: int = 1) -> Piece:
    lines: list[str] = []
    marks: list[tuple[str, int]] = []
    for piece in pieces:
        if lines:
            lines += [""] * gap
        marks += [(kind, line + len(lines)) for kind, line in piece.marks]
        lines += piece.lines
    return Piece(tuple(lines), tuple(marks))


def numbered(text: str) -> str:
    """Each `w` of a draft as a word of its own: w0w, w1w, ..."""
    count = iter(range(100000))
    return re.sub(r"\bw\b", lambda _: f"w{next(count)}w", text)


SPANS = ["w", "*w*", "**w w**", "`w`", "~~w~~", "<kbd>w</kbd>", '"w"', "[w *w*](https://x.org)",
         "w<br>w", "(w)", "*w `w`*", "w, w", "w -- w", "<!-- c --> w", "w[^n]", r"\*w\*"]  # fmt: skip
LINES = st.lists(st.sampled_from(SPANS), min_size=1, max_size=3).map(" ".join)


@st.composite
def paragraphs(draw: st.DrawFn) -> Piece:
    lines = draw(st.lists(LINES, min_size=1, max_size=3))
    return Piece(("w " + lines[0], *lines[1:]), (("p", 0),))


@st.composite
def headings(draw: st.DrawFn) -> Piece:
    level = draw(st.integers(2, 6))
    return Piece(("#" * level + " w " + draw(LINES),), (("h", 0),))


@st.composite
def codes(draw: st.DrawFn) -> Piece:
    body = draw(
        st.lists(st.sampled_from(["w", "  w *w", "", "# w", "- w", ":::", "| w |"]), max_size=4)
    )
    fence = draw(st.sampled_from(["```", "~~~~"]))
    return Piece((fence + "py", "w", *body, "w", fence), (("code", 0),))


@st.composite
def tables(draw: st.DrawFn) -> Piece:
    columns = draw(st.integers(1, 3))
    row = st.lists(
        st.sampled_from(["w", "*w*", "`w|w`", "w \\| w", "", "[ ] w"]),
        min_size=columns,
        max_size=columns,
    )
    rows = draw(st.lists(row, max_size=3))
    lines = ["|" + " w |" * columns, "|" + "---|" * columns]
    lines += ["| " + " | ".join(cells) + " |" for cells in rows]
    marks = [("table", 0), ("tr", 0), *(("tr", number + 2) for number in range(len(rows)))]
    return Piece(tuple(lines), tuple(marks))


RULES = st.just(Piece(("***",), (("hr", 0),)))
LEAVES = st.one_of(paragraphs(), headings(), codes(), tables(), RULES)


def nested(inner: st.SearchStrategy[Piece]) -> st.SearchStrategy[Piece]:
    bodies = st.lists(inner, min_size=1, max_size=3).map(lambda p: together(separated(p)))

    @st.composite
    def lists(draw: st.DrawFn) -> Piece:
        ordered = draw(st.booleans())
        width = draw(st.sampled_from([3, 4] if ordered else [2, 4]))
        items = []
        for number in range(1, draw(st.integers(1, 3)) + 1):
            first = draw(paragraphs())
            more = draw(st.lists(inner, max_size=2))
            marker = f"{number}. " if ordered else "- "
            body = together(separated([first, *more]))
            items.append(body.indented(marker, " " * width, "li"))
        joined = together(items, draw(st.integers(0, 1)))
        return Piece(joined.lines, (("list", 0), *joined.marks))

    @st.composite
    def boxes(draw: st.DrawFn) -> Piece:
        body = draw(bodies)
        if draw(st.booleans()):
            return body.indented("    ", "    ").below('!!! tip "w"', mark="box")
        return body.below('::: note "w *w*"', mark="box").above(":::")

    @st.composite
    def divisions(draw: st.DrawFn) -> Piece:
        return draw(bodies).below(":::: columns n=1", mark="div").above("::::")

    @st.composite
    def quotes(draw: st.DrawFn) -> Piece:
        return draw(bodies).indented("> ", "> ", "quote")

    @st.composite
    def definitions(draw: st.DrawFn) -> Piece:
        first = draw(paragraphs())
        body = together(separated([first, *draw(st.lists(inner, max_size=2))]))
        return Piece(body.indented(":   ", "    ").lines, body.marks).below("w", mark="dl")

    return st.one_of(lists(), boxes(), divisions(), quotes(), definitions())


BLOCKS = st.recursive(LEAVES, nested, max_leaves=8)
DOCUMENTS = st.lists(BLOCKS, min_size=1, max_size=4).map(lambda p: together(separated(p)))


def separated(pieces: list[Piece]) -> Iterator[Piece]:
    """A paragraph between blocks that would become one: two lists, two groups of terms."""
    for number, piece in enumerate(pieces):
        if number:
            yield Piece(("w",), (("p", 0),))
        yield piece


NAMES: list[tuple[type, str]] = [
    (Heading, "h"), (Paragraph, "p"), (CodeBlock, "code"), (List, "list"), (Table, "table"),
    (Admonition, "box"), (Division, "div"), (Quote, "quote"), (DefinitionList, "dl"), (Rule, "hr"),
]  # fmt: skip


def marks_of(blocks: Iterable[Block]) -> Iterator[tuple[str, int]]:
    for block in blocks:
        name = next(name for kind, name in NAMES if isinstance(block, kind))
        yield name, block.source.line - 1
        if isinstance(block, List):
            for item in block.items:
                yield "li", item.source.line - 1
                yield from marks_of(item.blocks)
        elif isinstance(block, Table):
            for row in (*block.header, *block.rows):
                yield "tr", row.source.line - 1
        elif isinstance(block, DefinitionList):
            for definition in block.items:
                yield from marks_of(definition.blocks)
        elif isinstance(block, (Quote, Admonition, Division)):
            yield from marks_of(block.blocks)


def words_of(blocks: tuple[Block, ...]) -> list[str]:
    """The words of a tree in reading order."""
    text: list[str] = []
    for block in blocks:
        if isinstance(block, DefinitionList):
            for definition in block.items:
                text += [plain_text(term) for term in definition.terms]
                text += words_of(definition.blocks)
            continue
        text += [block.text] if isinstance(block, CodeBlock) else map(plain_text, inlines_of(block))
        text += words_of(tuple(children(block)))
    return WORD.findall(" ".join(text))


@settings(max_examples=300, deadline=None)
@given(DOCUMENTS)
def test_every_block_knows_its_line_and_no_word_is_lost(piece: Piece) -> None:
    text = numbered("\n".join(piece.lines))
    document = read(text + "\n\n[^n]: note")
    blocks = document.chapters[0].blocks
    assert list(marks_of(blocks)) == list(piece.marks)
    assert words_of(blocks) == WORD.findall(text)


SIGNS = st.sampled_from(
    [
        *"#>-+*_`~:|!?[](){}<>\\^=&\"'.0123 \t\n",
        "\n\n",
        "    ",
        "- ",
        "1. ",
        "```",
        ":::",
        "::: tip\n",
        "!!! note\n",
        "word",
        "[^a]",
        "[^a]: ",
        "*[W]: ",
        "<b>",
        "</b>",
        "<kbd>",
        "{.x}",
        "{#y}",
        "|---|\n",
        "| a | b |\n",
        ":page[",
        "https://x.org/",
        "<!--",
        "-->",
        "Table: ",
        "---\n",
        "\x02",
        "\x03",
        "\u2028",
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(SIGNS, max_size=60).map("".join))
def test_no_text_crashes(text: str) -> None:
    try:
        document = read(text)
    except HandbookError as problem:
        last = text.count("\n") + 1
        assert all(0 < d.line <= last for d in problem.diagnostics)  # noqa: PT017
        return
    for block in walk(document.chapters[0].blocks):
        assert 0 < block.source.line <= text.count("\n") + 1


@settings(max_examples=100, deadline=None)
@given(st.lists(SIGNS, max_size=40).map("".join))
def test_text_after_anything_keeps_its_line(text: str) -> None:
    lines = text.count("\n")
    try:
        document = read(text + "\n\n\nlast w0w\n")
    except HandbookError:
        return
    found = [
        block.source.line
        for block in walk(document.chapters[0].blocks)
        if isinstance(block, Paragraph) and plain_text(block.content) == "last w0w"
    ]
    assert found in ([lines + 4], [])


def test_the_shipped_pack_loses_no_word(pack: Pack) -> None:
    from conftest import DAY

    selection = select(pack, day=DAY)
    word = re.compile(r"[^\W\d_]{4,}")
    attribute = re.compile(
        r"\{[:#.][^{}\n]*\}|\]\([^)\n]*\)|:\w+\[[^\]]*\]|^:{2,}[^\"\n]*|^```\w+| [\w-]+=(?=\")|<[^>\n]*>",
        re.M,
    )
    document = document_of(pack, selection)
    for chapter, made in zip(assemble(pack, selection), document.chapters, strict=True):
        text = attribute.sub(" ", re.sub(r"(?m)^Table: (.*?)( \{.*\})$", r"\1", chapter.text))
        expected = sorted(word.findall(text))
        found = sorted(word.findall(" ".join(_all_text(made.blocks))))
        assert [w for w in expected if w not in found] == []
        assert len(found) >= len(expected) * 0.98, chapter.id


def _all_text(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in walk(blocks):
        if isinstance(block, CodeBlock):
            yield block.text
        if isinstance(block, (Directive, Division)):
            yield from block.attributes.values()
        yield from map(plain_text, inlines_of(block))


def calls(text: str) -> int:
    """How many functions reading `text` calls: work, whatever the machine."""
    import sys

    count = 0

    def seen(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(seen)
    try:
        read(text)
    finally:
        sys.setprofile(None)
    return count


def test_reading_grows_in_step_with_the_text() -> None:
    paragraph = (
        "Some *words* of a paragraph, with `code`, a [link](https://x.org) and **more** words.\n"
    )
    part = f"## Heading\n\n{paragraph * 4}\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\nx\n```\n\n"
    assert calls(part * 80) < 2.3 * calls(part * 40)
