"""Check fonts and the characters that their glyphs represent."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..page_content import Run
from ..pdf_fonts import UNKNOWN, PdfFont
from ..report import Severity
from .subject import PdfUnderTest, Problem, page_name, short


def _faces(subject: PdfUnderTest) -> Iterator[tuple[int, PdfFont]]:
    """Yield (page index, font) for each font of each page, including form XObjects."""
    for index, page in enumerate(subject.pdf.pages):
        for resources in resources_of(page.obj.get("/Resources", {})):
            for _, font in resources.get("/Font", {}).items():
                yield index, subject.reader.face(font)


def resources_of(resources: Any, depth: int = 0) -> Iterator[Any]:
    """Yield these resources and those of the form XObjects in them."""
    yield resources
    if depth < 12:
        for _, thing in resources.get("/XObject", {}).items():
            if "/Resources" in thing:
                yield from resources_of(thing.Resources, depth + 1)


def fonts_embedded(subject: PdfUnderTest) -> Iterator[Problem]:
    """Check that every font is embedded."""
    reported: set[str] = set()
    for index, face in _faces(subject):
        if not face.embedded and face.name not in reported:
            reported.add(face.name)
            yield Problem(f"the font {face.name} is not embedded", page_name(index))


def fonts_unicode(subject: PdfUnderTest) -> Iterator[Problem]:
    """Check that every font maps its glyphs to Unicode."""
    reported: set[str] = set()
    for index, face in _faces(subject):
        if face.name in reported:
            continue
        reported.add(face.name)
        if face.problem:
            yield Problem(f"the font {face.name}: {face.problem}", page_name(index))
        elif not face.has_map:
            severity: Severity = "error" if face.composite else "warning"
            yield Problem(f"the font {face.name} has no ToUnicode map", page_name(index), severity)


_NO_TEXT = {"", "\0", "\ufeff", "\ufffe", UNKNOWN}


def characters_known(subject: PdfUnderTest) -> Iterator[Problem]:
    """Check that every glyph shown maps to a real character."""
    for index, run in _runs(subject):
        for glyph in run.glyphs:
            if glyph.text == UNKNOWN and glyph.mapped:
                yield Problem(
                    "U+FFFD is printed in place of a character that was lost",
                    f"{page_name(index)}: “{short(run.text)}”",
                    "warning",
                )
            elif glyph.text in _NO_TEXT:
                yield Problem(
                    f"glyphs of {run.font} represent no known character",
                    f"{page_name(index)}: code {glyph.code} in “{short(run.text)}”",
                )
            elif any("\ue000" <= char <= "\uf8ff" for char in glyph.text):
                yield Problem(
                    f"glyphs of {run.font} represent private characters, which mean nothing",
                    f"{page_name(index)}: code {glyph.code}",
                    "warning",
                )


def _runs(subject: PdfUnderTest) -> Iterator[tuple[int, Run]]:
    for index, content in enumerate(subject.contents):
        for item in content.items:
            if isinstance(item, Run):
                yield index, item
