"""TODO: a docstring."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Conformance:
    """A part of ISO 19005 with its level, beside ISO 14289-1."""

    part: int
    level: str


PARTS = {"2a": Conformance(2, "A"), "2b": Conformance(2, "B"), "3a": Conformance(3, "A")}
