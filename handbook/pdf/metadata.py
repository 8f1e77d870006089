"""What PDF/A-2 and PDF/UA-1 ask of the catalog: Info, XMP, an output intent.

A standard is a row of `PARTS`; a new one is a new row.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from html import escape
from typing import Any

from ..document import Meta
from .writer import Name, Raw, Ref, Writer

PRODUCER = "handbook"


@dataclass(frozen=True, slots=True)
class Conformance:
    """A part of ISO 19005 with its level, beside ISO 14289-1."""

    part: int
    level: str


PARTS = {"2a": Conformance(2, "A"), "2b": Conformance(2, "B"), "3a": Conformance(3, "A")}


def pdf_date(day: str) -> str:
    """An ISO day as a PDF date at midnight UTC (7.9.4)."""
    return f"D:{day.replace('-', '')}000000Z"


def info(meta: Meta) -> dict[str, Any]:
    """The document information dictionary; XMP says the same (ISO 19005-2, 6.6.2)."""
    entries: dict[str, Any] = {
        "Title": full_title(meta),
        "Author": meta.author,
        "Subject": meta.subject,
        "Keywords": ", ".join(meta.keywords),
        "Creator": PRODUCER,
        "Producer": PRODUCER,
        "CreationDate": Raw(b"(" + pdf_date(meta.date).encode() + b")"),
        "ModDate": Raw(b"(" + pdf_date(meta.date).encode() + b")"),
    }
    return {key: value for key, value in entries.items() if value}


def full_title(meta: Meta) -> str:
    """The title with its subtitle, as the window bar shows it."""
    return f"{meta.title}: {meta.subtitle}" if meta.subtitle else meta.title


def xmp(meta: Meta, conformance: Conformance) -> bytes:
    """The XMP packet, in step with `info` (ISO 19005-2, 6.6.2; ISO 14289-1, 5)."""
    day = f"{meta.date}T00:00:00Z"
    lines = [
        _alternative("dc:title", full_title(meta)),
        _sequence("dc:creator", [meta.author]) if meta.author else "",
        _alternative("dc:description", meta.subject) if meta.subject else "",
        _sequence("dc:publisher", [meta.publisher], "Bag") if meta.publisher else "",
        _alternative("dc:rights", meta.rights) if meta.rights else "",
        _sequence("dc:language", [meta.language], "Bag"),
        _simple("dc:identifier", meta.identifier),
        _simple("pdf:Keywords", ", ".join(meta.keywords)),
        _simple("pdf:Producer", PRODUCER),
        _simple("xmp:CreatorTool", PRODUCER),
        _simple("xmp:CreateDate", day),
        _simple("xmp:ModifyDate", day),
        _simple("xmp:MetadataDate", day),
        _simple("pdfaid:part", str(conformance.part)),
        _simple("pdfaid:conformance", conformance.level),
        # Without tags (level B) nothing is claimed of them.
        _simple("pdfuaid:part", "1" if conformance.level == "A" else ""),
    ]
    body = "\n".join(line for line in lines if line)
    return _PACKET.replace("@BODY@", body).encode("utf-8")


def _simple(name: str, value: str) -> str:
    return f"<{name}>{escape(value, quote=False)}</{name}>" if value else ""


def _alternative(name: str, value: str) -> str:
    item = f'<rdf:li xml:lang="x-default">{escape(value, quote=False)}</rdf:li>'
    return f"<{name}><rdf:Alt>{item}</rdf:Alt></{name}>"


def _sequence(name: str, values: list[str], kind: str = "Seq") -> str:
    items = "".join(f"<rdf:li>{escape(value, quote=False)}</rdf:li>" for value in values)
    return f"<{name}><rdf:{kind}>{items}</rdf:{kind}></{name}>"


# The schema description of pdfuaid is PDF/A's price for a property it does not know (6.6.2.3).
_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
@BODY@
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the document conforms to</pdfaProperty:description>
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""


def output_intent(writer: Writer) -> Ref:
    """sRGB as the meaning of the document's colours (ISO 19005-2, 6.2.3)."""
    profile = writer.add_stream({"N": 3}, srgb_profile())
    return writer.add(
        {
            "Type": Name("OutputIntent"),
            "S": Name("GTS_PDFA1"),
            "OutputConditionIdentifier": b"sRGB",
            "Info": b"sRGB IEC61966-2.1",
            "DestOutputProfile": profile,
        }
    )


def srgb_profile() -> bytes:
    """An ICC version 2 profile of sRGB, made of the constants of IEC 61966-2-1.

    Matrix and curve suffice for a display profile (ICC.1:2001-04, 6.3.1.2); the
    colorants are adapted to D50 by the Bradford transform.
    """

    def fixed(*values: float) -> bytes:
        return b"".join(struct.pack(">i", round(value * 65536)) for value in values)

    def xyz(*values: float) -> bytes:
        return b"XYZ \0\0\0\0" + fixed(*values)

    def curve() -> bytes:
        steps = 64
        points = [_linear(step / (steps - 1)) for step in range(steps)]
        data = b"".join(struct.pack(">H", round(point * 65535)) for point in points)
        return b"curv\0\0\0\0" + struct.pack(">I", steps) + data

    def words(text: str) -> bytes:
        raw = text.encode("ascii") + b"\0"
        return b"desc\0\0\0\0" + struct.pack(">I", len(raw)) + raw + b"\0" * (4 + 4 + 2 + 1 + 67)

    tone = curve()
    tags: list[tuple[bytes, bytes]] = [
        (b"desc", words("sRGB")),
        (b"cprt", b"text\0\0\0\0" + b"No copyright, use freely\0"),
        (b"wtpt", xyz(0.9642, 1.0, 0.8249)),
        (b"rXYZ", xyz(0.43607, 0.22249, 0.01392)),
        (b"gXYZ", xyz(0.38515, 0.71687, 0.09708)),
        (b"bXYZ", xyz(0.14307, 0.06061, 0.71410)),
        (b"rTRC", tone),
        (b"gTRC", tone),
        (b"bTRC", tone),
    ]
    offset = 128 + 4 + 12 * len(tags)
    table, body = bytearray(), bytearray()
    placed: dict[bytes, int] = {}
    for tag, data in tags:
        if data not in placed:
            placed[data] = offset + len(body)
            body += data + b"\0" * (-len(data) % 4)
        table += tag + struct.pack(">II", placed[data], len(data))
    size = offset + len(body)
    head = struct.pack(">I4sI", size, b"\0\0\0\0", 0x02100000) + b"mntrRGB XYZ "
    head += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + b"\0" * 28
    head += fixed(0.9642, 1.0, 0.8249) + b"\0" * 48
    return bytes(head) + struct.pack(">I", len(tags)) + bytes(table) + bytes(body)


def _linear(value: float) -> float:
    """The light that an sRGB value stands for (IEC 61966-2-1, 5.2)."""
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)
