"""What `handbook verify --listen` prints: the tags of a PDF, read aloud."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from click.testing import CliRunner

from handbook.cli import main

CHAPTER = """\
---
title: A day
---

The HTML of [a page](https://example.com), and a note.[^n]

- bread
- milk

| Exam | Hours |
|---|---|
| AZ-104 | 40 |

![A map of the route](map.png)

> Said and done.

[^n]: The words of the note.

*[HTML]: Hypertext Markup Language
"""


def _heard(folder: Path, text: str, *options: str) -> str:
    """What is heard of a book with one chapter."""
    from PIL import Image

    folder.mkdir(exist_ok=True)
    (folder / "handbook.yaml").write_text("title: Heard\nchapters: [chapters/a.md]\n")
    (folder / "chapters").mkdir(exist_ok=True)
    (folder / "chapters/a.md").write_text(text)
    Image.new("RGB", (40, 30), "navy").save(folder / "chapters/map.png")
    out = folder / "out.pdf"
    runner = CliRunner()
    built = runner.invoke(
        main, ["build", "--no-cache", "--content", str(folder), "-o", str(out), *options]
    )
    assert built.exit_code == 0, built.output
    heard = runner.invoke(main, ["verify", "--listen", str(out)])
    assert heard.exit_code == 0, heard.output
    return heard.output


def test_each_role_is_announced(tmp_path: Path) -> None:
    heard = _heard(tmp_path / "pack", CHAPTER)
    for line in textwrap.dedent("""\
        --- page 1 ---
        The HTML (Hypertext Markup Language) of [link a page]
        list with 2 items
          • bread
        table with 2 columns, 2 rows
          column header Exam; column header Hours
          Exam: AZ-104; Hours: 40
        graphic: A map of the route
        quote
          Said and done.
        note 1. The words of the note.
    """).splitlines():
        assert line in heard


def test_form_fields_have_a_state(tmp_path: Path) -> None:
    heard = _heard(tmp_path / "pack", "---\ntitle: T\n---\n\n- [ ] bread\n- [x] milk\n", "--form")
    assert "[checkbox not checked: bread]" in heard
    assert "[checkbox checked: milk]" in heard


def test_what_is_not_on_the_baseline_and_states_are_said(tmp_path: Path) -> None:
    heard = _heard(
        tmp_path / "pack", "---\ntitle: T\n---\n\nH~2~O, x^2^, ~~gone~~.\n\n- [x] milk\n"
    )
    assert "H[subscript 2]O, x[superscript 2], [deleted gone]." in heard
    assert "checked milk" in " ".join(heard.split())


def test_pages_can_be_chosen_and_must_exist(tmp_path: Path) -> None:
    _heard(tmp_path / "pack", CHAPTER)
    file = str(tmp_path / "pack/out.pdf")
    runner = CliRunner()
    assert "list with" in runner.invoke(main, ["verify", "--listen", "--pages", "1", file]).output
    wrong = runner.invoke(main, ["verify", "--listen", "--pages", "77", file])
    assert wrong.exit_code == 1
    assert "there is no page 77" in str(wrong.exception)


@pytest.mark.parametrize("options", [["--pages", "1"], ["--listen", "--json"]])
def test_options_that_do_not_go_together(tmp_path: Path, options: list[str]) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(b"%PDF-1.7")
    assert CliRunner().invoke(main, ["verify", *options, str(file)]).exit_code == 2


def test_a_file_that_is_not_a_pdf_is_one_message(tmp_path: Path) -> None:
    file = tmp_path / "a.pdf"
    file.write_bytes(b"not a PDF")
    result = CliRunner().invoke(main, ["verify", "--listen", str(file)])
    assert result.exit_code == 1
    assert "cannot be read as a PDF" in str(result.exception)


TABLES = """\
---
title: T
---

Table: Plan {header-columns="1"}

| Week | Day | Done |
|---|---|---|
| One | Monday | [ ] |
| ^^ | Tuesday | [x] |

| Statement | Yes | No |
|---|---|---|
| Tea is hot | [ ] | [ ] |
"""


def test_cells_of_a_row_are_heard_with_what_heads_the_row(tmp_path: Path) -> None:
    heard = _heard(tmp_path / "pack", TABLES)
    assert "row header One; Day: Tuesday; Done: checked" in heard
    assert heard.count("row header One") == 2


def test_fields_in_tables_are_named_by_row_and_column(tmp_path: Path) -> None:
    heard = _heard(tmp_path / "pack", TABLES, "--form")
    assert "[checkbox not checked: Tea is hot, Yes]" in heard
    assert "[checkbox not checked: Tea is hot, No]" in heard
    assert "[checkbox checked: Tuesday, Done]" in heard
