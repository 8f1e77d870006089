"""Rules of good pages, checked in the PDF file itself: what is drawn, and what it is tagged as.

    for finding in findings(pdf): print(finding)        # "page 12: 'Some words' sticks out …"

`read` collects the facts of all pages with MuPDF (where glyphs and shapes are) and with pikepdf
(which element they belong to); each rule is a function from these facts to findings.  Places are
in points from the upper left corner, pages count from 1.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from itertools import pairwise
from typing import Any

import pikepdf
import pymupdf

from handbook.core.units import MM, PAPERS
from handbook.theme.loader import load_theme
from handbook.theme.theme import Theme

# Shares of the type size, above and below the baseline, that nearly every letter's ink fills.
CAPITALS, DESCENDERS = 0.7, 0.22
# The same for the band of small letters: where two of these meet, words cannot be read.
SMALL_LETTERS, BELOW = 0.6, 0.1
# Points that do not matter: rounding in the file, side bearings, the overhang of italics.
SLACK = 0.5
COVER_EDGE = 5 * MM
# Characters that may hang over the right edge of justified text, and how far, in type sizes.
HANGING_CHARACTERS, HANGING = tuple(".,-\u00ad\u2010’”"), 0.24
# Grounds and rules reach this far beyond the frame (points); what goes further is the page's.
NEAR = 8.0
SMALLEST_MARK = 6.0
FULL_ENOUGH = 0.15
# A chapter's last page is so full, unless the page before could not have given it anything; a
# listing of so many lines stays on one page.
LAST_ENOUGH, TIGHT = 0.25, 0.5
SHORT_LISTING = 28
# More ink than this below a heading (points) is something that it heads.
HEADED = 12.0
MEANT = re.compile(r"\bnotes\b|intentionally|left blank", re.IGNORECASE)

HEADINGS = {"H", "H1", "H2", "H3", "H4", "H5", "H6"}
INLINE = {"Span", "Link", "Quote", "Reference", "Code", "Em", "Strong", "Note", "Annot"}
CONTAINERS = {
    "Document", "Part", "Art", "Sect", "Div", "L", "LI", "Table", "TR", "BlockQuote", "TOC",
}  # fmt: skip


# ------------------------------------------------------------------------ facts

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class Frame:
    """A page and the frame of its text: edges, and the baselines of running head and foot."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    head: float
    foot: float

    def is_furniture(self, baseline: float) -> bool:
        """Whether text on this baseline is the running head or foot."""
        return min(abs(baseline - self.head), abs(baseline - self.foot)) < 1.0


@dataclass(slots=True)
class Run:
    """Glyphs side by side on one baseline, in one size; spaces at its ends are left off."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    turned: Bounds | None = None

    def box(self, above: float, below: float) -> Bounds:
        """What it covers, by shares of its size above and below the baseline."""
        if self.turned:
            return self.turned
        return (self.x0, self.y - above * self.size, self.x1, self.y + below * self.size)


@dataclass(frozen=True, slots=True)
class Mark:
    """Where one operator shows text of an element, by its identifier on the page (MCID)."""

    mcid: int
    x: float
    y: float
    size: float


@dataclass(eq=False, slots=True)
class Element:
    """A structure element and what it is inside of."""

    tag: str
    parent: Element | None

    def inside(self, *tags: str) -> bool:
        """Whether it, or an element around it, has one of these tags."""
        return self.tag in tags or (self.parent is not None and self.parent.inside(*tags))

    @property
    def block(self) -> Element:
        """The block whose lines it is part of: itself, or what an inline element is in."""
        if self.tag in INLINE and self.parent and self.parent.tag not in CONTAINERS:
            return self.parent.block
        return self


@dataclass
class Sheet:
    """One page: its frame, its text, the bounds of all its ink, and whose text it is."""

    number: int
    frame: Frame
    runs: list[Run]
    ink: list[tuple[str, Bounds]]
    marks: list[Mark] = field(default_factory=list)
    owners: dict[int, Element] = field(default_factory=dict)
    cover: bool = False

    @property
    def body(self) -> list[Run]:
        """The text without running head and foot."""
        return [run for run in self.runs if not self.frame.is_furniture(run.y)]

    @property
    def filled(self) -> list[Bounds]:
        """What is covered by the body's text, and by shapes that stay in the frame or near it."""
        f = self.frame
        shapes = [
            box
            for kind, box in self.ink
            if "text" not in kind
            and box[0] > f.left - NEAR
            and box[2] < f.right + NEAR
            and box[1] > f.top - NEAR
            and box[3] < f.bottom + NEAR
        ]
        return shapes + [run.box(CAPITALS, DESCENDERS) for run in self.body]

    def tagged(self) -> Iterator[tuple[Mark, Element]]:
        """The marks of the body with their elements."""
        for mark in self.marks:
            if mark.mcid in self.owners:
                yield mark, self.owners[mark.mcid]


