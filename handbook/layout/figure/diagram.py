"""Draw diagrams that authors write as text: Mermaid, and Graphviz's dot.

An engine receives the source and the theme, and returns an SVG; its shapes are drawn here, and
its words are set in the theme's faces, so that they stay text.  Engines are imported late.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

from ...core.diagnostics import Diagnostic, HandbookError, Source
from ...core.matrices import at, scale_of, times
from ...core.units import Color
from ...document.nodes import Block, Diagram
from ...fonts.fallback import drawable
from ...fonts.shaping import ShapedLine
from ...theme.contrast import contrast
from ..inline.complex_text import complex_text, shaped_line
from ..inline.runs import InlineContext
from ..page import Glyphs, PageItem, Path
from .diagram_engine import SIZE, DiagramEngine, DiagramProblem, DiagramStyle
from .legibility import in_grey, is_grey, legible
from .pen import Chart, scaled
from .svg import outlines
from .svg_reader import ReadSvg, TextItem, read_svg

# The smallest size of a label in points; a diagram that needs smaller ones is turned, if it may be.
SMALLEST = 5.5
# Lines with less contrast to paper than this are darkened.
FAINT = 1.5


def _mermaid() -> DiagramEngine:
    from .mermaid import Mermaid

    return Mermaid()


def _dot() -> DiagramEngine:
    from .dot import Dot

    return Dot()


ENGINES: dict[str, Callable[[], DiagramEngine]] = {"mermaid": _mermaid, "dot": _dot}


@lru_cache(maxsize=4)
def _engine(kind: str) -> DiagramEngine:
    return ENGINES[kind]()


def draw_diagram(kind: str, text: str, alt: str, context: InlineContext, source: Source) -> Chart:
    """Return a diagram at its natural size: its labels have the theme's size of figures.

    Raises:
        HandbookError: if the source cannot be drawn, or its engine is not installed.
    """
    try:
        svg, words = _engine(kind).draw(text, _style(context))
    except DiagramProblem as problem:
        raise HandbookError(_diagnostic(kind, problem, source)) from None
    read = read_svg(svg, _style(context).width)
    scale = context.theme.style("figure").size / SIZE
    return scaled(_drawn(read, context, source, alt or words), scale)


def _diagnostic(kind: str, problem: DiagramProblem, source: Source) -> Diagnostic:
    line = source.line + problem.line if source.line and problem.line else source.line
    return Diagnostic.at(
        replace(source, line=line),
        f"this {kind} diagram cannot be drawn: {problem.message}",
        "correct the diagram, or name another language after the fence to print it",
        "diagram",
    )


@lru_cache(maxsize=256)
def _problem(kind: str, text: str) -> DiagramProblem | None:
    try:
        _engine(kind).draw(text, _PLAIN)
    except DiagramProblem as problem:
        return problem
    return None


def diagram_problems(blocks: Iterable[Block]) -> Iterator[Diagnostic]:
    """Yield what is wrong with diagrams that cannot be drawn, in any theme.

    A lenient pack prints the source of one, with a warning.
    """
    for block in blocks:
        if isinstance(block, Diagram) and (problem := _problem(block.kind, block.text)):
            diagnostic = _diagnostic(block.kind, problem, block.source)
            if block.lenient:
                message = f"{diagnostic.message}; its source is printed"
                diagnostic = replace(diagnostic, message=message, severity="warning")
            yield diagnostic


# ---------------------------------------------------------------------- colours


_PLAIN = DiagramStyle(
    ink="#000000",
    paper="#ffffff",
    line="#000000",
    grid="#cccccc",
    wash="#eeeeee",
    border="#000000",
    accent="#000000",
    series=("#000000",) * 6,
    washes=("#eeeeee",) * 6,
    width=lambda words, strong: 0.6 * len(words),
)


def _style(context: InlineContext) -> DiagramStyle:
    theme = context.theme
    names = ("accent", "green", "warm", "violet", "red", "accent-dark")
    washes = ("wash", "wash-green", "wash-warm", "wash-violet", "wash-red", "wash-grey")

    def web(name: str) -> str:
        return web_color(theme.color(f"colors.{name}"))

    regular, bold = context.faces["regular"], context.faces.get("bold", context.faces["regular"])

    def width(words: str, strong: bool) -> float:
        face = bold if strong else regular
        return sum(face.width(char) if face.has(char) else 1000.0 for char in words) / 1000

    return DiagramStyle(
        ink=web("ink"),
        paper=web("paper"),
        line=web("soft"),
        grid=web("hairline"),
        wash=web("wash"),
        border=web("accent-dark"),
        accent=web("accent"),
        series=tuple(web(name) for name in names),
        washes=tuple(web(name) for name in washes),
        width=width,
    )


def web_color(color: Color) -> str:
    """Return a colour as `#rrggbb`."""
    return "#" + "".join(f"{round(part * 255):02x}" for part in color)


def _visible(shape: Path, context: InlineContext) -> Color | None:
    """Return the colour of a line; one that can hardly be seen on paper is darkened."""
    paper = context.theme.color("colors.paper")
    if shape.stroke and not shape.fill and contrast(shape.stroke, paper) < FAINT:
        return context.theme.color("colors.soft")
    return shape.stroke


def _drawn(read: ReadSvg, context: InlineContext, source: Source, alt: str) -> Chart:
    """Set the words of a drawing that was read in the theme's faces, legible on what is below."""
    grey = is_grey(context.theme)
    shapes = [
        shape._replace(
            fill=in_grey(shape.fill, grey),
            stroke=in_grey(_visible(shape, context), grey),
        )
        for shape in read.shapes
        if _is_inside(shape, read)
    ]
    items: list[PageItem] = [*shapes]
    ends: list[float] = []
    for words in read.words:
        items += _set(words, shapes, context, source, grey, ends)
    left, low, right, high = _bounds(items, read, ends)
    moved = [_moved(item, -left, -low) for item in items]
    return Chart(right - left, high - low, tuple(moved), alt, fixed=True)


