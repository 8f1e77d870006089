"""A word longer than its line is cut into lines: whole, and in time that grows with the word."""

from __future__ import annotations

import math
import time

import pymupdf
import pytest
from onepage import built
from pdfread import structure

# Seconds that nothing has to explain, and the largest exponent beyond them.
FREE, EXPONENT = 0.5, 1.4


def seconds(word: str) -> float:
    begun = time.process_time()
    built(word)
    return time.process_time() - begun


@pytest.mark.parametrize("unit", ["handbook", "漢字", "\N{GRINNING FACE}", "क्ष"])
def test_a_giant_word_is_whole(unit: str) -> None:
    word = unit * 300
    said = structure(built(word)).text
    assert word in "".join(said.split()).replace("\u00ad", "")


def test_a_long_name_in_code_ends_its_line_where_a_part_of_it_does() -> None:
    name = "InstallAppleProvisioningProfileForEveryDeviceOfTheTeam"
    with pymupdf.open(stream=built(f"`{name}`", paper="phone"), filetype="pdf") as document:
        text = document[0].get_text()
    lines = [line.strip() for line in text.split("\n") if line.strip() and line.strip() in name]
    assert "".join(lines) == name
    assert len(lines) > 1
    assert all(line[0].isupper() for line in lines)


@pytest.mark.parametrize("unit", ["handbook", "\N{GRINNING FACE}"])
def test_time_grows_with_the_word(unit: str) -> None:
    if seconds(unit * (16_000 // len(unit))) < FREE:
        return
    # A machine that is busy makes one of them slow, but not the same one five times.
    exponents = []
    for _ in range(5):
        small, large = (seconds(unit * (size // len(unit))) for size in (8_000, 32_000))
        exponents.append(math.log(large / small, 4))
        if exponents[-1] < EXPONENT:
            break
    assert exponents[-1] < EXPONENT, exponents
