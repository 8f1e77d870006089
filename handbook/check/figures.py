"""Check the data of figures, as drawing them would."""

from __future__ import annotations

from collections.abc import Iterator

from ..core.diagnostics import Diagnostic, HandbookError, Source
from ..document.nodes import Diagram, Directive, walk
from ..layout.faces import load_faces
from ..layout.figure.charts import draw_chart
from ..layout.figure.diagram import diagram_problems
from ..theme.theme import Theme
from .selections import SelectionMatrix

# Points; every paper has room for it.
_WIDTH = 300.0


def figure_findings(matrix: SelectionMatrix, theme: Theme) -> Iterator[Diagnostic]:
    """Yield an error for each figure that cannot be drawn."""
    seen: set[tuple[tuple[str, str], ...]] = set()
    drawn: set[Source] = set()
    faces = None
    for variant in matrix.variants():
        chapters = variant.read.document.chapters if variant.read else ()
        for block in (block for chapter in chapters for block in walk(chapter.blocks)):
            if isinstance(block, Diagram):
                if block.source not in drawn:
                    yield from diagram_problems((block,))
                drawn.add(block.source)
            if not isinstance(block, Directive) or block.name != "figure":
                continue
            attributes = tuple(sorted(block.attributes.items()))
            if attributes in seen:
                continue
            seen.add(attributes)
            faces = faces or load_faces(theme)
            try:
                draw_chart(block.attributes, theme, faces, _WIDTH, block.source)
            except HandbookError as problem:
                yield from problem.diagnostics
