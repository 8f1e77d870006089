"""Read the words and pictures of PDF pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from ..core.diagnostics import error
from ..core.limits import limits
from ..core.values import frozen
from .damaged import reading

if TYPE_CHECKING:
    from PIL.Image import Image


# Left, top, right, bottom in points, from the page's top left corner.
Bounds: TypeAlias = tuple[float, float, float, float]


# Pixels for a point: enough to see a hairline.
SCALE = 1.5


@frozen
class Word:
    """A word on a page, which counts from 0."""

    text: str
    page: int
    box: Bounds


class _Pdf:
    """A PDF's pages: their words with their places, and their pictures."""

    def __init__(self, path: Path) -> None:
        try:
            import pypdfium2
        except ImportError:
            raise error(
                "comparing pages needs pypdfium2, which is not installed",
                hint="pip install 'handbook[png]'",
                code="compare",
            ) from None
        self.path = path
        self._unreadable = pypdfium2.PdfiumError
        try:
            self.document = pypdfium2.PdfDocument(path)
        except (pypdfium2.PdfiumError, OSError):
            raise error(
                "this is not a PDF", at=path, hint="name two PDF files", code="compare"
            ) from None
        with reading(path):
            self.words = [self._words(number) for number in range(len(self.document))]

    def _page(self, number: int) -> Any:
        """Return a page, from 0 on.

        Raises:
            HandbookError: if it is damaged.
        """
        try:
            return self.document[number]
        except self._unreadable:
            raise error(
                f"page {number + 1} cannot be read",
                at=self.path,
                hint="the file is damaged; build it again",
                code="compare",
            ) from None

    def close(self) -> None:
        self.document.close()

    def __len__(self) -> int:
        return len(self.document)

    def size(self, number: int) -> tuple[float, float]:
        width, height = self._page(number).get_size()
        return float(width), float(height)

    def picture(self, number: int, scale: float = SCALE) -> Image:
        """Return a page as it looks, with `scale` pixels for a point.

        Raises:
            HandbookError: If it is damaged, or would have more pixels than a picture may have.
        """
        with reading(self.path):
            width, height = self.size(number)
            if width * height * scale**2 > limits().picture_pixels:
                raise ValueError(f"page {number + 1} is {width:,.0f} by {height:,.0f} points large")
            image: Image = self._page(number).render(scale=scale).to_pil().convert("RGB")
        return image

    def _words(self, number: int) -> list[Word]:
        page = self._page(number)
        text = page.get_textpage()
        height = page.get_size()[1]
        words: list[Word] = []
        letters: list[str] = []
        boxes: list[Bounds] = []

        def finish() -> None:
            if letters:
                box = _around(boxes)
                words.append(Word("".join(letters), number, box))
                letters.clear()
                boxes.clear()

        for letter, index in _letters(text):
            if letter.isspace():
                finish()
                continue
            left, bottom, right, top = text.get_charbox(index)
            box = (left, height - top, right, height - bottom)
            # A word split over two lines counts as two words.
            if boxes and abs(box[1] - boxes[-1][1]) > 2 * (boxes[-1][3] - boxes[-1][1]) + 4:
                finish()
            letters.append(letter)
            boxes.append(box)
        finish()
        text.close()
        return words


def _letters(text: Any) -> Iterator[tuple[str, int]]:
    import pypdfium2.raw as raw

    for index in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text.raw, index)
        # PDFium returns U+FFFE or U+0002 for the hyphen of a hyphenated word.
        if code not in (0xFFFE, 2, 0xAD, 0):
            yield chr(code), index


def _around(boxes: Sequence[Bounds]) -> Bounds:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)
