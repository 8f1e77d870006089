"""Describe fields: the values that differ from copy to copy."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from ..core.values import frozen


@frozen
class FieldSpec:
    """How a field is laid out: label for screen readers, width (points), lines, smallest size.

    `default` may name other fields in braces; it is used only if all of them have a value.
    A `footer` field is on every page.  A `qr` field is drawn as a QR code.
    """

    name: str
    label: str
    width: float
    lines: int = 1
    floor: float = 7.0
    default: str = ""
    place: Literal["text", "footer"] = "text"
    kind: Literal["text", "qr"] = "text"


class FieldSpecs(dict[str, FieldSpec]):
    """Fields by name; a name that ends in `*` matches every name with that prefix."""

    def __missing__(self, name: str) -> FieldSpec:
        for pattern, spec in self.items():
            if pattern.endswith("*") and name.startswith(pattern[:-1]):
                return replace(spec, name=name)
        raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        try:
            return bool(self[str(name)])
        except KeyError:
            return False


FIELD = "copy"
