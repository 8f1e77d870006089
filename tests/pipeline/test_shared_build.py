"""A book that two processes make is the book that one makes, to the byte, and so is each error."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from packs import pack

from handbook import shipped_content
from handbook.core import second_process
from handbook.core.cache import Cache
from handbook.core.diagnostics import HandbookError
from handbook.pack.loader import load_pack
from handbook.pipeline.edition_cache import EditionCache
from handbook.pipeline.request import BuildRequest
from handbook.theme.print_options import PrintOptions

pytestmark = pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="only Linux has it")

KITCHEN = Path(__file__).parents[2] / "examples" / "kitchen"
CHAPTER = "# {0}\n\nA word in the {0}.[^n] See [the next](#{1}).\n\n[^n]: A note of {0}.\n"
FILES = {
    "handbook_dot_yaml": "title: B\nchapters: [one.md, two.md, three.md]\n",
    "one_dot_md": CHAPTER.format("one", "two"),
    "two_dot_md": CHAPTER.format("two", "three"),
    "three_dot_md": CHAPTER.format("three", "one"),
}


def request(folder: Path, options: PrintOptions, role: str, paper: str, theme: str) -> BuildRequest:
    return BuildRequest(
        folder, date(2026, 11, 24), role, "", "", paper, (), options, None, theme, False, None
    )


@pytest.fixture
def other_takes_half(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second process does every other job, however quick the first one is."""
    first = os.getpid()

    def take(queue: second_process._Queue) -> Iterator[int]:
        return (n for n in range(queue.count) if n % 2 == (os.getpid() == first))

    monkeypatch.setattr(second_process, "_can_share", lambda: True)
    monkeypatch.setattr(second_process._Queue, "__iter__", take)


CHOICES = [
    ("sre", "a4", "default", PrintOptions()),
    ("", "a5", "almanac", PrintOptions(duplex=True)),
    ("", "phone", "default", PrintOptions(form=True)),
    ("", "a4", "field-guide", PrintOptions(booklet=True)),
]


@pytest.mark.parametrize("choice", CHOICES, ids=lambda choice: choice[2])
def test_two_processes_make_the_same_bytes(
    choice: tuple[str, str, str, PrintOptions], tmp_path: Path, other_takes_half: None
) -> None:
    role, paper, theme, options = choice
    folder = shipped_content() if role else KITCHEN
    wanted = request(folder, options, role, paper, theme)
    alone = EditionCache(folder, None).edition(wanted)
    both = EditionCache(folder, None, share=True).edition(wanted)
    assert both.advice == alone.advice
    assert both.edition.fill({}) == alone.edition.fill({})
    # What the second process learnt is kept for the next build.
    cache = Cache(tmp_path)
    EditionCache(folder, cache, share=True).edition(wanted)
    again = EditionCache(folder, cache, share=True)._build(wanted)[0]
    assert again.edition.fill({}) == alone.edition.fill({})


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("one.md", "A word", "A {{ word"),
        ("two.md", "A word", "A {{ nowhere }}"),
        ("three.md", "#one", "#nowhere"),
        ("two.md", "A word", "::: cautoin\nA word\n:::\n\nA word"),
        ("two.md", "A word", "A \U0001f9ea"),
    ],
)
def test_an_error_is_the_same_in_either_process(
    file: str, old: str, new: str, tmp_path: Path, other_takes_half: None
) -> None:
    folder = pack(tmp_path, **FILES)
    path = folder / file
    path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")
    found: list[list[str]] = []
    for share in (False, True):
        with pytest.raises(HandbookError) as caught:
            wanted = request(folder, PrintOptions(), "", "a4", "default")
            EditionCache(folder, None, share=share).edition(wanted)
        found.append([str(one) for one in caught.value.diagnostics])
    assert found[0] == found[1]
    assert file in found[0][0]


def test_tables_read_by_two_processes_have_the_same_errors(
    tmp_path: Path, other_takes_half: None
) -> None:
    folder = pack(
        tmp_path, **FILES,
        tables__a_dot_yaml="- {id: x, v: one}\n- {id: x, v: two}\n",
        tables__b_dot_yaml="- {id: y, v: [one}\n",
        tables__c_dot_yaml="- {id: z, v: one}\n",
        tables__d_dot_yaml="- {id: z: one}\n",
    )  # fmt: skip
    found: list[list[str]] = []
    for meanwhile in (None, list):
        with pytest.raises(HandbookError) as caught:
            load_pack(folder, None, meanwhile)
        found.append([str(one) for one in caught.value.diagnostics])
    assert found[0] == found[1]
    assert len(found[0]) == 3
