"""Write embedded files (ISO 32000-1, 7.11.4) as PDF/A-3 requires (ISO 19005-3, 6.8)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

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


Specs: TypeAlias = "Sequence[tuple[str, Ref]]"


def write_file(
    writer: Writer, file: Attachment, day: str, relationship: str = "Data"
) -> tuple[str, Ref]:
    """Write a file; return its name and the reference of its specification."""
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
        "F": file.name.encode("ascii", "replace").replace(b"?", b"_"),
        "UF": file.name,
        "Desc": file.description,
        "AFRelationship": Name(relationship),
        "EF": {"F": stream, "UF": stream},
    }
    return file.name, writer.add(spec)


def write_attachments(
    writer: Writer, files: Sequence[Attachment], day: str, others: Specs = ()
) -> dict[str, Any]:
    """Write the files; return the catalog entries that refer to them.

    The `others` are embedded already, and associated with elements.
    """
    specs = [write_file(writer, file, day) for file in files]
    names: list[Any] = []
    for name, ref in sorted([*specs, *others]):
        names += [name.encode("ascii"), ref]
    if not names:
        return {}
    entries: dict[str, Any] = {"Names": {"EmbeddedFiles": {"Names": names}}}
    return {"AF": [ref for _, ref in specs], **entries} if specs else entries


def write_formulas(writer: Writer, formulas: Mapping[str, str], day: str) -> dict[str, Ref]:
    """Write the MathML of formulas, by what is said of it; return the specification of each."""
    specifications: dict[str, Ref] = {}
    for number, (mathml, words) in enumerate(formulas.items(), 1):
        name = f"formula-{number}.mml"
        file = Attachment(name, "application/mathml+xml", mathml.encode(), words)
        specifications[mathml] = write_file(writer, file, day, "Supplement")[1]
    return specifications
