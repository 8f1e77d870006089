"""Write checkboxes as form fields (ISO 32000-1, 12.7.4.2; ISO 14289-1, 7.18.4)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ...core.i18n import Translations
from ...core.units import Color
from ...layout.page import FormCheckbox
from ..syntax.objects import Name, Ref, Writer
from .structure_tree import MarkedContentRegistry


class Forms:
    """Writes the checkboxes of a book and the form they belong to."""

    def __init__(
        self, writer: Writer, marks: MarkedContentRegistry, translations: Translations
    ) -> None:
        self.translations = translations
        self.writer = writer
        self.marks = marks
        self.fields: list[Ref] = []
        self._appearances: dict[tuple[float, Color, bool], Ref] = {}

    def page(self, checkboxes: Iterable[FormCheckbox], side: int, pages: list[Ref]) -> list[Ref]:
        """Write checkboxes as widgets on the page `side`."""
        widgets = [self._widget(checkbox, side, pages) for checkbox in checkboxes]
        self.fields += widgets
        return widgets

    def dictionary(self) -> dict[str, Any] | None:
        """Return the catalog's AcroForm; None if there are no checkboxes.

        No NeedAppearances: the appearances are in the file (ISO 19005-2, 6.4.1).
        """
        return {"Fields": self.fields} if self.fields else None

    def _widget(self, checkbox: FormCheckbox, side: int, pages: list[Ref]) -> Ref:
        ref = self.writer.reserve()
        key = self.marks.annotate(checkbox.element, ref, side)
        state = Name("Yes" if checkbox.checked else "Off")
        label = checkbox.label or self.translations.gettext("Checkbox")
        entries: dict[str, Any] = {
            "Type": Name("Annot"),
            "Subtype": Name("Widget"),
            "FT": Name("Btn"),
            "T": f"tick-{int(ref)}",
            "TU": label,
            "Contents": label,
            "F": 4,
            "Rect": [
                round(v, 2)
                for v in (
                    checkbox.x,
                    checkbox.y,
                    checkbox.x + checkbox.size,
                    checkbox.y + checkbox.size,
                )
            ],
            "P": pages[side],
            "V": state,
            "AS": state,
            "AP": {
                "N": {
                    "Yes": self._appearance(checkbox, True),
                    "Off": self._appearance(checkbox, False),
                }
            },
            "MK": {"CA": "4"},
            "StructParent": len(pages) + key,
        }
        self.writer.put(ref, entries)
        return ref

    def _appearance(self, checkbox: FormCheckbox, checked: bool) -> Ref:
        """Return a checkbox's appearance, written once per size and colour."""
        size = round(checkbox.size, 2)
        key = (size, checkbox.color, checked)
        if key not in self._appearances:
            color = " ".join(f"{part:.4g}" for part in checkbox.color)
            inner = round(size - 0.75, 2)
            parts = [f"{color} RG 0.75 w 0.38 0.38 {inner} {inner} re S"]
            if checked:
                points = [(0.2, 0.5), (0.42, 0.25), (0.82, 0.78)]
                line = [f"{size * x:.4g} {size * y:.4g}" for x, y in points]
                parts.append(f"1.2 w {line[0]} m {line[1]} l {line[2]} l S")
            entries = {
                "Type": Name("XObject"),
                "Subtype": Name("Form"),
                "BBox": [0, 0, size, size],
                "Resources": {},
            }
            self._appearances[key] = self.writer.add_stream(
                entries, "\n".join(parts).encode("ascii")
            )
        return self._appearances[key]
