"""Find the column of a roster that has e-mail addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .roster import plain_name

_COLUMNS = (
    "email", "e mail", "email address", "e mail address", "mail", "user email",
    "userprincipalname", "e mail adresse", "adresse e mail", "courriel",
    "correo electronico", "direccion de correo electronico", "correo", "login id", "sis login id",
)  # fmt: skip
ADDRESS = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^@\s<>,;\".]+")


def address_column(header: Iterable[str]) -> str:
    """Return the column with addresses; "" if there is none."""
    names = {plain_name(name): name for name in header}
    return next((names[name] for name in _COLUMNS if name in names), "")


def is_address(text: str) -> bool:
    """Return whether a text looks like an e-mail address."""
    return bool(ADDRESS.fullmatch(text)) and text.isprintable()
