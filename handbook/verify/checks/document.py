"""Check the document as a whole: tags, language, title, metadata, page labels, outline."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from ..structure_reader import number_tree
from .subject import PdfUnderTest, Problem, entries

PDF_UA = "{http://www.aiim.org/pdfua/ns/id/}"
PDF_A = "{http://www.aiim.org/pdfa/ns/id/}"


def tagged(subject: PdfUnderTest) -> Iterator[Problem]:
    """Check that the file is tagged and says so."""
    root = subject.pdf.Root
    mark = entries(root, "/MarkInfo")
    if "/StructTreeRoot" not in root or not subject.elements:
        yield Problem("the file has no structure tree: a screen reader can only guess at it")
    if mark.get("/Marked") is not True:
        yield Problem("the file does not say that it is tagged (MarkInfo, Marked)")
    if mark.get("/Suspects") is True:
        yield Problem("the file says that its own tags are doubtful (MarkInfo, Suspects)")
    for message in subject.structure.problems:
        yield Problem(message)


_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


def language(subject: PdfUnderTest) -> Iterator[Problem]:
    """Check that the document has a language, and that language tags are well-formed."""
    tag = str(subject.pdf.Root.get("/Lang", ""))
    if not tag:
        yield Problem("the document does not say which language it is in")
    elif not _LANGUAGE.fullmatch(tag):
        yield Problem(f"the document's language {tag!r} is not a language tag such as en-GB")
    for element in subject.elements:
        if element.lang and not _LANGUAGE.fullmatch(element.lang):
            yield Problem(f"{element.lang!r} is not a language tag", subject.place(element))


def title(subject: PdfUnderTest) -> Iterator[Problem]:
    """Check that the document has a title that viewers show."""
    if not str(subject.metadata.get("{http://purl.org/dc/elements/1.1/}title") or "").strip():
        yield Problem("the document has no title in its metadata (dc:title)")
    preferences = entries(subject.pdf.Root, "/ViewerPreferences")
    if preferences.get("/DisplayDocTitle") is not True:
        yield Problem("a viewer shows the file name instead of the title (DisplayDocTitle)")


def identification(subject: PdfUnderTest) -> Iterator[Problem]:
    """Check the claims of PDF/UA and PDF/A."""
    if not subject.metadata:
        yield Problem("the document has no XMP metadata")
        return
    part = str(subject.metadata.get(f"{PDF_UA}part") or "")
    if part not in ("1", "2"):
        yield Problem("the document does not say that it conforms to PDF/UA (pdfuaid:part)")
    archive = claimed_archive(subject)
    if archive and archive not in ("1a", "1b", "2a", "2b", "2u", "3a", "3b", "3u", "4", "4e", "4f"):
        yield Problem(f"the document claims PDF/A-{archive}, which does not exist")


def claimed_archive(subject: PdfUnderTest) -> str:
    """Return the part and level of PDF/A that the file claims (`2a`), or ""."""
    part = str(subject.metadata.get(f"{PDF_A}part") or "")
    return part + str(subject.metadata.get(f"{PDF_A}conformance") or "").lower()


_SAME = (
    ("/Title", "{http://purl.org/dc/elements/1.1/}title"),
    ("/Author", "{http://purl.org/dc/elements/1.1/}creator"),
    ("/Subject", "{http://purl.org/dc/elements/1.1/}description"),
    ("/Keywords", "{http://ns.adobe.com/pdf/1.3/}Keywords"),
    ("/Creator", "{http://ns.adobe.com/xap/1.0/}CreatorTool"),
    ("/Producer", "{http://ns.adobe.com/pdf/1.3/}Producer"),
    ("/CreationDate", "{http://ns.adobe.com/xap/1.0/}CreateDate"),
    ("/ModDate", "{http://ns.adobe.com/xap/1.0/}ModifyDate"),
)


def metadata_agrees(subject: PdfUnderTest) -> Iterator[Problem]:
    """Check that the Info dictionary and the XMP metadata agree."""
    info = entries(subject.pdf.trailer, "/Info")
    for key, name in _SAME:
        if key not in info:
            continue
        ours, theirs = str(info[key]), subject.metadata.get(name) or ""
        if isinstance(theirs, (list, set, tuple)):
            theirs = "; ".join(theirs) if len(theirs) != 1 else next(iter(theirs))
        if key.endswith("Date"):
            ours, theirs = _moment(ours), _moment(str(theirs))
        if ours != theirs:
            yield Problem(f"{key[1:]} is {ours!r} in Info and {theirs!r} in the XMP metadata")


def _moment(text: str) -> str:
    """Normalise a PDF or XMP date; return other text unchanged."""
    from pikepdf.models.metadata import decode_pdf_date

    try:
        if text.startswith("D:"):
            return decode_pdf_date(text).isoformat()
        return datetime.fromisoformat(text.replace("Z", "+00:00")).isoformat()
    except ValueError:
        return text


def archive(subject: PdfUnderTest) -> Iterator[Problem]:
    """Check some rules of PDF/A."""
    if not claimed_archive(subject):
        return
    root = subject.pdf.Root
    if subject.pdf.is_encrypted:
        yield Problem("the file is encrypted, which an archive must not be")
    if not len(root.get("/OutputIntents", [])):
        yield Problem("the file does not say which colours it means (OutputIntents)")
    if "/JavaScript" in entries(root, "/Names"):
        yield Problem("the file contains JavaScript")
    if entries(root, "/AcroForm").get("/NeedAppearances") is True:
        yield Problem("the file leaves the look of its form fields to the viewer (NeedAppearances)")

    for name, specification in _name_tree(entries(root, "/Names").get("/EmbeddedFiles")):
        if "/AFRelationship" not in specification:
            yield Problem("an attachment does not say what it is to the document", name)


def _name_tree(node: Any, depth: int = 0) -> Iterator[tuple[str, Any]]:
    if node is None or depth > 50:
        return
    pairs = list(node.get("/Names", []))
    for key, value in zip(pairs[::2], pairs[1::2], strict=False):
        yield str(key), value
    for kid in node.get("/Kids", []):
        yield from _name_tree(kid, depth + 1)


def page_labels(subject: PdfUnderTest) -> Iterator[Problem]:
    """Check that page labels begin at the first page."""
    labels = dict(number_tree(subject.pdf.Root.get("/PageLabels")))
    if not labels:
        yield Problem("the pages have no labels, so a viewer's numbers differ from the printed")
    elif 0 not in labels:
        yield Problem("the page labels do not begin at the first page")
    for start in labels:
        if not 0 <= start < len(subject.pdf.pages):
            yield Problem(f"a range of page labels begins at page {start + 1}, which is not there")


def outline(subject: PdfUnderTest) -> Iterator[Problem]:
    """Check that there is an outline whose entries have text."""
    if len(subject.pdf.pages) < 20 and "/Outlines" not in subject.pdf.Root:
        return
    entries = list(outline_items(subject))
    if not entries:
        yield Problem("a long document without an outline (bookmarks)", severity="warning")
    for entry in entries:
        if not str(entry.get("/Title", "")).strip():
            yield Problem("an outline entry has no text")


def outline_items(subject: PdfUnderTest) -> Iterator[Any]:
    """Yield the entries of the outline, even if it is damaged."""
    todo = [entries(subject.pdf.Root, "/Outlines").get("/First")]
    seen: set[Any] = set()
    while todo:
        entry = todo.pop()
        if entry is None or entry.objgen in seen:
            continue
        seen.add(entry.objgen)
        yield entry
        todo += [entry.get("/Next"), entry.get("/First")]
