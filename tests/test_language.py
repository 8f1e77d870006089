"""Messages, help and docs say things as a native technical writer would."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# Wordings of a private or translated English, and what to write.
WORDINGS = {
    r"\bmend(?:s|ed|ing)?\b": "fix",
    r"\bis told\b|\bare told\b": "is reported",
    r"\bwhoever\b": "who, anyone who",
    r"\bnobody\b(?!@)": "no one",
    r"\bby itself\b": "automatically, alone",
    r"\btaken back\b": "rolled back",
    r"(?<!as a )\bcodes? to scan\b": "QR code",
    r"\bboxes to tick\b|\bbox to tick\b": "checkbox",
    r"\bset anew\b|\blaid out anew\b|\bmade anew\b": "laid out again",
    r"\bhot spots?\b": "link area",
    r"\bto be had\b": "available",
    r"\bTake warnings as errors\b": "Treat warnings as errors",
    r"\bfor no role in particular\b": "all roles",
    r"\bdoes not suffice\b": "not enough",
    r"\bhas other columns than\b": "name both counts",
    r"\bsome 0 MB\b": "about",
    r"; else (?:the|today|as|Monday|PDF|SOURCE)": "[default: …]",
    r"\bwithout a person\b": "automatically",
    r"\bchecks of our own\b": "built-in checks",
}
# The options of commands are read by people, too.
DOCS = [*sorted((ROOT / "docs").glob("*.md")), ROOT / "README.md", ROOT / "ARCHITECTURE.md", ROOT / "SECURITY.md", ROOT / "CONTRIBUTING.md"]  # fmt: skip


def strings(path: Path) -> list[tuple[int, str]]:
    """The texts of a module: docstrings, messages, help, comments."""
    source = path.read_text("utf-8")
    found = [
        (node.lineno, node.value)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    comments = [
        (number, line.partition("# ")[2])
        for number, line in enumerate(source.split("\n"), 1)
        if line.lstrip().startswith("# ")
    ]
    return found + comments


@pytest.mark.parametrize("wording", WORDINGS)
def test_no_such_wording_is_left_in_code(wording: str) -> None:
    pattern = re.compile(wording)
    found = [
        f"{path.relative_to(ROOT)}:{line}: {text.strip()[:80]}"
        for path in sorted((ROOT / "handbook").rglob("*.py"))
        for line, text in strings(path)
        if pattern.search(text)
    ]
    assert not found, f"write: {WORDINGS[wording]}\n" + "\n".join(found)


@pytest.mark.parametrize("wording", WORDINGS)
def test_no_such_wording_is_left_in_docs(wording: str) -> None:
    pattern = re.compile(wording)
    found = [
        f"{path.name}:{number}: {line[:80]}"
        for path in DOCS
        if path.exists()
        for number, line in enumerate(path.read_text("utf-8").split("\n"), 1)
        if pattern.search(line)
    ]
    assert not found, f"write: {WORDINGS[wording]}\n" + "\n".join(found)
