"""A short run of the fuzzers, and what longer runs found."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.__main__ import run
from tests.fuzz.changes import changed
from tests.fuzz.targets import TARGETS


@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.timeout(120)
def test_a_changed_seed_is_read_or_refused_cleanly(name: str) -> None:
    random_ = random.Random(name)
    seeds = TARGETS[name][1]() or [b""]
    for _ in range(6):
        data = changed(random_.choice(seeds), random_)
        assert run(name, data, None), data


@pytest.mark.parametrize("name", ["handbook.yaml", "table", "front matter", "theme", "csv", "svg"])
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    data=st.one_of(
        st.binary(max_size=60),
        st.text(max_size=60).map(lambda t: t.encode("utf-8", "surrogatepass")),
    )
)
def test_any_bytes_are_read_or_refused_cleanly(name: str, data: bytes) -> None:
    assert run(name, data, None), data


# Of each kind that a longer run has found, the smallest input.
FOUND = {
    "a reference without a target": ("build", b":page[]"),
    "a reference to nowhere": ("build", b":ref[nowhere]"),
    "an unknown field": ("build", b":field[learner]"),
    "a code of an unknown field": ("build", b"::field-qr name=code"),
    "a formula that becomes no XML": ("build", b"$$\na \x0b b\n$$"),
    "a colour that is a number": ("svg", b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text fill="1.5" y="9">a</text></svg>'),
    "an entity in a drawing": ("svg", b'<!DOCTYPE svg [<!ENTITY a "x">]><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text y="9">A&a;B</text></svg>'),
    "a source that is too long a name": ("book.toml", b'[book]\nsrc = "' + b"a" * 400 + b'"\n'),
    "a folder of pages that is too long a name": ("mkdocs.yml", b"docs_dir: " + b"a" * 400),
    "a name of a template that is too long": ("template", b"x" * 30_000),
    "a pattern that is none": ("_quarto.yml", b"project: {type: book}\nbook: {chapters: ['**a', '../**', '/**/*', '" + b"*a" * 30 + b"']}\n"),
    "aliases that multiply": ("mkdocs.yml", b"a0: &a0 [x, x]\n" + b"".join(b"a%d: &a%d [%s]\n" % (n, n, b", ".join([b"*a%d" % (n - 1)] * 9)) for n in range(1, 12)) + b"nav: *a11\n"),
    "an alias of itself": ("mkdocs.yml", b"nav: &a [x: *a]\n"),
    "a number that is empty": ("mkdocs.yml", b"docs_dir: !!float ''\n"),
    "images that are not a mapping": ("brand", b"logo: {images: true}\n"),
    "sources that are none": ("table", b"- id: a\n  checked: {on: 2026-09-12, review_by: 2027-01-12, sources: }\n"),
    "a badge of a pack without a title": ("handbook.yaml", b"badge: {a: b}\nchapters: [one.md]\n"),
    "limits that are a list": ("settings", b"limits: [a]\nallow-read: 3\n"),
}  # fmt: skip


@pytest.mark.parametrize("case", FOUND)
def test_what_was_found_is_clean(case: str) -> None:
    assert run(*FOUND[case], None)
