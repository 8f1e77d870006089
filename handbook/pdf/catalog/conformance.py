"""List the standards that a file can claim: each is a row of `STANDARDS`.

A row says all that a claim changes in a file: the header, the XMP properties that make the claim,
the extension schemas that describe them, and the names of structure types.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..syntax.objects import HEADER


@dataclass(frozen=True, slots=True)
class Schema:
    """An XMP schema that PDF/A does not know and so wants described (ISO 19005-2, 6.6.2.3)."""

    name: str
    prefix: str
    namespace: str
    # Names of properties with their types and descriptions.
    properties: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Standard:
    """A combination of parts of PDF/A and PDF/UA that a file claims."""

    name: str
    # Properties of the XMP packet that make the claim, in order.
    xmp: tuple[tuple[str, str], ...]
    # The row that remains if the file is not accessible.
    fallback: str = ""
    header: bytes = HEADER
    # Prefixes of the XMP packet and their namespaces.
    namespaces: tuple[tuple[str, str], ...] = ()
    schemas: tuple[Schema, ...] = ()
    # Structure types that have another name in this standard.
    tags: Mapping[str, str] = field(default_factory=dict)


_PDFA = ("pdfaid", "http://www.aiim.org/pdfa/ns/id/")
_PDFUA = ("pdfuaid", "http://www.aiim.org/pdfua/ns/id/")
_EXTENSION = (
    ("pdfaExtension", "http://www.aiim.org/pdfa/ns/extension/"),
    ("pdfaSchema", "http://www.aiim.org/pdfa/ns/schema#"),
    ("pdfaProperty", "http://www.aiim.org/pdfa/ns/property#"),
)
_UA_SCHEMA = Schema(
    "PDF/UA identification schema",
    *_PDFUA,
    (("part", "Integer", "Part of ISO 14289 that the document conforms to"),),
)


def _archival(part: int, level: str) -> Standard:
    """Return a row for a part of PDF/A alone."""
    claim = (("pdfaid:part", str(part)), ("pdfaid:conformance", level))
    return Standard(f"PDF/A-{part}{level.lower()}", claim, namespaces=(_PDFA,))


def _accessible(part: int) -> Standard:
    """Return a row for PDF/A level A together with PDF/UA-1."""
    claim = (
        ("pdfaid:part", str(part)),
        ("pdfaid:conformance", "A"),
        ("pdfuaid:part", "1"),
    )
    namespaces = (_PDFA, _PDFUA, *_EXTENSION)
    name = f"PDF/A-{part}a and PDF/UA-1"
    return Standard(name, claim, f"{part}u", namespaces=namespaces, schemas=(_UA_SCHEMA,))


STANDARDS: Mapping[str, Standard] = {
    "2a": _accessible(2),
    "2u": _archival(2, "U"),
    "2b": _archival(2, "B"),
    "3a": _accessible(3),
    "3u": _archival(3, "U"),
    "3b": _archival(3, "B"),
    # Nothing is claimed: an encrypted file cannot be PDF/A.
    "": Standard("no standard", ()),
}
