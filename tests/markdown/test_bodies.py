"""Markdown that no one here wrote comes out whole; tests/bodies.py says how that is known.

One body is built wherever its registry can be reached, all of them with HANDBOOK_FULL_GRID=1.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from handbook.verify import verapdf
from tests import bodies
from tests.bodies import BODIES, Unit, coverage, squeezed

GRID = os.environ.get("HANDBOOK_FULL_GRID") == "1"
REQUIRED = os.environ.get("HANDBOOK_REQUIRE_ALL") == "1"
# What is known not to be found, and why: docs/markdown.md has it in words.
ALLOWED = {"python-markdown": 2, "npm-docs": 0, "npm-readmes": 4}


@pytest.mark.skipif(
    not (GRID or REQUIRED), reason="downloads from PyPI and npm: set HANDBOOK_FULL_GRID=1"
)
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", list(BODIES) if GRID else ["python-markdown"])
def test_a_foreign_body_of_markdown_comes_out_whole(name: str, tmp_path: Path) -> None:
    if BODIES[name].registry == "npm":
        pytest.importorskip("cmarkgfm")
    try:
        folder = bodies.fetch(BODIES[name])
    except OSError as problem:
        if REQUIRED:
            raise
        pytest.skip(f"the registry cannot be reached: {problem}")
    made = bodies.build(BODIES[name], folder, tmp_path / "pack")
    assert made.files >= 30
    reported = made.coverage
    assert not reported.displaced, reported.displaced[:5]
    assert len(reported.missing) <= ALLOWED[name], reported.missing
    assert list(bodies.outside(made.pdf)) == []
    _conforms(made.pdf, tmp_path / "body.pdf")


def _conforms(pdf: bytes, path: Path) -> None:
    try:
        verapdf.find_engine()
    except verapdf.VeraPdfUnavailable as missing:
        if REQUIRED:
            pytest.fail(f"veraPDF is required here: {missing}")
        return
    path.write_bytes(pdf)
    for _, result in verapdf.validate([(path, ("ua1", "2a"))]):
        assert result.passed, result.findings or result.reason


def test_what_is_missing_is_seen() -> None:
    wanted = [Unit("paragraph", "a.md", words) for words in ("One two.", "Three.", "Four five.")]
    reported = coverage(wanted, squeezed("One 2two. Four five."))
    assert [unit.text for unit in reported.missing] == ["Three."]
    assert sum(reported.found.values()) == 2


def test_what_is_elsewhere_is_seen() -> None:
    wanted = [Unit("paragraph", "a.md", words) for words in ("One two.", "Three.")]
    assert [unit.text for unit in coverage(wanted, squeezed("Three. One two.")).displaced] == [
        "Three."
    ]
