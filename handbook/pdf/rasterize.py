"""Render a PDF's pages as pictures."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ..core.diagnostics import error

SCALE = 150 / 72
# In pixels.
SAMPLE_HEIGHT = 640


def page_pictures(pdf: bytes, pages: str = "") -> Iterator[tuple[str, bytes]]:
    """Yield (file name, PNG) of each page, or of the pages in `pages`: `1-4`, `3`, `1,5-7`.

    Raises:
        HandbookError: pypdfium2 is not installed, or the book has no such page.
    """
    with _opened(pdf) as document:
        for number in _numbers(pages, len(document)):
            out = io.BytesIO()
            document[number - 1].render(scale=SCALE).to_pil().save(out, "PNG")
            yield f"page-{number:03}.png", out.getvalue()


def sample_pictures(pdf: bytes) -> tuple[int, list[tuple[str, bytes]]]:
    """Return a book's page count, and (name, PNG) of its cover and of the page labelled 1.

    Raises:
        HandbookError: If pypdfium2 is missing.
    """
    with _opened(pdf) as document:
        count = len(document)
        first = next((n for n in range(1, count) if document.get_page_label(n) == "1"), 0)
        samples: list[tuple[str, bytes]] = []
        for name, number in {"cover": 0, **({"page-1": first} if first else {})}.items():
            page = document[number]
            out = io.BytesIO()
            page.render(scale=SAMPLE_HEIGHT / page.get_height()).to_pil().save(out, "PNG")
            samples.append((name, out.getvalue()))
        return count, samples


def _numbers(pages: str, count: int) -> list[int]:
    if not pages:
        return list(range(1, count + 1))
    numbers: list[int] = []
    for part in pages.split(","):
        match = re.fullmatch(r"\s*(\d+)(?:\s*-\s*(\d+))?\s*", part)
        first = int(match.group(1)) if match else 0
        last = int(match.group(2) or first) if match else 0
        if not match or not 1 <= first <= last <= count:
            raise error(
                f"{part.strip()!r} names no pages of a book of {count}",
                hint="write --pages 1-4, or --pages 2,5-7",
                code="pages",
            )
        numbers += range(first, last + 1)
    return numbers


def page_picture(pdf: bytes, width: int) -> bytes:
    """Return the first page of `pdf` as PNG, `width` pixels wide.

    Not thread-safe, because PDFium is not.

    Raises:
        HandbookError: pypdfium2 is not installed.
    """
    with _opened(pdf) as document:
        page = document[0]
        picture = page.render(scale=width / page.get_width()).to_pil()
    out = io.BytesIO()
    # Little compression, since the picture stays on this machine.
    picture.save(out, "PNG", compress_level=1)
    return out.getvalue()


@contextmanager
def _opened(pdf: bytes) -> Iterator[Any]:
    try:
        import pypdfium2
    except ImportError:
        raise error(
            "page pictures need pypdfium2, which is not installed",
            hint="pip install 'handbook[png]'",
            code="pages",
        ) from None
    document = pypdfium2.PdfDocument(pdf)
    try:
        yield document
    finally:
        document.close()
