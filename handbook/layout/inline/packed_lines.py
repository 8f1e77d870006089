"""Pack the lines of a paragraph: its words and looks, without the elements that they belong to.

Packed lines are plain values.  They are the same for each paragraph that says the same, and take a
fraction of the memory of the runs that are drawn, so a page's runs are made when it is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from ..figure.formula import DrawnFormula
from ..structure import StructElem
from .runs import MARK, Line, RunStyle, TextRun

# Elements as (parent, tag, language, expansion, …), looks, and lines as (width, runs, …).
Packed: TypeAlias = "tuple[tuple[Any, ...], tuple[Any, ...], tuple[Any, ...]]"


class Unpackable(Exception):
    """Raised if lines cannot be packed."""


def pack(lines: list[Line], base: StructElem | None, marks: list[str]) -> Packed:
    """Return lines without the elements they belong to: these are numbered from `base` on.

    Raises:
        Unpackable: for shaped text, formulas, and elements that are not inline.
    """
    elements: dict[StructElem | None, int] = {None: -1}
    if base is not None:
        elements[base] = 0
    packed_elements: list[tuple[Any, ...]] = []
    run_styles: dict[int, int] = {}
    packed_styles: list[tuple[Any, ...]] = []

    def number(element: StructElem | None) -> int:
        if element not in elements:
            assert element is not None
            if not element.inline:
                raise Unpackable
            packed_elements.append(
                (
                    number(element.parent),
                    element.tag,
                    element.lang,
                    element.expansion,
                    element.actual_text,
                    element.attributes,
                )
            )
            elements[element] = len(packed_elements)
        return elements[element]

    def style_number(run_style: RunStyle) -> int:
        if id(run_style) not in run_styles:
            run_styles[id(run_style)] = len(packed_styles)
            packed_styles.append(
                (*run_style[:4], number(run_style.element), *run_style[5:8], number(run_style.link))
            )
        return run_styles[id(run_style)]

    def packed(run: TextRun) -> tuple[Any, ...]:
        run_style, codes, width, late, box, shaped, formula = run
        if shaped is not None or formula is not None or run_style.level or run_style.base:
            raise Unpackable
        if box.startswith(MARK):
            return style_number(run_style), codes, width, late, marks.index(box[len(MARK) :])
        return style_number(run_style), codes, width, late, box

    packed_runs = tuple(
        (line.width, tuple(map(packed, line.runs)), line.spaces, line.count) for line in lines
    )
    return tuple(packed_elements), tuple(packed_styles), packed_runs


def unpacked(packed: Packed, base: StructElem | None, marks: list[str]) -> list[Line]:
    """Return the lines of a paragraph with the element `base`, whose marks have these ids."""
    paragraph = _Paragraph(packed, base, marks)
    return [_PackedLine(paragraph, number) for number in range(len(packed[2]))]


class _Paragraph:
    """The lines of one paragraph; the first that is drawn makes the runs of all."""

    __slots__ = ("_runs", "base", "marks", "packed")

    def __init__(self, packed: Packed, base: StructElem | None, marks: list[str]) -> None:
        self.packed = packed
        self.base = base
        self.marks = marks
        # Those of lines that did not ask yet; None: those of all.
        self._runs: dict[int, list[TextRun]] | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        return _Paragraph, (self.packed, self.base, self.marks)

    def is_whole(self) -> bool:
        """Return whether no line has its runs yet."""
        return self._runs is None

    def take(self, number: int) -> list[TextRun]:
        """Return the runs of a line, once; lines share the elements that go over their ends."""
        if self._runs is None:
            self._runs = dict(enumerate(_runs(self.packed, self.base, self.marks)))
        return self._runs.pop(number)


class _PackedLine(Line):
    """A line whose runs are made when they are asked for."""

    __slots__ = ("_number", "_paragraph")

    def __init__(self, paragraph: _Paragraph, number: int) -> None:
        self._paragraph: _Paragraph | None = paragraph
        self._number = number
        self.width, _, self.spaces, self.count = paragraph.packed[2][number]

    def __getattr__(self, name: str) -> Any:
        """Return the runs, which are made now; Python asks for what has no value yet."""
        if name != "runs" or self._paragraph is None:
            raise AttributeError(name)
        self.runs = self._paragraph.take(self._number)
        self._paragraph = None
        return self.runs

    def __reduce__(self) -> tuple[Any, ...]:
        if self._paragraph is not None and self._paragraph.is_whole():
            return _PackedLine, (self._paragraph, self._number)
        return Line, (self.runs, self.width, self.spaces, self.count)

    def marks(self) -> list[str]:
        """Return the ids of the places in the line that the index refers to."""
        if self._paragraph is None:
            return super().marks()
        ids = self._paragraph.marks
        runs = self._paragraph.packed[2][self._number][1] if ids else ()
        return [ids[box] for *_, box in runs if not isinstance(box, str)]

    def formulas(self) -> list[DrawnFormula]:
        """Return none, as formulas are not packed."""
        return []


def _runs(packed: Packed, base: StructElem | None, marks: list[str]) -> Iterator[list[TextRun]]:
    """Yield the runs of each line, with new elements below `base`."""
    packed_elements, packed_styles, lines = packed
    elements: list[StructElem | None] = [base]
    for parent, tag, lang, expansion, actual_text, attributes in packed_elements:
        element = StructElem(tag, elements[parent], inline=True)
        element.lang, element.expansion = lang, expansion
        element.actual_text, element.attributes = actual_text, attributes
        elements.append(element)
    # Number -1 is none.
    elements.append(None)
    run_styles = [
        RunStyle(
            face, size, color, rise, elements[number], target, contents, stroke, elements[link]
        )
        for face, size, color, rise, number, target, contents, stroke, link in packed_styles
    ]
    for _, runs, _, _ in lines:
        yield [
            TextRun(
                run_styles[run_style],
                codes,
                width,
                late,
                box if isinstance(box, str) else MARK + marks[box],
            )
            for run_style, codes, width, late, box in runs
        ]
