"""No input makes the program call itself defective: values of another kind, names that no file has."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from packs import pack

from handbook import cli
from handbook.core.resources import THEMES
from handbook.pack.schema import FRONT_MATTER, PACK, USER_SETTINGS
from handbook.theme.brand import keys
from tests.fuzz.__main__ import run

VALUES = [
    "null", "true", "3", "-1", "1e999", ".nan", ".inf", "''", "x", "[]", "{}", "[a]", "{a: b}", "[[1]]", "[null]",
    "2026-01-01", "!!binary aGk=", "!!set {a}", "!!bool maybe", "!!timestamp x", "!!int x", "!!float ''", "!!omap [a]",
    "!!python/object:os.system x", '"\\0"', '"\\ud800"', '"\\uE000"', "y" * 5000, "'{{'", "'../x'", "'/etc/passwd'", "&a [*a]", "*b",
    "{<<: 3}", "{? [a] : b}", "0x1F", "1_000", "12:30:00", "12mm", "'#12345'",
]  # fmt: skip
NAMES = [
    "a\0b",
    "x" * 5000,
    "x/" * 3000,
    "..",
    ".",
    "",
    "/",
    "con",
    "a\nb",
    "*",
    "~",
]


def keys_of(schema: Mapping[str, Any], before: str = "", depth: int = 0) -> Iterator[str]:
    """Every key that a schema knows, with a place for its value."""
    for key, inner in schema.get("properties", {}).items():
        yield f"{before}{key}: VALUE"
        if depth < 2 and isinstance(inner, Mapping):
            for nested in keys_of(inner, "", depth + 1):
                yield f"{before}{key}: {{{nested}}}"


def inputs() -> Iterator[tuple[str, str]]:
    """The reader and its text, with a place for the value."""
    for text in keys_of(PACK):
        rest = "" if text.startswith("chapters") else "\nchapters: [one.md]"
        yield "handbook.yaml", ("" if text.startswith("title") else "title: A\n") + text + rest
    for text in keys_of(FRONT_MATTER):
        yield "front matter", text
    for text in keys_of(USER_SETTINGS):
        yield "settings", text
    for key in sorted(keys.TOP):
        yield "brand", f"{key}: VALUE"
    for group, known in {
        "meta": keys.META,
        "logo": keys.LOGO,
        "color": keys.ROLES,
        "typography": keys.KINDS,
    }.items():
        for key in sorted(known):
            yield "brand", f"{group}: {{{key}: VALUE}}"
    for key in sorted(keys.OWN):
        yield "brand", f"meta: {{name: A}}\ndefaults: {{handbook: {{{key}: VALUE}}}}"
    for key in sorted(keys.FONT):
        yield "brand", f"typography: {{fonts: [{{family: F, source: file, {key}: VALUE}}]}}"
    for line in (THEMES / "default.yaml").read_text("utf-8").splitlines():
        if line[:1].isalpha() and ":" in line:
            yield "theme", f"{line.partition(':')[0]}: VALUE"
    for text in (
        "- VALUE",
        "VALUE",
        "- {id: VALUE, name: A}",
        "a: VALUE",
        "- {id: a, name: VALUE, chapters: VALUE}",
    ):
        yield "table", text
    for key in (
        "site_name",
        "nav",
        "docs_dir",
        "theme",
        "plugins",
        "markdown_extensions",
        "extra",
        "copyright",
    ):
        yield "mkdocs.yml", f"{key}: VALUE"
        yield "_config.yml", f"{key}: VALUE"


ALL = list(dict.fromkeys(inputs()))


@pytest.mark.parametrize("part", range(8))
@pytest.mark.timeout(120)
def test_no_input_is_a_defect_of_the_program(part: int) -> None:
    assert len(ALL) > 150
    wrong = []
    for number, (reader, text) in enumerate(ALL[part::8]):
        # Each key with each third of the values; neighbours have the others.
        for value in VALUES[number % 3 :: 3]:
            data = text.replace("VALUE", value).encode("utf-8", "surrogatepass")
            if not run(reader, data, None):
                wrong.append((reader, text, value[:40]))
    assert wrong == []


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as stop:
        cli.run(list(arguments))
    captured = capsys.readouterr()
    code = stop.value.code
    return code if isinstance(code, int) else 1, captured.out + captured.err


@pytest.mark.parametrize("name", NAMES, ids=ascii)
@pytest.mark.timeout(300)
def test_names_that_no_file_has_are_reported(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = pack(tmp_path / "pack")
    # The folder above is small: it does not hold what all other tests have written.
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    build = ("build", "--content", str(folder), "-q", "-o")
    out = str(tmp_path / "out.pdf")
    if not set(name) & {"*", "\n"}:
        assert said(capsys, *build, name)[0] in (0, 1, 2)
    for more in (
        (*build, out, "--theme", name),
        (*build, out, "--theme", f"{name}.yaml"),
        (*build, out, "--brand", name),
        ("build", "--content", name, "-q", "-o", out),
        ("check", "--content", name),
        ("batch", name, "--content", str(folder), "--dry-run"),
        ("batch", "--check", name),
        ("new", str(tmp_path / "n"), "--from", name),
        ("verify", name),
        ("diff", name, name),
        ("info", "--content", name),
        ("list", "chapters", "--content", name),
        ("brand", "--check", name),
        ("forget", "1", "-o", name),
    ):
        code, words = said(capsys, *more)
        assert code in (0, 1, 2), more
        assert "defect of the program" not in words, (more[0], words)
        assert "Traceback" not in words


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize(
    "command",
    ["build -q -o - --content PACK", "check --content PACK --json", "explain --content PACK", "batch PACK/r.csv --dry-run --content PACK",
     "list chapters --content PACK", "completion bash", "batch PACK/r.csv --json -o OUT --content PACK -j 1", "--help"],
)  # fmt: skip
def test_whatever_prints_says_that_nothing_more_can_be_written(
    command: str, tmp_path: Path
) -> None:
    folder = pack(tmp_path / "pack", r_dot_csv="id,name\n1,Ada\n")
    words = command.replace("PACK", str(folder)).replace("OUT", str(tmp_path / "out")).split()
    environment = {
        **os.environ,
        "HANDBOOK_NO_CACHE": "1",
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "handbook", *words],
            stdout=full,
            stderr=subprocess.PIPE,
            env=environment,
            text=True,
            timeout=300,
        )
    assert done.returncode == 1, done.stderr
    assert "No space left on device" in done.stderr
    assert "defect" not in done.stderr
    assert "Exception ignored" not in done.stderr
    assert "Traceback" not in done.stderr
