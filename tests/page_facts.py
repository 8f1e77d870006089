"""Read the facts of a PDF's pages: what is drawn, where, and what it is tagged as.

`read` collects them with MuPDF (where glyphs and shapes are) and with pikepdf (which element they
belong to).  Places are in points from the upper left corner, pages count from 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from itertools import count, pairwise
from typing import Any

import pikepdf
import pymupdf

from handbook.core.units import PAPERS
from handbook.theme.loader import load_theme
from handbook.theme.theme import Theme

# Shares of the type size, above and below the baseline, that nearly every letter's ink fills.
CAPITALS, DESCENDERS = 0.7, 0.22
# Grounds and rules reach this far beyond the frame (points); what goes further is the page's.
NEAR = 8.0

HEADINGS = ("H", "H1", "H2", "H3", "H4", "H5", "H6")
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

    @property
    def rise(self) -> float:
        """The height of the frame."""
        return self.bottom - self.top

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
    """A structure element, what it is inside of, and its place in the order of reading."""

    tag: str
    parent: Element | None
    place: int = 0

    def inside(self, *tags: str) -> bool:
        """Whether it, or an element around it, has one of these tags."""
        return self.tag in tags or (self.parent is not None and self.parent.inside(*tags))

    def above(self, *tags: str) -> Element | None:
        """The nearest element around it, or itself, that has one of these tags."""
        return self if self.tag in tags else self.parent and self.parent.above(*tags)

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

    @property
    def filled_to(self) -> float:
        """How much of its frame's height it fills (share)."""
        f = self.frame
        lowest = max((box[3] for box in self.filled), default=f.top)
        return (lowest - f.top) / f.rise

    def tagged(self) -> Iterator[tuple[Mark, Element]]:
        """The marks of the body with their elements."""
        for mark in self.marks:
            if mark.mcid in self.owners:
                yield mark, self.owners[mark.mcid]


def read(pdf: bytes, theme: str = "default", *, duplex: bool = False) -> list[Sheet]:
    """The facts of all pages of a file that was laid out in `theme`, for both sides if `duplex`."""
    tokens = load_theme(theme)
    with pymupdf.open(stream=pdf, filetype="pdf") as document:
        sheets = [_sheet(page, tokens, duplex) for page in document]
    for sheet in {id(s): s for s in (sheets[0], sheets[-1])}.values():
        sheet.cover = all(abs(run.y - sheet.frame.foot) >= 1.0 for run in sheet.runs)
    _read_tags(pdf, sheets)
    return sheets


def _sheet(page: Any, tokens: Theme, duplex: bool) -> Sheet:
    sides = ("wide-left", "right")
    if duplex:
        sides = ("inner", "outer") if page.number % 2 == 0 else ("outer", "inner")
    frame = frame_of(page.rect.width, page.rect.height, tokens, sides)
    ink = [(kind, box) for kind, box, *_ in page.get_bboxlog() if not kind.startswith("ignore")]
    return Sheet(page.number + 1, frame, runs_of(page.get_texttrace()), ink)


def frame_of(
    width: float, height: float, tokens: Theme, sides: tuple[str, str] = ("wide-left", "right")
) -> Frame:
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
        edge(sides[0]),
        width - edge(sides[1]),
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
        places = count(1)
        for tag in _kids(document.Root.StructTreeRoot):
            _own(tag, None, None, numbers, sheets, places)
        for page, sheet in zip(document.pages, sheets, strict=True):
            sheet.marks = list(marks_of(page, sheet.frame.height))


def _kids(node: Any) -> Iterable[Any]:
    kids = node.get("/K", ())
    return kids if isinstance(kids, pikepdf.Array) else (kids,)


def _own(
    node: Any, parent: Element | None, page: Any, numbers: dict[Any, int], sheets: list[Sheet],
    places: Iterator[int],
) -> None:  # fmt: skip
    """Note the owner of every MCID at or below a structure element."""
    element = Element(str(node.S)[1:], parent, next(places))
    page = node.get("/Pg", page)
    for kid in _kids(node):
        if isinstance(kid, int):
            sheets[numbers[page.objgen]].owners[kid] = element
        elif "/S" in kid:
            _own(kid, element, page, numbers, sheets, places)
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


# ------------------------------------------------------------------------ words


def words(run: Run) -> str:
    """Enough of a run's text to find it by."""
    return repr(run.text if len(run.text) < 32 else run.text[:30] + "…")


def baselines(marks: list[Mark]) -> int:
    """The number of lines that these marks are on; raised and lowered marks make none."""
    usual = max(mark.size for mark in marks)
    places = sorted(mark.y for mark in marks if mark.size > 0.75 * usual)
    return 1 + sum(1 for one, two in pairwise(places) if two - one > 0.4 * usual)


def near(sheets: list[Sheet], pages: dict[int, list[Mark]], number: int) -> str:
    mark = pages[number][0]
    beside = (run for run in sheets[number - 1].runs if abs(run.y - mark.y) < 0.1)
    run = min(beside, key=lambda run: abs(run.x0 - mark.x), default=None)
    return words(run) if run else "no text"
