"""Golden pages: pictures of pages that someone has looked at, to notice when one changes.

`python -m tests.golden` (in the project's root) renders them again into `tests/golden/` and says
which have changed; look at these before you commit them.  `test_golden.py` compares.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import pypdfium2
from PIL import Image, ImageChops, ImageFilter

import handbook
from handbook.document.nodes import plain_text
from handbook.pack.model import Pack
from handbook.pipeline.phases import document_of, edition_of
from handbook.select.selection import select
from handbook.theme.loader import shipped_themes

ROOT = Path(__file__).parent.parent
STORED = Path(__file__).parent / "golden"
# Where pictures of differences go; not under version control.
DIFFERENCES = ROOT / "output" / "golden"

DAY = date(2026, 11, 23)
PLAN = "30"
ROLES = ("sre", "data-engineer", "security-engineer")
PAPERS = ("a4", "letter")
DPI = 60

# What is shown, by the chapter that begins with it; chapters that a book lacks are passed over.
KINDS = {
    "cover": "cover",
    "contents": "contents",
    "certifications": "certifications",
    "route": "your-route",
    "timeline": "study-plans",
    "faq": "faqs",
    "glossary": "glossary",
    "index": "index",
}
# The pages that are another for each role.
PERSONAL = ("cover", "route", "timeline")

# A pixel differs if it is this much lighter or darker (of 255): more than renderers disagree.
NOTICEABLE = 48
# The share of pixels that may differ on a page, and in any square around a pixel: a new word
# is next to nothing on a page, but a good part of its square.
MOST_OF_PAGE = 0.004
REACH = 8
MOST_OF_SQUARE = 0.08

RED = (214, 30, 30)
GREYS = 16


@dataclass(frozen=True)
class Edition:
    """One book of which pages are kept, and which kinds of pages these are."""

    theme: str
    role: str
    paper: str
    kinds: tuple[str, ...]

    def name(self, kind: str) -> str:
        """The file name of the picture of a page."""
        return f"{self.theme}_{self.role}_{self.paper}_{kind}.png"


def editions() -> list[Edition]:
    """Every kind for every theme, and on both papers; for each role what is its own."""
    first, *others = ROLES
    every = tuple(KINDS)
    found = [Edition(theme, first, "a4", every) for theme in shipped_themes()]
    found.append(Edition("default", first, "letter", every))
    found += [Edition("default", role, paper, PERSONAL) for role in others for paper in PAPERS]
    return found


@lru_cache(maxsize=1)
def pack() -> Pack:
    """The handbook that tests of the program build."""
    return handbook.load(Path(__file__).parent / "book")


def pages(edition: Edition) -> dict[str, Image.Image]:
    """The kept pages of an edition as they look today, by the names of their files."""
    selection = select(pack(), role=edition.role, plan=PLAN, paper=edition.paper, day=DAY)
    document = document_of(pack(), selection)
    titles = {chapter.id: plain_text(chapter.title) for chapter in document.chapters}
    with pypdfium2.PdfDocument(edition_of(document, selection, edition.theme).fill({})) as pdf:
        starts = chapter_starts(pdf)
        chapters = {kind: KINDS[kind] for kind in edition.kinds if KINDS[kind] in titles}
        return {
            edition.name(kind): picture(pdf, starts[titles[chapter]])
            for kind, chapter in chapters.items()
        }


def chapter_starts(pdf: pypdfium2.PdfDocument) -> dict[str, int]:
    """The index of each chapter's first page, by its title in the outline."""
    starts: dict[str, int] = {}
    for bookmark in pdf.get_toc():
        place = bookmark.get_dest()
        if bookmark.level == 0 and place is not None:
            starts.setdefault(bookmark.get_title(), place.get_index())
    return starts


