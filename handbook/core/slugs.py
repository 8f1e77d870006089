"""Turn words into names: of files, and of places to link to."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable

# A file's name has at most 255 bytes on most systems; the rest is for what is put before or after.
LONGEST_NAME = 150


def file_slug(text: str) -> str:
    """Return `text` in lower case, with letters and digits of any script, and dashes."""
    if text.isascii():
        return shortened(re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-") or "handbook")
    folded = unicodedata.normalize("NFKC", text.casefold())
    return shortened("-".join(letters_of(folded).split()) or "handbook")


def letters_of(text: str, others: str = "") -> str:
    """Return `text` with a space for what is not a letter, mark or digit, nor one of `others`."""
    return "".join(c if unicodedata.category(c)[0] in "LMN" or c in others else " " for c in text)


def distinct_slug(text: str, among: Iterable[str]) -> str:
    """Return the slug of one of several names, with a digest if another has the same slug."""
    slug = file_slug(text)
    if any(other != text and file_slug(other) == slug for other in among):
        return f"{slug}-{_digest(text.encode('utf-8', 'replace'))}"
    return slug


def shortened(name: str) -> str:
    """Return a name that is short enough for any system; a digest takes the place of its end."""
    raw = name.encode("utf-8", "replace")
    if len(raw) <= LONGEST_NAME:
        return name
    return raw[: LONGEST_NAME - 9].decode("utf-8", "ignore") + "-" + _digest(raw)


def _digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()[:8]


def heading_slug(text: str) -> str:
    """Return the id of a heading or term: its words in lower case, joined by hyphens."""
    words = re.sub(r"[^\w\s-]", "", text.casefold())
    return re.sub(r"[-\s]+", "-", words).strip("-_") or "section"
