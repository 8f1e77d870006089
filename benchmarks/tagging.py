"""What tagging costs: build time against the same build without tags, size against ReportLab's own.

The untagged build runs the same code with the structure taken out: elements are
not made, marks not written, no tree.  The stock file holds the same pages, ink
for ink, written by ReportLab's own canvas with its own fonts and compression.
"""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from typing import Any
from unittest.mock import patch

import handbook
from handbook.document.nodes import Document
from handbook.layout import page as page_items
from handbook.layout.book import lay_out
from handbook.pack.model import Pack
from handbook.pdf import edition_writer
from handbook.pdf.catalog import structure_tree as tags
from handbook.pdf.content import content_stream as surface
from handbook.pdf.edition_writer import make_edition
from handbook.pipeline.phases import document_of
from handbook.select.selection import Selection, select
from handbook.theme.loader import load_theme

ROUNDS = 15
DAY = date(2026, 11, 23)


def report() -> list[str]:
    """The lines of the table."""
    pack = handbook.load()
    selection = select(pack, role="sre", plan="30", day=DAY)
    document = document_of(pack, selection)
    tagged, plain = _paired(
        lambda: _whole(pack, selection), _without_tags(lambda: _whole(pack, selection))
    )
    late, late_plain = _paired(lambda: _back(document), _without_tags(lambda: _back(document)))
    own = len(_back(document))
    stock = len(_stock(document))
    return [
        f"whole build, tagged / untagged:       {_ratio(tagged, plain)}",
        f"layout and writing, tagged / untagged: {_ratio(late, late_plain)}",
        f"size: ours, tagged, {own:,} bytes; stock ReportLab, untagged, {stock:,} bytes; "
        f"ratio {own / stock:.2f}",
    ]


def _whole(pack: Pack, selection: Selection) -> bytes:
    return _back(document_of(pack, selection))


def _back(document: Document) -> bytes:
    theme = load_theme()
    book = lay_out(document, theme)
    return make_edition(book, document.meta, document.fields).fill()


def _paired(
    one: Callable[[], object], other: Callable[[], object]
) -> tuple[list[float], list[float]]:
    """Times of both, taken in turn, so that a machine that slows down slows both."""
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(ROUNDS + 1):
        for job, kept in zip((one, other), times, strict=True):
            start = time.perf_counter()
            job()
            if number:
                kept.append(time.perf_counter() - start)
    return times


def _ratio(one: list[float], other: list[float]) -> str:
    ratios = sorted(a / b for a, b in zip(one, other, strict=True))
    return (
        f"{statistics.median(ratios):.2f} (from {ratios[0]:.2f} to {ratios[-1]:.2f}; medians "
        f"{statistics.median(one) * 1000:.0f} and {statistics.median(other) * 1000:.0f} ms)"
    )


def _without_tags(job: Callable[[], object]) -> Callable[[], object]:
    def run() -> object:
        with _untagged():
            return job()

    return run


@contextmanager
def _untagged() -> Iterator[None]:
    def content(self: Any, element: Any, run: list[Any]) -> None:
        self._text(run)

    with ExitStack() as stack:
        for patched in (
            patch.object(page_items.StructElem, "child", lambda self, tag: self),
            patch.object(page_items.StructElem, "inline_child", lambda self, tag: self),
            patch.object(surface.ContentStreamWriter, "_content", content),
            patch.object(tags.MarkedContentRegistry, "mark", lambda self, element, page: 0),
            patch.object(
                tags.MarkedContentRegistry, "annotate", lambda self, element, ref, page: 0
            ),
            patch.object(edition_writer, "write_structure", lambda writer, *rest: writer.reserve()),
        ):
            stack.enter_context(patched)
        yield


def _stock(document: Document) -> bytes:
    """The same pages, ink for ink, written by ReportLab's own canvas and fonts; no tags."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    theme = load_theme()
    for name, path in theme.faces().items():
        pdfmetrics.registerFont(TTFont(name, str(path)))
    book = lay_out(document, theme)
    out = io.BytesIO()
    canvas = Canvas(out, pageCompression=1, invariant=1)
    canvas.setTitle(document.meta.title)
    places: dict[int, list[tuple[str, float]]] = {}
    for target, place in book.destinations.items():
        places.setdefault(place.page, []).append((target, place.y))
    for index, page in enumerate(book.pages):
        canvas.setPageSize((page.width, page.height))
        for target, y in places.get(index, []):
            canvas.bookmarkHorizontal(target, 0, y)
        for item in (*page.background, *page.items, *page.running_items):
            _draw(canvas, item, book.faces)
        canvas.showPage()
    for entry in book.outline:
        canvas.addOutlineEntry(entry.title, entry.target, entry.level - 1, closed=True)
    canvas.save()
    return out.getvalue()


def _draw(canvas: Any, item: page_items.PageItem, faces: dict[str, Any]) -> None:
    if isinstance(item, page_items.Glyphs):
        canvas.setFont(item.face, item.size)
        canvas.setFillColorRGB(*item.color)
        canvas.drawString(item.x, item.y, faces[item.face].text_of_codes(item.codes))
    elif isinstance(item, page_items.Box):
        if item.fill:
            canvas.setFillColorRGB(*item.fill)
        if item.stroke:
            canvas.setStrokeColorRGB(*item.stroke)
        canvas.rect(*item[:4], stroke=int(bool(item.stroke)), fill=int(bool(item.fill)))
    elif isinstance(item, page_items.Segment):
        canvas.setStrokeColorRGB(*item.color)
        canvas.line(*item[:4])
    elif isinstance(item, page_items.LinkArea):
        rectangle = (item.x, item.y, item.x + item.width, item.y + item.height)
        if item.target.startswith("#"):
            canvas.linkRect("", item.target[1:], rectangle, thickness=0)
        else:
            canvas.linkURL(item.target, rectangle, thickness=0)
