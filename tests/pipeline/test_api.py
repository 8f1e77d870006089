"""The public functions, and the examples of docs/api.md as they are printed there."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from packs import pack, run

import handbook
from handbook.document.nodes import Document, Paragraph, plain_text, walk

ROOT = Path(__file__).parents[2]
DAY = date(2026, 12, 1)


def test_the_examples_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    code = "\n".join(
        re.findall(r"```python\n(.*?)```", (ROOT / "docs/api.md").read_text("utf-8"), re.S)
    )
    names: dict[str, object] = {}
    exec(code, names)
    printed = capsys.readouterr().out
    assert "Your work: cook\n" in printed
    assert re.search(r"^    +What good looks like .*11-your-work\.md:\d+", printed, re.MULTILINE)
    assert isinstance(names["pdf"], bytes)


def test_build_is_what_the_command_writes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = pack(tmp_path / "pack", tables__roles_dot_yaml="- {id: cook, name: Cook}\n")
    target = tmp_path / "x.pdf"
    options = ["--role", "cook", "--date", "2026-12-01", "--paper", "a5", "-o", str(target), "-q"]
    assert run(capsys, "build", "--content", str(folder), *options)[0] == 0
    made = handbook.build(handbook.load(folder), day=DAY, role="cook", paper="a5")
    assert made == target.read_bytes()


def test_read_gives_the_tree(tmp_path: Path) -> None:
    tree = handbook.read(handbook.load(pack(tmp_path)), day=DAY)
    assert isinstance(tree, Document)
    (paragraph,) = (b for c in tree.chapters for b in walk(c.blocks) if isinstance(b, Paragraph))
    assert plain_text(paragraph.content) == "Hello, reader."
    assert (Path(paragraph.source.file).name, paragraph.source.line) == ("one.md", 5)


def test_a_mistake_is_an_error_with_its_place(tmp_path: Path) -> None:
    book = handbook.load(pack(tmp_path, tables__roles_dot_yaml="- {id: cook, name: Cook}\n"))
    with pytest.raises(handbook.HandbookError) as wrong:
        handbook.build(book, day=DAY, role="coock")
    (one,) = wrong.value.diagnostics
    assert one.message == "unknown role 'coock'"
    with pytest.raises(handbook.HandbookError, match="one.md"):
        (tmp_path / "one.md").write_text("no title\n", encoding="utf-8")
        handbook.load(tmp_path)


def test_folders_and_dates_may_be_text(tmp_path: Path) -> None:
    folder = pack(tmp_path, tables__roles_dot_yaml="- {id: cook, name: Cook}\n")
    whole = handbook.build(handbook.load(folder), day=DAY, role="cook")
    assert handbook.build(str(folder), day="2026-12-01", role="cook") == whole
    assert handbook.read(folder, day="2026-12-01") == handbook.read(folder, day=DAY)
    with pytest.raises(handbook.HandbookError, match="2026-12-01"):
        handbook.build(folder, day="1 December")


def test_days_may_be_text_everywhere() -> None:
    dated = {
        "start": date(2026, 12, 7), "exam": date(2027, 3, 1), "skip": ["2026-12-24"],
        "holidays": [date(2026, 12, 25)], "days": "mon,wed",
    }  # fmt: skip
    as_text = {
        "start": "2026-12-07", "exam": "2027-03-01", "skip": date(2026, 12, 24),
        "holidays": "2026-12-25", "days": ["mon", "wed"],
    }  # fmt: skip
    trees = [
        handbook.read(handbook.load(), day=day, plan="30", calendar=calendar)
        for day, calendar in ((DAY, dated), ("2026-12-01", as_text))
    ]
    assert trees[0] == trees[1]


@pytest.mark.parametrize(
    ("calendar", "message"),
    [
        ({"strat": "2026-12-07"}, "unknown key 'strat' in the calendar"),
        ({"hours": 5}, "the calendar has no start"),
        ({"start": "7 December"}, "'7 December' is not a date"),
        ({"start": 7}, "7 is not a date"),
        ({"start": DAY, "exam": ["2027-03-01"]}, "is not a date"),
        ({"start": DAY, "holidays": 7}, "7 is not a date"),
        ({"start": DAY, "hours": "six"}, "'six' is not a number of hours a week"),
        ({"start": DAY, "hours": -3}, "-3 is not a number of hours a week"),
        ({"start": DAY, "days": 3}, "3"),
    ],
)
def test_a_mistake_in_a_calendar_is_an_error(calendar: dict[str, object], message: str) -> None:
    with pytest.raises(handbook.HandbookError, match=message):
        handbook.read(handbook.load(), day=DAY, plan="30", calendar=calendar)