def read(pdf: bytes, theme: str = "default") -> list[Sheet]:
    """The facts of all pages of a file that was laid out in `theme`."""
    tokens = load_theme(theme)
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        sheets = [_sheet(page, tokens) for page in document]
    for sheet in {id(s): s for s in (sheets[0], sheets[-1])}.values():
        sheet.cover = all(abs(run.y - sheet.frame.foot) >= 1.0 for run in sheet.runs)
    _read_tags(pdf, sheets)
    return sheets


def _sheet(page: Any, tokens: Theme) -> Sheet:
    frame = frame_of(page.rect.width, page.rect.height, tokens)
    ink = [(kind, box) for kind, box, *_ in page.get_bboxlog() if not kind.startswith("ignore")]
    return Sheet(page.number + 1, frame, runs_of(page.get_texttrace()), ink)


def frame_of(width: float, height: float, tokens: Theme) -> Frame:
    """The frame of a page of this size; a paper is known by its size."""
    sizes = PAPERS.items()
    paper = next((n for n, (w, h) in sizes if abs(w - width) < 1 and abs(h - height) < 1), "")
    if not paper:  # a page in landscape has the margins of its paper
        paper = next((n for n, (w, h) in sizes if abs(h - width) < 1 and abs(w - height) < 1), "")

    def edge(key: str) -> float:
        return tokens.page(paper, key)

    return Frame(
        width,
        height,
        edge("wide-left"),
        width - edge("right"),
        edge("top"),
        height - edge("bottom"),
        edge("head"),
        height - edge("foot"),
    )


def runs_of(trace: list[dict[str, Any]]) -> list[Run]:
    """MuPDF's glyphs in the order of painting, joined while each is next to the one before."""
    runs: list[Run] = []
    for span in trace:
        if span["type"] == 3:  # drawn invisibly
            continue
        if span["dir"] != (1.0, 0.0):
            runs.append(_turned(span))
            continue
        size = span["size"]
        near = size * 0.35
        run: Run | None = None
        last, gap = 0.0, False  # where the last glyph ended, and whether that was a space
        for code, _, (x, y), (_, _, end, _) in span["chars"]:
            beside = run is not None and y == run.y and -near < x - last < near
            last = end
            if code in (32, 160):
                gap = True
                continue
            if run is None or not beside:
                run = Run("", x, end, y, size)
                runs.append(run)
            elif gap:
                run.text += " "
            run.text += chr(code) if code > 0 else ""
            run.x1 = end
            gap = False
    return runs


def _turned(span: dict[str, Any]) -> Run:
    x0, y0, x1, y1 = span["bbox"]
    text = "".join(chr(char[0]) for char in span["chars"] if char[0] > 0)
    return Run(text, x0, x1, y1, span["size"], (x0, y0, x1, y1))


# ------------------------------------------------------------------------- tags


def _read_tags(pdf: bytes, sheets: list[Sheet]) -> None:
    with pikepdf.open(BytesIO(pdf)) as document:
        if "/StructTreeRoot" not in document.Root:
            return
        numbers = {page.objgen: index for index, page in enumerate(document.pages)}
        for tag in _kids(document.Root.StructTreeRoot):
            _own(tag, None, None, numbers, sheets)
        for page, sheet in zip(document.pages, sheets, strict=True):
            sheet.marks = list(marks_of(page, sheet.frame.height))


def _kids(node: Any) -> Iterable[Any]:
    kids = node.get("/K", ())
    return kids if isinstance(kids, pikepdf.Array) else (kids,)


