"""Matrices of the plane, as PDF and SVG write them: (a, b, c, d, e, f).

A point (x, y) goes to (ax + cy + e, bx + dy + f) (ISO 32000-1, 8.3.4).
"""

from __future__ import annotations

import math
from typing import TypeAlias

from .patterns import late

Matrix: TypeAlias = tuple[float, float, float, float, float, float]

IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
NUMBER = late(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_TRANSFORM = late(r"(?<!\w)(\w+)\s*\(([^()]*)\)")


def numbers(text: str) -> list[float]:
    """Return all numbers in an attribute of SVG."""
    return [float(value) for value in NUMBER.findall(text)]


def times(inner: Matrix, outer: Matrix) -> Matrix:
    """Return the matrix that does `inner`, then `outer`."""
    a, b, c, d, e, f = inner
    k, m, n, p, q, r = outer
    return (
        a * k + b * n,
        a * m + b * p,
        c * k + d * n,
        c * m + d * p,
        e * k + f * n + q,
        e * m + f * p + r,
    )


def at(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    """Return the place of a point after `matrix`."""
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def scale_of(matrix: Matrix) -> float:
    """Return how many times larger `matrix` makes things."""
    a, b, c, d, _, _ = matrix
    return math.sqrt(abs(a * d - b * c))


def transform(text: str) -> Matrix:
    """Return the matrix of a `transform` attribute; what is not a transform changes nothing."""
    matrix = IDENTITY
    for kind, arguments in _TRANSFORM.findall(text):
        matrix = times(_one(kind, numbers(arguments)), matrix)
    return matrix


def _one(kind: str, values: list[float]) -> Matrix:
    if kind == "matrix" and len(values) == 6:
        a, b, c, d, e, f = values
        return (a, b, c, d, e, f)
    if kind == "translate" and values:
        return (1, 0, 0, 1, values[0], values[1] if len(values) > 1 else 0.0)
    if kind == "scale" and values:
        return (values[0], 0, 0, values[-1], 0, 0)
    if kind == "rotate" and values:
        turn = math.radians(values[0])
        turned = (math.cos(turn), math.sin(turn), -math.sin(turn), math.cos(turn), 0.0, 0.0)
        if len(values) < 3:
            return turned
        x, y = values[1:3]
        return times(times((1, 0, 0, 1, -x, -y), turned), (1, 0, 0, 1, x, y))
    if kind == "skewX" and values:
        return (1, 0, math.tan(math.radians(values[0])), 1, 0, 0)
    if kind == "skewY" and values:
        return (1, math.tan(math.radians(values[0])), 0, 1, 0, 0)
    return IDENTITY
