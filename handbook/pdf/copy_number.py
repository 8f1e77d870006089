"""Compute copy numbers: short, deterministic, with check digits.

A number such as `7K3D-9QXA-M2TF-4Z` is twelve characters of Crockford's base 32 (no I, L, O, U)
and two check characters.  It identifies a copy and proves nothing: to find out whether a copy is
genuine, look the number up in the manifest of its run.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from ..document.fields import FIELD

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOK_ALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
_LENGTH = 12
# The greatest prime below 32 * 32: one wrong character, or two adjacent ones swapped, changes the
# remainder.
_PRIME = 1021


def copy_number(edition: bytes, row: str, values: Mapping[str, str]) -> str:
    """Return the number of an edition's copy with `values`, made for a `row` of a roster."""
    others = sorted((name, value) for name, value in values.items() if name != FIELD)
    source = repr((edition.hex(), row, others)).encode("utf-8", "backslashreplace")
    value = int.from_bytes(hashlib.sha256(source).digest()[:8], "big") >> 4
    characters = _encode(value, _LENGTH) + _encode(_check_value(value), 2)
    return "-".join(characters[at : at + 4] for at in range(0, len(characters), 4))


def read_number(text: str) -> str:
    """Return a number as typed in its printed form; "" if it is not valid."""
    characters = re.sub(r"[\s-]", "", text).upper().translate(_LOOK_ALIKES)
    if len(characters) != _LENGTH + 2 or any(sign not in _ALPHABET for sign in characters):
        return ""
    value, check = _decode(characters[:_LENGTH]), _decode(characters[_LENGTH:])
    if _check_value(value) != check:
        return ""
    return "-".join(characters[at : at + 4] for at in range(0, len(characters), 4))


def _check_value(value: int) -> int:
    return value * 1024 % _PRIME


def _encode(value: int, length: int) -> str:
    return "".join(_ALPHABET[value >> 5 * place & 31] for place in reversed(range(length)))


def _decode(characters: str) -> int:
    value = 0
    for sign in characters:
        value = value * 32 + _ALPHABET.index(sign)
    return value
