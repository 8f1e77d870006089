"""Write embedded files (ISO 32000-1, 7.11.4) as PDF/A-3 requires (ISO 19005-3, 6.8)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from ...core.values import frozen
from ..syntax.objects import Name, Raw, Ref, Writer
from .metadata import pdf_date


@frozen
class Attachment:
    """A file embedded in the PDF; `name` is ASCII, `mime` a media type."""

    name: str
    mime: str
    data: bytes
    description: str


def write_attachments(writer: Writer, files: Sequence[Attachment], day: str) -> dict[str, Any]:
    """Write the files; return the catalog entries that refer to them."""
    specs: list[tuple[str, Ref]] = []
    for file in files:
        entries = {
            "Type": Name("EmbeddedFile"),
            "Subtype": Name(file.mime),
            "Params": {
                "Size": len(file.data),
                "ModDate": Raw(b"(" + pdf_date(day).encode() + b")"),
                "CheckSum": Raw(b"<" + hashlib.md5(file.data).hexdigest().encode() + b">"),
            },
        }
        stream = writer.add_stream(entries, file.data)
        spec = {
            "Type": Name("Filespec"),
            "F": file.name.encode("ascii"),
            "UF": file.name,
            "Desc": file.description,
            "AFRelationship": Name("Data"),
            "EF": {"F": stream, "UF": stream},
        }
        specs.append((file.name, writer.add(spec)))
    names: list[Any] = []
    for name, ref in sorted(specs):
        names += [name.encode("ascii"), ref]
    return {
        "AF": [ref for _, ref in specs],
        "Names": {"EmbeddedFiles": {"Names": names}},
    }
