"""Define runs of text and the style they are set in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import field
from typing import Any, NamedTuple

from ...core.i18n import Translations, translations_for
from ...core.units import Color
from ...core.values import record
from ...document.fields import FieldSpecs
from ...document.nodes import Formula
from ...fonts.face import Face
from ...fonts.shaping import ShapedLine
from ...theme.theme import Theme
from ..figure.formula import DrawnFormula, draw_formula
from ..page import Glyphs, PageItem
from ..structure import StructElem

# Begins the `box` of a run without width that the index refers to; its id follows.
MARK = "mark:"
# Begins the `box` of a picture in a line; its height in points and its file follow.
PICTURE = "picture:"
# The `box` of a checkbox.
BOXES = ("ticked", "empty")
# A hyphen that is not the author's: it is left out when text is taken from the page.
SOFT_HYPHEN = "\u00ad"


class RunStyle(NamedTuple):
    """How a run is drawn, and what it means; its `stroke` is "", "strike" or "dotted"."""

    face: str
    size: float
    color: Color
    rise: float
    element: StructElem | None
    target: str
    contents: str
    stroke: str = ""
    link: StructElem | None = None
    # The embedding levels of the text and of its paragraph (Unicode Annex 9).
    level: int = 0
    base: int = 0


class TextRun(NamedTuple):
    """Glyphs of one style; `late` is an id whose page number is not known yet.

    `shaped` glyphs take the place of codes, and so does a `formula`.
    """

    style: RunStyle
    codes: str
    width: float
    late: str = ""
    box: str = ""
    shaped: ShapedLine | None = None
    formula: DrawnFormula | None = None


class UnbreakableRun(NamedTuple):
    """Runs that no line break parts, and the space after them (None where none is).

    A line that ends behind them gets the `hyphen`, if there is one.
    """

    runs: list[TextRun]
    width: float
    space: TextRun | None
    forced: bool
    hyphen: TextRun | None = None


@record
class Line:
    """A line: its runs in reading order, its width without the space at its end.

    One that is justified when its numbers of pages are known has the places of its `spaces` among
    its first `count` runs.
    """

    runs: list[TextRun]
    width: float
    spaces: tuple[int, ...] = ()
    count: int = 0

    def marks(self) -> list[str]:
        """Return the ids of the places in the line that the index refers to."""
        return [run.box.removeprefix(MARK) for run in self.runs if run.box.startswith(MARK)]

    def formulas(self) -> list[DrawnFormula]:
        """Return the formulas in the line."""
        return [run.formula for run in self.runs if run.formula is not None]


def name_checkboxes(line: Line, label: str) -> Line:
    """Return a line with its checkboxes named `label`."""
    runs = [
        run._replace(style=run.style._replace(contents=label)) if run.box in BOXES else run
        for run in line.runs
    ]
    return Line(runs, line.width, line.spaces, line.count)


@record
class InlineContext:
    """What inlines depend on: theme, fonts, numbers, language."""

    theme: Theme
    faces: dict[str, Face]
    fields: FieldSpecs
    number_of: dict[str, str]
    title_of: dict[str, str]
    address_of: dict[str, int]
    note_of: dict[str, int]
    label_of: Callable[[str], str]
    language: str = "en"
    form: bool = False
    # Pages are drawn from left to right, then mirrored: the book runs from right to left.
    mirrored: bool = False
    # The numbers of headings, where a theme has them.
    section_of: dict[str, str] = field(default_factory=dict)

    # Drawings that were made earlier, by what they are made from.
    drawing: Callable[[Any, Callable[[], Any]], Any] = lambda key, draw: draw()

    def formula(self, formula: Formula, size: float, color: Color) -> DrawnFormula:
        """Return the formula at `size` points, as it was drawn earlier if it was."""
        mathml, source = formula.mathml, formula.source
        drawn: DrawnFormula = self.drawing(
            ("formula", mathml, size, color), lambda: draw_formula(mathml, size, color, source)
        )
        return drawn

    def describe(self, element: StructElem, formula: Formula) -> None:
        """Say a formula to those who listen: in English words, and as MathML."""
        element.alt, element.mathml = formula.spoken, formula.mathml
        if not self.words.english:
            element.lang = "en"

    @property
    def words(self) -> Translations:
        """Return the built-in words, in the book's language."""
        return translations_for(self.language)


def drawn_width(run: TextRun, context: InlineContext) -> float:
    """Return the width of a piece on the page: that of the page number that it waited for."""
    if not run.late:
        return run.width
    face = context.faces[run.style.face]
    return face.width(context.label_of(run.late)) * run.style.size / 1000


def glyphs_of(runs: Iterable[TextRun], x: float, y: float) -> list[PageItem]:
    """Return the runs as they are drawn from x on, with their baseline at y."""
    items: list[PageItem] = []
    for run in runs:
        style = run.style
        codes = run.shaped or run.codes
        items.append(Glyphs(x, y, style.face, style.size, style.color, codes, None))
        x += run.width
    return items
