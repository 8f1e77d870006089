"""SVG files with mistakes: what is lost is reported, and the reason is the true one."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from handbook.core.svg import SvgError, SvgPicture, load_svg

OPEN = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100">'


def loaded(folder: Path, text: str) -> SvgPicture:
    file = folder / "p.svg"
    file.write_text(text, "utf-8")
    return load_svg(str(file))


def words(picture: SvgPicture) -> list[str]:
    return [item.text for line in picture.lines for item in line.words]


@pytest.mark.parametrize(
    "text",
    [
        f'{OPEN}<text y="20">cut',
        f'{OPEN}<text y="20">a & b</text></svg>',
        f'{OPEN}<text y="20">a&nbsp;b</text></svg>',
        f"{OPEN}<g></svg>",
        f"{OPEN}</svg><text>more</text>",
    ],
)
def test_a_file_that_is_malformed_is_drawn_as_far_as_it_goes(tmp_path: Path, text: str) -> None:
    try:
        found = loaded(tmp_path, text).left_out
    except SvgError as problem:
        assert "the entity" in str(problem)  # noqa: PT017
    else:
        assert [one for one in found if one.startswith("what a mistake in line 1 hides (")]


def test_a_file_that_is_right_has_nothing_left_out(tmp_path: Path) -> None:
    assert not loaded(tmp_path, f'{OPEN}<text y="20">a &amp; b</text></svg>').left_out


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (OPEN + "<g>" * 2000 + "</g>" * 2000 + "</svg>", "nested too deeply"),
        ('<svg width="9" height="9"/>', 'its <svg> has no xmlns="http://www.w3.org/2000/svg"'),
        ("<html/>", "it is not an SVG file"),
        (
            f'{OPEN}<image href="data:image/png;base64,{base64.b64encode(b"no").decode()}"/></svg>',
            "a picture in it cannot be read",
        ),
    ],
)
def test_why_a_file_cannot_be_drawn(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(SvgError, match=reason):
        loaded(tmp_path, text)


@pytest.mark.parametrize(
    ("first", "expected"),
    [('systemLanguage="de"', "two"), ('systemLanguage="en-GB, de"', "one"), ("", "one")],
)
def test_the_alternative_for_english_is_taken(tmp_path: Path, first: str, expected: str) -> None:
    text = f'<switch><text {first} y="20">one</text><text y="20">two</text></switch>'
    assert words(loaded(tmp_path, f"{OPEN}{text}</svg>")) == [expected]


@pytest.mark.parametrize(
    ("text", "expected", "left_out"),
    [
        (
            "<style>:root{--c:#0055aa}.a{fill:var(--c)}</style><path class='a'/>",
            ".a{fill:#0055aa}",
            [],
        ),
        ("<path style='--c: red; fill: var( --c )'/>", "fill: red", []),
        ("<path fill='var(--no, rgb(1, 2, 3))'/>", 'fill="rgb(1, 2, 3)"', []),
        ("<style>g{--a:var(--b);--b:blue}</style><path fill='var(--a)'/>", 'fill="blue"', []),
        ("<path fill='var(--no)'/>", 'fill="currentColor"', ["the value of --no"]),
        (
            "<style>g{--a:var(--a)}</style><path fill='var(--a)'/>",
            "currentColor",
            ["the value of --a"],
        ),
    ],
)
def test_variables_of_style_sheets_have_their_values(
    tmp_path: Path, text: str, expected: str, left_out: list[str]
) -> None:
    picture = loaded(tmp_path, f"{OPEN}{text}</svg>")
    assert expected in picture.shapes
    assert picture.left_out == left_out
