"""Write Info, XMP metadata and the output intent, as PDF/A and PDF/UA require."""

from __future__ import annotations

from html import escape
from typing import Any

from ...document.nodes import Meta
from ..syntax.objects import Name, Raw, Ref, Writer
from .conformance import Schema, Standard
from .icc_profile import srgb_profile

PRODUCER = "handbook"


def pdf_date(day: str) -> str:
    """Convert an ISO date to a PDF date at midnight UTC (7.9.4)."""
    return f"D:{day.replace('-', '')}000000Z"


def info(meta: Meta) -> dict[str, Any]:
    """Return the document information dictionary, which matches the XMP (ISO 19005-2, 6.6.2)."""
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
    """Return the title with its subtitle, as a window's title bar shows it."""
    return f"{meta.title}: {meta.subtitle}" if meta.subtitle else meta.title


def xmp(meta: Meta, standard: Standard) -> bytes:
    """Return the XMP packet, which matches `info` (ISO 19005-2, 6.6.2; ISO 14289-1, 5)."""
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
        *(_simple(name, value) for name, value in standard.xmp),
    ]
    prefixes = "".join(f'\n xmlns:{name}="{uri}"' for name, uri in (*_COMMON, *standard.namespaces))
    body = "\n".join([*filter(None, lines), *map(_schemas, standard.schemas)])
    packet = _PACKET.replace("@PREFIXES@", prefixes).replace("@BODY@", body)
    return packet.encode("utf-8")


def _simple(name: str, value: str) -> str:
    return f"<{name}>{escape(value, quote=False)}</{name}>" if value else ""


def _alternative(name: str, value: str) -> str:
    item = f'<rdf:li xml:lang="x-default">{escape(value, quote=False)}</rdf:li>'
    return f"<{name}><rdf:Alt>{item}</rdf:Alt></{name}>"


def _sequence(name: str, values: list[str], kind: str = "Seq") -> str:
    items = "".join(f"<rdf:li>{escape(value, quote=False)}</rdf:li>" for value in values)
    return f"<{name}><rdf:{kind}>{items}</rdf:{kind}></{name}>"


def _schemas(schema: Schema) -> str:
    """Describe an extension schema (ISO 19005-2, 6.6.2.3)."""
    properties = "\n".join(
        f"""<rdf:li rdf:parseType="Resource">
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>{description}</pdfaProperty:description>
<pdfaProperty:name>{name}</pdfaProperty:name>
<pdfaProperty:valueType>{kind}</pdfaProperty:valueType>
</rdf:li>"""
        for name, kind, description in schema.properties
    )
    return f"""<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:namespaceURI>{schema.namespace}</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>{schema.prefix}</pdfaSchema:prefix>
<pdfaSchema:schema>{schema.name}</pdfaSchema:schema>
<pdfaSchema:property><rdf:Seq>{properties}</rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>"""


_COMMON = (
    ("dc", "http://purl.org/dc/elements/1.1/"),
    ("xmp", "http://ns.adobe.com/xap/1.0/"),
    ("pdf", "http://ns.adobe.com/pdf/1.3/"),
)
_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""@PREFIXES@>
@BODY@
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""


def output_intent(writer: Writer) -> Ref:
    """Write the output intent: colours are sRGB (ISO 19005-2, 6.2.3)."""
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
