"""Lines fit their measure, and words are cut only where they must be, at their joints first."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from handbook.core.diagnostics import Source
from handbook.document.nodes import Code, Text
from handbook.layout.faces import load_faces
from handbook.layout.inline.compose import InlineLayouter
from handbook.layout.inline.line_breaking import break_lines
from handbook.layout.inline.runs import InlineContext, Line
from handbook.layout.inline.total_fit import paragraph_lines
from handbook.theme.loader import load_theme

THEME = load_theme()
FACES = load_faces(THEME)
SETTING = InlineContext(THEME, FACES, {}, {}, {}, {}, {}, lambda target: "")


def shown(line: Line) -> str:
    return "".join(FACES[p.style.face].text_of_codes(p.codes) for p in line.runs)


def lines(text: str, width: float, code: bool = False) -> list[str]:
    content = (Code(text),) if code else (Text(text),)
    chunks = InlineLayouter(SETTING, THEME.style("body"), None, Source()).compose(content)
    made = break_lines(chunks, width, SETTING)
    assert all(line.width <= width + 0.02 for line in made)
    return [shown(line) for line in made]


def test_a_word_that_fits_its_line_stays_whole() -> None:
    assert lines("Use GITHUB_TOKEN or AZ-400 here", 90) == [
        "Use ",
        "GITHUB_TOKEN or ",
        "AZ-400 here",
    ]


def test_a_word_wider_than_its_line_is_cut_at_a_joint() -> None:
    assert lines("multi_part_identifier_name", 90, code=True) == [
        "multi_part_",
        "identifier_name",
    ]


def test_an_address_may_go_on_below() -> None:
    text = "See https://example.org/a/rather/long/address/of/a/page for more"
    first, second, *_ = lines(text, 200)
    assert first.startswith("See https://")
    assert first.endswith("/")
    assert second.strip()


def test_compounds_break_at_their_dash_but_names_do_not() -> None:
    assert lines("multi-stage", 40) == ["multi-", "stage"]
    assert len(lines("AZ-400 AZ-104", 40)) == 2


@settings(max_examples=200, deadline=None)
@given(st.text("abWi -_/.", min_size=1, max_size=80), st.floats(30, 300), st.booleans())
def test_no_character_is_lost_and_nothing_is_too_wide(text: str, width: float, code: bool) -> None:
    # A word wider than its line may be split between syllables.
    joined = "".join(lines(text, width, code)).replace("\u00ad", "")
    assert joined.replace(" ", "") == text.replace(" ", "")
    assert joined.split() == text.split() or len(joined.split()) >= len(text.split())


def test_a_word_wider_than_its_column_is_split_between_syllables() -> None:
    assert lines("Administratively", 45) == ["Adminis\u00ad", "tratively"]
    assert lines("DevOpsSchoolOfManyLetters", 45)[0][-1] != "\u00ad"


def test_the_lines_of_a_title_are_about_equally_long() -> None:
    """No single word is left on the last line; a word with a hyphen is whole."""
    style = THEME.style("chapter-title")
    for title in (
        "Lab 4: Infrastructure from code, sign-in without a secret",
        "Automated releases, in working hours, easy to roll back.",
        "Which third-party tools do I need to know?",
        "A title",
    ):
        chunks = InlineLayouter(SETTING, style, None, Source()).compose((Text(title),))
        for width in (240, 280, 351, 420, 600):
            made = paragraph_lines(chunks, width, SETTING, style)
            assert len(made) == len(break_lines(chunks, width, SETTING))
            assert all(line.width <= width + 0.02 for line in made)
            if len(made) == 2:
                assert min(line.width for line in made) > 0.6 * max(line.width for line in made)
            assert not any(shown(line).rstrip().endswith("-") for line in made)
