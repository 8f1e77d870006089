"""The whole way, one arrow after the other: a pack and a selection -> an edition -> a copy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from .assemble import assemble
from .content import Pack
from .document import Document, Meta
from .selection import Selection

if TYPE_CHECKING:
    from .pdf.edition import Edition


def meta_of(pack: Pack, selection: Selection) -> Meta:
    """What a librarian wants to know of the edition of `selection`."""
    config = pack.config

    def words(key: str) -> str:
        value = config.get(key)
        return str(value) if value is not None else ""

    return Meta(
        title=pack.title,
        subtitle=selection.title,
        author=words("author"),
        subject=words("description"),
        keywords=tuple(str(word) for word in config.get("keywords") or ()),
        language=words("language") or "en",
        date=selection.date.isoformat(),
        identifier=selection.stem,
        publisher=words("publisher"),
        rights=words("licence"),
    )


def document_of(pack: Pack, selection: Selection) -> Document:
    """The document that `selection` yields; HandbookError if the content is at fault."""
    from .markdown import parse

    chapters = assemble(pack, selection)
    return parse(chapters, meta_of(pack, selection), pack.fields)


def edition_of(pack: Pack, selection: Selection, theme: str = "default") -> Edition:
    """The edition of `selection`, ready to be filled."""
    from .layout.book import lay_out
    from .pdf.edition import make_edition
    from .theme import load_theme

    document = document_of(pack, selection)
    design = load_theme(theme)
    book = lay_out(document, design, selection.paper)
    return make_edition(book, document.meta, document.fields, design.faces())


def build(
    pack: Pack,
    selection: Selection,
    values: Mapping[str, str] | None = None,
    theme: str = "default",
) -> bytes:
    """One copy of the edition of `selection`, its fields filled with `values`: a PDF file."""
    return edition_of(pack, selection, theme).fill(values)
