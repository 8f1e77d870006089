"""Codes to scan (ISO/IEC 18004): text into rows of dark and light modules."""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

# Readers take any of the eight; the best is a matter of bad light and worn paper.
MASK = 3
# The number of the encoding (AIM ECI).
UTF_8 = 26


def modules(text: str) -> list[list[bool]]:
    """The modules of a code under the mask that reads best (7.8.3): for what is drawn once."""
    code = _code(text)
    code.make()
    return [[bool(module) for module in row] for row in code.modules]


def modules_at_once(text: str) -> list[list[bool]]:
    """The modules of a code under the one mask: some ten times quicker, for what each copy has."""
    code = _code(text)
    empty, places = _empty(code.version)
    rows = [*map(list, empty)]
    data = code.createData(code.version, code.errorCorrectLevel, code.dataList)
    bits = "".join(f"{byte:08b}" for byte in data)
    # The mask is what an empty code shows, so that a set bit turns its module over.
    for (column, row), bit in zip(places, bits, strict=False):
        if bit == "1":
            rows[row][column] = not rows[row][column]
    return rows


def _code(text: str) -> Any:
    """A code of the size that its text needs, at level M."""
    encoder = _encoder()
    code = encoder.QRCode(None, encoder.QRErrorCorrectLevel.M)
    if text.isascii():
        code.addData(text)
    else:
        # Readers guess an encoding that is not named, and take UTF-8 for Shift JIS.
        code.addData(encoder.QRECI(UTF_8))
        code.addData(encoder.QR8bitByte(text))
    code.version = code.calculate_version()
    return code


@lru_cache(maxsize=8)
def _empty(version: int) -> tuple[list[list[bool]], list[tuple[int, int]]]:
    """A code of this size without data, and the column and row of each bit."""
    encoder = _encoder()
    code = encoder.QRCode(version, encoder.QRErrorCorrectLevel.M)
    code.dataCache = [0]
    code.makeImpl(False, MASK)
    return [[bool(module) for module in row] for row in code.modules], code.dataPosIterator()


@lru_cache(maxsize=1)
def _encoder() -> Any:
    """ReportLab's encoder by its file: imported by name it takes 170 ms, as all of Platypus comes.

    What is loaded so is ours alone: its polynomials (Reed-Solomon) are remembered.
    """
    found = find_spec("reportlab")
    assert found is not None
    assert found.submodule_search_locations is not None
    file = Path(found.submodule_search_locations[0]) / "graphics" / "barcode" / "qrencoder.py"
    spec = spec_from_file_location("handbook_qrencoder", file)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    polynomial = lru_cache(maxsize=32)(module.QRUtil.getErrorCorrectPolynomial)
    module.QRUtil.getErrorCorrectPolynomial = staticmethod(polynomial)
    # It forgets to count the number itself when it chooses the size.
    module.QRECI.bitlength = 8
    return module


def stretches(row: list[bool]) -> list[tuple[int, int]]:
    """Where the dark stretches of a row begin, and how long they are."""
    found: list[tuple[int, int]] = []
    start = 0
    for place, dark in enumerate([*row, False]):
        if dark and (place == 0 or not row[place - 1]):
            start = place
        if not dark and place and row[place - 1]:
            found.append((start, place - start))
    return found
