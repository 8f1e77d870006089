"""Give each area of a book its colour, and the chapters below it the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import field

from ..core.units import Color
from ..core.values import record
from ..document.nodes import Chapter
from ..theme.theme import Theme
from .flow.paginate import Geometry
from .page import Box


@record
class AreaColors:
    """The areas of one book by chapter: which it belongs to, counted from 0."""

    theme: Theme
    areas: dict[str, int] = field(default_factory=dict)
    count: int = 0
    _themes: dict[int, Theme] = field(default_factory=dict)

    def add(self, chapters: Sequence[Chapter]) -> None:
        """Find the areas of a book: each continues through the chapters below its own."""
        depth = -1
        for chapter in chapters:
            if chapter.pages.rank == "area":
                depth = chapter.placement.depth
                self.count += 1
            elif chapter.placement.depth <= depth:
                depth = -1
            if depth >= 0:
                self.areas[chapter.id] = self.count - 1

    def theme_of(self, chapter: str) -> Theme:
        """Return the theme in the colour of a chapter's area."""
        return self.theme_in(self.areas.get(chapter))

    def area_of(self, theme: Theme) -> int | None:
        """Return the area whose colour `theme` is in, None for the theme of the book.

        Raises:
            StopIteration: If it is another theme.
        """
        if theme is self.theme:
            return None
        return next(area for area, area_theme in self._themes.items() if area_theme is theme)

    def theme_in(self, area: int | None) -> Theme:
        """Return the theme in the colour of an area."""
        colors = self.theme.area_colors()
        if area is None or not colors:
            return self.theme
        if area not in self._themes:
            color = self.theme.raw(colors[area % len(colors)])
            tokens = {"colors.area": color, "colors.area-dark": color}
            self._themes[area] = self.theme.changed(tokens)
        return self._themes[area]

    def tab(self, frame: Geometry, chapter: str, outer_left: bool, bleed: float) -> Iterator[Box]:
        """Yield the tab of a chapter's area at a page's outer edge, each area's below the last."""
        area = self.areas.get(chapter)
        width, height = (self.theme.number(f"area.tab-{side}") for side in ("width", "height"))
        if area is None or not width:
            return
        room = frame.height * 0.8
        step = min(height * 1.12, room / max(1, self.count))
        y = frame.height * 0.9 - area * step - height
        x = -bleed if outer_left else frame.width - width
        color: Color = self.theme_of(chapter).color("colors.area")
        yield Box(x, y, width + bleed, height, color)
