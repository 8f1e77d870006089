"""Our own checks: silent on a file that is right, and each finds the defect that it is for."""

from __future__ import annotations

from pathlib import Path

import pytest
import samples

from handbook.verify.inspect import CHECKS, inspect
from handbook.verify.report import Finding


def findings(data: bytes, folder: Path) -> tuple[Finding, ...]:
    file = folder / "sample.pdf"
    file.write_bytes(data)
    return inspect(file).findings


def test_nothing_is_wrong_with_the_good_file(tmp_path: Path) -> None:
    assert findings(samples.good(), tmp_path) == ()


@pytest.mark.parametrize("name", samples.FAULTS)
def test_each_defect_is_found_by_its_check(name: str, tmp_path: Path) -> None:
    check = samples.FAULTS[name][0]
    found = findings(samples.broken(name), tmp_path)
    assert check in {finding.rule for finding in found}, found
    assert not any("could not be finished" in finding.message for finding in found), found


def test_a_faulty_operator_is_named_in_plain_words(tmp_path: Path) -> None:
    said = [one.message for one in findings(samples.broken("operator_without_operands"), tmp_path)]
    assert any("the operator Tf lacks an operand" in one for one in said)
    assert not [one for one in said if "index" in one or "Key" in one]


def test_each_check_has_a_defect_to_find() -> None:
    assert {check for check, _ in samples.FAULTS.values()} == set(CHECKS)


def test_what_is_not_a_pdf_is_said_to_be_none(tmp_path: Path) -> None:
    found = findings(b"hello", tmp_path)
    assert [finding.rule for finding in found] == ["readable"]


def test_a_finding_says_where(tmp_path: Path) -> None:
    found = findings(samples.broken("no_scope"), tmp_path)
    assert [finding.places for finding in found] == [("page 2: TH “Name”",)]