def _is_inside(shape: Path, read: ReadSvg) -> bool:
    """Return whether some of a shape is inside the drawing's own bounds: others are not shown."""
    xs = [v for _, *values in shape.segments for v in values[::2]]
    ys = [v for _, *values in shape.segments for v in values[1::2]]
    return (
        bool(xs)
        and max(xs) >= 0
        and min(xs) <= read.width
        and max(ys) >= 0
        and (min(ys) <= read.height)
    )


def _bounds(
    items: list[PageItem], read: ReadSvg, ends: list[float]
) -> tuple[float, float, float, float]:
    """Return the bounds of what is drawn, which may reach over those that the SVG states.

    `ends` has the left and right ends of words.
    """
    xs = [*ends]
    ys: list[float] = []
    for item in items:
        if isinstance(item, Path):
            half = item.line / 2 if item.stroke else 0.0
            for _, *values in item.segments:
                xs += [v + s * half for v in values[::2] for s in (-1, 1)]
                ys += [v + s * half for v in values[1::2] for s in (-1, 1)]
        elif isinstance(item, Glyphs):
            ys += [item.y - item.size * 0.25, item.y + item.size * 0.8]
    if not xs:
        return 0.0, 0.0, read.width, read.height
    return min(xs) - 1, min(ys) - 1, max(xs) + 1, max(ys) + 1


def _moved(item: PageItem, x: float, y: float) -> PageItem:
    from ..page import moved

    return moved(item, x, y)


def _set(
    words: TextItem,
    shapes: list[Path],
    context: InlineContext,
    source: Source,
    grey: bool,
    ends: list[float],
) -> list[PageItem]:
    """Return words as glyphs; their left and right ends are added to `ends`."""
    face = "mono" if words.mono else "regular"
    if not words.mono and words.bold and "bold" in context.faces:
        face = "bold-italic" if words.italic else "bold"
    elif not words.mono and words.italic:
        face = "italic"
    face = face if face in context.faces else "regular"
    size = words.size * scale_of(words.matrix)
    text = _drawable(words.text)
    if complex_text(text) or not context.faces[face].has(text):
        line = shaped_line(text, context.faces[face].path, source, context.language)
        runs: list[tuple[str, str | ShapedLine, float]] = [(face, line, line.width)]
        width = line.width * size / 1000
    else:
        codes, units = context.faces[face].encode(text + " ")
        runs = [(face, codes, units)]
        width = context.faces[face].encode(text)[1] * size / 1000
    shift = {"middle": width / 2, "end": width}.get(words.anchor, 0.0)
    x, y = at(words.matrix, words.x, words.y)
    turned = abs(words.matrix[1]) > 0.01 * abs(words.matrix[0])
    start_of = x - shift, y + size * 0.3
    color = in_grey(words.color, grey) or words.color
    color = legible(color, shapes, start_of, width, context.theme)
    if turned:
        unit = words.size / 1000
        start = times(
            (unit, 0, 0, -unit, words.x - shift / size * words.size, words.y), words.matrix
        )
        return outlines(text, context.faces[face], start, color)[0]
    out: list[PageItem] = []
    x -= shift
    ends += (x, x + width)
    for name, glyphs, advance in runs:
        out.append(Glyphs(x, y, name, size, color, glyphs, None))
        x += advance * size / 1000
    return out


def _drawable(text: str) -> str:
    """Return words with the numbers of the characters that no font has."""
    return "".join(
        char if char < "\u0180" or drawable(char) else f"[U+{ord(char):04X}]"
        for char in text
        if char not in "\ufe0f\u200d"
    )
