"""`python -m tests.docs_pictures` makes the pictures of pages in `docs/` again.

A page is named by words that it has, so that the pictures stay right when pages move.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pypdfium2
from PIL import Image

import handbook

DOCS = Path(__file__).parent.parent / "docs"
GROUND = (228, 231, 235)
# Pixels between pages; a page is drawn larger and made smaller, which keeps its hairlines.
GAP, FINER = 8, 2

PAGES = (
    "The AZ-400\nHandbook", "Contents", "What it\nvalidates", "Processes and communications",
    "Share of traffic", "replaces the default", "Security and compliance", "Which identity?",
    "Lab 1: From nothing", "SC-002 A product", "Study plans\nYour plan", "Index",
)  # fmt: skip
THEMES = ("Processes and communications", "DORA")
# Of each spread its left page; the cover has none.
SPREADS = (
    "", "Contents", "Processes and communications", "What it\nvalidates", "replaces the default",
    "Where the\nsecret goes", "Which identity?", "Study plans\nYour plan", "SC-002 A product", "Index",
)  # fmt: skip


class Book:
    """The pages of an edition, as pictures."""

    def __init__(self, **choice: str) -> None:
        data = handbook.build(handbook.load(), role="sre", plan="30", day=date.today(), **choice)
        self.document = pypdfium2.PdfDocument(data)
        self.texts = [
            self.document[n].get_textpage().get_text_range().replace("\r\n", "\n")
            for n in range(len(self.document))
        ]

    def page(self, words: str) -> int:
        """The first page whose text has these words: but for the cover and the contents, a main one."""
        first = 4 if words not in ("The AZ-400\nHandbook", "Contents") else 0
        plain = " ".join(words.split())
        found = [
            n for n, text in enumerate(self.texts)
            if n >= first and (text.strip().startswith(words) or plain in " ".join(text.split()))
        ]  # fmt: skip
        heads = [n for n in found if self.texts[n].strip().startswith(words)]
        return (heads or found)[0]

    def picture(self, number: int, width: int) -> Image.Image:
        page = self.document[number]
        scale = FINER * width / page.get_width()
        drawn = page.render(scale=scale).to_pil().convert("RGB")
        return drawn.resize((width, round(width * page.get_height() / page.get_width())))


def sheet(rows: Sequence[Sequence[Image.Image | None]], gap: int = GAP) -> Image.Image:
    """Pictures of one size in rows; None leaves a place empty."""
    width, height = next(one for row in rows for one in row if one is not None).size
    across = len(rows[0])
    whole = Image.new(
        "RGB", (across * (width + gap) + gap, len(rows) * (height + gap) + gap), GROUND
    )
    for down, row in enumerate(rows):
        for at, picture in enumerate(row):
            if picture is not None:
                whole.paste(picture, (gap + at * (width + gap), gap + down * (height + gap)))
    return whole


def spreads(book: Book, width: int) -> Iterator[Image.Image]:
    """Facing pages, without white between them."""
    for words in SPREADS:
        right = book.picture(book.page(words) + 1 if words else 0, width)
        spread = Image.new("RGB", (2 * width, right.height), GROUND)
        spread.paste(right, (width, 0))
        if words:
            spread.paste(book.picture(book.page(words), width), (0, 0))
        yield spread


def save(picture: Image.Image, name: str) -> None:
    few = picture.quantize(128, method=Image.Quantize.MAXCOVERAGE, kmeans=3)
    few.save(DOCS / name, optimize=True)


def main() -> None:
    book = Book()
    shown = [book.picture(book.page(words), 244) for words in PAGES]
    save(sheet([shown[:6], shown[6:]]), "pages.png")
    pairs = list(spreads(book, 290))
    save(sheet([pairs[n : n + 2] for n in range(0, len(pairs), 2)], 12), "spreads.png")
    upper: list[Image.Image] = []
    for theme in ("default", "almanac", "field-guide"):
        own = Book(theme=theme) if theme != "default" else book
        for words in THEMES:
            picture = own.picture(own.page(words), 309)
            upper.append(picture.crop((0, 0, 309, 356)))
    save(sheet([upper]), "themes.png")


if __name__ == "__main__":
    main()
