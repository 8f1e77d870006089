"""A print run: every copy as it is alone, each on leaves of its own, the same things stored once."""

from __future__ import annotations

import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from small import small_edition

from handbook.core.diagnostics import HandbookError
from handbook.document.nodes import Meta
from handbook.pdf.print_run import COPIES_PER_NODE, PrintRun

META = Meta(title="A print run", date="2026-11-23", language="en", identifier="run")
NAMES = ["Asha Rao", "Zoë Łukasiewicz", "محمد الأحمد", "अक्षय त्रिपाठी"]


def values(number: int) -> dict[str, str]:
    own = {
        "learner": f"{NAMES[number % 4]}",
        "cohort": f"Group {number}",
        "code": f"https://x.example/{number}",
    }
    return small_edition().with_copy_number(own, str(number))


def run(copies: int) -> bytes:
    out = BytesIO()
    made = PrintRun(out, META)
    made.add_edition("small", small_edition())
    for number in range(copies):
        made.add_copy("small", values(number), f"Copy {number}", {"ID": str(number), "Row": ""})
    made.finish()
    return out.getvalue()


def test_every_page_is_that_of_the_copy_alone() -> None:
    whole = pypdfium2.PdfDocument(run(4))
    for number in range(4):
        alone = pypdfium2.PdfDocument(small_edition().fill(values(number)))
        assert len(alone) == 3
        for page in range(3):
            one = alone[page].render(scale=1).to_pil()
            other = whole[number * 4 + page].render(scale=1).to_pil()
            assert one.tobytes() == other.tobytes(), (number, page)


def test_copies_begin_on_the_front_of_a_leaf() -> None:
    whole = pypdfium2.PdfDocument(run(3))
    assert len(whole) == 12
    for number in range(3):
        blank = whole[number * 4 + 3]
        assert not blank.get_textpage().get_text_range()
        assert blank.get_size() == whole[0].get_size()


def test_each_copy_has_a_bookmark_and_a_part() -> None:
    count = COPIES_PER_NODE + 3
    with pikepdf.open(BytesIO(run(count))) as pdf:
        with pdf.open_outline() as outline:
            assert [item.title for item in outline.root] == [f"Copy {n}" for n in range(count)]
        root = pdf.Root.DPartRoot.DPartRootNode
        leaves = list(root.DParts[0])
        assert [str(leaf.DPM.ID) for leaf in leaves] == [str(n) for n in range(count)]
        pages = list(pdf.pages)
        assert len(pages) == count * 4
        for number, leaf in enumerate(leaves):
            part = pages[number * 4 : number * 4 + 4]
            assert leaf.Start.objgen == part[0].objgen
            assert leaf.End.objgen == part[3].objgen
            assert all(page.DPart.objgen == leaf.objgen for page in part)
            assert "/Row" not in leaf.DPM


def test_a_copy_more_adds_kilobytes() -> None:
    two, fifty = len(run(2)), len(run(50))
    edition = len(small_edition().body)
    assert two < edition + 8_000
    assert (fifty - two) / 48 < 4_000


def test_the_same_copies_give_the_same_bytes() -> None:
    assert run(3) == run(3)
    assert run(3) != run(2)


def test_a_value_that_does_not_fit_is_reported() -> None:
    made = PrintRun(BytesIO(), META)
    made.add_edition("small", small_edition())
    with pytest.raises(HandbookError, match="field 'learner' is too long"):
        made.add_copy("small", {"learner": "Wolfeschlegelsteinhausen " * 30}, "x", {})


def test_the_file_is_sound(tmp_path: Path) -> None:
    qpdf = shutil.which("qpdf")
    if qpdf is None:
        pytest.skip("qpdf is not installed")
    path = tmp_path / "run.pdf"
    path.write_bytes(run(COPIES_PER_NODE * 2))
    subprocess.run([qpdf, "--check", str(path)], check=True, capture_output=True)


def test_it_claims_what_holds_without_tags() -> None:
    with pikepdf.open(BytesIO(run(1))) as pdf, pdf.open_metadata() as meta:
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("2", "B")
        assert "pdfuaid:part" not in meta
