"""What a stranger types and writes amiss: one message, a way out, nothing half written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from packs import CHAPTER, pack, run

from handbook.cli import COMMANDS


def reported(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """The exit code of a command, and what it says on standard error."""
    code, _, err = run(capsys, *arguments)
    assert "Traceback" not in err
    assert "unexpected" not in err
    return code, err


def test_the_list_of_commands_says_in_a_line_what_each_is_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, out, _ = run(capsys, "--help")
    lines = [line.split() for line in out.splitlines()]
    for name in COMMANDS:
        assert any(
            line[0] == name and line[-1].endswith(".") and "..." not in line[-1]
            for line in lines
            if line
        ), name


def test_the_nearest_command_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    code, err = reported(capsys, "bild")
    assert code == 2
    assert "did you mean 'build'?" in err


def test_a_file_where_copies_should_go(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = pack(tmp_path)
    (tmp_path / "a.csv").write_text("id,name\n1,Asha Rao\n", "utf-8")
    (tmp_path / "file").write_text("mine", "utf-8")
    for place in ("file", "file/below"):
        code, err = reported(
            capsys,
            "batch",
            str(tmp_path / "a.csv"),
            "-o",
            str(tmp_path / place),
            "--content",
            str(own),
            "-q",
        )
        assert code == 1
        assert f"{tmp_path / 'file'}: error: copies go into a folder, and this is a file" in err
        assert "hint: name a folder with -o" in err
    assert (tmp_path / "file").read_text("utf-8") == "mine"


def test_a_chapter_is_not_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = pack(tmp_path)
    for name in ("one.md", "handbook.yaml"):
        before = (folder / name).read_bytes()
        code, err = reported(
            capsys, "build", "--content", str(folder), "-o", str(folder / name), "-q"
        )
        assert code == 1
        assert f"{name}' is a file of the content folder; it is left as it is" in err
        assert (folder / name).read_bytes() == before


def test_what_is_not_a_pdf_is_reported_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.pdf").write_text("no PDF", "utf-8")
    code, err = reported(capsys, "diff", str(tmp_path / "a.pdf"), str(tmp_path / "a.pdf"))
    assert code == 2
    assert err.count("error") == 1
    code, err = reported(capsys, "verify", str(tmp_path))
    assert code == 1
    assert "this is a folder" in err


def test_a_folder_that_is_called_like_a_chapter_is_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "handbook.yaml").write_text("title: A book\n", "utf-8")
    (tmp_path / "one.md").write_text("# One\n\nWords.\n", "utf-8")
    (tmp_path / "notes.md").mkdir()
    code, _ = reported(capsys, "build", "--content", str(tmp_path), "-o", str(tmp_path / "x.pdf"))
    assert code == 0


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ('{{ "x" * 10**12 }}', "the template makes a string that is too long"),
        ("{{ 9 ** (9 ** 9) }}", "template error: the result of ** is too large"),
        ('{{ 10**12 * "x" }}', "the template makes a string that is too long"),
        ("{{ 1 / 0 }}", "template error: a division by zero"),
    ],
)
def test_a_template_that_would_fill_the_memory(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], template: str, words: str
) -> None:
    own = pack(tmp_path, one_dot_md=CHAPTER + f"\n{template}\n")
    code, err = reported(capsys, "build", "--content", str(own), "-o", str(tmp_path / "x.pdf"))
    assert code == 1
    assert f"one.md:7: error: {words}" in err
    assert not (tmp_path / "x.pdf").exists()


def test_a_condition_that_cannot_be_worked_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "handbook.yaml").write_text("title: A book\n", "utf-8")
    (tmp_path / "one.md").write_text("---\ntitle: One\nwhen: 1 / 0\n---\n\nWords.\n", "utf-8")
    code, err = reported(capsys, "build", "--content", str(tmp_path), "-o", str(tmp_path / "x.pdf"))
    assert code == 1
    assert "one.md:3:1: error: the condition 'when: 1 / 0' fails: a division by zero" in err


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["--name-template", "{id"], 1, "is not closed"),
        (["--theme", "nope"], 1, "unknown theme 'nope'"),
        (["--paper", "a9"], 2, "unknown paper 'a9'"),
        (["--print-run", "."], 2, "is a directory"),
    ],
)
def test_what_no_copy_could_have_is_reported_before_a_batch_begins(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], code: int, words: str
) -> None:
    own = pack(tmp_path)
    (tmp_path / "a.csv").write_text("id,name\n1,Asha Rao\n2,Ben\n", "utf-8")
    out = tmp_path / "out"
    got, err = reported(
        capsys, "batch", str(tmp_path / "a.csv"), "-o", str(out), "--content", str(own), *options
    )
    assert got == code
    assert err.count(words) == 1
    assert not out.exists()


def test_a_name_without_a_place_is_noted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = pack(tmp_path)
    out = str(tmp_path / "x.pdf")
    assert (
        "note: no page"
        in reported(capsys, "build", "--content", str(own), "-o", out, "--learner", "Asha Rao")[1]
    )
    assert "note: no page" not in reported(capsys, "build", "--content", str(own), "-o", out)[1]


@pytest.mark.parametrize("output", ["-", "all.pdf"])
def test_all_handbooks_go_into_a_folder(capsys: pytest.CaptureFixture[str], output: str) -> None:
    code, err = reported(capsys, "build", "--all", "-o", output)
    assert code == 2
    assert "name a folder with -o" in err


@pytest.mark.parametrize(
    "text",
    [
        'Table: T {decimal="²"}\n\n| a | b |\n|---|---|\n| 1 | 2 |',
        'Table: T {header-columns="²"}\n\n| a | b |\n|---|---|\n| 1 | 2 |',
        "::lines count=²",
    ],
)
def test_a_raised_digit_is_not_a_number(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    own = pack(tmp_path, one_dot_md=CHAPTER + f"\n{text}\n")
    code, err = reported(capsys, "build", "--content", str(own), "-o", str(tmp_path / "x.pdf"))
    assert code == 1
    assert "one.md:7" in err


def test_a_raised_digit_in_a_name_and_in_html(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "².md").write_text(
        '# One\n\n<table><tr><td colspan="²">a</td></tr></table>\n\n<ol start="²"><li>b</ol>\n',
        "utf-8",
    )
    (tmp_path / "m" / "2.md").write_text("# Two\n\nWords.\n", "utf-8")
    own = tmp_path / "own"
    assert reported(capsys, "new", str(own), "--from", str(tmp_path / "m"))[0] == 0
    out = str(tmp_path / "x.pdf")
    assert reported(capsys, "build", "--content", str(own), "-o", out)[0] == 0


def test_a_csv_table_with_an_open_quotation(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = pack(tmp_path, tables__t_dot_csv='id,b\n1,"' + "x\n" * 100_000)
    code, err = reported(capsys, "build", "--content", str(own), "-o", str(tmp_path / "x.pdf"))
    assert code == 1
    assert "t.csv:" in err
    assert "is a quotation mark never closed?" in err


@pytest.mark.parametrize(
    ("tokens", "words"),
    [
        ("grid: 0", "own.yaml:2:1: error: theme token 'grid' cannot be 0"),
        ("page: {top: 900mm}", "own.yaml:2:8: error: the margins leave no room for words on a4"),
        ("faces: {regular: no.ttf}", "own.yaml:2:18: error: font file 'no.ttf' does not exist"),
        ("faces: {regular: own.yaml}", "own.yaml: error: the font cannot be read"),
        ("colours: {ink: '#112233'}", "own.yaml:2:11: error: unknown group 'colours'"),
    ],
)
def test_slips_of_a_theme(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], tokens: str, words: str
) -> None:
    own = pack(tmp_path)
    (tmp_path / "own.yaml").write_text(f"extends: default\n{tokens}\n", "utf-8")
    code, err = reported(
        capsys,
        "build",
        "--content",
        str(own),
        "-o",
        str(tmp_path / "x.pdf"),
        "--theme",
        str(tmp_path / "own.yaml"),
    )
    assert code == 1
    assert words in err


def test_a_key_that_is_a_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = pack(tmp_path, handbook_dot_yaml="title: A book\n? [a]\n: b\n")
    code, err = reported(capsys, "build", "--content", str(own), "-o", str(tmp_path / "x.pdf"))
    assert code == 1
    assert "handbook.yaml:2:3: error: a key is a list or a mapping" in err


def test_people_who_are_on_a_roster_twice_are_reported(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = pack(tmp_path)
    rows = "id,name\n1,Asha Rao\n1,Asha R.\n,Bo Li\n,Bo Li\n,Bo Li\n"
    (tmp_path / "a.csv").write_text(rows, "utf-8")
    code, err = reported(
        capsys, "batch", str(tmp_path / "a.csv"), "--content", str(own), "--dry-run", "-o", "x"
    )
    assert code == 0
    assert "note: 1 row has the id of an earlier one (the first: row 2, as row 1); each gets" in err
    assert "note: 2 rows are the same as an earlier one (the first: row 4, as row 3); each" in err


PLAN = """- id: p
  name: A plan
  units: [{title: Unit, sessions: [{id: s1, do: Read, minutes: 60}, {id: s2, do: Write, minutes: 90}]}]
