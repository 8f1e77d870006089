"""Name every limit on the work that an input may cause, in one place.

The defaults are generous enough for a book of 5,000 pages.  A user raises one with
the environment variable HANDBOOK_LIMITS or with `limits:` in the user's settings file; a pack
cannot.
"""

from __future__ import annotations

import os
from dataclasses import fields, replace
from functools import lru_cache

from .diagnostics import HandbookError, error, suggest
from .values import frozen

ENVIRONMENT = "HANDBOOK_LIMITS"
# How far mark-up reaches inside a paragraph (see `markdown/inline_pieces.py`).  It is fixed, as it
# decides what a book says.
MARKUP_REACH = 8_000


@frozen
class Limits:
    """The largest of everything; sizes are in bytes, times in seconds."""

    text_bytes: int = 64_000_000
    yaml_bytes: int = 32_000_000
    yaml_values: int = 2_000_000
    yaml_depth: int = 60
    table_rows: int = 1_000_000
    table_columns: int = 1_000
    picture_bytes: int = 200_000_000
    font_bytes: int = 100_000_000
    picture_pixels: int = 40_000_000
    all_pixels: int = 2_000_000_000
    svg_bytes: int = 20_000_000
    svg_elements: int = 200_000
    svg_depth: int = 100
    workbook_bytes: int = 200_000_000
    workbook_gap: int = 20_000
    workbook_cells: int = 20_000_000
    template_string: int = 5_000_000
    template_steps: int = 5_000_000
    template_seconds: int = 6


def limits() -> Limits:
    """Return the limits in force.

    Raises:
        HandbookError: if HANDBOOK_LIMITS cannot be read.
    """
    return _parsed(os.environ.get(ENVIRONMENT, ""))


@lru_cache(maxsize=8)
def _parsed(text: str) -> Limits:
    known = {field.name.replace("_", "-"): field.name for field in fields(Limits)}
    changed: dict[str, int] = {}
    for part in filter(None, text.replace(",", " ").split()):
        name, _, number = part.partition("=")
        if name not in known:
            raise error(f"unknown limit {name!r}", at=ENVIRONMENT, hint=suggest(name, known))
        digits = number.replace("_", "")
        if not digits.isascii() or not digits.isdigit() or len(digits) > 18:
            raise error(f"the limit {name!r} needs a number, not {number!r}", at=ENVIRONMENT)
        changed[known[name]] = int(digits)
    return replace(Limits(), **changed)


def over_limit(what: str, name: str, at: object = "", hint: str = "") -> HandbookError:
    """Return the error for an input beyond the limit `name` (a field of `Limits`)."""
    option = name.replace("_", "-")
    largest = getattr(limits(), name)
    raise_it = f"if this is meant, raise it: {ENVIRONMENT}={option}={largest * 10}"
    return error(
        f"{what}: the limit {option} is {largest:,}",
        at=at,  # type: ignore[arg-type]
        hint=f"{hint}; {raise_it}" if hint else raise_it,
        code="limit",
    )
