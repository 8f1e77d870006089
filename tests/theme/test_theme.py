"""Themes are data: references, sums, inheritance, contrast, and messages for mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from handbook.core.diagnostics import HandbookError
from handbook.theme.contrast import contrast, contrast_advice, text_pairs
from handbook.theme.loader import load_theme
from handbook.theme.sizes import size_advice


def theme(tmp_path: Path, text: str) -> str:
    path = tmp_path / "own.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_references_sums_and_units(tmp_path: Path) -> None:
    own = load_theme(
        theme(
            tmp_path, "extends: default\nmy: {a: 10mm, b: $my.a * 2 + 1pt, c: $my.b, d: (1+2)*3}\n"
        )
    )
    assert own.number("my.a") == pytest.approx(28.346, abs=0.01)
    assert own.number("my.b") == pytest.approx(57.69, abs=0.01)
    assert own.number("my.c") == own.number("my.b")
    assert own.number("my.d") == 9
    assert own.style("body").size == load_theme().style("body").size


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("extends: default\ncolors: {ink: blue}\n", "not a colour"),
        ("extends: default\ntext: {body: {size: big}}\n", "not a length"),
        ("extends: default\ncolors: {ink: $colors.inc}\n", "colors.inc"),
        ("extends: default\nmy: {a: $my.b, b: $my.a}\n", "refers to itself"),
        ("extends: default\ntext: {body: {size: 9\n", "malformed YAML"),
        ("extends: defalt\n", "did you mean 'default'"),
        ("extends: default\nfaces: {regular: nowhere.ttf}\n", "does not exist"),
    ],
)
def test_mistakes(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(HandbookError, match="(?s)" + words):
        own = load_theme(theme(tmp_path, text))
        own.style("body")
        own.color("colors.ink")
        own.number("my.a") if own.has("my.a") else None
        own.faces()


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('colors:\n  primary: "#123456"\n', 3, "no token of the theme uses 'colors.primary'"),
        ("faces:\n  label: ibm-plex/IBMPlexSans-Text.ttf\n", 3, "'faces.label'"),
        ('area:\n  colour: "#123456"\n', 3, "unknown token 'area.colour'"),
        ("box:\n  form: round\n", 3, "'box.form' cannot be 'round'"),
        ("box:\n  tip: {form: round}\n", 3, "'box.tip.form' cannot be 'round'"),
        ("table:\n  rows: striped\n", 3, "cannot be 'striped'"),
        ("footnotes:\n  numbering: page\n", 3, "cannot be 'page'"),
        ("text:\n  body: {align: middle}\n", 3, "cannot be 'middle'"),
        ("text:\n  lead: {like: nobody}\n", 3, "did you mean 'body'"),
        ("code:\n  keyword: {face: nope}\n", 3, "'code.keyword.face' cannot be 'nope'"),
        ("colors:\n  accent: blue\n", 3, "not a colour"),
        ("page:\n  top: wide\n", 3, "not a length"),
    ],
)
def test_a_token_that_says_nothing_is_an_error_at_its_line(
    tmp_path: Path, text: str, line: int, words: str
) -> None:
    with pytest.raises(HandbookError, match="(?s)" + words) as raised:
        load_theme(theme(tmp_path, f"extends: default\n{text}"))
    assert raised.value.diagnostics[0].line == line


def test_what_a_theme_adds_may_be_for_its_own_tokens_or_for_those_that_extend_it(
    tmp_path: Path,
) -> None:
    theme(tmp_path, "extends: default\ncolors: {brand: '#123456'}\n")
    (tmp_path / "child.yaml").write_text(
        "extends: own.yaml\n"
        "colors: {deep: '#000033'}\n"
        "faces: {label: ibm-plex/IBMPlexSans-Text.ttf}\n"
        "cover: {field: $colors.brand, pattern: $colors.deep}\n"
        "text: {caption: {face: label}}\n"
        'area: {7: "#123456"}\n'
    )
    own = load_theme(str(tmp_path / "child.yaml"))
    assert own.color("cover.field") == pytest.approx((0x12 / 255, 0x34 / 255, 0x56 / 255))
    assert own.area_colors()[-1] == "area.7"


def test_contrast_of_the_default_theme() -> None:
    assert contrast((0, 0, 0), (1, 1, 1)) == pytest.approx(21)
    assert contrast_advice(load_theme()) == []
    body = next(p for p in text_pairs(load_theme()) if p[0] == "text.body.color")
    assert contrast(body[1], body[2]) >= 7


def test_low_contrast_is_reported_with_file_and_line(tmp_path: Path) -> None:
    path = theme(tmp_path, 'extends: default\ncolors:\n  soft: "#bbbbbb"\n')
    found = contrast_advice(load_theme(path))
    assert any("colors.soft" in d.message for d in found)
    assert all(d.severity == "warning" and d.file == path for d in found)


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ('colors:\n  ink: "#dddddd"\n', "3:3: warning: colors.ink has a contrast of 1."),
        (
            'text:\n  body: {color: "#cccccc"}\n',
            "3:10: warning: text.body.color has a contrast of 1.",
        ),
    ],
)
def test_one_colour_that_is_too_light_is_one_message(tmp_path: Path, text: str, start: str) -> None:
    path = theme(tmp_path, f"extends: default\n{text}")
    (found,) = contrast_advice(load_theme(path))
    assert str(found).startswith(f"{path}:{start}")
    assert "(it colours text." in found.message
    assert "more tokens)" in found.message


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("text:\n  body: {size: 4}\n", "3:10: warning: text.body.size is 4 points"),
        ("text:\n  body: {leading: 2}\n", "3:10: warning: text.body.leading is 2 points"),
    ],
)
def test_text_that_cannot_be_read_is_reported_once(tmp_path: Path, text: str, start: str) -> None:
    path = theme(tmp_path, f"extends: default\n{text}")
    (found,) = size_advice(load_theme(path))
    assert str(found).startswith(f"{path}:{start}")


@pytest.mark.parametrize("name", ["default", "almanac", "field-guide"])
def test_shipped_themes_have_text_that_can_be_read(name: str) -> None:
    assert size_advice(load_theme(name)) == []


def test_a_value_of_yaml_is_shown_as_it_is_written(tmp_path: Path) -> None:
    path = theme(tmp_path, "extends: default\ntext:\n  body: {size: true}\n")
    with pytest.raises(HandbookError, match="'text.body.size' cannot be true"):
        load_theme(path).style("body")
