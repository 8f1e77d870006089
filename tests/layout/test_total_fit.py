"""Justified paragraphs: even spaces, words whole or hyphenated rightly, nothing lost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from conftest import DAY, shipped
from hypothesis import given, settings
from hypothesis import strategies as st
from onepage import built
from page_rules import findings
from pdfread import reading_order_text, text_positions

from handbook.core.diagnostics import Source
from handbook.document.nodes import Code, Inlines, LineBreak, Reference, Text
from handbook.fonts.face import split_codes
from handbook.layout.faces import load_faces
from handbook.layout.inline.compose import InlineLayouter
from handbook.layout.inline.hyphenation import hyphenation_places
from handbook.layout.inline.line_breaking import break_lines
from handbook.layout.inline.runs import InlineContext, Line, UnbreakableRun
from handbook.layout.inline.total_fit import filled, paragraph_lines
from handbook.pipeline.phases import build
from handbook.select.selection import select
from handbook.theme.loader import load_theme

THEME = load_theme("almanac")
FACES = load_faces(THEME)
STYLE = THEME.style("body")
LABELS = {"near": "7", "far": "1024"}
SETTING = InlineContext(THEME, FACES, {}, {}, {}, {}, {}, lambda target: LABELS[target])
WIDTH = 300.0
# This far a stop may hang over the edge (points).
HANGING = 0.24 * STYLE.size
TEXT = (
    "A release strategy decides who sees a change first, and how you take it back. Blue-green keeps "
    "two environments, of which one serves. A canary gives the change to a few, watches, and goes "
    "on. Rings go from your own team to everybody, with a pause between them; feature flags part "
    "deployment from release altogether, which makes responsibility visible."
)


def chunks_of(content: Inlines) -> list[UnbreakableRun]:
    return InlineLayouter(SETTING, STYLE, None, Source()).compose(content)


def fitted(content: Inlines, width: float = WIDTH) -> list[Line]:
    return paragraph_lines(chunks_of(content), width, SETTING, STYLE)


def shown(line: Line) -> str:
    return "".join(FACES[run.style.face].text_of_codes(run.codes) for run in line.runs)


def whole(lines: list[Line]) -> str:
    """The words of lines, those that are hyphenated together again."""
    return "".join(map(shown, lines)).replace("\u00ad", "")


def spaces(line: Line) -> list[float]:
    """The widths of a line's spaces, in thousandths of the type size."""
    found: list[float] = []
    last = ""
    for run in line.runs:
        face, space = FACES[run.style.face], FACES[run.style.face].encode(" ")[0][:2]
        for part in split_codes(run.codes):
            if isinstance(part, int):
                if found and last == space:
                    found[-1] += part
                continue
            for place in range(0, len(part), 2):
                last = part[place : place + 2]
                if last == space:
                    found.append(face.width(" "))
    return found[:-1] if shown(line).endswith(" ") else found


def test_all_lines_but_the_last_end_at_the_edge() -> None:
    *lines, last = fitted((Text(TEXT),))
    assert len(lines) > 4
    assert all(WIDTH - 0.05 <= line.width <= WIDTH + HANGING for line in lines)
    assert last.width < WIDTH
    for line in lines:
        width = sum(FACES[r.style.face].width_of_codes(r.codes) * r.style.size for r in line.runs)
        ends = FACES[STYLE.face].width(" ") * STYLE.size if shown(line).endswith(" ") else 0.0
        assert (width - ends) / 1000 == pytest.approx(line.width, abs=0.05)


def test_spaces_are_more_even_than_first_fit_makes_them() -> None:
    lines = fitted((Text(TEXT),))
    widest = max(max(spaces(line)) for line in lines[:-1])
    usual = FACES[STYLE.face].width(" ")
    first = break_lines(chunks_of((Text(TEXT),)), WIDTH, SETTING)
    loosest = max(
        usual + (WIDTH - line.width) / STYLE.size * 1000 / shown(line).strip().count(" ")
        for line in first[:-1]
    )
    assert widest < loosest
    assert all(max(own) - min(own) <= 1.01 for own in map(spaces, lines))
    assert min(min(spaces(line)) for line in lines) > usual * 0.7


