"""A checker that no one here wrote, `outloud` from PyPI, agrees; or the disagreement is explained.

Each explanation comes with a built-in check, so that it cannot hide a real defect.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pdfread
import pytest
import samples
from conftest import built

FULL = os.environ.get("HANDBOOK_FULL_GRID")
SOME = [("", "", "", "a4", ""), ("sre", "sre", "30", "letter", "Zoë"), ("", "finops", "", "a5", "")]
MORE = [("data-engineer", "dataops", "60", "a4", ""), ("security-engineer", "", "14", "a4", "")]


def outloud() -> Callable[..., object]:
    try:
        import outloud as package
    except ImportError:
        if os.environ.get("HANDBOOK_REQUIRE_ALL"):
            pytest.fail("outloud is required here and not installed")
        pytest.skip("outloud is not installed")
    return package.check


def rows_have_headers(file: Path) -> bool:
    """TBL-010 takes a table for "shredded" that has more header cells than data cells.

    That is so wherever each row has a header of its own and there are one or two other columns.
    """
    tables = pdfread.structure(file).all("Table")
    return all(
        cell.scope == ("Column" if row.parent.tag == "THead" else "Row")
        for table in tables
        for row in table.all("TR")
        for cell in row.all("TH")
    )


def painted_in_reading_order(file: Path) -> bool:
    """ORD-001 reads an element's own content before that of the elements inside it.

    So a paragraph with inline code seems out of order to it.  In the true order nothing is.
    """
    from handbook.verify.inspect import inspect

    return not any(finding.rule == "paint-order" for finding in inspect(file).findings)


def addresses_are_examples(file: Path) -> bool:
    """LNK-010 wants each printed address to be a link: not so one in a command to type."""
    for node in pdfread.structure(file).walk():
        own = "".join(kid for kid in node.kids if isinstance(kid, str))
        inside = node.tag in ("Code", "Link") or (node.parent and node.parent.tag == "Link")
        if "https://" in own and not inside:
            return False
    return True


def artifacts_are_running_feet(file: Path) -> bool:
    """TAG-002 takes a foot that is on few pages for prose: the front matter has its own."""
    import pikepdf

    with pikepdf.open(file) as pdf:
        for index in range(len(pdf.pages)):
            height = float(pdf.pages[index].mediabox[3])
            inside = [
                run
                for run in pdfread.text_positions(pdf, index)
                if run.artifact and 0.1 * height < run.y < 0.9 * height
            ]
            if any(mark.kind != "Pagination" for run in inside for mark in run.marks):
                return False
    return True


def titles_begin_chapters(file: Path) -> bool:
    """PAG-001 takes a chapter's title at the head of a page for a running head that says the same."""
    import pikepdf

    titles = [pdfread.squeeze(node.text) for node in pdfread.structure(file).all("H1")]
    with pikepdf.open(file) as pdf:
        tops = [
            (run.y / float(pdf.pages[index].mediabox[3]), run)
            for index in range(len(pdf.pages))
            for run in pdfread.text_positions(pdf, index)
        ]
    # Rows of a table that are said again are below the running head.
    heads = {pdfread.squeeze(run.text) for y, run in tops if y > 0.94 and run.artifact}
    said = Counter(pdfread.squeeze(run.text) for y, run in tops if y > 0.9 and not run.artifact)
    # What a running head says may begin a page of text by chance, but not again and again.
    return all(any(words in title for title in titles) for words in heads if said[words] >= 3)


EXPLAINED = {
    "TBL-010": rows_have_headers,
    "ORD-001": painted_in_reading_order,
    "LNK-010": addresses_are_examples,
    "TAG-002": artifacts_are_running_feet,
    "PAG-001": titles_begin_chapters,
}


@pytest.mark.parametrize(
    ("role", "path", "plan", "paper", "learner"), [*SOME, *MORE] if FULL else SOME
)
def test_outloud_agrees(
    role: str, path: str, plan: str, paper: str, learner: str, tmp_path: Path
) -> None:
    check = outloud()
    file = tmp_path / "edition.pdf"
    file.write_bytes(built(role, path, plan, paper, learner).pdf)
    result = check(str(file))
    assert result.error is None
    found = {item.rule: item for item in result.findings if item.severity != "info"}
    unexplained = {rule: item for rule, item in found.items() if rule not in EXPLAINED}
    assert not unexplained
    for rule in found:
        assert EXPLAINED[rule](file), found[rule]


def test_outloud_finds_defects(tmp_path: Path) -> None:
    """It is a checker worth asking: it finds most of the defects that our own checks find."""
    check = outloud()
    caught = 0
    for name in samples.FAULTS:
        file = tmp_path / f"{name}.pdf"
        file.write_bytes(samples.broken(name))
        caught += check(str(file)).verdict != "pass"
    assert caught > len(samples.FAULTS) / 2
