"""Turn words into names: of files, and of places to link to."""

from __future__ import annotations

import re


def file_slug(text: str) -> str:
    """Return `text` in lower-case letters, digits and dashes: safe in a file name."""
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-") or "handbook"


def heading_slug(text: str) -> str:
    """Return the id of a heading or term: its words in lower case, joined by hyphens."""
    words = re.sub(r"[^\w\s-]", "", text.casefold())
    return re.sub(r"[-\s]+", "-", words).strip("-_") or "section"
