"""A chapter read section by section gives what it gives when it is read whole."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from packs import pack, run
from sketch import chapter

from handbook.check import sections
from handbook.check.sections import SectionReader
from handbook.check.selections import read_every
from handbook.core.diagnostics import Source
from handbook.document.nodes import Meta, walk
from handbook.markdown import Rules
from handbook.markdown.isolated import IsolatedChapter, read_isolated
from handbook.pack.loader import load_pack
from handbook.select.template_names import needs_of

TEXTS = {
    "links between sections": "Words.\n\n## One\n\n[two](#two) [TWO](#TWO)\n\n## Two {#two}\n\n[no](#x)\n",
    "an id twice": "## One {#a}\n\nWords.\n\n## Two {#a}\n\nWords.\n",
    "words twice": "Words.\n\n## One\n\n[one](#one-1)\n\n## One\n\nWords.\n",
    "a note": "One[^n].\n\n## Two\n\n[^n]: Words.\n",
    "a name for a link": "[one][x]\n\n## Two\n\n[x]: https://example.org\n",
    "a heading in a box": "::: note\nWords.\n\n## In\n\nWords.\n:::\n\n## Out\n\n!! {.x\n",
    "a heading in code": "```\nx\n\n## y\n```\n\n## z\n\n{{#include x}}\n",
    "a comment": "<!--\n\n## no\n\n-->\n\n## yes\n\n:emoji: <b>x</b>\n",
}


def shape(read: IsolatedChapter) -> list[tuple[str, Source]]:
    return [
        (type(block).__name__, block.source) for block in walk(read.document.chapters[0].blocks)
    ]


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_the_same_as_a_whole(text: str) -> None:
    meta, rules = Meta(title="T"), Rules(coverage=True)
    one = chapter(text, "c")
    whole = read_isolated(one, meta, {}, rules)
    parts = SectionReader({}, rules).read(one, meta)
    assert shape(parts) == shape(whole)
    assert parts.document.notes == whole.document.notes
    assert sorted(parts.problems) == sorted(whole.problems)
    assert parts.author_ids == whole.author_ids
    assert set(parts.file_links) == set(whole.file_links)
    for target, _ in parts.links:
        assert target in {name for name, _ in whole.links}
    for target, _ in whole.links:
        assert target in {name for name, _ in parts.links}


def test_a_section_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "---\ntitle: One\ntemplates: true\n---\n\nFor {{ role.name if role else 'all' }}.\n"
    text += "\n## Two\n\nThe same for all.\n"
    own = pack(
        tmp_path,
        one_dot_md=text,
        tables__roles_dot_yaml="- {id: a, name: Ann}\n- {id: b, name: Ben}\n",
    )
    read: list[str] = []
    whole = sections.read_isolated
    monkeypatch.setattr(
        sections, "read_isolated", lambda part, *rest: read.append(part.text) or whole(part, *rest)
    )
    matrix = read_every(load_pack(own), date(2026, 12, 1))
    assert len(matrix.selections) == 3
    assert sum("The same for all" in part for part in read) == 1
    assert sum("For " in part for part in read) == 3


def test_the_macros_that_a_chapter_calls_say_what_it_needs(tmp_path: Path) -> None:
    own = pack(
        tmp_path,
        one_dot_md="---\ntitle: One\n---\n\n{% import 'm.j2' as m %}{{ m.plain() }}\n",
        two_dot_md="---\ntitle: Two\n---\n\n{% import 'm.j2' as m %}{{ m.outer() }}\n",
        handbook_dot_yaml="title: A book\n",
    )
    (own / "templates").mkdir()
    (own / "templates" / "m.j2").write_text(
        "{% macro plain() %}x{% endmacro %}{% macro inner() %}{{ role.name }}{% endmacro %}"
        "{% macro outer() %}{{ inner() }}{% endmacro %}",
        "utf-8",
    )
    needs = {name: need.names for name, need in needs_of(load_pack(own)).items()}
    assert "role" not in needs["one"]
    assert "role" in needs["two"]


def test_a_mistake_in_a_section_is_reported_for_those_who_get_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "---\ntitle: One\n---\n\nWords.\n\n{% if role %}\n## Two\n\n[x](#nowhere)\n{% endif %}\n"
    own = pack(tmp_path, one_dot_md=text, tables__roles_dot_yaml="- {id: a, name: Ann}\n")
    code, out, err = run(capsys, "check", "--content", str(own))
    assert code == 1
    assert "one.md:10" in out + err
    assert "role=a" in out + err
