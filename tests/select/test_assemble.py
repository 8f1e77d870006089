"""Templates: what is printed, and where each line came from."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from packs import CHAPTER, pack

from handbook.core.diagnostics import HandbookError
from handbook.core.i18n import ENGLISH
from handbook.pack.loader import load_pack
from handbook.select.assemble import assemble
from handbook.select.selection import select
from handbook.select.template_environment import cell

DAY = date(2026, 11, 23)


def lines(folder: Path, **choice: str) -> list[tuple[str, str]]:
    """(text, file:line) of each line with words, files by their last name."""
    loaded = load_pack(folder)
    chapter = assemble(loaded, select(loaded, day=DAY, **choice))[0]  # type: ignore[arg-type]
    return [
        (text, f"{Path(source.file).name}:{source.line}")
        for text, source in zip(chapter.text.split("\n"), chapter.lines, strict=True)
        if text.strip()
    ]


def test_values_carry_the_line_of_their_table(tmp_path: Path) -> None:
    folder = pack(
        tmp_path,
        one_dot_md=CHAPTER
        + "\n{% import 'm.md.j2' as m %}\n{% for row in t %}\n{{ m.show(row) }}\n"
        "{% endfor %}\nlast\n",
        templates__m_dot_md_dot_j2="{% macro show(row) %}\n- {{ row.name }} and more\n{% endmacro %}\n",
        tables__t_dot_yaml="- id: a\n  name: First\n- id: b\n  name: Second\n",
    )
    found = lines(folder)
    assert ("- First and more", "t.yaml:2") in found
    assert ("- Second and more", "t.yaml:4") in found
    assert ("last", "one.md:11") in found


def test_static_lines_keep_theirs_around_blocks(tmp_path: Path) -> None:
    body = "one\n{% if true %}\ntwo\n{% endif %}\n\nthree {{ book.title }}\nfour\n"
    folder = pack(tmp_path, one_dot_md=CHAPTER + body)
    found = dict(lines(folder))
    assert found["one"] == "one.md:6"
    assert found["two"] == "one.md:8"
    assert found["four"] == "one.md:12"


def test_a_chapter_may_be_left_out(tmp_path: Path) -> None:
    folder = pack(
        tmp_path,
        handbook_dot_yaml="title: A\nchapters: [one.md, two.md]\n",
        two_dot_md="---\ntitle: Two\nwhen: role and role.id == 'a'\n---\nx\n",
        tables__roles_dot_yaml="- {id: a, name: A}\n- {id: b, name: B}\n",
    )
    loaded = load_pack(folder)

    def count(role: str) -> int:
        return len(assemble(loaded, select(loaded, role=role, day=DAY)))

    assert [count(""), count("a"), count("b")] == [1, 2, 1]


def test_templates_cannot_change_the_pack(tmp_path: Path) -> None:
    folder = pack(
        tmp_path,
        one_dot_md=CHAPTER + "{{ t.append(1) }}\n",
        tables__t_dot_yaml="- id: a\n",
    )
    with pytest.raises(HandbookError, match="unsafe|not callable|sandbox"):
        lines(folder)


def test_a_key_may_have_the_name_of_a_python_method(tmp_path: Path) -> None:
    folder = pack(
        tmp_path,
        one_dot_md=CHAPTER + "{{ t[0].items }} {{ t[0].lines }}\n",
        tables__t_dot_yaml="- {id: a, items: yes please, lines: three}\n",
    )
    assert lines(folder)[-1][0] == "yes please three"


def test_the_words_of_filters() -> None:
    assert ENGLISH.sentence(["a"]) == "a"
    assert ENGLISH.sentence(["a", "b", "c"]) == "a, b and c"
    assert ENGLISH.sentence(["a", "b"], "then") == "a then b"
    assert ENGLISH.day(date(2026, 7, 31)) == "31 July 2026"
    assert cell("a | b\n c") == "a \\| b c"


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.integers(0, 3), min_size=1, max_size=8))
def test_every_row_of_a_loop_is_reported_at_its_own_line(
    tmp_path_factory: pytest.TempPathFactory, gaps: list[int]
) -> None:
    table, expected = "", []
    for number, gap in enumerate(gaps):
        table += "# a comment\n" * gap
        expected.append((f"* row{number}", f"t.yaml:{table.count(chr(10)) + 2}"))
        table += f"- id: r{number}\n  name: row{number}\n"
    folder = pack(
        tmp_path_factory.mktemp("p"),
        one_dot_md=CHAPTER + "{% for row in t %}\n* {{ row.name }}\n{% endfor %}\n",
        tables__t_dot_yaml=table,
    )
    assert [entry for entry in lines(folder) if entry[0].startswith("* ")] == expected