def picture(pdf: pypdfium2.PdfDocument, index: int) -> Image.Image:
    """A page in few greys."""
    image = pdf[index].render(scale=DPI / 72, grayscale=True).to_pil().convert("L")
    step = 255 // (GREYS - 1)
    return image.point(lambda value: (value + step // 2) // step * step)


# --------------------------------------------------------------------- comparing


@dataclass(frozen=True)
class Difference:
    """How two pictures differ: shares of the page, and of the square that differs most."""

    sizes: bool
    page: float = 0.0
    square: float = 0.0

    def __bool__(self) -> bool:
        return self.sizes or self.page > MOST_OF_PAGE or self.square > MOST_OF_SQUARE

    def __str__(self) -> str:
        if self.sizes:
            return "another size"
        return f"{self.page:.2%} of the page differ, {self.square:.0%} of one place"


def difference(expected: Image.Image, actual: Image.Image) -> Difference:
    """How a page differs from the kept picture; false if it is near enough."""
    if expected.size != actual.size:
        return Difference(True)
    mask = differing(expected, actual)
    page = mask.histogram()[255] / (mask.width * mask.height)
    _, square = mask.filter(ImageFilter.BoxBlur(REACH)).getextrema()
    return Difference(False, page, square / 255)


def differing(expected: Image.Image, actual: Image.Image) -> Image.Image:
    """White where two pictures of one size differ noticeably, else black."""
    apart = ImageChops.difference(expected, actual)
    return apart.point(lambda value: 255 if value > NOTICEABLE else 0)


def side_by_side(expected: Image.Image, actual: Image.Image) -> Image.Image:
    """What was expected, what is, and the latter in pale with all that differs in red."""
    size = max(expected.width, actual.width), max(expected.height, actual.height)
    one, two = (Image.new("L", size, 255) for _ in range(2))
    one.paste(expected)
    two.paste(actual)
    pale = two.point(lambda value: 170 + value // 3).convert("RGB")
    pale.paste(RED, mask=differing(one, two))
    out = Image.new("RGB", (size[0] * 3 + 20, size[1]), (90, 90, 90))
    for place, image in enumerate((one, two, pale)):
        out.paste(image.convert("RGB"), (place * (size[0] + 10), 0))
    return out


def check(name: str, actual: Image.Image, stored: Path, differences: Path) -> str:
    """What is wrong with a page, "" if nothing; a picture of that goes to `differences`."""
    if not (stored / name).is_file():
        return f"{name}: no picture is kept of it"
    with Image.open(stored / name) as kept:
        expected = kept.convert("L")
    found = difference(expected, actual)
    if not found:
        return ""
    differences.mkdir(parents=True, exist_ok=True)
    side_by_side(expected, actual).save(differences / name)
    return f"{name}: {found}"


# ---------------------------------------------------------------------- renewing


def save(image: Image.Image, path: Path) -> None:
    """Write a picture with four bits a pixel."""
    step = 255 // (GREYS - 1)
    indexed = Image.frombytes("P", image.size, image.point(lambda value: value // step).tobytes())
    indexed.putpalette([level * step for level in range(GREYS) for _ in range(3)])
    path.parent.mkdir(parents=True, exist_ok=True)
    indexed.save(path, bits=4, optimize=True)


def renew(stored: Path = STORED) -> Iterator[str]:
    """Render all kept pages again, drop those of no edition; a line for each that changed."""
    left = {path.name for path in stored.glob("*.png")}
    for edition in editions():
        for name, image in pages(edition).items():
            left.discard(name)
            yield from _renew(stored / name, image)
    for name in sorted(left):
        (stored / name).unlink()
        yield f"{name}: dropped"


def _renew(path: Path, image: Image.Image) -> Iterator[str]:
    if not path.is_file():
        yield f"{path.name}: new"
    else:
        with Image.open(path) as kept:
            expected = kept.convert("L")
        if expected.size == image.size and expected.tobytes() == image.tobytes():
            return
        yield f"{path.name}: {difference(expected, image)}"
    save(image, path)


def main() -> None:
    """Renew the pictures and say what changed."""
    lines = 0
    for lines, line in enumerate(renew(), 1):  # noqa: B007
        print(line)
    files = list(STORED.glob("*.png"))
    size = sum(path.stat().st_size for path in files) / 1e6
    print(f"{lines} changed; {len(files)} pictures, {size:.1f} MB, in {STORED.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
