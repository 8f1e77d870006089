"""Compare two PDFs as a reader sees them: pages, words, pictures.

Pages are paired by their text, so that an inserted page does not make every later one differ.
Words are compared along the whole book, so that text that only moved is not a change.  Then each
pair of pages is drawn without the words that moved; what still differs is a picture, a line or a
colour.  Bookmarks, tags and other invisible things are not compared.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from ..core.values import frozen
from .damaged import reading
from .pdf_pages import SCALE, Bounds, Word, _Pdf

if TYPE_CHECKING:
    from PIL.Image import Image


# Smaller shifts of a word (points) are rounding.
STILL = 0.05
# Smaller differences of a shade (of 255) are antialiasing.
SHADE = 48
# Differing pixels this close (pixels) belong to one region.
CELL = 8
# A run of this many words that occurs once in both books marks the same place.
ANCHOR = 5
# Width of the dot leaders before a page number that its digits may displace (points).
LEADERS = 18.0
# Pages that share a smaller part of their words are different pages.
ALIKE = 0.35


@frozen
class Change:
    """One difference.  Pages count from 1; 0 is none.

    `words`: `old` has become `new`.  `picture`: something else looks different in `box` of both
    pages.  `page`: a page is new or gone.
    """

    kind: Literal["words", "picture", "page"]
    old_page: int
    new_page: int
    old: str = ""
    new: str = ""
    old_boxes: tuple[Bounds, ...] = ()
    new_boxes: tuple[Bounds, ...] = ()


@dataclass(slots=True)
class Comparison:
    """The changes; `moved` are pages of the new file whose words have moved.

    `renumbered` counts page numbers that changed because pages were added or removed.
    """

    old_pages: int
    new_pages: int
    changes: list[Change] = field(default_factory=list)
    moved: list[int] = field(default_factory=list)
    renumbered: int = 0

    @property
    def same(self) -> bool:
        """Return whether the files look the same."""
        return not (self.changes or self.moved or self.renumbered)


def compare(old: Path, new: Path) -> Comparison:
    """Return the changes from one PDF to the other.

    Raises:
        HandbookError: pypdfium2 is not installed, or a file is not a PDF.
    """
    before, after = _Pdf(old), _Pdf(new)
    try:
        with reading(new):
            return _compare(before, after)
    finally:
        before.close()
        after.close()


def picture_pairs(old: Path, new: Path, comparison: Comparison) -> Iterator[tuple[str, Image]]:
    """Yield (file name, picture) of every changed page, old and new, with changes framed."""
    before, after = _Pdf(old), _Pdf(new)
    try:
        pairs = dict.fromkeys((c.old_page, c.new_page) for c in comparison.changes)
        for old_page, new_page in sorted(pairs, key=lambda p: (p[1] or p[0], p[0])):
            named = f"page-{new_page:03}.png" if new_page else f"gone-{old_page:03}.png"
            if old_page and new_page and old_page != new_page:
                named = f"page-{new_page:03}-was-{old_page:03}.png"
            mine = [
                c for c in comparison.changes if (c.old_page, c.new_page) == (old_page, new_page)
            ]
            left = [box for change in mine for box in change.old_boxes]
            right = [box for change in mine for box in change.new_boxes]
            yield (
                named,
                _side_by_side(
                    _framed(before, old_page, left, "#a01c28"),
                    _framed(after, new_page, right, "#1d6b3a"),
                ),
            )
    finally:
        before.close()
        after.close()


# -------------------------------------------------------------------- comparing


def _compare(before: _Pdf, after: _Pdf) -> Comparison:
    comparison = Comparison(len(before), len(after))
    pairs = list(_paired(before.words, after.words))
    partner = {old: new for old, new in pairs if old is not None and new is not None}
    shifts = {new - old for old, new in partner.items()} - {0}
    for old, new in pairs:
        if old is None or new is None:
            comparison.changes.append(
                Change("page", 0 if old is None else old + 1, 0 if new is None else new + 1)
            )
    gone = {old for old, new in pairs if new is None}
    come = {new for old, new in pairs if old is None}
    old_words = [word for n, words in enumerate(before.words) if n not in gone for word in words]
    new_words = [word for n, words in enumerate(after.words) if n not in come for word in words]
    moves = _Moves(partner)
    for tag, old_part, new_part in _differences(old_words, new_words):
        if tag == "equal":
            for one, other in zip(old_part, new_part, strict=True):
                moves.note(one, other)
            continue
        if _renumbered(old_part, new_part, shifts):
            comparison.renumbered += len(old_part)
            moves.hide(old_part, new_part, ahead=LEADERS)
        else:
            moves.hide(old_part, new_part)
            comparison.changes += _word_changes(old_part, new_part, partner)
    for old, new in partner.items():
        comparison.changes += _picture_changes(before, after, old, new, moves)
    comparison.moved = sorted(page + 1 for page in moves.pages)
    comparison.changes.sort(key=lambda c: (c.new_page or c.old_page, c.kind != "page", c.new_boxes))
    return comparison


def _paired(
    old: Sequence[Sequence[Word]], new: Sequence[Sequence[Word]]
) -> Iterator[tuple[int | None, int | None]]:
    """Yield pairs of pages that belong together, in order; None if there is no partner."""
    old_bags = [Counter(word.text for word in words) for words in old]
    new_bags = [Counter(word.text for word in words) for words in new]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    alike: dict[tuple[int, int], float] = {}
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            share = alike[i, j] = _likeness(old_bags[i], new_bags[j])
            together = share + best[i + 1][j + 1] if share >= ALIKE else 0.0
            best[i][j] = max(together, best[i + 1][j], best[i][j + 1])
    i = j = 0
    while i < len(old) and j < len(new):
        share = alike[i, j]
        if share >= ALIKE and best[i][j] == share + best[i + 1][j + 1]:
            yield i, j
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            yield i, None
            i += 1
        else:
            yield None, j
            j += 1
    yield from ((n, None) for n in range(i, len(old)))
    yield from ((None, n) for n in range(j, len(new)))


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    """Return the share of words two pages have in common, 0 to 1; 1 if neither has words."""
    count = one.total() + other.total()
    if not count:
        return 1.0
    small, large = sorted((one, other), key=len)
    shared = sum(min(n, large[text]) for text, n in small.items() if text in large)
    return 2 * shared / count


Difference: TypeAlias = tuple[str, list[Word], list[Word]]


def _differences(old: list[Word], new: list[Word]) -> Iterator[Difference]:
    """Yield ranges of words that are equal or not, from first to last."""
    old_texts, new_texts = [_key(w) for w in old], [_key(w) for w in new]
    start_old = start_new = 0
    for at_old, at_new in [*_anchors(old_texts, new_texts), (len(old), len(new))]:
        yield from _between(old[start_old:at_old], new[start_new:at_new])
        start_old, start_new = at_old, at_new


def _between(old: list[Word], new: list[Word]) -> Iterator[Difference]:
    keys = [_key(word) for word in old], [_key(word) for word in new]
    matcher = SequenceMatcher(None, *keys, autojunk=False)
    for tag, i, i_end, j, j_end in matcher.get_opcodes():
        if tag != "equal":
            yield tag, old[i:i_end], new[j:j_end]
            continue
        pairs = zip(old[i:i_end], new[j:j_end], strict=True)
        for same, group in groupby(pairs, lambda pair: pair[0].text == pair[1].text):
            ones, others = zip(*group, strict=True)
            yield "equal" if same else "replace", list(ones), list(others)


def _key(word: Word) -> str:
    """Return a word with digits replaced, so that page numbers pair up."""
    return re.sub(r"\d+", "0", word.text)


def _anchors(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """Return matching places in the order of both: runs of words that occur once."""

    def once(texts: list[str]) -> dict[tuple[str, ...], int]:
        runs = [tuple(texts[n : n + ANCHOR]) for n in range(len(texts) - ANCHOR + 1)]
        counts = Counter(runs)
        return {run: n for n, run in enumerate(runs) if counts[run] == 1}

    there = once(new)
    places = [(n, there[run]) for run, n in once(old).items() if run in there]
    return _increasing(sorted(places))


def _increasing(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest subsequence of `places` that increases in both books."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for n, (_, new_place) in enumerate(places):
        at = bisect_left(tails, new_place)
        before.append(ends[at - 1] if at else -1)
        tails[at : at + 1] = [new_place]
        ends[at : at + 1] = [n]
    chain: list[tuple[int, int]] = []
    n = ends[-1] if ends else -1
    while n >= 0:
        chain.append(places[n])
        n = before[n]
    return chain[::-1]


def _renumbered(old: list[Word], new: list[Word], shifts: set[int]) -> bool:
    """Return whether words are page numbers that shifted with the pages before them."""
    numbers = [re.findall(r"\d+", " ".join(word.text for word in part)) for part in (old, new)]
    rest = [re.sub(r"\d+", "", " ".join(word.text for word in part)) for part in (old, new)]
    return (
        bool(numbers[0])
        and len(numbers[0]) == len(numbers[1])
        and rest[0] == rest[1]
        and all(int(b) - int(a) in shifts | {0} for a, b in zip(*numbers, strict=True))
    )


def _word_changes(old: list[Word], new: list[Word], partner: dict[int, int]) -> Iterator[Change]:
    """Yield one change per pair of pages on which the words are."""
    back = {after: before for before, after in partner.items()}
    pages: dict[tuple[int, int], tuple[list[Word], list[Word]]] = {}
    here = new[0].page if new else partner.get(old[0].page, -1)
    for word in old:
        at = partner.get(word.page, here)
        pages.setdefault((word.page, at), ([], []))[0].append(word)
    for word in new:
        at = back.get(word.page, old[0].page if old else -1)
        pages.setdefault((at, word.page), ([], []))[1].append(word)
    for (old_page, new_page), (gone, come) in pages.items():
        yield Change(
            "words",
            old_page + 1,
            new_page + 1,
            " ".join(w.text for w in gone),
            " ".join(w.text for w in come),
            tuple(w.box for w in gone),
            tuple(w.box for w in come),
        )


class _Moves:
    """Words that moved, and the page areas to ignore because of them."""

    def __init__(self, partner: dict[int, int]) -> None:
        self.partner = partner
        self.pages: set[int] = set()
        self.hidden_old: dict[int, list[Bounds]] = {}
        self.hidden_new: dict[int, list[Bounds]] = {}
        self.shifts: dict[int, Counter[tuple[int, int]]] = {}

    def note(self, old: Word, new: Word) -> None:
        """Record an equal word: hidden in both pictures if it moved."""
        away = self.partner.get(old.page) != new.page
        right, down = new.box[0] - old.box[0], new.box[1] - old.box[1]
        if away or max(abs(right), abs(down)) > STILL:
            self.hide([old], [new])
            self.pages.add(new.page)
            if not away:
                shift = (round(right * SCALE), round(down * SCALE))
                self.shifts.setdefault(new.page, Counter())[shift] += 1

    def hide(self, old: Sequence[Word], new: Sequence[Word], ahead: float = 0.0) -> None:
        """Hide words reported as changes, and `ahead` points before them."""
        for words, hidden in ((old, self.hidden_old), (new, self.hidden_new)):
            for word in words:
                left, *rest = word.box
                hidden.setdefault(word.page, []).append((left - ahead, *rest))  # type: ignore[arg-type]


# --------------------------------------------------------------------- pictures


def _picture_changes(
    before: _Pdf, after: _Pdf, old: int, new: int, moves: _Moves
) -> Iterator[Change]:
    """Yield regions of a pair of pages that differ in other ways than words."""
    from PIL import ImageChops

    one, other = before.picture(old), after.picture(new)
    if one.size != other.size:
        whole = tuple((0.0, 0.0, *pdf.size(n)) for pdf, n in ((before, old), (after, new)))
        yield Change("picture", old + 1, new + 1, old_boxes=whole[:1], new_boxes=whole[1:])
        return
    if ImageChops.difference(one, other).getbbox() is None:
        return
    hidden = [*moves.hidden_old.get(old, ()), *moves.hidden_new.get(new, ())]
    for picture in (one, other):
        _paint_over(picture, hidden)
    difference = ImageChops.difference(one, other).convert("L")
    mask = difference.point([0] * SHADE + [255] * (256 - SHADE))
    shifts = [shift for shift, _ in moves.shifts.get(new, Counter()).most_common(12)]
    for region in _regions(mask):
        if any(_moved_along(one, other, region, shift) for shift in shifts):
            continue
        box = tuple(value / SCALE for value in region)
        yield Change("picture", old + 1, new + 1, old_boxes=(box,), new_boxes=(box,))  # type: ignore[arg-type]


def _paint_over(picture: Image, boxes: Sequence[Bounds]) -> None:
    from PIL import ImageDraw

    draw = ImageDraw.Draw(picture)
    for left, top, right, bottom in boxes:
        # A little more than the letters, to include underlines.
        edges = (left - 2.5, top - 2.5, right + 2.5, bottom + 3.5)
        draw.rectangle([value * SCALE for value in edges], fill="white")


def _regions(mask: Image) -> list[tuple[int, int, int, int]]:
    """Return the regions of a mask as rectangles in pixels."""
    small = mask.reduce(CELL)
    width = small.width
    todo = {n for n, value in enumerate(small.tobytes()) if value}
    regions: list[tuple[int, int, int, int]] = []
    while todo:
        reach = [todo.pop()]
        xs, ys = set(), set()
        while reach:
            cell = reach.pop()
            y, x = divmod(cell, width)
            xs.add(x)
            ys.add(y)
            near = {
                (y + dy) * width + x + dx for dy in (-2, -1, 0, 1, 2) for dx in (-2, -1, 0, 1, 2)
            }
            reach += near & todo
            todo -= near
        regions.append((min(xs) * CELL, min(ys) * CELL, (max(xs) + 1) * CELL, (max(ys) + 1) * CELL))
    return sorted(regions, key=lambda region: (region[1], region[0]))


def _moved_along(
    one: Image, other: Image, region: tuple[int, int, int, int], shift: tuple[int, int]
) -> bool:
    """Return whether a region of the old page is in the new one, shifted as the words are."""
    from PIL import ImageChops

    right, down = shift
    left, top, end, bottom = region
    was = one.crop(region)
    now = other.crop((left + right, top + down, end + right, bottom + down))
    difference = ImageChops.difference(was, now).convert("L")
    return difference.point([0] * SHADE + [255] * (256 - SHADE)).getbbox() is None


def _framed(pdf: _Pdf, page: int, boxes: Sequence[Bounds], color: str) -> Image | None:
    """Return a page with its changes framed; None for page 0."""
    from PIL import ImageDraw

    if not page:
        return None
    picture = pdf.picture(page - 1)
    draw = ImageDraw.Draw(picture)
    for left, top, right, bottom in boxes:
        frame = (left - 3, top - 3, right + 3, bottom + 3)
        draw.rectangle([value * SCALE for value in frame], outline=color, width=3)
    return picture


def _side_by_side(left: Image | None, right: Image | None) -> Image:
    from PIL import Image as images

    there = [picture for picture in (left, right) if picture is not None]
    width = max(picture.width for picture in there)
    height = max(picture.height for picture in there)
    gap = 12
    sheet = images.new("RGB", (2 * width + gap, height), "#b9c1c9")
    if left is not None:
        sheet.paste(left, (0, 0))
    if right is not None:
        sheet.paste(right, (width + gap, 0))
    return sheet
