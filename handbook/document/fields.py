"""Fields: what differs from copy to copy, as a pack describes it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """How a field is laid out: label for a screen reader, width (points), lines, smallest size.

    `default` may name other fields in braces; it stands only if all of them have a value.
    A field of the `footer` stands on every page.  A `qr` is drawn as a code to scan.
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
    """Fields by name; a name that ends in `*` stands for every name that begins like it."""

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
