"""The number of a copy: short, told apart from a mistyped one, the same whenever it is made.

Twelve signs of Crockford's base 32 (no I, L, O, U) say which copy it is, two more whether they
were read rightly: `7K3D-9QXA-M2TF-4Z`.  A number names a copy and proves nothing: whether a copy
is genuine is found out by looking the number up in the manifest of its run.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from ..document.fields import FIELD

_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
_LENGTH = 12
# The greatest prime below 32 * 32: any one sign mistaken, and any two beside one another
# swapped, leave another remainder.
_PRIME = 1021


def copy_number(edition: bytes, row: str, values: Mapping[str, str]) -> str:
    """The number of the copy of an edition that holds `values`, made for a `row` of a roster."""
    own = sorted((name, value) for name, value in values.items() if name != FIELD)
    said = repr((edition.hex(), row, own)).encode("utf-8", "backslashreplace")
    value = int.from_bytes(hashlib.sha256(said).digest()[:8], "big") >> 4
    signs = _written(value, _LENGTH) + _written(_check(value), 2)
    return "-".join(signs[at : at + 4] for at in range(0, len(signs), 4))


def read_number(text: str) -> str:
    """A number as someone typed it, in the form it is printed in; "" if it cannot be one."""
    signs = re.sub(r"[\s-]", "", text).upper().translate(_READ_AS)
    if len(signs) != _LENGTH + 2 or any(sign not in _SIGNS for sign in signs):
        return ""
    value, check = _value(signs[:_LENGTH]), _value(signs[_LENGTH:])
    if _check(value) != check:
        return ""
    return "-".join(signs[at : at + 4] for at in range(0, len(signs), 4))


def _check(value: int) -> int:
    return value * 1024 % _PRIME


def _written(value: int, length: int) -> str:
    return "".join(_SIGNS[value >> 5 * place & 31] for place in reversed(range(length)))


def _value(signs: str) -> int:
    value = 0
    for sign in signs:
        value = value * 32 + _SIGNS.index(sign)
    return value
