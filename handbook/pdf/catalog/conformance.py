"""List the standards that a file can claim: each is a row of `STANDARDS`.

A row says all that a claim changes in a file: the header, the XMP properties that make the claim,
the extension schemas that describe them, and the names of structure types.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from ...core.values import frozen
from ..syntax.objects import HEADER


@frozen
class Schema:
    """An XMP schema that PDF/A does not know and so wants described (ISO 19005-2, 6.6.2.3)."""

    name: str
    prefix: str
    namespace: str
    # Names of properties with their types and descriptions.
    properties: tuple[tuple[str, str, str], ...]


@frozen
class Standard:
    """A combination of parts of PDF/A and PDF/UA that a file claims."""

    name: str
    # Properties of the XMP packet that make the claim, in order.
    xmp: tuple[tuple[str, str], ...]
    # The row that remains if the file is not accessible, and if glyphs represent no character.
    fallback: str = ""
    unmapped: str = ""
    header: bytes = HEADER
    # Prefixes of the XMP packet and their namespaces.
    namespaces: tuple[tuple[str, str], ...] = ()
    schemas: tuple[Schema, ...] = ()
    # Structure types that have another name in this standard.
    tags: Mapping[str, str] = field(default_factory=dict)
    # Structure types that may not be directly in another, as (type, parent).
    forbidden: frozenset[tuple[str, str]] = frozenset()
    # The namespace of the document element and of renamed types; "" for that of PDF 1.7.
    structure_namespace: str = ""
    # Links and bookmarks lead to elements, and elements refer to one another (ISO 32000-2).
    structure_destinations: bool = False
    # Files may be embedded, whatever they are (ISO 19005-3, 6.8; ISO 19005-4, 6.9).
    files: bool = False
    # The MathML of formulas is in files, so that a book with formulas has files.
    formula_files: bool = False
    # Whether the file has a document information dictionary.
    info: bool = True


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
    return Standard(
        name,
        claim,
        f"{part}u",
        f"{part}b",
        namespaces=namespaces,
        schemas=(_UA_SCHEMA,),
        files=part == 3,
    )


def _pdf_2(level: str, *, accessible: bool) -> Standard:
    """Return a row for PDF/A-4, with attachments as level F, and PDF/UA-2."""
    claim = [("pdfaid:part", "4"), ("pdfaid:rev", "2020")]
    if level:
        claim.append(("pdfaid:conformance", level))
    name = f"PDF/A-4{level.lower()}"
    if accessible:
        claim += [("pdfuaid:part", "2"), ("pdfuaid:rev", "2024")]
        name += " and PDF/UA-2"
    return Standard(
        name,
        tuple(claim),
        f"4{level.lower()}",
        header=HEADER.replace(b"1.7", b"2.0"),
        namespaces=(_PDFA, _PDFUA),
        tags={"Note": "FENote"},
        forbidden=frozenset((f"H{level}", "Note") for level in range(1, 7)),
        structure_namespace="http://iso.org/pdf2/ssn",
        structure_destinations=True,
        files=level == "F",
        formula_files=True,
        info=False,
    )


STANDARDS: Mapping[str, Standard] = {
    "2a": _accessible(2),
    "2u": _archival(2, "U"),
    "2b": _archival(2, "B"),
    "3a": _accessible(3),
    "3u": _archival(3, "U"),
    "3b": _archival(3, "B"),
    "ua2": _pdf_2("", accessible=True),
    "ua2f": _pdf_2("F", accessible=True),
    "4": _pdf_2("", accessible=False),
    "4f": _pdf_2("F", accessible=False),
    # Nothing is claimed: an encrypted file cannot be PDF/A.
    "": Standard("no standard", ()),
}
# Rows by what users ask for: without and with attachments; a formula of PDF 2.0 has one.
CHOICES = {"ua1": ("2a", "3a"), "ua2": ("ua2", "ua2f")}
