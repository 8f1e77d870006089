"""Listings have titles, numbers, marked lines, call-outs, and may be taken from a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from packs import pack, run
from readback import Reader

from handbook.markdown.convert.listings import callouts, marked_lines

HEAD = "---\ntitle: One\n---\n\n"
APP = "import os\n\n# ANCHOR: main\ndef main():\n    pass\n# ANCHOR_END: main\nmain()\n"


def build(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, front: str = ""
) -> tuple[int, str, Path]:
    head = HEAD.replace("title: One", f"title: One\n{front}".rstrip())
    folder = pack(tmp_path / "pack", one_dot_md=head + text, app_dot_py=APP)
    (tmp_path / "secret.txt").write_text("not in the pack", encoding="utf-8")
    out = tmp_path / "book.pdf"
    code, _, messages = run(capsys, "build", "--content", str(folder), "-o", str(out))
    return code, messages, out


def lines(out: Path) -> list[str]:
    return [code.text.rstrip() for code in Reader(out).structure().all("Code")]


@pytest.mark.parametrize("front", ["", "dialect: gfm"])
def test_numbers_marks_and_titles(
    front: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = '```yaml title="ci.yml" linenums="7" hl_lines="2"\na: 1  # (1)!\nb: 2 # (2)!\n```\n'
    code, messages, out = build(tmp_path, capsys, text, front)
    assert (code, messages) == (0, "") or code == 0, messages
    reader = Reader(out)
    assert "left out" not in messages
    assert lines(out) == ["a: 1 (1)", "b: 2 (2)"]
    assert "ci.yml" in reader.structure().text
    # Numbers are on the page, but neither read aloud nor copied with the code.
    numbers = [one for page in reader.runs for one in page if one.text.strip() in ("7", "8")]
    assert [one.artifact for one in numbers] == [True, True]


def test_prompts_are_not_part_of_the_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, messages, out = build(tmp_path, capsys, "```console\n$ az login\nDone\n```\n")
    assert code == 0, messages
    assert lines(out) == ["az login", "Done"]


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ('file="app.py" anchor="main"', ["def main():", "    pass"]),
        ('file="app.py" lines="1-1"', ["import os"]),
        ('file="app.py" lines="7"', ["main()"]),
    ],
)
def test_from_a_file(
    attributes: str, expected: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, messages, out = build(tmp_path, capsys, f"```python {attributes}\n```\n")
    assert code == 0, messages
    assert [line for line in lines(out) if line] == [line.rstrip() for line in expected]


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ('file="apq.py"', "the listing's file 'apq.py' does not exist"),
        ('file="app.py" anchor="mian"', "has no anchor 'mian'"),
        ('file="app.py" lines="70"', "has 7 lines"),
        ('file="../secret.txt"', "is outside the pack"),
    ],
)
def test_what_cannot_be_listed(
    attributes: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, messages, _ = build(tmp_path, capsys, f"Words.\n\n```python {attributes}\n```\n")
    assert code == 1
    assert message in messages
    assert "one.md:7" in messages


def test_call_outs() -> None:
    assert callouts("a <1>\nb // <2>") == ("a\nb", ((1, "1"), (2, "2")))
    assert callouts("<!-- (1)! -->") == ("", ((1, "1"),))
    # Other numbers in angle brackets are code.
    assert callouts("x = y <3>") == ("x = y <3>", ())
    assert callouts("List<1>(2)") == ("List<1>(2)", ())


def test_ranges_of_lines() -> None:
    assert marked_lines("2 4-6", 5) == (2, 4, 5)
    assert marked_lines("1,3", 9) == (1, 3)


def test_a_page_does_not_end_within_a_line_of_two_or_three_rows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [f"word{number}" for number in range(29)]
    text = "".join(f"line{line} {' '.join(words)}\n" for line in range(90))
    code, _, out = build(tmp_path, capsys, f"```text\n{text}```\n")
    assert code == 0
    reader = Reader(out)
    assert len(reader.runs) > 2
    for page in reader.runs:
        shown = " ".join(run.text for run in page if not run.artifact)
        assert shown.count("line") == shown.count("word28")


def test_a_page_does_not_end_between_a_line_and_those_that_belong_to_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    steps = "".join(f"  - step: {number}\n    run: it\n    with: all\n" for number in range(120))
    code, _, out = build(tmp_path, capsys, f"```yaml\nsteps:\n{steps}```\n")
    assert code == 0
    reader = Reader(out)
    assert len(reader.runs) > 2
    for page in reader.runs[:-1]:
        shown = "".join(run.text for run in page if not run.artifact)
        assert "step:" not in shown[-12:]
