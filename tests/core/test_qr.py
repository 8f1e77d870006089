"""QR codes, as scanners read them, and as ReportLab draws them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from qr_patterns import patterns
from reportlab.graphics.barcode import qrencoder

from handbook.core.qr import MASK, PATTERNS, modules, modules_at_once

# Each mode of the standard, sizes with and without a version number in the code, and UTF-8.
TEXTS = (
    "https://acme.example/copy/7K3D-9QXA-M2TF-4Z", "HTTPS://ACME.EXAMPLE/7K3D-9QXA",
    "20270215", "a" * 130, "https://acme.example/日本/é", "é" * 33, "/" * 500,
)  # fmt: skip


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_both_ways_to_draw_a_code_can_be_read(text: str, tmp_path: Path) -> None:
    zbar = shutil.which("zbarimg")
    if zbar is None:
        pytest.skip("zbarimg (zbar-tools) is not installed")
    for drawn in (modules(text), modules_at_once(text)):
        side = len(drawn) + 8
        picture = Image.new("1", (side, side), 1)
        for line, row in enumerate(drawn):
            for column, dark in enumerate(row):
                picture.putpixel((column + 4, line + 4), not dark)
        picture.resize((side * 4, side * 4)).save(tmp_path / "code.png")
        read = subprocess.run(
            [zbar, "-q", "--raw", str(tmp_path / "code.png")], capture_output=True, check=True
        )
        assert read.stdout.decode().strip() == text


def test_a_code_of_any_length_is_as_large_as_the_best_one() -> None:
    for length in (*range(1, 120, 7), 331, 500):
        for text in ("a" * length, "é" * (length // 2 + 1)):
            assert len(modules_at_once(text)) == len(modules(text))


def test_the_patterns_are_those_of_reportlab() -> None:
    assert PATTERNS.read_text("ascii") == patterns()


@settings(max_examples=60, deadline=None)
@given(
    st.one_of(
        st.text(min_size=1, max_size=80),
        st.text("0123456789", min_size=1),
        st.text("AZ 09$:/", min_size=1),
    )
)
def test_a_code_is_that_of_reportlab_under_the_same_mask(text: str) -> None:
    # ReportLab takes a line feed at the end of numbers for one of them, and fails.
    text = text.encode("utf-8", "ignore").decode().rstrip("\n") or "0"
    code = by_reportlab(text, (len(modules(text)) - 17) // 4)
    code.makeImpl(False, MASK)
    assert modules_at_once(text) == [[bool(module) for module in row] for row in code.modules]


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_a_figures_code_has_the_mask_that_reportlab_prefers(text: str) -> None:
    code = by_reportlab(text, (len(modules(text)) - 17) // 4)
    code.make()
    assert modules(text) == [[bool(module) for module in row] for row in code.modules]


def by_reportlab(text: str, version: int) -> qrencoder.QRCode:
    code = qrencoder.QRCode(version, qrencoder.QRErrorCorrectLevel.M)
    if text.isascii():
        code.addData(text)
    else:
        code.addData(qrencoder.QRECI(26))
        code.addData(qrencoder.QR8bitByte(text))
    return code
