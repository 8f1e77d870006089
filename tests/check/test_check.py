"""What `handbook check` finds, and for which selections."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from packs import CHAPTER, run
from packs import pack as make_pack

from handbook.check.checker import check_folder
from handbook.check.findings import Finding
from handbook.check.selections import every_selection, read_every
from handbook.markdown.conditional_blocks import filter_blocks
from handbook.pack.model import Pack
from handbook.select.assemble import assemble
from handbook.select.conditions import conditions_of

DAY = date(2026, 11, 23)
ROLES = "- {id: sre, name: SRE}\n- {id: dev, name: Developer}\n"


def found(folder: Path, **files: str) -> list[Finding]:
    return check_folder(make_pack(folder, **files), day=DAY)


def codes(findings: list[Finding]) -> list[str]:
    return [finding.diagnostic.code for finding in findings]


def test_a_sound_pack_has_no_findings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "check", "--content", str(make_pack(tmp_path)), "--strict")
    assert (code, out, err) == (0, "", "no errors, no warnings\n")


def test_the_shipped_pack_has_one_fact_that_is_due(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "check", "--date", "2026-11-23", "--json")
    assert code == 0
    assert [(f["code"], f["severity"]) for f in json.loads(out)] == [("review-due", "warning")]


def test_a_link_that_dangles_for_one_role_only(tmp_path: Path) -> None:
    text = CHAPTER + "\nSee [it](#end).\n\n::: only role=sre\n## The end {#end}\n\nx\n:::\n"
    (one,) = found(tmp_path, one_dot_md=text, tables__roles_dot_yaml=ROLES)
    assert one.diagnostic.code == "link-target"
    assert (one.diagnostic.line, one.diagnostic.column) == (7, 10)
    assert one.scope == "for role=dev, no role"
    assert one.selections == ("complete", "role=dev")
    assert "one.md:10" in one.diagnostic.hint


def test_a_template_that_fails_for_one_role_only(tmp_path: Path) -> None:
    text = CHAPTER + "\n{{ role.motto if role else '' }}\n"
    roles = "- {id: sre, name: S, motto: Up}\n- {id: dev, name: D}\n"
    (one,) = found(tmp_path, one_dot_md=text, tables__roles_dot_yaml=roles)
    assert (one.diagnostic.code, one.scope) == ("template", "for role=dev")
    assert "motto" in one.diagnostic.message


@pytest.mark.parametrize(
    ("files", "code", "place"),
    [
        ({"one_dot_md": "---\ntitle: A\nwhen: role and role.id == 'x'\n---\nx\n"}, "unknown-role", 3),
        ({"one_dot_md": "---\ntitle: A\nonly: role=sre path=any\n---\nx\n"}, "condition-never", 3),
        ({"one_dot_md": CHAPTER + "\n::: only path=any\nx\n:::\n"}, "condition-never", 7),
        ({"one_dot_md": CHAPTER + "{% if role and role.id in ['sre', 'sree'] %}x{% endif %}\n"}, "unknown-role", 6),
        ({"tables__cats_dot_yaml": "- {id: tom}\n"}, "unused-table", 1),
        ({"handbook_dot_yaml": "title: A\nchapters: [one.md]\nfields:\n  group: {width: 20}\n"}, "unused-field", 4),
        ({"two_dot_md": "# Two\n"}, "unlisted-file", 1),
        ({"handbook_dot_yaml": "title: A\nchapters: [one.md]\nindex:\n  - reader\n  - writer\n"}, "unused-term", 5),
        ({"handbook_dot_yaml": 'title: A\nchapters: [one.md]\nfields: {x: {place: footer, default: "Of {lerner}"}}\n'}, "unknown-field", 3),
        ({"one_dot_md": CHAPTER + '{% if "lerner" in provided_fields %}x{% endif %}\n'}, "unknown-field", 6),
        ({"one_dot_md": "---\ntitle: A\nreview_by: 2026-11-01\n---\nx\n"}, "review-due", 3),
        ({"one_dot_md": CHAPTER + "\n#### Deep\n\nx\n"}, "heading-level", 7),
        ({"one_dot_md": CHAPTER + "\n[here](https://example.org)\n"}, "link-text", 7),
        ({"one_dot_md": "---\ntitle: A\n---\n{% if role %}x{% endif %}\n"}, "empty-chapter", 2),
        ({"words_dot_txt": "GitHub\n", "one_dot_md": CHAPTER + "\nOn Github.\n"}, "spelling", 7),
        ({"words_dot_txt": "Kubernetes\n", "one_dot_md": CHAPTER + "\nOn Kubernets.\n"}, "spelling", 7),
    ],
)  # fmt: skip
def test_findings_have_their_place(
    files: dict[str, str], code: str, place: int, tmp_path: Path
) -> None:
    files = {"tables__roles_dot_yaml": ROLES, **files}
    reported = [f.diagnostic for f in found(tmp_path, **files) if f.diagnostic.code == code]
    assert [one.line for one in reported] == [place]


def test_retired_items_that_a_role_names(tmp_path: Path) -> None:
    files = {
        "tables__exams_dot_yaml": "- {id: x-1, code: X-1, name: X, retired: {on: 2026-07-31}}\n"
        "- {id: x-2, code: X-2, name: Y, retired: 2027-01-01}\n",
        "tables__roles_dot_yaml": "- id: a\n  name: A\n  recommended: [X-1, X-2]\n"
        "- id: b\n  name: B\n  recommended: [X-1]  # check: ignore retired\n",
        "one_dot_md": CHAPTER + "{{ exams | length }}\n",
    }
    (one,) = found(tmp_path, **files)
    assert one.diagnostic.code == "retired"
    assert (one.diagnostic.line, one.diagnostic.column) == (3, 17)
    assert "role 'a' names X-1, retired on 2026-07-31" in one.diagnostic.message
    assert codes(check_folder(tmp_path, day=date(2026, 7, 30))) == []


def test_tables_in_csv(tmp_path: Path) -> None:
    files = {
        "tables__roles_dot_csv": "id,name,path,exam\na,A,,X-1\nb,B,p,X-2\n",
        "tables__paths_dot_csv": "id,name\np,P\n",
        "tables__plans_dot_csv": "id,name,days\nq,Q,14\n",
        "tables__exams_dot_csv": "id,code,retired\nx1,X-1,2026-01-01\nx2,X-2,\n",
        "one_dot_md": CHAPTER + "{{ exams | length }}\n\n::: only role=b path=p plan=q\nx\n:::\n",
    }
    (one,) = found(tmp_path, **files)
    assert (one.diagnostic.code, one.diagnostic.line) == ("retired", 2)


def test_complete_word_list(tmp_path: Path) -> None:
    config = "title: A\nchapters: [one.md]\ncheck: {words: w.txt, complete: true}\n"
    findings = found(tmp_path, handbook_dot_yaml=config, w_dot_txt="hello\n")
    assert [f.diagnostic.message for f in findings] == ["'reader' is not in the list of words"]


def test_the_pack_ignores_codes(tmp_path: Path) -> None:
    config = "title: A\nchapters: [one.md]\ncheck: {ignore: [unused-table]}\n"
    assert found(tmp_path, handbook_dot_yaml=config, tables__t_dot_csv="id\na\n") == []


def test_a_text_that_is_shared_is_the_text_that_is_built(pack: Pack) -> None:
    selections = list(every_selection(pack, DAY))
    assert len(selections) == 9 * 8 * 4 + 1 + 3
    every = read_every(pack, DAY, [*selections[:: len(selections) // 12], *selections[-4:]])
    for selection, taken in zip(every.selections, every.taken, strict=True):
        judge = conditions_of(pack, selection)
        built = [filter_blocks(chapter, judge)[0] for chapter in assemble(pack, selection)]
        assert [v.chapter.id for v in taken] == [chapter.id for chapter in built]
        for variant, chapter in zip(taken, built, strict=True):
            assert variant.text == chapter.text, (chapter.id, selection.words)


def test_a_plan_whose_sessions_need_one_another(tmp_path: Path) -> None:
    plan = (
        "- id: p\n  name: P\n  units:\n    - title: U\n      sessions:\n"
        "        - {id: a, do: x, minutes: 9, area: a, kind: lab, needs: [c]}\n"
    )
    (one,) = found(tmp_path, tables__plans_dot_yaml=plan)
    assert (one.diagnostic.code, one.diagnostic.line) == ("schedule", 1)
    assert "needs 'c', which is not in the plan" in one.diagnostic.message


def test_strict_continues_to_the_end_and_exits_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = make_pack(tmp_path, one_dot_md=CHAPTER + "\n#### Deep\n\n[here](https://x.org)\n")
    code, _, err = run(capsys, "check", "--content", str(folder))
    assert (code, err.count("warning: ")) == (0, 2)
    code, _, err = run(capsys, "check", "--content", str(folder), "--strict")
    assert (code, err.count("warning: ")) == (1, 2)


def test_figures_and_links_that_a_build_would_report(tmp_path: Path) -> None:
    figure = '\n::figure kind=bars labels="a|b" low="1|x" high="2|3" caption="C"\n'
    (one,) = found(tmp_path / "a", one_dot_md=CHAPTER + figure)
    assert one.diagnostic.code == "figure"
    assert one.diagnostic.message.endswith("do not fit together: 'x' is not a number")
    lenient = "title: A book\nlenient: true\ndialect: gfm\nchapters: [one.md, two.md]\n"
    (one,) = found(
        tmp_path / "b",
        handbook_dot_yaml=lenient,
        two_dot_md="---\ntitle: Two\n---\n\n## Part\n",
        one_dot_md=CHAPTER + "\n[in](two.html#part), [TWO](two.md#PART), [out](gone/page.md)\n",
    )
    assert one.diagnostic.message == "a link that leads out of the book: 'gone/page.md'"
    assert one.diagnostic.severity == "warning"


def test_keys_of_front_matter_that_a_build_would_report(tmp_path: Path) -> None:
    text = "---\ntitle: One\nmoon: full\n---\n\nWords.\n"
    (one,) = found(
        tmp_path, one_dot_md=text, handbook_dot_yaml="title: A\ndialect: gfm\nchapters: [one.md]\n"
    )
    assert (one.diagnostic.code, one.diagnostic.line) == ("front-matter", 3)
