"""Code is set to the letter, whatever the language and the measure."""

from __future__ import annotations

import pytest
from conftest import make
from hypothesis import given, settings
from hypothesis import strategies as st
from readback import Reader

from handbook.document.nodes import Chapter, CodeBlock, Document, Meta, Text
from handbook.layout.inline.highlight import CONTINUED, code_rows

META = Meta("T", date="2026-11-23")
LANGUAGES = ["", "text", "yaml", "python", "bash", "dockerfile", "json", "mermaid", "nonsense"]


@settings(max_examples=150, deadline=None)
@given(
    st.text("ab:{}[]'\"#$ \n-=<>()0123", max_size=120),
    st.sampled_from(LANGUAGES),
    st.integers(12, 90),
)
def test_no_character_is_lost(text: str, language: str, limit: int) -> None:
    rows = ["".join(words for words, _ in row) for row in code_rows(text, language, limit)]
    assert all(len(row) <= limit for row in rows)
    joined = "".join(rows)
    assert joined.replace(" ", "") == text.replace("\n", "").replace(" ", "")


def test_kinds() -> None:
    row = code_rows('key: "value"  # words', "yaml", 80)[0]
    assert {kind: words for words, kind in row}["keyword"] == "key"
    assert [kind for words, kind in row if "words" in words] == ["comment"]


@pytest.mark.parametrize(
    ("line", "limit", "wanted"),
    [
        ("git push --force        # only after a release", 32, "# only after a release"),
        ("git push --force  # only after a release of all", 34, "# only after a release of all"),
        ("# " + "word " * 12, 30, "word word word"),
    ],
)
def test_a_comment_that_does_not_fit_begins_the_next_row(
    line: str, limit: int, wanted: str
) -> None:
    """Its sign is not left alone at the end of the code."""
    rows = ["".join(words for words, _ in row) for row in code_rows(line, "bash", limit)]
    assert rows[1].strip().startswith(wanted)
    assert not rows[0].rstrip().endswith("#")


@pytest.mark.parametrize(
    ("line", "limit", "wanted"),
    [
        ("      run: deploy --name shop --slot staging", 30, ["          --slot staging"]),
        ("cd https://dev.azure.com/contoso/parcel", 37, ["    parcel"]),
        ("path: $(Build.StagingDirectory)/*.nupkg", 35, ["    *.nupkg"]),
        ("name: Build.ArtifactStagingDirectoryPath", 36, ["    DirectoryPath"]),
        ("az create --name shop --count 2 \\", 32, ["    2 \\"]),
        # No white goes along to the next row, and no row has fewer than three characters.
        ("tag one             # words", 12, ["    # words"]),
        ("- uses: actions/upload-artifact@v6", 33, ["    artifact@v6"]),
        ("name: x  # of all the words below it", 22, ["           words", "           below it"]),
    ],
)
def test_a_line_continues_further_in_and_its_words_are_whole(
    line: str, limit: int, wanted: list[str]
) -> None:
    """What belongs to an entry of YAML does not look like another entry."""
    rows = code_rows(line, "yaml", limit)
    assert ["".join(words for words, _ in row).rstrip() for row in rows[1:]] == wanted
    assert all(row[0][1] == CONTINUED for row in rows[1:])


def test_white_space_and_neighbours_of_one_kind_are_one_part() -> None:
    row = code_rows("    steps:  # all", "yaml", 80)[0]
    assert ["".join(words.split()) for words, _ in row] == ["steps", ":", "#all"]
    assert "".join(words for words, _ in row) == "    steps:  # all"
    typed = code_rows("$ ls -l", "console", 80)[0]
    assert typed[0] == ("$ ", "prompt")


@pytest.mark.parametrize(
    ("line", "prompt"),
    [
        ("(venv) $ ls", "(venv)$ "),
        ("$", "$"),
        ("# apt update", "# "),
        ('$Env:name="x"', ""),
        ("$HOME/bin/tool", ""),
        ("#include", ""),
        ("(node:7147) [DEP0005] a warning", ""),
    ],
)
def test_only_what_a_console_prints_before_a_command_is_a_prompt(line: str, prompt: str) -> None:
    (row,) = code_rows(line, "console", 80)
    assert "".join(words for words, _ in row) == line
    assert "".join(words for words, kind in row if kind == "prompt") == prompt


@pytest.mark.parametrize("language", ["yaml", ""])
def test_code_is_copied_with_its_own_spaces(language: str) -> None:
    text = "a:\n    - b  # c"
    blocks = (CodeBlock(text, language),)
    built = make(Document(META, (Chapter("c", (Text("C"),), blocks),)))
    lines = [code.text for code in Reader(built.pdf).structure().all("Code")]
    assert lines == ["a:", "    - b  # c"]
