"""A copy's number: the same whenever it is made, distinguished from a mistyped one, found in the manifest."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pikepdf
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from packs import pack
from readback import Reader, fold
from small import CONFIG, COVER, ONE, small_edition

from handbook.cli import main
from handbook.core.diagnostics import HandbookError
from handbook.pdf.copy_number import copy_number, read_number

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
VALUES = {"learner": "Asha Rao"}


def test_the_same_copy_has_the_same_number() -> None:
    number = copy_number(b"edition", "1001", VALUES)
    assert number == copy_number(b"edition", "1001", {**VALUES, "copy": "other"})
    assert re.fullmatch(rf"[{SIGNS}]{{4}}-[{SIGNS}]{{4}}-[{SIGNS}]{{4}}-[{SIGNS}]{{2}}", number)
    others = {
        copy_number(b"edition", "1002", VALUES),
        copy_number(b"other", "1001", VALUES),
        copy_number(b"edition", "1001", {"learner": "Asha Roa"}),
    }
    assert len(others | {number}) == 4


@given(st.text(max_size=8), st.integers(0, 13), st.sampled_from(SIGNS))
def test_a_mistyped_number_is_known(row: str, place: int, sign: str) -> None:
    number = copy_number(b"edition", row, VALUES)
    signs = number.replace("-", "")
    assert read_number(number) == number
    wrong = signs[:place] + sign + signs[place + 1 :]
    assert (read_number(wrong) == number) == (sign == signs[place])
    if place < 13 and signs[place] != signs[place + 1]:
        swapped = signs[:place] + signs[place + 1] + signs[place] + signs[place + 2 :]
        assert read_number(swapped) != swapped or read_number(swapped) == ""


def test_a_number_is_read_as_people_write_it() -> None:
    number = copy_number(b"e", "1", VALUES)
    messy = number.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert read_number(f" {messy} ") == number
    assert read_number("no number") == ""


def test_the_number_is_in_the_metadata_alone_where_no_place_is_for_it() -> None:
    edition = small_edition()
    values = edition.with_copy_number({"learner": "Asha Rao"}, "1001")
    data = edition.fill(values)
    assert f"urn:handbook:copy:{values['copy']}".encode() in data
    with pikepdf.open(__import__("io").BytesIO(data)) as pdf, pdf.open_metadata() as meta:
        assert meta["dc:identifier"] == f"urn:handbook:copy:{values['copy']}"
    assert edition.with_copy_number({}) == {}


IMPRINT = """---
title: About
matter: front
layout: imprint
---

{% if "copy" in provided_fields %}
Copy number :field[copy]

::field-qr name=code

{% endif %}
"""
BRAND = 'meta: {name: Acme}\ndefaults: {handbook: {copies: "https://acme.example/c/{number}"}}\n'


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A folder of copies with numbers on them."""
    config = CONFIG + "  copy: {label: The number of this copy, width: 60}\n"
    files = {
        "handbook_dot_yaml": config,
        "cover_dot_md": COVER,
        "imprint_dot_md": IMPRINT,
        "one_dot_md": ONE,
    }
    folder = pack(tmp_path / "pack", **files)
    (tmp_path / "acme.yaml").write_text(BRAND)
    (tmp_path / "r.csv").write_text("id,name\n1,Asha Rao\n2,Zoë Ł\n")
    out = tmp_path / "out"
    done = CliRunner().invoke(
        main,
        [
            "batch",
            str(tmp_path / "r.csv"),
            "-o",
            str(out),
            "--content",
            str(folder),
            "-j1",
            "--brand",
            str(tmp_path / "acme.yaml"),
            "--date",
            "2026-11-23",
        ],
    )
    assert done.exit_code == 0, done.output
    return out


def lines(out: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in (out / "manifest.jsonl").read_text("utf-8").splitlines()]


def check(out: Path, asked: str) -> str:
    done = CliRunner().invoke(
        main, ["batch", "--check", str(out), "--copy", asked], catch_exceptions=False
    )
    assert done.exit_code == 0
    return done.stdout


def test_number_and_address_are_on_the_page_and_in_the_manifest(run: Path) -> None:
    one, two = lines(run)
    assert one["copy"] != two["copy"]
    reader = Reader((run / one["file"]).read_bytes())
    assert one["copy"] in fold("".join(text.text for text in reader.runs[1]))
    assert any("QR code" in str(n.attributes.get("/Alt")) for n in reader.structure().all("Figure"))


def test_check_tells_whose_copy_it_is(run: Path, tmp_path: Path) -> None:
    one, two = lines(run)
    assert (
        check(run, two["copy"].lower())
        == f"copy {two['copy']}: row 2, id 2, {two['file']}, a-small-book_complete_acme\n"
    )
    assert check(run, str(run / one["file"])).startswith(f"copy {one['copy']}: row 1")


def test_check_tells_what_is_not_a_copy(run: Path, tmp_path: Path) -> None:
    one, two = lines(run)
    changed = tmp_path / "changed.pdf"
    changed.write_bytes((run / one["file"]).read_bytes() + b"\n")
    foreign = tmp_path / "foreign.pdf"
    foreign.write_bytes(b"%PDF-1.7")
    number = copy_number(b"else", "9", {})
    for asked, message in (
        (str(changed), f"not as it was written, though it says that it is copy {one['copy']}"),
        (str(foreign), "not a copy of this run"),
        (number, f"no copy of this run has the number {number}"),
        (two["copy"][:-1] + "?", "is neither a copy number nor a file"),
    ):
        with pytest.raises(HandbookError, match=re.escape(message)):
            check(run, asked)
