"""`handbook theme new` writes a theme that looks like the one it begins from."""

from __future__ import annotations

from pathlib import Path

import pytest
from packs import run

from handbook.theme.loader import load_theme, shipped_themes


@pytest.mark.parametrize("base", shipped_themes())
def test_a_new_theme_has_every_token_as_a_comment(
    base: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "mine.yaml"
    code, out, _ = run(capsys, "theme", "new", str(target), "--extends", base)
    assert (code, out.strip()) == (0, str(target))
    made, known = load_theme(str(target)), load_theme(base)
    assert {key: made.raw(key) for key in made.keys()} | {"name": ""} == {  # noqa: SIM118
        key: known.raw(key)
        for key in known.keys()  # noqa: SIM118
    } | {"name": ""}
    text = target.read_text(encoding="utf-8")
    assert all(f"#   {group}" in text or f"# {group}" in text for group in ("chapter:", "area:"))


def test_an_uncommented_token_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "mine.yaml"
    run(capsys, "theme", "new", str(target))
    text = target.read_text(encoding="utf-8")
    text = text.replace("# chapter:", "chapter:").replace("#   run-in: 0.33", "  run-in: 0.5")
    target.write_text(text, encoding="utf-8")
    assert load_theme(str(target)).number("chapter.run-in") == 0.5


def test_a_file_that_exists_is_not_replaced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "mine.yaml"
    target.write_text("name: mine\n", encoding="utf-8")
    code, _, err = run(capsys, "theme", "new", str(target))
    assert code == 1
    assert "already exists" in err
    assert target.read_text(encoding="utf-8") == "name: mine\n"


def test_an_unknown_theme_is_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "theme", "new", str(tmp_path / "m.yaml"), "--extends", "almanak")
    assert code == 1
    assert "almanac" in err
