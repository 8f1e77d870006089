"""Collect the bibliographic metadata of an edition."""

from __future__ import annotations

from ..document.nodes import Meta
from ..pack.model import Pack
from .selection import Selection


def edition_metadata(pack: Pack, selection: Selection) -> Meta:
    """Return the metadata of the edition of `selection`; a brand is its publisher."""
    config, brand = pack.config, selection.brand

    def words(key: str) -> str:
        value = config.get(key)
        return str(value) if value is not None else ""

    return Meta(
        title=pack.title,
        subtitle=selection.title,
        author=words("author"),
        subject=words("description"),
        keywords=tuple(str(word) for word in config.get("keywords") or ()),
        language=pack.language,
        date=selection.date.isoformat(),
        identifier=selection.file_stem,
        publisher=str(brand.full_name) if brand else words("publisher"),
        rights=words("licence"),
    )