def _own(
    node: Any, parent: Element | None, page: Any, numbers: dict[Any, int], sheets: list[Sheet]
) -> None:
    """Note the owner of every MCID at or below a structure element."""
    element = Element(str(node.S)[1:], parent)
    page = node.get("/Pg", page)
    for kid in _kids(node):
        if isinstance(kid, int):
            sheets[numbers[page.objgen]].owners[kid] = element
        elif "/S" in kid:
            _own(kid, element, page, numbers, sheets)
        elif "/MCID" in kid:
            own = kid.get("/Pg", page)
            sheets[numbers[own.objgen]].owners[int(kid.MCID)] = element


Matrix = tuple[float, float, float, float, float, float]
_SAME: Matrix = (1, 0, 0, 1, 0, 0)
_OPERATORS = "BDC BMC EMC q Q cm BT Tm Td TD TL T* Tf Tj TJ ' \""


def _times(one: Matrix, two: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = two
    return (
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + m,
    )


def marks_of(page: Any, height: float) -> Iterator[Mark]:
    """Where the operators of a page's content stream show text that belongs to an element."""
    owners: list[int | None] = [None]
    saved: list[Matrix] = []
    matrix = line = _SAME
    leading = size = 0.0
    for operands, operator in pikepdf.parse_content_stream(page, _OPERATORS):
        op = str(operator)
        if op == "BDC":
            own = operands[1]
            found = own.get("/MCID") if isinstance(own, pikepdf.Dictionary) else None
            artifact = operands[0] == "/Artifact"
            owners.append(None if artifact else owners[-1] if found is None else int(found))
        elif op == "BMC":
            owners.append(None if operands[0] == "/Artifact" else owners[-1])
        elif op == "EMC":
            owners.pop()
        elif op == "q":
            saved.append(matrix)
        elif op == "Q":
            matrix = saved.pop()
        elif op == "cm":
            matrix = _times(_matrix(operands), matrix)
        elif op == "BT":
            line = _SAME
        elif op == "Tm":
            line = _matrix(operands)
        elif op in ("Td", "TD"):
            x, y = float(operands[0]), float(operands[1])
            leading = -y if op == "TD" else leading
            line = _times((1, 0, 0, 1, x, y), line)
        elif op == "TL":
            leading = float(operands[0])
        elif op == "Tf":
            size = float(operands[1])
        else:  # T* and the operators that show text
            if op in ("T*", "'", '"'):
                line = _times((1, 0, 0, 1, 0, -leading), line)
            mcid = owners[-1]
            if op != "T*" and mcid is not None:
                place = _times(line, matrix)
                yield Mark(mcid, place[4], height - place[5], size * abs(place[3] or place[1]))


def _matrix(operands: Any) -> Matrix:
    a, b, c, d, e, f = map(float, operands)
    return (a, b, c, d, e, f)


# ------------------------------------------------------------------------ rules


def words(run: Run) -> str:
    """Enough of a run's text to find it by."""
    return repr(run.text if len(run.text) < 32 else run.text[:30] + "…")


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
    name = _heading(element)
    if any(e.block is not element.block and m.y > _top(marks, element) for m, e in marks):
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


def full_enough(sheet: Sheet, following: Sheet | None) -> Iterator[str]:
    """A page of two lines inside a chapter is a break that went wrong; at its end it may be."""
    if sheet.cover or following is None or following.cover or starts_chapter(following):
        return
    f = sheet.frame
    lowest = max((box[3] for box in sheet.filled), default=f.top)
    share = (lowest - f.top) / (f.bottom - f.top)
    if sheet.filled and share < FULL_ENOUGH:
        yield f"only {share:.0%} full, and the chapter goes on"


def last_pages_full(sheets: list[Sheet]) -> Iterator[tuple[int, str]]:
    """A chapter's last page of a few lines looks left over, unless the whole chapter is short."""
    inside = [sheet for sheet in sheets if not sheet.cover and sheet.body]
    for before, sheet, following in zip(inside, inside[1:], [*inside[2:], None], strict=False):
        ends = following is None or starts_chapter(following)
        whole = starts_chapter(sheet)
        if ends and not whole and _share(sheet) < LAST_ENOUGH and _share(before) > TIGHT:
            yield sheet.number, f"only {_share(sheet):.0%} full, where a chapter ends"


def _share(sheet: Sheet) -> float:
    """How much of its frame's height a page fills."""
    f = sheet.frame
    lowest = max((box[3] for box in sheet.filled), default=f.top)
    return (lowest - f.top) / (f.bottom - f.top)


def nothing_parted(sheets: list[Sheet]) -> Iterator[tuple[int, str]]:
    """A listing or a table that would fit on a page is not parted if it is short."""
    places: dict[Element, dict[int, list[Mark]]] = defaultdict(lambda: defaultdict(list))
    for sheet in sheets:
        for mark, element in sheet.tagged():
            block = listing_of(element)
            if block is not None:
                places[block][sheet.number].append(mark)
    for pages in places.values():
        lines = {page: _baselines(marks) for page, marks in pages.items()}
        if len(lines) > 1 and sum(lines.values()) <= SHORT_LISTING:
            first = min(lines)
            yield first, f"a listing of {sum(lines.values())} lines is parted"


def listing_of(element: Element) -> Element | None:
    """The block of a listing that a line of code belongs to."""
    while element.tag in INLINE and element.parent:
        if element.tag == "Code" and element.parent.tag == "P" and element.parent.parent:
            group = element.parent.parent
            return group if group.tag == "Div" else None
        element = element.parent
    return None


def starts_chapter(sheet: Sheet) -> bool:
    """Whether the first text on a page is a heading of level 1."""
    first = min(sheet.tagged(), key=lambda pair: pair[0].y, default=None)
    return first is not None and first[1].inside("H1")


def no_widows(sheets: list[Sheet]) -> Iterator[tuple[int, str]]:
    """One line of a paragraph alone on a page, first or last, tears it from its sense."""
    lines: dict[Element, dict[int, list[Mark]]] = defaultdict(lambda: defaultdict(list))
    for sheet in sheets:
        for mark, element in sheet.tagged():
            if element.block.tag in ("P", "LBody"):
                lines[element.block][sheet.number].append(mark)
    for pages in lines.values():
        counts = {page: _baselines(marks) for page, marks in pages.items()}
        if len(counts) > 1 and sum(counts.values()) > 2:
            first, last = min(counts), max(counts)
            if counts[first] == 1:
                yield (
                    first,
                    f"one line of a paragraph alone at the foot ({_at(sheets, pages, first)})",
                )
            if counts[last] == 1:
                yield last, f"one line of a paragraph alone at the top ({_at(sheets, pages, last)})"


def _baselines(marks: list[Mark]) -> int:
    """The number of lines that these marks are on; raised and lowered marks make none."""
    usual = max(mark.size for mark in marks)
    places = sorted(mark.y for mark in marks if mark.size > 0.75 * usual)
    return 1 + sum(1 for one, two in pairwise(places) if two - one > 0.4 * usual)


def _at(sheets: list[Sheet], pages: dict[int, list[Mark]], number: int) -> str:
    mark = pages[number][0]
    near = (run for run in sheets[number - 1].runs if abs(run.y - mark.y) < 0.1)
    run = min(near, key=lambda run: abs(run.x0 - mark.x), default=None)
    return words(run) if run else "no text"


PAGE_RULES: tuple[Callable[[Sheet], Iterator[str]], ...] = (
    text_in_frame, text_on_cover, text_on_page, no_overlaps, no_empty_page, no_stranded_heading,
)  # fmt: skip


def findings(pdf: bytes, *, smallest: float = 8.5, theme: str = "default") -> list[str]:
    """Everything the rules find in a file: "page 12: …", page by page."""
    sheets = read(pdf, theme)
    found = [*no_widows(sheets), *last_pages_full(sheets), *nothing_parted(sheets)]
    for sheet, following in zip(sheets, [*sheets[1:], None], strict=True):
        for rule in PAGE_RULES:
            found += [(sheet.number, words) for words in rule(sheet)]
        found += [(sheet.number, words) for words in no_small_text(sheet, smallest)]
        found += [(sheet.number, words) for words in full_enough(sheet, following)]
    return [f"page {number}: {text}" for number, text in sorted(found, key=lambda pair: pair[0])]
