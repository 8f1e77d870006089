"""Show a brand to content templates as the variable `brand`."""

from __future__ import annotations

import re
import string

from ...core.diagnostics import NOWHERE
from ...core.yaml_source import SourcedDict, SourcedStr
from .model import Brand

_SIGNS = re.compile(f"([{re.escape(string.punctuation)}])")


def brand_words(brand: Brand) -> SourcedDict:
    """Return the words of `brand`: plain ones safe in Markdown, `legal` and `cover` as written."""
    contact = brand.contact
    reach = {
        "address": [_plain(line) for line in contact.address],
        "phone": _plain(contact.phone),
        # Addresses to click: an author writes [words](…) around them.
        "mail": contact.mail,
        "web": contact.web,
        "site": _plain(re.sub(r"^https?://(www\.)?|/$", "", contact.web)),
    }
    row = brand.provider_row
    return _row(
        name=_plain(brand.name),
        full_name=_plain(brand.full_name),
        legal=brand.legal,
        cover=brand.cover,
        contact=_row(**reach),
        reachable=any(reach.values()),
        provider=brand.provider_id,
        copies=brand.copies,
        row=_row(**{key: _plain(str(row.get(key) or "")) for key in ("name", "focus", "offers")})
        if row
        else None,
    )


def _row(**items: object) -> SourcedDict:
    return SourcedDict(items, NOWHERE, {})


def _plain(text: str) -> str:
    """Return text that Markdown takes literally; it still has its source."""
    safe = _SIGNS.sub(r"\\\1", text)
    return SourcedStr(safe, text.source) if isinstance(text, SourcedStr) else safe
