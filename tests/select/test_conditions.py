"""Chapters and blocks for some readers only, and why they get them."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from packs import CHAPTER, pack, run

from handbook.core.diagnostics import HandbookError
from handbook.document.nodes import Document, Heading, List, Paragraph, Table, plain_text, walk
from handbook.pack.loader import load_pack
from handbook.pipeline.phases import document_of
from handbook.select.selection import select

TABLES = {
    "tables__roles_dot_yaml": "- {id: sre, name: SRE, path: ops}\n- {id: dev, name: Dev}\n",
    "tables__paths_dot_yaml": "- {id: ops, name: Ops}\n- {id: finops, name: FinOps}\n",
    "tables__plans_dot_yaml": '- {id: "14", name: Fortnight}\n',
}


def document(folder: Path, text: str, **chosen: str) -> Document:
    loaded = load_pack(pack(folder, one_dot_md=CHAPTER + "\n" + text, **TABLES))
    return document_of(loaded, select(loaded, day=date(2026, 11, 23), **chosen))


def words(folder: Path, text: str, **chosen: str) -> str:
    found = document(folder, text, **chosen)
    return (
        " ".join(
            plain_text(block.content)
            for block in walk(found.chapters[0].blocks)
            if isinstance(block, (Heading, Paragraph))
        )
        .removeprefix("Hello, reader.")
        .strip()
    )


@pytest.mark.parametrize(
    ("condition", "taken"),
    [
        ("role=sre", "sre"), ("role=sre,dev", "sre dev"), ("role!=sre", "none dev finops 14"),
        ("path=ops", "sre"), ("path!=ops", "none dev finops 14"), ("plan=14", "14"),
        ("role=any", "sre dev"), ("role=none", "none finops 14"), ("role=sre path=ops", "sre"),
        ("role=sre path!=ops", ""), ('role="sre, dev"', "sre dev"), ("{role=sre}", "sre"),
        ("role=dev,none path=finops", "finops"),
    ],
)  # fmt: skip
def test_who_gets_a_block(condition: str, taken: str, tmp_path: Path) -> None:
    chosen = {"none": {}, "sre": {"role": "sre"}, "dev": {"role": "dev"},
              "finops": {"path": "finops"}, "14": {"plan": "14"}}  # fmt: skip
    text = f"Before.\n\n::: only {condition}\nInside.\n:::\n\nAfter."
    got = [name for name, choice in chosen.items() if "Inside" in words(tmp_path, text, **choice)]
    assert got == [name for name in chosen if name in taken.split()]
    assert words(tmp_path, text).replace(" Inside.", "") == "Before. After."


def test_blocks_nest_in_one_another_and_in_boxes(tmp_path: Path) -> None:
    text = (
        ":::: only role=any\n::: tip\n::: only role=sre\nDeep.\n:::\nTip.\n:::\nAny.\n::::\n"
        "```\n::: only role=dev\n```\n"
    )
    assert words(tmp_path, text, role="sre") == "Deep. Tip. Any."
    assert words(tmp_path, text, role="dev") == "Tip. Any."
    assert words(tmp_path, text) == ""


def test_items_and_rows_go_on_where_those_above_ended(tmp_path: Path) -> None:
    text = "- a\n::: only role=sre\n- b\n:::\n- c\n\n| h |\n|---|\n| 1 |\n::: only role!=sre\n| 2 |\n:::\n| 3 |\n"
    blocks = document(tmp_path, text, role="sre").chapters[0].blocks
    assert [len(b.items) for b in blocks if isinstance(b, List)] == [3]
    assert [len(b.rows) for b in blocks if isinstance(b, Table)] == [2]
    blocks = document(tmp_path, text, role="dev").chapters[0].blocks
    assert [len(b.items) for b in blocks if isinstance(b, List)] == [2]
    assert [len(b.rows) for b in blocks if isinstance(b, Table)] == [3]


def test_what_is_left_out_has_no_heading_id_or_number(tmp_path: Path) -> None:
    text = "::: only role=sre\n## Gone {#gone}\n\nTable: T {#tbl}\n\n| a |\n|---|\n| 1 |\n:::\n\n## Here\n"
    left = document(tmp_path, text, role="dev")
    assert [b.id for b in walk(left.chapters[0].blocks) if b.id] == ["here"]


def test_a_reference_to_what_is_left_out_names_the_condition(tmp_path: Path) -> None:
    text = "See [it](#gone).\n\n::: only role=sre\n## Gone {#gone}\n:::\n"
    document(tmp_path, text, role="sre")
    with pytest.raises(HandbookError) as caught:
        document(tmp_path, text, role="dev")
    (one,) = caught.value.diagnostics
    assert one.line == 7
    assert "leaves it out" in one.hint
    assert "one.md:9 is only for role=sre, and the role is dev" in one.hint


def test_a_reference_to_a_chapter_that_is_left_out(tmp_path: Path) -> None:
    files = {
        "handbook_dot_yaml": "title: A\nchapters: [one.md, two.md]\n",
        "one_dot_md": CHAPTER + "\n[two](#two)\n",
        "two_dot_md": "---\ntitle: Two\nonly: role=sre\n---\nx\n",
        **TABLES,
    }
    loaded = load_pack(pack(tmp_path, **files))
    with pytest.raises(HandbookError, match=r"two\.md is only there when role=sre"):
        document_of(loaded, select(loaded, day=date(2026, 11, 23)))


@pytest.mark.parametrize(
    ("condition", "message", "hint"),
    [
        ("role=sree", "unknown role 'sree' in a condition", "did you mean 'sre'"),
        ("rolle=sre", "unknown word 'rolle' in a condition", "did you mean 'role'"),
        ("role", "the condition cannot be read: 'role'", "role=sre"),
        ("", "the condition is empty", "role=sre"),
        ("role==sre", "unknown role '=sre'", "did you mean 'sre'"),
        ("plan=15", "unknown plan '15'", "14"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("where", ["block", "chapter"])
def test_conditions_that_cannot_be(
    condition: str, message: str, hint: str, where: str, tmp_path: Path
) -> None:
    if where == "chapter" and not condition:
        return
    with pytest.raises(HandbookError) as caught:
        if where == "block":
            document(tmp_path, f"::: only {condition}\nx\n:::")
        else:
            text = f"---\ntitle: A\nonly: {condition}\n---\nx\n"
            loaded = load_pack(pack(tmp_path, one_dot_md=text, **TABLES))
            document_of(loaded, select(loaded, day=date(2026, 11, 23)))
    (one,) = caught.value.diagnostics
    assert message in one.message
    assert hint in one.hint
    assert one.line == (7 if where == "block" else 3)


def test_explain(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {
        "handbook_dot_yaml": "title: A\nchapters: [one.md, two.md, three.md]\n",
        "one_dot_md": CHAPTER + "\n::: only role=sre\nx\n:::\n{% if plan %}\ny\n{% endif %}\n"
        "{% for r in roles %}{% if r.path is defined %}z{% endif %}{% endfor %}\n",
        "two_dot_md": "---\ntitle: Two\nonly: role=dev\n---\nx\n",
        "three_dot_md": "---\ntitle: Three\nwhen: plan is not none\n---\nx\n",
        **TABLES,
    }
    folder = str(pack(tmp_path, **files))
    code, out, _ = run(capsys, "explain", "--content", folder, "--role", "sre", "--json")
    reported = [
        (p["kind"], p["chapter"], p["taken"], p["condition"], p["why"], p["line"])
        for p in json.loads(out)
    ]
    assert code == 0
    assert reported == [
        ("chapter", "one", True, "", "it has no condition", 2),
        ("template", "one", False, "if plan", "it does not hold", 10),
        ("template", "one", None, "if r.path is defined", "it differs from row to row", 13),
        ("block", "one", True, "only role=sre", "the role is sre", 7),
        ("chapter", "two", False, "only: role=dev", "the role is sre", 3),
        ("chapter", "three", False, "when: plan is not none", "it does not hold", 3),
    ]
    code, out, err = run(capsys, "explain", "--content", folder, "--chapter", "one")
    assert code == 0
    assert "out only role=sre  (no role was chosen)" in out
    assert "two" not in out
