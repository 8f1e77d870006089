"""Rules of good pages, checked in the PDF file itself: what is drawn, and what it is tagged as.

    for finding in findings(pdf): print(finding)        # "page 12: 'Some words' sticks out …"

Each rule is a function from the facts of pages (`page_facts`) to findings.  Here are the rules of
single pages; those of where pages end are in `break_rules`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator

import break_rules
from page_facts import (
    CAPITALS,
    DESCENDERS,
    HEADINGS,
    Element,
    Frame,
    Mark,
    Run,
    Sheet,
    read,
    words,
)

from handbook.core.units import MM

# The band of small letters, in shares of the type size above and below the baseline: where two of
# these meet, words cannot be read.
SMALL_LETTERS, BELOW = 0.6, 0.1
# Points that do not matter: rounding in the file, side bearings, the overhang of italics.
SLACK = 0.5
COVER_EDGE = 5 * MM
# Characters that may hang over the right edge of justified text, and how far, in type sizes.
HANGING_CHARACTERS, HANGING = tuple(".,-\u00ad\u2010’”"), 0.24
SMALLEST_MARK = 6.0
# More ink than this below a heading (points) is something that it heads.
HEADED = 12.0
MEANT = re.compile(r"\bnotes\b|intentionally|left blank", re.IGNORECASE)


def text_in_frame(sheet: Sheet) -> Iterator[str]:
    """Margins are for the eye, the thumb and the reader's own notes: no text may be there."""
    f = sheet.frame
    for run in sheet.runs if not sheet.cover else []:
        x0, y0, x1, y1 = run.box(CAPITALS, DESCENDERS)
        # In justified text a stop, a comma or a hyphen hangs over the edge a little.
        hanging = HANGING * run.size if run.text[-1:] in HANGING_CHARACTERS else 0.0
        beyond = {"left": f.left - x0, "right": x1 - f.right - hanging}
        if not f.is_furniture(run.y):
            beyond |= {"top": f.top - y0, "bottom": y1 - f.bottom}
        for side, much in beyond.items():
            if much > SLACK:
                yield f"{words(run)} stands {much:.1f} pt beyond the {side} margin"


def text_on_cover(sheet: Sheet) -> Iterator[str]:
    """A cover may use its whole page, but printers cut and cannot print to the very edge."""
    for run in sheet.runs if sheet.cover else []:
        room = _room_to_edge(sheet.frame, run)
        if room < COVER_EDGE - SLACK:
            yield f"{words(run)} on a cover stands {room:.1f} pt from the edge"


def text_on_page(sheet: Sheet) -> Iterator[str]:
    """What crosses the page's edge is cut off, on paper and on screen."""
    for run in sheet.runs:
        if _room_to_edge(sheet.frame, run) < 0:
            yield f"{words(run)} crosses the edge of the page"


def _room_to_edge(frame: Frame, run: Run) -> float:
    x0, y0, x1, y1 = run.box(CAPITALS, DESCENDERS)
    return min(x0, y0, frame.width - x1, frame.height - y1)


def no_overlaps(sheet: Sheet) -> Iterator[str]:
    """Words printed over words cannot be read, whichever block or cell they come from."""
    boxes = sorted(
        ((run.box(SMALL_LETTERS, BELOW), run) for run in sheet.runs), key=lambda pair: pair[0][1]
    )
    for index, (box, run) in enumerate(boxes):
        for other, below in boxes[index + 1 :]:
            if other[1] > box[3] - SLACK:
                break
            wide = min(box[2], other[2]) - max(box[0], other[0])
            tall = min(box[3], other[3]) - other[1]
            if wide > SLACK and tall > SLACK:
                yield f"{words(run)} and {words(below)} overlap by {wide:.1f} × {tall:.1f} pt"


def no_small_text(sheet: Sheet, smallest: float) -> Iterator[str]:
    """Print below some size tires all eyes and shuts out many; raised marks may be smaller."""
    found: dict[float, list[Run]] = defaultdict(list)
    for run in sheet.runs:
        if run.size < smallest - 0.01 and not _is_mark(run, sheet.runs):
            found[round(run.size, 2)].append(run)
    for size, runs in sorted(found.items()):
        more = f" and {len(runs) - 1} more" if len(runs) > 1 else ""
        yield f"text of {size:.2f} pt: {words(runs[0])}{more}"


def _is_mark(run: Run, runs: list[Run]) -> bool:
    """Whether it is a raised or lowered mark next to larger text, and not too small for one."""
    return run.size >= SMALLEST_MARK - 0.01 and any(
        run.size < other.size
        and 0.3 < abs(other.y - run.y) < 0.6 * other.size
        and min(abs(other.x1 - run.x0), abs(other.x0 - run.x1)) < 0.4 * other.size
        for other in runs
    )


def no_empty_page(sheet: Sheet) -> Iterator[str]:
    """An empty page looks like a defect of the printer, unless it says what it is for."""
    content = sheet.cover or sheet.marks or any(kind == "fill-image" for kind, _ in sheet.ink)
    if not content and not sheet.body and not any(MEANT.search(run.text) for run in sheet.runs):
        yield "nothing but running heads" if sheet.runs else "nothing at all"


def no_stranded_heading(sheet: Sheet) -> Iterator[str]:
    """A heading at a page's foot promises what the reader does not see; so does a table's head."""
    marks = [(m, e) for m, e in sheet.tagged() if not e.inside("Note")]
    if sheet.cover or not marks:
        return
    last, element = max(marks, key=lambda pair: pair[0].y)
    name, top = _heading(element), _top(marks, element)
    if any(m.y > top and e.block is not element.block for m, e in marks):
        return  # what it heads is next to it
    noted = len(marks) < sum(1 for _ in sheet.tagged())
    below = [
        box[3]
        for box in sheet.filled
        if not noted and box[1] > last.y + DESCENDERS * last.size and box[3] > last.y + HEADED
    ]
    if name and not below:
        text = next((r for r in sheet.runs if abs(r.y - last.y) < 0.1), None)
        yield f"{name} {words(text) if text else ''} is the last line of the page"


def _top(marks: list[tuple[Mark, Element]], element: Element) -> float:
    """Where the first line of a heading is, on this page, give or take another size of type."""
    first = min((m for m, e in marks if e.block is element.block), key=lambda mark: mark.y)
    return first.y - 0.6 * first.size


def _heading(element: Element) -> str:
    if element.inside(*HEADINGS):
        return "the heading"
    if element.inside("THead"):
        return "the table head"
    caption = element.block
    return "the table caption" if caption.tag == "Caption" and caption.inside("Table") else ""


PAGE_RULES: tuple[Callable[[Sheet], Iterator[str]], ...] = (
    text_in_frame, text_on_cover, text_on_page, no_overlaps, no_empty_page, no_stranded_heading,
)  # fmt: skip


def findings(
    pdf: bytes, *, smallest: float = 8.5, theme: str = "default", duplex: bool = False
) -> list[str]:
    """Everything the rules find in a file: "page 12: …", page by page."""
    sheets = read(pdf, theme, duplex=duplex)
    found = [finding for rule in break_rules.RULES for finding in rule(sheets)]
    found += break_rules.even_feet(sheets) if duplex else []
    for sheet in sheets:
        for rule in PAGE_RULES:
            found += [(sheet.number, words) for words in rule(sheet)]
        found += [(sheet.number, words) for words in no_small_text(sheet, smallest)]
    return [f"page {number}: {text}" for number, text in sorted(found, key=lambda pair: pair[0])]