"""


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["--role", ""], 2, "--role is empty"),
        (["--role="], 2, "--role is empty"),
        (["--password", ""], 2, "--password is empty"),
        (["-o", ""], 2, "-o is empty"),
        (["--start", "2027-01-04", "--hours", "0"], 2, "--hours is from 0.5 to 100"),
        (["--booklet", "--signature", "0"], 2, "--signature is a number of pages"),
        (["--start", "9999-12-30"], 1, "error: no plan can start on 9999-12-30"),
        (["--start", "0001-01-01"], 1, "error: no plan can start on 0001-01-01"),
        (["--start", "2027-01-04", "--exam", "9999-01-01"], 1, "more than ten years after"),
        (["--start", "2027-01-04", "--exam", "2027-01-05"], 1, "on 1 study day until"),
        (["--start", "1999-01-04"], 0, "warning: the plan starts on 1999-01-04, long before"),
        (["--start", "2027-01-04", "--skip", "2050-01-01"], 0, "warning: no day to skip is in"),
        (["--start", "2027-01-04", "--skip", "2027-01-01..2027-01-05"], 0, ""),
    ],
)
def test_choices_that_were_not_meant(
    options: list[str], code: int, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = pack(tmp_path, tables__plans_dot_yaml=PLAN)
    output = [] if "-o" in options else ["-o", str(tmp_path / "a.pdf")]
    plan = ["--plan", "p"] if "--start" in options else []
    date = ["--date", "2026-12-01"]
    found, err = reported(capsys, "build", "--content", str(own), *plan, *date, *output, *options)
    assert (found, words in err) == (code, True), err
    assert words or "warning" not in err
    assert (tmp_path / "a.pdf").exists() == (code == 0)


def test_files_that_are_none_are_named_for_what_they_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = pack(tmp_path, handbook_dot_yaml="title: A book\n")
    (own / "gone.md").symlink_to("nowhere.md")
    os.mkfifo(own / "pipe.md")
    code, err = reported(capsys, "build", "--content", str(own), "-o", str(tmp_path / "a.pdf"))
    assert code == 1
    assert "the chapter 'gone.md' is a link to nowhere" in err
    assert "the chapter 'pipe.md' is not a regular file" in err
    assert "did you mean 'gone.md'" not in err