WORDS = st.lists(
    st.sampled_from([*TEXT.split(), "a", "deployment-strategy", "https://a.example/b"])
)


@given(WORDS, st.floats(260, 420))
@settings(max_examples=60, deadline=None)
def test_nothing_is_lost(words: list[str], width: float) -> None:
    text = " ".join(words)
    lines = fitted((Text(text),), width)
    assert whole(lines).split() == text.split()
    assert all(line.width <= width + HANGING for line in lines)
    assert len(lines) <= len(break_lines(chunks_of((Text(text),)), width, SETTING)) + 1


def test_words_are_hyphenated_where_the_dictionary_allows_it() -> None:
    text = " ".join(["responsibilities", "characteristically", "misunderstanding"] * 12)
    lines = fitted((Text(text),))
    hyphenated = [n for n, line in enumerate(lines) if shown(line).endswith("\u00ad")]
    assert hyphenated
    for number in hyphenated:
        head = shown(lines[number])[:-1].split()[-1]
        tail = shown(lines[number + 1]).split()[0].removesuffix("\u00ad")
        assert len(head) in hyphenation_places(head + tail, "en")
        assert min(len(head), len(tail)) >= 3
    assert whole(lines).split() == text.split()


def test_no_word_is_left_alone_on_a_line() -> None:
    names = (
        "Choose the associate\u00a0exam. AZ-104 for administrators. AZ-204, the\u00a0developers’"
    )
    text = f"{names} way in\u00a0for\u00a0years, was retired\u00a0on\u00a031\u00a0July\u00a02026; its successor"
    for width in range(260, 420, 4):
        lines = fitted((Text(text),), float(width))
        assert all(line.width > width * 0.6 for line in lines[:-1])


def test_a_forced_end_is_not_stretched() -> None:
    first, second = fitted((Text("Only this"), LineBreak(), Text("and that")))
    assert first.width < WIDTH / 3
    assert shown(first) == "Only this "
    assert second.width < WIDTH / 3


def test_the_spaces_of_code_have_the_width_of_a_letter() -> None:
    content = (Text(TEXT), Code("az deployment group validate"), Text(" " + TEXT))
    found = 0
    for line in fitted(content):
        for run in line.runs:
            if run.style.face.startswith("mono"):
                wide = FACES[run.style.face].width("a") * run.style.size / 1000
                letters = len(FACES[run.style.face].text_of_codes(run.codes))
                assert run.width == pytest.approx(wide * letters)
                found += letters
    assert found > 20


def test_narrow_columns_and_other_styles_are_ragged() -> None:
    chunks = chunks_of((Text(TEXT),))
    for style, width in ((STYLE, 150.0), (replace(STYLE, align="left"), WIDTH)):
        lines = paragraph_lines(chunks, width, SETTING, style)
        assert [shown(line) for line in lines] == [
            shown(line) for line in break_lines(chunks, width, SETTING)
        ]


@pytest.mark.parametrize("target", LABELS)
def test_a_line_with_the_number_of_a_page_ends_at_the_edge(target: str) -> None:
    content = (Text(TEXT[:60]), Reference(target, "page"), Text(TEXT[60:]))
    waiting = [line for line in fitted(content) if line.spaces]
    assert waiting
    for line in waiting:
        runs = filled(line, SETTING).runs[: line.count]
        assert sum(run.width for run in runs) == pytest.approx(line.width, abs=0.05)


def test_pages_have_the_same_words() -> None:
    selection = select(shipped(), role="sre", plan="30", day=DAY)
    pdfs = [build(shipped(), selection, theme=theme) for theme in ("default", "almanac")]
    assert findings(pdfs[1], theme="almanac") == []
    words = [{w for w in reading_order_text(pdf).split() if w.isalpha()} for pdf in pdfs]
    assert words[0] == words[1]


def test_lines_of_a_page_end_below_one_another() -> None:
    pdf = built(TEXT + "\n\n" + TEXT, theme="almanac")
    ends: dict[float, float] = {}
    for run in text_positions(pdf, 0):
        if run.size == STYLE.size:
            ends[round(run.y, 1)] = max(run.end, ends.get(round(run.y, 1), 0.0))
    longest = max(ends.values())
    assert sum(end > longest - HANGING - 3 for end in ends.values()) >= len(ends) - 3
