"""Behind each sentence that SECURITY.md promises there is a test."""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "SECURITY.md").read_text("utf-8")
PART = TEXT.partition("## What is promised\n")[2].partition("\n## ")[0]
PROMISES = [line for line in PART.splitlines() if line.startswith("- ")]


@lru_cache
def named_in(path: Path) -> frozenset[str]:
    """The names of the tests of a file that check something and are not skipped always."""
    return frozenset(
        node.name
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef)
        and any(isinstance(inner, (ast.Assert, ast.With)) for inner in ast.walk(node))
    )


def test_there_are_promises_and_nothing_else() -> None:
    assert len(PROMISES) > 25
    others = [line for line in PART.splitlines() if line and not line.startswith(("- ", "### "))]
    assert len(others) == 1


@pytest.mark.parametrize("promise", PROMISES, ids=lambda line: line[2:50])
def test_each_promise_has_a_test(promise: str) -> None:
    match = re.fullmatch(r"- [A-Z`].*\. \[((?:`[^`]+`(?:, )?)+)\]", promise)
    assert match, "a promise ends with its tests in brackets"
    for name in re.findall(r"`([^`]+)`", match[1]):
        file, _, test = name.partition("::")
        assert test in named_in(ROOT / file), name
