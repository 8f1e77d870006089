"""Matrices do what those of pikepdf and of a browser's `transform` do."""

from __future__ import annotations

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbook.core.matrices import IDENTITY, at, scale_of, times, transform

NUMBERS = st.floats(-50, 50)
MATRICES = st.tuples(*[NUMBERS] * 6)


@given(MATRICES, MATRICES, NUMBERS, NUMBERS)
def test_one_after_the_other(inner: tuple, outer: tuple, x: float, y: float) -> None:
    both = pikepdf.Matrix(inner) @ pikepdf.Matrix(outer)
    assert times(inner, outer) == pytest.approx(both.shorthand, abs=1e-6)
    assert at(times(inner, outer), x, y) == pytest.approx(at(outer, *at(inner, x, y)), abs=1e-5)


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("translate(3)", (13, 20)),
        ("translate(3,-4)", (13, 16)),
        ("scale(2)", (20, 40)),
        ("scale(2 .5)", (20, 10)),
        ("rotate(90)", (-20, 10)),
        ("rotate(90 10 20)", (10, 20)),
        ("matrix(1 0 0 -1 5 6)", (15, -14)),
        ("translate(1,1) scale(2)", (21, 41)),
        ("skewX(45)", (30, 20)),
        ("skewY(45)", (10, 30)),
        ("", (10, 20)),
        ("none", (10, 20)),
        ("rotate() spin(3) scale(x)", (10, 20)),
    ],
)
def test_transforms_of_svg(text: str, point: tuple[float, float]) -> None:
    assert at(transform(text), 10, 20) == pytest.approx(point)


def test_how_much_larger() -> None:
    assert scale_of(IDENTITY) == 1
    assert scale_of(transform("rotate(30) scale(3)")) == pytest.approx(3)
