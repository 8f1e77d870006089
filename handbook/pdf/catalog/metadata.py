"""What PDF/A-2 and PDF/UA-1 ask of the catalog: Info, XMP, an output intent.

A standard is a row of `PARTS`; a new one is a new row.
"""

from __future__ import annotations

from html import escape
from typing import Any

from ...document.nodes import Meta
from ..syntax.objects import Name, Raw, Ref, Writer
from .conformance import Conformance
from .icc_profile import srgb_profile

PRODUCER = "handbook"


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
