"""Run the built-in checks of a PDF, which need no Java.

They cover what veraPDF checks of tags, fonts and annotations, and some things that it does not:
content claimed twice, a wrong parent tree, broken links, tables with uneven rows.  `NOT_CHECKED`
lists what they do not cover.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pikepdf

from .checks import document, elements, fonts, links
from .checks import marked_content as marks
from .checks.subject import Check, PdfUnderTest
from .damaged import reading
from .report import Finding, Result, Severity
from .verapdf import PROFILES, element_of, page_of

CHECKER = "built-in checks"
MAX_PLACES = 5

NOT_CHECKED = (
    "whether alternative texts, titles and headings say the right thing: only a person can tell",
    "whether the reading order makes sense; it is only known that all content has a place in it",
    "whether colours contrast enough",
)
VERAPDF_ONLY = (
    "the syntax rules of PDF/A: object streams, colour spaces, transparency, XMP schemas",
    "whether the shapes and widths in an embedded font agree with the document",
    "the language of every single string",
)


CHECKS: dict[str, Check] = {
    "tagged": document.tagged,
    "language": document.language,
    "title": document.title,
    "identification": document.identification,
    "metadata": document.metadata_agrees,
    "archive": document.archive,
    "page-labels": document.page_labels,
    "outline": document.outline,
    "fonts-embedded": fonts.fonts_embedded,
    "fonts-unicode": fonts.fonts_unicode,
    "characters": fonts.characters_known,
    "content-tagged": marks.everything_tagged,
    "content-nesting": marks.marks_nest,
    "content-once": marks.marks_once,
    "parent-tree": marks.parent_tree,
    "page-order": marks.page_order,
    "paint-order": marks.paint_order,
    "roles": elements.roles,
    "nesting": elements.nesting,
    "headings": elements.headings,
    "figures": elements.figures,
    "table-headers": elements.table_headers,
    "table-grid": elements.table_grid,
    "identifiers": elements.identifiers,
    "annotations": links.annotations_described,
    "tab-order": links.tab_order,
    "link-words": links.link_words,
    "destinations": links.destinations,
}


def inspect(path: Path) -> Result:
    """Run the built-in checks on a file."""
    try:
        pdf = pikepdf.open(path)
    except (pikepdf.PdfError, OSError) as exception:
        finding = Finding("readable", "the file cannot be read as a PDF", detail=str(exception))
        return Result(CHECKER, "", False, (finding,))
    with pdf, reading(path):
        subject = PdfUnderTest(pdf)
        findings = [one for name, check in CHECKS.items() for one in run(name, check, subject)]
    passed = not any(finding.severity == "error" for finding in findings)
    return Result(CHECKER, "", passed, tuple(findings), checks=len(CHECKS))


def run(name: str, check: Check, subject: PdfUnderTest) -> Iterator[Finding]:
    """Yield the findings of one check, grouped by message."""
    grouped: dict[tuple[str, Severity], list[str]] = {}
    try:
        for problem in check(subject):
            grouped.setdefault((problem.message, problem.severity), []).append(problem.place)
    except Exception as exception:  # a damaged file may break any reader; the other checks go on
        message = f"this check could not be finished ({type(exception).__name__}: {exception})"
        grouped[(message, "error")] = [""]
    for (message, severity), places in grouped.items():
        named = tuple(place for place in places if place)[:MAX_PLACES]
        yield Finding(name, message, len(places), named, severity)


def claims(path: Path) -> tuple[str, ...]:
    """Return PDF/UA-1 and the part of PDF/A that a file claims."""
    try:
        with pikepdf.open(path) as pdf:
            archive = document.claimed_archive(PdfUnderTest(pdf))
    except Exception:  # of a damaged file; the checks say so
        archive = ""
    return ("ua1", archive) if archive in PROFILES else ("ua1",)


class Locator:
    """Describes a veraPDF context in words: `page 4: Figure “A map”`."""

    def __init__(self) -> None:
        self._path = Path()
        self._subject: PdfUnderTest | None = None

    def __call__(self, path: Path, contexts: Sequence[str]) -> list[str]:
        """Return the places of `contexts` in the file at `path`."""
        if path != self._path or self._subject is None:
            self._path, self._subject = path, PdfUnderTest(pikepdf.open(path))
        subject = self._subject
        with reading(path):
            named = {element.number: element for element in subject.elements}
        places: list[str] = []
        for context in contexts:
            element = named.get(element_of(context))
            places.append(subject.place(element) if element else page_of(context))
        return places
