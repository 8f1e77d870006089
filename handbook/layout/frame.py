"""Work out the frame of each page: where text may go."""

from __future__ import annotations

from ..core.diagnostics import error
from ..core.units import PAPERS
from ..core.values import frozen
from ..theme.print_options import PHONE, PrintOptions
from ..theme.theme import Theme
from .block.area import Area
from .flow.paginate import Geometry
from .structure import StructElem

# A frame lower or narrower than an inch (points) holds no words.
LEAST = 72.0


@frozen
class PageFrames:
    """The frames of a book's pages, by theme, paper and print options (lengths in points)."""

    theme: Theme
    paper: str
    print_options: PrintOptions

    def length(self, key: str) -> float:
        """Return a length that the theme gives for this paper."""
        return self.theme.page(self.paper, key)

    def frame(self, index: int = 0, landscape: bool = False) -> Geometry:
        """Return the frame of the page `index`; bound pages are wider at the bound side."""
        width, height = PAPERS[self.paper]
        left = self.length("wide-left")
        if landscape:
            width, height = height, width
        if self.print_options.mirrored:
            left = self.length("outer" if index % 2 else "inner")
        return Geometry(width, height, left, height - self.length("top"), self.length("bottom"))

    def check(self) -> None:
        """Check that the margins leave a place for words.

        Raises:
            HandbookError: They leave less than an inch.
        """
        width = self.area(StructElem("Document")).width
        for length, side in ((self.frame().available_height, "top"), (width, "left")):
            if length < LEAST:
                raise error(
                    f"the margins leave no room for words on {self.paper}",
                    at=self.theme.at(f"page.{side}"),
                    hint="make page.top, bottom, left, right, inner, outer smaller",
                    code="theme-value",
                )

    @property
    def indent(self) -> float:
        """Return the distance from the wide frame's left edge to that of the text."""
        return self.length("left") - self.length("wide-left")

    def area(self, element: StructElem, style: str = "body") -> Area:
        """Return the text column of an upright page, with the wide frame around it."""
        wide = self.frame().width - self._margins()
        return Area(self.indent, wide - self.indent, 0.0, wide, element, style, left=self.indent)

    @property
    def landscape_width(self) -> float:
        """Return the width of the frame on a landscape page; 0 where pages are not turned."""
        if self.print_options.booklet or self.paper == PHONE:
            return 0.0
        return self.frame().height - self._margins()

    def width(self, landscape: bool) -> float:
        """Return the width of the wide frame."""
        return self.landscape_width if landscape else self.frame().width - self._margins()

    def _margins(self) -> float:
        sides = ("inner", "outer") if self.print_options.mirrored else ("wide-left", "right")
        return sum(map(self.length, sides))
