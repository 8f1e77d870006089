"""Boxes to tick -> check boxes of an interactive form (ISO 32000-1, 12.7.4.2; 14289-1, 7.18.4)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...core.i18n import Translations
from ...core.units import Color
from ...layout.page import FormCheckbox, PageItem
from ..syntax.objects import Name, Ref, Writer
from .structure_tree import MarkedContentRegistry


class Forms:
    """Writes the check boxes of a book, and the form they belong to."""

    def __init__(self, writer: Writer, marks: MarkedContentRegistry, words: Translations) -> None:
        self.words = words
        self.writer = writer
        self.marks = marks
        self.fields: list[Ref] = []
        self._looks: dict[tuple[float, Color, bool], Ref] = {}

    def page(self, ink: Iterable[PageItem], side: int, pages: list[Ref]) -> list[Ref]:
        """The widgets of the ticks among `ink`, which stand on the page `side`."""
        made = [self._widget(tick, side, pages) for tick in ink if isinstance(tick, FormCheckbox)]
        self.fields += made
        return made

    def dictionary(self) -> dict[str, Any] | None:
        """The AcroForm of the catalog; None if there is nothing to tick.

        No NeedAppearances: the looks are in the file (ISO 19005-2, 6.4.1).
        """
        return {"Fields": self.fields} if self.fields else None

    def _widget(self, tick: FormCheckbox, side: int, pages: list[Ref]) -> Ref:
        ref = self.writer.reserve()
        key = self.marks.annotate(tick.element, ref, side)
        state = Name("Yes" if tick.checked else "Off")
        entries: dict[str, Any] = {
            "Type": Name("Annot"),
            "Subtype": Name("Widget"),
            "FT": Name("Btn"),
            "T": f"tick-{int(ref)}",
            "TU": tick.label or self.words.gettext("Box to tick"),
            "F": 4,
            "Rect": [round(v, 2) for v in (tick.x, tick.y, tick.x + tick.size, tick.y + tick.size)],
            "P": pages[side],
            "V": state,
            "AS": state,
            "AP": {"N": {"Yes": self._look(tick, True), "Off": self._look(tick, False)}},
            "MK": {"CA": "4"},
            "StructParent": len(pages) + key,
        }
        self.writer.put(ref, entries)
        return ref

    def _look(self, tick: FormCheckbox, ticked: bool) -> Ref:
        """How a box looks, drawn once for each size and colour."""
        size = round(tick.size, 2)
        key = (size, tick.color, ticked)
        if key not in self._looks:
            color = " ".join(f"{part:.4g}" for part in tick.color)
            inner = round(size - 0.75, 2)
            parts = [f"{color} RG 0.75 w 0.38 0.38 {inner} {inner} re S"]
            if ticked:
                points = [(0.2, 0.5), (0.42, 0.25), (0.82, 0.78)]
                line = [f"{size * x:.4g} {size * y:.4g}" for x, y in points]
                parts.append(f"1.2 w {line[0]} m {line[1]} l {line[2]} l S")
            entries = {
                "Type": Name("XObject"), "Subtype": Name("Form"), "BBox": [0, 0, size, size],
                "Resources": {},
            }  # fmt: skip
            self._looks[key] = self.writer.add_stream(entries, "\n".join(parts).encode("ascii"))
        return self._looks[key]
